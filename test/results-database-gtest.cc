// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/results-reader.h"
#include "model/record/content-hash.h"
#include "model/record/durable-file.h"
#include "model/record/results-database.h"
#include "test/folder-test.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <sqlite3.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;

/// A folder of its own for each test, gone afterwards.
class ResultsDatabaseTest : public test::FolderTest
{
  protected:
    fs::path File(const std::string& name) const
    {
        return m_folder / name;
    }

    size_t CountFiles() const
    {
        return static_cast<size_t>(
            std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()));
    }
};

RunRow
MakeRun()
{
    RunRow run;
    run.scenario = "test";
    run.scenarioSha256 = "00";
    run.scenarioJson = "{}";
    run.devices = 2;
    run.rolloutStartS = 60.5;
    return run;
}

DeviceRow
MakeDevice(int64_t runId, uint32_t id)
{
    DeviceRow device;
    device.runId = runId;
    device.deviceId = id;
    device.name = "meter-" + std::to_string(id);
    device.enrolledS = 1.25;
    device.health = "healthy";
    return device;
}

/// A small whole database; `change` may add to it before it is committed.
void
WriteDatabase(
    const fs::path& file,
    const std::function<void(ResultsDatabase&, int64_t)>& change = [](auto&, auto) {},
    RunRow run = MakeRun())
{
    ResultsDatabase database(file);
    const int64_t runId = database.AddRun(run);
    database.Add(MakeDevice(runId, 0));
    database.Add(MakeDevice(runId, 1));
    database.Add(MetricRow{runId, "time_to_99_updated_s", std::nullopt, "s"});
    change(database, runId);
    database.Commit();
}

/// Columns of every table of a database, in order.
std::map<std::string, std::vector<std::string>>
ReadColumns(const fs::path& file)
{
    std::map<std::string, std::vector<std::string>> columns;
    sqlite3* db = nullptr;
    sqlite3_open(file.c_str(), &db);
    sqlite3_exec(
        db,
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY 1, c.cid",
        [](void* out, int, char** values, char**) {
            (*static_cast<decltype(columns)*>(out))[values[0]].emplace_back(values[1]);
            return 0;
        },
        &columns,
        nullptr);
    sqlite3_close(db);
    return columns;
}

std::string
MessageOf(const std::function<void()>& action)
{
    try
    {
        action();
    }
    catch (const DatabaseError& error)
    {
        return error.what();
    }
    return "";
}

TEST_F(ResultsDatabaseTest, HasTheColumnsThatUsersScriptAgainst)
{
    // The contract of the first release: "at least" these, by these names.
    const std::map<std::string, std::vector<std::string>> contract{
        {"run",
         {"run_id",
          "scenario",
          "scenario_sha256",
          "scenario_json",
          "variant",
          "seed",
          "rng_run",
          "status",
          "devices",
          "sim_s",
          "wall_s",
          "events",
          "peak_rss_bytes",
          "tool_version",
          "ns3_version",
          "started_at"}},
        {"metric", {"run_id", "name", "value", "unit"}},
        {"device",
         {"run_id",
          "device_id",
          "name",
          "grp",
          "site",
          "x_m",
          "y_m",
          "profile",
          "data_rate",
          "enrolled_s",
          "updated_s",
          "firmware",
          "enrolment",
          "update_state",
          "health",
          "access",
          "energy_j",
          "rx_bytes",
          "tx_bytes",
          "fragments_received",
          "believed_firmware",
          "believed_health"}},
        {"transition",
         {"run_id", "t_s", "device_id", "machine", "from_state", "to_state", "cause"}},
        {"progress",
         {"run_id",
          "t_s",
          "enrolled",
          "updated",
          "failed",
          "quarantined",
          "compromised",
          "bricked",
          "believed_updated"}},
        {"wave",
         {"run_id",
          "wave",
          "started_s",
          "ended_s",
          "targeted",
          "succeeded",
          "failed",
          "unreported",
          "decision",
          "reason"}},
        {"gateway",
         {"run_id",
          "gateway_id",
          "x_m",
          "y_m",
          "downlink_airtime_s",
          "uplink_airtime_s",
          "frames_tx",
          "frames_rx",
          "frames_lost_collision",
          "frames_lost_deaf",
          "duty_cycle_used",
          "busiest_band"}},
        {"session",
         {"run_id",
          "session_id",
          "kind",
          "data_rate",
          "started_s",
          "ended_s",
          "fragments_sent",
          "devices",
          "completed"}},
    };
    WriteDatabase(File("a.db"));
    const auto columns = ReadColumns(File("a.db"));
    for (const auto& [table, names] : contract)
    {
        ASSERT_TRUE(columns.contains(table)) << table;
        for (const std::string& name : names)
        {
            EXPECT_NE(std::ranges::find(columns.at(table), name), columns.at(table).end())
                << table << '.' << name;
        }
    }
}

