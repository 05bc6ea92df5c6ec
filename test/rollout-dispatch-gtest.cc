// SPDX-License-Identifier: GPL-2.0-only

// When a rollout offers the image to whom: pace, concurrency, budgets, windows, tries; and what the
// operator does by hand.

#include "test/rollout-bed.h"

#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <map>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr double MINUTE_S = 60;
constexpr Tick START = 100 * TICKS_PER_SECOND;

/// A script that also notes when each device was offered the image.
class DispatchTest : public RolloutTest
{
  protected:
    void MakeNotingFleet(uint32_t devices, ScriptedDistributor::Script script)
    {
        MakeFleet(devices, [this, script](DeviceId device) {
            m_offers[device].push_back(Simulator::Now().GetNanoSeconds());
            return script(device);
        });
    }

    /// Devices that were offered the image, by the instant, in ticks after the start.
    std::map<Tick, uint32_t> OffersByTime() const
    {
        std::map<Tick, uint32_t> count;
        for (const auto& [device, times] : m_offers)
        {
            for (const auto time : times)
            {
                ++count[time - START];
            }
        }
        return count;
    }

    std::map<DeviceId, std::vector<Tick>> m_offers;
};

using Offers = std::map<Tick, uint32_t>;

Tick
Minutes(double minutes)
{
    return ToTicks(minutes * MINUTE_S);
}

TEST_F(DispatchTest, AConstantRateOffersSoManyAStep)
{
    MakeNotingFleet(100, Updates);
    auto config = Config({ShareWave(1)});
    config.dispatch.pace.rate = 40;
    MakeRollout(config);
    Run();
    EXPECT_EQ(OffersByTime(), (Offers{{0, 40}, {Minutes(1), 40}, {Minutes(2), 20}}));
    EXPECT_EQ(Wave(1).counts.succeeded, 100);
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH);
    EXPECT_EQ(Wave(1).ended, START + Minutes(2) + ToTicks(HOUR_S));
}

TEST_F(DispatchTest, AnExponentialRateGrowsWithTheDevicesOffered)
{
    MakeNotingFleet(1000, Updates);
    auto config = Config({ShareWave(1)});
    auto& pace = config.dispatch.pace;
    pace.rate = 50;
    pace.factor = 2;
    pace.increaseEvery = 100;
    pace.maximum = 400;
    MakeRollout(config);
    Run();
    // Offered before each step: 0, 50, 100, 200, 400, 800.
    EXPECT_EQ(OffersByTime(),
              (Offers{{0, 50},
                      {Minutes(1), 50},
                      {Minutes(2), 100},
                      {Minutes(3), 200},
                      {Minutes(4), 400},
                      {Minutes(5), 200}}));
}

TEST_F(DispatchTest, OrWithTheDevicesThatSucceeded)
{
    MakeNotingFleet(70, [](DeviceId) { return Answer{UpdateBelief::UPDATED, 90}; });
    auto config = Config({ShareWave(1)});
    auto& pace = config.dispatch.pace;
    pace.rate = 10;
    pace.factor = 2;
    pace.increaseEvery = 10;
    pace.increaseOn = "succeeded";
    MakeRollout(config);
    Run();
    // The first ten succeed after 90 s, the next ten a minute later.
    EXPECT_EQ(OffersByTime(),
              (Offers{{0, 10}, {Minutes(1), 10}, {Minutes(2), 20}, {Minutes(3), 30}}));
}

TEST_F(DispatchTest, NoMoreThanTheLimitAreInProgress)
{
    MakeNotingFleet(25, Updates);
    auto config = Config({ShareWave(1)});
    config.dispatch.pace.concurrent = 10;
    MakeRollout(config);
    Run();
    EXPECT_EQ(OffersByTime(), (Offers{{0, 10}, {ToTicks(HOUR_S), 10}, {ToTicks(2 * HOUR_S), 5}}));
    EXPECT_EQ(Wave(1).ended, START + ToTicks(3 * HOUR_S));
}

TEST_F(DispatchTest, JitterSpreadsADevicesTurn)
{
    constexpr uint32_t DEVICES = 2000;
    constexpr double JITTER_S = 600;
    MakeNotingFleet(DEVICES, Updates);
    auto config = Config({ShareWave(1)});
    config.dispatch.pace.jitterS = JITTER_S;
    MakeRollout(config);
    m_rollout->SetAttribute("CheckInterval", TimeValue(Seconds(5)));
    Run();
    // Sixty steps of 10 s, each as likely: a chi-squared of 59 degrees of freedom.
    const auto offers = OffersByTime();
    constexpr double STEPS = 60;
    double statistic = 0;
    for (uint32_t step = 0; step < STEPS; ++step)
    {
        const auto found = offers.find(ToTicks(10.0 * step));
        const double excess = (found == offers.end() ? 0 : found->second) - DEVICES / STEPS;
        statistic += excess * excess / (DEVICES / STEPS);
    }
    EXPECT_LT(statistic, 125) << "probability 1e-6 for a uniform jitter";
    EXPECT_EQ(Wave(1).counts.succeeded, DEVICES);
}

