// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/verdict.h"

#include "analysis/format.h"
#include "analysis/statistics.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>

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

GoalResult
Judge(const RunValues& metrics, const ExpectationRow& goal)
{
    const auto definition = FindMetric(goal.metric);
    const std::string_view unit = definition ? definition->unit : "1";
    GoalResult result{goal.metric, DescribeBounds(goal, unit), "never reached", Verdict::MISSED};
    const auto found = metrics.find(goal.metric);
    std::vector<double> values;
    if (found != metrics.end())
    {
        for (const auto& value : found->second)
        {
            if (!value)
            {
                return result;
            }
            values.push_back(*value);
        }
    }
    if (values.empty())
    {
        return result;
    }
    const MeanInterval interval = ComputeMeanInterval(values).value_or(
        MeanInterval{values.front(), values.front(), values.front()});
    result.found = FormatMetric(goal.metric, unit, interval.mean);
    result.verdict = JudgeInterval(interval, goal);
    return result;
}

} // namespace

std::vector<GoalResult>
JudgeGoals(std::span<const ExpectationRow> goals, const RunValues& metrics)
{
    std::vector<GoalResult> results;
    for (const ExpectationRow& goal : goals)
    {
        const bool isBound = !goal.quantile && !goal.baseline;
        if (isBound) // quantiles and baselines are for `check`, which knows all runs
        {
            results.push_back(Judge(metrics, goal));
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
    case Verdict::UNCLEAR:
        return "? not enough runs to tell";
    case Verdict::MISSED:
        break;
    }
    return "✗ goal missed";
}

} // namespace ns3::iotfleet::analysis
