// SPDX-License-Identifier: GPL-2.0-only

// The words of a goal, and what runs are worth by it.

#include "analysis/input-error.h"
#include "analysis/plan/goal.h"
#include "helper/units.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;

std::optional<double>
Parse(std::string_view unit, std::string_view text)
{
    const double inside = unit == "h" ? 3600 : unit == "d" ? 86400 : 1;
    const auto value = ParseQuantity(unit == "J" ? UnitKind::ENERGY : UnitKind::DURATION, text);
    return value ? std::optional(*value / inside) : std::nullopt;
}

TEST(Goal, ReadsTheSentenceOfTheManual)
{
    const Goal goal =
        ParseGoal("99 % updated within 72 h,  harmed at most 0.5%, cheapest in battery", Parse);
    ASSERT_EQ(goal.constraints.size(), 2U);
    EXPECT_EQ(goal.constraints[0].metric, "time_to_99_updated_s");
    EXPECT_EQ(goal.constraints[0].bound, 72 * 3600);
    EXPECT_EQ(goal.constraints[1].metric, "harmed_before_abort");
    EXPECT_TRUE(goal.constraints[1].ofFleet);
    EXPECT_DOUBLE_EQ(goal.constraints[1].bound, 0.005);
    EXPECT_EQ(goal.objective.metric, "battery_days_lost_mean");
    EXPECT_TRUE(goal.objective.least);
    EXPECT_EQ(goal.timeMetric, "time_to_99_updated_s");
}

TEST(Goal, ReadsEveryKindOfClause)
{
    const Goal goal = ParseGoal("all updated within 2 d, air at most 2 h, legal air at most 80 %, "
                                "exposure at most 3 d, energy at most 5 J, devices_updated at "
                                "least 10, telemetry at least 90 %, fastest",
                                Parse);
    ASSERT_EQ(goal.constraints.size(), 7U);
    EXPECT_EQ(goal.constraints[1].bound, 7200);
    EXPECT_DOUBLE_EQ(goal.constraints[2].bound, 0.8);
    EXPECT_FALSE(goal.constraints[2].ofFleet);
    EXPECT_EQ(goal.constraints[3].bound, 3) << "the metric's unit is device-days";
    EXPECT_EQ(goal.constraints[4].bound, 5);
    EXPECT_FALSE(goal.constraints[5].atMost);
    EXPECT_EQ(goal.objective.metric, "time_to_all_updated_s");
    EXPECT_FALSE(ParseGoal("most devices_updated", Parse).objective.least);
    EXPECT_EQ(ParseGoal("least money", Parse).objective.metric, "cost_total");
}

TEST(Goal, RefusesWithTheClauseAndWhatIsAccepted)
{
    const auto message = [](const std::string& text) {
        try
        {
            ParseGoal(text, Parse);
        }
        catch (const InputError& error)
        {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_EQ(message("98 % updated within 3 h, fastest"),
              "--goal: found \"98 % updated within 3 h\", expected 50 %, 95 %, 99 %, 100 % or all, "
              "which runs measure, before \"updated\"");
    EXPECT_EQ(message("99 % updated within 3, fastest").find("--goal: found \"99 % updated within"),
              0U);
    EXPECT_NE(message("99 % updated within 3 h").find("no objective"), std::string::npos);
    EXPECT_NE(message("fastest, cheapest in air").find("one objective only"), std::string::npos);
    EXPECT_NE(message("cheapest in gold").find("battery, energy, air"), std::string::npos);
    EXPECT_NE(message("fastest, harmed at most many").find("a number or a percentage"),
              std::string::npos);
    EXPECT_NE(message("").find("--goal: found \"\""), std::string::npos);
}

TEST(Goal, ScoresRuns)
{
    const Goal goal =
        ParseGoal("99 % updated within 10 h, harmed at most 1 %, least energy", Parse);
    MetricMap run{{"devices_total", 200},
                  {"devices_updated", 200},
                  {"time_to_99_updated_s", 36000},
                  {"harmed_before_abort", 2},
                  {"energy_per_device_j_mean", 7}};
    EXPECT_TRUE(ScoreRun(goal, run).isMet) << "2 of 200 are 1 %, 36000 s are 10 h";
    EXPECT_EQ(ScoreRun(goal, run).objective, 7);
    run["harmed_before_abort"] = 4;
    EXPECT_FALSE(ScoreRun(goal, run).isMet);
    EXPECT_DOUBLE_EQ(ScoreRun(goal, run).violation, 0.5) << "4 where 2 are allowed";
    run["time_to_99_updated_s"] = std::nullopt;
    run["devices_updated"] = 150;
    EXPECT_DOUBLE_EQ(ScoreRun(goal, run).violation, 0.5 + 1.25)
        << "never reached is worse than any miss, and a quarter of the fleet is missing";
    EXPECT_EQ(ScoreRun(goal, run).time, std::nullopt);
}

} // namespace
