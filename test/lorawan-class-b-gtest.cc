// SPDX-License-Identifier: GPL-2.0-only

// Class B: beacons, drift and ping slots against closed forms of TS001-1.0.4 sections 12 to 15.

#include "helper/fleet-simulation.h"
#include "model/lorawan/beacon-receivers.h"
#include "model/lorawan/group-reception.h"
#include "model/lorawan/mac-options.h"
#include "model/lorawan/ping-slots.h"
#include "model/wire/lorawan-mac-commands.h"
#include "test/lorawan-bench.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr double RX_W = 0.0079 * 3;      // stm32wl55
constexpr double SYMBOL_S = 512 / 125e3; // SF9: EU868's beacons and ping slots
constexpr double BEACON_AIRTIME_S =
    0.152576; // 17 B, preamble 10, implicit header: TS001 section 13.2

TEST(MacOptions, WeighWhatTheyEncodeTo)
{
    using namespace wire::mac;
    const auto v1 = wire::PackageVersion::V1;
    EXPECT_EQ(UplinkOptionBytes(LINK_ADR_ANS), EncodedSize(LinkADRAns{}, v1));
    EXPECT_EQ(UplinkOptionBytes(DEVICE_TIME_REQ), EncodedSize(DeviceTimeReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(PING_SLOT_INFO_REQ), EncodedSize(PingSlotInfoReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(LINK_CHECK_REQ), EncodedSize(LinkCheckReq{}, v1));
    EXPECT_EQ(UplinkOptionBytes(REKEY_IND), EncodedSize(RekeyInd{}, v1));
    EXPECT_EQ(UplinkOptionBytes(LINK_ADR_ANS | DEVICE_TIME_REQ), 3U);
    EXPECT_EQ(DownlinkOptionBytes(LINK_CHECK_ANS), EncodedSize(LinkCheckAns{}, v1));
    EXPECT_EQ(DownlinkOptionBytes(REKEY_CONF), EncodedSize(RekeyConf{}, v1));
    EXPECT_EQ(DownlinkOptionBytes(DEVICE_TIME_ANS), EncodedSize(DeviceTimeAns{}, v1));
    EXPECT_EQ(DownlinkOptionBytes(PING_SLOT_INFO_ANS), EncodedSize(PingSlotInfoAns{}, v1));
    EXPECT_EQ(AnswersTo(LINK_ADR_ANS | DEVICE_TIME_REQ), DEVICE_TIME_ANS);
}

/** One device that follows the beacons of one gateway. */
struct Receiver
{
    Receiver(BeaconReceivers::Start how, double driftPpm, const LorawanConfig& config = {})
        : bench({-80}, 1, config),
          air(bench.core),
          receivers(bench.core, air, [=](DeviceId) { return driftPpm; })
    {
        receivers.SetChangeHandler([this](DeviceId, bool locked) { changes.push_back(locked); });
        follower = receivers.Follow(DeviceId{0}, how, EnergyAccount::OPERATION);
    }

    ~Receiver()
    {
        Simulator::Destroy();
    }

    /** Beacon `number` ends; `sent`: a gateway sent it. */
    void Beacon(Tick number, bool sent = true)
    {
        const Tick start = number * BEACON_PERIOD;
        const std::span<const GatewayId> all(gateways);
        receivers.OnBeacon({start,
                            start + ToTicks(BEACON_AIRTIME_S),
                            869'525'000,
                            sent ? all : all.first(0),
                            sent});
    }

    double EnergyJ() const
    {
        return bench.core.fleet->EnergyJ(DeviceId{0}, EnergyUse::RX);
    }

    bool Catches(double seconds) const
    {
        return receivers.CatchesSlot(follower, ToTicks(seconds), SYMBOL_S);
    }

    test::LorawanBench bench;
    DownlinkAir air;
    BeaconReceivers receivers;
    BeaconReceivers::Index follower;
    std::array<GatewayId, 1> gateways{GatewayId{0}};
    std::vector<bool> changes;
};

TEST(Beacons, AirtimeIsThatOfTheStandard)
{
    const auto& region = GetRegion("EU868");
    EXPECT_EQ(wire::LoraAirtimeNs(region.BeaconModulation(), region.beacon.sizeBytes),
              ToTicks(BEACON_AIRTIME_S));
}

TEST(Beacons, ASearchListensUntilOneComes)
{
    Receiver receiver(BeaconReceivers::Start::SEARCH, 0);
    EXPECT_FALSE(receiver.receivers.IsLocked(receiver.follower));
    receiver.Beacon(1);
    EXPECT_TRUE(receiver.receivers.IsLocked(receiver.follower));
    EXPECT_EQ(receiver.changes, std::vector<bool>{true});
    EXPECT_NEAR(receiver.EnergyJ(), (128 + BEACON_AIRTIME_S) * RX_W, 1e-4);
}

TEST(Beacons, ASearchInVainRestsForAnHour)
{
    Receiver receiver(BeaconReceivers::Start::SEARCH, 0);
    for (Tick n = 1; n <= 20; ++n)
    {
        receiver.Beacon(n, false);
    }
    // 256 s are over with the second beacon; 3600 s later it searches anew, not yet for 256 s.
    EXPECT_NEAR(receiver.EnergyJ(), (2 * 128 + BEACON_AIRTIME_S) * RX_W, 1e-4);
    for (Tick n = 21; n <= 33; ++n)
    {
        receiver.Beacon(n); // the 31st begins 3712 s after the end of the search
    }
    EXPECT_TRUE(receiver.receivers.IsLocked(receiver.follower));
}

TEST(Beacons, WindowsWidenWithTheTimeSinceTheLastOne)
{
    LorawanConfig config; // 40 ppm are assumed
    Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, 0, config);
    receiver.Beacon(1);
    receiver.Beacon(2);
    const double twice = 2 * (2 * 40e-6 * 128 + BEACON_AIRTIME_S);
    EXPECT_NEAR(receiver.EnergyJ(), twice * RX_W, 1e-6);
    receiver.Beacon(3, false); // eight symbols in vain
    receiver.Beacon(4);
    const double then = 2 * 40e-6 * (128 + 256) + 8 * SYMBOL_S + BEACON_AIRTIME_S;
    EXPECT_NEAR(receiver.EnergyJ(), (twice + then) * RX_W, 1e-6);
}

// A slot is caught while drift * t <= min(assumed * t, 15 symbols) + 2 symbols.
TEST(Beacons, LostOnesLetSlotsBeMissedByDriftAlone)
{
    {
        Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, 100);
        receiver.Beacon(1);
        const double lastS = 2 * SYMBOL_S / 60e-6; // 136.5 s
        EXPECT_TRUE(receiver.Catches(128 + lastS - 0.1));
        EXPECT_FALSE(receiver.Catches(128 + lastS + 0.1));
    }
    {
        Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, -30); // better than assumed
        receiver.Beacon(1);
        const double lastS = 17 * SYMBOL_S / 30e-6; // the window has stopped growing
        EXPECT_TRUE(receiver.Catches(128 + lastS - 0.1));
        EXPECT_FALSE(receiver.Catches(128 + lastS + 0.1));
    }
    {
        Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, 4); // never within two hours
        receiver.Beacon(1);
        EXPECT_TRUE(receiver.Catches(128 + 7200));
    }
}

