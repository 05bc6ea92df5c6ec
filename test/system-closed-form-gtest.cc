// SPDX-License-Identifier: GPL-2.0-only

// Whole runs against formulas and against tables of independent programs.

#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"
#include "model/wire/lora-airtime.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/** Devices near one gateway that have joined before; no losses but those that a test adds. */
constexpr const char* NEAR_DEVICES = R"({
  "schema": 1,
  "name": "near-devices",
  "seed": 11,
  "duration": "3 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [
    { "name": "sensor", "count": 3, "activated": true, "data_rate": 5, "clock_drift": "0 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "device_duty_cycle": false,
    "backhaul_model": "delay", "duty_cycle_rule": "period",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ],
    "propagation": { "frame_loss": 0 } } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2000 B", "manifest": false } ] },
  "distribution": { "class": "C", "data_rate": 5, "redundancy": 0, "status_request": false,
    "close_when_done": false, "report_timeout": "1 h", "start_margin": "12 h", "setup_timeout": "1 d",
    "setup_retries": 20,
    "repair": { "multicast_rounds": 0, "unicast": false } },
  "rollout": { "start": "30 min", "require_enrolled": false,
    "waves": [ { "share": 1, "success_threshold": 0, "error_threshold": 1, "timeout": "2 d" } ] },
  "record": { "transitions": false }
})";

/** Times of the frames of all groups. */
struct GroupClock
{
    void OnFrame(const GroupReception& reception)
    {
        firstSent = frames == 0 ? reception.sent : firstSent;
        lastReceived = reception.received;
        ++frames;
    }

    uint32_t frames{0};
    Tick firstSent{0};
    Tick lastReceived{0};
};

/** A scenario as a file, for the time of a test. */
std::filesystem::path
WriteScenario(const std::string& text)
{
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("iot-fleet-closed-form-" + std::to_string(getpid()) + ".json");
    std::ofstream(path) << text;
    return path;
}

/** Reads NEAR_DEVICES with settings. */
Scenario
NearDevices(const std::vector<std::string>& sets)
{
    const auto path = WriteScenario(NEAR_DEVICES);
    auto scenario = ReadScenario(path, sets);
    std::filesystem::remove(path);
    return scenario;
}

/** data rate, bytes of the image, redundancy in percent */
class ClassC : public testing::TestWithParam<std::tuple<int, int, int>>
{
};

TEST_P(ClassC, CampaignTakesWhatTheDutyCycleSays)
{
    const auto path = SharedPath("validation/lorawan_ts004_closed_form.csv");
    if (!path)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto [rate, bytes, redundancy] = GetParam();
    std::ifstream file(*path);
    std::string line;
    std::vector<double> row;
    while (std::getline(file, line))
    {
        std::stringstream cells(line);
        std::string cell;
        std::vector<std::string> values;
        while (std::getline(cells, cell, ','))
        {
            values.push_back(cell);
        }
        if (row.empty() && values[0] == "EU868" && values[1] == std::to_string(rate) &&
            values[8] == std::to_string(bytes) && values[9] == std::to_string(redundancy))
        {
            for (const size_t column : {5, 7, 11, 15})
            {
                row.push_back(std::stod(values[column]));
            }
        }
    }
    ASSERT_EQ(row.size(), 4U) << "no such row in the table";
    const double airtimeS = row[1];
    const double sent = row[2];

    const auto scenario = NearDevices(
        {"/distribution/data_rate=" + std::to_string(rate),
         "/distribution/fragment_size=\"" + std::to_string(static_cast<int>(row[0])) + " B\"",
         "/firmware/images/0/size=\"" + std::to_string(bytes) + " B\"",
         "/distribution/redundancy=" + std::to_string(redundancy / 100.0)});
    GroupClock clock;
    FleetSimulation simulation(scenario, 1);
    simulation.network->TraceConnectWithoutContext("GroupFrame",
                                                   MakeCallback(&GroupClock::OnFrame, &clock));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    EXPECT_EQ(clock.frames, sent);
    const double sessionS = ToSeconds(clock.lastReceived - clock.firstSent);
    // The table is rounded to 0.1 s, its airtime to 1e-5 s.
    EXPECT_NEAR(sessionS, row[3], 0.051);
    EXPECT_NEAR(sessionS, ((sent - 1) / 0.1 + 1) * airtimeS, 1e-5 * 10 * sent);
}

