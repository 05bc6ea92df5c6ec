// SPDX-License-Identifier: GPL-2.0-only

// Rollout waves, gates, orders and windows on a distributor that plays a script.

#include "test/rollout-bed.h"

#include "ns3/boolean.h"
#include "ns3/string.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

TEST_F(RolloutTest, CanaryThenTenPercentThenAll)
{
    MakeFleet(1000, Updates);
    auto config = Config({CountWave(10), ShareWave(0.1), ShareWave(1)});
    config.waves[0].name = "canary";
    config.waves[0].soakS = 2 * HOUR_S;
    MakeRollout(config);
    Run();

    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(1).counts.targeted, 10);
    EXPECT_EQ(Wave(2).counts.targeted, 100);
    EXPECT_EQ(Wave(3).counts.targeted, 890);
    EXPECT_EQ(Wave(1).name, "canary");
    EXPECT_EQ(Wave(1).decision, WaveDecision::ADVANCE);
    EXPECT_EQ(Wave(3).decision, WaveDecision::FINISH);
    EXPECT_EQ(Wave(3).counts.succeeded, 890);
    EXPECT_EQ(Wave(1).started, ToTicks(100));
    EXPECT_EQ(Wave(1).ended, ToTicks(100 + 3 * HOUR_S)) << "reports after 1 h, soak 2 h";
    EXPECT_EQ(Wave(2).started, *Wave(1).ended);
    EXPECT_EQ(m_rollout->EndedAt(), ToTicks(100 + 5 * HOUR_S));
    EXPECT_EQ(m_rollout->StartedAt(), ToTicks(100));

    std::set<DeviceId> offered;
    for (const auto& offer : m_distributor->m_offers)
    {
        offered.insert(offer.begin(), offer.end());
    }
    EXPECT_EQ(offered.size(), 1000) << "everybody exactly once";
    EXPECT_EQ(m_rollout->WaveOf(m_distributor->m_offers[1][5]), 2);
    EXPECT_EQ(m_distributor->m_stops, 0);
}

TEST_F(RolloutTest, WithoutWavesEverybodyIsOneWave)
{
    MakeFleet(25, Updates);
    MakeRollout(Config({}));
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).counts.succeeded, 25);
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH);
}

TEST_F(RolloutTest, AbortsWhileTheWaveStillRuns)
{
    // One failure a second: the 11th of 100 exceeds 10 %, the first look after it is at 20 s.
    double nextS = 0;
    MakeFleet(200, [&nextS](DeviceId) { return Answer{UpdateBelief::FAILED, ++nextS}; });
    MakeRollout(Config({CountWave(100), ShareWave(1)}));
    Run();

    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).ended, ToTicks(120));
    EXPECT_EQ(Wave(1).counts.failed, 20);
    EXPECT_EQ(Wave(1).counts.Pending(), 80);
    EXPECT_EQ(Wave(1).reason, "20 of 100 devices failed (20 %), more than 10 %");
    EXPECT_EQ(m_distributor->m_stops, 1);
    EXPECT_EQ(m_rollout->EndedAt(), ToTicks(120));
}

TEST_F(RolloutTest, ANotificationStopsAtTheFailureItself)
{
    double nextS = 0;
    MakeFleet(100, [&nextS](DeviceId) { return Answer{UpdateBelief::FAILED, ++nextS}; });
    MakeRollout(Config({CountWave(100)}));
    Simulator::Schedule(Seconds(111.5), [this] { m_rollout->Check(); });
    Run();
    EXPECT_EQ(Wave(1).ended, ToTicks(111.5));
    EXPECT_EQ(Wave(1).counts.failed, 11);
}

TEST_F(RolloutTest, FailuresOnTheThresholdDoNotStop)
{
    MakeFleet(30, [](DeviceId device) {
        return Answer{Index(device) < 3 ? UpdateBelief::FAILED : UpdateBelief::UPDATED, HOUR_S};
    });
    MakeRollout(Config({ShareWave(1)}));
    Run();
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH) << Wave(1).reason;
    EXPECT_EQ(Wave(1).reason, "27 of 30 devices succeeded (90 %), at least 90 %");
}

