// SPDX-License-Identifier: GPL-2.0-only

// Attributes set in ns-3's own ways reach the runs of FleetHelper and of scenario files, and what a
// user says of a scenario goes before them. Also: several fleets in a program.

#include "helper/fleet-helper.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-writer.h"
#include "test/program-test.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/ipv4.h"
#include "ns3/nstime.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

class ModelSettingsTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        Config::Reset();
        Simulator::Destroy();
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
    }

    /// A little fleet with an update, so that all services are there.
    static void Fill(FleetHelper& helper)
    {
        helper.AddDevices("meter", 5, 200).activated = true;
        helper.AddGateway("mast", Vector(0, 0, 20));
        helper.SetFirmware("1.1.0", 1000, Hours(1));
    }
};

TEST_F(ModelSettingsTest, StartAScenarioAsItIsWithoutThem)
{
    Scenario scenario;
    StartFrom(scenario, ModelSettings::Now());
    EXPECT_EQ(EffectiveScenario(scenario), EffectiveScenario(Scenario{}))
        << "an attribute's default differs from that of its scenario key";
}

TEST_F(ModelSettingsTest, ReachTheRunAsTheCookbookSays)
{
    Config::SetDefault("ns3::iotfleet::UpdateAgent::Watchdog", TimeValue(Seconds(60)));
    Config::SetDefault("ns3::iotfleet::UpdateService::Redundancy", DoubleValue(0.9));
    Config::SetDefault("ns3::iotfleet::LorawanNetwork::Adr", BooleanValue(false));
    FleetHelper helper;
    Fill(helper);
    const FleetContainer fleet = helper.Install();
    TimeValue watchdog;
    fleet.GetUpdateAgent()->GetAttribute("Watchdog", watchdog);
    EXPECT_EQ(watchdog.Get(), Seconds(60));
    EXPECT_EQ(fleet.GetUpdateService()->GetConfig().redundancy, 0.9);
    EXPECT_FALSE(fleet.GetNetwork()->Core().config.adr);
}

TEST_F(ModelSettingsTest, ReachTheRunThoughTheHelperWasThereBefore)
{
    FleetHelper helper;
    Fill(helper);
    Config::SetDefault("ns3::iotfleet::UpdateService::Redundancy", DoubleValue(0.9));
    Config::SetDefault("ns3::iotfleet::UpdateAgent::ConfirmBy", StringValue("server-contact"));
    Config::SetDefault("ns3::iotfleet::Rollout::Order", StringValue("site"));
    Config::SetDefault("ns3::iotfleet::LorawanNetwork::DutyCycleRule", StringValue("pause"));
    const FleetContainer fleet = helper.Install();
    EXPECT_EQ(fleet.GetUpdateService()->GetConfig().redundancy, 0.9);
    EXPECT_EQ(fleet.GetUpdateAgent()->GetConfig().confirmBy, "server-contact");
    EXPECT_EQ(fleet.GetRollout()->GetConfig().order, WaveOrderKind::SITE);
    EXPECT_EQ(fleet.GetNetwork()->Core().config.dutyCycleRule, DutyCycleRule::PAUSE);
}

TEST_F(ModelSettingsTest, GiveWayToWhatTheUserSaidOfTheScenario)
{
    Config::SetDefault("ns3::iotfleet::UpdateService::Redundancy", DoubleValue(0.9));
    Config::SetDefault("ns3::iotfleet::Rollout::Start", TimeValue(Hours(9)));
    FleetHelper helper;
    Fill(helper);
    EXPECT_EQ(helper.GetScenario().distribution.redundancy, 0.9);
    helper.GetScenario().distribution.redundancy = 0.25;
    const FleetContainer fleet = helper.Install();
    EXPECT_EQ(fleet.GetUpdateService()->GetConfig().redundancy, 0.25);
    EXPECT_EQ(fleet.GetRollout()->GetConfig().startS, 3600) << "SetFirmware said so";
}

TEST_F(ModelSettingsTest, OutsideScenariosReachTheRunToo)
{
    Config::SetDefault("ns3::iotfleet::Rollout::CheckInterval", TimeValue(Seconds(7)));
    Config::SetDefault("ns3::iotfleet::UpdateAgent::CountFragments", BooleanValue(false));
    FleetHelper helper;
    Fill(helper);
    const FleetContainer fleet = helper.Install();
    TimeValue interval;
    fleet.GetRollout()->GetAttribute("CheckInterval", interval);
    EXPECT_EQ(interval.Get(), Seconds(7));
    BooleanValue counts;
    fleet.GetUpdateAgent()->GetAttribute("CountFragments", counts);
    EXPECT_FALSE(counts.Get());
}