TEST_F(DispatchTest, ADeviceThatSaysNothingTimesOut)
{
    MakeNotingFleet(10, [](DeviceId device) {
        return Answer{UpdateBelief::UPDATED, Index(device) < 8 ? HOUR_S : 20 * DAY_S};
    });
    auto config = Config({ShareWave(1)});
    config.dispatch.inProgressTimeoutS = 6 * HOUR_S;
    config.waves[0].successThreshold = 0.8;
    config.waves[0].errorThreshold = 0.2;
    MakeRollout(config);
    Run(10 * DAY_S);
    EXPECT_EQ(Wave(1).counts.succeeded, 8);
    EXPECT_EQ(Wave(1).counts.unreported, 2);
    EXPECT_EQ(Wave(1).ended, START + ToTicks(6 * HOUR_S));
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH) << Wave(1).reason;
    EXPECT_EQ(m_registry.Count(UpdateBelief::UNREPORTED), 2);
}

TEST_F(DispatchTest, FailedDevicesAreTriedAgainWithBackOff)
{
    std::map<DeviceId, int> tries;
    MakeNotingFleet(4, [&tries](DeviceId device) {
        // Device n succeeds at its (n + 1)-th try.
        return ++tries[device] > static_cast<int>(Index(device))
                   ? Answer{UpdateBelief::UPDATED, MINUTE_S}
                   : Answer{UpdateBelief::FAILED, MINUTE_S};
    });
    auto config = Config({ShareWave(1)});
    config.dispatch.retry.limit = 2;
    config.dispatch.retry.waitS = HOUR_S;
    config.dispatch.retry.factor = 2;
    config.waves[0].errorThreshold = 0.3;
    config.waves[0].successThreshold = 0.7;
    MakeRollout(config);
    Run();
    const Tick second = START + Minutes(61);
    const Tick third = second + Minutes(121);
    EXPECT_EQ(m_offers[DeviceId{0}], (std::vector<Tick>{START}));
    EXPECT_EQ(m_offers[DeviceId{1}], (std::vector<Tick>{START, second}));
    EXPECT_EQ(m_offers[DeviceId{2}], (std::vector<Tick>{START, second, third}));
    EXPECT_EQ(m_offers[DeviceId{3}], (std::vector<Tick>{START, second, third}));
    EXPECT_EQ(Wave(1).counts.succeeded, 3);
    EXPECT_EQ(Wave(1).counts.failed, 1) << "a failure counts once the last try is over";
    EXPECT_EQ(Wave(1).counts.offered, 4);
    EXPECT_EQ(Wave(1).decision, WaveDecision::FINISH) << Wave(1).reason;
}

/// After the wave's time-out nobody is tried again, so a failure that is then reported is final.
TEST_F(DispatchTest, LateFailuresCountEvenIfTriesAreLeft)
{
    MakeNotingFleet(20, [](DeviceId device) {
        return Index(device) < 13
                   ? Answer{UpdateBelief::UPDATED, HOUR_S}
                   : Answer{UpdateBelief::FAILED, 5 * HOUR_S, FailureKind::ROLLED_BACK};
    });
    auto config = Config({ShareWave(1)});
    config.unreported = UnreportedPolicy::IGNORE;
    config.dispatch.retry.limit = 2;
    config.dispatch.retry.waitS = HOUR_S;
    config.waves[0].timeoutS = 4 * HOUR_S;
    config.waves[0].soakS = 12 * HOUR_S;
    config.waves[0].errorThreshold = 0.2;
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT) << Wave(1).reason;
    EXPECT_GT(Wave(1).counts.failed, 4) << "more than a fifth of 20";
    EXPECT_EQ(m_offers[DeviceId{15}].size(), 1);
}