/// A policy for silent devices, and what a wave of 20 with 4 of them then comes to.
struct SilentCase
{
    UnreportedPolicy policy;
    double successThreshold;
    double errorThreshold;
    WaveDecision decision;
    std::string reason;
};

class UnreportedTest : public RolloutTest, public testing::WithParamInterface<SilentCase>
{
};

TEST_P(UnreportedTest, CountsAsThePolicySays)
{
    MakeFleet(20, [](DeviceId device) {
        return Answer{Index(device) < 4 ? UpdateBelief::UNREPORTED : UpdateBelief::UPDATED, 60};
    });
    auto config = Config({ShareWave(1)});
    config.unreported = GetParam().policy;
    config.waves[0].successThreshold = GetParam().successThreshold;
    config.waves[0].errorThreshold = GetParam().errorThreshold;
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).counts.succeeded, 16);
    EXPECT_EQ(Wave(1).counts.unreported, 4);
    EXPECT_EQ(Wave(1).decision, GetParam().decision);
    EXPECT_EQ(Wave(1).reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Policies,
    UnreportedTest,
    testing::Values(
        SilentCase{
            UnreportedPolicy::FAILURE,
            0.5,
            0.1,
            WaveDecision::ABORT,
            "4 of 20 devices failed (20 %), more than 10 %; 4 unreported counted as failure"},
        SilentCase{
            UnreportedPolicy::FAILURE,
            0.8,
            0.2,
            WaveDecision::FINISH,
            "16 of 20 devices succeeded (80 %), at least 80 %; 4 unreported counted as failure"},
        SilentCase{
            UnreportedPolicy::SUCCESS,
            1,
            0,
            WaveDecision::FINISH,
            "20 of 20 devices succeeded (100 %), at least 100 %; 4 unreported counted as success"},
        SilentCase{UnreportedPolicy::IGNORE,
                   1,
                   0,
                   WaveDecision::FINISH,
                   "16 of 16 devices succeeded (100 %), at least 100 %; 4 unreported ignored"},
        SilentCase{UnreportedPolicy::PENDING,
                   0.8,
                   0,
                   WaveDecision::FINISH,
                   "16 of 20 devices succeeded (80 %), at least 80 %; 4 unreported still pending"},
        SilentCase{
            UnreportedPolicy::PENDING,
            0.81,
            0,
            WaveDecision::ABORT,
            "16 of 20 devices succeeded (80 %), less than 81 %; 4 unreported still pending"}));

TEST_F(RolloutTest, OnlySilentDevicesAreNoEvidence)
{
    MakeFleet(5, [](DeviceId) { return Answer{UpdateBelief::UNREPORTED, 60}; });
    auto config = Config({CountWave(5)});
    config.unreported = UnreportedPolicy::IGNORE;
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
}

TEST_F(RolloutTest, TimeOutCountsThePendingAsUnreported)
{
    MakeFleet(10, [](DeviceId device) {
        return Answer{UpdateBelief::UPDATED, Index(device) < 7 ? HOUR_S : 10 * DAY_S};
    });
    m_distributor->m_neverFinishes = true;
    auto config = Config({CountWave(10)});
    config.waves[0].timeoutS = DAY_S;
    MakeRollout(config);
    Run(5 * DAY_S);
    EXPECT_EQ(Wave(1).ended, ToTicks(100 + DAY_S));
    EXPECT_EQ(Wave(1).counts.succeeded, 7);
    EXPECT_EQ(Wave(1).counts.unreported, 3);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_NE(Wave(1).reason.find("time-out"), std::string::npos);
}

