// SPDX-License-Identifier: GPL-2.0-only

// What a run and its report tell of devices that were not updated, of how long devices were
// vulnerable, and of the harm until a rollout stopped.

#include "analysis/report.h"
#include "analysis/report/not-updated.h"
#include "helper/exposure-meter.h"
#include "helper/temporary-folder.h"
#include "model/record/results-database.h"
#include "test/test-support-run.h"

#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <sqlite3.h>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

/** Four devices near a gateway, one that is out of reach, and one that never joins. */
constexpr const char* TWO_OUT_OF_REACH = R"({
  "schema": 1,
  "name": "two-out-of-reach",
  "seed": 5,
  "duration": "3 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [
    { "name": "near", "count": 4, "activated": true, "data_rate": 5,
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } },
    { "name": "far", "count": 1, "activated": true, "data_rate": 5,
      "placement": { "kind": "point", "center": { "x": "300 km", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } },
    { "name": "stranger", "count": 1, "power_on_spread": "0 s",
      "placement": { "kind": "point", "center": { "x": "0 m", "y": "300 km" } },
      "telemetry": { "period": "10 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "gateways": [ { "name": "mast", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "2000 B", "sequence": 2 } ] },
  "distribution": { "class": "C", "data_rate": 5, "redundancy": 0.5, "report_timeout": "2 h" },
  "rollout": { "start": "2 h", "require_enrolled": false,
    "waves": [ { "share": 1, "success_threshold": 0, "error_threshold": 1 } ] }
})";

TEST(LeftBehind, CausesAreRecordedAsBelief)
{
    const auto run = WholeRun::OfText(TWO_OUT_OF_REACH);
    EXPECT_EQ(run.Metric("devices_updated"), 4);
    EXPECT_EQ(run.Number("SELECT count(*) FROM failure"), 0) << "no device knows of a failure";
    EXPECT_EQ(run.Number("SELECT count(*) FROM given_up"), 2);
    const std::string cause = "SELECT cause FROM given_up JOIN device USING (run_id, device_id) "
                              "WHERE belief = 'unreported' AND grp = ";
    EXPECT_EQ(run.Text(cause + "'far'"), "no-answer-to-set-up");
    EXPECT_EQ(run.Text(cause + "'stranger'"), "not-enrolled");
}

TEST(LeftBehind, TheReportTellsOfThem)
{
    const auto run = WholeRun::OfText(TWO_OUT_OF_REACH);
    const std::string page = analysis::MakeReport(run.Folder() / "run.db");
    EXPECT_NE(page.find("no device is bricked; 1 device never answered; 1 device could not be "
                        "reached"),
              std::string::npos);
    EXPECT_EQ(page.find("no update failed"), std::string::npos);
    EXPECT_NE(page.find("<h3>Not updated</h3>"), std::string::npos);
    EXPECT_NE(page.find("2 devices do not run 1.1.0 at the end."), std::string::npos);
    EXPECT_NE(page.find("The device never answered the set-up messages of its session."),
              std::string::npos);
    EXPECT_NE(page.find("The device had not joined the network."), std::string::npos);
}

/// A failure that the device knows goes before what the operator believes, and that before the
/// state at the end; a device that is updated after all is in no group.
TEST(LeftBehind, EachDeviceIsInOneGroup)
{
    const auto run = WholeRun::OfText(TWO_OUT_OF_REACH);
    const auto file = run.Folder() / "made-up.db";
    {
        ResultsDatabase database(file);
        RunRow row;
        row.targetFirmware = "2";
        const int64_t id = database.AddRun(row);
        for (uint32_t d = 0; d < 9; ++d)
        {
            DeviceRow device;
            device.runId = id;
            device.deviceId = d;
            device.firmware = d < 2 ? "2" : "1";
            device.updatedS = d == 0 || d == 2 ? std::optional(5.0) : std::nullopt;
            device.enrolment = d == 6 ? "joining" : "enrolled";
            device.targeted = true; // 7 by a wave that never began
            device.wave = d == 7 ? std::nullopt : std::optional(1U);
            device.health = d == 8 ? "bricked" : "healthy";
            device.believedUpdate = d == 5 ? "unreported" : "idle";
            database.Add(device);
        }
        database.Add(GivenUpRow{id, 0, 1, "unreported", "silent", ""}); // and updated later
        database.Add(GivenUpRow{id, 2, 1, "failed", "old-version", ""});
        database.Add(GivenUpRow{id, 3, 1, "failed", "old-version", ""});
        database.Add(GivenUpRow{id, 3, 2, "unreported", "silent", ""}); // the last counts
        database.Add(GivenUpRow{id, 4, 3, "unreported", "silent", ""});
        database.Add(GivenUpRow{id, 8, 3, "unreported", "silent", ""});
        database.Add(FailureRow{id, 4, 2, "image-mismatch", ""});
        database.Commit();
    }
    std::map<std::string, std::vector<uint32_t>> byCause;
    const analysis::ResultsReader reader(file);
    const auto groups = analysis::GroupNotUpdated(reader, 1, "2");
    for (const auto& group : groups)
    {
        byCause[group.cause] = group.devices;
    }
    const std::map<std::string, std::vector<uint32_t>> expected{{"under-way", {1}},
                                                                {"old-version", {2}},
                                                                {"silent", {3}},
                                                                {"image-mismatch", {4}},
                                                                {"in-progress-timeout", {5}},
                                                                {"not-enrolled", {6}},
                                                                {"not-offered", {7}},
                                                                {"bricked", {8}}};
    EXPECT_EQ(byCause, expected);
    EXPECT_TRUE(analysis::GroupNotUpdated(reader, 1, "").empty()) << "no rollout";
}

/// A rollout of three hundred that was stopped after its twenty canaries, of 28 J each.
TEST(LeftBehind, EnergyIsAlsoToldOfThoseThatAWaveTook)
{
    const TemporaryFolder folder;
    const auto file = folder.GetPath() / "stopped.db";
    {
        ResultsDatabase database(file);
        RunRow row;
        row.status = "ok";
        row.targetFirmware = "2";
        const int64_t id = database.AddRun(row);
        for (uint32_t d = 0; d < 300; ++d)
        {
            DeviceRow device;
            device.runId = id;
            device.deviceId = d;
            device.targeted = true;
            device.wave = d < 20 ? std::optional(1U) : std::nullopt;
            device.campaignEnergyJ = d < 20 ? 28 : 0;
            database.Add(device);
        }
        database.Add(MetricRow{id, "energy_per_device_j_mean", 28.0 * 20 / 300, "J"});
        database.Commit();
    }
    const std::string page = analysis::MakeReport(file);
    for (const char* text : {"energy per device of all that the rollout is for</dt><dd>1.87 J",
                             "energy per device that a wave took</dt><dd>28 J",
                             "28 J in the mean over 20 devices, half of them at most 28 J",
                             "No wave took 280 more that the rollout is for"})
    {
        EXPECT_NE(page.find(text), std::string::npos) << text;
    }
}

/// Reports come hours late, and the operator waits for one: who is near and is given up is believed
/// after all. Who is out of reach stays given up.
TEST(LeftBehind, LateReportsCloseTheRows)
{
    const auto run = WholeRun::OfText(
        TWO_OUT_OF_REACH,
        {"/distribution/report_timeout=\"1 h\"",
         R"(/faults=[{"kind": "flaky-reporter", "late": 1, "delay": "3 h", "group": "near"}])",
         "/stop/when=duration"});
    const std::string ofNear =
        "SELECT count(*) FROM given_up JOIN device USING (run_id, device_id) "
        "WHERE grp = 'near' AND ";
    const double near = run.Number(ofNear + "1");
    EXPECT_GT(near, 0) << "or there is nothing to see";
    EXPECT_EQ(run.Number(ofNear + "believed_update = 'updated' AND corrected_s > t_s AND "
                                  "corrected_s > updated_s"),
              near);
    EXPECT_EQ(run.Number("SELECT count(*) FROM given_up WHERE corrected_s IS NULL"), 2)
        << "the one out of reach and the stranger";
}

/// Databases written before the column was there are read as if nobody had reported late.
TEST(LeftBehind, OlderDatabasesHaveNoCorrections)
{
    const auto run = WholeRun::OfText(TWO_OUT_OF_REACH);
    const auto file = run.Folder() / "run.db";
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db,
                           "CREATE TABLE older AS SELECT run_id, device_id, t_s, belief, cause, "
                           "detail FROM given_up; DROP TABLE given_up; "
                           "ALTER TABLE older RENAME TO given_up",
                           nullptr,
                           nullptr,
                           nullptr),
              SQLITE_OK);
    sqlite3_close(db);
    uint32_t rows = 0;
    analysis::ResultsReader(file).ForEachGivenUp(1, [&rows](const GivenUpRow& row) {
        EXPECT_FALSE(row.correctedS);
        ++rows;
    });
    EXPECT_EQ(rows, 2U);
}

