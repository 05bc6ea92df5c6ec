// SPDX-License-Identifier: GPL-2.0-only

// Devices that are off the air for a while, refuse what they were sent, or run it already.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::ReadScenarioText;
using test::SourcePath;
using test::WholeRun;

/// Ten devices that always listen, and an update an hour after the start.
constexpr const char* LISTENERS = R"({
  "schema": 1, "name": "listeners", "seed": 1, "duration": "2 d", "stop": { "when": "duration" },
  "fleet": { "groups": [ { "name": "meter", "count": 10, "activated": true, "class": "C",
    "placement": { "kind": "disc", "radius": "1 km" }, "telemetry": { "period": "1 min" } } ] },
  "access": { "lorawan": { "backhaul_model": "delay", "gateways": [{ "name": "mast", "z": "30 m" }] } },
  "firmware": { "images": [{ "version": "1.1.0", "size": "3 kB", "sequence": 2 }] },
  "distribution": { "report_timeout": "6 h" },
  "rollout": { "start": "1 h",
    "waves": [ { "share": 1, "error_threshold": 1, "success_threshold": 0 } ] },
  "record": { "transitions": true }
})";

TEST(OffTheAir, OfSeveralSuspensionsTheLastOneCounts)
{
    const auto scenario = ReadScenarioText(LISTENERS);
    FleetSimulation simulation(scenario, 1);
    const auto hears = [&](uint32_t device, double atS) {
        Simulator::Stop(Seconds(atS) - Simulator::Now());
        Simulator::Run();
        return simulation.network->Mac().CanHear(DeviceId{device});
    };
    ASSERT_TRUE(hears(0, 100));
    ASSERT_TRUE(hears(1, 100));
    auto suspend = [&](uint32_t device, double untilS) {
        simulation.network->Suspend(DeviceId{device}, Seconds(untilS).GetNanoSeconds());
    };
    suspend(0, 200); // then a shorter one
    suspend(0, 120);
    suspend(1, 120); // then a longer one
    suspend(1, 200);
    suspend(1, 160);
    for (const double atS : {101, 121, 161, 199})
    {
        EXPECT_FALSE(hears(0, atS)) << atS;
        EXPECT_FALSE(hears(1, atS)) << atS;
    }
    EXPECT_TRUE(hears(0, 201));
    EXPECT_TRUE(hears(1, 201));
    suspend(1, 300); // nothing is left of what was before
    EXPECT_FALSE(hears(1, 299));
    EXPECT_TRUE(hears(1, 301));
    Simulator::Destroy();
}

/// Who cannot join has no contact with the server, and goes back.
TEST(OffTheAir, NoServerContactWithoutARadio)
{
    const auto run =
        WholeRun::OfText(LISTENERS,
                         {R"(/faults=[{"kind":"cannot-join","image":"1.1.0","share":1}])",
                          "/distribution/confirm=server-contact"});
    EXPECT_EQ(run.Metric("devices_updated"), 0);
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE update_state = 'rolled-back'"), 10);
}

/// Nothing is sent from the reboot to the end of the boot loop.
TEST(OffTheAir, BootLoopsAreSilent)
{
    const auto run =
        WholeRun::OfText(LISTENERS,
                         {R"(/firmware/images/0/defect={"probability":1,"effect":"boot-loop"})",
                          "/fleet/groups/0/telemetry/period=\"20 s\"",
                          "/distribution/confirm=server-contact"});
    EXPECT_EQ(run.Metric("devices_updated"), 0);
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE update_state = 'rolled-back'"), 10);
    EXPECT_EQ(run.Number("SELECT count(*) FROM failure WHERE cause = 'boot-loop'"), 10);
}

/// An update that is offered to devices that have it leaves them updated.
TEST(OfferedAgain, UpdatedDevicesStayUpdated)
{
    const auto run = WholeRun::OfText(LISTENERS,
                                      {R"(/rollout/retry={"limit":3,"on":"any","wait":"1 min"})",
                                       "/rollout/in_progress_timeout=\"1 h\"",
                                       "/fleet/groups/0/telemetry/period=\"30 min\""});
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE firmware = '1.1.0'"), 10);
    EXPECT_EQ(run.Metric("devices_updated"), 10);
    // The truth never goes back.
    EXPECT_EQ(run.Number("SELECT count(*) FROM progress AS a JOIN progress AS b ON a.t_s < b.t_s "
                         "WHERE b.updated < a.updated"),
              0);
}

/// Unicast to class A devices that are seldom heard, through an RX2 that is faster than RX1: a
/// fragment that does not fit RX1 leaves in RX2, after the next uplink.
TEST(UnicastRepair, WaitsForTheSecondWindow)
{
    const auto run = WholeRun::OfText(R"({ "schema": 1, "duration": "20 d",
      "fleet": { "groups": [ { "name": "a", "count": 20, "activated": true, "data_rate": 0,
        "placement": { "radius": "300 m" }, "telemetry": { "period": "6 h" } } ] },
      "access": { "lorawan": { "adr": false, "gateways": [ { "name": "mast", "z": "30 m" } ],
        "receive_windows": { "rx2_data_rate": 3 } } },
      "firmware": { "images": [ { "version": "1.1.0", "size": "500 B", "sequence": 2 } ] },
      "distribution": { "policy": "UNICAST", "data_rate": 3, "fragment_size": "100 B",
        "setup_timeout": "5 d", "report_timeout": "10 d" },
      "rollout": { "start": "1 h", "waves": [ { "share": 1, "timeout": "19 d" } ] } })");
    EXPECT_EQ(run.Metric("devices_updated"), 20);
    EXPECT_EQ(run.Metric("devices_believed_updated"), 20);
}

/// Devices that refuse an image and listen on have nothing to tell of its block.
class ListensOn : public testing::TestWithParam<const char*>
{
};

TEST_P(ListensOn, AfterRefusingTheImage)
{
    const WholeRun run(SourcePath("scenarios/keep-listening-after-done.json"),
                       {std::string("/firmware/images/0/tamper=") + GetParam(),
                        "/fleet/groups/0/count=30",
                        "/rollout/require_enrolled=false"});
    EXPECT_EQ(run.Metric("devices_updated"), 0);
    EXPECT_GT(run.Number("SELECT count(*) FROM device WHERE update_state = 'failed'"), 0);
}

INSTANTIATE_TEST_SUITE_P(Tamper,
                         ListensOn,
                         testing::Values("signature", "digest", "vendor", "class", "sequence"));

} // namespace
} // namespace ns3::iotfleet
