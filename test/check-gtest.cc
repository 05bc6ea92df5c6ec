// SPDX-License-Identifier: GPL-2.0-only

// Checks of runs: every kind of entry of `expect`, and that every invariant finds what breaks it.

#include "analysis/check/baseline.h"
#include "analysis/check/invariants.h"
#include "analysis/check/run-check.h"
#include "analysis/input-error.h"
#include "model/record/results-database.h"
#include "test/folder-test.h"
#include "test/test-support-run.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;
namespace fs = std::filesystem;

const std::string TIME{"time_to_99_updated_s"};

class CheckTest : public test::FolderTest
{
  protected:
    /// A run that failed before it left anything, and one that met its expectation.
    void WriteFailedAndGood()
    {
        ResultsDatabase database(m_folder / "a.db");
        RunRow run;
        run.scenario = "judged";
        run.scenarioJson = "{}";
        RunEnd failed;
        failed.status = "failed";
        database.FinishRun(database.AddRun(run), failed);
        run.rngRun = 2;
        const int64_t runId = database.AddRun(run);
        database.Add(MetricRow{runId, TIME, 3600.0, "s"});
        database.Add(ExpectationRow{runId, TIME, std::nullopt, 7200.0});
        database.FinishRun(runId, RunEnd{});
        database.Commit();
    }

    /// Runs of one scenario with these values of TIME, and one entry of `expect`.
    CheckResult Judge(const std::vector<std::optional<double>>& values, ExpectationRow entry)
    {
        ResultsDatabase database(m_folder / "a.db");
        for (size_t i = 0; i < values.size(); ++i)
        {
            RunRow run;
            run.scenario = "judged";
            run.scenarioJson = "{}";
            run.rngRun = i + 1;
            const int64_t runId = database.AddRun(run);
            database.Add(MetricRow{runId, TIME, values[i], "s"});
            database.Add(MetricRow{runId, "devices_failed", 0.0, "1"});
            entry.runId = runId;
            database.Add(entry);
            database.FinishRun(runId, RunEnd{});
        }
        database.Commit();
        const auto suites = CheckRuns(ResultsReader(m_folder / "a.db"), {m_folder, {}});
        EXPECT_EQ(suites.size(), 1U);
        EXPECT_EQ(suites.at(0).runs, values.size());
        return suites.at(0).results.at(1); // after "every run has finished"
    }
};

ExpectationRow
AtMost(double max)
{
    return {0, TIME, std::nullopt, max};
}

TEST_F(CheckTest, BoundsAreAskedOfEveryRun)
{
    EXPECT_EQ(Judge({3600, 7200}, AtMost(7200)).outcome, CheckOutcome::PASSED);
    const CheckResult late = Judge({3600, 7201, 9000}, AtMost(7200));
    EXPECT_EQ(late.outcome, CheckOutcome::FAILED);
    EXPECT_EQ(late.name, "time_to_99_updated_s at most 2 h");
    EXPECT_EQ(late.message, "2 h in seed 1 run 2; 2 of 3 runs fail");
    EXPECT_EQ(Judge({3600}, {0, TIME, 3601.0, std::nullopt}).outcome, CheckOutcome::FAILED);
}

TEST_F(CheckTest, NeverReachedBreaksABound)
{
    const CheckResult never = Judge({3600, std::nullopt}, AtMost(7200));
    EXPECT_EQ(never.outcome, CheckOutcome::FAILED);
    EXPECT_EQ(never.message, "never reached in seed 1 run 2; 1 of 2 runs fail");
}

TEST_F(CheckTest, QuantilesCountWhatWasNeverReached)
{
    ExpectationRow entry = AtMost(300);
    entry.quantile = 0.5; // of 100, 200, 300, never: the second
    EXPECT_EQ(Judge({300, 100, std::nullopt, 200}, entry).outcome, CheckOutcome::PASSED);
    entry.quantile = 0.75;
    EXPECT_EQ(Judge({300, 100, std::nullopt, 200}, entry).outcome, CheckOutcome::PASSED);
    entry.quantile = 0.76;
    const CheckResult result = Judge({300, 100, std::nullopt, 200}, entry);
    EXPECT_EQ(result.outcome, CheckOutcome::FAILED);
    EXPECT_EQ(result.message, "never reached over 4 runs");
    entry.min = 200;
    entry.max = std::nullopt;
    EXPECT_EQ(Judge({300, 100, std::nullopt, 200}, entry).outcome, CheckOutcome::PASSED)
        << "never is longer than any bound";
}

