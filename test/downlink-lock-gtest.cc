// SPDX-License-Identifier: GPL-2.0-only

// A device that hears a downlink begin in a window stays on it to its end, and sends nothing
// meanwhile (TS001-1.0.4 section 3.3), however long the frame is.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/**
 * Confirmed uplinks of 1.8 s beside the mast, and more of them than RX1's sub-band of 1 % can
 * answer. RX2 is at DR0, where 40 B last 2.5 s: longer than the 1 to 3 s after which devices repeat
 * what was not acknowledged (RP002-1.0.4 section 2.3, RETRANSMIT_TIMEOUT).
 */
constexpr const char* CHATTERBOXES = R"({
  "schema": 1,
  "name": "chatterboxes",
  "seed": 3,
  "duration": "3 h",
  "fleet": { "groups": [
    { "name": "box", "count": 12, "data_rate": 0, "clock_drift": "0 ppm",
      "power_on_spread": "30 min",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "2 min", "size": "20 B", "confirmed": true } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "device_duty_cycle": false,
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** What each device sent and received, and when. */
struct Air
{
    struct Span
    {
        Tick start;
        Tick end;
    };

    void OnUplink(const UplinkEnd& uplink)
    {
        up[uplink.device].push_back({uplink.start, uplink.end});
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool)
    {
        down[frame.device].push_back({onAir.start, onAir.end});
        inRx2 += frame.window == 2 && frame.hasPayload ? 1 : 0;
    }

    std::map<DeviceId, std::vector<Span>> up;
    std::map<DeviceId, std::vector<Span>> down;
    uint32_t inRx2{0}; ///< downlinks of 40 B
};

TEST(DownlinkLock, NothingIsSentWhileADownlinkIsReceived)
{
    const auto scenario = test::ReadScenarioText(CHATTERBOXES);
    FleetSimulation simulation(scenario, 1);
    Air air;
    const auto network = simulation.network;
    network->TraceConnectWithoutContext("UplinkEnd", MakeCallback(&Air::OnUplink, &air));
    network->TraceConnectWithoutContext("DownlinkSent", MakeCallback(&Air::OnDownlink, &air));
    wire::AppPayload payload;
    payload.port = 99;
    payload.size = 40;
    const uint32_t devices = simulation.fleet->Size();
    for (double atS = 3600; atS < scenario.durationS; atS += 60)
    {
        Simulator::Schedule(Seconds(atS), [=] {
            for (uint32_t i = 0; i < devices; ++i)
            {
                network->SendToDevice(DeviceId{i}, payload);
            }
        });
    }
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    EXPECT_GT(air.inRx2, 20U); // or nothing was tested
    uint32_t overlaps = 0;
    for (const auto& [device, frames] : air.down)
    {
        for (const auto& frame : frames)
        {
            for (const auto& uplink : air.up[device])
            {
                overlaps += uplink.start < frame.end && frame.start < uplink.end ? 1 : 0;
            }
        }
    }
    EXPECT_EQ(overlaps, 0U);
    // Nothing is far, and one gateway does not disturb itself.
    EXPECT_EQ(network->Server().Counters().downlinksUnheard, 0U);
    Simulator::Destroy();
}

} // namespace
