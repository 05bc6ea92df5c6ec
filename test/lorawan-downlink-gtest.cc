// SPDX-License-Identifier: GPL-2.0-only

// DownlinkAir, GroupReceptionModel and LinkTable against closed forms.

#include "model/lorawan/downlink-air.h"
#include "model/lorawan/group-reception.h"
#include "test/lorawan-bench.h"

#include "ns3/simulator.h"

#include <bit>
#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>
#include <numeric>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::LorawanBench;

constexpr uint32_t RX2_HZ = 869'525'000;
constexpr double TX_DBM = 27;
constexpr uint8_t SF = 9;

/** A frame of SF9, 1 s long. */
DownlinkOnAir
Frame(uint32_t content, uint16_t gateway = 0, double startS = 0)
{
    return {GatewayId{gateway},
            RX2_HZ,
            SF,
            125'000,
            static_cast<float>(TX_DBM),
            ToTicks(startS),
            ToTicks(startS + 1),
            content};
}

/** Gain of a link that is this far above the floor of SF9. */
double
GainOfMargin(double marginDb)
{
    return NoiseDbm(125e3, 6) + SnrFloorDb(SF) + marginDb - TX_DBM;
}

TEST(DownlinkAir, KeepsTheLegalPowerOfTheSubBand)
{
    // ERP counts against a dipole of 2.15 dBi: 14 dBm ERP are 16.15 dBm EIRP, 27 are 29.15.
    LorawanConfig config;
    config.gatewayTxPowerDbm = 40;
    LorawanBench bench({-100}, 1, config, 5);
    const DownlinkAir air(bench.core);
    EXPECT_NEAR(air.PowerDbm(GatewayId{0}, 868'100'000), 16.15 - 5, 1e-9);
    EXPECT_NEAR(air.PowerDbm(GatewayId{0}, RX2_HZ), 29.15 - 5, 1e-9);

    config.gatewayTxPowerDbm = 10; // what the radio can
    LorawanBench weak({-100}, 1, config);
    EXPECT_NEAR(DownlinkAir(weak.core).PowerDbm(GatewayId{0}, RX2_HZ), 10, 1e-9);
}

TEST(DownlinkAir, ReceivesWithTheProbabilityOfTheFading)
{
    for (const double marginDb : {-6.0, -1.0, 0.5, 3.0, 12.0})
    {
        LorawanConfig config;
        const auto probability = [&] {
            LorawanBench bench({GainOfMargin(marginDb)}, 1, config);
            return DownlinkAir(bench.core).Probability(DeviceId{0}, Frame(1));
        };
        EXPECT_EQ(probability(), marginDb > 0 ? 1 : 0);
        config.fading = Fading::GAUSSIAN;
        config.fadingDb = 4;
        // Gains are kept to 0.01 dB.
        EXPECT_NEAR(probability(),
                    boost::math::cdf(boost::math::normal(), marginDb / 4),
                    0.01 * 0.1 + 1e-6);
        config.fading = Fading::RAYLEIGH;
        EXPECT_NEAR(probability(), std::exp(-std::pow(10, -marginDb / 10)), 0.002);
        config.fading = Fading::NONE;
        config.frameLoss = 0.25;
        EXPECT_EQ(probability(), marginDb > 0 ? 0.75 : 0);
    }
}

TEST(DownlinkAir, AnotherFrameDisturbsAndACopyDoesNot)
{
    LorawanBench bench({GainOfMargin(20)}, 2);
    DownlinkAir air(bench.core);
    const auto wanted = Frame(1, 0);
    const std::array copies{wanted, Frame(1, 1)};
    air.Add(copies);
    EXPECT_EQ(air.Probability(DeviceId{0}, wanted), 1);
    const std::array foreign{Frame(2, 1)};
    air.Add(foreign);
    EXPECT_EQ(air.Probability(DeviceId{0}, wanted), 0); // 0 dB, 6 are needed
    Simulator::Destroy();
}

TEST(DownlinkAir, AnEarlierFrameDoesNotDisturb)
{
    LorawanBench bench({GainOfMargin(20)}, 2);
    DownlinkAir air(bench.core);
    const std::array foreign{Frame(2, 1, 0)};
    air.Add(foreign);
    const std::array wanted{Frame(1, 0, 1)};
    air.Add(wanted);
    EXPECT_EQ(air.Probability(DeviceId{0}, wanted[0]), 1);
    Simulator::Destroy();
}

/** Members of a group and what they hear. */
struct Audience
{
    Audience(std::vector<double> gainsDb, const LorawanConfig& config)
        : bench(gainsDb, 1, config),
          air(bench.core)
    {
        for (uint32_t i = 0; i < gainsDb.size(); ++i)
        {
            members.push_back(DeviceId{i});
        }
        model = std::make_unique<GroupReceptionModel>(bench.core, air, GroupId{0}, members);
        for (uint32_t i = 0; i < members.size(); ++i)
        {
            model->SetListening(i, true);
        }
    }

    LorawanBench bench;
    DownlinkAir air;
    std::vector<DeviceId> members;
    std::unique_ptr<GroupReceptionModel> model;
};

