// SPDX-License-Identifier: GPL-2.0-only

// LoraGateway: the law's duty cycle, one transmission at a time, outages and accounts.

#include "model/lorawan/lora-gateway.h"

#include <gtest/gtest.h>
#include <random>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr uint32_t RX1_HZ = 868'100'000; ///< 1 % sub-band
constexpr uint32_t RX2_HZ = 869'525'000; ///< 10 % sub-band
constexpr Tick HOUR = 3600 * TICKS_PER_SECOND;

Ptr<LoraGateway>
MakeGateway(DutyCycleRule rule)
{
    const auto gateway = CreateObject<LoraGateway>();
    gateway->Configure("g", GetRegion("EU868"), rule);
    return gateway;
}

double
EarliestS(const LoraGateway& gateway, uint32_t hz, double fromS, double airtimeS)
{
    return ToSeconds(gateway.EarliestStart(hz, ToTicks(fromS), ToTicks(airtimeS)));
}

TEST(LoraGateway, SpacesFramesAsTheRuleSays)
{
    const auto period = MakeGateway(DutyCycleRule::PERIOD);
    period->Reserve(RX1_HZ, ToTicks(50), ToTicks(1));
    EXPECT_DOUBLE_EQ(EarliestS(*period, RX1_HZ, 50, 0.1), 150); // 1 s / 1 % after the start
    EXPECT_DOUBLE_EQ(EarliestS(*period, RX1_HZ, 200, 0.1), 200);

    const auto pause = MakeGateway(DutyCycleRule::PAUSE);
    pause->Reserve(RX1_HZ, ToTicks(50), ToTicks(1));
    EXPECT_DOUBLE_EQ(EarliestS(*pause, RX1_HZ, 50, 0.1), 151); // ... after the end
    pause->Reserve(RX2_HZ, ToTicks(60), ToTicks(2));
    EXPECT_DOUBLE_EQ(EarliestS(*pause, RX2_HZ, 60, 0.1), 82);

    const auto none = MakeGateway(DutyCycleRule::NONE);
    none->Reserve(RX1_HZ, ToTicks(50), ToTicks(1));
    EXPECT_DOUBLE_EQ(EarliestS(*none, RX1_HZ, 50, 0.1), 51); // only until it is over
}

/// A beacon is sent in the silence after another frame, and the band rests longer for it.
TEST(LoraGateway, BeaconsAddTheirSilence)
{
    const auto gateway = MakeGateway(DutyCycleRule::PERIOD);
    gateway->Reserve(RX2_HZ, 0, ToTicks(1));             // free again at 10 s
    gateway->Reserve(RX2_HZ, ToTicks(5), ToTicks(0.15)); // 1.5 s more
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX2_HZ, 5, 1), 11.5);
    gateway->Hold(ToTicks(128), ToTicks(0.15));
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX2_HZ, 127.5, 1), 128.15);
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX2_HZ, 127, 1), 127);
    EXPECT_FALSE(gateway->Transmits(ToTicks(128), ToTicks(128.1))) << "it is only held";
}

TEST(LoraGateway, SendsOneFrameAtATimeWhateverTheBand)
{
    const auto gateway = MakeGateway(DutyCycleRule::PERIOD);
    gateway->Reserve(RX2_HZ, ToTicks(10), ToTicks(1)); // planned ahead
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX1_HZ, 0, 1), 0);
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX1_HZ, 9.5, 1), 11); // would run into it
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX1_HZ, 9, 1), 9);    // ends as it begins
    EXPECT_FALSE(gateway->CanStart(RX1_HZ, ToTicks(10.5), ToTicks(1)));
    EXPECT_TRUE(gateway->Transmits(ToTicks(9), ToTicks(10.1)));
    EXPECT_FALSE(gateway->Transmits(ToTicks(9), ToTicks(10)));
    EXPECT_FALSE(gateway->Transmits(ToTicks(11), ToTicks(12)));
}

