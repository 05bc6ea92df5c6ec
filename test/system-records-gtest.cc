// SPDX-License-Identifier: GPL-2.0-only

// What a run records of frames, against counts made from the trace sources and closed forms.

#include "helper/fleet-simulation.h"
#include "model/lorawan/heard-counter.h"
#include "test/scenario-text.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/** A few devices that have joined before, near one gateway or between two. */
constexpr const char* FEW_DEVICES = R"({
  "schema": 1,
  "name": "few-devices",
  "seed": 3,
  "duration": "3 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 9, "activated": true, "data_rate": 5, "clock_drift": "0 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "device_duty_cycle": false,
    "backhaul_model": "delay", "propagation": { "frame_loss": 0 },
    "gateways": [ { "name": "west", "x": "0 m", "y": "0 m", "z": "10 m" },
                  { "name": "east", "x": "100 m", "y": "0 m", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2000 B", "manifest": false } ] },
  "distribution": { "class": "C", "data_rate": 5, "redundancy": 1, "close_when_done": false,
    "start_margin": "2 h", "repair": { "multicast_rounds": 0, "unicast": false } },
  "rollout": { "start": "30 min", "require_enrolled": false,
    "waves": [ { "count": 2, "success_threshold": 0, "error_threshold": 1, "timeout": "1 d" },
               { "share": 1, "success_threshold": 0, "error_threshold": 1, "timeout": "1 d" } ] }
})";

Scenario
FewDevices(const std::vector<std::string>& sets)
{
    return test::ReadScenarioText(FEW_DEVICES, sets);
}

TEST(HeardCounter, CountsAsOneByOneDoes)
{
    constexpr uint32_t MEMBERS = 1301; // neither a multiple of 8 nor of a chunk
    std::mt19937 random(7);
    HeardCounter counter(MEMBERS);
    std::vector<uint32_t> expected(MEMBERS);
    std::vector<uint8_t> mask((MEMBERS + 7) / 8);
    for (int frame = 0; frame < 700; ++frame)
    {
        std::ranges::fill(mask, uint8_t{0});
        for (uint32_t m = 0; m < MEMBERS; ++m)
        {
            if (random() % (m % 13 + 1) == 0)
            {
                mask[m / 8] |= static_cast<uint8_t>(1U << (m % 8));
                ++expected[m];
            }
        }
        counter.Add(mask);
    }
    EXPECT_EQ(counter.Frames(), 700U);
    for (uint32_t m = 0; m < MEMBERS; ++m)
    {
        ASSERT_EQ(counter.Of(m), expected[m]) << m;
    }
    counter.Clear();
    EXPECT_EQ(counter.Of(0), 0U);
}

/** Uplinks of one device by frame counter. */
struct Counters
{
    void OnUplink(const UplinkEnd& uplink)
    {
        if (!transmissions.empty())
        {
            EXPECT_GE(uplink.frameCounter, transmissions.rbegin()->first);
            EXPECT_LE(uplink.frameCounter, transmissions.rbegin()->first + 1);
        }
        ++transmissions[uplink.frameCounter];
        channels[uplink.frameCounter].insert(uplink.channel);
    }

    std::map<uint32_t, uint32_t> transmissions;
    std::map<uint32_t, std::set<uint16_t>> channels;
};

// TS001-1.0.4 section 4.3.1.5. A try ends the frame with probability q = (1 - loss)^2, and there
// are 8 tries: the mean number is (1 - (1 - q)^8) / q.
TEST(ConfirmedUplinks, AreRepeatedWithTheirCounter)
{
    constexpr double LOSS = 0.5;
    const auto scenario = FewDevices({"/fleet/groups/0/count=1",
                                      "/fleet/groups/0/telemetry/confirmed=true",
                                      "/access/lorawan/propagation/frame_loss=0.5",
                                      "/rollout/start=\"6 d\"",
                                      "/duration=\"7 d\""});
    FleetSimulation simulation(scenario, 1);
    Counters counters;
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Counters::OnUplink, &counters));
    Simulator::Stop(Seconds(scenario.rollout.startS));
    Simulator::Run();
    const auto generated = simulation.network->Mac().Counters().telemetryGenerated;
    const auto delivered = simulation.network->Server().Counters().telemetryDelivered;
    Simulator::Destroy();

    double sent = 0;
    uint32_t hopped = 0;
    for (const auto& [counter, times] : counters.transmissions)
    {
        EXPECT_LE(times, 8U);
        sent += times;
        hopped += counters.channels[counter].size() > 1 ? 1 : 0;
    }
    const auto frames = static_cast<double>(counters.transmissions.size());
    EXPECT_NEAR(frames, 6 * 144, 8);
    // Two gateways hear or lose a frame each on their own; one of them answers.
    const double q = (1 - LOSS * LOSS) * (1 - LOSS);
    const double mean = (1 - std::pow(1 - q, 8)) / q;
    EXPECT_NEAR(sent / frames, mean, 5 * std::sqrt((1 - q) / (q * q) / frames)); // 5 sigma
    EXPECT_GT(hopped, 0U) << "a repetition must choose its channel anew";
    // What is heard twice is delivered once.
    EXPECT_LE(delivered, generated);
    EXPECT_GT(static_cast<double>(delivered), 0.95 * static_cast<double>(generated));
}

