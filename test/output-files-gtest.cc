// SPDX-License-Identifier: GPL-2.0-only

// Whatever a user names as output: nothing of value is written over, and one mistake has one status
// in every command.

#include "model/record/durable-file.h"
#include "model/record/file-kind.h"
#include "model/record/results-database.h"
#include "model/record/rows.h"
#include "test/program-test.h"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sqlite3.h>
#include <thread>
#include <unistd.h>

namespace
{

using namespace ns3::iotfleet;

using test::Outcome;

/** The program beside a small scenario, a database of one run and one of a campaign. */
class OutputFilesTest : public test::ProgramTest
{
  protected:
    void SetUp() override
    {
        ProgramTest::SetUp();
        if (!m_folder.empty())
        {
            std::filesystem::copy_file(SourcePath("test/data/scenarios/minimal.json"),
                                       m_folder / "minimal.json");
            std::filesystem::copy_file(SourcePath("test/data/import/hawkbit.json"),
                                       m_folder / "hawkbit.json");
            std::string text = Content("minimal.json");
            std::ofstream(m_folder / "short.json") << text.insert(1, "\"duration\": \"2 d\",");
            WriteDatabase("one.db", 1);
            WriteDatabase("many.db", 3);
        }
    }

    void WriteDatabase(const std::string& name, int runs) const
    {
        ResultsDatabase database(m_folder / name);
        for (int i = 0; i < runs; ++i)
        {
            RunRow run;
            run.scenario = "minimal";
            run.scenarioJson = "{}";
            run.status = "ok";
            database.AddRun(run);
        }
        if (runs > 1)
        {
            CampaignRow campaign;
            campaign.runId = 1;
            campaign.name = "grid";
            database.Add(campaign);
        }
        database.Commit();
    }

    std::string Content(const std::string& name) const
    {
        const bool isFile = std::filesystem::is_regular_file(m_folder / name);
        return isFile ? ReadText(m_folder / name) : "";
    }