TEST_F(ResultsDatabaseTest, KeysEveryTableByRun)
{
    WriteDatabase(File("a.db"));
    for (const auto& [table, columns] : ReadColumns(File("a.db")))
    {
        EXPECT_EQ(columns.front(), "run_id") << table;
    }
}

TEST_F(ResultsDatabaseTest, GivesBackWhatWasAdded)
{
    WriteDatabase(File("a.db"), [](ResultsDatabase& database, int64_t runId) {
        database.Add(ProgressRow{runId, 2.5, 7, 6, 5, 4, 3, 2, 1, std::nullopt, 8, 9, 10});
        database.Add(WaveRow{runId, 1, 3.5, std::nullopt, 10, 9, 1, 0, "advance", "why", "canary"});
        database.Add(GatewayHourRow{runId, 3, 4, "g1", 1.5, std::nullopt});
        database.Add(ExpectationRow{runId, "devices_bricked", std::nullopt, 0.0});
        database.Add(FaultRow{runId, 1, "slow-leak", "", std::nullopt, std::nullopt, 3});
        database.Add(FaultRow{runId, 0, "gateway-outage", "mast", 1.5, 2.5, std::nullopt});
        database.Add(AlarmRow{runId, 1, 0, true});
        database.Add(AlarmRow{runId, 2, 1, false});
        database.FinishRun(runId, RunEnd{"ok", 86400, 1.5, 42, 1000, std::nullopt});
    });
    const analysis::ResultsReader reader(File("a.db"));
    const RunRow& run = reader.GetRuns().at(0);
    EXPECT_EQ(run.runId, 1);
    EXPECT_EQ(run.status, "ok");
    EXPECT_EQ(run.simS, 86400);
    EXPECT_EQ(run.rolloutStartS, 60.5) << "FinishRun() must not take back what is known";
    EXPECT_EQ(reader.GetScenarioJson(1), "{}");
    EXPECT_EQ(reader.ReadMetrics(1).at(0).value, std::nullopt);
    const ProgressRow progress = reader.ReadProgress(1).at(0);
    EXPECT_EQ(progress.believedUpdated, 1U);
    EXPECT_EQ(progress.notified, std::nullopt);
    EXPECT_EQ(progress.believedFailed, 10U);
    EXPECT_EQ(reader.ReadWaves(1).at(0).endedS, std::nullopt);
    EXPECT_EQ(reader.ReadWaves(1).at(0).name, "canary");
    EXPECT_EQ(reader.ReadGatewayHours(1).at(0).limitS, std::nullopt);
    EXPECT_EQ(reader.ReadExpectations(1).at(0).max, 0.0);
    EXPECT_EQ(reader.CountAlarms(1, true), 1U);
    const auto faults = reader.ReadFaults(1);
    EXPECT_EQ(faults.at(0).subject, "mast");
    EXPECT_EQ(faults.at(0).endedS, 2.5);
    EXPECT_EQ(faults.at(1).devices, 3U);
    EXPECT_EQ(faults.at(1).startedS, std::nullopt);
    std::vector<std::string> names;
    reader.ForEachDevice(1, [&](const DeviceRow& device) { names.push_back(device.name); });
    EXPECT_EQ(names, (std::vector<std::string>{"meter-0", "meter-1"}));
}

