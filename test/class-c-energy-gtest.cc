// SPDX-License-Identifier: GPL-2.0-only

// What listening all the time costs a device of class C, against the profile's currents.

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr const char* CLASS_C = R"({
  "schema": 1,
  "name": "class-c",
  "seed": 6,
  "duration": "2 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 1, "activated": true, "data_rate": 5, "class": "C",
      "clock_drift": "0 ppm", "power_on": "1 h",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "1 h", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** Energy of a run and its share that was sent. */
std::pair<double, double>
EnergyJ(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(CLASS_C, sets);
    FleetSimulation simulation(scenario, 1);
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    const auto& fleet = *simulation.fleet;
    const std::pair energy(fleet.TotalEnergyJ(DeviceId{0}, ToTicks(scenario.durationS)),
                           fleet.EnergyJ(DeviceId{0}, EnergyUse::TX));
    Simulator::Destroy();
    return energy;
}

TEST(ClassCEnergy, IsThatOfAReceiverThatIsAlwaysOn)
{
    const auto [total, sent] = EnergyJ({});
    // 47 h on: all the time but that of sending (27.2 mA) at 7.9 mA and 3 V.
    const double txS = sent / (0.0272 * 3);
    EXPECT_GT(sent, 0);
    EXPECT_NEAR(total, (47 * 3600 - txS) * 0.0079 * 3 + sent, 1e-4 * total);
}

TEST(ClassCEnergy, IsNotPaidOnTheMainsOrInClassA)
{
    EXPECT_LT(EnergyJ({"/fleet/groups/0/class=\"A\""}).first, 100);
    const auto [mains, sent] = EnergyJ({"/fleet/groups/0/profile=\"mains\""});
    const auto [classA, sentToo] =
        EnergyJ({"/fleet/groups/0/profile=\"mains\"", "/fleet/groups/0/class=\"A\""});
    EXPECT_DOUBLE_EQ(mains, classA);
    EXPECT_DOUBLE_EQ(sent, sentToo);
}

} // namespace