TEST(GroupReception, ShareIsTheProbability)
{
    constexpr uint32_t MEMBERS = 2000;
    constexpr uint32_t FRAMES = 200;
    for (const double loss : {0.003, 0.1, 0.5, 0.9})
    {
        LorawanConfig config;
        config.frameLoss = loss;
        Audience audience(std::vector<double>(MEMBERS, GainOfMargin(10)), config);
        uint64_t heard = 0;
        for (uint32_t f = 0; f < FRAMES; ++f)
        {
            const std::array copies{Frame(f + 1, 0, f)};
            for (const uint8_t byte : audience.model->OnFrame(copies))
            {
                heard += static_cast<uint64_t>(std::popcount(byte));
            }
        }
        const double draws = static_cast<double>(MEMBERS) * FRAMES;
        EXPECT_NEAR(static_cast<double>(heard) / draws,
                    1 - loss,
                    5 * std::sqrt(loss * (1 - loss) / draws));
    }
}

TEST(GroupReception, CertainAndImpossibleLinksNeedNoLuck)
{
    Audience audience({GainOfMargin(0.1), GainOfMargin(-0.1), GainOfMargin(30)}, {});
    for (uint32_t f = 0; f < 500; ++f)
    {
        const std::array copies{Frame(f + 1, 0, f)};
        ASSERT_EQ(audience.model->OnFrame(copies)[0] & 7, 0b101) << f;
    }
}

TEST(GroupReception, ReplayTellsTheSameAgain)
{
    constexpr uint32_t MEMBERS = 61;
    constexpr uint32_t FRAMES = 150;
    LorawanConfig config;
    config.fading = Fading::GAUSSIAN;
    config.fadingDb = 6;
    std::vector<double> gainsDb;
    for (uint32_t i = 0; i < MEMBERS; ++i)
    {
        gainsDb.push_back(GainOfMargin(-15.0 + i));
    }
    Audience audience(gainsDb, config);
    std::vector<std::vector<uint8_t>> told;
    for (uint32_t f = 0; f < FRAMES; ++f)
    {
        const std::array copies{Frame(f + 1, 0, f)};
        const auto heard = audience.model->OnFrame(copies);
        if (f % 7 == 3)
        {
            audience.model->Revoke(f % MEMBERS); // it was transmitting itself
            EXPECT_EQ(heard[f % MEMBERS / 8] >> (f % MEMBERS % 8) & 1, 0);
        }
        told.emplace_back(heard.begin(), heard.end());
    }
    EXPECT_EQ(audience.model->Frames(), FRAMES);
    std::vector<uint8_t> again;
    for (uint32_t block = 0; block < told[0].size(); ++block)
    {
        audience.model->Replay(block, again);
        ASSERT_EQ(again.size(), FRAMES);
        for (uint32_t f = 0; f < FRAMES; ++f)
        {
            ASSERT_EQ(again[f], told[f][block]) << "block " << block << ", frame " << f;
        }
    }
}

TEST(LinkTable, IsTheLogDistanceLawWithAntennas)
{
    LorawanConfig config;
    config.deviceAntennaGainDbi = -1;
    LorawanBench bench({-80, -100.5, -123.4}, 1, config, 3);
    for (uint32_t d = 0; d < 3; ++d)
    {
        const auto links = bench.core.links.Of(DeviceId{d});
        ASSERT_EQ(links.size(), 1U);
        const std::array gainsDb{-80.0, -100.5, -123.4};
        EXPECT_NEAR(links[0].GainDb(), gainsDb[d] + 3 - 1, 0.0051);
    }
}

TEST(LinkTable, ShadowsWithTheGivenDeviationAndSorts)
{
    constexpr uint32_t DEVICES = 4000;
    LorawanConfig config;
    config.shadowingDb = 6;
    LorawanBench bench(std::vector<double>(DEVICES, -100), 4, config);
    double sum = 0;
    double squares = 0;
    for (uint32_t d = 0; d < DEVICES; ++d)
    {
        const auto links = bench.core.links.Of(DeviceId{d});
        ASSERT_EQ(links.size(), 4U);
        EXPECT_TRUE(std::ranges::is_sorted(links, std::greater<>{}, &Link::gainCdb));
        for (const auto& link : links)
        {
            sum += link.GainDb() + 100;
            squares += (link.GainDb() + 100) * (link.GainDb() + 100);
        }
    }
    const double count = 4.0 * DEVICES;
    EXPECT_NEAR(sum / count, 0, 5 * 6 / std::sqrt(count));
    // The standard error of a standard deviation is sd / sqrt(2 n).
    EXPECT_NEAR(std::sqrt(squares / count), 6, 5 * 6 / std::sqrt(2 * count));
}

TEST(LinkTable, KeepsTheStrongestLinksOnly)
{
    LorawanConfig config;
    config.shadowingDb = 6;
    config.maxLinks = 3;
    LorawanBench few({-100}, 6, config);
    config.maxLinks = 6;
    LorawanBench all({-100}, 6, config);
    const auto kept = few.core.links.Of(DeviceId{0});
    ASSERT_EQ(kept.size(), 3U);
    for (size_t i = 0; i < 3; ++i)
    {
        EXPECT_EQ(kept[i].gateway, all.core.links.Of(DeviceId{0})[i].gateway);
    }
}

} // namespace
