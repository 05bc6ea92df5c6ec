// SPDX-License-Identifier: GPL-2.0-only

// FleetHelper: what C++ users build a fleet with. The examples show that whole runs work.

#include "helper/fleet-helper.h"
#include "helper/scenario-error.h"

#include "ns3/ipv4.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

class FleetHelperTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        Simulator::Destroy();
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
    }
};

TEST_F(FleetHelperTest, BuildsWhatWasSaid)
{
    FleetHelper helper;
    helper.AddDevices("meter", 30, 500);
    helper.AddDevices("lamp", 12, 500).profile = "mains";
    helper.AddGateway("north", Vector(0, 300, 20));
    helper.AddGateway("south", Vector(0, -300, 20));
    const FleetContainer fleet = helper.Install();
    EXPECT_EQ(fleet.GetFleet()->Size(), 42U);
    EXPECT_EQ(fleet.GetFleet()->Group(DeviceId{30}), "lamp");
    EXPECT_EQ(fleet.GetFleet()->Profile(DeviceId{41}).name, "mains");
    EXPECT_EQ(fleet.GetGateways().GetN(), 2U);
    EXPECT_NE(fleet.GetGateways().Get(1)->GetObject<Ipv4>(), nullptr);
    EXPECT_NE(fleet.GetServer()->GetObject<Ipv4>(), nullptr);
    EXPECT_EQ(fleet.GetRollout(), nullptr) << "there is no firmware";
    EXPECT_EQ(fleet.GetQuarantine(), nullptr);
    EXPECT_EQ(fleet.GetRegistry().Size(), 42U);
}

TEST_F(FleetHelperTest, UpdatesEverybodyBesideTheGateway)
{
    FleetHelper helper;
    helper.AddDevices("meter", 20, 200).activated = true;
    helper.AddGateway("mast", Vector(0, 0, 20));
    helper.SetFirmware("1.1.0", 1000, Hours(6));
    const FleetContainer fleet = helper.Install();
    Simulator::Stop(Days(2));
    Simulator::Run();
    EXPECT_EQ(fleet.CountUpdated(), 20U);
    EXPECT_EQ(fleet.GetRegistry().Count(UpdateBelief::UPDATED), 20U);
    ASSERT_EQ(fleet.GetRollout()->Waves().size(), 1U) << "one wave of everybody";
    EXPECT_EQ(fleet.GetRollout()->Waves()[0].counts.succeeded, 20U);
}

/** Where devices stand tells which draws were made. */
float
FirstX(uint32_t seed, uint64_t run)
{
    RngSeedManager::SetSeed(seed);
    RngSeedManager::SetRun(run);
    FleetHelper helper;
    helper.AddDevices("meter", 1, 1000).powerOnSpreadS = 3600;
    helper.AddGateway("mast", Vector(0, 0, 20));
    const FleetContainer fleet = helper.Install();
    const float x = fleet.GetFleet()->X(DeviceId{0});
    Simulator::Destroy();
    return x;
}

TEST_F(FleetHelperTest, TakesTheSeedOfNs3)
{
    EXPECT_EQ(FirstX(5, 1), FirstX(5, 1));
    EXPECT_NE(FirstX(5, 1), FirstX(6, 1));
}

TEST_F(FleetHelperTest, RefusesWhatMakesNoSense)
{
    FleetHelper helper;
    helper.AddDevices("meter", 10, 500).profile = "toaster";
    helper.AddGateway("mast", Vector(0, 0, 20));
    helper.SetFirmware("1.1.0", 1000, Hours(6));
    helper.AddWave("all", 1).count = 3; // and a share
    try
    {
        helper.Install();
        FAIL() << "nothing was refused";
    }
    catch (const ScenarioError& error)
    {
        EXPECT_EQ(error.GetProblems().size(), 2U) << error.what();
    }
}

} // namespace
