// SPDX-License-Identifier: GPL-2.0-only

// Campaigns that are killed, resumed, changed, and run by any number of processes.

#include "analysis/results-reader.h"
#include "test/campaign-support.h"

#include <csignal>
#include <fcntl.h>
#include <random>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace
{

using namespace ns3::iotfleet;
using ns3::iotfleet::test::CampaignTest;

/** Child processes of this one, as the kernel lists them. */
std::vector<pid_t>
Children()
{
    const std::string self = std::to_string(::getpid());
    std::ifstream stream("/proc/self/task/" + self + "/children");
    std::vector<pid_t> children;
    for (pid_t child = 0; stream >> child;)
    {
        children.push_back(child);
    }
    return children;
}

/** Does something in a process of its own; returns its number. */
template <class Work>
pid_t
Fork(const Work& work)
{
    const pid_t pid = ::fork();
    if (pid == 0)
    {
        int status = 0;
        try
        {
            work();
        }
        catch (const std::exception&)
        {
            status = 1;
        }
        ::_exit(status);
    }
    return pid;
}

using CampaignExecutorTest = CampaignTest;

TEST_F(CampaignExecutorTest, NumberOfJobsDoesNotMatter)
{
    RunFile("small.json", "one.db", CampaignStart::FRESH, 1);
    RunFile("small.json", "three.db", CampaignStart::FRESH, 3);
    EXPECT_EQ(ContentSha256(File("one.db")), ContentSha256(File("three.db")));
    EXPECT_FALSE(std::filesystem::exists(File("one.db.partial-campaign")));
}

TEST_F(CampaignExecutorTest, EachRunIsTheRunThatTheProgramWouldMakeAlone)
{
    RunFile("small.json", "all.db");
    const Scenario scenario = ReadScenario(File("minimal.json"));
    RunOptions options;
    options.database = File("alone.db");
    options.run = 4;
    RunScenario(scenario, options);
    const analysis::ResultsReader all(File("all.db"));
    const analysis::ResultsReader alone(File("alone.db"));
    ASSERT_EQ(all.GetRuns().size(), 10U);
    const RunRow& run = all.GetRuns()[7]; // repetition 4 of the second variant
    EXPECT_EQ(run.runId, 8);
    EXPECT_EQ(run.variant, "many");
    EXPECT_EQ(run.rngRun, 4U);
    EXPECT_EQ(run.scenarioSha256, scenario.sha256);
    for (const MetricRow& metric : alone.ReadMetrics(1))
    {
        if (metric.name != "wall_s" && metric.name != "peak_rss_bytes")
        {
            const auto in = all.ReadMetrics(8);
            const auto same = std::find_if(in.begin(), in.end(), [&](const MetricRow& other) {
                return other.name == metric.name && other.value == metric.value;
            });
            EXPECT_NE(same, in.end()) << metric.name;
        }
    }
}

TEST_F(CampaignExecutorTest, KilledAtRandomAndResumedItEndsAsIfItHadNotBeen)
{
    const std::string wanted = WantedHash();
    std::mt19937 random(7); // only when it is killed depends on it, not what is expected
    int kills = 0;
    for (int i = 0; i < 25 && !std::filesystem::exists(File("killed.db")); ++i)
    {
        const pid_t pid = Fork([&] { RunFile("small.json", "killed.db", CampaignStart::RESUME); });
        ASSERT_GT(pid, 0);
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 80));
        ::kill(pid, SIGKILL);
        int status = 0;
        ::waitpid(pid, &status, 0);
        kills += WIFSIGNALED(status) ? 1 : 0;
    }
    EXPECT_GT(kills, 0);
    RunFile("small.json", "killed.db", CampaignStart::RESUME);
    EXPECT_EQ(ContentSha256(File("killed.db")), wanted);
    EXPECT_FALSE(std::filesystem::exists(File("killed.db.partial-campaign")));
}