TEST_F(RolloutTest, WavesStartInsideTheWindowOnly)
{
    MakeFleet(100, Updates);
    auto config = Config({CountWave(10), ShareWave(1)});
    config.window = {22 * HOUR_S, 0.5 * HOUR_S}; // past midnight
    config.startS = HOUR_S;
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).started, ToTicks(22 * HOUR_S));
    EXPECT_EQ(Wave(2).started, ToTicks(23 * HOUR_S)) << "the window is still open";

    const MaintenanceWindow& window = config.window;
    EXPECT_TRUE(window.IsOpen(ToTicks(0)));
    EXPECT_FALSE(window.IsOpen(ToTicks(0.5 * HOUR_S)));
    EXPECT_TRUE(window.IsOpen(ToTicks(5 * DAY_S + 22 * HOUR_S)));
    EXPECT_FALSE(window.IsOpen(ToTicks(5 * DAY_S + 22 * HOUR_S) - 1));
    EXPECT_EQ(window.NextOpen(ToTicks(3 * DAY_S + HOUR_S)), ToTicks(3 * DAY_S + 22 * HOUR_S));
}

TEST_F(RolloutTest, TheNextWaveWaitsForTheNextWindow)
{
    MakeFleet(100, Updates);
    auto config = Config({CountWave(10), ShareWave(1)});
    config.window = {8 * HOUR_S, 8.5 * HOUR_S};
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).started, ToTicks(8 * HOUR_S));
    EXPECT_EQ(Wave(1).ended, ToTicks(9 * HOUR_S));
    EXPECT_EQ(Wave(2).started, ToTicks(DAY_S + 8 * HOUR_S));
}

TEST_F(RolloutTest, PauseWaitsForTheOperator)
{
    int offers = 0;
    MakeFleet(40, [&offers](DeviceId) {
        // The first ten fail at once; the image is then mended on the operator's side.
        return ++offers <= 10 ? Answer{UpdateBelief::FAILED, 5} : Answer{};
    });
    auto config = Config({CountWave(20), ShareWave(1)});
    config.onError = ErrorAction::PAUSE;
    MakeRollout(config);
    Run(DAY_S);
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE);
    EXPECT_TRUE(m_rollout->IsPaused());
    EXPECT_FALSE(m_rollout->EndedAt());
    EXPECT_EQ(m_distributor->m_stops, 1);

    m_distributor->m_callbacks[0](); // the stopped wave's end must not touch the next one
    m_rollout->Resume();
    EXPECT_FALSE(m_rollout->IsPaused());
    RunOn(2 * DAY_S);
    ASSERT_EQ(m_rollout->Waves().size(), 3);
    EXPECT_EQ(Wave(2).counts.targeted, 10) << "stopped midway, ten had been updated meanwhile";
    EXPECT_EQ(Wave(3).counts.targeted, 20);
    EXPECT_EQ(Wave(3).decision, WaveDecision::FINISH);
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), 40);
}

TEST_F(RolloutTest, WhoGivesUpHadMeantTheWavesToCome)
{
    for (const auto onError : {ErrorAction::ABORT, ErrorAction::PAUSE, ErrorAction::ROLL_BACK})
    {
        MakeFleet(1000, [](DeviceId) { return Answer{UpdateBelief::FAILED, 60}; });
        m_registry.SetEnrolled(DeviceId{999}, false);
        auto config = Config({CountWave(10), ShareWave(0.1), CountWave(300)});
        config.onError = onError;
        MakeRollout(config);
        m_rollout->SetRollBackImage(ImageId{2});
        EXPECT_TRUE(m_rollout->Targeted().empty()) << "no wave has begun";
        Run();
        EXPECT_EQ(Wave(1).counts.targeted, 10);
        // The canary's 10, a tenth of the 999 that can be taken, and the 300 of the last wave.
        EXPECT_EQ(m_rollout->Targeted().size(), 10 + 100 + 300);
        for (const auto device : m_distributor->m_offers[0])
        {
            EXPECT_TRUE(std::ranges::binary_search(m_rollout->Targeted(), device));
        }
        m_rollout = nullptr;
        Simulator::Destroy();
    }
}

TEST_F(RolloutTest, WhoEndsItsPlanHadMeantWhomItTook)
{
    MakeFleet(100, Updates);
    MakeRollout(Config({CountWave(10), CountWave(20)}));
    Run();
    EXPECT_EQ(m_rollout->Targeted().size(), 30) << "the plan was for no more";
}