TEST(LoraGateway, IsSilentInAnOutage)
{
    const auto gateway = MakeGateway(DutyCycleRule::PERIOD);
    gateway->AddOutage(ToTicks(10), ToTicks(20));
    EXPECT_FALSE(gateway->IsDown(ToTicks(9.999)));
    EXPECT_TRUE(gateway->IsDown(ToTicks(10)));
    EXPECT_TRUE(gateway->IsDown(ToTicks(19.999)));
    EXPECT_FALSE(gateway->IsDown(ToTicks(20)));
}

TEST(LoraGateway, WhatNeverReachesItTakesNoAir)
{
    const auto gateway = MakeGateway(DutyCycleRule::PERIOD);
    gateway->Book(RX1_HZ, ToTicks(50), ToTicks(1));
    EXPECT_DOUBLE_EQ(EarliestS(*gateway, RX1_HZ, 50, 0.1), 150) << "the server's plan has lost it";
    EXPECT_EQ(gateway->DownlinkAirtimeS(), 0);
    EXPECT_EQ(gateway->MaxDutyCycleUsed(), 0);
    EXPECT_EQ(gateway->counters.framesTx, 0);
}

/** A transmission, ns. */
struct Span
{
    Tick start;
    Tick end;
};

/** Most airtime in any hour, by brute force: the fullest hour ends with a frame. */
double
FullestHourS(const std::vector<Span>& spans)
{
    double most = 0;
    for (const auto& last : spans)
    {
        Tick sum = 0;
        for (const auto& span : spans)
        {
            sum += std::max<Tick>(0,
                                  std::min(span.end, last.end) -
                                      std::max(span.start, last.end - HOUR));
        }
        most = std::max(most, ToSeconds(sum));
    }
    return most;
}

class AnyHour : public testing::TestWithParam<std::tuple<DutyCycleRule, uint32_t, double>>
{
};

TEST_P(AnyHour, HoldsNoMoreThanTheLawAllowsAndMostOfThat)
{
    const auto [rule, hz, share] = GetParam();
    const auto gateway = MakeGateway(rule);
    std::mt19937 random(3);
    std::uniform_real_distribution<double> airtimeS(0.05, 2.8);
    std::vector<Span> spans;
    Tick now = 0;
    while (now < 6 * HOUR)
    {
        const Tick airtime = ToTicks(airtimeS(random));
        const Tick start = gateway->EarliestStart(hz, now, airtime);
        ASSERT_GE(start, now);
        ASSERT_TRUE(gateway->CanStart(hz, start, airtime));
        gateway->Reserve(hz, start, airtime);
        spans.push_back({start, start + airtime});
        now = start + airtime;
        if (spans.size() == 40)
        {
            now += 2 * HOUR; // a rest, and then everything at once again
        }
    }
    const double fullestS = FullestHourS(spans);
    EXPECT_LE(fullestS, share * 3600 + 1e-6);
    EXPECT_GE(fullestS, share * 3600 * 0.98); // greed finds nearly all of it
    EXPECT_NEAR(gateway->MaxDutyCycleUsed(), fullestS / 3600 / share, 1e-6);

    double hourlyS = 0;
    double sumS = 0;
    for (const auto& hour : gateway->HourlyAirtime())
    {
        for (const Tick onAir : hour)
        {
            hourlyS += ToSeconds(onAir);
            EXPECT_LE(ToSeconds(onAir), share * 3600 + 1e-6) << "an hour of the clock is an hour";
        }
    }
    for (const auto& span : spans)
    {
        sumS += ToSeconds(span.end - span.start);
    }
    EXPECT_NEAR(gateway->DownlinkAirtimeS(), sumS, 1e-6);
    EXPECT_NEAR(hourlyS, sumS, 1e-6);
    EXPECT_EQ(gateway->counters.framesTx, spans.size());
}

INSTANTIATE_TEST_SUITE_P(Rules,
                         AnyHour,
                         testing::Values(std::tuple(DutyCycleRule::HOUR, RX1_HZ, 0.01),
                                         std::tuple(DutyCycleRule::HOUR, RX2_HZ, 0.1)));

/**
 * Equal frames as early as the law lets them: spaced by airtime / 10 %, and no more than 360 s in
 * any hour. Of 360 s, m whole frames and a rest of one: frame k + m waits until all but that rest
 * of frame k has left the hour that ends with it.
 */
