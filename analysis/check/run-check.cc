// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/check/run-check.h"

#include "analysis/check/expectation-check.h"
#include "analysis/check/invariants.h"
#include "analysis/format.h"
#include "analysis/input-error.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Metrics that differ between equal runs, or say nothing about the fleet.
bool
IsOfTheProcess(const std::string& metric)
{
    return metric == "wall_s" || metric == "peak_rss_bytes" || metric == "events";
}

size_t
CountFinished(const CheckedRuns& group)
{
    return static_cast<size_t>(
        std::ranges::count(group.runs, std::string("ok"), &CheckedRun::status));
}

std::vector<CheckedRuns>
GroupRunsToCheck(const ResultsReader& reader)
{
    std::vector<CheckedRuns> groups;
    for (const RunRow& run : reader.GetRuns())
    {
        auto group = std::ranges::find_if(groups, [&](const CheckedRuns& g) {
            return g.variant == run.variant && g.sha256 == run.scenarioSha256;
        });
        if (group == groups.end())
        {
            group = groups.insert(group, {run.scenario, run.variant, run.scenarioSha256, {}, {}});
        }
        // A run that failed may have left neither expectations nor metrics.
        if (run.status == "ok" && CountFinished(*group) == 0)
        {
            group->expectations = reader.ReadExpectations(run.runId);
        }
        CheckedRun checked{run.runId, run.seed, run.rngRun, run.status, {}, {}};
        for (const MetricRow& row : reader.ReadMetrics(run.runId))
        {
            checked.metrics[row.name] = row.value;
            checked.units[row.name] = row.unit;
        }
        group->runs.push_back(std::move(checked));
    }
    return groups;
}

std::string
SuiteName(const CheckedRuns& group)
{
    return group.variant.empty() ? group.scenario : group.scenario + ", " + group.variant;
}

CheckResult
CheckFinished(const CheckedRuns& group)
{
    CheckResult result{"every run has finished", CheckOutcome::PASSED, ""};
    const size_t unfinished = group.runs.size() - CountFinished(group);
    if (unfinished > 0)
    {
        result.outcome = CheckOutcome::FAILED;
        result.message = FormatCount(unfinished) + " of " + FormatCount(group.runs.size()) +
                         " failed or were interrupted";
    }
    return result;
}

Baseline
MakeBaseline(const CheckedRuns& group)
{
    const size_t finished = CountFinished(group);
    if (finished < group.runs.size())
    {
        throw InputError("--write-baseline: found " + std::to_string(group.runs.size() - finished) +
                         " of " + std::to_string(group.runs.size()) +
                         " runs failed or interrupted, expected that all have finished");
    }
    Baseline baseline{group.scenario, group.runs.size(), {}};
    for (const auto& [name, unit] : group.runs.front().units)
    {
        if (IsOfTheProcess(name))
        {
            continue;
        }
        std::vector<std::optional<double>> values;
        for (const CheckedRun& run : group.runs)
        {
            values.push_back(run.Value(name));
        }
        baseline.metrics[name] = MakeBaselineMetric(values);
    }
    return baseline;
}

} // namespace

std::vector<CheckSuite>
CheckRuns(const ResultsReader& reader, const CheckOptions& options)
{
    const auto groups = GroupRunsToCheck(reader);
    if (!options.writeBaseline.empty())
    {
        if (groups.size() > 1)
        {
            throw InputError("--write-baseline: found " + std::to_string(groups.size()) +
                             " scenarios or variants, expected one");
        }
        WriteBaseline(MakeBaseline(groups.front()), options.writeBaseline);
    }
    std::vector<CheckSuite> suites;
    for (const CheckedRuns& group : groups)
    {
        CheckSuite suite{SuiteName(group), group.runs.size(), {CheckFinished(group)}};
        for (const ExpectationRow& expectation : group.expectations)
        {
            CheckExpectation(group, expectation, options.baselineFolder, suite.results);
        }
        std::vector<int64_t> ids;
        for (const CheckedRun& run : group.runs)
        {
            if (run.status == "ok")
            {
                ids.push_back(run.runId);
            }
        }
        CheckInvariants(reader, ids, suite.results);
        suites.push_back(std::move(suite));
    }
    return suites;
}

} // namespace ns3::iotfleet::analysis
