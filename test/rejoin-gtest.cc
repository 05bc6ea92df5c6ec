// SPDX-License-Identifier: GPL-2.0-only

// Devices that lose their session and join anew: after a reboot, where they do not keep it, and
// when nobody has answered for long.

#include "helper/scenario-error.h"
#include "test/mac-command-bed.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::Exchange;
using test::RunSensors;

constexpr double HOUR_S = 3600;

/** Join requests of a device in a span of time. */
size_t
Joins(const Exchange& exchange, DeviceId d, double fromS, double toS)
{
    return static_cast<size_t>(std::ranges::count_if(exchange.ups, [=](const auto& up) {
        return up.device == d && up.kind == UplinkKind::JOIN_REQUEST &&
               ToSeconds(up.start) >= fromS && ToSeconds(up.start) < toS;
    }));
}

/** What is left of a run in which the first device reboots after five hours. */
struct Reboot
{
    explicit Reboot(std::vector<std::string> sets)
    {
        exchange = RunSensors(
            sets,
            [](FleetSimulation& s) {
                Simulator::Schedule(Seconds(5 * HOUR_S), [&s] {
                    s.network->Suspend(DeviceId{0}, ToTicks(5 * HOUR_S + 30));
                });
            },
            [this](FleetSimulation& s) {
                enrolled =
                    s.fleet->Count(Machine::ENROLMENT, static_cast<uint8_t>(Enrolment::ENROLLED));
                enrolledS = s.fleet->EnrolledS(DeviceId{0});
                delivered = s.network->Server().Counters().telemetryDelivered;
            });
    }

    Exchange exchange;
    uint32_t enrolled{0};
    double enrolledS{0};
    uint64_t delivered{0};
};

TEST(Rejoin, FollowsARebootWhereSessionsAreVolatile)
{
    const std::string isVolatile = "/fleet/groups/0/session=\"volatile\"";
    const std::string told = R"(/access/lorawan/mac_commands={"max_duty_cycle":1})";
    const Reboot run({isVolatile, told});
    EXPECT_EQ(Joins(run.exchange, DeviceId{0}, 0, 5 * HOUR_S), 1U);
    EXPECT_EQ(Joins(run.exchange, DeviceId{0}, 5 * HOUR_S + 30, 5 * HOUR_S + 31), 1U);
    EXPECT_EQ(Joins(run.exchange, DeviceId{0}, 5 * HOUR_S, 48 * HOUR_S), 1U);
    EXPECT_EQ(Joins(run.exchange, DeviceId{1}, 5 * HOUR_S, 48 * HOUR_S), 0U);
    EXPECT_EQ(run.enrolled, 5U);
    EXPECT_LT(run.enrolledS, 700) << "the first join counts";
    // The new session begins with the region's defaults.
    auto settings = run.exchange.With(DUTY_CYCLE_REQ);
    EXPECT_EQ(settings[DeviceId{0}].size(), 2U);
    EXPECT_EQ(settings[DeviceId{1}].size(), 1U);
    // Telemetry goes on as before, at its pace: 2 days of a frame in ten minutes.
    const Reboot kept({told});
    EXPECT_EQ(Joins(kept.exchange, DeviceId{0}, 5 * HOUR_S, 48 * HOUR_S), 0U);
    EXPECT_NEAR(static_cast<double>(run.delivered), static_cast<double>(kept.delivered), 4);
}

constexpr const char* DARK =
    R"(/access/lorawan/outages=[{"gateway":"mast","start":"6 h","end":"20 h"}])";
constexpr const char* AFTER_24 = "/access/lorawan/join/link_lost_after=24";

