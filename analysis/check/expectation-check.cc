// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/check/expectation-check.h"

#include "analysis/compare/metric-sense.h"
#include "analysis/format.h"
#include "analysis/input-error.h"
#include "model/record/nearest-rank.h"

#include <algorithm>
#include <limits>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Formats values of one metric, and says "never reached" where there is none.
class MetricText
{
  public:
    MetricText(const CheckedRuns& group, const std::string& metric)
        : m_metric(metric)
    {
        const auto run = std::ranges::find_if(group.runs, [&](const CheckedRun& one) {
            return one.units.contains(metric); // a run that failed has none
        });
        m_unit = run == group.runs.end() ? "1" : run->units.at(metric);
    }

    std::string operator()(const std::optional<double>& value) const
    {
        if (!value || !std::isfinite(*value))
        {
            return FindSense(m_metric).nullIsNever ? "never reached" : "without a value";
        }
        return m_unit == "1" && !IsShareMetric(m_metric) ? FormatNumber(*value)
                                                         : FormatMetric(m_metric, m_unit, value);
    }

  private:
    std::string m_metric;
    std::string m_unit;
};

std::string
BoundsText(const ExpectationRow& expectation, const MetricText& text)
{
    if (expectation.min && expectation.max)
    {
        return text(expectation.min) + " to " + text(expectation.max);
    }
    return expectation.min ? "at least " + text(expectation.min)
                           : "at most " + text(expectation.max);
}

std::string
RunName(const CheckedRun& run)
{
    return "seed " + std::to_string(run.seed) + " run " + std::to_string(run.rngRun);
}

/// Asks every run.
CheckResult
CheckBounds(const CheckedRuns& group, const ExpectationRow& expectation, const MetricText& text)
{
    CheckResult result{expectation.metric + " " + BoundsText(expectation, text)};
    std::string failed;
    size_t failures = 0;
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const CheckedRun& run : group.runs)
    {
        const auto value = run.Value(expectation.metric);
        least = std::min(least, value.value_or(least));
        most = std::max(most, value.value_or(most));
        if (!IsWithin(expectation, value))
        {
            ++failures;
            failed += failures == 1 ? text(value) + " in " + RunName(run) : "";
        }
    }
    if (failures > 0)
    {
        result.outcome = CheckOutcome::FAILED;
        result.message =
            failed + (group.runs.size() == 1 ? ""
                                             : "; " + FormatCount(failures) + " of " +
                                                   FormatCount(group.runs.size()) + " runs fail");
        return result;
    }
    result.message = least == most ? text(least) : text(least) + " to " + text(most);
    return result;
}

std::vector<std::optional<double>>
ValuesOf(const CheckedRuns& group, const std::string& metric)
{
    std::vector<std::optional<double>> values;
    for (const CheckedRun& run : group.runs)
    {
        values.push_back(run.Value(metric));
    }
    return values;
}

/// Asks one quantile of the runs.
CheckResult
CheckQuantile(const CheckedRuns& group, const ExpectationRow& expectation, const MetricText& text)
{
    const double q = *expectation.quantile;
    CheckResult result{expectation.metric + ", quantile " + FormatNumber(q) + " over the runs, " +
                       BoundsText(expectation, text)};
    const auto values = ValuesOf(group, expectation.metric);
    const auto value = QuantileOverRuns(expectation.metric, values, q);
    result.outcome = IsWithin(expectation, value) ? CheckOutcome::PASSED : CheckOutcome::FAILED;
    if (!value)
    {
        const auto first =
            std::ranges::find_if(values, [](const auto& v) { return !v; }) - values.begin();
        result.message = "without a value in " + RunName(group.runs[static_cast<size_t>(first)]);
        return result;
    }
    result.message = text(value) + " over " + FormatCount(values.size()) +
                     (values.size() == 1 ? " run" : " runs");
    return result;
}

BaselineMetric
FindInBaseline(const std::filesystem::path& file, const ExpectationRow& expectation, size_t runs)
{
    const Baseline baseline = ReadBaseline(file);
    const auto found = baseline.metrics.find(expectation.metric);
    if (found == baseline.metrics.end())
    {
        throw InputError(file.string() + ": /metrics: found no " + expectation.metric);
    }
    BaselineMetric metric = found->second;
    if (metric.mean && expectation.tolerance)
    {
        metric.tolerance = *expectation.tolerance * std::abs(*metric.mean);
    }
    if (!metric.tolerance)
    {
        metric.tolerance = PredictTolerance(metric, baseline.runs, runs);
    }
    if (metric.mean && !metric.tolerance)
    {
        throw InputError(file.string() + ": /metrics/" + expectation.metric +
                         "/tolerance: found none, because the baseline is of one run; expected a "
                         "tolerance in the scenario's entry, or a baseline of several runs");
    }
    return metric;
}

CheckResult
CheckBaseline(const CheckedRuns& group,
              const ExpectationRow& expectation,
              const std::filesystem::path& folder,
              const MetricText& text)
{
    const BaselineMetric wanted =
        FindInBaseline(folder / *expectation.baseline, expectation, group.runs.size());
    CheckResult result{expectation.metric + " as in " + *expectation.baseline};
    const auto found = MakeBaselineMetric(ValuesOf(group, expectation.metric)).mean;
    const bool isEqual = wanted.mean.has_value() == found.has_value() &&
                         (!found || std::abs(*found - *wanted.mean) <= *wanted.tolerance);
    result.outcome = isEqual ? CheckOutcome::PASSED : CheckOutcome::FAILED;
    result.message = "mean " + text(found) + ", wanted " + text(wanted.mean);
    if (wanted.mean)
    {
        const double width = *wanted.tolerance;
        result.message += *wanted.mean != 0 ? " +- " + FormatShare(width / std::abs(*wanted.mean))
                                            : " +- " + FormatNumber(width);
    }
    return result;
}

} // namespace

bool
IsWithin(const ExpectationRow& expectation, const std::optional<double>& value)
{
    return value && (!expectation.min || *value >= *expectation.min) &&
           (!expectation.max || *value <= *expectation.max);
}

std::optional<double>
QuantileOverRuns(const std::string& metric, std::span<const std::optional<double>> values, double q)
{
    const bool nullIsNever = FindSense(metric).nullIsNever;
    std::vector<double> sorted;
    for (const auto& value : values)
    {
        if (!value && !nullIsNever)
        {
            return std::nullopt;
        }
        sorted.push_back(value.value_or(std::numeric_limits<double>::infinity()));
    }
    std::ranges::sort(sorted);
    return sorted[NearestRank(q, sorted.size()) - 1];
}

std::optional<double>
CheckedRun::Value(const std::string& metric) const
{
    const auto found = metrics.find(metric);
    return found == metrics.end() ? std::nullopt : found->second;
}

void
CheckExpectation(const CheckedRuns& group,
                 const ExpectationRow& expectation,
                 const std::filesystem::path& folder,
                 std::vector<CheckResult>& results)
{
    const MetricText text(group, expectation.metric);
    if (expectation.min || expectation.max)
    {
        results.push_back(expectation.quantile ? CheckQuantile(group, expectation, text)
                                               : CheckBounds(group, expectation, text));
    }
    if (expectation.baseline)
    {
        results.push_back(CheckBaseline(group, expectation, folder, text));
    }
}

} // namespace ns3::iotfleet::analysis