TEST_F(ResultsDatabaseTest, IsInterruptedUntilTheRunIsFinished)
{
    WriteDatabase(File("a.db"));
    EXPECT_EQ(analysis::ResultsReader(File("a.db")).GetRuns().at(0).status, "interrupted");
}

TEST_F(ResultsDatabaseTest, LeavesNothingBehindWithoutCommit)
{
    {
        ResultsDatabase database(File("a.db"));
        database.AddRun(MakeRun());
        EXPECT_EQ(CountFiles(), 1U);
    }
    EXPECT_EQ(CountFiles(), 0U);
}

TEST_F(ResultsDatabaseTest, KeepsTheOldDatabaseUntilTheNewOneIsWhole)
{
    WriteDatabase(File("a.db"));
    const std::string before = ContentSha256(File("a.db"));
    {
        ResultsDatabase database(File("a.db"));
        database.AddRun(MakeRun());
        EXPECT_EQ(ContentSha256(File("a.db")), before);
    }
    EXPECT_EQ(ContentSha256(File("a.db")), before);
    EXPECT_EQ(CountFiles(), 1U);
}

TEST_F(ResultsDatabaseTest, KilledProcessLeavesOnlyThePartialFile)
{
    const pid_t child = ::fork();
    if (child == 0)
    {
        ResultsDatabase database(File("a.db"));
        const int64_t runId = database.AddRun(MakeRun());
        for (uint32_t i = 0; i < 1000; ++i)
        {
            database.Add(MakeDevice(runId, i));
        }
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_FALSE(fs::exists(File("a.db")));
    EXPECT_TRUE(fs::exists(File("a.db.partial-" + std::to_string(child))));
    EXPECT_EQ(CountFiles(), 1U);
}

TEST_F(ResultsDatabaseTest, DoesNotReplaceWhatIsNotOurs)
{
    std::ofstream(File("letter.txt")) << "dear reader";
    EXPECT_EQ(MessageOf([&] { ResultsDatabase(File("letter.txt")); }),
              File("letter.txt").string() +
                  ": exists and is not a results database of iot-fleet; it is left as it is, "
                  "choose another name");
    EXPECT_EQ(MessageOf([&] { ResultsDatabase{m_folder}; }),
              m_folder.string() + ": exists and is not a regular file; choose another name for "
                                  "the results database");
    std::string letter;
    std::getline(std::ifstream(File("letter.txt")), letter);
    EXPECT_EQ(letter, "dear reader");
    EXPECT_EQ(CountFiles(), 1U);
}

TEST_F(ResultsDatabaseTest, DoesNotReplaceAnotherProgramsDatabase)
{
    sqlite3* db = nullptr;
    sqlite3_open(File("music.db").c_str(), &db);
    sqlite3_exec(db, "CREATE TABLE song (name)", nullptr, nullptr, nullptr);
    sqlite3_close(db);
    EXPECT_THROW(ResultsDatabase(File("music.db")), DatabaseError);
    EXPECT_TRUE(ReadColumns(File("music.db")).contains("song"));
}

TEST_F(ResultsDatabaseTest, NamesAFolderThatIsNotThere)
{
    const fs::path file = m_folder / "nowhere" / "a.db";
    EXPECT_EQ(MessageOf([&] { ResultsDatabase{file}; }),
              file.string() + ".partial-" + std::to_string(::getpid()) +
                  ": cannot create it: No such file or directory");
}

TEST_F(ResultsDatabaseTest, RefusesTheSameKeyTwice)
{
    ResultsDatabase database(File("a.db"));
    const int64_t runId = database.AddRun(MakeRun());
    database.Add(MakeDevice(runId, 0));
    EXPECT_NE(MessageOf([&] { database.Add(MakeDevice(runId, 0)); }).find("UNIQUE"),
              std::string::npos);
}

TEST_F(ResultsDatabaseTest, TakesNothingAfterCommit)
{
    ResultsDatabase database(File("a.db"));
    const int64_t runId = database.AddRun(MakeRun());
    database.Commit();
    EXPECT_THROW(database.Add(MakeDevice(runId, 0)), DatabaseError);
    EXPECT_THROW(database.Commit(), DatabaseError);
    EXPECT_TRUE(fs::exists(File("a.db")));
}

TEST_F(ResultsDatabaseTest, FullDiskIsAnErrorAndLeavesNothing)
{
    // A limit on the size of files stands in for a disk that is full.
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{256 * 1024, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    const std::string message = MessageOf([&] {
        ResultsDatabase database(File("a.db"));
        const int64_t runId = database.AddRun(MakeRun());
        for (uint32_t i = 0; i < 400000; ++i)
        {
            database.Add(MakeDevice(runId, i));
        }
        database.Commit();
    });
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, oldHandler);
    EXPECT_NE(message.find(": cannot write to it: "), std::string::npos) << message;
    EXPECT_EQ(CountFiles(), 0U);
}

TEST_F(ResultsDatabaseTest, HashIgnoresTheClockAndNothingElse)
{
    WriteDatabase(File("a.db"));
    RunRow later = MakeRun();
    later.startedAt = "2030-01-01T00:00:00Z";
    later.wallS = 99;
    later.peakRssBytes = 12345;
    WriteDatabase(
        File("b.db"),
        [](auto&, auto) {},
        later);
    EXPECT_EQ(ContentSha256(File("a.db")), ContentSha256(File("b.db")));
    EXPECT_EQ(ContentSha256(File("a.db")).size(), 64U);
    RunRow other = MakeRun();
    other.seed = 2;
    WriteDatabase(
        File("c.db"),
        [](auto&, auto) {},
        other);
    EXPECT_NE(ContentSha256(File("a.db")), ContentSha256(File("c.db")));
    WriteDatabase(File("d.db"), [](ResultsDatabase& database, int64_t runId) {
        database.Add(MetricRow{runId, "wall_s", 3.0, "s"});
        database.Add(MetricRow{runId, "peak_rss_bytes", 4.0, "B"});
    });
    EXPECT_EQ(ContentSha256(File("a.db")), ContentSha256(File("d.db")));
    WriteDatabase(File("e.db"), [](ResultsDatabase& database, int64_t runId) {
        database.Add(FailureRow{runId, 0, 1.0, "power-loss", ""});
    });
    EXPECT_NE(ContentSha256(File("a.db")), ContentSha256(File("e.db")));
}

TEST_F(ResultsDatabaseTest, HashCanLeaveRecordingOptionsOut)
{
    WriteDatabase(File("a.db"));
    RunRow recording = MakeRun();
    recording.scenarioJson = R"({"record": {"transitions": true}})";
    recording.scenarioSha256 = "11";
    const auto addTransition = [](ResultsDatabase& database, int64_t runId) {
        database.Add(TransitionRow{runId, 1, 0, "update", "idle", "notified", "set-up"});
    };
    WriteDatabase(File("b.db"), addTransition, recording);
    EXPECT_NE(ContentSha256(File("a.db")), ContentSha256(File("b.db")));
    EXPECT_EQ(ContentSha256(File("a.db"), HashScope::WITHOUT_TRANSITIONS),
              ContentSha256(File("b.db"), HashScope::WITHOUT_TRANSITIONS));
}

TEST_F(ResultsDatabaseTest, FoldersAreFlushedOrNamed)
{
    FlushFolder(m_folder);
    FlushFolder({});
    try
    {
        FlushFolder(File("absent"));
        FAIL() << "there is no such folder";
    }
    catch (const DatabaseError& error)
    {
        EXPECT_NE(std::string(error.what()).find("absent: cannot open: No such file"),
                  std::string::npos)
            << error.what();
    }
}

} // namespace
