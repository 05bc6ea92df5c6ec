// SPDX-License-Identifier: GPL-2.0-only

// ADR back-off (TS001-1.0.4 section 4.3.1.1): who asks for a sign of life, who gets one, and who
// goes slower because none came.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/// A device at 50 m that says something every 10 minutes.
constexpr const char* TALKER = R"({
  "schema": 1,
  "name": "talker",
  "seed": 8,
  "duration": "4 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 1, "clock_drift": "0 ppm", "power_on_spread": "0 s",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "backhaul_model": "delay",
    "propagation": { "frame_loss": 0 },
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/// What went up and down, in order.
struct Conversation
{
    void OnUplink(const UplinkEnd& uplink)
    {
        if (uplink.kind == UplinkKind::TELEMETRY || uplink.kind == UplinkKind::EMPTY)
        {
            ++uplinks;
            ++sinceDownlink;
            requests += uplink.adrAckReq ? 1 : 0;
            requestsSinceDownlink += uplink.adrAckReq ? 1 : 0;
            firstRequest = uplink.adrAckReq && firstRequest == 0 ? sinceDownlink : firstRequest;
            if (!rates.empty() && uplink.dataRate < rates.back())
            {
                drops.push_back(sinceDownlink);
            }
            rates.push_back(uplink.dataRate);
        }
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool)
    {
        sinceDownlink = 0;
        requestsSinceDownlink = 0;
        adrRequests += frame.adrDataRate == DownlinkFrame::NO_ADR ? 0 : 1;
        answers += !frame.joinAccept && frame.adrDataRate == DownlinkFrame::NO_ADR ? 1 : 0;
    }

    int uplinks{0};
    int sinceDownlink{0};
    int requests{0};
    int requestsSinceDownlink{0};
    int firstRequest{0};
    int answers{0};
    int adrRequests{0};
    std::vector<int> drops; ///< uplinks since the last downlink where the data rate fell
    std::vector<int> rates;
};

Conversation
Listen(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(TALKER, sets);
    FleetSimulation simulation(scenario, 1);
    Conversation conversation;
    simulation.network->TraceConnectWithoutContext(
        "UplinkEnd",
        MakeCallback(&Conversation::OnUplink, &conversation));
    simulation.network->TraceConnectWithoutContext(
        "DownlinkSent",
        MakeCallback(&Conversation::OnDownlink, &conversation));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return conversation;
}

TEST(AdrBackOff, ASignOfLifeKeepsTheRate)
{
    const auto talk = Listen({});
    EXPECT_GT(talk.uplinks, 500);
    // The 65th uplink after a downlink asks, is answered, and so on: one in 65.
    EXPECT_EQ(talk.firstRequest, 65);
    EXPECT_NEAR(talk.requests, talk.uplinks / 65.0, 1);
    EXPECT_EQ(talk.answers, talk.requests);
    EXPECT_TRUE(talk.drops.empty());
    EXPECT_EQ(talk.rates.back(), 5);
}

/// LinkADRAns comes with ordinary telemetry: what the server believes of the device's power, and so
/// what it asks for next, does not depend on how the backhaul is simulated.
TEST(AdrServer, HearsAnswersOverEveryBackhaul)
{
    const auto simple = Listen({"/access/lorawan/backhaul_model=delay"});
    const auto ip = Listen({"/access/lorawan/backhaul_model=ip"});
    EXPECT_GT(ip.adrRequests, 0);
    EXPECT_EQ(simple.adrRequests, ip.adrRequests);
}

TEST(AdrBackOff, WithoutOneItGoesSlower)
{
    // The backhaul is cut for good after a day: at 96 uplinks without a downlink full power, at 128
    // one data rate less, then one for each 32.
    const auto talk =
        Listen({R"(/faults=[{"kind":"backhaul-outage","gateway":"mast","start":"1 d"}])"});
    EXPECT_EQ(talk.drops, (std::vector<int>{129, 161, 193, 225, 257}));
    EXPECT_EQ(talk.rates.back(), 0);
    EXPECT_EQ(talk.requestsSinceDownlink, 256 - 64) << "until there is nothing left to lower";
}

} // namespace
