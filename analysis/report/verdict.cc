// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/verdict.h"

#include "analysis/check/expectation-check.h"
#include "analysis/format.h"
#include "analysis/statistics.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet::analysis
{

namespace
{

Verdict
JudgeInterval(const MeanInterval& interval, const ExpectationRow& goal)
{
    const bool tooLow = goal.min && interval.low < *goal.min;
    const bool tooHigh = goal.max && interval.high > *goal.max;
    if (!tooLow && !tooHigh)
    {
        return Verdict::MET;
    }
    const bool allTooLow = goal.min && interval.high < *goal.min;
    const bool allTooHigh = goal.max && interval.low > *goal.max;
    return allTooLow || allTooHigh ? Verdict::MISSED : Verdict::UNCLEAR;
}

std::string
DescribeBounds(const ExpectationRow& goal, std::string_view unit)
{
    const std::string low = goal.min ? FormatMetric(goal.metric, unit, goal.min) : "";
    const std::string high = goal.max ? FormatMetric(goal.metric, unit, goal.max) : "";
    if (!low.empty() && !high.empty())
    {
        return low + " to " + high;
    }
    return low.empty() ? "at most " + high : "at least " + low;
}

/// One value for each run; nothing for those without.
std::vector<std::optional<double>>
ValuesOf(const RunValues& metrics, const std::string& metric)
{
    const auto found = metrics.find(metric);
    return found == metrics.end() ? std::vector<std::optional<double>>{} : found->second;
}

GoalResult
JudgeQuantile(std::span<const std::optional<double>> values,
              const ExpectationRow& goal,
              std::string_view unit)
{
    GoalResult result{goal.metric,
                      DescribeBounds(goal, unit) + ", quantile " + FormatNumber(*goal.quantile) +
                          " over the runs",
                      "never reached",
                      Verdict::MISSED};
    const auto value =
        values.empty() ? std::nullopt : QuantileOverRuns(goal.metric, values, *goal.quantile);
    if (value && std::isfinite(*value))
    {
        result.found = FormatMetric(goal.metric, unit, value);
        result.verdict = IsWithin(goal, value) ? Verdict::MET : Verdict::MISSED;
    }
    return result;
}

GoalResult
JudgeBounds(std::span<const std::optional<double>> values,
            const ExpectationRow& goal,
            std::string_view unit)
{
    GoalResult result{goal.metric, DescribeBounds(goal, unit), "never reached", Verdict::MISSED};
    std::vector<double> known;
    for (const auto& value : values)
    {
        if (value)
        {
            known.push_back(*value);
        }
    }
    if (known.size() < values.size() || known.empty())
    {
        if (values.size() > 1)
        {
            result.found += " in " + FormatCount(values.size() - known.size()) + " of " +
                            FormatCount(values.size()) + " runs";
        }
        return result;
    }
    const MeanInterval interval = ComputeMeanInterval(known).value_or(
        MeanInterval{known.front(), known.front(), known.front()});
    result.found = FormatMetric(goal.metric, unit, interval.mean);
    result.verdict = JudgeInterval(interval, goal);
    const auto beyond = static_cast<size_t>(
        std::ranges::count_if(values, [&](const auto& value) { return !IsWithin(goal, value); }));
    if (beyond > 0 && known.size() > 1)
    {
        result.found +=
            "; beyond in " + FormatCount(beyond) + " of " + FormatCount(known.size()) + " runs";
        result.verdict = result.verdict == Verdict::MET ? Verdict::MISSED : result.verdict;
    }
    return result;
}

} // namespace

std::vector<GoalResult>
JudgeGoals(std::span<const ExpectationRow> goals, const RunValues& metrics)
{
    std::vector<GoalResult> results;
    for (const ExpectationRow& goal : goals)
    {
        const auto definition = FindMetric(goal.metric);
        const std::string_view unit = definition ? definition->unit : "1";
        const auto values = ValuesOf(metrics, goal.metric);
        if (goal.min || goal.max)
        {
            results.push_back(goal.quantile ? JudgeQuantile(values, goal, unit)
                                            : JudgeBounds(values, goal, unit));
        }
        if (goal.baseline)
        {
            results.push_back({goal.metric,
                               "as in " + *goal.baseline,
                               "iot-fleet check compares with stored baselines",
                               Verdict::NOT_JUDGED});
        }
    }
    return results;
}

std::vector<GoalResult>
JudgeGoals(const ReportContext& context)
{
    return JudgeGoals(context.expectations, context.metrics);
}

Verdict
JudgeRun(const ReportContext& context)
{
    Verdict worst = context.run.status == "ok" ? Verdict::MET : Verdict::UNCLEAR;
    for (const GoalResult& goal : JudgeGoals(context))
    {
        worst = std::max(worst, goal.verdict);
    }
    return worst;
}

std::string_view
VerdictId(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::MET:
        return "met";
    case Verdict::NOT_JUDGED:
    case Verdict::UNCLEAR:
        return "unclear";
    case Verdict::MISSED:
        break;
    }
    return "missed";
}

std::string_view
VerdictText(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::MET:
        return "✓ goal met";
    case Verdict::NOT_JUDGED:
        return "? not judged by a report";
    case Verdict::UNCLEAR:
        return "? not enough runs to tell";
    case Verdict::MISSED:
        break;
    }
    return "✗ goal missed";
}

} // namespace ns3::iotfleet::analysis