TEST(Beacons, TwoHoursWithoutEndClassB)
{
    Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, 0);
    receiver.Beacon(1);
    Tick n = 2;
    for (; receiver.changes.size() < 2 && n < 200; ++n)
    {
        receiver.Beacon(n, false);
    }
    ASSERT_EQ(receiver.changes, (std::vector<bool>{true, false}));
    EXPECT_EQ(n - 1, 1 + 57); // the first beacon that is missed 7200 s or more after the last one
    EXPECT_FALSE(receiver.receivers.IsLocked(receiver.follower));
}

TEST(Beacons, AreHeardAsOftenAsTheLossSays)
{
    constexpr double LOSS = 0.3;
    constexpr int BEACONS = 20000;
    LorawanConfig config;
    config.classBBeaconLoss = LOSS;
    Receiver receiver(BeaconReceivers::Start::KNOWN_TIME, 0, config);
    double missed = 0;
    double energyJ = receiver.EnergyJ();
    for (Tick n = 1; n <= BEACONS; ++n)
    {
        receiver.bench.core.ChargeReceiving(DeviceId{0}, -energyJ / RX_W, EnergyAccount::OPERATION);
        receiver.Beacon(n);
        energyJ = receiver.EnergyJ();
        // What was in vain costs less than a beacon's airtime.
        missed += energyJ / RX_W < BEACON_AIRTIME_S ? 1 : 0;
    }
    EXPECT_NEAR(missed / BEACONS, LOSS, 5 * std::sqrt(LOSS * (1 - LOSS) / BEACONS));
}

