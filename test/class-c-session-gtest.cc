// SPDX-License-Identifier: GPL-2.0-only

// Unicast to a class C device whose receiver a multicast session has moved.

#include "helper/fleet-simulation.h"
#include "model/lorawan/session-windows.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr DeviceId METER{0};

/** One device beside its gateway, heard every four hours. */
constexpr const char* CLASS_C = R"({
  "schema": 1,
  "name": "class-c-session",
  "seed": 6,
  "duration": "2 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 1, "activated": true, "data_rate": 5, "class": "C",
      "clock_drift": "0 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "4 h", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** What became of a message to the device while it listens to a group. */
struct Outcome
{
    uint64_t sent;
    uint64_t unheard;
    uint32_t pending;
};

/** Whether the operator deletes the group at once, and whether the device is still there then. */
enum class Ending
{
    NONE,
    DELETED_WHILE_HEARD,
    DELETED_AND_LEFT,
};

/**
 * @param dataRate of the group that the device listens to from hour 10 on
 * @param announcedS for so long the server knows of it, seconds
 * @param waitS after which the outcome is looked at
 */
Outcome
Send(uint8_t dataRate, double announcedS, double waitS, Ending ending = Ending::NONE)
{
    const auto scenario = test::ReadScenarioText(CLASS_C, {});
    FleetSimulation simulation(scenario, 1);
    auto& network = *simulation.network;
    uint64_t before = 0;
    Simulator::Schedule(Hours(10), [&] {
        before = network.Server().Counters().downlinksSent;
        GroupConfig config;
        config.dataRate = dataRate;
        config.members = DeviceList(std::vector<DeviceId>{METER});
        const GroupId group = network.CreateGroup(config);
        network.StartListening(group, 0);
        const Tick now = Simulator::Now().GetNanoSeconds();
        network.AnnounceWindow(group, now, now + ToTicks(announcedS));
        if (ending == Ending::DELETED_AND_LEFT)
        {
            network.StopListening(group, 0);
        }
        if (ending != Ending::NONE)
        {
            network.DeleteGroup(group);
        }
        network.SendToDevice(METER, wire::AppPayload::ForPort(201));
    });
    Simulator::Stop(Hours(10) + Seconds(waitS));
    Simulator::Run();
    const auto& counters = network.Server().Counters();
    const Outcome outcome{counters.downlinksSent - before,
                          counters.downlinksUnheard,
                          network.PendingToDevice(METER)};
    Simulator::Destroy();
    return outcome;
}

/// TS005 McClassCSessionReq: the session's frequency and data rate take the place of RX2's.
TEST(ClassCSession, OverridesTheReceiverOfUnicast)
{
    const auto moved = Send(5, 0, 10);
    EXPECT_EQ(moved.sent, 1U);
    EXPECT_EQ(moved.unheard, 1U) << "sent at data rate 0, listening at data rate 5";
    const auto same = Send(0, 0, 10);
    EXPECT_EQ(same.sent, 1U);
    EXPECT_EQ(same.unheard, 0U) << "data rate 0 is RX2's own in EU868";
}

/// A server that knows waits for an uplink or for the session's end.
TEST(ClassCSession, MakesTheServerWait)
{
    const auto waiting = Send(5, 600, 10);
    EXPECT_EQ(waiting.sent, 0U);
    EXPECT_EQ(waiting.pending, 1U);
    const auto over = Send(5, 600, 610);
    EXPECT_EQ(over.sent, 1U);
    EXPECT_EQ(over.pending, 0U);
    const auto known = Send(0, 600, 10);
    EXPECT_EQ(known.sent, 1U) << "nothing to wait for at RX2's data rate";
    // Within four hours the device sends, and gets the message in a window after that.
    const auto answered = Send(5, 86400, 4.5 * 3600);
    EXPECT_EQ(answered.sent, 1U);
    EXPECT_EQ(answered.unheard, 0U);
}

/// The operator forgets the group: who listens on, and who has left, is not for the server to know.
TEST(ClassCSession, LastsForTheServerThoughTheGroupIsGone)
{
    for (const auto ending : {Ending::DELETED_WHILE_HEARD, Ending::DELETED_AND_LEFT})
    {
        const auto waiting = Send(5, 60, 59, ending);
        EXPECT_EQ(waiting.sent, 0U);
        EXPECT_EQ(waiting.pending, 1U);
        const auto over = Send(5, 60, 70, ending);
        EXPECT_EQ(over.sent, 1U);
        EXPECT_EQ(over.unheard, ending == Ending::DELETED_AND_LEFT ? 0U : 1U)
            << "who overstays the announced end is elsewhere";
    }
}

constexpr OpenReceiver RX2{869'525'000, 0};
constexpr OpenReceiver SESSION{869'525'000, 5};
constexpr GroupId GROUP{3};

/// Windows follow each other: the one that runs counts, and a call for later changes nothing yet.
TEST(SessionWindows, TheOneThatRunsCounts)
{
    SessionWindows windows;
    windows.Announce(GROUP, {METER}, SESSION, 100, 200);
    windows.Announce(GROUP, {METER}, SESSION, 300, 400);
    EXPECT_EQ(windows.AwayUntil(METER, 99, RX2), 0);
    EXPECT_EQ(windows.AwayUntil(METER, 100, RX2), 200);
    EXPECT_EQ(windows.AwayUntil(METER, 200, RX2), 0);
    EXPECT_EQ(windows.AwayUntil(METER, 399, RX2), 400);
    EXPECT_EQ(windows.AwayUntil(DeviceId{1}, 100, RX2), 0) << "no member";
}

/// Members follow the data rate of what is sent (a ladder of data rates).
TEST(SessionWindows, FollowTheDataRateOfTheGroup)
{
    SessionWindows windows;
    windows.Announce(GROUP, {METER}, SESSION, 100, 200);
    windows.Follow(GROUP, RX2.dataRate);
    EXPECT_EQ(windows.AwayUntil(METER, 150, RX2), 0) << "RX2's own parameters now";
    windows.Follow(GROUP, 3);
    EXPECT_EQ(windows.AwayUntil(METER, 150, RX2), 200);
}

} // namespace
