// SPDX-License-Identifier: GPL-2.0-only

// Shipped scenarios that show a defect: what they say about the remedy. That the defect shows is in
// their `expect` blocks, which ctest checks.

#include "test/test-support-run.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

WholeRun
Shipped(const std::string& name, const std::vector<std::string>& sets = {})
{
    return WholeRun(SourcePath("scenarios/" + name + ".json"), sets);
}

/** Nobody tells the devices that their group is gone: they pay for the whole session, 2^n s. */
TEST(ShippedScenarios, DevicesOfADeletedGroupListenToTheEnd)
{
    constexpr double RECEIVER_W = 0.0237; // doc/scenarios.md, keep-listening-after-done
    const auto run = Shipped("session-deleted-early");
    const double listenedS = run.Metric("energy_per_device_j_mean") / RECEIVER_W;
    EXPECT_GE(listenedS, 4096 * 0.995);
    EXPECT_LE(listenedS, 4096 * 1.1) << "and a little for set-up and flash";
}

TEST(ShippedScenarios, AGroupThatLivesLongEnoughUpdatesEverybody)
{
    ExpectAllUpdated(Shipped("session-deleted-early", {"/distribution/delete_after=null"}));
    // 20 kB and 20 % in frames of 0.677 s at 10 % of the air: half an hour is enough.
    ExpectAllUpdated(Shipped("session-deleted-early", {R"(/distribution/delete_after="30 min")"}));
}

TEST(ShippedScenarios, WithoutPrecedenceOrUplinksTheRedundancySuffices)
{
    const std::string name = "class-a-pre-empts-class-c";
    EXPECT_GE(
        Shipped(name, {"/access/lorawan/class_a_preempts=transmission"}).Metric("devices_updated"),
        90);
    ExpectAllUpdated(Shipped(name, {"/fleet/groups/0/telemetry/pause_in_session=true"}));
    ExpectAllUpdated(Shipped(name, {"/distribution/redundancy=0.4"}));
}

} // namespace
