// SPDX-License-Identifier: GPL-2.0-only

// The small policies of a rollout, each on its own.

#include "model/update/device-filter.h"
#include "model/update/disruption-budget.h"
#include "model/update/local-windows.h"
#include "model/update/penalty-box.h"
#include "model/update/retry-policy.h"
#include "model/update/rollout-pace.h"
#include "model/update/stop-rule.h"
#include "model/update/version-wait.h"

#include <gtest/gtest.h>
#include <limits>

namespace
{

using namespace ns3::iotfleet;

constexpr double HOUR_S = 3600;
constexpr Tick HOUR = 3600 * TICKS_PER_SECOND;
constexpr Tick DAY = 24 * HOUR;
constexpr Tick MINUTE = 60 * TICKS_PER_SECOND;

/// Offers as many devices as may be, step by step, and returns how many each step offered.
std::vector<uint32_t>
Steps(const PaceConfig& config, size_t steps)
{
    RolloutPace pace(config);
    std::vector<uint32_t> offered;
    uint64_t progress = 0;
    for (size_t step = 0; step < steps; ++step)
    {
        const auto now = static_cast<Tick>(step) * MINUTE + 7;
        offered.push_back(pace.Allowance(now, progress));
        progress += offered.back();
        pace.Spend(offered.back());
        EXPECT_EQ(pace.Allowance(now, progress), 0) << "one step, one ration";
    }
    return offered;
}

TEST(RolloutPaceTest, ConstantRateOffersTheSameEachStep)
{
    PaceConfig config;
    config.rate = 50;
    EXPECT_EQ(Steps(config, 4), (std::vector<uint32_t>{50, 50, 50, 50}));
}

TEST(RolloutPaceTest, FractionsAddUpToWholeDevices)
{
    PaceConfig config;
    config.rate = 1.0 / 3;
    EXPECT_EQ(Steps(config, 7), (std::vector<uint32_t>{0, 0, 1, 0, 0, 1, 0}));
    config.rate = 2.5;
    EXPECT_EQ(Steps(config, 4), (std::vector<uint32_t>{2, 3, 2, 3}));
}

// AWS IoT Jobs, exponential rollout rate: base 50 a minute, increment factor 2, one increment each
// time that 100 more things were notified, at most 1000 a minute.
TEST(RolloutPaceTest, ExponentialRateFollowsItsFormula)
{
    PaceConfig config;
    config.rate = 50;
    config.factor = 2;
    config.increaseEvery = 100;
    config.maximum = 1000;
    // progress before each step: 0, 50, 100, 200, 400, 1200
    EXPECT_EQ(Steps(config, 6), (std::vector<uint32_t>{50, 50, 100, 200, 800, 1000}));
    const RolloutPace pace(config);
    EXPECT_DOUBLE_EQ(pace.RateAt(99), 50);
    EXPECT_DOUBLE_EQ(pace.RateAt(399), 400);
    EXPECT_DOUBLE_EQ(pace.RateAt(1'000'000'000), 1000);
}

TEST(RolloutPaceTest, WhatAStepDoesNotUseIsLost)
{
    PaceConfig config;
    config.rate = 10;
    RolloutPace pace(config);
    EXPECT_EQ(pace.Allowance(0, 0), 10);
    EXPECT_EQ(pace.Allowance(60 * MINUTE, 0), 10) << "an hour's rations are not saved up";
    EXPECT_EQ(pace.NextStep(), 61 * MINUTE);
}

TEST(RolloutPaceTest, WithoutARateEverybodyMayGo)
{
    RolloutPace pace{PaceConfig{}};
    EXPECT_FALSE(pace.IsLimited());
    EXPECT_EQ(pace.Allowance(0, 0), std::numeric_limits<uint32_t>::max());
    EXPECT_FALSE(pace.NextStep());
}

TEST(RetryPolicyTest, WaitsGrowUpToTheLongest)
{
    RetryConfig config;
    config.limit = 4;
    config.waitS = HOUR_S;
    config.factor = 3;
    config.longestS = 20 * HOUR_S;
    const RetryPolicy retry(config);
    EXPECT_EQ(retry.Wait(1), HOUR);
    EXPECT_EQ(retry.Wait(2), 3 * HOUR);
    EXPECT_EQ(retry.Wait(3), 9 * HOUR);
    EXPECT_EQ(retry.Wait(4), 20 * HOUR);
    EXPECT_TRUE(retry.Allows(4, true));
    EXPECT_FALSE(retry.Allows(5, true)) << "four further tries";
}

TEST(RetryPolicyTest, MayBeForOneKindOfFailureOnly)
{
    RetryConfig config;
    config.limit = 1;
    config.on = "timed-out";
    EXPECT_TRUE(RetryPolicy(config).Allows(1, true));
    EXPECT_FALSE(RetryPolicy(config).Allows(1, false));
    config.on = "failed";
    EXPECT_FALSE(RetryPolicy(config).Allows(1, true));
    EXPECT_TRUE(RetryPolicy(config).Allows(1, false));
}

TEST(PenaltyBoxTest, HoldsADeviceThatFailsTooOftenTooFast)
{
    PenaltyBox box({3, HOUR_S, 24 * HOUR_S});
    const DeviceId device{7};
    box.Fail(device, 0);
    box.Fail(device, 30 * MINUTE);
    box.Fail(device, 61 * MINUTE); // the first one is too old by now
    EXPECT_LT(box.Until(device), 61 * MINUTE);
    box.Fail(device, 80 * MINUTE);
    EXPECT_EQ(box.Until(device), 80 * MINUTE + DAY);
    EXPECT_EQ(box.Penalties(), 1);
    EXPECT_LT(box.Until(DeviceId{8}), 0);
    box.Fail(device, 80 * MINUTE + DAY);
    EXPECT_EQ(box.Penalties(), 1) << "it came out with a clean sheet";
}

TEST(PenaltyBoxTest, IsOffByDefault)
{
    PenaltyBox box{PenaltyConfig{}};
    box.Fail(DeviceId{1}, 0);
    EXPECT_LT(box.Until(DeviceId{1}), 0);
}

TEST(LocalWindowsTest, ArePerWeekdayInLocalTime)
{
    // Saturdays 22 h to Sundays 2 h; time zero is a Friday.
    const LocalWindows windows({{22 * HOUR_S, 2 * HOUR_S, {"sat"}}}, 4);
    EXPECT_FALSE(windows.IsOpen(23 * HOUR, 0)) << "Friday night";
    EXPECT_FALSE(windows.IsOpen(DAY + 22 * HOUR - 1, 0));
    EXPECT_TRUE(windows.IsOpen(DAY + 22 * HOUR, 0));
    EXPECT_TRUE(windows.IsOpen(DAY + 26 * HOUR - 1, 0));
    EXPECT_FALSE(windows.IsOpen(DAY + 26 * HOUR, 0));
    EXPECT_TRUE(windows.IsOpen(8 * DAY + 23 * HOUR, 0)) << "a week later";
    EXPECT_EQ(windows.NextOpen(0, 0), DAY + 22 * HOUR);
    EXPECT_EQ(windows.NextOpen(DAY + 26 * HOUR, 0), 8 * DAY + 22 * HOUR);
    // East of Greenwich the evening comes earlier, west of it later.
    EXPECT_EQ(windows.NextOpen(0, 9 * HOUR), DAY + 13 * HOUR);
    EXPECT_EQ(windows.NextOpen(0, -5 * HOUR), DAY + 27 * HOUR);
}

TEST(LocalWindowsTest, SeveralWindowsAndDays)
{
    const LocalWindows windows({{HOUR_S, 3 * HOUR_S, {}}, {12 * HOUR_S, 13 * HOUR_S, {"mon"}}}, 0);
    EXPECT_TRUE(windows.IsOpen(12 * HOUR, 0));
    EXPECT_FALSE(windows.IsOpen(DAY + 12 * HOUR, 0));
    EXPECT_TRUE(windows.IsOpen(DAY + 2 * HOUR, 0));
    EXPECT_EQ(windows.NextOpen(3 * HOUR, 0), 12 * HOUR);
    EXPECT_EQ(windows.NextOpen(13 * HOUR, 0), DAY + HOUR);
    EXPECT_TRUE(LocalWindows({}, 0).IsAlways());
    EXPECT_EQ(LocalWindows({}, 0).NextOpen(5, 0), 5);
}

/// Twelve devices at three sites, two hardware batches, heard by two gateways.
class OperatorViewTest : public testing::Test
{
  protected:
    OperatorViewTest()
    {
        m_inventory.names.sites = {"north", "south", "west"};
        m_inventory.names.hardware = {"a", "b"};
        m_inventory.names.gateways = {"gw-1", "gw-2"};
        m_inventory.names.firmware = {"1.0.0", "1.1.0"};
        m_inventory.names.nameOf = [](DeviceId device) {
            return (Index(device) < 6 ? "pump-" : "valve-") + std::to_string(Index(device));
        };
        for (uint32_t i = 0; i < 12; ++i)
        {
            const DeviceId device{i};
            m_inventory.site.push_back(static_cast<uint16_t>(i % 3));
            m_inventory.hardware.push_back(static_cast<uint8_t>(i % 2));
            m_registry.SetFirmware(device, i == 5 ? ImageId{1} : ImageId{0});
            if (i != 11)
            {
                m_registry.Hear(
                    device,
                    0,
                    {GatewayId{static_cast<uint16_t>(i / 6)}, 0, static_cast<uint8_t>(i % 6)});
            }
        }
    }

    /// Numbers of the devices that match.
    std::vector<uint32_t> Matching(const FilterConfig& config) const
    {
        const DeviceFilter filter(config, m_view);
        std::vector<uint32_t> devices;
        for (uint32_t i = 0; i < 12; ++i)
        {
            if (filter.Matches(DeviceId{i}))
            {
                devices.push_back(i);
            }
        }
        return devices;
    }

    DeviceRegistry m_registry{12};
    InventoryColumns m_inventory;
    OperatorView m_view{m_registry, m_inventory};
};

using Numbers = std::vector<uint32_t>;

TEST_F(OperatorViewTest, FiltersByEachKey)
{
    FilterConfig site;
    site.sites = {"south"};
    EXPECT_EQ(Matching(site), (Numbers{1, 4, 7, 10}));
    FilterConfig gateway;
    gateway.gateways = {"unknown"};
    EXPECT_EQ(Matching(gateway), (Numbers{11}));
    gateway.gateways = {"gw-2"};
    EXPECT_EQ(Matching(gateway), (Numbers{6, 7, 8, 9, 10}));
    FilterConfig firmware;
    firmware.firmware = {"1.1.0"};
    EXPECT_EQ(Matching(firmware), (Numbers{5}));
    FilterConfig name;
    name.names = {"valve-?", "pump-0"};
    EXPECT_EQ(Matching(name), (Numbers{0, 6, 7, 8, 9}));
    FilterConfig rate;
    rate.minDataRate = 1;
    rate.maxDataRate = 2;
    EXPECT_EQ(Matching(rate), (Numbers{1, 2, 7, 8}));
    EXPECT_EQ(Matching({}).size(), 12);
}

TEST_F(OperatorViewTest, AllConditionsMustHoldAndAnyWordOfAList)
{
    FilterConfig filter;
    filter.sites = {"north", "west"};
    filter.hardware = {"b"};
    filter.names = {"pump-*"};
    EXPECT_EQ(Matching(filter), (Numbers{3, 5}));
    filter.sites = {"nowhere"};
    EXPECT_TRUE(Matching(filter).empty()) << "an unknown name is not everybody";
}

TEST_F(OperatorViewTest, NarrowingAFilterKeepsItsOtherConditions)
{
    FilterConfig filter;
    filter.hardware = {"a"};
    EXPECT_EQ(Matching(Narrowed(filter, DeviceKey::SITE, "north")), (Numbers{0, 6}));
    EXPECT_EQ(Matching(Narrowed(filter, DeviceKey::GATEWAY, "gw-1")), (Numbers{0, 2, 4}));
    EXPECT_EQ(Matching(Narrowed(filter, DeviceKey::DATA_RATE, "2")), (Numbers{2, 8}));
}

TEST_F(OperatorViewTest, AVersionIsWaitedForUntilEnoughRunIt)
{
    FilterConfig west;
    west.sites = {"west"}; // 2, 5, 8, 11; one of them runs 1.1.0
    const VersionWait half({west, "1.1.0", 0.5}, m_view);
    EXPECT_FALSE(half.IsOver());
    EXPECT_EQ(half.Sentence(), "50 % of 4 devices to run 1.1.0 (1 do)");
    m_registry.SetFirmware(DeviceId{8}, ImageId{1});
    EXPECT_TRUE(half.IsOver());
    FilterConfig nobody;
    nobody.names = {"door-*"};
    EXPECT_FALSE(VersionWait({nobody, "1.1.0", 0.5}, m_view).IsOver());
}

TEST_F(OperatorViewTest, ABudgetIsPerGroup)
{
    BudgetConfig config;
    config.by = {"site"};
    config.maxUnavailable = 2;
    DisruptionBudget budget(config, m_view);
    std::vector<DeviceId> all;
    for (uint32_t i = 0; i < 12; ++i)
    {
        all.push_back(DeviceId{i});
    }
    budget.SetScope(all);
    budget.Take(DeviceId{0});
    EXPECT_TRUE(budget.Allows(DeviceId{3}));
    budget.Take(DeviceId{3});
    EXPECT_FALSE(budget.Allows(DeviceId{6})) << "two of the north are out";
    EXPECT_TRUE(budget.Allows(DeviceId{1})) << "the south is another group";
    budget.Clear();
    EXPECT_TRUE(budget.Allows(DeviceId{6}));
}

TEST_F(OperatorViewTest, ABudgetMayBePerCombinationOfKeys)
{
    BudgetConfig config;
    config.by = {"site", "hardware"}; // six groups of two
    config.minAvailable = 1;
    DisruptionBudget budget(config, m_view);
    std::vector<DeviceId> all;
    for (uint32_t i = 0; i < 12; ++i)
    {
        all.push_back(DeviceId{i});
    }
    budget.SetScope(all);
    budget.Take(DeviceId{0});
    EXPECT_FALSE(budget.Allows(DeviceId{6})) << "north, a";
    EXPECT_TRUE(budget.Allows(DeviceId{3})) << "north, b";
}

TEST_F(OperatorViewTest, TheTightestLimitOfABudgetHolds)
{
    BudgetConfig config;
    config.maxUnavailable = 5;
    config.maxUnavailableShare = 0.3;
    config.minAvailable = 6;
    EXPECT_EQ(DisruptionBudget(config, m_view).Limit(100), 5);
    EXPECT_EQ(DisruptionBudget(config, m_view).Limit(14), 4) << "30 % of 14, rounded down";
    EXPECT_EQ(DisruptionBudget(config, m_view).Limit(8), 2) << "six stay";
    EXPECT_EQ(DisruptionBudget(config, m_view).Limit(4), 0);
    BudgetConfig share;
    share.minAvailableShare = 0.9;
    EXPECT_EQ(DisruptionBudget(share, m_view).Limit(10), 1);
    EXPECT_EQ(DisruptionBudget(share, m_view).Limit(9), 0) << "nine tenths of 9 are 9 devices";
}

/// Counts with so many of each end; `offered` and `targeted` are their sum.
WaveCounts
Ends(uint32_t succeeded, uint32_t failed, uint32_t unreported, uint32_t rejected = 0)
{
    WaveCounts counts;
    counts.succeeded = succeeded;
    counts.failed = failed;
    counts.unreported = unreported;
    counts.rejected = rejected;
    counts.targeted = counts.Finished();
    counts.offered = counts.Finished();
    return counts;
}

StopRuleConfig
ShareRule(const char* of, double share, uint32_t minimum)
{
    StopRuleConfig config;
    config.countOf = of;
    config.share = share;
    config.minimum = minimum;
    return config;
}

bool
Fires(const StopRuleConfig& config, const WaveCounts& counts)
{
    return !StopRule(config).Judge(0, counts, counts).empty();
}

TEST(StopRuleTest, NeedsTheMinimumAndTheShare)
{
    const auto rule = ShareRule("failed", 0.2, 10);
    EXPECT_FALSE(Fires(rule, Ends(0, 9, 0))) << "nine have finished";
    EXPECT_TRUE(Fires(rule, Ends(8, 2, 0))) << "at least 20 %";
    EXPECT_FALSE(Fires(rule, Ends(9, 2, 0)));
    EXPECT_FALSE(Fires(rule, Ends(10, 0, 0)));
    auto offered = rule;
    offered.minimumOffered = 11;
    EXPECT_FALSE(Fires(offered, Ends(8, 2, 0)));
}

TEST(StopRuleTest, CountsTheKindItIsFor)
{
    EXPECT_FALSE(Fires(ShareRule("failed", 0.2, 1), Ends(6, 1, 3)));
    EXPECT_TRUE(Fires(ShareRule("timed-out", 0.3, 1), Ends(6, 1, 3)));
    EXPECT_TRUE(Fires(ShareRule("all", 0.4, 1), Ends(6, 1, 3)));
    EXPECT_FALSE(Fires(ShareRule("rejected", 0.2, 1), Ends(7, 3, 0, 1)));
    EXPECT_TRUE(Fires(ShareRule("rejected", 0.1, 1), Ends(7, 3, 0, 1)));
    EXPECT_FALSE(Fires(ShareRule("rolled-back", 0.1, 1), Ends(7, 3, 0, 1)));
}

TEST(StopRuleTest, ARateIsOfTheLastWhileOnly)
{
    StopRuleConfig config;
    config.count = 3;
    config.withinS = 180; // NervesHub: device_failure_rate_amount within so many seconds
    StopRule rule(config);
    EXPECT_TRUE(rule.Judge(0, {}, Ends(10, 1, 0)).empty());
    EXPECT_TRUE(rule.Judge(MINUTE, {}, Ends(10, 2, 0)).empty());
    EXPECT_TRUE(rule.Judge(4 * MINUTE, {}, Ends(10, 3, 0)).empty()) << "the first two are old";
    EXPECT_EQ(rule.Judge(5 * MINUTE, {}, Ends(10, 5, 0)),
              "stop rule: 3 of 15 finished devices failed within 180 s, the limit is 3 devices");
}

TEST(StopRuleTest, OverAWaveItForgetsTheEarlierOnes)
{
    auto config = ShareRule("failed", 0.5, 4);
    const auto all = Ends(10, 10, 0);
    EXPECT_FALSE(StopRule(config).Judge(0, Ends(3, 1, 0), all).empty());
    config.over = "wave";
    EXPECT_TRUE(StopRule(config).Judge(0, Ends(3, 1, 0), all).empty());
    EXPECT_FALSE(StopRule(config).Judge(0, Ends(2, 2, 0), all).empty());
}

TEST(StopRuleTest, AfterAPauseOnlyWhatIsNewCounts)
{
    StopRule rule(ShareRule("failed", 0.5, 4));
    ASSERT_FALSE(rule.Judge(0, {}, Ends(2, 2, 0)).empty());
    rule.StartAnew(Ends(2, 2, 0));
    EXPECT_TRUE(rule.Judge(1, {}, Ends(4, 3, 0)).empty()) << "three more have finished";
    EXPECT_TRUE(rule.Judge(2, {}, Ends(5, 3, 0)).empty());
    EXPECT_FALSE(rule.Judge(3, {}, Ends(5, 7, 0)).empty());
}

} // namespace
