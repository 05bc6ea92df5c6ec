// SPDX-License-Identifier: GPL-2.0-only

// The detector model: rates, independence, what it watches, and when alarms arrive.

#include "model/quarantine/detector.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using boost::math::binomial;

/// Two-sided probability with which a statistical check of a right program fails.
constexpr double ERROR_PROBABILITY = 1e-6;

/// Checks `successes` of `trials` against a binomial law.
void
ExpectBinomial(double successes, double trials, double probability)
{
    const binomial law(trials, probability);
    EXPECT_GE(successes, quantile(law, ERROR_PROBABILITY / 2)) << "expected " << mean(law);
    EXPECT_LE(successes, quantile(complement(law, ERROR_PROBABILITY / 2)))
        << "expected " << mean(law);
}

class DetectorTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        m_detector = nullptr;
        m_fleet = nullptr;
        Simulator::Destroy();
    }

    void MakeFleet(uint32_t devices)
    {
        m_fleet = CreateObject<Fleet>();
        m_fleet->Reserve(devices);
        for (uint32_t i = 0; i < devices; ++i)
        {
            m_fleet->Set(m_fleet->Add({}), Enrolment::ENROLLED, "test");
        }
    }

    /// Runs a detector for some windows and keeps its alarms.
    void Run(const DetectorConfig& config, uint32_t windows, uint64_t run = 1)
    {
        m_alarms.clear();
        m_records.clear();
        m_detector = CreateObject<Detector>();
        m_detector->Configure(config);
        m_detector->SetFleet(m_fleet);
        m_detector->SetRandom(CounterRandom(11, run));
        m_detector->SetHandler([this](const Alarm& alarm) { m_alarms.push_back(alarm); });
        m_detector->TraceConnectWithoutContext("Alarm", MakeCallback(&DetectorTest::Keep, this));
        m_detector->Start();
        Simulator::Stop(Seconds(config.startS + config.windowS * windows + config.latencyS + 1e-6) -
                        Simulator::Now());
        Simulator::Run();
        m_detector->Stop();
    }

    void Keep(const AlarmRecord& record)
    {
        m_records.push_back(record);
    }

    Ptr<Fleet> m_fleet;
    Ptr<Detector> m_detector;
    std::vector<Alarm> m_alarms;
    std::vector<AlarmRecord> m_records;
};