/** What devices heard, counted frame by frame. */
struct Heard
{
    explicit Heard(const FleetSimulation& s)
        : simulation(s)
    {
    }

    void OnGroupFrame(const GroupReception& reception)
    {
        for (uint32_t m = 0; m < reception.heard.size() * 8; ++m)
        {
            if ((reception.heard[m / 8] >> (m % 8) & 1) == 0)
            {
                continue;
            }
            bytes[{reception.group, m}] += 13U + reception.frame.sizeBytes;
            if (reception.frame.number != 0)
            {
                fragments[{reception.group, m}].insert(reception.frame.number);
            }
        }
    }

    void OnSent(const GroupTransmission& frame)
    {
        members[frame.group] = frame.config.members;
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool)
    {
        unicastBytes[frame.device] += frame.phyBytes;
    }

    const FleetSimulation& simulation;
    std::map<std::pair<GroupId, uint32_t>, uint32_t> bytes;
    std::map<std::pair<GroupId, uint32_t>, std::set<uint16_t>> fragments;
    std::map<GroupId, DeviceList> members;
    std::map<DeviceId, uint32_t> unicastBytes;
};

/** share of frames lost */
class Received : public testing::TestWithParam<double>
{
};

TEST_P(Received, FragmentsAndBytesAreThoseHeard)
{
    const auto scenario =
        FewDevices({"/access/lorawan/propagation/frame_loss=" + std::to_string(GetParam())});
    FleetSimulation simulation(scenario, 1);
    Heard heard(simulation);
    auto& network = *simulation.network;
    network.TraceConnectWithoutContext("GroupFrame", MakeCallback(&Heard::OnGroupFrame, &heard));
    network.TraceConnectWithoutContext("GroupFrameSent", MakeCallback(&Heard::OnSent, &heard));
    network.TraceConnectWithoutContext("DownlinkSent", MakeCallback(&Heard::OnDownlink, &heard));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    network.Settle();
    uint32_t counted = 0;
    std::map<DeviceId, uint32_t> bytes;
    for (const auto& [group, members] : heard.members)
    {
        for (uint32_t m = 0; m < members.size(); ++m)
        {
            ++counted;
            EXPECT_EQ(simulation.agent->FragmentsReceived(members[m]),
                      (heard.fragments[{group, m}].size()))
                << "device " << Index(members[m]);
            bytes[members[m]] += heard.bytes[{group, m}];
        }
    }
    EXPECT_EQ(counted, 9U); // each in one session
    for (uint32_t i = 0; i < 9; ++i)
    {
        const DeviceId d{i};
        const auto all = simulation.fleet->RxBytes(d);
        if (GetParam() == 0)
        {
            EXPECT_EQ(all, heard.unicastBytes[d] + bytes[d]);
        }
        EXPECT_GE(all, bytes[d]);
        EXPECT_GT(bytes[d], 2000U * 9 / 10);
    }
    Simulator::Destroy();
}

INSTANTIATE_TEST_SUITE_P(Loss, Received, testing::Values(0.0, 0.1));

/** Airtime of an update's messages that gateways sent to single devices. */
struct Unicast
{
    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool sent)
    {
        if (!sent || !frame.hasPayload)
        {
            return;
        }
        const double seconds = ToSeconds(frame.airtime);
        const bool isFragmentation = frame.payload.port == 201;
        const uint8_t command = frame.payload.bytes[0];
        // DataFragment, FragSessionSetupReq, FragSessionStatusReq (TS004), and all of TS005.
        airtimeS += isFragmentation && command == 0x08 ? seconds : 0;
        const bool isSetUp = isFragmentation ? command == 0x02 : frame.payload.port == 200;
        setUpS += isSetUp ? seconds : 0;
        statusS += isFragmentation && command == 0x01 ? seconds : 0;
        versionS += frame.payload.port == 203 ? seconds : 0;
    }

    double airtimeS{0}; ///< of fragments
    double setUpS{0};
    double statusS{0};
    double versionS{0};
};

