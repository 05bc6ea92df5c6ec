// SPDX-License-Identifier: GPL-2.0-only

// Class A windows that a network sets otherwise than its region: what devices are told, and where
// answers then go.

#include "helper/fleet-simulation.h"
#include "helper/scenario-error.h"
#include "model/wire/lorawan-mac-commands.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/** Confirmed uplinks, more than RX1's sub-band of 1 % can answer. */
constexpr const char* CHATTERBOXES = R"({
  "schema": 1,
  "name": "chatterboxes",
  "seed": 3,
  "duration": "3 h",
  "fleet": { "groups": [
    { "name": "box", "count": 30, "data_rate": 3, "clock_drift": "0 ppm",
      "power_on_spread": "30 min",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "2 min", "size": "12 B", "confirmed": true } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "device_duty_cycle": false,
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** Instants between the ends of uplinks and the answers to them, and where these went. */
struct Windows
{
    struct Answer
    {
        double delayS;
        uint32_t frequencyHz;
        uint8_t spreadingFactor;
    };

    void OnUplink(const UplinkEnd& uplink)
    {
        upEnd[uplink.device] = uplink.end;
        said += (uplink.options & RX_PARAM_SETUP_ANS) != 0 ? 1 : 0;
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool)
    {
        const double delayS = ToSeconds(onAir.start - upEnd[frame.device]);
        const Answer answer{delayS, onAir.frequencyHz, onAir.spreadingFactor};
        (frame.joinAccept ? joins : answers)[frame.window].push_back(answer);
        asked += (frame.options & RX_PARAM_SETUP_REQ) != 0 ? 1 : 0;
        if (frame.window == 2 && !frame.joinAccept)
        {
            frequencies[frame.knowsRx2].insert(onAir.frequencyHz);
        }
    }

    std::map<DeviceId, Tick> upEnd;
    std::map<int, std::vector<Answer>> answers; ///< by window
    std::map<int, std::vector<Answer>> joins;
    std::map<bool, std::set<uint32_t>> frequencies; ///< of RX2, by what the server believes
    uint32_t asked{0};
    uint32_t said{0};
    uint32_t know{0}; ///< devices, at the end
};

Windows
RunBoxes(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(CHATTERBOXES, sets);
    FleetSimulation simulation(scenario, 1);
    Windows windows;
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Windows::OnUplink, &windows));
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&Windows::OnDownlink, &windows));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    for (uint32_t i = 0; i < simulation.fleet->Size(); ++i)
    {
        windows.know += simulation.network->Mac().KnowsRx2(DeviceId{i}) ? 1 : 0;
    }
    Simulator::Destroy();
    return windows;
}

void
ExpectAll(const std::vector<Windows::Answer>& answers, double delayS, uint8_t spreadingFactor)
{
    EXPECT_FALSE(answers.empty());
    for (const auto& answer : answers)
    {
        EXPECT_NEAR(answer.delayS, delayS, 1e-6);
        EXPECT_EQ(answer.spreadingFactor, spreadingFactor);
    }
}

// RP002-1.0.4 table "EU863-870 downlink RX1 data rate mapping": DR3 is answered at DR3.
TEST(ReceiveWindows, AreTheRegionsByDefault)
{
    auto windows = RunBoxes({});
    ExpectAll(windows.answers[1], 1, 9);
    ExpectAll(windows.answers[2], 2, 12);
    EXPECT_EQ(windows.frequencies[false], std::set<uint32_t>{869'525'000});
    EXPECT_EQ(windows.asked + windows.said, 0U);
}

// As The Things Network sets them in Europe: RX1 after 5 s, RX2 at SF9. With RX1DROffset 2, DR3 is
// answered at DR1. Join-accepts keep the region's windows: TS001-1.0.4 section 6.2.6.
TEST(ReceiveWindows, ComeWithTheJoinAccept)
{
    auto windows = RunBoxes({"/access/lorawan/receive_windows="
                             R"({"rx1_delay":"5 s","rx1_offset":2,"rx2_data_rate":3})"});
    ExpectAll(windows.answers[1], 5, 11);
    ExpectAll(windows.answers[2], 6, 9);
    ExpectAll(windows.joins[1], 5, 9);
    for (const auto& answer : windows.joins[2])
    {
        EXPECT_NEAR(answer.delayS, 6, 1e-6);
        EXPECT_EQ(answer.spreadingFactor, 12);
    }
    EXPECT_EQ(windows.asked + windows.said, 0U);
}

