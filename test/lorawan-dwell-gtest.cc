// SPDX-License-Identifier: GPL-2.0-only

// Largest payloads, dwell times and hopping, against the standard's tables and closed forms.

#include "helper/fleet-simulation.h"
#include "helper/scenario-error.h"
#include "model/wire/lorawan-class-b.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <map>
#include <set>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::ReadScenarioText;

/** Devices of US915 that the link keeps at the slowest data rate: no margin is enough. */
constexpr const char* AMERICA = R"({
  "schema": 1,
  "name": "america",
  "seed": 5,
  "duration": "1 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 5, "activated": true,
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "11 B" } } ] },
  "access": { "lorawan": { "region": "US915", "adr": false, "adr_margin": "150 dB",
    "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

// RP002-1.0.4 table of AS923 with UplinkDwellTime = 1: DR0 and DR1 carry nothing, and DR2 to DR5
// have the same modulation as in EU868.
TEST(Dwell, LimitOf400MsMakesTheTableOfAs923)
{
    RegionParameters region = GetRegion("EU868");
    region.uplinkDwellTimeS = 0.4;
    const std::array<uint32_t, 6> expected{0, 0, 11, 53, 125, 242};
    for (uint8_t rate = 0; rate < expected.size(); ++rate)
    {
        EXPECT_EQ(region.MaxAppPayload(rate, true), expected[rate]) << int{rate};
        EXPECT_EQ(region.MaxAppPayload(rate, false), GetRegion("EU868").MaxAppPayload(rate, false));
    }
    region.downlinkDwellTimeS = 0.4;
    for (uint8_t rate = 0; rate < 6; ++rate)
    {
        const uint32_t most = region.MaxPhyBytes(rate, false);
        if (most > 0)
        {
            EXPECT_LE(region.AirtimeNs(rate, most, false), 400'000'000);
        }
        if (most < region.DataRate(rate).maxMacPayloadBytes + 5U)
        {
            const uint32_t more = std::max(12U, most + 1);
            EXPECT_GT(region.AirtimeNs(rate, more, false), 400'000'000) << int{rate};
        }
    }
}

/** All uplinks of a run. */
struct Uplinks
{
    void OnUplink(const UplinkEnd& uplink)
    {
        longest = std::max(longest, uplink.end - uplink.start);
        ++(uplink.kind == UplinkKind::JOIN_REQUEST ? joins : telemetry)[uplink.dataRate];
        if (uplink.device == DeviceId{0} && uplink.kind == UplinkKind::JOIN_REQUEST)
        {
            joinRates.push_back(uplink.dataRate);
            EXPECT_EQ(uplink.channel >= 64, uplink.dataRate == 4); // the 500 kHz channels
        }
    }

    Tick longest{0};
    std::map<uint8_t, uint32_t> telemetry;
    std::map<uint8_t, uint32_t> joins;
    std::vector<uint8_t> joinRates;
};

Uplinks
RunUplinks(const std::vector<std::string>& sets)
{
    const auto scenario = ReadScenarioText(AMERICA, sets);
    FleetSimulation simulation(scenario, 1);
    Uplinks uplinks;
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Uplinks::OnUplink, &uplinks));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return uplinks;
}

// 11, 53, 125 and 242 B are the limits of DR0 to DR3.
TEST(Dwell, FramesTakeTheDataRateThatMayCarryThem)
{
    for (const auto& [size, rate] :
         std::map<int, uint8_t>{{11, 0}, {12, 1}, {53, 1}, {54, 2}, {126, 3}})
    {
        const auto uplinks =
            RunUplinks({"/fleet/groups/0/telemetry/size=\"" + std::to_string(size) + " B\""});
        ASSERT_EQ(uplinks.telemetry.size(), 1U) << size;
        EXPECT_EQ(uplinks.telemetry.begin()->first, rate) << size;
        EXPECT_GT(uplinks.telemetry.begin()->second, 5U * 130);
        EXPECT_LE(uplinks.longest, 400'000'000);
    }
}

// RP002-1.0.4 section 2.5.1: alternately DR0 on a 125 kHz channel and DR4 on a 500 kHz one.
TEST(Dwell, AmericanJoinsAlternate)
{
    const auto uplinks = RunUplinks(
        {"/fleet/groups/0/activated=false", "/fleet/groups/0/placement/center/x=\"900 km\""});
    ASSERT_GT(uplinks.joinRates.size(), 10U);
    for (size_t i = 0; i < uplinks.joinRates.size(); ++i)
    {
        EXPECT_EQ(uplinks.joinRates[i], i % 2 == 0 ? 0 : 4) << i;
    }
    EXPECT_LE(uplinks.longest, 400'000'000);
}

TEST(Dwell, RefusesTelemetryThatAFixedRateDoesNotCarry)
{
    try
    {
        ReadScenarioText(
            AMERICA,
            {"/fleet/groups/0/data_rate=0", "/fleet/groups/0/telemetry/size=\"12 B\""});
        FAIL();
    }
    catch (const ScenarioError& error)
    {
        const std::string text = error.what();
        EXPECT_NE(text.find("/fleet/groups/0/telemetry/size"), std::string::npos) << text;
        EXPECT_NE(text.find("at most 11 B"), std::string::npos) << text;
    }
}

