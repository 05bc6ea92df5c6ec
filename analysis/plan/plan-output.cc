// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/metric-sense.h"
#include "analysis/compare/verdict-sentence.h"
#include "analysis/format.h"
#include "analysis/plan/plan-result.h"
#include "analysis/text-table.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

std::string
Value(const std::string& metric, const std::optional<double>& value)
{
    if (!value)
    {
        return FindSense(metric).nullIsNever ? "never" : "none";
    }
    const auto definition = FindMetric(metric);
    const std::string_view unit = definition ? definition->unit : "1";
    return unit == "1" && !IsShareMetric(metric) ? FormatNumber(*value)
                                                 : FormatMetric(metric, unit, value);
}

std::string
Interval(const std::string& metric, const std::optional<MeanInterval>& interval)
{
    return interval ? " (95 % interval " + Value(metric, interval->low) + " to " +
                          Value(metric, interval->high) + ")"
                    : "";
}

/// What is known of a strategy against the recommended one.
std::string
Standing(const PlannedStrategy& strategy, bool isBest)
{
    if (isBest)
    {
        return strategy.meetsGoal ? "recommended" : "nearest to the goal";
    }
    if (!strategy.meetsGoal)
    {
        return "misses the goal";
    }
    if (strategy.isToldApart)
    {
        return "worse, " + FormatPValue(*strategy.pAgainstBest);
    }
    return strategy.pAgainstBest ? "not told apart, " + FormatPValue(*strategy.pAgainstBest)
                                 : "behind in its one run";
}

std::string
StrategyTable(const PlanResult& result, bool frontOnly)
{
    const std::string& cost = result.goal.objective.metric;
    TextTable table({"strategy", result.goal.timeMetric, cost, "goal met", ""});
    auto rows = result.strategies;
    if (frontOnly)
    {
        std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
            return a.time.value_or(0) < b.time.value_or(0);
        });
    }
    for (const PlannedStrategy& strategy : rows)
    {
        if (frontOnly && !strategy.onFront)
        {
            continue;
        }
        table.Add({strategy.label,
                   Value(result.goal.timeMetric, strategy.time),
                   Value(cost, strategy.objective),
                   FormatCount(strategy.met) + "/" + FormatCount(strategy.runs),
                   Standing(strategy, strategy.number == result.Best().number)});
    }
    return table.Text();
}

/// Of the rivals that may be as good as the recommended one.
std::string
RivalText(const PlanResult& result)
{
    size_t meeting = 0;
    size_t apart = 0;
    std::string open;
    for (const PlannedStrategy& strategy : result.strategies)
    {
        if (strategy.number == result.Best().number || !strategy.meetsGoal)
        {
            continue;
        }
        ++meeting;
        apart += strategy.isToldApart ? 1 : 0;
        if (!strategy.isToldApart && strategy.pAgainstBest)
        {
            open += (open.empty() ? "" : "; ") + strategy.label;
        }
    }
    if (meeting == 0)
    {
        return "no other strategy met the goal as often.";
    }
    std::string text = "of " + FormatCount(meeting) + " others that met it, " + FormatCount(apart) +
                       " are shown to be worse (5 % level, corrected)";
    return text + (open.empty() ? "." : "; may be as good: " + open + ".");
}

std::string
Certainty(const PlanResult& result)
{
    const PlannedStrategy& best = result.Best();
    std::string text = "How sure: the goal was met in " + FormatCount(best.met) + " of " +
                       FormatCount(best.runs) + " runs, so it is met with probability " +
                       FormatShare(result.atLeast) +
                       " or more (95 % confidence, of these runs, not corrected for the "
                       "choice); ";
    text += RivalText(result) + "\n";
    return text + "Searched with " + FormatCount(result.runsMade) + " runs instead of " +
           FormatCount(result.runsOfAll) +
           ": strategies were dropped after fewer runs the worse they did, and one that was "
           "unlucky in its first run may have been dropped wrongly.\n";
}

Json
StrategyJson(const PlannedStrategy& s)
{
    const auto orNull = [](const std::optional<double>& value) {
        return value ? Json(*value) : Json();
    };
    return {{"strategy", s.label},
            {"runs", s.runs},
            {"runs_meeting_goal", s.met},
            {"meets_goal", s.meetsGoal},
            {"objective", orNull(s.objective)},
            {"objective_low", s.objectiveInterval ? Json(s.objectiveInterval->low) : Json()},
            {"objective_high", s.objectiveInterval ? Json(s.objectiveInterval->high) : Json()},
            {"time", orNull(s.time)},
            {"on_front", s.onFront},
            {"p_against_best", orNull(s.pAgainstBest)},
            {"shown_worse", s.isToldApart}};
}

} // namespace

std::string
PlanText(const PlanResult& result)
{
    const PlannedStrategy& best = result.Best();
    const std::string& cost = result.goal.objective.metric;
    std::string text = "Pareto front (" + result.goal.timeMetric + " against " + cost + "):\n\n";
    const bool hasFront = std::ranges::any_of(result.strategies, &PlannedStrategy::onFront);
    text += hasFront ? StrategyTable(result, true) : "no strategy reached that time in all runs\n";
    text += "\nAll strategies, the best first:\n\n" + StrategyTable(result, false) + "\n";
    text += best.meetsGoal ? "Recommended: " : "No strategy meets the goal. Nearest: ";
    text += best.label + "\n  " + result.goal.timeMetric + " " +
            Value(result.goal.timeMetric, best.time) + ", " + cost + " " +
            Value(cost, best.objective) + Interval(cost, best.objectiveInterval) + "\n";
    return text + Certainty(result);
}

std::string
PlanJson(const PlanResult& result)
{
    Json json{{"objective", result.goal.objective.metric},
              {"objective_is", result.goal.objective.least ? "least" : "most"},
              {"time", result.goal.timeMetric},
              {"required_share", result.requiredShare},
              {"goal_met", result.Best().meetsGoal},
              {"recommended", result.Best().label},
              {"probability_at_least", result.atLeast},
              {"runs_made", result.runsMade},
              {"runs_exhaustive", result.runsOfAll},
              {"strategies", Json::array()}};
    for (const PlannedStrategy& strategy : result.strategies)
    {
        json["strategies"].push_back(StrategyJson(strategy));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ns3::iotfleet::analysis
