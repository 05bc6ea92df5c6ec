// SPDX-License-Identifier: GPL-2.0-only

// Distribution strategies in whole runs, against closed forms of the shared air.

#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/** Devices near two gateways that hear them equally well; no losses. */
constexpr const char* BASE = R"({
  "schema": 1,
  "name": "strategies",
  "seed": 7,
  "duration": "4 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [
    { "name": "fast", "count": 4, "activated": true, "data_rate": 5, "clock_drift": "0 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "2 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "device_duty_cycle": false,
    "backhaul_model": "delay",
    "gateways": [ { "name": "west", "x": "0 m", "y": "0 m", "z": "10 m" },
                  { "name": "east", "x": "100 m", "y": "0 m", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "40000 B", "manifest": false } ] },
  "distribution": { "class": "C", "redundancy": 0, "status_request": false,
    "close_when_done": false, "report_timeout": "1 h", "start_margin": "4 h",
    "repair": { "multicast_rounds": 0, "unicast": false } },
  "rollout": { "start": "30 min", "require_enrolled": false,
    "waves": [ { "share": 1, "success_threshold": 0, "error_threshold": 1, "timeout": "3 d" } ] },
  "record": { "transitions": false }
})";

/** Devices of one data rate as a second group of the fleet. */
const std::string SLOW_GROUP =
    R"(/fleet/groups/-={"name":"slow","count":4,"activated":true,"data_rate":4,)"
    R"("clock_drift":"0 ppm","placement":{"kind":"point","center":{"x":"50 m","y":"0 m"}},)"
    R"("telemetry":{"period":"2 min","size":"12 B"}})";

/** What went over the air to groups, in order. */
struct GroupLog
{
    struct Frame
    {
        GroupId group;
        Tick sent;
        Tick received;
    };

    void OnFrame(const GroupReception& reception)
    {
        frames.push_back({reception.group, reception.sent, reception.received});
    }

    /** From the first frame to the end of the last one. */
    double SpanS() const
    {
        return ToSeconds(frames.back().received - frames.front().sent);
    }

    /** The same by the duty cycle alone: starts are airtime / 10 % apart. */
    double ClosedFormS() const
    {
        double seconds = 0;
        for (const auto& frame : frames)
        {
            const double airS = ToSeconds(frame.received - frame.sent);
            seconds += &frame == &frames.back() ? airS : airS / 0.1;
        }
        return seconds;
    }

    std::vector<Frame> frames;
};

GroupLog
RunGroups(const std::vector<std::string>& sets)
{
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("iot-fleet-strategies-" + std::to_string(getpid()) + ".json");
    std::ofstream(path) << BASE;
    const auto scenario = ReadScenario(path, sets);
    std::filesystem::remove(path);
    GroupLog log;
    FleetSimulation simulation(scenario, 1);
    simulation.network->TraceConnectWithoutContext("GroupFrame",
                                                   MakeCallback(&GroupLog::OnFrame, &log));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return log;
}

TEST(Strategies, TwoSessionsTakeTogetherWhatTheSharedDutyCycleSays)
{
    const auto log = RunGroups(
        {SLOW_GROUP, "/distribution/policy=FASTEST", "/distribution/concurrent_sessions=2"});
    std::vector<size_t> first(2, log.frames.size());
    std::vector<size_t> last(2, 0);
    for (size_t i = 0; i < log.frames.size(); ++i)
    {
        const auto g = Index(log.frames[i].group);
        ASSERT_LT(g, 2U);
        first[g] = std::min(first[g], i);
        last[g] = i;
    }
    const size_t from = std::max(first[0], first[1]);
    const size_t to = std::min(last[0], last[1]);
    ASSERT_GT(to, from + 50) << "the sessions hardly overlap";
    EXPECT_NEAR(log.SpanS(), log.ClosedFormS(), 0.05);
    // Fairness: as long as both have frames they take turns.
    for (size_t i = from + 1; i <= to; ++i)
    {
        EXPECT_NE(log.frames[i].group, log.frames[i - 1].group) << i;
    }
}

TEST(Strategies, LadderTakesTheSumOfItsSteps)
{
    const auto log = RunGroups({SLOW_GROUP,
                                "/distribution/policy=LADDER",
                                "/distribution/fec=rlnc-256",
                                "/firmware/images/0/size=\"10000 B\""});
    ASSERT_GT(log.frames.size(), 2U);
    EXPECT_EQ(log.frames.size() % 2, 0U);
    const auto airtime = [&](size_t i) { return log.frames[i].received - log.frames[i].sent; };
    EXPECT_LT(airtime(0), airtime(log.frames.size() - 1));
    EXPECT_EQ(airtime(0), airtime(log.frames.size() / 2 - 1));
    EXPECT_LT(airtime(0), airtime(log.frames.size() / 2));
    EXPECT_NEAR(log.SpanS(), log.ClosedFormS(), 0.05);
}