TEST_F(DetectorTest, FalseAlarmsComeAtTheirRate)
{
    MakeFleet(100'000);
    Run({.falsePositiveRate = 0.007}, 48);
    ExpectBinomial(static_cast<double>(m_alarms.size()), 48 * 100'000.0, 0.007);
    EXPECT_TRUE(std::ranges::none_of(m_records, &AlarmRecord::isTrue));

    // Every stretch of ids and every window gets its share.
    std::array<double, 20> byId{};
    std::array<double, 48> byWindow{};
    for (const auto& alarm : m_alarms)
    {
        ++byId.at(Index(alarm.device) / 5000);
        ++byWindow.at(alarm.window);
    }
    for (const double count : byId)
    {
        ExpectBinomial(count, 48 * 5000.0, 0.007);
    }
    for (const double count : byWindow)
    {
        ExpectBinomial(count, 100'000, 0.007);
    }
}

TEST_F(DetectorTest, AlarmsOfADeviceAreIndependentFromWindowToWindow)
{
    // Pairs of alarms in successive windows: of N (W-1) places a share of rate^2.
    constexpr double RATE = 0.3;
    constexpr uint32_t WINDOWS = 20;
    constexpr uint32_t DEVICES = 5000;
    MakeFleet(DEVICES);
    Run({.falsePositiveRate = RATE}, WINDOWS);
    std::vector<std::array<bool, WINDOWS>> seen(DEVICES);
    for (const auto& alarm : m_alarms)
    {
        seen[Index(alarm.device)].at(alarm.window) = true;
    }
    std::array<double, WINDOWS + 1> devicesWith{};
    double pairs = 0;
    for (const auto& row : seen)
    {
        ++devicesWith.at(static_cast<size_t>(std::ranges::count(row, true)));
        for (size_t window = 1; window < WINDOWS; window += 2)
        {
            pairs += row[window - 1] && row[window] ? 1 : 0;
        }
    }
    ExpectBinomial(pairs, DEVICES * WINDOWS / 2.0, RATE * RATE);

    // Alarms a device are binomial; classes with few expected are pooled at both ends.
    const binomial law(WINDOWS, RATE);
    double statistic = 0;
    int classes = 0;
    double pooledExpected = 0;
    double pooledSeen = 0;
    for (uint32_t alarms = 0; alarms <= WINDOWS; ++alarms)
    {
        pooledExpected += DEVICES * pdf(law, alarms);
        pooledSeen += devicesWith.at(alarms);
        const double left = DEVICES * cdf(complement(law, alarms));
        if (pooledExpected >= 10 && (left >= 10 || alarms == WINDOWS))
        {
            statistic +=
                (pooledSeen - pooledExpected) * (pooledSeen - pooledExpected) / pooledExpected;
            pooledExpected = pooledSeen = 0;
            ++classes;
        }
    }
    const boost::math::chi_squared chi(classes - 1);
    EXPECT_GT(classes, 8);
    EXPECT_LT(statistic, quantile(complement(chi, ERROR_PROBABILITY)));
}

TEST_F(DetectorTest, TrueAlarmsComeAtTheirRate)
{
    MakeFleet(10'000);
    for (uint32_t i = 0; i < 10'000; i += 2)
    {
        m_fleet->Set(DeviceId{i}, Health::COMPROMISED, "test");
    }
    Run({.truePositiveRate = 0.9, .falsePositiveRate = 0.01}, 10);
    const auto isTrue = std::ranges::count_if(m_records, &AlarmRecord::isTrue);
    const auto isFalse = static_cast<int64_t>(m_records.size()) - isTrue;
    ExpectBinomial(static_cast<double>(isTrue), 10 * 5000.0, 0.9);
    ExpectBinomial(static_cast<double>(isFalse), 10 * 5000.0, 0.01);
    EXPECT_TRUE(std::ranges::all_of(m_records, [](const AlarmRecord& record) {
        return record.isTrue == (Index(record.device) % 2 == 0);
    }));
}

/**
 * Compromised for a share s of its first window, a device is seen in it with 1 - (1 - p)^s; not at
 * all at its last instant.
 */
TEST_F(DetectorTest, PartOfAWindowCountsForItsShare)
{
    constexpr double RATE = 0.9;
    constexpr uint32_t EACH = 4000;
    const std::array<double, 4> from{0, 1800, 3240, 3600}; // seconds into the first window
    MakeFleet(EACH * from.size());
    for (uint32_t group = 0; group < from.size(); ++group)
    {
        Simulator::Schedule(Seconds(from.at(group)), [this, group] {
            for (uint32_t i = 0; i < EACH; ++i)
            {
                m_fleet->Set(DeviceId{group * EACH + i}, Health::COMPROMISED, "test");
            }
        });
    }
    Run({.windowS = 3600, .truePositiveRate = RATE, .falsePositiveRate = 0}, 2);
    std::array<std::array<double, 2>, 4> seen{}; // by group and window
    for (const auto& alarm : m_alarms)
    {
        ++seen.at(Index(alarm.device) / EACH).at(alarm.window);
    }
    for (uint32_t group = 0; group < from.size(); ++group)
    {
        const double share = 1 - from.at(group) / 3600;
        if (share > 0)
        {
            ExpectBinomial(seen.at(group)[0], EACH, 1 - std::pow(1 - RATE, share));
        }
        ExpectBinomial(seen.at(group)[1], EACH, RATE);
    }
    EXPECT_EQ(seen[3][0], 0);
}

TEST_F(DetectorTest, CertaintyAndImpossibility)
{
    MakeFleet(100);
    Run({.falsePositiveRate = 0}, 5);
    EXPECT_TRUE(m_alarms.empty());
    TearDown();
    MakeFleet(100);
    Run({.falsePositiveRate = 1}, 5);
    EXPECT_EQ(m_alarms.size(), 500);
    TearDown();
    MakeFleet(100);
    m_fleet->Set(DeviceId{7}, Health::COMPROMISED, "test");
    Run({.truePositiveRate = 1, .falsePositiveRate = 0}, 5);
    EXPECT_EQ(m_alarms.size(), 5);
}

TEST_F(DetectorTest, WatchesEnrolledAndLivingDevicesOnly)
{
    MakeFleet(100);
    const DeviceId stranger = m_fleet->Add({}); // never enrols
    m_fleet->Set(DeviceId{3}, Health::BRICKED, "test");
    m_fleet->Set(DeviceId{4}, Enrolment::REVOKED, "test");
    Run({.falsePositiveRate = 1}, 1);
    EXPECT_EQ(m_alarms.size(), 98);
    EXPECT_TRUE(std::ranges::none_of(m_alarms, [&](const Alarm& alarm) {
        return alarm.device == stranger || alarm.device == DeviceId{3} ||
               alarm.device == DeviceId{4};
    }));
}

TEST_F(DetectorTest, AlarmsArriveALatencyAfterTheWindow)
{
    MakeFleet(3);
    Run({.windowS = 600, .falsePositiveRate = 1, .latencyS = 45, .startS = 1000}, 2);
    ASSERT_EQ(m_alarms.size(), 6);
    EXPECT_EQ(m_alarms[0].time, ToTicks(1645));
    EXPECT_EQ(m_alarms[0].window, 0);
    EXPECT_EQ(m_alarms[3].time, ToTicks(2245));
    EXPECT_EQ(m_alarms[3].window, 1);
    EXPECT_EQ(m_alarms[3].device, DeviceId{0});
    EXPECT_EQ(m_records[5].time, ToTicks(2245));
}

TEST_F(DetectorTest, WhatHappensToOneDeviceDoesNotChangeTheOthersAlarms)
{
    const auto alarmsOfOthers = [this] {
        std::vector<std::pair<uint32_t, DeviceId>> others;
        for (const auto& alarm : m_alarms)
        {
            if (alarm.device != DeviceId{42})
            {
                others.emplace_back(alarm.window, alarm.device);
            }
        }
        return others;
    };
    MakeFleet(1000);
    Run({.falsePositiveRate = 0.1}, 10);
    const auto before = alarmsOfOthers();
    TearDown();
    MakeFleet(1000);
    m_fleet->Set(DeviceId{42}, Health::COMPROMISED, "test");
    Run({.falsePositiveRate = 0.1}, 10);
    EXPECT_EQ(alarmsOfOthers(), before);
    TearDown();
    MakeFleet(1000);
    Run({.falsePositiveRate = 0.1}, 10, 2);
    EXPECT_NE(alarmsOfOthers(), before) << "another run, other alarms";
}

TEST_F(DetectorTest, ADeviceThatIsMendedIsCleanAgain)
{
    MakeFleet(10);
    m_fleet->Set(DeviceId{5}, Health::COMPROMISED, "test");
    Simulator::Schedule(Hours(3) - Seconds(1),
                        [this] { m_fleet->Set(DeviceId{5}, Health::HEALTHY, "test"); });
    Run({.truePositiveRate = 1, .falsePositiveRate = 0}, 6);
    EXPECT_EQ(m_alarms.size(), 2) << "its state when the window ends decides";
}

} // namespace
