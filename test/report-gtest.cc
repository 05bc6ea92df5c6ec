// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/input-error.h"
#include "analysis/report.h"
#include "model/record/metric-dictionary.h"
#include "model/record/results-database.h"
#include "test/test-support.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;

/// Names that would be scripts if they were not escaped.
constexpr std::string_view EVIL{"</script><script>alert(1)</script>"};

class ReportTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        std::string pattern = (fs::temp_directory_path() / "iot-fleet-report-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }

    void TearDown() override
    {
        fs::remove_all(m_folder);
    }

    fs::path m_folder;
};

/// What a test's run looks like.
struct Sample
{
    uint32_t devices{200};
    std::string text{"plain"}; ///< in every place where a user's text can stand
    std::optional<double> timeTo99S{31 * 3600.0};
    std::optional<double> goalS{};
    uint32_t runs{1};
};

DeviceRow
MakeDevice(const Sample& sample, int64_t runId, uint32_t id)
{
    DeviceRow device;
    device.runId = runId;
    device.deviceId = id;
    device.name = sample.text + std::to_string(id);
    device.grp = sample.text;
    device.site = sample.text;
    device.xM = 10.0 * (id % 20);
    device.yM = 10.0 * (id / 20); // NOLINT: rows of a grid
    device.enrolment = "enrolled";
    device.enrolledS = 10;
    device.updateState = "confirmed";
    device.updatedS = 100000;
    device.firmware = "1.4.2";
    device.believedFirmware = "1.4.2";
    device.believedUpdate = "updated";
    device.health = "healthy";
    device.believedHealth = "fine";
    device.access = "full";
    device.targeted = true;
    device.campaignEnergyJ = 1.0 + 0.01 * (id % 100);
    device.dailyEnergyJ = 5.0;
    if (id < 3)
    {
        device.health = "bricked";
        device.updatedS.reset();
        device.believedUpdate = id == 0 ? "updated" : "unreported";
    }
    return device;
}

void
AddTables(const Sample& sample, ResultsDatabase& database, int64_t runId)
{
    for (uint32_t id = 0; id < sample.devices; ++id)
    {
        database.Add(MakeDevice(sample, runId, id));
        database.Add(DeviceEventRow{runId, 10.0, id, "enrolled"});
    }
    for (uint32_t id = 0; id < sample.devices; ++id)
    {
        database.Add(DeviceEventRow{runId, 95000.0, id, "notified"});
        database.Add(
            DeviceEventRow{runId, 100000.0 + id % 1000, id, id < 3 ? "bricked" : "updated"});
    }
    for (uint32_t i = 0; i <= 10; ++i)
    {
        ProgressRow row;
        row.runId = runId;
        row.tS = 20000.0 * i;
        row.enrolled = 200;
        row.updated = 20 * i;
        row.believedUpdated = i > 0 ? 20 * (i - 1) : 0;
        database.Add(row);
    }
    database.Add(WaveRow{runId,
                         1,
                         90000.0,
                         180000.0,
                         sample.devices,
                         197,
                         0,
                         3,
                         "abort",
                         sample.text,
                         sample.text});
    database.Add(SessionRow{runId,
                            1,
                            sample.text,
                            5,
                            90000,
                            95000.0,
                            100,
                            200,
                            199,
                            10,
                            1,
                            90010.0,
                            94000.0});
    GatewayRow gateway;
    gateway.runId = runId;
    gateway.xM = 50;
    gateway.yM = 50;
    gateway.name = sample.text;
    gateway.downlinkAirtimeS = 100;
    gateway.dutyCycleUsed = 0.83;
    gateway.busiestBand = sample.text;
    database.Add(gateway);
    database.Add(GatewayHourRow{runId, 0, 25, sample.text, 30, 36.0});
    database.Add(FailureRow{runId, 5, 95000, sample.text, sample.text});
    database.Add(QuarantineRow{runId, 7, 50000, sample.text, std::nullopt, false});
}

void
AddMetrics(const Sample& sample, ResultsDatabase& database, int64_t runId, uint32_t run)
{
    const auto add = [&](std::string_view name, std::optional<double> value) {
        database.Add(
            MetricRow{runId, std::string(name), value, std::string(FindMetric(name)->unit)});
    };
    add("devices_total", sample.devices);
    add("devices_updated", sample.devices - 3.0);
    add("devices_bricked", 3);
    add("max_duty_cycle_used", 0.83);
    add("time_to_50_updated_s", 7200);
    add("time_to_99_updated_s",
        sample.timeTo99S ? std::optional(*sample.timeTo99S + 3600.0 * run) : std::nullopt);
    add("time_to_all_updated_s", std::nullopt);
}

fs::path
WriteSample(const fs::path& folder, const Sample& sample)
{
    const fs::path file = folder / "sample.db";
    ResultsDatabase database(file);
    for (uint32_t i = 0; i < sample.runs; ++i)
    {
        RunRow run;
        run.scenario = sample.text;
        run.scenarioJson = nlohmann::json{{"description", sample.text}}.dump();
        run.devices = sample.devices;
        run.seed = i + 1;
        run.status = "ok";
        run.simS = 200000;
        run.rolloutStartS = 90000;
        run.targetFirmware = "1.4.2";
        const int64_t runId = database.AddRun(run);
        AddTables(sample, database, runId);
        AddMetrics(sample, database, runId, i);
        if (sample.goalS)
        {
            database.Add(ExpectationRow{runId, "time_to_99_updated_s", std::nullopt, sample.goalS});
        }
    }
    database.Commit();
    return file;
}

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
    EXPECT_NE(AnswerOf(page).find("32 h (95 % interval 30 h to 34 h, 3 runs)"), std::string::npos)
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
    EXPECT_EQ(told["charts"].size(), 5U);
    EXPECT_GT(told["pdfBytes"], 10000);
}

INSTANTIATE_TEST_SUITE_P(Pages,
                         ReportInBrowserTest,
                         testing::Values(Sample{},
                                         Sample{.text = std::string(EVIL)},
                                         Sample{.devices = 25000}));

} // namespace
