// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/plan/goal.h"

#include "analysis/compare/metric-sense.h"
#include "analysis/input-error.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

using Alias = std::pair<std::string_view, std::string_view>;

/// Words for metrics, longest first where one begins with another.
constexpr std::array NAMES{Alias{"legal air", "max_duty_cycle_used"},
                           Alias{"truck rolls", "truck_rolls"},
                           Alias{"battery", "battery_days_lost_mean"},
                           Alias{"energy", "energy_per_device_j_mean"},
                           Alias{"air", "downlink_airtime_s"},
                           Alias{"money", "cost_total"},
                           Alias{"harmed", "harmed_before_abort"},
                           Alias{"bricked", "devices_bricked"},
                           Alias{"failed", "devices_failed"},
                           Alias{"updated", "devices_updated"},
                           Alias{"enrolled", "devices_enrolled"},
                           Alias{"exposure", "exposure_device_days"},
                           Alias{"telemetry", "telemetry_delivered_share"}};

constexpr std::array SHARES{Alias{"50 %", "time_to_50_updated_s"},
                            Alias{"95 %", "time_to_95_updated_s"},
                            Alias{"99 %", "time_to_99_updated_s"},
                            Alias{"100 %", "time_to_all_updated_s"},
                            Alias{"all", "time_to_all_updated_s"}};

constexpr std::string_view DEFAULT_TIME = "time_to_99_updated_s";

[[noreturn]] void
Refuse(std::string_view clause, const std::string& expected)
{
    throw InputError("--goal: found \"" + std::string(clause) + "\", expected " + expected);
}

/// Single blanks, none at the ends, and "%" with one before it.
std::string
Tidy(std::string_view text)
{
    std::string tidy;
    for (const char c : text)
    {
        const bool isBlank = std::isspace(static_cast<unsigned char>(c)) != 0;
        const bool needsBlank = c == '%' && !tidy.empty() && tidy.back() != ' ';
        if (needsBlank || (isBlank && !tidy.empty() && tidy.back() != ' '))
        {
            tidy += ' ';
        }
        tidy += isBlank ? "" : std::string(1, c);
    }
    while (!tidy.empty() && tidy.back() == ' ')
    {
        tidy.pop_back();
    }
    return tidy;
}

std::vector<std::string>
SplitClauses(std::string_view text)
{
    std::vector<std::string> clauses;
    size_t start = 0;
    while (start <= text.size())
    {
        const size_t comma = std::min(text.find(',', start), text.size());
        clauses.push_back(Tidy(text.substr(start, comma - start)));
        start = comma + 1;
    }
    return clauses;
}

std::string
NameList()
{
    std::string list;
    for (const auto& [word, metric] : NAMES)
    {
        list += std::string(word) + ", ";
    }
    return list + "or a metric of `iot-fleet schema metrics`";
}

std::string
FindMetricOf(std::string_view clause, std::string_view name)
{
    const auto* found = std::ranges::find(NAMES, name, &Alias::first);
    if (found != NAMES.end())
    {
        return std::string(found->second);
    }
    if (!FindMetric(name))
    {
        Refuse(clause, "one of " + NameList());
    }
    return std::string(name);
}