INSTANTIATE_TEST_SUITE_P(DataRateBytesRedundancy,
                         ClassC,
                         testing::Values(std::tuple(0, 2000, 0),
                                         std::tuple(0, 10000, 30),
                                         std::tuple(3, 2000, 10),
                                         std::tuple(3, 50000, 30),
                                         std::tuple(5, 2000, 0),
                                         std::tuple(5, 50000, 100)));

/** A session whose server paces it, near devices. */
struct PacedSession
{
    int dataRate;
    int fragmentBytes;
    int imageBytes;
    double redundancy;
    double spacingS; ///< of the server
    int gateways;    ///< take turns where there are more than one
    const char* region;
};

class Paced : public testing::TestWithParam<PacedSession>
{
};

/** Nothing is cut off, and nobody listens much longer than it takes. */
TEST_P(Paced, SessionIsOneWindow)
{
    const auto& param = GetParam();
    auto scenario = NearDevices(
        {"/distribution/data_rate=" + std::to_string(param.dataRate),
         "/distribution/fragment_size=\"" + std::to_string(param.fragmentBytes) + " B\"",
         "/firmware/images/0/size=\"" + std::to_string(param.imageBytes) + " B\"",
         "/distribution/redundancy=" + std::to_string(param.redundancy),
         std::string("/access/lorawan/region=") + param.region,
         "/fleet/groups/0/data_rate=3"});
    scenario.distribution.gatewayMode = param.gateways > 1 ? "staggered" : "simulcast";
    scenario.lorawan.gateways.resize(param.gateways, scenario.lorawan.gateways.front());
    for (size_t g = 0; g < scenario.lorawan.gateways.size(); ++g)
    {
        scenario.lorawan.gateways[g].name = "mast-" + std::to_string(g);
    }
    if (param.spacingS > 0)
    {
        scenario.lorawan.pacing.kind = "interval";
        scenario.lorawan.pacing.intervalS = param.spacingS;
    }
    GroupClock clock;
    FleetSimulation simulation(scenario, 1);
    simulation.network->TraceConnectWithoutContext("GroupFrame",
                                                   MakeCallback(&GroupClock::OnFrame, &clock));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    const double uncoded = std::ceil(double(param.imageBytes) / param.fragmentBytes);
    const double frames = uncoded + std::ceil(uncoded * param.redundancy);
    EXPECT_EQ(clock.frames, frames);
    EXPECT_EQ(
        simulation.fleet->Count(Machine::UPDATE, static_cast<uint8_t>(UpdateState::CONFIRMED)),
        3U);
    const double airS =
        simulation.network->GroupAirtimeS(static_cast<uint8_t>(param.dataRate),
                                          static_cast<uint8_t>(param.fragmentBytes + 3));
    const double burstS = param.gateways * airS;
    // Each frame leaves the server some milliseconds before it is on the air.
    const double stepS = std::max(param.spacingS, burstS + 0.1);
    const double sessionS = ToSeconds(clock.lastReceived - clock.firstSent);
    EXPECT_GE(sessionS, (frames - 1) * std::max(param.spacingS, burstS) + burstS - 1e-3);
    EXPECT_LE(sessionS, (frames - 1) * stepS + burstS + 1e-3);
}

// Spacings of lorawan_ts004_closed_form.csv at a duty cycle of 1 %, and of US915; ChirpStack's 5 s.
INSTANTIATE_TEST_SUITE_P(Sessions,
                         Paced,
                         testing::Values(PacedSession{1, 48, 2000, 0.3, 147.866, 1, "EU868"},
                                         PacedSession{3, 112, 10000, 0.3, 67.686, 1, "EU868"},
                                         PacedSession{5, 239, 10000, 0.1, 39.45, 1, "EU868"},
                                         PacedSession{13, 239, 100000, 0.3, 1, 1, "US915"},
                                         PacedSession{5, 50, 10000, 0.2, 5, 3, "EU868"},
                                         PacedSession{8, 50, 20000, 0.05, 0, 3, "US915"}));

