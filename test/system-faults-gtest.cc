// SPDX-License-Identifier: GPL-2.0-only

// Faults in whole runs over LoRaWAN: outages of what is not a device, batteries that a campaign
// empties, clocks, and that one fault does not move another's draws.

#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"
#include "test/scenario-text.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <span>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// Devices around one gateway, links without loss, a small image.
constexpr const char* SMALL_FLEET = R"({
  "schema": 1, "name": "small-fleet", "seed": 3, "duration": "2 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [
    { "name": "meter", "count": 40, "data_rate": 5, "clock_drift": "0 ppm",
      "placement": { "kind": "disc", "radius": "400 m" }, "telemetry": { "period": "10 min" } } ] },
  "access": { "lorawan": { "backhaul_model": "delay", "adr": false,
    "gateways": [ { "name": "mast", "z": "20 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2 kB", "sequence": 2 } ] },
  "distribution": { "class": "C", "data_rate": 5, "report_timeout": "4 h" },
  "rollout": { "start": "3 h", "waves": [ { "share": 1, "success_threshold": 0,
                                            "error_threshold": 1, "timeout": "30 h" } ] }
})";

TEST(SystemFaults, NobodyJoinsWhileTheJoinServerIsAway)
{
    const auto run = WholeRun::OfText(
        SMALL_FLEET,
        {"/rollout={\"enabled\": false}",
         "/stop/when=duration",
         "/duration=6 h",
         "/fleet/groups/0/power_on_spread=1 h",
         "/faults=[{\"kind\": \"join-server-outage\", \"start\": \"0 s\", \"end\": \"2 h\"}]"});
    EXPECT_GE(run.Number("SELECT min(enrolled_s) FROM device"), 7200);
    EXPECT_EQ(run.Metric("devices_enrolled"), 40);
}

/// With the backhaul cut the gateway still receives; nothing of it reaches the server.
TEST(SystemFaults, ACutBackhaulLeavesTheGatewayListening)
{
    for (const auto* model : {"delay", "ip"})
    {
        const auto run = WholeRun::OfText(SMALL_FLEET,
                                          {"/rollout={\"enabled\": false}",
                                           "/stop/when=duration",
                                           "/duration=6 h",
                                           "/fleet/groups/0/activated=true",
                                           std::string("/access/lorawan/backhaul_model=") + model,
                                           "/faults=[{\"kind\": \"backhaul-outage\", \"gateway\": "
                                           "\"mast\", \"start\": \"3 h\"}]"});
        // Half of the time: all else is the same, so that half of the telemetry arrives (+- 1 %:
        // the frames are spread evenly, 40 devices with 36 periods each).
        EXPECT_NEAR(run.Metric("telemetry_delivered_share_before"), 0.5, 0.01) << model;
        EXPECT_GT(run.Number("SELECT frames_rx FROM gateway"), 40 * 35 * 0.9) << model;
    }
}

TEST(SystemFaults, AGatewayThatIsOffHearsNothing)
{
    const auto run = WholeRun::OfText(
        SMALL_FLEET,
        {"/rollout={\"enabled\": false}",
         "/stop/when=duration",
         "/duration=400 h",
         "/fleet/groups/0/activated=true",
         "/fleet/groups/0/count=10",
         "/faults=[{\"kind\": \"gateway-outage\", \"gateway\": \"*\", \"mtbf\": \"3 h\", "
         "\"mttr\": \"1 h\"}]"});
    // 1 h / (3 h + 1 h) down. Variance of the share over T = 400 h: 2 (ab)^2 / ((a + b)^3 T), a
    // standard deviation of 0.027; four of them.
    EXPECT_NEAR(run.Metric("telemetry_delivered_share_before"), 0.75, 0.11);
    // The table says what the telemetry shows: frames are spread evenly, but for a few minutes a
    // failure.
    const double downS = run.Number("SELECT sum(ended_s - started_s) FROM fault");
    EXPECT_NEAR(run.Metric("telemetry_delivered_share_before"), 1 - downS / (400 * 3600), 0.01);
}

/// A frame of the multicast session, and whether anybody heard it.
struct SentFrame
{
    double startS;
    bool isHeard;
};

