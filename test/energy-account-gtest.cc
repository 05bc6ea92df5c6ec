// SPDX-License-Identifier: GPL-2.0-only

// On whose account energy goes: a campaign's, or that of what the device does anyway. Expected
// values are made from the frames on the air and the profile's currents.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr DeviceId METER{0};

/** Meters of class A beside their gateway, which fetch 2 kB by unicast. */
constexpr const char* DOWNLOADS = R"({
  "schema": 1,
  "name": "downloads",
  "seed": 6,
  "duration": "10 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 3, "activated": true, "data_rate": 5, "clock_drift": "20 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "2 h", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2000 B", "manifest": false } ] },
  "distribution": { "policy": "UNICAST" },
  "rollout": { "start": "1 d", "waves": [ { "share": 1 } ] }
})";

/** Application ports of updates: TS005, TS004 and TS006. */
bool
IsOfCampaign(uint8_t port)
{
    return port == 200 || port == 201 || port == 203;
}

/** Energy of a device's frames above its sleep, J: what others cause, and what a campaign does. */
struct Tally
{
    void OnUplink(const UplinkEnd& uplink)
    {
        if (uplink.device != METER)
        {
            return;
        }
        // Empty frames only fetch what was announced: nothing else asks for any here.
        const bool campaign = uplink.kind == UplinkKind::EMPTY ||
                              (uplink.payload != nullptr && IsOfCampaign(uplink.payload->port));
        empty += uplink.kind == UplinkKind::EMPTY ? 1 : 0;
        const double txS = ToSeconds(uplink.end - uplink.start) + profile.txOverheadS;
        // Windows at DR5 and at RX2's DR0, as measured.
        const double windowsS = profile.emptyWindowS[5] + profile.emptyWindowS[0];
        (campaign ? campaignJ : ownJ) += Above(txS, 0.0272) + Above(windowsS, profile.rxA);
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool sent)
    {
        if (frame.hasPayload && sent)
        {
            campaignBytes += IsOfCampaign(frame.payload.port) ? frame.payload.size : 0;
        }
        if (frame.device != METER || !network->Mac().CanHear(METER))
        {
            return; // it is rebooting, say
        }
        const bool own = frame.hasPayload && !IsOfCampaign(frame.payload.port);
        (own ? ownJ : campaignJ) += Above(ToSeconds(frame.airtime), profile.rxA);
    }

    double Above(double seconds, double currentA) const
    {
        return seconds * (currentA - profile.sleepA) * profile.supplyV;
    }

    Ptr<LorawanNetwork> network;
    DeviceProfile profile = *FindBuiltInProfile("stm32wl55");
    double ownJ{0};
    double campaignJ{0};
    uint64_t campaignBytes{0};
    int empty{0};
};

/** Sets of the scenario: how many fragments wait at a time, and whether clocks are set. */
class Downloads : public testing::TestWithParam<std::vector<std::string>>
{
};

TEST_P(Downloads, TellsTheCampaignFromWhatTheDeviceDoesAnyway)
{
    const auto scenario = test::ReadScenarioText(DOWNLOADS, GetParam());
    FleetSimulation simulation(scenario, 1);
    Tally tally;
    tally.network = simulation.network;
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Tally::OnUplink, &tally));
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&Tally::OnDownlink, &tally));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    const auto& fleet = *simulation.fleet;
    ASSERT_EQ(fleet.GetUpdate(METER), UpdateState::CONFIRMED);
    ASSERT_GT(tally.ownJ, 0);
    const auto& profile = tally.profile;
    const double mcuJ = fleet.EnergyJ(METER, EnergyUse::MCU) * (1 - profile.sleepA / profile.mcuA);
    EXPECT_NEAR(fleet.CampaignEnergyJ(METER), tally.campaignJ + mcuJ, 1e-3 * tally.campaignJ);
    // What it would have used without the campaign: it sleeps all the time but for its own frames.
    const Tick now = ToTicks(scenario.durationS);
    const double ownJ = scenario.durationS * profile.sleepA * profile.supplyV + tally.ownJ;
    EXPECT_NEAR(fleet.TotalEnergyJ(METER, now) - fleet.CampaignEnergyJ(METER), ownJ, 1e-3 * ownJ);
    EXPECT_EQ(simulation.network->Server().Counters().bytesCampaign, tally.campaignBytes);
    EXPECT_GE(tally.campaignBytes, 3U * 2000);
    Simulator::Destroy();
}

INSTANTIATE_TEST_SUITE_P(
    Window,
    Downloads,
    testing::Values(std::vector<std::string>{R"(/distribution/unicast_window=8)"},
                    std::vector<std::string>{R"(/distribution/unicast_window=1)"},
                    std::vector<std::string>{R"(/distribution/unicast_window=8)",
                                             R"(/access/lorawan/clock_sync={"method":"ts003"})"}));

/// TS003 goes on whether or not there is a campaign: it costs none of its bytes and energy.
TEST(EnergyAccounts, ClocksAreNotTheCampaigns)
{
    const std::vector<std::string> one{"/fleet/groups/0/count=1",
                                       "/distribution/policy=\"ALL\"",
                                       R"(/access/lorawan/clock_sync={"method":"ts003",
                                                                      "period":"6 h"})"};
    const auto with = WholeRun::OfText(DOWNLOADS, one);
    const auto without = WholeRun::OfText(DOWNLOADS, {one[0], one[1]});
    EXPECT_EQ(with.Metric("devices_updated"), 1);
    EXPECT_EQ(with.Metric("bytes_sent_unicast"), without.Metric("bytes_sent_unicast"));
    // McGroupSetupReq, FragSessionSetupReq and McClassCSessionReq (TS005-1.0.0, TS004-1.0.0).
    EXPECT_GE(without.Metric("bytes_sent_unicast"), 30 + 11 + 11);
}

/// A campaign is charged with what a device uses more than at rest.
TEST(EnergyAccounts, RestIsNotTheCampaigns)
{
    for (const bool listens : {false, true})
    {
        const auto fleet = CreateObject<Fleet>();
        const auto& profile = *FindBuiltInProfile("stm32wl55");
        fleet->AddProfile(profile);
        const uint16_t group = fleet->AddGroup("all");
        const DeviceId d = fleet->Add({});
        fleet->SetPowered(d, 0);
        fleet->SetEnrolled(d, 0);
        if (listens)
        {
            fleet->SetAlwaysListening(group);
        }
        fleet->Spend(d, EnergyUse::RX, 1000, profile.rxA, EnergyAccount::CAMPAIGN);
        const double restA = listens ? profile.rxA : profile.sleepA;
        EXPECT_NEAR(fleet->CampaignEnergyJ(d), 1000 * (profile.rxA - restA) * 3, 1e-4);
        EXPECT_NEAR(fleet->TotalEnergyJ(d, ToTicks(5000)) - fleet->CampaignEnergyJ(d),
                    5000 * restA * 3,
                    1e-3);
    }
}

} // namespace