TEST_F(CampaignExecutorTest, KilledRunsAreMadeAgain)
{
    const std::string wanted = WantedHash();
    int kills = 0;
    CampaignHooks hooks;
    hooks.shouldStop = [&](const CampaignProgress&) {
        if (kills < 2 && !Children().empty())
        {
            ::kill(Children().front(), SIGKILL);
            ++kills;
        }
        return false;
    };
    const auto outcome = RunFile("small.json", "again.db", CampaignStart::FRESH, 2, hooks);
    ASSERT_EQ(kills, 2) << "the kernel does not list child processes";
    EXPECT_TRUE(std::all_of(outcome.results.begin(), outcome.results.end(), [](const auto& run) {
        return run.isOk;
    }));
    EXPECT_EQ(ContentSha256(File("again.db")), wanted);
}

TEST_F(CampaignExecutorTest, CrashedRunIsAFailedRowAndTheRestGoesOn)
{
    const std::string wanted = WantedHash();
    bool hasKilled = false;
    CampaignHooks hooks;
    hooks.shouldStop = [&](const CampaignProgress& progress) {
        if (!hasKilled && progress.finished == 3 && !Children().empty())
        {
            ::kill(Children().front(), SIGABRT);
            hasKilled = true;
        }
        return false;
    };
    const auto outcome = RunFile("small.json", "crash.db", CampaignStart::FRESH, 1, hooks);
    ASSERT_TRUE(hasKilled);
    EXPECT_FALSE(outcome.results[3].isOk);
    EXPECT_EQ(outcome.results[3].failure, "ended by signal 6 (Aborted)");

    const analysis::ResultsReader reader(File("crash.db"));
    ASSERT_EQ(reader.GetRuns().size(), 10U);
    for (const RunRow& run : reader.GetRuns())
    {
        EXPECT_EQ(run.status, run.runId == 4 ? "failed" : "ok") << run.runId;
    }
    EXPECT_TRUE(reader.ReadMetrics(4).empty());
    ASSERT_EQ(reader.ReadRunFailures().size(), 1U);
    EXPECT_EQ(reader.ReadRunFailures()[0].runId, 4);
    EXPECT_EQ(reader.ReadRunFailures()[0].reason, outcome.results[3].failure);
    ASSERT_TRUE(reader.ReadCampaign());
    EXPECT_EQ(reader.ReadCampaign()->variants, 2U);
    EXPECT_EQ(reader.ReadCampaign()->repetitions, 5U);
    EXPECT_EQ(reader.ReadCampaign()->campaignJson, test::SMALL_CAMPAIGN);
    // The failed run can be made again without the others.
    std::size_t ended = 0;
    CampaignHooks count;
    count.onRun = [&](const RunResult&, const CampaignProgress&) { ++ended; };
    RunFile("small.json", "crash.db", CampaignStart::RESUME, 1, count);
    EXPECT_EQ(ended, 1U);
    EXPECT_EQ(ContentSha256(File("crash.db")), wanted);
}

TEST_F(CampaignExecutorTest, FullDiskStopsTheCampaignAndFinishedRunsStay)
{
    const std::string wanted = WantedHash();
    const pid_t pid = Fork([&] {
        std::size_t ended = 0;
        CampaignHooks hooks;
        hooks.onRun = [&](const RunResult&, const CampaignProgress&) {
            const rlimit limit{20000, 20000}; // as a disk that becomes full after two runs
            ended == 1 ? ::setrlimit(RLIMIT_FSIZE, &limit) : 0;
            ++ended;
        };
        RunFile("small.json", "full.db", CampaignStart::FRESH, 1, hooks);
    });
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status;
    EXPECT_FALSE(std::filesystem::exists(File("full.db")));
    std::size_t ended = 0;
    CampaignHooks count;
    count.onRun = [&](const RunResult&, const CampaignProgress&) { ++ended; };
    RunFile("small.json", "full.db", CampaignStart::RESUME, 2, count);
    EXPECT_EQ(ended, 8U);
    EXPECT_EQ(ContentSha256(File("full.db")), wanted);
}