/** Frequencies of group frames and beacons. */
struct Hops
{
    void OnFrame(const GroupTransmission& frame)
    {
        sent.emplace_back(frame.copies.front().start, frame.copies.front().frequencyHz);
    }

    void OnBeacon(GatewayId, uint32_t frequencyHz, Tick start)
    {
        beacons.emplace_back(start, frequencyHz);
    }

    std::vector<std::pair<Tick, uint32_t>> sent;
    std::vector<std::pair<Tick, uint32_t>> beacons;
};

// RP002-1.0.4 section 2.5.8: channel (DevAddr + floor(beacon time / 128)) mod 8, and beacons on
// floor(beacon time / 128) mod 8, of 923.3 MHz + 0.6 MHz * channel.
TEST(Hopping, PingSlotsAndBeaconsOfAmerica)
{
    constexpr uint32_t ADDRESS = 0xFF00'1235;
    constexpr uint8_t PERIODICITY = 5; // 1024 slots, 30.72 s
    const auto scenario = ReadScenarioText(AMERICA);
    FleetSimulation simulation(scenario, 1);
    Hops hops;
    auto& network = *simulation.network;
    network.TraceConnectWithoutContext("GroupFrameSent", MakeCallback(&Hops::OnFrame, &hops));
    network.TraceConnectWithoutContext("BeaconSent", MakeCallback(&Hops::OnBeacon, &hops));
    Simulator::Schedule(Seconds(1000), [&] {
        GroupConfig config;
        config.mode = ListenMode::PERIODIC;
        config.dataRate = 10;
        config.address = ADDRESS;
        config.pingPeriodicity = PERIODICITY;
        config.members = {DeviceId{0}};
        const auto group = network.CreateGroup(config);
        for (uint16_t i = 1; i <= 60; ++i)
        {
            GroupFrame frame;
            frame.number = i;
            frame.sizeBytes = 50;
            network.SendToGroup(group, frame);
        }
    });
    Simulator::Stop(Seconds(1000 + 20 * 128));
    Simulator::Run();
    Simulator::Destroy();
    ASSERT_EQ(hops.sent.size(), 60U);
    std::set<uint32_t> channels;
    for (const auto& [start, frequencyHz] : hops.sent)
    {
        const auto beacon = static_cast<uint32_t>(start / (128 * TICKS_PER_SECOND));
        EXPECT_EQ(frequencyHz, 923'300'000 + 600'000 * ((uint64_t{ADDRESS} + beacon) % 8));
        channels.insert(frequencyHz);
        // Slots are 30 ms wide and begin 2.12 s after the beacon.
        const Tick after = start - beacon * 128 * TICKS_PER_SECOND - 2'120'000'000;
        EXPECT_EQ(after % 30'000'000, 0);
        EXPECT_EQ(after / 30'000'000 % 1024, wire::PingOffset(beacon * 128, ADDRESS, 1024));
    }
    EXPECT_EQ(channels.size(), 8U);
    ASSERT_GT(hops.beacons.size(), 15U);
    for (const auto& [start, frequencyHz] : hops.beacons)
    {
        EXPECT_EQ(start % (128 * TICKS_PER_SECOND), 0);
        EXPECT_EQ(frequencyHz, 923'300'000U + 600'000U * (start / (128 * TICKS_PER_SECOND) % 8));
    }
}

// RP002-1.0.4 section 2.5.9: RX2 is 923.3 MHz; a class C session does not hop.
TEST(Hopping, ClassCOfAmericaStaysOnOneChannel)
{
    const auto scenario = ReadScenarioText(AMERICA);
    FleetSimulation simulation(scenario, 1);
    Hops hops;
    auto& network = *simulation.network;
    network.TraceConnectWithoutContext("GroupFrameSent", MakeCallback(&Hops::OnFrame, &hops));
    Simulator::Schedule(Seconds(1000), [&] {
        GroupConfig config;
        config.dataRate = 8;
        config.address = 0xFF00'1235;
        config.members = {DeviceId{0}};
        const auto group = network.CreateGroup(config);
        for (uint16_t i = 1; i <= 300; ++i)
        {
            GroupFrame frame;
            frame.number = i;
            frame.sizeBytes = 53; // the most that DR8 carries
            network.SendToGroup(group, frame);
        }
    });
    Simulator::Stop(Seconds(2000));
    Simulator::Run();
    Simulator::Destroy();
    ASSERT_EQ(hops.sent.size(), 300U);
    EXPECT_GT(hops.sent.back().first - hops.sent.front().first, 128 * TICKS_PER_SECOND);
    for (const auto& [start, frequencyHz] : hops.sent)
    {
        EXPECT_EQ(frequencyHz, 923'300'000U);
    }
}

} // namespace
