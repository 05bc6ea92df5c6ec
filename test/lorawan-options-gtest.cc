// SPDX-License-Identifier: GPL-2.0-only

// MAC commands that ordinary traffic carries: who asks, who is answered, and the bytes on the air.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr const char* SENSORS = R"({
  "schema": 1,
  "name": "sensors",
  "seed": 8,
  "duration": "1 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 5, "data_rate": 5, "clock_drift": "0 ppm",
      "power_on_spread": "10 min",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "1 h", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "propagation": { "frame_loss": 0 },
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** Frames that carry an option, and those that do not. */
struct Frames
{
    void OnUplink(const UplinkEnd& uplink)
    {
        if (uplink.kind == UplinkKind::TELEMETRY)
        {
            ++telemetry;
            asked += uplink.options == ask ? 1 : 0;
            EXPECT_EQ(uplink.phyBytes, 13U + 12 + UplinkOptionBytes(uplink.options));
        }
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool)
    {
        if (!frame.joinAccept)
        {
            answered += frame.options == answer ? 1 : 0;
            EXPECT_EQ(frame.phyBytes, 12U + DownlinkOptionBytes(frame.options));
        }
    }

    uint8_t ask;
    uint8_t answer;
    uint32_t telemetry{0};
    uint32_t asked{0};
    uint32_t answered{0};
};

Frames
CountFrames(uint8_t ask, uint8_t answer, const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(SENSORS, sets);
    FleetSimulation simulation(scenario, 1);
    Frames frames{ask, answer};
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Frames::OnUplink, &frames));
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&Frames::OnDownlink, &frames));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return frames;
}

TEST(LinkCheck, IsOnEveryUplinkWhereAsked)
{
    const auto frames =
        CountFrames(LINK_CHECK_REQ, LINK_CHECK_ANS, {"/fleet/groups/0/telemetry/link_check=true"});
    EXPECT_GT(frames.telemetry, 100U);
    EXPECT_EQ(frames.asked, frames.telemetry);
    EXPECT_NEAR(frames.answered, frames.telemetry, 1); // the last one may be on its way
    EXPECT_EQ(CountFrames(LINK_CHECK_REQ, LINK_CHECK_ANS, {}).asked, 0U);
}

// LoRaWAN 1.1 section 5.9: in all uplinks until RekeyConf; without loss that is one a device.
TEST(Rekey, IsSaidUntilItIsConfirmed)
{
    const std::string version = "/access/lorawan/version=\"1.1\"";
    const auto frames = CountFrames(REKEY_IND, REKEY_CONF, {version});
    EXPECT_EQ(frames.asked, 5U);
    EXPECT_EQ(frames.answered, 5U);
    EXPECT_EQ(CountFrames(REKEY_IND, REKEY_CONF, {}).asked, 0U);
    // With q = 1/2 that both frames of a try are heard it takes 2 tries in the mean, deviation
    // sqrt(2); collisions and full sub-bands add a little.
    const auto lossy = CountFrames(REKEY_IND,
                                   REKEY_CONF,
                                   {version,
                                    "/access/lorawan/propagation/frame_loss=0.2928932",
                                    "/fleet/groups/0/count=100",
                                    "/fleet/groups/0/telemetry/period=\"2 h\""});
    const double mean = lossy.asked / 100.0;
    EXPECT_NEAR(mean, 2, 5 * std::sqrt(2.0 / 100)); // 5 sigma
}

} // namespace
