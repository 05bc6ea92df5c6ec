// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/input-error.h"
#include "analysis/report.h"
#include "model/record/metric-dictionary.h"
#include "model/record/results-database.h"
#include "test/folder-test.h"
#include "test/report-sample.h"
#include "test/test-support.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;
using test::Sample;
using test::WriteSample;

/// Names that would be scripts if they were not escaped.
constexpr std::string_view EVIL{"</script><script>alert(1)</script>"};

class ReportTest : public test::FolderTest
{
  protected:
};

size_t
Count(const std::string& text, std::string_view part)
{
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    {
        ++count;
    }
    return count;
}

/// The sentence at the top.
std::string
AnswerOf(const std::string& page)
{
    const std::string_view open = "<p class=\"answer\">";
    const size_t start = page.find(open) + open.size();
    return page.substr(start, page.find("</p>", start) - start);
}

nlohmann::json
DataOf(const std::string& page)
{
    const std::string_view open = "id=\"report-data\">";
    const size_t start = page.find(open) + open.size();
    return nlohmann::json::parse(page.substr(start, page.find("</script>", start) - start));
}

TEST_F(ReportTest, AnswersInOneSentence)
{
    const std::string page = analysis::MakeReport(WriteSample(m_folder, {}));
    EXPECT_EQ(AnswerOf(page),
              "99 % of 200 devices ran 1.4.2 31 h after the rollout began; 3 devices are bricked "
              "and 1 of them unknown to the operator; the busiest gateway used 83 % of its legal "
              "air. The rollout was aborted in wave 1: plain.");
}

/// The sample's only wave paused instead; `others` are rows beside it.
std::string
PausedSample(const std::filesystem::path& folder, const std::string& others)
{
    auto file = WriteSample(folder, {});
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    const std::string sql = "UPDATE wave SET decision = 'pause'; " + others;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(db);
    return file;
}

TEST_F(ReportTest, SaysWhereTheRolloutStoppedForGood)
{
    const auto stopOf = [this](const std::string& others) {
        const auto folder = m_folder / std::to_string(others.size());
        fs::create_directory(folder);
        const auto answer = AnswerOf(analysis::MakeReport(PausedSample(folder, others)));
        const size_t at = answer.find("The rollout was ");
        return at == std::string::npos ? std::string() : answer.substr(at);
    };
    // The pause ended at 180000 s.
    const std::string next = "INSERT INTO wave (run_id, wave, started_s, ended_s, targeted, "
                             "succeeded, failed, unreported, decision, reason, name) "
                             "SELECT run_id, wave + 1, 190000, 200000, 9, 9, 0, 0, ";
    EXPECT_EQ(stopOf(""), "The rollout was paused in wave 1: plain.");
    EXPECT_EQ(stopOf(next + "'finish', 'all', 'again' FROM wave"), "") << "it was resumed";
    EXPECT_EQ(stopOf(next + "'abort', 'recalled', 'again' FROM wave"),
              "The rollout was aborted in wave 2: recalled.");
}

TEST_F(ReportTest, SaysWhichShareWasReached)
{
    const std::string page =
        analysis::MakeReport(WriteSample(m_folder, {.timeTo99S = std::nullopt}));
    EXPECT_TRUE(AnswerOf(page).starts_with("50 % of 200 devices ran 1.4.2 2 h after"));
}

TEST_F(ReportTest, MarksTheGoal)
{
    const auto markOf = [&](const Sample& sample) {
        const std::string page = analysis::MakeReport(WriteSample(m_folder, sample));
        const size_t at = page.find("class=\"mark mark-");
        return at == std::string::npos ? ""
                                       : page.substr(at + 17, page.find('"', at + 17) - at - 17);
    };
    EXPECT_EQ(markOf({}), "");
    EXPECT_EQ(markOf({.goalS = 32 * 3600.0}), "met");
    EXPECT_EQ(markOf({.goalS = 30 * 3600.0}), "missed");
    EXPECT_EQ(markOf({.timeTo99S = std::nullopt, .goalS = 30 * 3600.0}), "missed");
    // 31, 32, 33 h: mean 32 h, s = 1 h, t(2) = 4.303, half width 2.48 h.
    EXPECT_EQ(markOf({.goalS = 33 * 3600.0, .runs = 3}), "unclear");
    EXPECT_EQ(markOf({.goalS = 35 * 3600.0, .runs = 3}), "met");
    EXPECT_EQ(markOf({.goalS = 29 * 3600.0, .runs = 3}), "missed");
}

