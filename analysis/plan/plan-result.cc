// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/plan/plan-result.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr double CONFIDENCE = 0.95;

PlannedStrategy
Describe(size_t number, const Race& race, const std::string& label)
{
    const Racer& racer = race.GetRacers()[number];
    PlannedStrategy strategy;
    strategy.number = number;
    strategy.label = label;
    strategy.runs = racer.scores.size();
    strategy.met = static_cast<size_t>(std::ranges::count(racer.scores, true, &GoalScore::isMet));
    strategy.meetsGoal = race.MeetsGoal(number);
    strategy.objective = racer.MeanObjective();
    strategy.time = racer.MeanTime();
    if (strategy.objective)
    {
        std::vector<double> values;
        for (const GoalScore& score : racer.scores)
        {
            values.push_back(*score.objective);
        }
        strategy.objectiveInterval = ComputeMeanInterval(values);
    }
    return strategy;
}

/**
 * Whether `a` is at least as good as `b` in both, and better in one, over the repetitions that
 * both made: means over different draws differ by luck. Fewer runs never beat more, so that some
 * strategy always remains.
 */
bool
Dominates(const Racer& a, const Racer& b, bool isLeast)
{
    if (a.scores.size() < b.scores.size())
    {
        return false;
    }
    double cost = 0;
    double time = 0;
    for (size_t r = 0; r < b.scores.size(); ++r)
    {
        cost += PairDifference(*a.scores[r].objective, *b.scores[r].objective);
        time += PairDifference(*a.scores[r].time, *b.scores[r].time);
    }
    cost *= isLeast ? 1 : -1;
    return cost <= 0 && time <= 0 && (cost < 0 || time < 0);
}

/// Marks the front among those that have both values, in all of their runs.
void
MarkFront(std::vector<PlannedStrategy>& strategies, const Race& race, bool isLeast)
{
    const std::vector<Racer>& racers = race.GetRacers();
    for (PlannedStrategy& one : strategies)
    {
        one.onFront = one.objective && one.time &&
                      std::ranges::none_of(strategies, [&](const PlannedStrategy& other) {
                          return other.objective && other.time &&
                                 Dominates(racers[other.number], racers[one.number], isLeast);
                      });
    }
}

/// One strategy less the best by a member of their scores, over their common repetitions.
PairedResult
Subtract(const Racer& one, const Racer& best, std::optional<double> GoalScore::*member)
{
    std::vector<double> differences;
    for (size_t r = 0; r < std::min(one.scores.size(), best.scores.size()); ++r)
    {
        const auto& value = one.scores[r].*member;
        const auto& partner = best.scores[r].*member;
        if (value && partner)
        {
            differences.push_back(PairDifference(*value, *partner));
        }
    }
    return AnalysePairs(differences, CONFIDENCE);
}

/// Corrects the p values of all differences that matter to the answer; gives their number.
size_t
CorrectForAll(std::vector<PlannedStrategy>& strategies)
{
    std::vector<double> pValues;
    std::vector<PlannedDifference*> asked;
    const auto ask = [&](PlannedDifference& difference) {
        if (difference.paired.method != PairedMethod::NONE)
        {
            pValues.push_back(difference.paired.pValue);
            asked.push_back(&difference);
        }
    };
    for (PlannedStrategy& strategy : strategies)
    {
        if (strategy.meetsGoal || strategy.onFront)
        {
            ask(strategy.objectiveDifference);
        }
        if (strategy.onFront)
        {
            ask(strategy.timeDifference);
        }
    }
    const auto adjusted = HolmAdjust(pValues);
    for (size_t i = 0; i < asked.size(); ++i)
    {
        asked[i]->adjustedP = adjusted[i];
    }
    return asked.size();
}

/// Compares every strategy with the best one; gives how many tests were made.
size_t
TellApart(std::vector<PlannedStrategy>& strategies, const Race& race, bool isLeast)
{
    const Racer& best = race.GetRacers()[strategies.front().number];
    for (size_t i = 1; i < strategies.size(); ++i)
    {
        const Racer& one = race.GetRacers()[strategies[i].number];
        strategies[i].objectiveDifference.paired = Subtract(one, best, &GoalScore::objective);
        strategies[i].timeDifference.paired = Subtract(one, best, &GoalScore::time);
    }
    const size_t tests = CorrectForAll(strategies);
    for (PlannedStrategy& strategy : strategies)
    {
        const PlannedDifference& difference = strategy.objectiveDifference;
        strategy.isToldApart = strategy.meetsGoal &&
                               difference.paired.Direction() == (isLeast ? 1 : -1) &&
                               difference.adjustedP.value_or(1) < PlanResult::LEVEL;
    }
    return tests;
}

/// Finalists in the order of the race, the others by the runs they got and then by their means.
std::vector<size_t>
OrderAll(const Race& race, bool isLeast)
{
    std::vector<size_t> order = race.Ranking();
    const size_t finalists = order.size();
    for (size_t i = 0; i < race.GetRacers().size(); ++i)
    {
        if (!race.GetRacers()[i].isRunning)
        {
            order.push_back(i);
        }
    }
    const auto key = [&](size_t i) {
        const Racer& racer = race.GetRacers()[i];
        const double objective = racer.MeanObjective().value_or(isLeast ? 1e300 : -1e300);
        return std::tuple(-static_cast<double>(racer.scores.size()),
                          race.MeetsGoal(i) ? 0 : 1,
                          isLeast ? objective : -objective);
    };
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(finalists),
                     order.end(),
                     [&](size_t a, size_t b) { return key(a) < key(b); });
    return order;
}

} // namespace

PlanResult
MakePlanResult(const Goal& goal,
               const Race& race,
               const RaceOptions& options,
               const std::vector<std::string>& labels)
{
    PlanResult result;
    result.goal = goal;
    result.requiredShare = options.requiredShare;
    for (const size_t number : OrderAll(race, options.isLeast))
    {
        result.strategies.push_back(Describe(number, race, labels[number]));
        result.runsMade += result.strategies.back().runs;
    }
    result.runsOfAll = labels.size() * options.repetitions;
    MarkFront(result.strategies, race, options.isLeast);
    result.tests = TellApart(result.strategies, race, options.isLeast);
    const PlannedStrategy& best = result.Best();
    if (best.runs > 0)
    {
        // Clopper and Pearson (1934), one-sided.
        result.atLeast =
            boost::math::binomial::find_lower_bound_on_p(static_cast<double>(best.runs),
                                                         static_cast<double>(best.met),
                                                         1 - CONFIDENCE);
    }
    return result;
}

} // namespace ns3::iotfleet::analysis