TEST_F(ModelSettingsTest, ReachQuarantine)
{
    Config::SetDefault("ns3::iotfleet::Detector::Window", TimeValue(Minutes(30)));
    Config::SetDefault("ns3::iotfleet::QuarantineController::N", UintegerValue(4));
    FleetHelper helper;
    Fill(helper);
    helper.GetScenario().quarantine.enabled = true;
    const FleetContainer fleet = helper.Install();
    EXPECT_EQ(fleet.GetQuarantine()->GetConfig().n, 4U);
    EXPECT_EQ(fleet.GetQuarantine()->GetConfig().k, 2U);
}

TEST_F(ModelSettingsTest, ReachTheClocksWhereTs003SetsThem)
{
    Config::SetDefault("ns3::iotfleet::ClockSyncAgent::Period", TimeValue(Hours(6)));
    Config::SetDefault("ns3::iotfleet::ClockSyncAgent::AnswerRequired", BooleanValue(true));
    FleetHelper helper;
    Fill(helper);
    Config::SetDefault("ns3::iotfleet::ClockSyncService::Periodicity", IntegerValue(9));
    Config::SetDefault("ns3::iotfleet::ClockSyncService::ResyncAt", TimeValue(Minutes(10)));
    Config::SetDefault("ns3::iotfleet::ClockSyncService::ResyncTransmissions", UintegerValue(3));
    helper.GetScenario().lorawan.clockSync.method = "ts003";
    const FleetContainer fleet = helper.Install();
    const auto& agent = fleet.GetClockSyncAgent()->GetConfig();
    EXPECT_EQ(agent.periodS, 6 * 3600);
    EXPECT_TRUE(agent.answerRequired);
    const auto& service = fleet.GetClockSyncService()->GetConfig();
    EXPECT_EQ(service.periodicity, 9);
    EXPECT_EQ(service.resyncAtS, 600);
    EXPECT_EQ(service.resyncTransmissions, 3);
}

TEST_F(ModelSettingsTest, OfTheClocksGiveWayToTheScenarioAndToOtherMethods)
{
    Config::SetDefault("ns3::iotfleet::ClockSyncAgent::Period", TimeValue(Hours(6)));
    Config::SetDefault("ns3::iotfleet::ClockSyncService::Periodicity", IntegerValue(9));
    Config::SetDefault("ns3::iotfleet::LorawanNetwork::ClockSync", TimeValue(Hours(2)));
    FleetHelper said;
    Fill(said);
    said.GetScenario().lorawan.clockSync.method = "ts003";
    said.GetScenario().lorawan.clockSync.periodS = 1800;
    EXPECT_EQ(said.Install().GetClockSyncAgent()->GetConfig().periodS, 1800);
    FleetHelper other;
    Fill(other);
    other.GetScenario().lorawan.clockSync.method = "device-time";
    const FleetContainer fleet = other.Install(); // refused if Periodicity reached the scenario
    EXPECT_EQ(fleet.GetClockSyncAgent(), nullptr);
    EXPECT_EQ(fleet.GetNetwork()->Core().config.clockSyncS, 7200);
}

const char* const SCENARIO = R"({
  "schema": 1,
  "fleet": {"groups": [{"name": "meter", "count": 5}]},
  "access": {"lorawan": {"gateways": [{"name": "g"}]}},
  "firmware": {"images": [{"version": "1.1.0", "size": "1 kB"}]},
  "distribution": {"setup_retries": 5},
  "rollout": {}
})";

/// The program, since ns-3 reads its environment once in a process.
using ModelSettingsProgramTest = test::ProgramTest;