TEST_F(ReportTest, GivesIntervalsOverSeveralRuns)
{
    const std::string page = analysis::MakeReport(WriteSample(m_folder, {.runs = 3}));
    // 32 h +- 2.48 h
    EXPECT_NE(AnswerOf(page).find("32 h (95 % interval 29 h 31 min to 34 h 29 min, 3 runs)"),
              std::string::npos)
        << AnswerOf(page);
}

TEST_F(ReportTest, EscapesTheTextOfUsers)
{
    const std::string page =
        analysis::MakeReport(WriteSample(m_folder, {.text = std::string(EVIL)}));
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_EQ(Count(page, "<script"), 3U + Count(page, "\"<script"));
    EXPECT_EQ(DataOf(page)["map"]["words"][0], EVIL) << "escaped, not lost";
}

TEST_F(ReportTest, DrawsDotsOrHexagons)
{
    const auto few = DataOf(analysis::MakeReport(WriteSample(m_folder, {})));
    EXPECT_EQ(few["map"]["dots"].size(), 200U);
    const std::string page = analysis::MakeReport(WriteSample(m_folder, {.devices = 20001}));
    const auto many = DataOf(page);
    EXPECT_FALSE(many["map"].contains("dots"));
    uint64_t total = 0;
    for (const auto& cell : many["map"]["hexagons"]["cells"])
    {
        for (const auto& changes : cell[2])
        {
            total += changes.empty() ? 0 : changes.back().get<uint64_t>();
        }
    }
    EXPECT_EQ(total, 20001U);
    EXPECT_NE(page.find("20,001 devices are too many for a mark each"), std::string::npos);
}

TEST_F(ReportTest, TellsOfJoinsWithoutARollout)
{
    ResultsDatabase database(m_folder / "joins.db");
    RunRow run;
    run.scenario = "storm";
    run.scenarioJson = "not even JSON";
    run.devices = 1000;
    run.status = "ok";
    const int64_t runId = database.AddRun(run);
    database.Add(MetricRow{runId, "devices_enrolled", 1000, "1"});
    database.Add(MetricRow{runId, "enrol_s_p50", 600, "s"});
    database.Add(MetricRow{runId, "enrol_s_max", 7200, "s"});
    database.Commit();
    const std::string page = analysis::MakeReport(m_folder / "joins.db");
    EXPECT_EQ(AnswerOf(page),
              "All 1,000 devices had joined 2 h after power-on, half of them after 10 min.");
    EXPECT_NE(page.find("This run recorded no progress."), std::string::npos);
    EXPECT_NE(page.find("there is no map"), std::string::npos);
    EXPECT_NE(page.find("This scenario has no rollout."), std::string::npos);
}

TEST_F(ReportTest, WarnsOfARunThatWasInterrupted)
{
    ResultsDatabase database(m_folder / "cut.db");
    RunRow run;
    run.simS = 3600;
    database.AddRun(run);
    database.Commit();
    EXPECT_NE(analysis::MakeReport(m_folder / "cut.db")
                  .find("This run was interrupted; the report tells what there is up to 1 h of "
                        "simulated time."),
              std::string::npos);
}

TEST_F(ReportTest, KeepsTheLicenceOfTheChartLibrary)
{
    const std::string page = analysis::MakeReport(WriteSample(m_folder, {}));
    EXPECT_NE(page.find("Licensed to the Apache Software Foundation (ASF)"), std::string::npos);
}

TEST_F(ReportTest, AsksNoNetwork)
{
    const std::string page = analysis::MakeReport(WriteSample(m_folder, {}));
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(page.find("<script src"), std::string::npos);
    EXPECT_EQ(page.find("<link"), std::string::npos);
}

TEST_F(ReportTest, RefusesWhatIsNotAResultsDatabase)
{
    std::ofstream(m_folder / "letter.txt") << "dear reader";
    const auto messageOf = [&](const fs::path& file) -> std::string {
        try
        {
            analysis::MakeReport(file);
        }
        catch (const analysis::InputError& error)
        {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(messageOf(m_folder / "letter.txt"),
              (m_folder / "letter.txt").string() + ": is not a results database of iot-fleet");
    EXPECT_EQ(messageOf(m_folder / "no.db"),
              (m_folder / "no.db").string() + ": there is no such file");
}

TEST_F(ReportTest, WritesAllOrNothing)
{
    const fs::path database = WriteSample(m_folder, {});
    EXPECT_THROW(analysis::WriteReport(database, m_folder / "nowhere" / "r.html"),
                 std::runtime_error);
    analysis::WriteReport(database, m_folder / "r.html");
    EXPECT_GT(fs::file_size(m_folder / "r.html"), 100000U);
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()), 2);
}