/** version of TS004, percent redundancy, percent loss */
class Decode : public testing::TestWithParam<std::tuple<std::string, int, int>>
{
};

TEST_P(Decode, SucceedsAsOftenAsTheTableSays)
{
    const auto path = SharedPath("validation/ts004_success_vs_loss.csv");
    if (!path)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto [version, redundancy, loss] = GetParam();
    const auto key = (version == "1.0.0" ? "v1_draws,52," : "v2_distinct,52,") +
                     std::to_string(redundancy) + "," + std::to_string(loss) + ",";
    std::ifstream file(*path);
    std::string line;
    double expected = -1;
    while (std::getline(file, line))
    {
        if (line.starts_with(key))
        {
            expected = std::stod(line.substr(line.find(',', key.size()) + 1));
        }
    }
    ASSERT_GE(expected, 0) << key;

    // 52 fragments of 48 bytes; losses strike the set-up as well, which is repeated.
    constexpr int DEVICES = 1000;
    const auto run = WholeRun::OfText(
        NEAR_DEVICES,
        {"/fleet/groups/0/count=" + std::to_string(DEVICES),
         "/firmware/images/0/size=\"2496 B\"",
         "/distribution/fragment_size=\"48 B\"",
         "/distribution/ts004=\"" + version + "\"",
         "/distribution/redundancy=" + std::to_string(redundancy / 100.0),
         "/access/lorawan/duty_cycle_rule=none",
         "/access/lorawan/propagation/frame_loss=" + std::to_string(loss / 100.0)});
    const double updated = run.Metric("devices_updated");
    const double tried =
        updated + run.Number("SELECT count(*) FROM device WHERE update_state IN ('receiving', "
                             "'failed')");
    EXPECT_GT(tried, 0.9 * DEVICES);
    const double share = updated / tried;
    // The table has 600 trials; four standard errors of the difference.
    const double variance = expected * (1 - expected) * (1 / 600.0 + 1 / tried);
    EXPECT_NEAR(share, expected, 4 * std::sqrt(variance)) << tried << " devices";
}

INSTANTIATE_TEST_SUITE_P(VersionRedundancyLoss,
                         Decode,
                         testing::Values(std::tuple("1.0.0", 10, 5),
                                         std::tuple("1.0.0", 20, 10),
                                         std::tuple("1.0.0", 30, 20),
                                         std::tuple("2.0.0", 10, 5),
                                         std::tuple("2.0.0", 20, 15),
                                         std::tuple("2.0.0", 30, 20)));

TEST(ClassB, EnergyIsLeastAtAnIntermediatePingPeriod)
{
    // Short periods open many windows; long ones keep the device at beacons for longer.
    std::vector<double> energyJ;
    for (int periodicity = 0; periodicity <= 7; ++periodicity)
    {
        const auto run =
            WholeRun::OfText(NEAR_DEVICES,
                             {"/distribution/class=B",
                              "/distribution/data_rate=3",
                              "/duration=\"20 d\"",
                              "/stop/when=all-updated",
                              "/fleet/groups/0/telemetry/period=\"1 h\"",
                              "/distribution/redundancy=0.1",
                              "/firmware/images/0/size=\"20 kB\"",
                              "/distribution/ping_periodicity=" + std::to_string(periodicity)});
        ExpectAllUpdated(run);
        energyJ.push_back(run.Metric("energy_per_device_j_mean"));
    }
    const auto best = std::ranges::min_element(energyJ);
    EXPECT_NE(best, energyJ.begin()) << energyJ.front() << " J at periodicity 0";
    EXPECT_NE(best, energyJ.end() - 1) << energyJ.back() << " J at periodicity 7";
}

const std::vector<std::string> QUARANTINE_OF_ALL_COMPROMISED{
    "/fleet/groups/0/count=40",
    "/distribution/redundancy=0.5",
    R"(/threats=[{"at":"1 min","count":4}])",
    R"(/quarantine={"detector":{"window":"5 min","true_positive_rate":1,"false_positive_rate":0,)"
    R"("k":1,"n":1},)"
    R"("level":"restricted","probation":"1 h"})"};

