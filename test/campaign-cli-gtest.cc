// SPDX-License-Identifier: GPL-2.0-only

// The command `campaign` as users call it, alone and under mpirun.

#include "test/campaign-support.h"
#include "test/program-test.h"

#include <cstdlib>
#include <sys/wait.h>

namespace
{

using namespace ns3::iotfleet;

class CampaignCliTest : public test::CampaignTest
{
  protected:
    void SetUp() override
    {
        CampaignTest::SetUp();
        m_program = test::FindProgram();
        if (!std::filesystem::exists(m_program))
        {
            GTEST_SKIP() << "this build has no program iot-fleet";
        }
    }

    /** @return the exit status; m_output and m_errors get what was printed */
    int Call(const std::string& arguments, const std::string& launcher = "")
    {
        const std::string command = "cd '" + m_folder.string() + "' && " + launcher + " '" +
                                    m_program.string() + "' " + arguments + " > .output 2> .errors";
        const int status = std::system(command.c_str());
        m_output = ReadText(File(".output"));
        m_errors = ReadText(File(".errors"));
        return WEXITSTATUS(status);
    }

    std::filesystem::path m_program;
    std::string m_output;
    std::string m_errors;
};

TEST_F(CampaignCliTest, DryRunSaysWhatWouldBeRunAndLeavesNothing)
{
    EXPECT_EQ(Call("campaign small.json --dry-run"), 0) << m_errors;
    EXPECT_EQ(m_output,
              "few: minimal, 10 devices\n"
              "many: minimal, 20 devices\n"
              "2 variants, 5 repetitions of each, 10 runs\n");
    EXPECT_FALSE(std::filesystem::exists(File("small.db.partial-campaign")));
}

TEST_F(CampaignCliTest, PrintsALineARunAndASummary)
{
    EXPECT_EQ(Call("campaign small.json --jobs 1"), 0) << m_errors;
    EXPECT_EQ(m_errors, "");
    EXPECT_EQ(m_output.find("1 of 10: run 1 (few, seed 1, run 1) took "), 0U) << m_output;
    EXPECT_NE(m_output.find("campaign  small: 2 variants, 5 repetitions of each"),
              std::string::npos);
    EXPECT_NE(m_output.find("runs      10, 0 failed"), std::string::npos) << m_output;
    EXPECT_EQ(Call("campaign small.json -q -o quiet.db"), 0);
    EXPECT_EQ(m_output + m_errors, "");
    EXPECT_EQ(ContentSha256(File("small.db")), ContentSha256(File("quiet.db")));
    EXPECT_EQ(Call("campaign small.json --resume"), 0);
    EXPECT_EQ(m_output, "finished before\nresults: small.db\n");
}

TEST_F(CampaignCliTest, BadInputGivesStatus2AndLeavesNothing)
{
    EXPECT_EQ(Call("campaign absent.json"), 2);
    EXPECT_EQ(m_errors, "absent.json: found no readable file, expected a campaign\n");
    EXPECT_EQ(Call("campaign minimal.json"), 2) << "a scenario is no campaign";
    EXPECT_NE(m_errors.find("minimal.json: /fleet: found unknown key"), std::string::npos)
        << m_errors;
    EXPECT_EQ(Call("campaign small.json -o absent/x.db"), 2);
    EXPECT_EQ(m_output, "");
    std::filesystem::create_directory(File("x.db.partial-campaign"));
    Write("x.db.partial-campaign/plan.json", "{}");
    EXPECT_EQ(Call("campaign small.json -o x.db"), 2);
    EXPECT_EQ(m_errors,
              "x.db.partial-campaign: found an unfinished campaign with 0 finished "
              "runs; --resume continues it, --restart discards it\n");
    EXPECT_EQ(Call("campaign small.json -o x.db -q --restart"), 0) << m_errors;
}

/** Calls the program in three ranks; skips where there is no mpirun or no MPI in the program. */
class CampaignMpiTest : public CampaignCliTest
{
  protected:
    void SetUp() override
    {
        CampaignCliTest::SetUp();
        if (IsSkipped() || std::system("command -v mpirun > /dev/null") != 0)
        {
            GTEST_SKIP() << "no mpirun on this system";
        }
        if (CallRanks("campaign small.json --dry-run") == 2 &&
            m_errors.find("built without MPI") != std::string::npos)
        {
            GTEST_SKIP() << "this program was built without MPI";
        }
    }

    /** As any user, on any number of processors; leaks of the MPI library are not ours. */
    int CallRanks(const std::string& arguments)
    {
        return Call(arguments,
                    "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
                    "OMPI_MCA_btl_vader_single_copy_mechanism=none "
                    "ASAN_OPTIONS=detect_leaks=0 mpirun -n 3 --oversubscribe");
    }
};

TEST_F(CampaignMpiTest, ThreeRanksGiveTheSameDatabase)
{
    EXPECT_EQ(CallRanks("campaign small.json -q -o ranks.db"), 0) << m_output << m_errors;
    EXPECT_EQ(ContentSha256(File("ranks.db")), WantedHash());
    EXPECT_FALSE(std::filesystem::exists(File("ranks.db.partial-campaign")));
}

TEST_F(CampaignMpiTest, ErrorsAreSaidOnceAndEndAllRanks)
{
    const auto expectOnce = [this](const std::string& arguments, const std::string& message) {
        EXPECT_EQ(CallRanks(arguments), 2);
        const auto first = m_errors.find(message);
        ASSERT_NE(first, std::string::npos) << m_errors;
        EXPECT_EQ(m_errors.find(message, first + 1), std::string::npos) << m_errors;
    };
    expectOnce("campaign absent.json", "absent.json: found no readable file");
    expectOnce("campaign small.json -o jobs.db --jobs 2", "--jobs: found 3 ranks of mpirun");
}

} // namespace