std::optional<double>
ParsePlain(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isWhole = error == std::errc() && end == text.data() + text.size();
    return isWhole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Whether percentages of a metric mean the fleet.
bool
CountsDevices(std::string_view metric)
{
    return metric.starts_with("devices_") || metric == "harmed_before_abort" ||
           metric == "truck_rolls" || metric.starts_with("compromised_");
}

/// What the value of a bound has to look like, in the metric's unit.
std::string
ExpectedQuantity(std::string_view unit)
{
    return unit == "J"   ? "an energy with unit such as \"10 kJ\" (uJ, mJ, J, kJ, MJ, Wh)"
           : unit == "B" ? "a size with unit such as \"51 B\" (B, kB, KiB, MB, MiB)"
                         : "a duration with unit such as \"72 h\" (us, ms, s, min, h, d)";
}

/// Reads the value of a bound into a constraint whose metric is known.
void
ReadBound(GoalConstraint& constraint, std::string_view value, const QuantityParser& parse)
{
    const std::string_view unit = FindMetric(constraint.metric)->unit;
    const bool isPercentage = value.ends_with(" %");
    if (isPercentage && (CountsDevices(constraint.metric) || IsShareMetric(constraint.metric)))
    {
        const auto percent = ParsePlain(value.substr(0, value.size() - 2));
        constraint.ofFleet = CountsDevices(constraint.metric);
        if (percent)
        {
            constraint.bound = *percent / 100;
            return;
        }
    }
    const bool isPlain = unit == "1" || unit == "a" || unit == "currency";
    const auto bound = isPlain ? ParsePlain(value) : parse(unit, value);
    if (!bound)
    {
        Refuse(constraint.text,
               isPlain ? "a number" + std::string(CountsDevices(constraint.metric)
                                                      ? " or a percentage of the fleet"
                                                      : "")
                       : ExpectedQuantity(unit));
    }
    constraint.bound = *bound;
}

std::optional<GoalConstraint>
ParseUpdated(const std::string& clause, const QuantityParser& parse)
{
    constexpr std::string_view WORDS = " updated within ";
    const size_t at = clause.find(WORDS);
    if (at == std::string::npos)
    {
        return std::nullopt;
    }
    const auto* share = std::ranges::find(SHARES, clause.substr(0, at), &Alias::first);
    if (share == SHARES.end())
    {
        Refuse(clause, "50 %, 95 %, 99 %, 100 % or all, which runs measure, before \"updated\"");
    }
    GoalConstraint constraint{std::string(share->second), true, 0, false, clause};
    ReadBound(constraint, std::string_view(clause).substr(at + WORDS.size()), parse);
    return constraint;
}

std::optional<GoalConstraint>
ParseBound(const std::string& clause, const QuantityParser& parse)
{
    for (const std::string_view words : {" at most ", " at least "})
    {
        const size_t at = clause.find(words);
        if (at != std::string::npos)
        {
            GoalConstraint constraint{FindMetricOf(clause, clause.substr(0, at)),
                                      words == " at most ",
                                      0,
                                      false,
                                      clause};
            ReadBound(constraint, std::string_view(clause).substr(at + words.size()), parse);
            return constraint;
        }
    }
    return std::nullopt;
}

std::optional<GoalObjective>
ParseObjective(const std::string& clause, const std::string& timeMetric)
{
    if (clause == "fastest")
    {
        return GoalObjective{timeMetric, true, clause};
    }
    for (const std::string_view words : {"cheapest in ", "least ", "most "})
    {
        if (clause.starts_with(words))
        {
            return GoalObjective{FindMetricOf(clause, clause.substr(words.size())),
                                 words != "most ",
                                 clause};
        }
    }
    return std::nullopt;
}

/// By how much a run misses a constraint, as a share of its bound.
double
Violation(const GoalConstraint& constraint, const MetricMap& metrics)
{
    const auto value = [&](const std::string& name) {
        const auto found = metrics.find(name);
        return found == metrics.end() ? std::nullopt : found->second;
    };
    const auto found = value(constraint.metric);
    const double devices = value("devices_total").value_or(1);
    if (!found)
    {
        // Worse than any miss that was measured, and the worse the fewer devices are updated.
        return 2 - value("devices_updated").value_or(0) / std::max(1.0, devices);
    }
    const double bound = constraint.ofFleet ? constraint.bound * devices : constraint.bound;
    const double miss = constraint.atMost ? *found - bound : bound - *found;
    const double scale = std::max({std::abs(bound), std::abs(*found), 1e-300});
    return miss > 0 ? std::min(1.0, miss / scale) : 0;
}

} // namespace

Goal
ParseGoal(std::string_view text, const QuantityParser& parse)
{
    const std::string accepted =
        "clauses such as \"99 % updated within 72 h\", \"harmed at most 0.5 %\" and one objective: "
        "\"fastest\", \"cheapest in battery\", \"least NAME\" or \"most NAME\"";
    Goal goal;
    std::vector<std::string> others;
    for (const std::string& clause : SplitClauses(text))
    {
        auto constraint = ParseUpdated(clause, parse);
        if (constraint && goal.timeMetric.empty())
        {
            goal.timeMetric = constraint->metric;
        }
        constraint = constraint ? constraint : ParseBound(clause, parse);
        if (constraint)
        {
            goal.constraints.push_back(*constraint);
        }
        else
        {
            others.push_back(clause);
        }
    }
    goal.timeMetric = goal.timeMetric.empty() ? DEFAULT_TIME : goal.timeMetric;
    if (others.empty())
    {
        throw InputError("--goal: found no objective, expected " + accepted);
    }
    const auto objective = ParseObjective(others.front(), goal.timeMetric);
    if (!objective)
    {
        Refuse(others.front(), accepted);
    }
    if (others.size() > 1)
    {
        Refuse(others[1], "one objective only, and \"" + others[0] + "\" is one");
    }
    goal.objective = *objective;
    return goal;
}

GoalScore
ScoreRun(const Goal& goal, const MetricMap& metrics)
{
    GoalScore score;
    for (const GoalConstraint& constraint : goal.constraints)
    {
        score.violation += Violation(constraint, metrics);
    }
    score.isMet = score.violation == 0;
    const auto value = [&](const std::string& name) {
        const auto found = metrics.find(name);
        return found == metrics.end() ? std::nullopt : found->second;
    };
    score.objective = value(goal.objective.metric);
    score.time = value(goal.timeMetric);
    return score;
}

} // namespace ns3::iotfleet::analysis