TEST(Quarantine, RestrictedDevicesGetTheFixBlockedOnesDoNot)
{
    const auto restricted = WholeRun::OfText(NEAR_DEVICES, QUARANTINE_OF_ALL_COMPROMISED);
    EXPECT_EQ(restricted.Metric("quarantined_total"), 4);
    ExpectAllUpdated(restricted);

    auto sets = QUARANTINE_OF_ALL_COMPROMISED;
    sets.emplace_back("/quarantine/level=blocked");
    const auto blocked = WholeRun::OfText(NEAR_DEVICES, sets);
    EXPECT_EQ(blocked.Metric("quarantined_total"), 4);
    EXPECT_EQ(blocked.Metric("devices_updated"), 36);
    EXPECT_EQ(blocked.Number("SELECT count(*) FROM device WHERE access = 'blocked' AND firmware = "
                             "'1.0.0'"),
              4);
}

TEST(Quarantine, FalseAlarmsAreAsManyAsTheFormulaSays)
{
    // quarantine.md E8 with k = 1: alarms = devices * windows * rate while all are watched.
    const auto run =
        WholeRun::OfText(NEAR_DEVICES,
                         {"/fleet/groups/0/count=2000",
                          "/fleet/groups/0/telemetry/period=\"6 h\"",
                          "/rollout/start=\"99.9 h\"",
                          "/stop/when=duration",
                          "/duration=\"100 h\"",
                          R"(/quarantine={"detector":{"window":"1 h","true_positive_rate":1,)"
                          R"("false_positive_rate":0.001,"latency":"1 s","k":1,"n":1},)"
                          R"("level":"restricted","release_after":"0 s"})"});
    const double windows = 99;
    const double alarms = 2000 * windows * 0.001;
    EXPECT_NEAR(run.Number("SELECT count(*) FROM alarm"), alarms, 5 * std::sqrt(alarms) + 2);
    // A device enters once and stays: 1 - (1 - rate)^windows of them.
    const double share = 1 - std::pow(1 - 0.001, windows);
    EXPECT_NEAR(run.Metric("quarantined_total"),
                2000 * share,
                5 * std::sqrt(2000 * share * (1 - share)) + 2);
    EXPECT_EQ(run.Number("SELECT count(*) FROM quarantine WHERE truly_compromised = 1"), 0);
}

TEST(Quarantine, RekeyAirtimeIsMembersTimesMessage)
{
    // Everybody holds the group's key when one device is quarantined: level "rekey" then costs a
    // McGroupSetupReq for each of the others, and "blocked" costs nothing more.
    const auto airtime = [](const std::string& level) {
        const auto run =
            WholeRun::OfText(NEAR_DEVICES,
                             {"/fleet/groups/0/count=40",
                              "/duration=\"2 d\"",
                              "/stop/when=duration",
                              "/distribution/start_margin=\"1 h\"",
                              "/access/lorawan/duty_cycle_rule=none",
                              "/firmware/images/0/fixes=false",
                              R"(/threats=[{"at":"36 h","count":1}])",
                              R"(/quarantine={"detector":{"window":"1 h","true_positive_rate":1,)"
                              R"("false_positive_rate":0,"k":1,"n":1}})",
                              "/quarantine/level=" + level});
        EXPECT_EQ(run.Metric("quarantined_total"), 1) << level;
        EXPECT_EQ(run.Metric("devices_updated"), 40) << level;
        return run.Number("SELECT downlink_airtime_s FROM gateway");
    };
    // TS005 section 3.3: 29 bytes and the command's own one; 13 bytes of LoRaWAN around them. All
    // of it goes out in RX1 at data rate 5.
    wire::LoraModulation modulation;
    modulation.spreadingFactor = 7;
    modulation.crc = false;
    const double message = static_cast<double>(wire::LoraAirtimeNs(modulation, 30 + 13)) * 1e-9;
    EXPECT_NEAR(airtime("rekey") - airtime("blocked"), 39 * message, 1e-6);
}

} // namespace
