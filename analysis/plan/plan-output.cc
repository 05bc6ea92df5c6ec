// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/metric-sense.h"
#include "analysis/compare/verdict-sentence.h"
#include "analysis/format.h"
#include "analysis/plan/plan-result.h"
#include "analysis/text-table.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <cmath>
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

/// "+3 h (+2 h to +4 h)": a difference from the recommended strategy, of which `of` is the value;
/// "-" without a common run.
std::string
Difference(const std::string& metric,
           const PlannedDifference& difference,
           const std::optional<double>& of)
{
    constexpr double NOTHING = 1e-4; // of the value: fewer than the digits that are shown
    const PairedResult& paired = difference.paired;
    if (paired.pairs == 0)
    {
        return "-";
    }
    const auto definition = FindMetric(metric);
    const auto show = [&](double exact) {
        const double value = std::abs(exact) < NOTHING * std::abs(of.value_or(0)) ? 0 : exact;
        return (value < 0   ? "-"
                : value > 0 ? "+"
                            : "") +
               FormatDifference(metric, definition ? definition->unit : "1", value);
    };
    if (paired.isIdentical)
    {
        return "equal";
    }
    return show(paired.estimate) +
           (paired.low && paired.high ? " (" + show(*paired.low) + " to " + show(*paired.high) + ")"
                                      : "");
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
    const PlannedDifference& difference = strategy.objectiveDifference;
    if (strategy.isToldApart)
    {
        return "worse, " + FormatPValue(*difference.adjustedP);
    }
    return difference.adjustedP          ? "not told apart, " + FormatPValue(*difference.adjustedP)
           : difference.paired.pairs > 1 ? "equal"
                                         : "behind in its one run";
}

/// In what a strategy on the front is shown to differ from the recommended one.
std::string
HowSure(const PlannedStrategy& strategy)
{
    const PlannedDifference& time = strategy.timeDifference;
    const PlannedDifference& objective = strategy.objectiveDifference;
    if (std::max(time.paired.pairs, objective.paired.pairs) < 2)
    {
        return "one common run: cannot be told";
    }
    const auto say = [](const PlannedDifference& difference) {
        return !difference.adjustedP
                   ? "equal"
                   : (*difference.adjustedP < PlanResult::LEVEL ? "shown, " : "unclear, ") +
                         FormatPValue(*difference.adjustedP);
    };
    return "time " + std::string(say(time)) + "; objective " + std::string(say(objective));
}

/// The strategies on the front, from the fastest on, as differences from the recommended one: means
/// over unequal runs would differ by luck.
std::string
FrontTable(const PlanResult& result)
{
    const std::string& time = result.goal.timeMetric;
    const std::string& cost = result.goal.objective.metric;
    const PlannedStrategy& best = result.Best();
    TextTable table({"strategy", "common runs", time, cost, "difference"});
    table.Add({best.label,
               FormatCount(best.runs),
               Value(time, best.time),
               Value(cost, best.objective),
               Standing(best, true) + (best.onFront ? "" : ", not on the front")});
    auto rows = result.strategies;
    std::ranges::stable_sort(rows, {}, [](const PlannedStrategy& strategy) {
        return strategy.timeDifference.paired.estimate;
    });
    for (const PlannedStrategy& strategy : rows)
    {
        if (strategy.onFront && strategy.number != best.number)
        {
            table.Add({strategy.label,
                       FormatCount(std::min(strategy.runs, best.runs)),
                       Difference(time, strategy.timeDifference, best.time),
                       Difference(cost, strategy.objectiveDifference, best.objective),
                       HowSure(strategy)});
        }
    }
    return table.Text();
}

std::string
StrategyTable(const PlanResult& result)
{
    const std::string& cost = result.goal.objective.metric;
    TextTable table(
        {"strategy", result.goal.timeMetric, cost, "goal met", "paired difference", ""});
    for (const PlannedStrategy& strategy : result.strategies)
    {
        const bool isBest = strategy.number == result.Best().number;
        table.Add(
            {strategy.label,
             Value(result.goal.timeMetric, strategy.time),
             Value(cost, strategy.objective),
             FormatCount(strategy.met) + "/" + FormatCount(strategy.runs),
             isBest ? "" : Difference(cost, strategy.objectiveDifference, result.Best().objective),
             Standing(strategy, isBest)});
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
        if (!strategy.isToldApart && strategy.objectiveDifference.paired.pairs > 1)
        {
            open += (open.empty() ? "" : "; ") + strategy.label;
        }
    }
    if (meeting == 0)
    {
        return result.Best().meetsGoal ? "no other strategy met the goal as often."
                                       : "no strategy met it as often as it asks for.";
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
OrNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json();
}

/// Adds a difference from the recommended strategy as members that begin with `name`.
void
AddDifference(const std::string& name, const PlannedDifference& difference, Json& json)
{
    const PairedResult& paired = difference.paired;
    json[name + "_difference"] = paired.pairs > 0 ? Json(paired.estimate) : Json();
    json[name + "_difference_low"] = OrNull(paired.low);
    json[name + "_difference_high"] = OrNull(paired.high);
    json[name + "_difference_pairs"] = paired.pairs;
}

Json
StrategyJson(const PlannedStrategy& s)
{
    Json json{{"strategy", s.label},
              {"runs", s.runs},
              {"runs_meeting_goal", s.met},
              {"meets_goal", s.meetsGoal},
              {"objective", OrNull(s.objective)},
              {"objective_low", s.objectiveInterval ? Json(s.objectiveInterval->low) : Json()},
              {"objective_high", s.objectiveInterval ? Json(s.objectiveInterval->high) : Json()},
              {"time", OrNull(s.time)},
              {"on_front", s.onFront},
              {"p_against_best", OrNull(s.objectiveDifference.adjustedP)},
              {"time_p_against_best", OrNull(s.timeDifference.adjustedP)},
              {"shown_worse", s.isToldApart}};
    AddDifference("objective", s.objectiveDifference, json);
    AddDifference("time", s.timeDifference, json);
    return json;
}

} // namespace

std::string
PlanText(const PlanResult& result)
{
    const PlannedStrategy& best = result.Best();
    const std::string& cost = result.goal.objective.metric;
    std::string text = "Pareto front (" + result.goal.timeMetric + " against " + cost +
                       "), as differences from the " +
                       (best.meetsGoal ? "recommended strategy" : "strategy nearest to the goal") +
                       "\nover the runs that both made, which met the same random draws:\n\n";
    const bool hasFront = std::ranges::any_of(result.strategies, &PlannedStrategy::onFront);
    text += hasFront ? FrontTable(result) + "(95 % intervals; p corrected for " +
                           FormatCount(result.tests) + (result.tests == 1 ? " test" : " tests") +
                           " by Holm's method)\n"
                     : "no strategy reached that time in all runs\n";
    text += "\nAll strategies, the best first: means over the runs that each got, and the paired "
            "difference of " +
            cost + ":\n\n" + StrategyTable(result) + "\n";
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
