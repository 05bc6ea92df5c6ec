// SPDX-License-Identifier: GPL-2.0-only

// The commands of the analysis on real runs, as users call them.

#include "analysis/sqlite-query.h"
#include "test/program-test.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace
{

using namespace ns3::iotfleet;
using nlohmann::json;

/// Twelve devices whose frames are lost at random, so that runs differ.
constexpr const char* SCENARIO = R"({
  "schema": 1,
  "name": "tiny",
  "duration": "12 h",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [{ "name": "m", "count": 12, "activated": true,
    "placement": { "radius": "100 m" }, "telemetry": { "period": "5 min" } }] },
  "access": { "lorawan": { "gateways": [{ "name": "g" }], "backhaul_model": "delay",
    "propagation": { "frame_loss": 0.02 } } },
  "firmware": { "images": [{ "version": "1.1.0", "size": "600 B", "sequence": 2,
    "manifest": false }] },
  "rollout": { "start": "30 min" },
  "record": { "devices": false },
  "expect": [{ "metric": "devices_bricked", "max": 0 }]
})";

class AnalysisCommandsTest : public test::ProgramTest
{
  protected:
    void SetUp() override
    {
        ProgramTest::SetUp();
        if (!m_folder.empty())
        {
            Write("tiny.json", SCENARIO);
        }
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / name) << text;
    }

    /// @param parts keys of a campaign file beside those that are always the same
    void WriteCampaign(const std::string& name, const std::string& parts, int count) const
    {
        Write(name,
              R"({"schema": 1, "scenarios": ["tiny.json"], "runs": {"count": )" +
                  std::to_string(count) + "}, " + parts + "}");
    }
};

TEST_F(AnalysisCommandsTest, CompareTellsEqualFromDifferent)
{
    // Two variants that are the same, and one that sends far more fragments.
    WriteCampaign("c.json",
                  R"("variants": [{"name": "plain"}, {"name": "again"},
                      {"name": "redundant", "set": {"/distribution/redundancy": 8}}])",
                  5);
    ASSERT_EQ(Call("campaign c.json -o c.db -q").status, 0);
    const auto outcome = Call("compare c.db --metric downlink_airtime_s --json");
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const json rows = json::parse(outcome.output)["comparisons"];
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["group"], "again");
    EXPECT_EQ(rows[0]["verdict"], "identical") << "paired runs of equal strategies are equal";
    EXPECT_EQ(rows[1]["group"], "redundant");
    EXPECT_EQ(rows[1]["verdict"], "worse");
    EXPECT_EQ(Call("compare c.db --metric downlink_airtime_s --expect no-worse").status, 1);
    EXPECT_EQ(Call("compare c.db --baseline redundant --metric downlink_airtime_s --expect better")
                  .status,
              0);
    EXPECT_EQ(Call("compare c.db --metric downlink").status, 2);
}

TEST_F(AnalysisCommandsTest, CheckRunsAScenarioAndJudgesIt)
{
    const auto good = Call("check tiny.json --runs 2 -o kept.db --junit good.xml "
                           "--write-baseline base.json");
    EXPECT_EQ(good.status, 0) << good.output << good.errors;
    EXPECT_NE(good.output.find("tiny (2 runs)"), std::string::npos) << good.output;
    EXPECT_NE(ReadText(m_folder / "good.xml").find("failures=\"0\""), std::string::npos);
    EXPECT_EQ(Call("check kept.db -q").status, 0);

    std::string text = SCENARIO;
    text.replace(text.find("\"max\": 0"), 8, "\"min\": 1");
    Write("bad.json", text);
    const auto bad = Call("check bad.json");
    EXPECT_EQ(bad.status, 1);
    EXPECT_NE(bad.output.find("FAIL  devices_bricked at least 1"), std::string::npos) << bad.output;
    EXPECT_EQ(Call("check none.json").status, 2);
    EXPECT_EQ(
        Files(),
        (std::vector<std::string>{"bad.json", "base.json", "good.xml", "kept.db", "tiny.json"}))
        << "nothing else is left";
}

/// The variant whose mean is least when all runs are made.
std::string
BestOfAll(const std::filesystem::path& file, const std::string& metric)
{
    const analysis::SqliteFile database(file);
    analysis::SqliteQuery query(
        database,
        "SELECT variant FROM run JOIN metric USING (run_id) WHERE name = '" + metric +
            "' GROUP BY variant ORDER BY avg(value) LIMIT 1");
    std::string variant;
    EXPECT_TRUE(query.Next());
    query.Read(variant);
    return variant;
}