TEST(GroupSteps, AreReplayedAsTheyWere)
{
    constexpr uint32_t FRAMES = 60;
    LorawanConfig config;
    config.frameLoss = 0.3;
    test::LorawanBench bench(std::vector<double>(20, -80), 1, config);
    const DownlinkAir air(bench.core);
    std::vector<DeviceId> members;
    for (uint32_t i = 0; i < 20; ++i)
    {
        members.push_back(DeviceId{i});
    }
    GroupReceptionModel model(bench.core, air, GroupId{0}, members);
    for (uint32_t i = 0; i < 20; ++i)
    {
        model.SetListening(i, true);
    }
    std::vector<std::vector<uint8_t>> told;
    for (uint32_t f = 0; f < FRAMES; ++f)
    {
        const auto inStep = static_cast<uint8_t>(f < 20 ? 0 : f < 40 ? 0xF1 : 0x8F);
        model.SetInStep(1, inStep);
        const std::array copies{DownlinkOnAir{GatewayId{0},
                                              869'525'000,
                                              9,
                                              125'000,
                                              27,
                                              ToTicks(f),
                                              ToTicks(f + 0.5),
                                              f + 1}};
        const auto heard = model.OnFrame(copies);
        told.emplace_back(heard.begin(), heard.end());
        EXPECT_EQ(heard[1] & ~inStep, 0);
    }
    std::vector<uint8_t> again;
    for (uint32_t block = 0; block < 3; ++block)
    {
        model.Replay(block, again);
        for (uint32_t f = 0; f < FRAMES; ++f)
        {
            ASSERT_EQ(again[f], told[f][block]) << block << ", " << f;
        }
    }
}

constexpr const char* CLASS_B = R"({
  "schema": 1,
  "name": "class-b",
  "seed": 2,
  "duration": "4 d",
  "fleet": { "groups": [
    { "name": "valve", "count": 4, "activated": true, "data_rate": 5, "class": "B",
      "ping_periodicity": 4,
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "12 h", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ], "outages": [] } }
})";

/** Messages to the devices: when they were sent and when they came. */
struct Mailman
{
    explicit Mailman(FleetSimulation& s)
        : simulation(s)
    {
        s.network->HandleAtDevice(10, [this](DeviceId, const wire::AppPayload& payload) {
            const size_t number = payload.bytes[0] + 256U * payload.bytes[1];
            arrived[number] = Simulator::Now().GetSeconds();
        });
    }

    void Send(DeviceId d)
    {
        auto payload = wire::AppPayload::ForPort(10);
        const std::array bytes{static_cast<uint8_t>(sent.size()),
                               static_cast<uint8_t>(sent.size() >> 8)};
        payload.Append(bytes);
        sent.push_back(Simulator::Now().GetSeconds());
        arrived.push_back(-1);
        simulation.network->SendToDevice(d, payload);
    }

    FleetSimulation& simulation;
    std::vector<double> sent;
    std::vector<double> arrived;
};