TEST_F(ReportTest, ComparesStrategies)
{
    // Variant k: 31 + 5 k h in its first run, an hour more in each further one.
    const Sample sample{.goalS = 38 * 3600.0, .runs = 3, .variants = 3};
    const std::string page = analysis::MakeReport(WriteSample(m_folder, sample));
    EXPECT_NE(
        page.find("3 strategies were compared, in 3 runs each. “plain 0” had the shortest mean "
                  "time: 99 % updated after 32 h (95 % interval 29 h 31 min to 34 h 29 min); "
                  "“plain 2” the longest: 42 h (95 % interval 39 h 31 min to 44 h 29 min)."),
        std::string::npos);
    // 32, 37 and 42 h +- 2.48 h against 38 h.
    EXPECT_EQ(Count(page, "<td class=\"text\">✓ goal met</td>"), 1U + 1U)
        << "and in the goals below";
    EXPECT_EQ(Count(page, "<td class=\"text\">? not enough runs to tell</td>"), 1U);
    EXPECT_EQ(Count(page, "<td class=\"text\">✗ goal missed</td>"), 1U);
    const auto data = DataOf(page)["strategies"];
    EXPECT_EQ(data["variants"].size(), 3U);
    EXPECT_EQ(data["x"], "time_to_99_updated_s");
}

TEST_F(ReportTest, TellsOfTheVariantThatIsAskedFor)
{
    const fs::path database = WriteSample(m_folder, {.runs = 2, .variants = 2});
    EXPECT_NE(analysis::MakeReport(database).find("that of “plain 0” with seed 1"),
              std::string::npos);
    EXPECT_NE(analysis::MakeReport(database, "plain 1").find("that of “plain 1” with seed 1"),
              std::string::npos);
    try
    {
        analysis::MakeReport(database, "other");
        FAIL();
    }
    catch (const analysis::InputError& error)
    {
        EXPECT_STREQ(error.what(),
                     "--variant: found \"other\", expected one of \"plain 0\", \"plain 1\"");
    }
}

TEST_F(ReportTest, ReadsDatabasesOfTheFirstRelease)
{
    const fs::path file = WriteSample(m_folder, {});
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    // The tables that 0.1.0 did not have.
    EXPECT_EQ(sqlite3_exec(db,
                           "DROP TABLE device_event; DROP TABLE cost; DROP TABLE fault; DROP TABLE "
                           "run_parameter; DROP TABLE run_failure; DROP TABLE campaign; DROP TABLE "
                           "given_up; ALTER TABLE run DROP COLUMN zstd_version;",
                           nullptr,
                           nullptr,
                           nullptr),
              SQLITE_OK);
    sqlite3_close(db);
    const std::string page = analysis::MakeReport(file);
    EXPECT_NE(page.find("The map shows the end of the run"), std::string::npos);
    EXPECT_EQ(page.find("id=\"map-time\""), std::string::npos) << "nothing to play";
}

/// Runs test/report/open-report.js on a page: exit status and what it printed.
std::pair<int, std::string>
OpenInBrowser(const fs::path& page)
{
    const std::string command =
        "node '" + SourcePath("test/report/open-report.js").string() + "' '" + page.string() + "'";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer{};
    while (const size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    {
        text.append(buffer.data(), got);
    }
    const int status = ::pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

/// Text of users that is harmless, and text that attacks the page.
class ReportInBrowserTest : public ReportTest, public testing::WithParamInterface<Sample>
{
};

TEST_P(ReportInBrowserTest, OpensWithoutErrors)
{
    if (std::system("command -v node > /dev/null 2>&1") != 0)
    {
        GTEST_SKIP() << "Node.js is not installed";
    }
    analysis::WriteReport(WriteSample(m_folder, GetParam()), m_folder / "r.html");
    const auto [status, text] = OpenInBrowser(m_folder / "r.html");
    if (status == 2)
    {
        GTEST_SKIP() << "Chromium is not installed";
    }
    ASSERT_EQ(status, 0) << text;
    const auto told = nlohmann::json::parse(text);
    EXPECT_EQ(told["charts"].size(), GetParam().variants > 1 ? 7U : 5U);
    EXPECT_GT(told["map"]["frames"], 10);
    EXPECT_EQ(told["map"]["start"]["not-enrolled"], GetParam().devices);
    EXPECT_GT(told["pdfBytes"], 10000);
}

INSTANTIATE_TEST_SUITE_P(
    Pages,
    ReportInBrowserTest,
    testing::Values(Sample{},
                    // Ticks of 31.00 h, and strategies with long names that lie on each other.
                    Sample{.text = std::string(EVIL), .runs = 2, .variants = 6, .spread = 0.001},
                    Sample{.devices = 25000}));

} // namespace