TEST(Totals, AreWhatTheGatewaysSent)
{
    for (const std::string policy : {"ALL", "UNICAST"})
    {
        const auto scenario = FewDevices({"/distribution/policy=\"" + policy + "\"",
                                          "/distribution/gateways=\"staggered\"",
                                          "/access/lorawan/propagation/frame_loss=0.1"});
        FleetSimulation simulation(scenario, 1);
        Unicast unicast;
        simulation.network->TraceConnectWithoutContext(
            "DownlinkSent",
            MakeCallback(&Unicast::OnDownlink, &unicast));
        Simulator::Stop(Seconds(scenario.durationS));
        Simulator::Run();
        const auto& totals = simulation.service->Totals();
        const double groupsS = simulation.network->Groups().Counters().airtimeS;
        EXPECT_NEAR(totals.multicastAirtimeS, groupsS, 1e-9 * groupsS);
        EXPECT_NEAR(totals.unicastFragmentAirtimeS, unicast.airtimeS, 1e-9);
        EXPECT_GT(groupsS + unicast.airtimeS, 1);
        const auto& air = totals.air;
        EXPECT_NEAR(air.Of(AirPurpose::SET_UP), unicast.setUpS, 1e-9);
        EXPECT_GT(unicast.setUpS, 0);
        const double allS =
            groupsS + unicast.airtimeS + unicast.setUpS + unicast.statusS + unicast.versionS;
        EXPECT_NEAR(air.TotalS(), allS, 1e-9 * allS);
        EXPECT_GE(air.Of(AirPurpose::REPORTS) + 1e-9, unicast.versionS);
        EXPECT_LE(air.Of(AirPurpose::REPORTS), unicast.versionS + unicast.statusS + 1e-9);
        EXPECT_NEAR(air.RepairShare(), air.Of(AirPurpose::REPAIR) / allS, 1e-9);
        EXPECT_GT(air.RepairShare(), 0);
        EXPECT_LT(air.RepairShare(), 1);
        Simulator::Destroy();
    }
}

TEST(Sessions, TellTheirWave)
{
    const auto run = WholeRun::OfText(FEW_DEVICES);
    EXPECT_EQ(run.Number("SELECT COUNT(*) FROM session WHERE wave IS NULL"), 0);
    EXPECT_EQ(run.Column("SELECT SUM(devices) FROM session GROUP BY wave ORDER BY wave"),
              run.Column("SELECT targeted FROM wave ORDER BY wave"));
    EXPECT_EQ(run.Number("SELECT COUNT(*) FROM device WHERE fragments_received IS NULL"), 0);
}

/** Whether the device in the middle heard the frames of a group. */
struct Middle
{
    void OnFrame(const GroupReception& reception)
    {
        ++frames;
        received += reception.heard[0] & 1;
    }

    uint32_t frames{0};
    uint32_t received{0};
};

// Two gateways at the same distance, two groups at the same instant: 0 dB, where 6 dB are needed.
TEST(Groups, DisturbEachOtherUnlessTheyAreOne)
{
    for (const bool twoGroups : {false, true})
    {
        const auto scenario = FewDevices({"/fleet/groups/0/count=1", "/rollout/start=\"2 d\""});
        FleetSimulation simulation(scenario, 1);
        Middle middle;
        auto& network = *simulation.network;
        network.TraceConnectWithoutContext("GroupFrame", MakeCallback(&Middle::OnFrame, &middle));
        Simulator::Schedule(Seconds(100), [&] {
            for (uint16_t g = 0; g < 2; ++g)
            {
                GroupConfig config;
                config.dataRate = 5;
                config.gateways = {GatewayId{g}};
                if (!twoGroups)
                {
                    config.gateways = {GatewayId{0}, GatewayId{1}};
                }
                config.members = {DeviceId{0}};
                const auto group = network.CreateGroup(config);
                network.StartListening(group, 0);
                GroupFrame frame;
                frame.number = 1;
                frame.sizeBytes = 50;
                network.SendToGroup(group, frame);
                if (!twoGroups)
                {
                    break;
                }
            }
        });
        Simulator::Stop(Seconds(200));
        Simulator::Run();
        Simulator::Destroy();
        EXPECT_EQ(middle.frames, twoGroups ? 2U : 1U);
        EXPECT_EQ(middle.received, twoGroups ? 0U : 1U);
    }
}

/// Silence is no proof: without redundancy nobody decodes on a lossy channel,
/// whatever the operator takes silent members for.
TEST(SessionRecord, CompletedIsTruth)
{
    const auto lossless = WholeRun::OfText(FEW_DEVICES);
    EXPECT_EQ(lossless.Number("SELECT sum(completed) FROM session"), 9);
    // Nobody hears all of 100 fragments at a loss of 0.3: 9 * 0.7^100 = 3e-15.
    const auto lossy = WholeRun::OfText(FEW_DEVICES,
                                        {"/access/lorawan/propagation/frame_loss=0.3",
                                         R"(/distribution/fragment_size="20 B")",
                                         "/distribution/redundancy=0",
                                         "/distribution/close_when_done=true"});
    EXPECT_EQ(lossy.Number("SELECT sum(completed) FROM session"), 0);
    EXPECT_EQ(lossy.Metric("devices_updated"), 0);
}

} // namespace