TEST_F(RolloutTest, LateDevicesJoinLaterWaves)
{
    MakeFleet(100, Updates);
    for (uint32_t i = 50; i < 100; ++i)
    {
        m_registry.SetEnrolled(DeviceId{i}, false);
    }
    m_registry.SetAccess(DeviceId{0}, Access::BLOCKED);
    m_registry.SetFirmware(DeviceId{1}, TARGET); // has it already
    MakeRollout(Config({ShareWave(0.5), ShareWave(1)}));
    Simulator::Schedule(Seconds(200), [this] {
        for (uint32_t i = 50; i < 90; ++i)
        {
            m_registry.SetEnrolled(DeviceId{i}, true);
        }
    });
    Run();
    EXPECT_EQ(Wave(1).counts.targeted, 24) << "half of the 48 that are eligible";
    EXPECT_EQ(Wave(2).counts.targeted, 64) << "the other 24 and the 40 new ones";
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{0}));
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{1}));
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{95}));
}

TEST_F(RolloutTest, WaitsUntilSomebodyHasEnrolled)
{
    MakeFleet(1, Updates);
    m_registry.SetEnrolled(DeviceId{0}, false);
    MakeRollout(Config({CountWave(1)}));
    Simulator::Schedule(Seconds(1000), [this] { m_registry.SetEnrolled(DeviceId{0}, true); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_GE(Wave(1).started, ToTicks(1000));
    EXPECT_LE(Wave(1).started, ToTicks(1010));
}

TEST_F(RolloutTest, AWaveWithNobodyLeftEndsTheRollout)
{
    MakeFleet(10, Updates);
    MakeRollout(Config({CountWave(50), ShareWave(0.5), ShareWave(1)}));
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(2).counts.targeted, 0);
    EXPECT_EQ(Wave(2).decision, WaveDecision::FINISH);
    EXPECT_TRUE(m_rollout->EndedAt());
}

TEST_F(RolloutTest, OrdersFollowWhatTheOperatorKnows)
{
    MakeFleet(60, Updates);
    InventoryColumns inventory;
    for (uint32_t i = 0; i < 60; ++i)
    {
        inventory.site.push_back(static_cast<uint16_t>(i % 3));
        inventory.batteryLevel.push_back(static_cast<float>(i) / 60);
        const LinkBelief link{GatewayId{0}, 0, static_cast<uint8_t>(i % 6)};
        m_registry.Hear(DeviceId{i}, 0, link);
    }
    std::vector<DeviceId> all;
    for (uint32_t i = 0; i < 60; ++i)
    {
        all.push_back(DeviceId{i});
    }
    const auto take = [&](WaveOrderKind kind, size_t count) {
        return TakeFirst(all,
                         count,
                         *MakeWaveOrder(kind, m_registry, inventory),
                         CounterRandom(1, 1));
    };
    EXPECT_TRUE(std::ranges::all_of(take(WaveOrderKind::SITE, 20),
                                    [](DeviceId d) { return Index(d) % 3 == 0; }));
    EXPECT_TRUE(std::ranges::all_of(take(WaveOrderKind::DATA_RATE, 10),
                                    [](DeviceId d) { return Index(d) % 6 == 5; }));
    EXPECT_TRUE(std::ranges::all_of(take(WaveOrderKind::BATTERY, 15),
                                    [](DeviceId d) { return Index(d) >= 45; }));
    EXPECT_NE(take(WaveOrderKind::SITE, 10), take(WaveOrderKind::RANDOM, 10));
    EXPECT_EQ(take(WaveOrderKind::RANDOM, 60), all);
}

TEST_F(RolloutTest, RandomOrderTakesEverybodyEquallyOften)
{
    constexpr int DEVICES = 50;
    constexpr int TAKEN = 10;
    constexpr int RUNS = 2000;
    std::vector<DeviceId> all;
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        all.push_back(DeviceId{i});
    }
    std::array<int, DEVICES> hits{};
    for (uint32_t run = 1; run <= RUNS; ++run)
    {
        for (const auto device : TakeFirst(all, TAKEN, RandomOrder{}, CounterRandom(7, run)))
        {
            ++hits.at(Index(device));
        }
    }
    // Drawing without replacement: the usual statistic, scaled, is chi-squared with N-1 degrees.
    constexpr double SHARE = double{TAKEN} / DEVICES;
    double statistic = 0;
    for (const int hit : hits)
    {
        const double excess = hit - RUNS * SHARE;
        statistic += excess * excess / (RUNS * SHARE * (1 - SHARE));
    }
    statistic *= double{DEVICES - 1} / DEVICES;
    const boost::math::chi_squared law(DEVICES - 1);
    EXPECT_LT(statistic, quantile(complement(law, ERROR_PROBABILITY / 2)));
    EXPECT_GT(statistic, quantile(law, ERROR_PROBABILITY / 2));
}