// Slots come every 15.36 s: the wait for one is uniform, but for the way to the gateway and the
// 2.12 s after a beacon that are nobody's slots.
TEST(ClassBUnicast, ReachesDevicesInTheirSlots)
{
    constexpr double PERIOD_S = 15.36;
    const auto scenario = test::ReadScenarioText(CLASS_B);
    FleetSimulation simulation(scenario, 1);
    Mailman mailman(simulation);
    for (int i = 0; i < 400; ++i)
    {
        Simulator::Schedule(Seconds(7200 + 611.3 * i), [&mailman, i] {
            mailman.Send(DeviceId{static_cast<uint32_t>(i % 4)});
        });
    }
    Simulator::Stop(Seconds(7200 + 400 * 611.3 + 600));
    Simulator::Run();
    EXPECT_EQ(simulation.network->ClassB().Active(), 4U);
    Simulator::Destroy();
    double sum = 0;
    const double airtimeS = ToSeconds(GetRegion("EU868").AirtimeNs(3, 15, false));
    for (size_t i = 0; i < mailman.sent.size(); ++i)
    {
        ASSERT_GT(mailman.arrived[i], 0) << i;
        const double waitS = mailman.arrived[i] - mailman.sent[i] - airtimeS;
        EXPECT_GT(waitS, 0.05 + 0.02);                // backhaul and the gateway's lead
        EXPECT_LT(waitS, 0.07 + 2 * PERIOD_S + 5.12); // at most a slot lost to a beacon
        sum += waitS;
        const double startS = mailman.arrived[i] - airtimeS;
        const double afterBeacon = std::fmod(startS, 128) - 2.12;
        EXPECT_NEAR(afterBeacon / 0.03, std::round(afterBeacon / 0.03), 1e-3);
    }
    // E[gap^2] / (2 E[gap]) of a beacon period: seven gaps of a slot period, and one that is 5.12 s
    // longer in the mean and varies by two uniform offsets.
    const double odd = PERIOD_S + 5.12;
    const double meanS =
        (7 * PERIOD_S * PERIOD_S + odd * odd + PERIOD_S * PERIOD_S / 6) / (2 * 128);
    const double n = static_cast<double>(mailman.sent.size());
    EXPECT_NEAR(sum / n, 0.07 + meanS, 5 * 5 / std::sqrt(n)); // the deviation is below 5 s
}

/** What a gateway sends: beacons, and downlinks to single devices. */
struct AirLog
{
    void OnBeacon(GatewayId, uint32_t, Tick start)
    {
        beacons.push_back(start);
    }

    void OnDownlink(const DownlinkFrame&, const DownlinkOnAir& onAir, bool sent)
    {
        if (sent)
        {
            downlinks.push_back({onAir.start, onAir.end});
        }
    }

    std::vector<Tick> beacons;
    std::vector<TimeSpan> downlinks;
};

// Thirty class A devices of SF12 want acknowledgements of 1.2 s each, all day long.
TEST(Beacons, NoFrameIsSentAcrossOne)
{
    const auto scenario = test::ReadScenarioText(
        CLASS_B,
        {R"(/fleet/groups/-={"name":"talker","count":30,"activated":true,"data_rate":0,)"
         R"("placement":{"kind":"point","center":{"x":"50 m","y":"0 m"}},)"
         R"("telemetry":{"period":"2 min","size":"12 B","confirmed":true}})",
         "/access/lorawan/device_duty_cycle=false",
         "/access/lorawan/duty_cycle_rule=none"});
    FleetSimulation simulation(scenario, 1);
    AirLog log;
    simulation.network->TraceConnectWithoutContext("BeaconSent",
                                                   MakeCallback(&AirLog::OnBeacon, &log));
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&AirLog::OnDownlink, &log));
    Simulator::Stop(Hours(12));
    Simulator::Run();
    Simulator::Destroy();
    ASSERT_GT(log.beacons.size(), 300U);
    ASSERT_GT(log.downlinks.size(), 1000U);
    const Tick beacon = ToTicks(BEACON_AIRTIME_S);
    size_t overlaps = 0;
    for (const auto& frame : log.downlinks)
    {
        const auto next = std::ranges::lower_bound(log.beacons, frame.end) - log.beacons.begin();
        overlaps += next > 0 && log.beacons[static_cast<size_t>(next) - 1] + beacon > frame.start;
    }
    EXPECT_EQ(overlaps, 0U) << "of " << log.downlinks.size();
}

