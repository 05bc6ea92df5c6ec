// SPDX-License-Identifier: GPL-2.0-only

// UplinkAir: sensitivity, capture, isolation of spreading factors, demodulators, deafness, ALOHA.

#include "model/lorawan/uplink-air.h"
#include "test/lorawan-bench.h"

#include <cmath>
#include <gtest/gtest.h>
#include <queue>
#include <random>

namespace
{

using namespace ns3::iotfleet;
using test::LorawanBench;

constexpr double TX_DBM = 14;
const double NOISE_DBM = NoiseDbm(125e3, 6);

/** The air above a bench, with ten channels. */
struct Sky
{
    explicit Sky(std::vector<double> gainsDb, size_t gateways = 1, const LorawanConfig& config = {})
        : bench(std::move(gainsDb), gateways, config),
          air(bench.core.links, bench.core.gateways, 10, bench.core.config, bench.core.random)
    {
    }

    UplinkAir::Slot Begin(uint32_t device,
                          uint8_t sf,
                          double startS,
                          double endS,
                          uint16_t channel = 0)
    {
        return air.Begin({DeviceId{device},
                          counter++,
                          channel,
                          sf,
                          static_cast<float>(TX_DBM),
                          static_cast<float>(NOISE_DBM),
                          ToTicks(startS),
                          ToTicks(endS)});
    }

    LoraGateway::Counters& Counters()
    {
        return bench.core.gateways[0]->counters;
    }

    LorawanBench bench;
    UplinkAir air;
    uint32_t counter{0};
};

/** Gain that gives this power at the gateway. */
double
GainFor(double receivedDbm)
{
    return receivedDbm - TX_DBM;
}

TEST(UplinkAir, HearsDownToTheSnrFloorOfEachSpreadingFactor)
{
    // Semtech's data sheets: -7.5 dB at SF7, 2.5 dB less for each step.
    for (uint8_t sf = 7; sf <= 12; ++sf)
    {
        const double floorDbm = NOISE_DBM - 7.5 - 2.5 * (sf - 7);
        Sky sky({GainFor(floorDbm + 0.1), GainFor(floorDbm - 0.1)});
        EXPECT_EQ(sky.air.End(sky.Begin(0, sf, 0, 1)).size(), 1U) << int{sf};
        EXPECT_EQ(sky.air.End(sky.Begin(1, sf, 2, 3)).size(), 0U) << int{sf};
        EXPECT_EQ(sky.Counters().framesRx, 1U);
    }
}

TEST(UplinkAir, CapturesAtSixDecibels)
{
    for (const double aheadDb : {5.9, 6.1})
    {
        Sky sky({GainFor(-90), GainFor(-90 - aheadDb)});
        const auto strong = sky.Begin(0, 9, 0, 1);
        const auto weak = sky.Begin(1, 9, 0, 1);
        EXPECT_EQ(sky.air.End(strong).size(), aheadDb > 6 ? 1U : 0U);
        EXPECT_EQ(sky.air.End(weak).size(), 0U);
        EXPECT_EQ(sky.Counters().lostCollision, aheadDb > 6 ? 1U : 2U);
    }
}

TEST(UplinkAir, CountsTheTimeOfOverlap)
{
    // Half of the energy of the other one: 3 dB less is needed.
    for (const double aheadDb : {2.9, 3.1})
    {
        Sky sky({GainFor(-90), GainFor(-90 - aheadDb)});
        const auto strong = sky.Begin(0, 9, 0, 1);
        const auto weak = sky.Begin(1, 9, 0.5, 1.5);
        EXPECT_EQ(sky.air.End(strong).size(), aheadDb > 3.01 ? 1U : 0U);
        EXPECT_EQ(sky.air.End(weak).size(), 0U);
    }
    Sky apart({GainFor(-90), GainFor(-90)});
    const auto first = apart.Begin(0, 9, 0, 1);
    EXPECT_EQ(apart.air.End(first).size(), 1U);
    const auto second = apart.Begin(1, 9, 1, 2);
    EXPECT_EQ(apart.air.End(second).size(), 1U);
    EXPECT_EQ(apart.air.Active(), 0U);
}

TEST(UplinkAir, IsolatesSpreadingFactorsAsGoursaudAndGorceSay)
{
    // Goursaud and Gorce 2015, table of co-channel rejection: rows are the wanted SF7..12.
    constexpr double REJECTION_DB[6][6] = {{6, -16, -18, -19, -19, -20},
                                           {-24, 6, -20, -22, -22, -22},
                                           {-27, -27, 6, -23, -25, -25},
                                           {-30, -30, -30, 6, -26, -28},
                                           {-33, -33, -33, -33, 6, -29},
                                           {-36, -36, -36, -36, -36, 6}};
    for (uint8_t wanted = 7; wanted <= 12; ++wanted)
    {
        for (uint8_t other = 7; other <= 12; ++other)
        {
            const double floorDb = REJECTION_DB[wanted - 7][other - 7];
            for (const double sirDb : {floorDb - 0.2, floorDb + 0.2})
            {
                Sky sky({GainFor(-100), GainFor(-100 - sirDb)});
                const auto one = sky.Begin(0, wanted, 0, 1);
                const auto two = sky.Begin(1, other, 0, 1);
                EXPECT_EQ(sky.air.End(one).size(), sirDb > floorDb ? 1U : 0U)
                    << "SF" << int{wanted} << " under SF" << int{other} << " at " << sirDb << " dB";
                sky.air.End(two);
            }
        }
    }
}

TEST(UplinkAir, ChannelsDoNotDisturbEachOther)
{
    Sky sky({GainFor(-90), GainFor(-60)});
    const auto one = sky.Begin(0, 7, 0, 1, 0);
    const auto two = sky.Begin(1, 7, 0, 1, 1);
    EXPECT_EQ(sky.air.End(one).size(), 1U);
    EXPECT_EQ(sky.air.End(two).size(), 1U);
}

TEST(UplinkAir, TheNinthFrameFindsNoDemodulator)
{
    Sky sky(std::vector<double>(10, GainFor(-90)));
    std::vector<UplinkAir::Slot> slots;
    for (uint16_t i = 0; i < 9; ++i)
    {
        slots.push_back(sky.Begin(i, 7, 0.01 * i, 1 + 0.01 * i, i));
    }
    for (size_t i = 0; i < 8; ++i)
    {
        EXPECT_EQ(sky.air.End(slots[i]).size(), 1U) << i;
    }
    EXPECT_EQ(sky.air.End(slots[8]).size(), 0U);
    EXPECT_EQ(sky.Counters().lostDemodulators, 1U);
    EXPECT_EQ(sky.bench.core.gateways[0]->demodulatorsBusy, 0);
    EXPECT_EQ(sky.air.End(sky.Begin(9, 7, 2, 3, 9)).size(), 1U);
}

TEST(UplinkAir, ATransmittingGatewayIsDeafAndAnotherIsNot)
{
    Sky sky({GainFor(-90)}, 2);
    sky.bench.core.gateways[0]->Reserve(869'525'000, ToTicks(0.9), ToTicks(1));
    const auto heard = sky.air.End(sky.Begin(0, 7, 0, 1));
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].gateway, GatewayId{1});
    EXPECT_EQ(sky.Counters().lostDeaf, 1U);
    EXPECT_NEAR(heard[0].snrDb, -90 - NOISE_DBM, 0.02);
}