/// A custom gate: one failure is one too many.
class NoFailureGate : public RolloutGate
{
  public:
    GateVerdict Judge(const WaveConfig& /* wave */,
                      const WaveCounts& counts,
                      bool /* complete */) const override
    {
        return {counts.failed == 0, counts.failed == 0 ? "no failure" : "a failure"};
    }
};

TEST_F(RolloutTest, AttributesAndCustomGate)
{
    MakeFleet(20, [](DeviceId device) {
        return Answer{Index(device) == 3 ? UpdateBelief::FAILED : UpdateBelief::UPDATED, 60};
    });
    MakeRollout(Config({ShareWave(1)}));
    m_rollout->SetAttribute("OnError", StringValue("pause"));
    m_rollout->SetAttribute("Order", StringValue("battery"));
    m_rollout->SetAttribute("Start", TimeValue(Seconds(7)));
    m_rollout->SetGate(std::make_unique<NoFailureGate>());
    StringValue order;
    m_rollout->GetAttribute("Order", order);
    EXPECT_EQ(order.Get(), "battery");
    Run();
    EXPECT_EQ(Wave(1).started, ToTicks(7));
    EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE);
    EXPECT_EQ(Wave(1).reason, "a failure");
}

TEST_F(RolloutTest, TheOperatorAborts)
{
    MakeFleet(20, Updates);
    MakeRollout(Config({CountWave(10), ShareWave(1)}));
    Simulator::Schedule(Seconds(200), [this] { m_rollout->Abort("recalled"); });
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).reason, "recalled");
    EXPECT_EQ(m_rollout->EndedAt(), ToTicks(200));
}

/**
 * An image that fails with probability p on each device: a canary of n with error threshold e
 * aborts with the probability that a binomial (n, p) exceeds e n.
 */
TEST_F(RolloutTest, CanaryAbortsWithTheBinomialTail)
{
    constexpr uint32_t CANARY = 20;
    constexpr double FAILURE = 0.1;
    constexpr double THRESHOLD = 0.15;
    constexpr uint32_t RUNS = 3000;

    auto config = Config({CountWave(CANARY)});
    config.waves[0].errorThreshold = THRESHOLD;
    config.waves[0].successThreshold = 0;
    uint32_t aborts = 0;
    for (uint32_t run = 1; run <= RUNS; ++run)
    {
        const CounterRandom random(3, run);
        MakeFleet(50, [&random](DeviceId device) {
            const bool fails =
                random.Uniform(Purpose::DEFECT, static_cast<uint32_t>(device)) < FAILURE;
            return Answer{fails ? UpdateBelief::FAILED : UpdateBelief::UPDATED, 60};
        });
        MakeRollout(config, run);
        Run();
        aborts += Wave(1).decision == WaveDecision::ABORT ? 1U : 0U;
        TearDown();
    }
    const double tail = cdf(complement(boost::math::binomial(CANARY, FAILURE), 3));
    const boost::math::binomial law(RUNS, tail);
    EXPECT_GE(aborts, quantile(law, ERROR_PROBABILITY / 2)) << "expected share " << tail;
    EXPECT_LE(aborts, quantile(complement(law, ERROR_PROBABILITY / 2)));
}

} // namespace