TEST_F(ModelSettingsProgramTest, OfTheEnvironmentReachScenarioFiles)
{
    std::ofstream(m_folder / "s.json") << SCENARIO;
    const auto plain = Call("validate --effective s.json");
    setenv("NS_ATTRIBUTE_DEFAULT",
           "ns3::iotfleet::UpdateService::Redundancy=0.9;"
           "ns3::iotfleet::UpdateService::SetupRetries=8;"
           "ns3::iotfleet::UpdateService::DataRate=3;"
           "ns3::iotfleet::UpdateService::DeleteAfter=90s",
           1);
    const auto changed = Call("validate --effective s.json");
    const auto emptied = Call("validate --effective s.json --set /distribution/data_rate=null");
    const auto other = ReadScenarioText("s.json", SCENARIO);
    unsetenv("NS_ATTRIBUTE_DEFAULT");
    const auto distribution = [](const test::Outcome& outcome) {
        return nlohmann::json::parse(outcome.output).at("distribution");
    };
    EXPECT_EQ(distribution(plain).at("redundancy"), 0.3) << "the manual's default";
    EXPECT_EQ(distribution(changed).at("redundancy"), 0.9);
    EXPECT_EQ(distribution(changed).at("setup_retries"), 5) << "the file says so";
    EXPECT_EQ(distribution(changed).at("data_rate"), 3) << "null only where the file says null";
    EXPECT_EQ(distribution(changed).at("delete_after"), "90 s");
    EXPECT_TRUE(distribution(emptied).at("data_rate").is_null());
    EXPECT_NE(ReadScenarioText("s.json", SCENARIO).sha256, other.sha256)
        << "runs with other attributes must be told apart";
}

/// When the first device was switched on, a draw, and how many were updated, a consequence of many.
struct Outcome
{
    double poweredS;
    uint32_t updated;

    bool operator==(const Outcome&) const = default;
};

Outcome
Of(const FleetContainer& fleet)
{
    return {fleet.GetFleet()->PoweredS(DeviceId{0}), fleet.CountUpdated()};
}

TEST_F(ModelSettingsTest, TwoFleetsShareAProgram)
{
    const auto describe = [](FleetHelper& helper) {
        helper.AddDevices("meter", 8, 200).powerOnSpreadS = 600;
        helper.AddGateway("mast", Vector(0, 0, 20));
        helper.GetScenario().lorawan.backhauls["default"].loss = 0.05;
        helper.SetFirmware("1.1.0", 500, Hours(1));
    };
    FleetHelper north("north");
    FleetHelper south("south");
    describe(north);
    describe(south);
    int64_t stream = 100;
    stream += north.AssignStreams(stream);
    stream += south.AssignStreams(stream);
    EXPECT_EQ(stream, 104) << "loss up and down one link each";
    std::array<Outcome, 2> together;
    {
        const FleetContainer a = north.Install();
        const FleetContainer b = south.Install();
        Simulator::Stop(Days(2));
        Simulator::Run();
        together = {Of(a), Of(b)};
        Simulator::Destroy();
    }
    EXPECT_NE(together[0].poweredS, together[1].poweredS) << "fleets draw for themselves";
    EXPECT_EQ(together[0].updated, 8U);
    EXPECT_EQ(together[1].updated, 8U);

    FleetHelper again("south");
    describe(again);
    again.AssignStreams(102);
    const FleetContainer alone = again.Install();
    Simulator::Stop(Days(2));
    Simulator::Run();
    EXPECT_EQ(Of(alone), together[1]) << "a neighbour changes nothing";
}

TEST_F(ModelSettingsTest, LorawanHelperFollowsAttributes)
{
    LorawanHelper helper;
    Config::SetDefault("ns3::iotfleet::LorawanNetwork::Adr", BooleanValue(false));
    Config::SetDefault("ns3::iotfleet::LorawanNetwork::ConfirmedRetries", UintegerValue(3));
    helper.spec.adrMarginDb = 5;
    helper.spec.gateways.resize(3);
    helper.spec.backhauls["default"];
    EXPECT_EQ(helper.AssignStreams(10), 6);
    helper.spec.backhaulModel = "delay";
    EXPECT_EQ(helper.AssignStreams(10), 0) << "its draws are counted, not streams";
    const auto fleet = CreateObject<Fleet>();
    DeviceRegistry registry;
    const auto network = helper.Create(fleet, &registry, CounterRandom(1, 1));
    EXPECT_FALSE(network->Core().config.adr);
    EXPECT_EQ(network->Core().config.confirmedRetries, 3);
    EXPECT_EQ(network->Core().config.adrMarginDb, 5);
    network->Dispose();
}

} // namespace
