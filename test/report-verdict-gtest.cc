// SPDX-License-Identifier: GPL-2.0-only

// What a report says of goals: never more than `check` finds.

#include "analysis/check/expectation-check.h"
#include "analysis/report/verdict.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet::analysis
{
namespace
{

using Values = std::vector<std::optional<double>>;

const std::string TIME{"time_to_99_updated_s"};

ExpectationRow
Goal(std::optional<double> min, std::optional<double> max, std::optional<double> quantile = {})
{
    ExpectationRow goal;
    goal.metric = TIME;
    goal.min = min;
    goal.max = max;
    goal.quantile = quantile;
    return goal;
}

GoalResult
JudgeOne(const ExpectationRow& goal, const Values& values)
{
    return JudgeGoals(std::vector{goal}, {{goal.metric, values}}).at(0);
}

/// Whether `check` finds the same goal met by the same runs.
bool
CheckPasses(const ExpectationRow& goal, const Values& values)
{
    CheckedRuns group;
    for (size_t i = 0; i < values.size(); ++i)
    {
        group.runs.push_back({static_cast<int64_t>(i),
                              1,
                              i + 1,
                              "ok",
                              {{goal.metric, values[i]}},
                              {{goal.metric, "s"}}});
    }
    std::vector<CheckResult> results;
    CheckExpectation(group, goal, ".", results);
    return results.at(0).outcome == CheckOutcome::PASSED;
}

TEST(ReportVerdict, IsNeverKinderThanCheck)
{
    const Values near{3500, 3550, 3510, 3520};
    const Values oneBeyond{3500, 3500, 3500, 3500, 3500, 3500, 3500, 3500, 3601};
    const Values far{7200, 7300, 7210};
    const Values never{3500, 3510, std::nullopt};
    const std::vector<ExpectationRow> goals{Goal(std::nullopt, 3600),
                                            Goal(std::nullopt, 3600, 0.5),
                                            Goal(std::nullopt, 3600, 0.9),
                                            Goal(3000, 3505, 0.25)};
    for (const auto& goal : goals)
    {
        for (const auto& values : {near, oneBeyond, far, never})
        {
            if (JudgeOne(goal, values).verdict == Verdict::MET)
            {
                EXPECT_TRUE(CheckPasses(goal, values)) << goal.quantile.value_or(0);
            }
        }
        EXPECT_EQ(JudgeOne(goal, far).verdict, Verdict::MISSED);
    }
    EXPECT_EQ(JudgeOne(goals[0], near).verdict, Verdict::MET);
    EXPECT_EQ(JudgeOne(goals[0], oneBeyond).verdict, Verdict::MISSED);
    EXPECT_NE(JudgeOne(goals[0], oneBeyond).found.find("beyond in 1 of 9 runs"), std::string::npos);
    EXPECT_EQ(JudgeOne(goals[1], oneBeyond).verdict, Verdict::MET); // half of the runs
    EXPECT_EQ(JudgeOne(goals[1], never).verdict, Verdict::MET);
    EXPECT_EQ(JudgeOne(goals[2], never).verdict, Verdict::MISSED); // nine in ten
}

TEST(ReportVerdict, CountsTheRunsThatNeverReachedIt)
{
    const auto goal = Goal(std::nullopt, 3600);
    const auto one = JudgeOne(goal, {1000, 2000, std::nullopt, 1500});
    EXPECT_EQ(one.verdict, Verdict::MISSED);
    EXPECT_EQ(one.found, "never reached in 1 of 4 runs");
    EXPECT_EQ(JudgeOne(goal, {std::nullopt}).found, "never reached");
}

TEST(ReportVerdict, SaysWhatItCannotJudge)
{
    auto goal = Goal(std::nullopt, 3600);
    goal.baseline = "before.json";
    const auto results = JudgeGoals(std::vector{goal}, {{TIME, {3500.0}}});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].verdict, Verdict::MET);
    EXPECT_EQ(results[1].verdict, Verdict::NOT_JUDGED);
    EXPECT_EQ(results[1].wanted, "as in before.json");
    EXPECT_GT(Verdict::NOT_JUDGED, Verdict::MET) << "the worst of all is not met";
}

} // namespace
} // namespace ns3::iotfleet::analysis