/// Each row gets the first correction of its device that comes after it.
TEST(LeftBehind, CorrectionsCloseTheRowsBeforeThem)
{
    const TemporaryFolder folder;
    const auto file = folder.GetPath() / "made-up.db";
    {
        ResultsDatabase database(file);
        const int64_t id = database.AddRun({});
        const int64_t other = database.AddRun({});
        for (const double t : {1.0, 2.0, 4.0, 8.0})
        {
            database.Add(GivenUpRow{id, 7, t, "failed", "old-version", ""});
        }
        database.Add(GivenUpRow{id, 8, 1, "failed", "old-version", ""});
        database.Add(GivenUpRow{other, 7, 1, "failed", "old-version", ""});
        database.Correct(id, {{7, 3}, {7, 5}, {9, 6}});
        database.Commit();
    }
    std::vector<std::optional<double>> corrected;
    const auto keep = [&corrected](const GivenUpRow& row) { corrected.push_back(row.correctedS); };
    const analysis::ResultsReader reader(file);
    reader.ForEachGivenUp(1, keep);
    reader.ForEachGivenUp(2, keep);
    // By time and device: 7 and 8 at 1 s, 7 at 2, 4 and 8 s; and the other run.
    EXPECT_EQ(corrected, (std::vector<std::optional<double>>{3, {}, 3, 5, {}, {}}));
}