TEST(ClassBUnicast, ClassAWaitsForItsUplinks)
{
    const auto scenario = test::ReadScenarioText(CLASS_B, {"/fleet/groups/0/class=\"A\""});
    FleetSimulation simulation(scenario, 1);
    Mailman mailman(simulation);
    for (int i = 0; i < 40; ++i)
    {
        Simulator::Schedule(Seconds(7200 + 6113 * i), [&mailman, i] {
            mailman.Send(DeviceId{static_cast<uint32_t>(i % 4)});
        });
    }
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    double sum = 0;
    for (size_t i = 0; i < mailman.sent.size(); ++i)
    {
        ASSERT_GT(mailman.arrived[i], 0) << i;
        sum += mailman.arrived[i] - mailman.sent[i];
    }
    EXPECT_GT(sum / 40, 3600); // 6 h in the mean
}

TEST(ClassBUnicast, AnOutageOfTwoHoursMakesThemClassA)
{
    const auto scenario = test::ReadScenarioText(
        CLASS_B,
        {R"(/access/lorawan/outages=[{"gateway":"mast","start":"20 h","end":"25 h"}])"});
    FleetSimulation simulation(scenario, 1);
    std::map<double, uint32_t> active;
    for (const double hour : {19.9, 21.9, 22.3, 24.9, 50.0})
    {
        Simulator::Schedule(Hours(hour), [&active, &simulation, hour] {
            active[hour] = simulation.network->ClassB().Active();
        });
    }
    Simulator::Stop(Hours(51));
    Simulator::Run();
    Simulator::Destroy();
    EXPECT_EQ(active[19.9], 4U);
    EXPECT_EQ(active[21.9], 4U); // beacon-less operation
    EXPECT_EQ(active[22.3], 0U);
    EXPECT_EQ(active[24.9], 0U);
    EXPECT_EQ(active[50.0], 4U); // they asked for the time again
}

TEST(ClassBUnicast, WhoIsOffForGoodPaysNoMore)
{
    const auto scenario = test::ReadScenarioText(CLASS_B);
    FleetSimulation simulation(scenario, 1);
    const auto receivedJ = [&](uint32_t d) {
        return simulation.fleet->EnergyJ(DeviceId{d}, EnergyUse::RX);
    };
    std::array<double, 2> beforeJ{};
    Simulator::Schedule(Hours(40) + Seconds(60), [&] { // between two beacons
        const double chargedJ = receivedJ(0);
        simulation.network->Silence(DeviceId{0});
        beforeJ = {receivedJ(0), receivedJ(1)};
        EXPECT_GT(beforeJ[0], chargedJ) << "slots since the last beacon";
        EXPECT_EQ(simulation.network->ClassB().Active(), 3U);
        EXPECT_FALSE(simulation.network->ClassB().IsInClassB(DeviceId{0}));
    });
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    simulation.network->Settle();
    EXPECT_EQ(receivedJ(0), beforeJ[0]);
    EXPECT_GT(receivedJ(1), beforeJ[1] + 1);
    EXPECT_EQ(simulation.network->ClassB().Active(), 3U);
    Simulator::Destroy();
}

// Windows of a day: eight slots a beacon period of an empty window at SF9 widened by 40 ppm of 64 s
// in the mean, and 675 beacons of their airtime widened by 40 ppm of 128 s, on both sides.
TEST(ClassBUnicast, PaysForBeaconsAndSlots)
{
    std::array<double, 2> energyJ{};
    for (const bool classB : {false, true})
    {
        const auto scenario = test::ReadScenarioText(
            CLASS_B,
            {std::string("/fleet/groups/0/class=\"") + (classB ? "B\"" : "A\"")});
        FleetSimulation simulation(scenario, 1);
        Simulator::Stop(Seconds(scenario.durationS));
        Simulator::Run();
        simulation.network->Settle();
        energyJ[classB] = simulation.fleet->TotalEnergyJ(DeviceId{0}, ToTicks(scenario.durationS));
        Simulator::Destroy();
    }
    const double slotS = 0.0595 + 2 * 40e-6 * 64;
    const double beaconS = BEACON_AIRTIME_S + 2 * 40e-6 * 128;
    const double expected = 4 * (675 * 8 * slotS + 675 * beaconS) * RX_W;
    EXPECT_NEAR(energyJ[1] - energyJ[0], expected, 0.01 * expected);
}

} // namespace