    /** The call is refused with status 2 and a message, and leaves all files as they are. */
    void ExpectRefused(const std::string& arguments, const std::string& message) const
    {
        const auto files = Files();
        std::vector<std::string> before;
        for (const auto& name : files)
        {
            before.push_back(Content(name));
        }
        const Outcome outcome = Call(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments << '\n' << outcome.errors;
        EXPECT_EQ(outcome.errors, message + "\n") << arguments;
        EXPECT_EQ(Files(), files) << arguments;
        for (std::size_t i = 0; i < files.size(); ++i)
        {
            EXPECT_EQ(Content(files[i]), before[i]) << arguments << " changed " << files[i];
        }
    }

    /**
     * Starts a run that takes very long, waits for its partial database, and sends a signal.
     *
     * @return how the program ended, as waitpid tells
     */
    int Interrupt(int signal, const std::vector<std::string>& sets = {}) const
    {
        std::vector<std::string> words{m_program.string(),
                                       "run",
                                       "minimal.json",
                                       "-q",
                                       "-o",
                                       "y.db",
                                       "--set",
                                       "/fleet/groups/0/count=20000",
                                       "--set",
                                       "/duration=400 d"};
        for (const auto& set : sets)
        {
            words.insert(words.end(), {"--set", set});
        }
        std::vector<char*> arguments;
        for (auto& word : words)
        {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        const pid_t child = ::fork();
        if (child == 0)
        {
            ::signal(signal, SIG_DFL); // a test runner may ignore it
            if (::chdir(m_folder.c_str()) == 0)
            {
                ::execv(arguments[0], arguments.data());
            }
            ::_exit(127);
        }
        const auto partial = m_folder / ("y.db.partial-" + std::to_string(child));
        for (int i = 0; i < 3000 && !std::filesystem::exists(partial); ++i)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        EXPECT_TRUE(std::filesystem::exists(partial));
        ::kill(child, signal);
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }
};

const std::string WRITE_OVER = ", expected the name of a file that may be written over";

TEST_F(OutputFilesTest, ReportKeepsDatabases)
{
    ExpectRefused("report one.db -o one.db",
                  "-o one.db: found a file that the command reads, expected a file of its own");
    ExpectRefused("report one.db -o many.db", "-o many.db: found a results database" + WRITE_OVER);
    std::filesystem::create_symlink("many.db", m_folder / "link.html");
    ExpectRefused("report one.db -o link.html",
                  "-o link.html: found a results database" + WRITE_OVER);
}

TEST_F(OutputFilesTest, RunKeepsDatabasesAndInputs)
{
    ExpectRefused("run minimal.json -o z.db --report z.db",
                  "--report z.db: found the file of -o, expected a file of its own");
    ExpectRefused("run minimal.json -o z.db --report ./minimal.json",
                  "--report ./minimal.json: found a file that the command reads, expected a file "
                  "of its own");
    ExpectRefused("run minimal.json -o minimal.json",
                  "-o minimal.json: found a file that the command reads, expected a file of its "
                  "own");
    ExpectRefused("run minimal.json -o hawkbit.json",
                  "-o hawkbit.json: found a file that is no results database, expected a new name, "
                  "or a results database that may be replaced");
    ExpectRefused("run minimal.json -o .",
                  "-o .: found a folder, expected a new name, or a results database that may be "
                  "replaced");
}

TEST_F(OutputFilesTest, CapturesKeepDatabases)
{
    const std::string gateway =
        "run minimal.json -o z.db --set '/record/pcap={\"gateway\": \"roof\", \"file\": \"";
    ExpectRefused(gateway + "many.db\"}'",
                  "minimal.json: /record/pcap/file many.db: found a results database" + WRITE_OVER);
    ExpectRefused(gateway + "absent/x.pcap\"}'",
                  "minimal.json: /record/pcap/file absent/x.pcap: found no folder absent, expected "
                  "one that exists");
}

TEST_F(OutputFilesTest, RunReplacesOneRunAndNoCampaign)
{
    const std::string run = "run short.json -q -o ";
    ExpectRefused(run + "many.db",
                  "-o many.db: found campaign \"grid\" with 3 runs, expected another name, or "
                  "--force to replace them");
    const std::string before = Content("one.db");
    EXPECT_EQ(Call(run + "one.db").status, 0);
    EXPECT_NE(Content("one.db"), before);
    EXPECT_EQ(Call(run + "many.db --force").status, 0);
}

TEST_F(OutputFilesTest, CheckKeepsDatabasesAndCampaigns)
{
    ExpectRefused("check one.db --junit one.db",
                  "--junit one.db: found a file that the command reads, expected a file of its "
                  "own");
    ExpectRefused("check minimal.json --junit many.db",
                  "--junit many.db: found a results database" + WRITE_OVER);
    ExpectRefused("check minimal.json --write-baseline many.db",
                  "--write-baseline many.db: found a results database" + WRITE_OVER);
    ExpectRefused("check minimal.json -o many.db",
                  "-o many.db: found campaign \"grid\" with 3 runs, expected another name, or "
                  "--force to replace them");
    ExpectRefused("check one.db --runs 5",
                  "--runs: found beside a results database, expected a scenario, which is run");
    ExpectRefused("check one.db -j 2",
                  "--jobs: found beside a results database, expected a scenario, which is run");
    ExpectRefused("check absent.json",
                  "absent.json: found no readable file, expected a scenario or a results database");
}

TEST_F(OutputFilesTest, CheckLeavesAnInterruptedCampaignAlone)
{
    const auto folder = m_folder / "x.db.partial-campaign";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "plan.json") << "{}";
    std::ofstream(folder / "run-000001.db") << "precious";
    EXPECT_LE(Call("check short.json -q -o x.db").status, 1);
    EXPECT_TRUE(std::filesystem::exists(m_folder / "x.db"));
    EXPECT_EQ(ReadText(folder / "run-000001.db"), "precious");
    // The same check may be made again, with as many runs or more, but not with fewer.
    EXPECT_LE(Call("check short.json -q --runs 2 -o x.db").status, 1);
    ExpectRefused(
        "check short.json -q -o x.db",
        "-o x.db: found campaign \"check\" with 2 runs, expected another name, or --force "
        "to replace them");
}

TEST_F(OutputFilesTest, PlanKeepsDatabasesAndInputs)
{
    const std::string plan = "plan minimal.json --goal 'least air' -q --json ";
    ExpectRefused(plan + "-o one.db", "-o one.db: found a results database" + WRITE_OVER);
    ExpectRefused(plan + "-o minimal.json",
                  "-o minimal.json: found a file that the command reads, expected a file of its "
                  "own");
    ExpectRefused(plan + "--db many.db",
                  "--db many.db: found campaign \"grid\" with 3 runs, expected another name, or "
                  "--force to replace them");
}

TEST_F(OutputFilesTest, PlanFindsBeforeTheSearchThatTheScenarioCannotBeWrittenThere)
{
    std::string text = Content("minimal.json");
    const auto at = text.find("\"size\"");
    ASSERT_NE(at, std::string::npos);
    const auto end = text.find_first_of(",}\n", at);
    std::ofstream(m_folder / "image.bin") << std::string(600, 'x');
    std::ofstream(m_folder / "filed.json")
        << text.substr(0, at) + "\"file\": \"image.bin\"" + text.substr(end);
    std::filesystem::create_directory(m_folder / "elsewhere");
    std::ofstream(m_folder / "elsewhere/keep.json") << "precious";
    const Outcome outcome =
        Call("plan filed.json --goal 'least air' -q --json -o elsewhere/keep.json");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_TRUE(outcome.errors.starts_with(
        "-o elsewhere/keep.json: found another folder than that of the scenario"))
        << outcome.errors;
    EXPECT_EQ(Content("elsewhere/keep.json"), "precious");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "filed-plan.db"));
}