// TS001-1.0.4 section 7: 36 s of air in the first hour, 36 s in the next ten, 8.7 s a day after.
TEST(Rejoin, FollowsALinkThatIsLost)
{
    uint32_t enrolled = 0;
    const auto exchange = RunSensors({DARK, AFTER_24}, [&](FleetSimulation& s) {
        enrolled = s.fleet->Count(Machine::ENROLMENT, static_cast<uint8_t>(Enrolment::ENROLLED));
    });
    EXPECT_EQ(enrolled, 5U);
    for (const auto& [device, ups] : exchange.ByDevice())
    {
        uint32_t unanswered = 0;
        double joinAirS = 0;
        double firstS = 0;
        for (const auto& up : ups)
        {
            const double startS = ToSeconds(up.start);
            if (startS < 6 * HOUR_S || startS > 20 * HOUR_S)
            {
                continue;
            }
            const bool join = up.kind == UplinkKind::JOIN_REQUEST;
            firstS = join && firstS == 0 ? startS : firstS;
            unanswered += firstS == 0 ? 1 : 0;
            joinAirS += join ? ToSeconds(up.end - up.start) : 0;
            EXPECT_TRUE(join || firstS == 0) << "no data without a session";
        }
        // Counted from the last downlink, at most thirteen uplinks before the outage.
        EXPECT_GE(unanswered, 11U);
        EXPECT_LE(unanswered, 24U);
        EXPECT_GT(firstS, 6 * HOUR_S);
        EXPECT_GT(joinAirS, 0);
        EXPECT_LE(joinAirS, 36 + 36);
        EXPECT_GE(Joins(exchange, device, 20 * HOUR_S, 48 * HOUR_S), 1U);
        EXPECT_EQ(Joins(exchange, device, 46 * HOUR_S, 48 * HOUR_S), 0U);
    }
    const auto patient = RunSensors({DARK});
    EXPECT_EQ(Joins(patient, DeviceId{0}, HOUR_S, 48 * HOUR_S), 0U);
}

// A device that is heard finds out by LinkCheckReq, and keeps its session.
TEST(Rejoin, IsNotForLinksThatLive)
{
    const auto exchange = RunSensors({AFTER_24});
    size_t checks = 0;
    for (const auto& up : exchange.ups)
    {
        checks += (up.options & LINK_CHECK_REQ) != 0 ? 1 : 0;
        EXPECT_TRUE(up.kind != UplinkKind::JOIN_REQUEST || ToSeconds(up.start) < HOUR_S);
    }
    // After twelve uplinks without a downlink the thirteenth asks: 5 devices, 288 uplinks each.
    EXPECT_NEAR(static_cast<double>(checks), 5 * 288 / 13.0, 8);
}

// RP002-1.0.4: ADR_ACK_LIMIT 64, ADR_ACK_DELAY 32. From DR5 at full power the back-off comes to DR0
// after 96 uplinks and four times 32 more, when the count stands at 64 again; the hundredth is 36
// uplinks later: 260 in all.
TEST(Rejoin, WaitsForTheBackOffOfAdr)
{
    const auto exchange =
        RunSensors({R"(/access/lorawan/outages=[{"gateway":"mast","start":"700 s","end":"2 d"}])",
                    "/access/lorawan/adr=true",
                    "/access/lorawan/join/link_lost_after=100",
                    "/fleet/groups/0/data_rate=null",
                    "/fleet/groups/0/power_on_spread=\"5 min\"",
                    "/fleet/groups/0/placement/center/x=\"100 m\"",
                    "/fleet/groups/0/telemetry/first=\"15 min\"",
                    "/fleet/groups/0/telemetry/period=\"3 min\""});
    for (const auto& [device, ups] : exchange.ByDevice())
    {
        size_t data = 0;
        size_t joins = 0;
        for (const auto& up : ups)
        {
            joins += up.kind == UplinkKind::JOIN_REQUEST ? 1 : 0;
            data += up.kind != UplinkKind::JOIN_REQUEST && joins == 1 ? 1 : 0;
        }
        EXPECT_EQ(data, 260U);
        EXPECT_GT(joins, 2U);
    }
}

TEST(Rejoin, ClassBIsRefused)
{
    const auto messages = [](const std::string& set) {
        std::string all;
        try
        {
            test::ReadScenarioText(test::SENSORS, {"/fleet/groups/0/class=\"B\"", set});
        }
        catch (const ScenarioError& error)
        {
            for (const auto& problem : error.GetProblems())
            {
                all += FormatProblem(problem) + '\n';
            }
        }
        return all;
    };
    EXPECT_NE(messages("/fleet/groups/0/session=\"volatile\"")
                  .find("/fleet/groups/0/session: found "
                        "\"volatile\" for class B"),
              std::string::npos);
    EXPECT_NE(messages(AFTER_24).find("/access/lorawan/join/link_lost_after: found 24 with a group "
                                      "of class B (/fleet/groups/0)"),
              std::string::npos);
}

} // namespace