// TS001-1.0.4 section 5.4: the frequency takes a command, and the server uses it once it is
// answered.
TEST(ReceiveWindows, AnotherFrequencyIsToldByRXParamSetupReq)
{
    const std::string moved = R"(/access/lorawan/receive_windows={"rx2_frequency":"869.85 MHz"})";
    auto windows = RunBoxes({moved});
    EXPECT_EQ(windows.know, 30U);
    EXPECT_GE(windows.asked, 30U);
    EXPECT_GE(windows.said, 30U);
    EXPECT_EQ(windows.frequencies[true], std::set<uint32_t>{869'850'000});
    for (const uint32_t frequency : windows.frequencies[false])
    {
        EXPECT_EQ(frequency, 869'525'000U);
    }
    // Devices that had joined before the simulation know.
    auto known = RunBoxes({moved, "/fleet/groups/0/activated=true"});
    EXPECT_EQ(known.asked, 0U);
    EXPECT_EQ(known.know, 30U);
    EXPECT_EQ(known.frequencies[true], std::set<uint32_t>{869'850'000});
}

// A frame is heard with probability q = 1 - loss. The server repeats the request until it hears the
// answer, and the device repeats the answer until it hears a downlink: requests are geometric,
// 1 / q in the mean with deviation sqrt(1 - q) / q.
TEST(ReceiveWindows, TheRequestIsRepeatedUntilItIsAnswered)
{
    auto windows = RunBoxes({R"(/access/lorawan/receive_windows={"rx2_frequency":"869.85 MHz"})",
                             "/access/lorawan/propagation={\"frame_loss\":0.2928932}",
                             "/fleet/groups/0/count=100",
                             "/fleet/groups/0/data_rate=5",
                             "/fleet/groups/0/telemetry/confirmed=false",
                             "/fleet/groups/0/telemetry/period=\"10 min\""});
    EXPECT_EQ(windows.know, 100U);
    const double q = std::sqrt(0.5);
    const double deviation = std::sqrt(1 - q) / q;
    EXPECT_NEAR(windows.asked / 100.0, 1 / q, 4 * deviation / 10); // error probability 6e-5
}

TEST(ReceiveWindows, SizesAreTheEncoders)
{
    using namespace wire::mac;
    const auto v1 = wire::PackageVersion::V1;
    EXPECT_EQ(DownlinkOptionBytes(RX_PARAM_SETUP_REQ), EncodedSize(RXParamSetupReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(RX_PARAM_SETUP_ANS), EncodedSize(RXParamSetupAns{}, v1));
}

/** What is wrong with the scenario after some changes. */
std::vector<std::string>
MessagesAfter(const std::vector<std::string>& sets)
{
    std::vector<std::string> lines;
    try
    {
        test::ReadScenarioText(CHATTERBOXES, sets);
    }
    catch (const ScenarioError& error)
    {
        for (const auto& problem : error.GetProblems())
        {
            const auto line = FormatProblem(problem);
            lines.push_back(line.substr(line.find(": /") + 2));
        }
    }
    return lines;
}

TEST(ReceiveWindows, MustBeTheRegions)
{
    using Lines = std::vector<std::string>;
    const auto after = [](const std::string& windows, const std::string& region) {
        return MessagesAfter({"/access/lorawan/receive_windows=" + windows,
                              "/access/lorawan/region=\"" + region + "\""});
    };
    const std::string at = "/access/lorawan/receive_windows/";
    EXPECT_EQ(after(R"({"rx1_delay":"1500 ms"})", "EU868"),
              Lines{at + "rx1_delay: found \"1.5 s\", expected whole seconds from \"1 s\" to "
                         "\"15 s\""});
    EXPECT_EQ(after(R"({"rx1_offset":6})", "EU868"),
              Lines{at + "rx1_offset: found 6, expected at most 5, the largest of EU868"});
    EXPECT_EQ(after(R"({"rx2_data_rate":0})", "US915"),
              Lines{at + "rx2_data_rate: found 0, expected a LoRa downlink data rate of US915: 8, "
                         "9, 10, 11, 12, 13"});
    EXPECT_EQ(after(R"({"rx2_frequency":"915 MHz"})", "US915"),
              Lines{at + "rx2_frequency: found \"915 MHz\", expected a downlink channel of US915"});
    EXPECT_EQ(after(R"({"rx2_frequency":"434 MHz"})", "EU868"),
              Lines{at + "rx2_frequency: found \"434 MHz\", expected a multiple of 100 Hz in a "
                         "sub-band of EU868"});
}

} // namespace
