// SPDX-License-Identifier: GPL-2.0-only

// Multicast sessions on another frequency than the region's.

#include "helper/fleet-simulation.h"
#include "helper/scenario-error.h"
#include "model/wire/ts005-multicast-setup.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <set>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
namespace ts005 = wire::ts005;

constexpr const char* SMALL = R"({
  "schema": 1,
  "name": "small",
  "seed": 4,
  "duration": "2 d",
  "fleet": { "groups": [
    { "name": "device", "count": 3, "data_rate": 5, "activated": true, "clock_drift": "0 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "5 min", "pause_in_session": true } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "2.0.0", "size": "1000 B", "manifest": false } ] },
  "distribution": { "class": "C", "data_rate": 5, "fragment_size": "100 B", "redundancy": 0,
    "frequency": "868.3 MHz" },
  "rollout": { "waves": [ { "share": 1 } ] }
})";

/** What session requests say and where fragments go. */
struct Sessions
{
    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool)
    {
        if (!frame.hasPayload || frame.payload.port != ts005::FPORT)
        {
            return;
        }
        const auto version = wire::PackageVersion::V2;
        for (const auto& command : ts005::DecodeDownlink(version, frame.payload.View()).commands)
        {
            if (const auto* c = std::get_if<ts005::McClassCSessionReq>(&command))
            {
                told.insert(c->dlFrequencyHz);
            }
            if (const auto* b = std::get_if<ts005::McClassBSessionReq>(&command))
            {
                told.insert(b->dlFrequencyHz);
            }
        }
    }

    void OnGroupFrame(const GroupTransmission& sent)
    {
        used.insert(sent.copies.front().frequencyHz);
        if (sent.frame.number != 0)
        {
            starts.push_back(ToSeconds(sent.copies.front().start));
            airtimeS = ToSeconds(sent.copies.front().end - sent.copies.front().start);
        }
    }

    std::set<uint32_t> told;
    std::set<uint32_t> used;
    std::vector<double> starts; ///< of fragments
    double airtimeS{0};
    uint32_t updated{0};
};

Sessions
RunSessions(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(SMALL, sets);
    FleetSimulation simulation(scenario, 1);
    Sessions sessions;
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&Sessions::OnDownlink, &sessions));
    simulation.network->TraceConnectWithoutContext(
        "GroupFrameSent",
        MakeCallback(&Sessions::OnGroupFrame, &sessions));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    for (uint32_t i = 0; i < simulation.fleet->Size(); ++i)
    {
        const auto state = simulation.fleet->GetUpdate(DeviceId{i});
        sessions.updated += state == UpdateState::CONFIRMED ? 1 : 0;
    }
    Simulator::Destroy();
    return sessions;
}

// EN 300 220: 868.0 to 868.6 MHz has a duty cycle of 1 %, so starts are 100 airtimes apart.
TEST(SessionFrequency, IsToldAndUsedWithItsDutyCycle)
{
    const auto sessions = RunSessions({});
    EXPECT_EQ(sessions.updated, 3U);
    EXPECT_EQ(sessions.told, std::set<uint32_t>{868'300'000});
    EXPECT_EQ(sessions.used, std::set<uint32_t>{868'300'000});
    ASSERT_GE(sessions.starts.size(), 10U); // more if something was repaired
    EXPECT_NEAR((sessions.starts[9] - sessions.starts[0]) / 9,
                100 * sessions.airtimeS,
                0.01 * sessions.airtimeS);
}

TEST(SessionFrequency, IsThatOfThePingSlotsInClassB)
{
    const auto sessions = RunSessions({"/distribution/class=\"B\""});
    EXPECT_EQ(sessions.updated, 3U);
    EXPECT_EQ(sessions.told, std::set<uint32_t>{868'300'000});
    EXPECT_EQ(sessions.used, std::set<uint32_t>{868'300'000});
}

// RP002-1.0.4: 869.525 MHz for RX2 and for ping slots.
TEST(SessionFrequency, IsTheRegionsByDefault)
{
    for (const char* sessionClass : {"B", "C"})
    {
        const auto sessions = RunSessions(
            {"/distribution/frequency=null", std::string("/distribution/class=") + sessionClass});
        EXPECT_EQ(sessions.updated, 3U);
        EXPECT_EQ(sessions.told, std::set<uint32_t>{869'525'000});
        EXPECT_EQ(sessions.used, std::set<uint32_t>{869'525'000});
    }
}

TEST(SessionFrequency, MustBeTheRegions)
{
    try
    {
        test::ReadScenarioText(SMALL, {"/distribution/frequency=\"862 MHz\""});
        FAIL() << "accepted";
    }
    catch (const ScenarioError& error)
    {
        ASSERT_EQ(error.GetProblems().size(), 1U);
        const auto line = FormatProblem(error.GetProblems().front());
        EXPECT_NE(line.find("/distribution/frequency: found \"862 MHz\", expected a multiple of "
                            "100 Hz in a sub-band of EU868"),
                  std::string::npos)
            << line;
    }
}

} // namespace