TEST_F(DispatchTest, ThePenaltyBoxDelaysTheNextTry)
{
    MakeNotingFleet(1, [](DeviceId) { return Answer{UpdateBelief::FAILED, MINUTE_S}; });
    auto config = Config({CountWave(1)});
    config.dispatch.retry.limit = 3;
    config.dispatch.retry.waitS = 9 * MINUTE_S;
    config.dispatch.retry.factor = 1;
    config.dispatch.penalty = {2, HOUR_S, DAY_S};
    MakeRollout(config);
    Run();
    // It fails after 1 and 11 minutes, sits for a day, and fails twice more.
    const Tick out = START + Minutes(11) + ToTicks(DAY_S);
    EXPECT_EQ(m_offers[DeviceId{0}],
              (std::vector<Tick>{START, START + Minutes(10), out, out + Minutes(10)}));
    EXPECT_EQ(Wave(1).counts.failed, 1);
}

TEST_F(DispatchTest, ABudgetKeepsMostOfASiteAvailable)
{
    MakeNotingFleet(30, Updates);
    auto config = Config({ShareWave(1)});
    BudgetConfig budget;
    budget.by = {"site"};
    budget.maxUnavailable = 2;
    config.dispatch.budgets = {budget};
    MakeRollout(config);
    InventoryColumns inventory;
    for (uint32_t i = 0; i < 30; ++i)
    {
        inventory.site.push_back(static_cast<uint16_t>(i < 6 ? 0 : (i < 10 ? 1 : 2)));
    }
    m_rollout->SetInventory(inventory);
    Run();
    // Two an hour at each site: 6, 4 and 20 devices take 3, 2 and 10 hours.
    Offers expected;
    for (int hour = 0; hour < 10; ++hour)
    {
        expected[ToTicks(hour * HOUR_S)] = hour < 2 ? 6 : (hour < 3 ? 4 : 2);
    }
    EXPECT_EQ(OffersByTime(), expected);
    EXPECT_EQ(Wave(1).counts.succeeded, 30);
}

TEST_F(DispatchTest, SilentDevicesStayOutOfTheBudget)
{
    // Nobody answers but the fifth, and that late: each try makes a device unavailable for good.
    MakeNotingFleet(10, [](DeviceId) { return Answer{UpdateBelief::UNREPORTED, HOUR_S}; });
    auto config = Config({ShareWave(1)});
    config.onError = ErrorAction::PAUSE;
    config.unreported = UnreportedPolicy::IGNORE;
    config.waves[0].timeoutS = 4 * DAY_S;
    BudgetConfig budget;
    budget.maxUnavailableShare = 0.2;
    config.dispatch.budgets = {budget};
    MakeRollout(config);
    Simulator::Schedule(Seconds(DAY_S), [this] {
        m_registry.SetUpdate(m_distributor->m_offers[0][0], UpdateBelief::UPDATED);
    });
    Run();
    ASSERT_EQ(m_distributor->m_offers.size(), 2);
    EXPECT_EQ(m_distributor->m_offers[0].size(), 2) << "a fifth of ten";
    EXPECT_EQ(m_distributor->m_offers[1].size(), 1) << "one of them was heard of after a day";
    EXPECT_NE(Wave(1).reason.find("7 devices were never offered"), std::string::npos)
        << Wave(1).reason;
}

TEST_F(DispatchTest, DevicesWaitForTheLocalNight)
{
    MakeNotingFleet(3, Updates);
    auto config = Config({ShareWave(1)});
    config.startS = 0;
    config.dispatch.windows = {{HOUR_S, 4 * HOUR_S, {}}};
    MakeRollout(config);
    InventoryColumns inventory;
    inventory.site = {0, 1, 2};
    m_rollout->SetInventory(inventory);
    m_rollout->SetUtcOffsets({0, ToTicks(9 * HOUR_S), ToTicks(-5 * HOUR_S)});
    Run();
    EXPECT_EQ(m_offers[DeviceId{0}].front(), ToTicks(HOUR_S));
    EXPECT_EQ(m_offers[DeviceId{1}].front(), ToTicks(16 * HOUR_S)) << "1 h in Tokyo";
    EXPECT_EQ(m_offers[DeviceId{2}].front(), ToTicks(6 * HOUR_S)) << "1 h in New York";
    EXPECT_EQ(Wave(1).counts.succeeded, 3);
}

