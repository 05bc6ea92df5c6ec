// SPDX-License-Identifier: GPL-2.0-only

// The search for a strategy, on strategies whose truth is known.

#include "analysis/plan/plan-result.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>

namespace
{

using namespace ns3::iotfleet::analysis;

/// Runs a race; `score` gives the truth of a strategy under the draws of a repetition.
template <class Score>
size_t
RunRace(Race& race, const Score& score)
{
    size_t made = 0;
    for (auto runs = race.NextRuns(); !runs.empty(); runs = race.NextRuns())
    {
        std::vector<GoalScore> scores;
        for (const auto& run : runs)
        {
            scores.push_back(score(run.strategy, run.repetition));
        }
        made += runs.size();
        race.EndRound(scores);
    }
    return made;
}

GoalScore
Met(double objective, double time = 1)
{
    return {true, 0, objective, time};
}

TEST(Race, HalvesAndDoubles)
{
    Race race(24, {8, 0.9, true});
    const size_t made = RunRace(race, [](size_t strategy, uint64_t) {
        return Met(static_cast<double>((strategy + 5) % 24)); // the best has number 19
    });
    // By hand: 24 x 1, 12 more x 1, 6 more x 2, 3 more x 4.
    EXPECT_EQ(made, 24U + 12 + 12 + 12);
    EXPECT_EQ(made, Race::MostRuns(24, {8, 0.9, true}));
    EXPECT_LE(3 * made, 24U * 8) << "a third of the exhaustive search";
    EXPECT_EQ(race.Ranking().front(), 19U);
    EXPECT_EQ(race.Ranking().size(), 3U);
}

TEST(Race, FindsTheBestOfNoisyStrategies)
{
    // Objectives 10, 11, ... 33 with luck of deviation 5 that all strategies of a repetition
    // share, and 1 of their own. In the first round the best is among the better twelve unless it
    // has bad luck of more than 12 deviations; it loses its last rounds with a probability of about
    // P(mean of 8 differences of deviation sqrt 2 < -1) = 2 %. 100 races: fewer than 88 successes
    // have probability < 1e-3 even if it were 4 %.
    std::mt19937_64 random(11); // NOLINT: a fixed seed is the point
    std::normal_distribution<double> normal;
    int found = 0;
    for (int repetition = 0; repetition < 100; ++repetition)
    {
        std::vector<double> shared(8);
        std::ranges::generate(shared, [&] { return 5 * normal(random); });
        Race race(24, {8, 0.9, true});
        RunRace(race, [&](size_t strategy, uint64_t r) {
            return Met(10 + static_cast<double>(strategy) + shared[r] + normal(random));
        });
        found += race.Ranking().front() == 0 ? 1 : 0;
    }
    EXPECT_GE(found, 88);
}

TEST(Race, PrefersMeetingTheGoal)
{
    // The cheapest three never meet the goal, and the fourth meets it in half of its runs.
    Race race(8, {4, 0.9, true});
    RunRace(race, [](size_t strategy, uint64_t r) {
        GoalScore score = Met(static_cast<double>(strategy));
        score.isMet = strategy > 3 || (strategy == 3 && r % 2 == 1);
        score.violation = score.isMet ? 0 : 0.5;
        return score;
    });
    EXPECT_EQ(race.Ranking().front(), 4U);
    EXPECT_TRUE(race.MeetsGoal(4));
}

TEST(Race, NearestToTheGoalWhereNobodyMeetsIt)
{
    Race race(5, {2, 0.9, true});
    RunRace(race, [](size_t strategy, uint64_t) {
        return GoalScore{false, strategy == 2 ? 0.1 : 0.4, 1.0, std::nullopt};
    });
    EXPECT_EQ(race.Ranking().front(), 2U);
    EXPECT_FALSE(race.MeetsGoal(2));
}

TEST(Race, AsksTheSameAgain)
{
    const auto sequence = [] {
        Race race(10, {6, 0.9, false});
        std::vector<std::pair<size_t, uint64_t>> asked;
        RunRace(race, [&](size_t strategy, uint64_t r) {
            asked.emplace_back(strategy, r);
            return Met(static_cast<double>((7 * strategy + r) % 10));
        });
        return asked;
    };
    EXPECT_EQ(sequence(), sequence()) << "what resuming rests on";
}

PlanResult
PlanOf(const std::vector<std::pair<double, double>>& objectiveAndTime)
{
    const RaceOptions options{8, 0.9, true};
    Race race(objectiveAndTime.size(), options);
    RunRace(race, [&](size_t strategy, uint64_t r) {
        const auto [objective, time] = objectiveAndTime[strategy];
        const double luck = 0.01 * static_cast<double>((13 * strategy + 7 * r) % 11);
        return Met(objective + luck, time);
    });
    Goal goal;
    goal.objective = {"energy_per_device_j_mean", true, "least energy"};
    goal.timeMetric = "time_to_99_updated_s";
    std::vector<std::string> labels;
    for (size_t i = 0; i < objectiveAndTime.size(); ++i)
    {
        labels.push_back("s" + std::to_string(i));
    }
    return MakePlanResult(goal, race, options, labels);
}

TEST(PlanResult, FrontIsWhatNothingElseBeats)
{
    const PlanResult result = PlanOf({{1, 50}, {2, 20}, {3, 30}, {4, 10}, {5, 60}});
    std::vector<std::string> front;
    for (const PlannedStrategy& strategy : result.strategies)
    {
        if (strategy.onFront)
        {
            front.push_back(strategy.label);
        }
    }
    std::ranges::sort(front);
    EXPECT_EQ(front, (std::vector<std::string>{"s0", "s1", "s3"}));
    EXPECT_EQ(result.Best().label, "s0");
    EXPECT_EQ(result.runsOfAll, 40U);
    EXPECT_LT(result.runsMade, result.runsOfAll);
}

TEST(PlanResult, FrontComparesCommonRepetitionsOnly)
{
    // The first repetition is cheap for all. The third strategy makes only that one, and is beaten
    // there; by means over all runs it would seem the cheapest.
    const RaceOptions options{4, 0.9, true};
    Race race(4, options);
    RunRace(race, [](size_t strategy, uint64_t r) {
        return Met(static_cast<double>(strategy) + (r == 0 ? 0 : 100), 5);
    });
    Goal goal;
    goal.objective = {"energy_per_device_j_mean", true, "least energy"};
    goal.timeMetric = "time_to_99_updated_s";
    const PlanResult result = MakePlanResult(goal, race, options, {"a", "b", "c", "d"});
    for (const PlannedStrategy& strategy : result.strategies)
    {
        EXPECT_EQ(strategy.onFront, strategy.label == "a") << strategy.label;
    }
    EXPECT_NE(PlanText(result).find("of these runs, not corrected for the choice"),
              std::string::npos);
}

TEST(PlanResult, FrontTellsPairedDifferences)
{
    // Repetition r adds 10 r to every time. "d" makes the first repetition only, whose times are
    // short: by the means over all runs it would be 75 s faster than "a", and it is 40 s.
    const RaceOptions options{8, 0.9, true};
    Race race(4, options);
    const std::array<double, 4> times{50, 60, 70, 10};
    RunRace(race, [&](size_t strategy, uint64_t r) {
        const double luck = 0.1 * static_cast<double>((5 * strategy + 3 * r) % 8);
        return Met(static_cast<double>(strategy) + luck,
                   times[strategy] + 10.0 * static_cast<double>(r));
    });
    Goal goal;
    goal.objective = {"energy_per_device_j_mean", true, "least energy"};
    goal.timeMetric = "time_to_99_updated_s";
    const PlanResult result = MakePlanResult(goal, race, options, {"a", "b", "c", "d"});
    const auto find = [&](const std::string& label) {
        return *std::ranges::find(result.strategies, label, &PlannedStrategy::label);
    };
    ASSERT_EQ(find("a").runs, 8U);
    ASSERT_EQ(find("d").runs, 1U);
    EXPECT_DOUBLE_EQ(*find("d").time - *find("a").time, -75);
    EXPECT_DOUBLE_EQ(find("d").timeDifference.paired.estimate, -40);
    EXPECT_FALSE(find("d").timeDifference.adjustedP) << "one pair tells nothing";
    // Over the 8 repetitions the luck of "a" and of "b" has the same mean: 1 J remains.
    EXPECT_NEAR(find("b").objectiveDifference.paired.mean, 1, 1e-12);
    EXPECT_EQ(find("b").objectiveDifference.paired.pairs, 8U);
    const std::string text = PlanText(result);
    EXPECT_NE(text.find("-40 s"), std::string::npos) << text;
    EXPECT_NE(text.find("one common run: cannot be told"), std::string::npos) << text;
}

TEST(PlanResult, SaysHowSureItIs)
{
    const PlanResult clear = PlanOf({{1, 5}, {2, 4}});
    EXPECT_TRUE(clear.strategies[1].isToldApart);
    // 8 of 8 met: 0.05^(1/8) by Clopper and Pearson.
    EXPECT_NEAR(clear.atLeast, 0.6877, 1e-4);
    const PlanResult even = PlanOf({{1, 5}, {1, 4}});
    EXPECT_FALSE(even.strategies[1].isToldApart);
    EXPECT_NE(PlanText(even).find("may be as good: "), std::string::npos) << PlanText(even);
}

} // namespace