TEST(Exposure, IsTheIntegralFromOneInstantOn)
{
    ExposureMeter meter;
    meter.Start(0, 3);
    EXPECT_FALSE(meter.DeviceS(ToTicks(5)));
    meter.Step(ToTicks(10), true, false); // 2 left
    meter.CountFrom(ToTicks(20));
    meter.CountFrom(ToTicks(1)); // the first call has decided
    EXPECT_FALSE(meter.DeviceS(ToTicks(19)));
    EXPECT_EQ(meter.DeviceS(ToTicks(20)), 0.0);
    meter.Step(ToTicks(25), false, true); // 3, after 2 * 5 s
    meter.Step(ToTicks(26), true, true);
    EXPECT_EQ(meter.DeviceS(ToTicks(30)), 2 * 5.0 + 3 * 5.0);
}

/// From the instant until each device confirms the fix, or until the scenario's three days are
/// over.
double
ExposureByHand(const WholeRun& run, const std::string& from)
{
    return run.Number("SELECT sum(ifnull(updated_s, 259200) - " + from +
                      ") / 86400 FROM device JOIN run USING (run_id)");
}

TEST(Exposure, CountsFromTheDisclosureOrTheFirstWave)
{
    const auto plain = WholeRun::OfText(TWO_OUT_OF_REACH);
    EXPECT_NEAR(plain.Metric("exposure_device_days"),
                ExposureByHand(plain, "rollout_start_s"),
                1e-6);
    const auto early = WholeRun::OfText(TWO_OUT_OF_REACH, {"/rollout/disclosure=\"30 min\""});
    EXPECT_NEAR(early.Metric("exposure_device_days"), ExposureByHand(early, "1800"), 1e-6);
}

TEST(Exposure, IsNothingIfNoWaveBegan)
{
    const std::string aborted = R"(/rollout/actions=[{"at": "1 h", "do": "abort"}])";
    const std::string isNull =
        "SELECT value IS NULL FROM metric WHERE name = 'exposure_device_days'";
    const auto never = WholeRun::OfText(TWO_OUT_OF_REACH, {aborted, "/stop/when=duration"});
    EXPECT_EQ(never.Number("SELECT count(*) FROM wave WHERE started_s IS NOT NULL"), 0);
    EXPECT_EQ(never.Text(isNull), "1");
    const auto disclosed =
        WholeRun::OfText(TWO_OUT_OF_REACH,
                         {aborted, "/stop/when=duration", "/rollout/disclosure=\"1 d\""});
    EXPECT_NEAR(disclosed.Metric("exposure_device_days"), 6 * 2, 1e-9) << "six devices, two days";
}

} // namespace