TEST_F(DispatchTest, WhoIsNeverOfferedIsNotCounted)
{
    MakeNotingFleet(10, Updates);
    auto config = Config({ShareWave(1)});
    config.waves[0].timeoutS = 2 * HOUR_S;
    config.dispatch.windows = {{12 * HOUR_S, 13 * HOUR_S, {"sun"}}};
    config.onError = ErrorAction::PAUSE;
    MakeRollout(config);
    InventoryColumns inventory;
    inventory.site = {0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
    m_rollout->SetInventory(inventory);
    m_rollout->SetUtcOffsets({0, ToTicks(-12 * HOUR_S)}); // Sunday noon at time zero
    config.dispatch.firstDay = 0;
    Run(6 * DAY_S);
    EXPECT_EQ(Wave(1).counts.targeted, 6);
    EXPECT_EQ(Wave(1).counts.succeeded, 6);
    EXPECT_NE(Wave(1).reason.find("4 devices were never offered (4 outside their window)"),
              std::string::npos)
        << Wave(1).reason;
    EXPECT_FALSE(m_rollout->WaveOf(DeviceId{0}));
}

TEST_F(DispatchTest, AStopRuleEndsTheRolloutBeforeTheThresholdDoes)
{
    MakeNotingFleet(100, [](DeviceId device) {
        return Index(device) % 4 == 0 ? Answer{UpdateBelief::FAILED, 30, FailureKind::REJECTED}
                                      : Answer{UpdateBelief::UPDATED, 30};
    });
    auto config = Config({ShareWave(1)});
    config.waves[0].errorThreshold = 1;
    config.dispatch.pace.rate = 20;
    StopRuleConfig rule;
    rule.countOf = "rejected";
    rule.share = 0.1;
    rule.minimumOffered = 40;
    config.stopRules = {rule};
    MakeRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 1);
    EXPECT_EQ(Wave(1).decision, WaveDecision::ABORT);
    EXPECT_EQ(Wave(1).counts.offered, 40) << "the second step's results stop it";
    EXPECT_EQ(Wave(1).counts.rejected, Wave(1).counts.failed);
    EXPECT_EQ(Wave(1).reason.substr(0, 10), "stop rule:");
    EXPECT_EQ(m_registry.Count(UpdateBelief::IDLE), 60) << "the others were left alone";
}

TEST_F(DispatchTest, TheOperatorPausesAndResumes)
{
    MakeNotingFleet(100, Updates);
    m_distributor->m_beginsAtOnce = true;
    auto config = Config({ShareWave(1)});
    config.dispatch.pace.rate = 10;
    config.actions = {{100 + 2.5 * MINUTE_S, "pause"}, {100 + DAY_S, "resume"}};
    MakeRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE);
    EXPECT_EQ(Wave(1).reason, "the operator paused");
    EXPECT_EQ(Wave(1).counts.offered, 30);
    EXPECT_EQ(Wave(2).started, START + ToTicks(DAY_S));
    EXPECT_EQ(Wave(2).counts.targeted, 70) << "the thirty had reported meanwhile";
    EXPECT_EQ(m_registry.Count(UpdateBelief::UPDATED), 100);
}

TEST_F(DispatchTest, APauseBeforeTheStartHoldsTheFirstWave)
{
    MakeNotingFleet(5, Updates);
    auto config = Config({ShareWave(1)});
    config.actions = {{50, "pause"}, {500, "resume"}};
    MakeRollout(config);
    Run();
    EXPECT_EQ(Wave(1).started, ToTicks(500));
}

TEST_F(DispatchTest, APauseOfAPolicyMayEndByItself)
{
    MakeNotingFleet(20, Updates);
    auto config = Config({CountWave(5), ShareWave(1)});
    config.waves[0].thenPause = true;
    config.resumeAfterS = DAY_S;
    MakeRollout(config);
    Run();
    ASSERT_EQ(m_rollout->Waves().size(), 2);
    EXPECT_EQ(Wave(1).decision, WaveDecision::PAUSE);
    EXPECT_NE(Wave(1).reason.find("waits for the operator"), std::string::npos);
    EXPECT_EQ(Wave(2).started, START + ToTicks(HOUR_S + DAY_S));
}

TEST_F(DispatchTest, PaceAndTriesAreAttributes)
{
    MakeNotingFleet(20, Updates);
    MakeRollout(Config({ShareWave(1)}));
    m_rollout->SetAttribute("PaceRate", DoubleValue(5));
    m_rollout->SetAttribute("PaceInterval", TimeValue(Seconds(600)));
    m_rollout->SetAttribute("RetryOn", StringValue("failed"));
    m_rollout->SetAttribute("PaceConcurrent", UintegerValue(12));
    StringValue on;
    m_rollout->GetAttribute("RetryOn", on);
    EXPECT_EQ(on.Get(), "failed");
    Run();
    EXPECT_EQ(
        OffersByTime(),
        (Offers{{0, 5}, {Minutes(10), 5}, {Minutes(20), 2}, {Minutes(60), 5}, {Minutes(70), 3}}));
}

} // namespace