TEST_F(CheckTest, ExpectationsAreThoseOfARunThatFinished)
{
    WriteFailedAndGood();
    const ResultsReader reader(m_folder / "a.db");
    const auto suites = CheckRuns(reader, {m_folder, {}});
    ASSERT_EQ(suites.size(), 1U);
    EXPECT_EQ(suites[0].results.at(0).outcome, CheckOutcome::FAILED) << "a run has not finished";
    EXPECT_EQ(suites[0].results.at(1).name, "time_to_99_updated_s at most 2 h");
    EXPECT_EQ(suites[0].results.at(1).outcome, CheckOutcome::FAILED);
    EXPECT_THROW(CheckRuns(reader, {m_folder, m_folder / "base.json"}), InputError);
    EXPECT_FALSE(fs::exists(m_folder / "base.json"));
}

TEST_F(CheckTest, BaselineIsABandAroundTheMean)
{
    ExpectationRow entry{0, TIME, std::nullopt, std::nullopt};
    entry.baseline = "base.json";
    EXPECT_THROW(Judge({100.0}, entry), InputError) << "no such file";
    std::ofstream(m_folder / "base.json") << R"({"baseline": 1, "metrics": {"time_to_99_updated_s":
        {"mean": 100, "tolerance": 5}}})";
    EXPECT_EQ(Judge({90, 114}, entry).outcome, CheckOutcome::PASSED) << "the mean is 102";
    EXPECT_EQ(Judge({90, 122}, entry).outcome, CheckOutcome::FAILED) << "the mean is 106";
    EXPECT_EQ(Judge({100, std::nullopt}, entry).outcome, CheckOutcome::FAILED);
    entry.tolerance = 0.1;
    EXPECT_EQ(Judge({90, 122}, entry).outcome, CheckOutcome::PASSED) << "10 % of 100";
}

TEST_F(CheckTest, BaselineOfOneRunHasNoTolerance)
{
    ExpectationRow entry{0, TIME, std::nullopt, std::nullopt};
    entry.baseline = "base.json";
    WriteBaseline({"s", 1, {{TIME, MakeBaselineMetric(std::vector<std::optional<double>>{7.0})}}},
                  m_folder / "base.json");
    EXPECT_THROW(Judge({7.0}, entry), InputError);
    entry.tolerance = 0.01;
    EXPECT_EQ(Judge({7.0}, entry).outcome, CheckOutcome::PASSED);
}

TEST_F(CheckTest, BaselineBandIsThePredictionInterval)
{
    // Mean 12, deviation sqrt(8 / 3) of four runs; t(3) at 99.5 % is 5.8409.
    const BaselineMetric metric =
        MakeBaselineMetric(std::vector<std::optional<double>>{10, 12, 12, 14});
    EXPECT_EQ(metric.mean, 12);
    EXPECT_NEAR(*metric.deviation, std::sqrt(8.0 / 3), 1e-12);
    const double width = 5.8409 * std::sqrt(8.0 / 3);
    EXPECT_NEAR(*PredictTolerance(metric, 4, 4), width * std::sqrt(0.5), 1e-3);
    EXPECT_NEAR(*PredictTolerance(metric, 4, 1), width * std::sqrt(1.25), 1e-3);
    // The file keeps what it takes: one run may be 10.66 off, four 6.74.
    WriteBaseline({"s", 4, {{TIME, metric}}}, m_folder / "base.json");
    ExpectationRow entry{0, TIME, std::nullopt, std::nullopt};
    entry.baseline = "base.json";
    EXPECT_EQ(Judge({22.6}, entry).outcome, CheckOutcome::PASSED);
    EXPECT_EQ(Judge({22.7}, entry).outcome, CheckOutcome::FAILED);
    EXPECT_EQ(Judge({22.6, 22.6, 22.6, 22.6}, entry).outcome, CheckOutcome::FAILED);
    EXPECT_EQ(Judge({18.7, 18.7, 18.7, 18.7}, entry).outcome, CheckOutcome::PASSED);
    EXPECT_EQ(MakeBaselineMetric(std::vector<std::optional<double>>{1, std::nullopt}).mean,
              std::nullopt);
}

