// SPDX-License-Identifier: GPL-2.0-only

// What transmitting at a power draws, against data sheets and measurements.

#include "helper/fleet-simulation.h"
#include "helper/scenario-error.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr double NETWORK_DBM = 14;

double
CurrentMa(const char* profile, double powerDbm)
{
    return 1000 * FindBuiltInProfile(profile)->TxCurrentA(powerDbm, NETWORK_DBM);
}

TEST(TxCurrent, IsWhatDataSheetsSay)
{
    // NUCLEO-WL55JC1, measured (validation data A); DS13293: 15 mA at 10 dBm and 87 mA at 20 dBm,
    // and 3.08 mA of the MCU.
    for (const char* name : {"stm32wl55", "nucleo-wl55jc1"})
    {
        EXPECT_NEAR(CurrentMa(name, 14), 27.2, 1e-9);
        EXPECT_NEAR(CurrentMa(name, 10), 15 + 3.08, 1e-9);
        EXPECT_NEAR(CurrentMa(name, 20), 87 + 3.08, 1e-9);
    }
    // SX1262 at 868/915 MHz, optimal settings.
    EXPECT_NEAR(CurrentMa("nrf52840", 14), 45, 1e-9);
    EXPECT_NEAR(CurrentMa("nrf52840", 17), 58, 1e-9);
    EXPECT_NEAR(CurrentMa("nrf52840", 20), 84, 1e-9);
    EXPECT_NEAR(CurrentMa("nrf52840", 22), 118, 1e-9);
    // SX1276 on PA_BOOST, and 30 mA of the MCU.
    EXPECT_NEAR(CurrentMa("esp32", 17), 87 + 30, 1e-9);
    EXPECT_NEAR(CurrentMa("esp32", 20), 120 + 30, 1e-9);
}

/// The rule beyond known powers, against figures of data sheets that it is not given.
TEST(TxCurrent, GoesWithTheAmplitudeBeyondWhatIsKnown)
{
    DeviceProfile sx1262;
    sx1262.txCurrents = {{20, 0.084}};
    sx1262.txBaseA = 0.0021; // synthesiser
    EXPECT_NEAR(sx1262.TxCurrentA(17, NETWORK_DBM), 0.058, 0.1 * 0.058);
    EXPECT_NEAR(sx1262.TxCurrentA(14, NETWORK_DBM), 0.045, 0.1 * 0.045);
    DeviceProfile sx1276;
    sx1276.txCurrents = {{17, 0.087}};
    sx1276.txBaseA = 0.0058;
    EXPECT_NEAR(sx1276.TxCurrentA(20, NETWORK_DBM), 0.120, 0.01 * 0.120);
    // The board as measured at 14 dBm, without the MCU, at 10 dBm: DS13293.
    DeviceProfile stm32;
    stm32.txCurrents = {{14, 0.0272 - 0.00308}};
    stm32.txBaseA = 0.0021;
    EXPECT_NEAR(stm32.TxCurrentA(10, NETWORK_DBM), 0.015, 0.1 * 0.015);
}

TEST(TxCurrent, NeverFallsWithThePower)
{
    for (const auto& profile : BuiltInProfiles())
    {
        for (double powerDbm = -9; powerDbm < 30; powerDbm += 0.5)
        {
            EXPECT_LT(profile.TxCurrentA(powerDbm, NETWORK_DBM),
                      profile.TxCurrentA(powerDbm + 0.5, NETWORK_DBM))
                << profile.name << ", " << powerDbm << " dBm";
        }
        EXPECT_GT(profile.TxCurrentA(-40, NETWORK_DBM), profile.txBaseA);
    }
}