TEST_F(OutputFilesTest, PlotImportExportAndCampaignKeepDatabases)
{
    ExpectRefused("plot one.db --figure progress -o many.db",
                  "-o many.db: found a results database" + WRITE_OVER);
    ExpectRefused("import hawkbit hawkbit.json -o many.db",
                  "-o many.db: found a results database" + WRITE_OVER);
    ExpectRefused("import hawkbit hawkbit.json -o hawkbit.json",
                  "-o hawkbit.json: found a file that the command reads, expected a file of its "
                  "own");
    ExpectRefused("export one.db many.db",
                  "many.db: is no folder; expected one that is absent or empty");
    std::ofstream(m_folder / "c.json")
        << R"({"schema": 1, "scenarios": ["minimal.json"], "runs": {"count": 1}})";
    ExpectRefused("campaign c.json -q -o many.db",
                  "-o many.db: found campaign \"grid\" with 3 runs, expected another name, or "
                  "--force to replace them");
}

TEST_F(OutputFilesTest, AMissingFolderIsTheSameMistakeEverywhere)
{
    for (const std::string command : {"report one.db -o absent/x",
                                      "plot one.db --figure progress -o absent/x",
                                      "import hawkbit hawkbit.json -o absent/x",
                                      "run minimal.json -o absent/x",
                                      "plan minimal.json --goal 'least air' -o absent/x"})
    {
        ExpectRefused(command, "-o absent/x: found no folder absent, expected one that exists");
    }
    ExpectRefused("export one.db absent/a/b",
                  "absent/a/b: found no folder absent/a, expected one that exists");
}

TEST_F(OutputFilesTest, WhatAStoppedRunLeftIsNoDatabase)
{
    {
        ResultsDatabase database(m_folder / "y.db"); // as while a run is under way, or killed
        std::filesystem::copy_file(database.GetPartialFile(), m_folder / "left.db");
    }
    for (const std::string command : {"export left.db out", "report left.db -o x.html"})
    {
        const Outcome outcome = Call(command);
        EXPECT_EQ(outcome.status, 2) << command;
        EXPECT_TRUE(outcome.errors.starts_with("left.db: ")) << outcome.errors;
        EXPECT_FALSE(std::filesystem::exists(m_folder / "out"));
    }
}

TEST_F(OutputFilesTest, SignalsLeaveNothingAndEndTheProgramByThemselves)
{
    const auto files = Files();
    for (const int signal : {SIGINT, SIGTERM})
    {
        const int status = Interrupt(signal);
        EXPECT_TRUE(WIFSIGNALED(status)) << status;
        EXPECT_EQ(WTERMSIG(status), signal);
        EXPECT_EQ(Files(), files);
    }
}

TEST_F(OutputFilesTest, AKilledRunLeavesNoCaptureThatLooksWhole)
{
    const int status =
        Interrupt(SIGKILL, {R"(/record/pcap={"gateway": "roof", "file": "sp.pcap"})"});
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "sp.pcap"));
}

TEST_F(OutputFilesTest, TextIsWrittenOverTextOnly)
{
    std::ofstream(m_folder / "old.txt") << "old";
    WriteDurably(m_folder / "old.txt", "new");
    EXPECT_EQ(Content("old.txt"), "new");
    EXPECT_THROW(WriteDurably(m_folder / "one.db", "new"), DatabaseError);
    EXPECT_THROW(WriteDurably(m_folder, "new"), DatabaseError);
    EXPECT_THROW(WriteDurably("/dev/null", "new"), DatabaseError);
    EXPECT_EQ(LookAtFile("/dev/null"), FileKind::SPECIAL);
    sqlite3* db = nullptr;
    sqlite3_open((m_folder / "music.db").c_str(), &db);
    sqlite3_exec(db, "CREATE TABLE song (name)", nullptr, nullptr, nullptr);
    sqlite3_close(db);
    EXPECT_EQ(LookAtFile(m_folder / "music.db"), FileKind::SQLITE);
    EXPECT_EQ(LookAtFile(m_folder / "one.db"), FileKind::RESULTS);
    EXPECT_EQ(LookAtFile(m_folder / "absent"), FileKind::ABSENT);
}

TEST_F(OutputFilesTest, MessagesSayWhatWasMeant)
{
    const auto first = [this](const std::string& arguments) {
        const std::string errors = Call(arguments).errors;
        return errors.substr(0, errors.find(" (accepted"));
    };
    EXPECT_EQ(first("--foo"), "--foo: found unknown option");
    EXPECT_EQ(first("--versoin"), "--versoin: found unknown option; did you mean \"--version\"?");
    EXPECT_EQ(first("run minimal.json --sed 3"),
              "--sed: found unknown option; did you mean \"--seed\"?");
    EXPECT_EQ(first("plan minimal.json --gaol=fastest"),
              "--gaol: found unknown option; did you mean \"--goal\"?");
    EXPECT_EQ(first("run minimal.json another.json"),
              "another.json: found one argument too many for run\n");
    EXPECT_EQ(first("plan minimal.json --goal '99 % updated within 3 parsecs, fastest'"),
              "--goal: found \"99 % updated within 3 parsecs\", expected a duration with unit such "
              "as \"72 h\" (us, ms, s, min, h, d)\n");
    EXPECT_EQ(Call("compare many.db --by /nope").errors,
              "--by: found no value at /nope in the scenario of any run, expected a pointer to a "
              "value in which the runs differ\n");
}

} // namespace