std::vector<SentFrame>
FramesOf(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(SMALL_FLEET, sets);
    FleetSimulation simulation(scenario, 1);
    std::vector<SentFrame> frames;
    simulation.network->TraceConnectWithoutContext(
        "GroupFrame",
        Callback<void, const GroupReception&>([&frames](const GroupReception& frame) {
            const bool isHeard =
                std::ranges::any_of(frame.heard, [](uint8_t block) { return block != 0; });
            frames.push_back({ToSeconds(frame.sent), isHeard});
        }));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return frames;
}

/// The server goes on sending until it knows, and waits from then on: ChirpStack's rule, whose
/// gateways report every 30 s and are offline after 60 s without a report.
TEST(SystemFaults, WhatIsSentToAGatewayThatHasFailedIsLost)
{
    const std::vector<std::string> sets{"/fleet/groups/0/count=5",
                                        "/fleet/groups/0/activated=true",
                                        "/fleet/groups/0/telemetry/period=30 min",
                                        "/firmware/images/0/size=20 kB",
                                        "/distribution/redundancy=0",
                                        "/duration=6 h",
                                        "/stop/when=duration"};
    const auto undisturbed = FramesOf(sets);
    ASSERT_GT(undisturbed.size(), 80);
    EXPECT_TRUE(std::ranges::all_of(std::span(undisturbed).first(60), &SentFrame::isHeard));

    // Ten seconds after a report, in the middle of the first pass.
    const double off = 30 * std::floor(undisturbed[30].startS / 30) + 10;
    const auto isLost = [&](const SentFrame& frame) {
        return frame.startS >= off && frame.startS < off + 50;
    };
    for (const auto* kind : {"gateway-outage", "backhaul-outage"})
    {
        auto disturbed = sets;
        disturbed.push_back("/faults=[{\"kind\": \"" + std::string(kind) +
                            "\", \"gateway\": \"mast\", \"start\": \"" + std::to_string(off) +
                            " s\", \"end\": \"" + std::to_string(off + 300) + " s\"}]");
        const auto frames = FramesOf(disturbed);
        const auto lost = std::ranges::count_if(frames, [&](const SentFrame& frame) {
            return !frame.isHeard && frame.startS < off + 60;
        });
        EXPECT_LE(std::abs(lost - std::ranges::count_if(undisturbed, isLost)), 1) << kind;
        // It waits for the first report after 300 s, at 320 s, and looks every 10 s.
        const auto next = std::ranges::find_if(frames, [&](const SentFrame& frame) {
            return frame.startS > off + 60;
        });
        ASSERT_NE(next, frames.end()) << kind;
        EXPECT_GE(next->startS, off + 320) << kind;
        EXPECT_LE(next->startS, off + 331) << kind;
        EXPECT_TRUE(next->isHeard) << kind;
    }
}

TEST(SystemFaults, ADistributorThatIsAwayDelaysTheRollout)
{
    const auto undisturbed = WholeRun::OfText(SMALL_FLEET);
    const auto run = WholeRun::OfText(
        SMALL_FLEET,
        {"/faults=[{\"kind\": \"distribution-outage\", \"start\": \"3 h\", \"end\": \"5 h\"}]"});
    ExpectAllUpdated(undisturbed);
    ExpectAllUpdated(run);
    EXPECT_GT(run.Metric("time_to_all_updated_s"),
              undisturbed.Metric("time_to_all_updated_s") + 5400);
}

/// A receiver that listens draws rx_current: 4 J last 4 / (7.9 mA x 3 V) = 169 s of the session.
TEST(SystemFaults, ACampaignEmptiesWeakBatteries)
{
    const auto run =
        WholeRun::OfText(SMALL_FLEET,
                         {"/fleet/profiles={\"weak\": {\"battery_energy\": \"400 J\"}}",
                          "/fleet/groups/0/profile=weak",
                          "/fleet/groups/0/battery=0.03",
                          "/fleet/groups/0/telemetry/period=1 h",
                          "/firmware/images/0/size=60 kB",
                          "/faults=[{\"kind\": \"battery-empty\", \"check\": \"10 s\"}]"});
    EXPECT_EQ(run.Metric("devices_battery_empty"), run.Metric("devices_bricked"));
    EXPECT_GT(run.Metric("devices_battery_empty"), 35);
    EXPECT_EQ(run.Metric("harmed_before_abort"), 0); // no image did it
    // None dies before its session, and what they spent is what they had (7/255 of 400 J), and at
    // most ten seconds of listening more.
    EXPECT_GT(run.Number("SELECT min(t_s) FROM failure WHERE cause = 'battery-empty'"),
              run.Number("SELECT min(started_s) FROM session"));
    EXPECT_GE(run.Number("SELECT min(energy_j) FROM device WHERE health = 'bricked'"), 10.9);
    EXPECT_LE(run.Number("SELECT max(energy_j) FROM device WHERE health = 'bricked'"), 12.5);
}

