// SPDX-License-Identifier: GPL-2.0-only

// DevStatusReq and its answer: when it is asked, what devices say, what it weighs, and that the
// operator believes it.

#include "model/update/operator-view.h"
#include "model/update/rollout-order.h"
#include "model/wire/lorawan-mac-commands.h"
#include "test/mac-command-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::RunSensors;

const std::string EVERY_6_H = R"(/access/lorawan/mac_commands={"device_status_interval":"6 h"})";

// TS001-1.0.4 section 5.5: 0 is external power, 1 the least and 254 the most, 255 not measurable.
TEST(BatteryCode, IsTheStandards)
{
    DeviceProfile profile;
    EXPECT_EQ(BatteryCodeOf(profile, 1), 0);
    profile.batteryJ = 1000;
    EXPECT_EQ(BatteryCodeOf(profile, 1), 254);
    EXPECT_EQ(BatteryCodeOf(profile, 0), 1);
    EXPECT_EQ(BatteryCodeOf(profile, -0.1), 1);
    profile.batteryGauge = 0;
    EXPECT_EQ(BatteryCodeOf(profile, 0.5), 255);
    EXPECT_EQ(BatteryLevelOf(0), 1.0F);
    EXPECT_EQ(BatteryLevelOf(1), 0.0F);
    EXPECT_EQ(BatteryLevelOf(254), 1.0F);
    EXPECT_FALSE(BatteryLevelOf(255));
    profile.batteryGauge = 1;
    for (const double level : {0.0, 0.1, 0.333, 0.5, 0.9, 1.0})
    {
        const auto back = BatteryLevelOf(BatteryCodeOf(profile, level));
        ASSERT_TRUE(back);
        EXPECT_NEAR(*back, level, 0.5 / 253 + 1e-6); // half a step
    }
}