TEST_F(CheckTest, BadBaselinesNameTheFault)
{
    const auto message = [&](const std::string& text) {
        std::ofstream(m_folder / "bad.json") << text;
        try
        {
            ReadBaseline(m_folder / "bad.json");
        }
        catch (const InputError& error)
        {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_NE(message("{").find("/baseline: expected"), std::string::npos);
    EXPECT_NE(message(R"({"baseline": 1})").find("/metrics: expected"), std::string::npos);
    EXPECT_NE(message(R"({"baseline": 1, "metrics": {"a": {"mean": "x"}}})")
                  .find("/metrics/a/mean: found \"x\""),
              std::string::npos);
}

TEST(CheckText, JunitEscapesWhatUsersWrite)
{
    const std::vector<CheckSuite> suites{
        {"<script>\"&'\x01", 1, {{"a < b", CheckOutcome::FAILED, "1 > 0"}, {"c"}}}};
    const std::string xml = JunitXml(suites);
    EXPECT_EQ(xml.find("<script>"), std::string::npos);
    EXPECT_EQ(xml.find('\x01'), std::string::npos);
    EXPECT_NE(xml.find("name=\"a &lt; b\""), std::string::npos) << xml;
    EXPECT_NE(xml.find("tests=\"2\" failures=\"1\""), std::string::npos) << xml;
    EXPECT_FALSE(HasPassed(suites));
    EXPECT_FALSE(HasPassed({})) << "nothing checked is nothing proved";
}

constexpr const char* WHOLE_SCENARIO = R"({
  "schema": 1,
  "duration": "1 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [{ "name": "m", "count": 10, "power_on_spread": "10 min",
    "placement": { "radius": "50 m" }, "telemetry": { "period": "10 min" } }] },
  "access": { "lorawan": { "gateways": [{ "name": "g" }] } },
  "firmware": { "images": [{ "version": "1.1.0", "size": "1 kB", "sequence": 2 }] },
  "rollout": { "start": "2 h", "waves": [{ "count": 2 }, { "share": 1 }] },
  "costs": { "air_hour": 3, "truck_roll": 7 }
})";

CheckOutcome
OutcomeOf(const std::vector<CheckSuite>& suites, std::string_view name)
{
    for (const CheckResult& result : suites.at(0).results)
    {
        if (result.name == name)
        {
            return result.outcome;
        }
    }
    ADD_FAILURE() << "no check " << name;
    return CheckOutcome::SKIPPED;
}

/// What breaks each invariant.
const std::map<std::string_view, std::string> TAMPERING{
    {"no device is lost", "DELETE FROM device WHERE device_id = 3"},
    {"metrics count what the device rows say",
     "UPDATE device SET enrolment = 'joining' WHERE device_id = 1"},
    {"progress ends at the metrics",
     "UPDATE metric SET value = value + 1 WHERE name = 'devices_updated'"},
    {"no count exceeds the fleet", "UPDATE progress SET received = 11"},
    {"belief is never ahead of what was reported",
     "UPDATE progress SET believed_updated = updated + 1"},
    {"the air is within the law", "UPDATE gateway SET duty_cycle_used = 1.5"},
    {"gateways' hours add up to their airtime",
     "UPDATE gateway SET downlink_airtime_s = downlink_airtime_s + 1"},
    {"energy is never negative", "UPDATE device SET campaign_energy_j = -1 WHERE device_id = 0"},
    {"waves and sessions end with at most those they began with",
     "UPDATE wave SET succeeded = targeted + 1"},
    {"nothing happens outside the run", "UPDATE device SET updated_s = 1e9 WHERE device_id = 0"},
    {"quantiles are in order and shares are shares",
     "UPDATE metric SET value = 1 WHERE name = 'time_to_99_updated_s'"},
    {"quarantine's books are those of its stays",
     "UPDATE metric SET value = 0.5 WHERE name = 'remediated_share'"},
    {"who is given up has a cause",
     "INSERT INTO given_up VALUES (1, 0, 5, 'failed', '', '', NULL)"},
    {"costs are quantity times price", "UPDATE cost SET cost = 5 WHERE item = 'air'"}};