/** A device beside its gateway that does nothing but report. */
constexpr const char* REPORTS = R"({
  "schema": 1,
  "name": "tx-current",
  "seed": 6,
  "duration": "4 d",
  "fleet": {
    "profiles": { "own": { "base": "stm32wl55" } },
    "groups": [
    { "name": "meter", "count": 1, "activated": true, "data_rate": 5, "profile": "own",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B", "jitter": 0 } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** Adds up how long a device was on the air. */
struct Airtime
{
    void OnUplink(const UplinkEnd& uplink)
    {
        seconds +=
            ToSeconds(uplink.end - uplink.start) + FindBuiltInProfile("stm32wl55")->txOverheadS;
    }

    double seconds{0};
};

/** Mean current while transmitting, mA. */
double
MeanTxMa(const std::vector<std::string>& sets)
{
    const auto scenario = test::ReadScenarioText(REPORTS, sets);
    FleetSimulation simulation(scenario, 1);
    Airtime airtime;
    simulation.network->TraceConnectWithoutContext("UplinkEnd",
                                                   MakeCallback(&Airtime::OnUplink, &airtime));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    const double joules = simulation.fleet->EnergyJ(DeviceId{0}, EnergyUse::TX);
    Simulator::Destroy();
    return 1000 * joules / 3 / airtime.seconds;
}

TEST(TxCurrent, FollowsTheNetworksPower)
{
    EXPECT_NEAR(MeanTxMa({}), 27.2, 0.01);
    EXPECT_NEAR(MeanTxMa({R"(/access/lorawan/device_tx_power="10 dBm")"}), 18.08, 0.01);
    // An own measurement holds at the network's power, whatever that is.
    for (const char* power : {"10 dBm", "14 dBm"})
    {
        EXPECT_NEAR(MeanTxMa({R"(/fleet/profiles/own/tx_current="33 mA")",
                              R"(/access/lorawan/device_tx_power=")" + std::string(power) + '"'}),
                    33,
                    0.01);
    }
    // By amplitude, 12 dBm lie 0.4427 of the way from 10 to 14 dBm.
    EXPECT_NEAR(MeanTxMa({R"(/fleet/profiles/own/tx_currents=[
                                {"power": "14 dBm", "current": "40 mA"},
                                {"power": "10 dBm", "current": "20 mA"}])",
                          R"(/access/lorawan/device_tx_power="12 dBm")"}),
                20 + 20 * 0.4427,
                0.01);
}

/// TXPower 7 is 14 dB less: the network commands it to a device that is heard well.
TEST(TxCurrent, FollowsAdr)
{
    const std::vector<std::string> sets{"/access/lorawan/adr=true",
                                        R"(/fleet/profiles/own/tx_current="34 mA")",
                                        R"(/fleet/profiles/own/tx_base_current="4 mA")"};
    // 4 days are 576 uplinks; the first 20 or so at full power, the others at 0 dBm.
    const double lowMa = 4 + 30 * std::pow(10, -14 / 20.0);
    const double meanMa = MeanTxMa(sets);
    EXPECT_GT(meanMa, lowMa);
    EXPECT_LT(meanMa, lowMa + (34 - lowMa) * 60 / 576);
}

TEST(TxCurrent, ContradictionsAreRefused)
{
    const auto whereOf = [](const std::vector<std::string>& sets) {
        try
        {
            test::ReadScenarioText(REPORTS, sets);
        }
        catch (const ScenarioError& error)
        {
            return error.GetProblems().at(0).where;
        }
        return std::string("accepted");
    };
    const std::string table = R"(/fleet/profiles/own/tx_currents=[
        {"power": "14 dBm", "current": "40 mA"}, {"power": "10 dBm", "current": "20 mA"}])";
    EXPECT_EQ(whereOf({table}), "accepted");
    EXPECT_EQ(whereOf({table, R"(/fleet/profiles/own/tx_current="33 mA")"}),
              "/fleet/profiles/own/tx_current");
    EXPECT_EQ(whereOf({table, R"(/fleet/profiles/own/tx_currents/1/power="14 dBm")"}),
              "/fleet/profiles/own/tx_currents/1/power");
    EXPECT_EQ(whereOf({table, R"(/fleet/profiles/own/tx_currents/0/current="0 mA")"}),
              "/fleet/profiles/own/tx_currents/0/current");
}

} // namespace