TEST(SystemFaults, WithoutTheFaultBatteriesAreNotWatched)
{
    const auto run = WholeRun::OfText(SMALL_FLEET,
                                      {"/fleet/profiles={\"weak\": {\"battery_energy\": \"1 J\"}}",
                                       "/fleet/groups/0/profile=weak"});
    ExpectAllUpdated(run);
    EXPECT_EQ(run.Text("SELECT value IS NULL FROM metric WHERE name = 'devices_battery_empty'"),
              "1");
}

TEST(SystemFaults, ClocksJumpAndAreSetRightAgain)
{
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("iot-fleet-clock-" + std::to_string(getpid()) + ".json");
    std::ofstream(path) << SMALL_FLEET;
    const auto scenario = ReadScenario(
        path,
        {"/faults=[{\"kind\": \"clock-fault\", \"start\": \"1 h\", \"offset\": \"-40 s\", "
         "\"drift\": \"100 ppm\", \"devices\": [\"meter-000002\"]}]",
         "/access/lorawan/clock_sync={\"method\": \"device-time\"}"});
    std::filesystem::remove(path);
    {
        FleetSimulation simulation(scenario, 1);
        const auto error = [&](uint32_t d) { return simulation.network->ClockErrorS(DeviceId{d}); };
        Simulator::Schedule(Seconds(3599), [&] { EXPECT_EQ(error(1), 0); });
        Simulator::Schedule(Seconds(3601), [&] {
            EXPECT_NEAR(error(1), -40 + 1e-4, 1e-6);
            EXPECT_EQ(error(0), 0);
        });
        Simulator::Schedule(Seconds(3600 + 86400),
                            [&] { EXPECT_NEAR(error(1), -40 + 86400 * 1e-4, 1e-6); });
        // By an uplink after a day it has been set right, and drifts by 100 ppm since.
        Simulator::Schedule(Days(1.4), [&] {
            EXPECT_GE(error(1), 0);
            EXPECT_LE(error(1), 86400 * 1e-4);
        });
        Simulator::Stop(Days(1.5));
        Simulator::Run();
    }
    Simulator::Destroy();
}

/// Another fault, and recording, leave a fault's devices the same.
TEST(SystemFaults, FaultsDoNotMoveEachOther)
{
    const std::string brick =
        "{\"kind\": \"silent-brick\", \"share\": 0.3, \"cluster\": \"site\", \"correlation\": 0.2}";
    const std::string flaky = "{\"kind\": \"flaky-reporter\", \"share\": 0.5, \"lost\": 0.5}";
    const auto alone = WholeRun::OfText(SMALL_FLEET, {"/faults=[" + brick + "]"});
    const auto both = WholeRun::OfText(
        SMALL_FLEET,
        {"/faults=[" + brick + ", " + flaky + "]", "/record={\"transitions\": true}"});
    const std::string bricked = "SELECT device_id FROM device WHERE health = 'bricked' ORDER BY 1";
    EXPECT_FALSE(alone.Column(bricked).empty());
    EXPECT_EQ(alone.Column(bricked), both.Column(bricked));
    EXPECT_EQ(alone.Metric("harmed_before_abort"), alone.Metric("devices_bricked"));
    EXPECT_EQ(alone.Metric("devices_failed"), alone.Metric("devices_bricked"));
    EXPECT_EQ(alone.Number("SELECT devices FROM fault"), alone.Metric("devices_bricked"));
}

} // namespace