TEST_F(AnalysisCommandsTest, PlanFindsTheOptimumOfTheExhaustiveSearch)
{
    // 12 strategies with 8 runs each are 96 runs. From seed to seed the air of one strategy varies
    // by several times what separates the best two: only pairs of equal seeds tell them apart.
    WriteCampaign("space.json",
                  R"("grid": {"/distribution/redundancy": [0.5, 2, 4, 8],
                              "/distribution/data_rate": [0, 3, 5]})",
                  8);
    ASSERT_EQ(Call("campaign space.json -o all.db -q").status, 0);
    const std::string metric = "downlink_airtime_s";
    const auto outcome = Call("plan tiny.json --space space.json --goal 'all updated within 10 h, "
                              "least air' --json -q --db plan.db -o best.json");
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const json plan = json::parse(outcome.output);
    EXPECT_EQ(plan["recommended"], BestOfAll(m_folder / "all.db", metric));
    EXPECT_EQ(plan["runs_exhaustive"], 96);
    EXPECT_LE(plan["runs_made"].get<int>() * 3, 96);
    EXPECT_EQ(Call("validate best.json").status, 0);
}

TEST_F(AnalysisCommandsTest, PlanGoesOnAfterAKill)
{
    WriteCampaign("space.json", R"("grid": {"/distribution/redundancy": [0, 0.5, 1, 2]})", 1);
    const std::string plan = "plan tiny.json --space space.json --goal 'least air' --repetitions 4 "
                             "--json -q --jobs 1 --db ";
    const auto whole = Call(plan + "whole.db");
    ASSERT_EQ(whole.status, 0) << whole.errors;
    // The kills come after 0.1 s, 0.2 s, ...: wherever they hit, the answer is the same.
    for (int i = 1; i <= 3; ++i)
    {
        std::system(("cd '" + m_folder.string() + "' && timeout -s KILL 0." + std::to_string(i) +
                     " '" + m_program.string() + "' " + plan +
                     "killed.db --resume > /dev/null 2>&1")
                        .c_str());
    }
    const auto resumed = Call(plan + "killed.db --resume");
    EXPECT_EQ(resumed.status, 0) << resumed.errors;
    EXPECT_EQ(resumed.output, whole.output);
}

TEST_F(AnalysisCommandsTest, PlanTellsOfRunsThatCrash)
{
    WriteCampaign("space.json", R"("grid": {"/distribution/redundancy": [0, 1]})", 1);
    // The first run that is seen crashes; whichever it is, the others go on.
    Write("crash.sh",
          "\"$PROGRAM\" plan tiny.json --space space.json --goal 'least air' -q --jobs 1 "
          "--db p.db > out 2> errors & p=$!\n"
          "i=0; c=\nwhile [ -z \"$c\" ] && [ $i -lt 5000 ]; do\n"
          "  c=$(cat /proc/$p/task/$p/children 2> /dev/null); i=$((i + 1))\ndone\n"
          "kill -ABRT $c\nwait $p\n");
    const int status = std::system(
        ("cd '" + m_folder.string() + "' && PROGRAM='" + m_program.string() + "' sh crash.sh")
            .c_str());
    const std::string errors = ReadText(m_folder / "errors");
    EXPECT_EQ(WEXITSTATUS(status), 3) << errors;
    EXPECT_NE(errors.find("runs failed and have no results in p.db; --resume"), std::string::npos)
        << errors;
    // Tried again, it does not crash, and there is an answer.
    EXPECT_EQ(
        Call("plan tiny.json --space space.json --goal 'least air' -q --resume --db p.db").status,
        0);
}

TEST_F(AnalysisCommandsTest, PlanSaysWhenNothingMeetsTheGoal)
{
    WriteCampaign("space.json", R"("grid": {"/distribution/redundancy": [0, 1]})", 1);
    const auto outcome = Call("plan tiny.json --space space.json --goal 'all updated within 1 s, "
                              "fastest' --repetitions 1 -q");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.output.find("No strategy meets the goal."), std::string::npos)
        << outcome.output;
    EXPECT_EQ(Call("plan tiny.json --goal 'fastest please'").status, 2);
}

} // namespace