TEST_F(CampaignExecutorTest, StoppedByAHookItKeepsFinishedRuns)
{
    CampaignHooks hooks;
    hooks.shouldStop = [](const CampaignProgress& progress) { return progress.finished >= 2; };
    EXPECT_THROW(RunFile("small.json", "stop.db", CampaignStart::FRESH, 1, hooks),
                 CampaignInterrupted);
    EXPECT_TRUE(Children().empty()) << "runs under way are ended";
    EXPECT_FALSE(std::filesystem::exists(File("stop.db")));
    try
    {
        RunFile("small.json", "stop.db");
        FAIL() << "an unfinished campaign must not be lost by mistake";
    }
    catch (const CampaignError& error)
    {
        EXPECT_NE(std::string(error.what()).find("--resume"), std::string::npos) << error.what();
    }
    EXPECT_NO_THROW(RunFile("small.json", "stop.db", CampaignStart::RESTART));
}

/** What a campaign says that cannot go on after a file has been changed. */
std::string
ReasonOfRefusal(const std::function<void()>& resume)
{
    try
    {
        resume();
    }
    catch (const CampaignError& error)
    {
        return error.what();
    }
    return "no refusal";
}

TEST_F(CampaignExecutorTest, ResumingAnotherPlanIsRefused)
{
    CampaignHooks hooks;
    hooks.shouldStop = [](const CampaignProgress& progress) { return progress.finished >= 1; };
    EXPECT_THROW(RunFile("small.json", "x.db", CampaignStart::FRESH, 1, hooks),
                 CampaignInterrupted);
    const auto resume = [&] { RunFile("small.json", "x.db", CampaignStart::RESUME); };

    Write("small.json", std::string(test::SMALL_CAMPAIGN) + "\n");
    EXPECT_NE(ReasonOfRefusal(resume).find("another campaign file"), std::string::npos);
    Write("small.json", test::SMALL_CAMPAIGN);
    std::string scenario = ReadText(File("minimal.json"));
    scenario.replace(scenario.find("20 kB"), 5, "21 kB");
    Write("minimal.json", scenario);
    EXPECT_NE(ReasonOfRefusal(resume).find("earlier state of the scenario of \"few\""),
              std::string::npos);
}

TEST_F(CampaignExecutorTest, OneProcessAtATimeHoldsTheFolder)
{
    std::filesystem::create_directory(File("x.db.partial-campaign"));
    const int fd = ::open(File("x.db.partial-campaign/lock").c_str(), O_RDWR | O_CREAT, 0666);
    ASSERT_EQ(::flock(fd, LOCK_EX), 0);
    EXPECT_NE(ReasonOfRefusal([&] { RunFile("small.json", "x.db"); }).find("in use"),
              std::string::npos);
    ::close(fd);
}

TEST_F(CampaignExecutorTest, ForeignFileIsRefusedBeforeAnyRun)
{
    Write("notes.db", "mine");
    EXPECT_THROW(RunFile("small.json", "notes.db"), DatabaseError);
    EXPECT_EQ(ReadText(File("notes.db")), "mine");
    EXPECT_FALSE(std::filesystem::exists(File("notes.db.partial-campaign")));
}

TEST_F(CampaignExecutorTest, RunsCanBeAskedForBitByBit)
{
    const Campaign campaign = ReadCampaign(File("small.json"));
    CampaignExecutor executor(MakeCampaignPlan(campaign),
                              File("bits.db"),
                              CampaignStart::FRESH,
                              std::make_unique<LocalRunBackend>(1));
    const auto first = executor.Run({{1, 0}});
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].metrics.at("devices_total"), 20.0);
    const auto both = executor.Run({{0, 2}, {1, 0}});
    EXPECT_EQ(both[0].metrics.at("devices_total"), 10.0);
    EXPECT_EQ(both[0].rngRun, 3U);
    EXPECT_EQ(both[1].metrics, first[0].metrics);
    executor.Finish("enough");
    const analysis::ResultsReader reader(File("bits.db"));
    ASSERT_EQ(reader.GetRuns().size(), 2U);
    EXPECT_EQ(reader.GetRuns()[0].runId, 2); // cell 1 of repetition 0
    EXPECT_EQ(reader.GetRuns()[1].runId, 5); // cell 0 of repetition 2
}

} // namespace