TEST(DeviceStatusRequest, SizesAreTheEncoders)
{
    using namespace wire::mac;
    const auto v1 = wire::PackageVersion::V1;
    EXPECT_EQ(DownlinkOptionBytes(DEV_STATUS_REQ), EncodedSize(DevStatusReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(DEV_STATUS_ANS), EncodedSize(DevStatusAns{}, v1));
}

TEST(DeviceStatusRequest, IsNotSentByDefault)
{
    const auto exchange = RunSensors({});
    EXPECT_TRUE(exchange.With(DEV_STATUS_REQ).empty());
    EXPECT_TRUE(std::ranges::none_of(exchange.ups, [](const auto& up) {
        return (up.options & DEV_STATUS_ANS) != 0;
    }));
}

// The first after the first uplink, then one after the first uplink of each interval: with
// telemetry each 10 min +- 5 %, no sooner than 6 h and no later than 6 h and 10.5 min.
TEST(DeviceStatusRequest, ComesOnceAnInterval)
{
    auto exchange = RunSensors({EVERY_6_H});
    auto requests = exchange.With(DEV_STATUS_REQ);
    ASSERT_EQ(requests.size(), 5U);
    for (const auto& [device, sent] : requests)
    {
        EXPECT_GE(sent.size(), 7U); // floor(47.5 h / 6 h 10.5 min)
        EXPECT_LE(sent.size(), 8U);
        for (size_t i = 1; i < sent.size(); ++i)
        {
            const double gapS = ToSeconds(sent[i].onAir.start - sent[i - 1].onAir.start);
            EXPECT_GE(gapS, 6 * 3600 - 1); // RX1 or RX2
            EXPECT_LE(gapS, 6 * 3600 + 630 + 2);
        }
        for (const auto& down : sent)
        {
            EXPECT_EQ(down.frame.phyBytes, 13U); // MHDR 1, FHDR 7, DevStatusReq 1, MIC 4
        }
    }
}

// A request that is lost is not repeated before the interval is over; one that is heard is answered
// once. Each is heard with probability 0.7: answers are binomial.
TEST(DeviceStatusRequest, AnsweredOnceWhereItIsHeard)
{
    uint32_t reported = 0;
    const auto exchange = RunSensors(
        {EVERY_6_H, "/fleet/groups/0/count=100", "/access/lorawan/propagation/frame_loss=0.3"},
        [&](FleetSimulation& s) {
            for (uint32_t i = 0; i < s.fleet->Size(); ++i)
            {
                reported += s.registry.Battery(DeviceId{i}) != BATTERY_UNKNOWN ? 1 : 0;
            }
        });
    double asked = 0;
    for (const auto& [device, sent] : exchange.With(DEV_STATUS_REQ))
    {
        asked += static_cast<double>(sent.size());
    }
    double answered = 0;
    for (const auto& up : exchange.ups)
    {
        const bool answers = (up.options & DEV_STATUS_ANS) != 0;
        answered += answers ? 1 : 0;
        if (up.kind == UplinkKind::TELEMETRY)
        {
            EXPECT_EQ(up.phyBytes, 25U + (answers ? 3 : 0));
        }
    }
    ASSERT_GT(asked, 600);
    EXPECT_NEAR(answered / asked, 0.7, 4 * std::sqrt(0.21 / asked)); // error probability 6e-5
    EXPECT_GT(reported, 95U); // each of 100 has 7 tries of 0.49 or more
}

// 14 dBm ERP are 16.15 dBm EIRP; 120 dB of loss; noise of 125 kHz with 6 dB: -117.03 dBm. So the
// ratio is 13.18 dB. At 100 m it is 53.18 dB, more than six bits can tell.
TEST(DeviceStatusRequest, MarginIsTheRatioAtTheDevice)
{
    const auto margins = [](const std::string& x) {
        std::set<int> all;
        const auto exchange =
            RunSensors({EVERY_6_H, R"(/fleet/groups/0/placement/center/x=")" + x + '"'});
        for (const auto& up : exchange.ups)
        {
            if ((up.options & DEV_STATUS_ANS) != 0)
            {
                all.insert(up.status.marginDb);
            }
        }
        return all;
    };
    EXPECT_EQ(margins("1000 m"), std::set<int>{13});
    EXPECT_EQ(margins("100 m"), std::set<int>{31});
}

/** The last report of all devices of a run. */
std::set<int>
LastReports(const std::vector<std::string>& sets)
{
    std::set<int> codes;
    auto all = sets;
    all.push_back(EVERY_6_H);
    RunSensors(all, [&](FleetSimulation& s) {
        for (uint32_t i = 0; i < s.fleet->Size(); ++i)
        {
            codes.insert(s.registry.Battery(DeviceId{i}));
        }
    });
    return codes;
}

TEST(DeviceStatusRequest, ReportsTheBattery)
{
    EXPECT_EQ(LastReports({}), std::set<int>{BATTERY_EXTERNAL});
    const auto with = [](const std::string& changes) {
        return std::vector<std::string>{R"(/fleet/profiles={"own":{"base":"mains",)" + changes +
                                            "}}",
                                        R"(/fleet/groups/0/profile="own")",
                                        "/fleet/groups/0/battery=0.5"};
    };
    const std::string large = R"("battery_energy":"1e9 J")";
    // A level is kept in 1/255: 127/255 of 253 steps and 1 are 127.004.
    EXPECT_EQ(LastReports(with(large)), std::set<int>{127});
    EXPECT_EQ(LastReports(with(large + R"(,"battery_gauge":0)")), std::set<int>{BATTERY_UNKNOWN});
}

// Sleep alone takes 100 uA * 3 V for 2 days: 51.84 J, half of what the battery holds. The sleeping
// device reports what is left, which radio and rounding change by less than three steps.
TEST(DeviceStatusRequest, FollowsABatteryThatRunsDown)
{
    const double batteryJ = 2 * 100e-6 * 3 * 2 * 86400;
    uint32_t reports = 0;
    const auto exchange =
        RunSensors({EVERY_6_H,
                    R"(/fleet/profiles={"own":{"base":"stm32wl55","supply_voltage":"3 V",)"
                    R"("sleep_current":"100 uA","tx_current":"1 uA","rx_current":"1 uA",)"
                    R"("mcu_current":"1 uA","battery_energy":")" +
                        std::to_string(batteryJ) + R"( J"}})",
                    R"(/fleet/groups/0/profile="own")"});
    for (const auto& up : exchange.ups)
    {
        if ((up.options & DEV_STATUS_ANS) != 0)
        {
            ++reports;
            const double left = 1 - 0.5 * ToSeconds(up.start) / (2 * 86400);
            EXPECT_NEAR(up.status.battery, 1 + 253 * left, 3);
        }
    }
    EXPECT_GE(reports, 35U);
}

// A report counts for more than the inventory; who has not reported, or cannot measure, is believed
// to be as the inventory says.
TEST(DeviceStatusRequest, IsWhatTheOperatorBelieves)
{
    DeviceRegistry registry(4);
    InventoryColumns inventory;
    inventory.batteryLevel = {0.9F, 0.9F, 0.5F, 0.1F};
    registry.SetBattery(DeviceId{0}, 1 + 253 / 5); // 0.198
    registry.SetBattery(DeviceId{1}, BATTERY_UNKNOWN);
    registry.SetBattery(DeviceId{3}, BATTERY_EXTERNAL);
    const OperatorView view(registry, inventory);
    EXPECT_NEAR(*view.BatteryLevel(DeviceId{0}), 0.2, 0.5 / 253 + 0.003);
    EXPECT_EQ(view.BatteryLevel(DeviceId{1}), 0.9F);
    EXPECT_EQ(view.BatteryLevel(DeviceId{2}), 0.5F);
    EXPECT_TRUE(view.IsMains(DeviceId{3}));
    EXPECT_FALSE(view.IsMains(DeviceId{0}));
    const BatteryOrder order(registry, inventory);
    EXPECT_LT(order.Rank(DeviceId{3}), order.Rank(DeviceId{1}));
    EXPECT_LT(order.Rank(DeviceId{1}), order.Rank(DeviceId{2}));
    EXPECT_LT(order.Rank(DeviceId{2}), order.Rank(DeviceId{0}));
}

} // namespace