double
GreedySessionS(double airtimeS, double frames)
{
    const auto whole = static_cast<size_t>(360 / airtimeS);
    const double restS = 360 - static_cast<double>(whole) * airtimeS;
    std::vector<double> startS{0};
    while (static_cast<double>(startS.size()) < frames)
    {
        double nextS = startS.back() + airtimeS / 0.1;
        if (startS.size() >= whole)
        {
            nextS = std::max(nextS, startS[startS.size() - whole] + 3600 - restS);
        }
        startS.push_back(nextS);
    }
    return startS.back() + airtimeS;
}

/// 300 frames of SF12 (2.3 s) as fast as each rule lets them, which is well over an hour.
TEST(LoraGateway, LongSessionsTakeWhatTheRuleSays)
{
    constexpr int FRAMES = 300;
    constexpr double AIRTIME_S = 2.301952;
    const auto sessionS = [](DutyCycleRule rule) {
        const auto gateway = MakeGateway(rule);
        Tick start = 0;
        for (int i = 0; i < FRAMES; ++i)
        {
            start = gateway->EarliestStart(RX2_HZ, start, ToTicks(AIRTIME_S));
            gateway->Reserve(RX2_HZ, start, ToTicks(AIRTIME_S));
        }
        return ToSeconds(start) + AIRTIME_S;
    };
    EXPECT_NEAR(sessionS(DutyCycleRule::PERIOD), ((FRAMES - 1) / 0.1 + 1) * AIRTIME_S, 1e-6);
    EXPECT_NEAR(sessionS(DutyCycleRule::PAUSE), ((FRAMES - 1) * 11 + 1) * AIRTIME_S, 1e-6);
    EXPECT_NEAR(sessionS(DutyCycleRule::HOUR), GreedySessionS(AIRTIME_S, FRAMES), 1e-6);
}

TEST(LoraGateway, KeepsHoursApart)
{
    const auto gateway = MakeGateway(DutyCycleRule::PERIOD);
    gateway->Reserve(RX2_HZ, ToTicks(100), ToTicks(1.5));
    gateway->Reserve(RX2_HZ, ToTicks(2 * 3600 + 5), ToTicks(0.5));
    gateway->Reserve(RX1_HZ, ToTicks(2 * 3600 + 50), ToTicks(0.25));
    const auto& bands = GetRegion("EU868").subBands;
    const auto bandOf = [&](uint32_t hz) {
        return static_cast<size_t>(GetRegion("EU868").FindSubBand(hz) - bands.data());
    };
    const auto& hourly = gateway->HourlyAirtime();
    ASSERT_EQ(hourly.size(), 3U);
    EXPECT_EQ(hourly[0][bandOf(RX2_HZ)], ToTicks(1.5));
    EXPECT_EQ(hourly[1][bandOf(RX2_HZ)], 0);
    EXPECT_EQ(hourly[2][bandOf(RX2_HZ)], ToTicks(0.5));
    EXPECT_EQ(hourly[2][bandOf(RX1_HZ)], ToTicks(0.25));
    // Against its budget, 0.25 s of 1 % is more than 2 s of 10 %.
    EXPECT_EQ(gateway->BusiestBand(), bands[bandOf(RX1_HZ)].name);
}

/** A frame from 0.5 s before the full hour to 1.25 s after it. */
TEST(LoraGateway, SharesAFrameAmongTheHoursThatItIsOnTheAir)
{
    const auto gateway = MakeGateway(DutyCycleRule::NONE);
    gateway->Reserve(RX2_HZ, ToTicks(3599.5), ToTicks(1.75));
    const auto& bands = GetRegion("EU868").subBands;
    const auto band = static_cast<size_t>(GetRegion("EU868").FindSubBand(RX2_HZ) - bands.data());
    const auto& hourly = gateway->HourlyAirtime();
    ASSERT_EQ(hourly.size(), 2U);
    EXPECT_EQ(hourly[0][band], ToTicks(0.5));
    EXPECT_EQ(hourly[1][band], ToTicks(1.25));
}

} // namespace
