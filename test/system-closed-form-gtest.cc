// SPDX-License-Identifier: GPL-2.0-only

// Whole runs against formulas and against tables of independent programs.

#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"
#include "model/wire/lora-airtime.h"
#include "test/csv-rows.h"
#include "test/test-support-run.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;
using test::CsvRow;
using test::Number;

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

/** Frames of a class C session and the time from the first one's start to the last one's end. */
struct Session
{
    uint32_t frames;
    double durationS;
};

Session
RunSession(const std::vector<std::string>& sets)
{
    const auto scenario = NearDevices(sets);
    GroupClock clock;
    FleetSimulation simulation(scenario, 1);
    simulation.network->TraceConnectWithoutContext("GroupFrame",
                                                   MakeCallback(&GroupClock::OnFrame, &clock));
    Simulator::Stop(Seconds(scenario.durationS));
    Simulator::Run();
    Simulator::Destroy();
    return {clock.frames, ToSeconds(clock.lastReceived - clock.firstSent)};
}

/** The table's row as a scenario: a sub-band with its duty cycle, or its interval where none is. */
std::vector<std::string>
SettingsOf(const CsvRow& row)
{
    std::vector<std::string> sets{"/distribution/data_rate=" + row.at("dr"),
                                  "/distribution/fragment_size=\"" + row.at("frag_size_B") + " B\"",
                                  "/firmware/images/0/size=\"" + row.at("firmware_B") + " B\"",
                                  "/distribution/redundancy=" +
                                      std::to_string(Number(row, "redundancy_pct") / 100)};
    if (row.at("region") != "EU868")
    {
        sets.push_back("/access/lorawan/region=" + row.at("region"));
        sets.emplace_back("/fleet/groups/0/data_rate=3");
        sets.push_back(R"(/access/lorawan/pacing={"kind":"interval","interval":")" +
                       row.at("interval_s") + " s\"}");
    }
    else if (Number(row, "duty_cycle") < 0.1)
    {
        sets.emplace_back(R"(/distribution/frequency="869.85 MHz")"); // RP002: 1 % there
    }
    return sets;
}

void
ExpectSession(const CsvRow& row)
{
    const auto session = RunSession(SettingsOf(row));
    const double sent = Number(row, "n_sent");
    EXPECT_EQ(session.frames, sent);
    // The table is rounded to 0.1 s, its airtime to 1e-5 s.
    EXPECT_NEAR(session.durationS, Number(row, "session_s"), 0.051);
    if (row.at("region") == "EU868")
    {
        const double share = Number(row, "duty_cycle");
        EXPECT_NEAR(session.durationS,
                    ((sent - 1) / share + 1) * Number(row, "toa_frag_s"),
                    1e-5 / share * sent);
    }
}

std::optional<std::vector<CsvRow>>
ClosedForms()
{
    const auto path = SharedPath("validation/lorawan_ts004_closed_form.csv");
    return path ? std::optional(test::ReadCsv(*path)) : std::nullopt;
}

/** data rate, bytes of the image, redundancy in percent */
class ClassC : public testing::TestWithParam<std::tuple<int, int, int>>
{
};

TEST_P(ClassC, CampaignTakesWhatTheDutyCycleSays)
{
    const auto table = ClosedForms();
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    const auto [rate, bytes, redundancy] = GetParam();
    const auto row =
        std::ranges::find_if(*table, [&, r = rate, b = bytes, p = redundancy](auto& c) {
            return c.at("region") == "EU868" && Number(c, "dr") == r &&
                   Number(c, "firmware_B") == b && Number(c, "redundancy_pct") == p &&
                   Number(c, "duty_cycle") == 0.1;
        });
    ASSERT_NE(row, table->end()) << "no such row in the table";
    ExpectSession(*row);
}

INSTANTIATE_TEST_SUITE_P(DataRateBytesRedundancy,
                         ClassC,
                         testing::Values(std::tuple(0, 2000, 0),
                                         std::tuple(0, 10000, 30),
                                         std::tuple(3, 2000, 10),
                                         std::tuple(3, 50000, 30),
                                         std::tuple(5, 2000, 0),
                                         std::tuple(5, 50000, 100)));

/** region and duty cycle as the table writes them */
class ClosedForm : public testing::TestWithParam<std::pair<std::string, std::string>>
{
};

// Every sixth of the short sessions that the table has for a region and a duty cycle, whatever rows
// it has: about ten, of all data rates.
TEST_P(ClosedForm, ShortSessionsTakeWhatTheTableSays)
{
    auto table = ClosedForms();
    if (!table)
    {
        GTEST_SKIP() << "the table is not here";
    }
    std::erase_if(*table, [](const CsvRow& row) {
        return row.at("region") != GetParam().first || row.at("duty_cycle") != GetParam().second ||
               Number(row, "n_sent") > 120;
    });
    EXPECT_FALSE(table->empty());
    for (size_t i = 0; i < table->size(); i += 6)
    {
        const auto& row = (*table)[i];
        SCOPED_TRACE("DR" + row.at("dr") + ", " + row.at("firmware_B") + " B, " +
                     row.at("redundancy_pct") + " %");
        ExpectSession(row);
    }
}

INSTANTIATE_TEST_SUITE_P(RegionDutyCycle,
                         ClosedForm,
                         testing::Values(std::pair("EU868", "0.1"),
                                         std::pair("EU868", "0.01"),
                                         std::pair("US915", "1.0")));

/** The gateway is down for most of the first window; what is left goes out in others. */
TEST(Windows, GoOnAfterAnOutageWhateverTheRepair)
{
    for (const char* unicast : {"false", "true"})
    {
        const auto run = WholeRun::OfText(
            NEAR_DEVICES,
            {"/distribution/data_rate=2",
             "/distribution/fragment_size=\"48 B\"",
             "/firmware/images/0/size=\"10 kB\"",
             "/distribution/redundancy=0.3",
             std::string("/distribution/repair/unicast=") + unicast,
             R"(/access/lorawan/outages=[{"gateway":"mast","start":"12.8 h","end":"14 h"}])"});
        // 209 fragments and 63 coded ones.
        EXPECT_EQ(run.Number("SELECT fragments_sent FROM session"), 272) << unicast;
        EXPECT_EQ(run.Metric("devices_updated"), 3) << unicast;
    }
}

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
    const std::string variant = version == "1.0.0" ? "v1_draws" : "v2_distinct";
    const auto table = test::ReadCsv(*path);
    const auto row = std::ranges::find_if(table, [&, r = redundancy, l = loss](const CsvRow& c) {
        return c.at("variant") == variant && c.at("M") == "52" &&
               Number(c, "redundancy_pct") == r && Number(c, "loss_pct") == l;
    });
    ASSERT_NE(row, table.end()) << "no such row in the table";
    const double expected = Number(*row, "P_success");
    const double trials = Number(*row, "trials");

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
    // Four standard errors of the difference.
    const double variance = expected * (1 - expected) * (1 / trials + 1 / tried);
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
