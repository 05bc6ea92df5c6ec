// SPDX-License-Identifier: GPL-2.0-only

// The program as users call it: arguments, exit status, and what it leaves behind.

#include "test/program-test.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace
{

using namespace ns3::iotfleet;

using test::Outcome;

/** Calls the program beside a small scenario. */
class CliTest : public test::ProgramTest
{
  protected:
    void SetUp() override
    {
        ProgramTest::SetUp();
        if (!m_folder.empty())
        {
            std::filesystem::copy_file(SourcePath("test/data/scenarios/minimal.json"),
                                       m_folder / "minimal.json");
        }
    }
};

TEST_F(CliTest, EveryCommandHasHelpWithAnExample)
{
    EXPECT_EQ(Call("--help").status, 0);
    for (const std::string command : {"run",
                                      "validate",
                                      "schema",
                                      "report",
                                      "plot",
                                      "compare",
                                      "check",
                                      "plan",
                                      "export",
                                      "campaign"})
    {
        const Outcome help = Call(command + " --help");
        EXPECT_EQ(help.status, 0) << command;
        EXPECT_NE(help.output.find("  iot-fleet " + command), std::string::npos) << help.output;
        EXPECT_EQ(help.errors, "");
    }
}

TEST_F(CliTest, BadArgumentsGiveStatus2AndAMessage)
{
    for (const std::string arguments : {"",
                                        "run",
                                        "run minimal.json --seed 0",
                                        "run minimal.json --seed x",
                                        "run minimal.json --unknown",
                                        "schema nothing",
                                        "report",
                                        "plot",
                                        "plot x.db --figure progress",
                                        "validate",
                                        "campaign",
                                        "campaign minimal.json --resume --restart",
                                        "campaign minimal.json --jobs 0"})
    {
        const Outcome outcome = Call(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_NE(outcome.errors, "") << arguments;
        EXPECT_EQ(outcome.output, "") << arguments;
    }
    EXPECT_EQ(Call("valdate minimal.json").errors,
              "valdate: found unknown command; did you mean \"validate\"? (accepted: run, "
              "validate, schema, report, plot, compare, check, plan, export, campaign, "
              "import)\n");
}

TEST_F(CliTest, ValidateNamesTheFaultyPlace)
{
    const Outcome good = Call("validate minimal.json");
    EXPECT_EQ(good.status, 0);
    EXPECT_EQ(good.output, "minimal.json: valid, 20 devices, 1 gateway\n");
    const Outcome bad = Call("validate absent.json minimal.json --set /duration=3 --set /seed=0");
    EXPECT_EQ(bad.status, 2);
    EXPECT_EQ(bad.output, "");
    EXPECT_EQ(bad.errors,
              "absent.json: found no readable file, expected a scenario\n"
              "minimal.json: /seed: found 0 (number), expected a whole number from 1 to "
              "4294967294\n"
              "minimal.json: /duration: found 3 (number), expected a duration with unit such as "
              "\"1 h\"\n");
}

TEST_F(CliTest, EffectiveScenarioIsAFixedPoint)
{
    const Outcome first = Call("validate --effective minimal.json");
    EXPECT_EQ(first.status, 0);
    std::ofstream(m_folder / "full.json") << first.output;
    EXPECT_EQ(Call("validate --effective full.json").output, first.output);
}

TEST_F(CliTest, SchemasArePrinted)
{
    EXPECT_EQ(Call("schema").output, ReadText(SourcePath("scenarios/scenario.schema.json")));
    EXPECT_EQ(Call("schema campaign").output,
              ReadText(SourcePath("campaigns/campaign.schema.json")));
    EXPECT_NE(Call("schema results").output.find("CREATE TABLE"), std::string::npos);
    EXPECT_NE(Call("schema metrics").output.find("time_to_95_updated_s"), std::string::npos);
}

TEST_F(CliTest, RunLeavesADatabaseNamedAfterTheScenario)
{
    const Outcome outcome = Call("run minimal.json --set '/duration=\"2 d\"'");
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_NE(outcome.output.find("results: minimal.db"), std::string::npos);
    EXPECT_EQ(outcome.errors, "") << "progress belongs on a terminal only";
    EXPECT_EQ(Files(), (std::vector<std::string>{"minimal.db", "minimal.json"}));
    const Outcome quiet = Call("run minimal.json -q -o 'with blank.db' --set '/duration=\"2 d\"'");
    EXPECT_EQ(quiet.status, 0) << quiet.errors;
    EXPECT_EQ(quiet.output, "");
    EXPECT_TRUE(std::filesystem::exists(m_folder / "with blank.db"));
}

TEST_F(CliTest, FaultyScenarioLeavesNothing)
{
    EXPECT_EQ(Call("run minimal.json --set /duration=3").status, 2);
    EXPECT_EQ(Files(), std::vector<std::string>{"minimal.json"});
}

TEST_F(CliTest, MistypedOutputFolderIsFoundBeforeTheRun)
{
    const Outcome database = Call("run minimal.json -o absent/folder/x.db");
    EXPECT_EQ(database.status, 2);
    EXPECT_EQ(database.errors,
              "-o absent/folder/x.db: found no folder absent/folder, expected one that exists\n");
    const Outcome report = Call("run minimal.json --report absent/x.html");
    EXPECT_EQ(report.status, 2);
    EXPECT_EQ(report.errors,
              "--report absent/x.html: found no folder absent, expected one that exists\n");
    EXPECT_EQ(Files(), std::vector<std::string>{"minimal.json"});
}

TEST_F(CliTest, FullDiskGivesStatus3)
{
    if (!std::filesystem::exists("/dev/full"))
    {
        GTEST_SKIP() << "no /dev/full on this system";
    }
    const std::string call = "'" + m_program.string() + "' schema > /dev/full 2> /dev/null";
    EXPECT_EQ(WEXITSTATUS(std::system(call.c_str())), 3);
}

TEST_F(CliTest, ReportOfSomethingElseGivesStatus2)
{
    const Outcome absent = Call("report absent.db -o x.html");
    EXPECT_EQ(absent.status, 2);
    EXPECT_NE(absent.errors.find("absent.db"), std::string::npos) << absent.errors;
    EXPECT_EQ(Call("report minimal.json -o x.html").status, 2);
    EXPECT_EQ(Files(), std::vector<std::string>{"minimal.json"});
}

} // namespace