/// The schedule of a server that paces by time on air: each frame takes its own, also where the
/// data rate changes.
TEST(Strategies, PacedLadderSpacesEveryFrameByItsOwnAirtime)
{
    constexpr double FACTOR = 12;
    const auto log = RunGroups(
        {SLOW_GROUP,
         "/distribution/policy=LADDER",
         "/distribution/fec=rlnc-256",
         "/firmware/images/0/size=\"10000 B\"",
         R"(/access/lorawan/pacing={"kind":"airtime","airtime_factor":12,"airtime_extra":"13 B"})"});
    ASSERT_GT(log.frames.size(), 2U);
    const auto airtimeS = [&](size_t i) {
        return ToSeconds(log.frames[i].received - log.frames[i].sent);
    };
    EXPECT_LT(airtimeS(0), airtimeS(log.frames.size() - 1)) << "one data rate only";
    for (size_t i = 1; i < log.frames.size(); ++i)
    {
        EXPECT_NEAR(ToSeconds(log.frames[i].sent - log.frames[i - 1].sent),
                    FACTOR * airtimeS(i - 1),
                    1e-3)
            << "frame " << i << " of " << log.frames.size();
    }
}

double
SessionAirS(const std::string& gateways, const std::string& more = "/seed=7")
{
    const auto run = WholeRun::OfText(BASE,
                                      {"/distribution/gateways=" + gateways,
                                       "/distribution/data_rate=5",
                                       "/firmware/images/0/size=\"4000 B\"",
                                       more});
    ExpectAllUpdated(run);
    return run.Number("SELECT airtime_s FROM session");
}

/** Every gateway hears everybody: one does what both do, with half of the air. */
TEST(Strategies, FewerGatewaysCostLessAir)
{
    const double all = SessionAirS("simulcast");
    EXPECT_NEAR(SessionAirS("set-cover"), all / 2, 1e-9);
    EXPECT_NEAR(SessionAirS("single"), all / 2, 1e-9);
    EXPECT_NEAR(SessionAirS("set-cover", "/distribution/gateway_cover=2"), all, 1e-9);
    EXPECT_NEAR(SessionAirS("list", R"(/distribution/gateway_names=["east"])"), all / 2, 1e-9);
}

TEST(Strategies, TheGatewayThatIsNotChosenStaysQuiet)
{
    const auto run = WholeRun::OfText(
        BASE,
        {"/distribution/gateways=list", R"(/distribution/gateway_names=["east"])"});
    EXPECT_EQ(run.Number("SELECT gateways FROM session"), 1);
    const double airS = run.Number("SELECT airtime_s FROM session");
    EXPECT_GT(run.Number("SELECT downlink_airtime_s FROM gateway WHERE name = 'east'"), airS);
    EXPECT_LT(run.Number("SELECT downlink_airtime_s FROM gateway WHERE name = 'west'"), airS / 2);
}

double
DownloadS(const std::vector<std::string>& more)
{
    std::vector<std::string> sets{"/distribution/policy=UNICAST",
                                  "/distribution/fragment_size=\"50 B\"",
                                  "/firmware/images/0/size=\"2000 B\"",
                                  "/fleet/groups/0/count=1",
                                  "/fleet/groups/0/telemetry/period=\"10 min\""};
    sets.insert(sets.end(), more.begin(), more.end());
    const auto run = WholeRun::OfText(BASE, sets);
    ExpectAllUpdated(run);
    // Its installation and trial take less than two minutes.
    return run.Number("SELECT updated_s - (SELECT started_s FROM session) FROM device");
}

/** Class A: 40 fragments, one for each uplink; polls every minute and telemetry every ten. */
TEST(Strategies, ClassADownloadTakesAnUplinkAFragment)
{
    const double uplinkS = 600.0 / 11;
    const double one =
        DownloadS({"/distribution/unicast_window=1", "/distribution/poll_period=\"1 min\""});
    // Some uplinks may be of no use because polls and telemetry coincide.
    EXPECT_GT(one, 38 * uplinkS);
    EXPECT_LT(one, 43 * uplinkS + 120);
    const double confirmed = DownloadS({"/distribution/unicast_window=1",
                                        "/distribution/poll_confirmed=true",
                                        "/distribution/poll_period=\"1 min\""});
    EXPECT_GT(confirmed, 38 * uplinkS);
    EXPECT_LT(confirmed, 43 * uplinkS + 120);
    // More in the queue: FPending makes the device ask again at once.
    const double four = DownloadS({"/distribution/poll_period=\"1 min\""});
    EXPECT_LT(four, one / 2);
}

/** data rate 5: 12 B of telemetry take 0.062 s, a frame of the group 0.37 s. */
double
SharedReceived(const char* rule)
{
    const auto run = WholeRun::OfText(BASE,
                                      {"/fleet/groups/0/count=100",
                                       "/fleet/groups/0/telemetry/period=\"20 s\"",
                                       "/distribution/data_rate=5",
                                       std::string("/access/lorawan/class_a_preempts=") + rule});
    const double sent = run.Number("SELECT fragments_sent FROM session");
    return run.Number("SELECT avg(fragments_received) FROM device") / sent;
}

TEST(Strategies, OwnUplinksCostFramesOfTheGroup)
{
    const double airS = WholeRun::OfText(BASE, {"/distribution/data_rate=5"})
                            .Number("SELECT airtime_s / gateways / fragments_sent FROM session");
    constexpr double UPLINK_S = 0.0617;
    // A frame is lost when it overlaps the deaf time: (deaf + airtime) / period. 100 devices and
    // 168 frames: five standard deviations are 0.0055 at 2 % and 0.013 at 12 %.
    EXPECT_NEAR(SharedReceived("transmission"), 1 - (UPLINK_S + airS) / 20, 0.0055);
    // The second window opens 2 s after the uplink and lasts some symbols of SF12: 0 to 0.3 s.
    EXPECT_NEAR(SharedReceived("windows"), 1 - (UPLINK_S + 2.15 + airS) / 20, 0.013 + 0.15 / 20);
}

} // namespace