/** Poisson traffic of equal powers on one channel and spreading factor: share received. */
double
AlohaShare(double load, uint32_t frames)
{
    Sky sky({GainFor(-90)});
    std::mt19937_64 random(5);
    std::exponential_distribution<double> gapS(load); // airtime 1 s
    std::queue<std::pair<double, UplinkAir::Slot>> onAir;
    double nowS = 0;
    uint32_t received = 0;
    const auto endUntil = [&](double untilS) {
        for (; !onAir.empty() && onAir.front().first <= untilS; onAir.pop())
        {
            received += static_cast<uint32_t>(sky.air.End(onAir.front().second).size());
        }
    };
    for (uint32_t i = 0; i < frames; ++i)
    {
        nowS += gapS(random);
        endUntil(nowS);
        onAir.push({nowS + 1, sky.Begin(0, 7, nowS, nowS + 1)});
    }
    endUntil(nowS + 2);
    return static_cast<double>(received) / frames;
}

TEST(UplinkAir, IsPureAlohaWithoutCapture)
{
    // Equal powers never capture while the other overlaps by more than a quarter (10^-0.6); with
    // the energy of partial overlaps a frame survives one other that covers less than that.
    // With one interferer: survival if the overlap is below c = 10^-0.6, so the vulnerable time
    // is 2 (1 - c) instead of 2, and sums of small overlaps correct it from above.
    constexpr uint32_t FRAMES = 60000;
    const double c = std::pow(10.0, -0.6);
    for (const double load : {0.05, 0.1, 0.25, 0.5})
    {
        const double share = AlohaShare(load, FRAMES);
        // Poisson overlaps 2 G, each uniform on (0, 1): received while their sum stays below c:
        // sum over n of P(n) c^n / n!.
        double expected = 0;
        double term = std::exp(-2 * load);
        for (int n = 0; n < 8; ++n)
        {
            expected += term;
            term *= 2 * load * c / ((n + 1.0) * (n + 1.0));
        }
        const double sigma = std::sqrt(expected * (1 - expected) / FRAMES);
        EXPECT_NEAR(share, expected, 6 * sigma) << "load " << load;
        EXPECT_GT(share, std::exp(-2 * load) - 6 * sigma);
    }
}

} // namespace