void
Tamper(const fs::path& file, const std::string& sql)
{
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    EXPECT_GT(sqlite3_changes(db), 0) << sql;
    sqlite3_close(db);
}

TEST(Invariants, HoldInARunAndFindEveryBreach)
{
    const auto run = WholeRun::OfText(WHOLE_SCENARIO);
    const fs::path original = run.Folder() / "run.db";
    const auto untouched = CheckRuns(ResultsReader(original), {});
    for (const CheckResult& result : untouched.at(0).results)
    {
        EXPECT_EQ(result.outcome, CheckOutcome::PASSED) << result.name << ": " << result.message;
    }
    for (const Invariant& invariant : Invariants())
    {
        ASSERT_TRUE(TAMPERING.contains(invariant.name)) << invariant.name;
        const fs::path copy = run.Folder() / "tampered.db";
        fs::copy_file(original, copy, fs::copy_options::overwrite_existing);
        Tamper(copy, TAMPERING.at(invariant.name));
        const auto suites = CheckRuns(ResultsReader(copy), {});
        EXPECT_EQ(OutcomeOf(suites, invariant.name), CheckOutcome::FAILED) << invariant.name;
    }
}

/// Stays, compromise and health of the tables give the metrics again, and any that is off is found.
TEST(Invariants, QuarantineIsCountedFromTheTables)
{
    const auto run = WholeRun::OfText(
        WHOLE_SCENARIO,
        {R"(/threats=[{"at": "35 min", "count": 3}])",
         R"(/quarantine={"detector": {"window": "10 min", "true_positive_rate": 0.5,)"
         R"( "false_positive_rate": 0.05, "k": 1, "n": 1}, "level": "restricted", "probation": "1 h",)"
         R"( "release_after": "2 h"})"});
    const fs::path original = run.Folder() / "run.db";
    const auto suites = CheckRuns(ResultsReader(original), {});
    EXPECT_TRUE(HasPassed(suites)) << CheckText(suites);
    EXPECT_GT(run.Metric("quarantined_total"), 3);
    EXPECT_GT(run.Metric("false_quarantine_device_hours"), 1);
    EXPECT_GT(run.Metric("missed_compromised_device_hours"), 0);
    for (const std::string name : {"quarantined_total",
                                   "false_quarantine_device_hours",
                                   "missed_compromised_device_hours",
                                   "remediated_share"})
    {
        const fs::path copy = run.Folder() / "tampered.db";
        fs::copy_file(original, copy, fs::copy_options::overwrite_existing);
        Tamper(copy, "UPDATE metric SET value = value + 0.01 WHERE name = '" + name + "'");
        EXPECT_EQ(OutcomeOf(CheckRuns(ResultsReader(copy), {}),
                            "quarantine's books are those of its stays"),
                  CheckOutcome::FAILED)
            << name;
    }
}

TEST(Invariants, HoldInShippedScenarios)
{
    for (const std::string name : {"testbed-single", "testbed-four-devices", "class-b-vs-c"})
    {
        const WholeRun run(SourcePath("scenarios/" + name + ".json"));
        const auto suites = CheckRuns(ResultsReader(run.Folder() / "run.db"), {});
        EXPECT_TRUE(HasPassed(suites)) << name << "\n" << CheckText(suites);
    }
}

TEST(Invariants, LiarsAreNoBreach)
{
    const auto run =
        WholeRun::OfText(WHOLE_SCENARIO, {R"(/threats=[{"at": "1 h", "count": 2, "lies": true}])"});
    EXPECT_GT(run.Metric("devices_believed_updated"), run.Metric("devices_updated"));
    const auto suites = CheckRuns(ResultsReader(run.Folder() / "run.db"), {});
    EXPECT_EQ(OutcomeOf(suites, "belief is never ahead of what was reported"),
              CheckOutcome::SKIPPED);
    EXPECT_TRUE(HasPassed(suites)) << CheckText(suites);
}

} // namespace
