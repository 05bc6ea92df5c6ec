// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/report-context.h"

#include "analysis/input-error.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Names between quotation marks, for they may hold commas.
std::string
JoinNames(const std::vector<std::string>& names)
{
    std::string joined;
    for (const std::string& name : names)
    {
        joined += (joined.empty() ? "\"" : ", \"") + name + "\"";
    }
    return joined;
}

void
ReadTables(const ResultsReader& reader, ReportContext& context)
{
    const int64_t runId = context.run.runId;
    context.scenarioJson = reader.GetScenarioJson(runId);
    context.progress = reader.ReadProgress(runId);
    context.waves = reader.ReadWaves(runId);
    context.gateways = reader.ReadGateways(runId);
    context.gatewayHours = reader.ReadGatewayHours(runId);
    context.sessions = reader.ReadSessions(runId);
    context.quarantine = reader.ReadQuarantine(runId);
    context.expectations = reader.ReadExpectations(runId);
    context.costs = reader.ReadCosts(runId);
    context.failures = GroupFailures(reader, runId);
    context.notUpdated = GroupNotUpdated(reader, runId, context.Target());
    context.faults = reader.ReadFaults(runId);
    context.trueAlarms = reader.CountAlarms(runId, true);
    context.falseAlarms = reader.CountAlarms(runId, false);
}

/// The runs of a variant that ended well, or its first where none did.
void
ChooseRun(const ResultsReader& reader, const std::string& variant, ReportContext& context)
{
    const auto& runs = reader.GetRuns();
    const auto first =
        variant.empty() ? runs.begin() : std::ranges::find(runs, variant, &RunRow::variant);
    if (first == runs.end())
    {
        std::vector<std::string> names;
        for (const Variant& one : context.variants)
        {
            names.push_back(one.name);
        }
        throw InputError("--variant: found \"" + variant + "\", expected one of " +
                         JoinNames(names));
    }
    std::ranges::copy_if(runs, std::back_inserter(context.sameVariant), [&](const RunRow& run) {
        return run.variant == first->variant && run.status == "ok";
    });
    if (context.sameVariant.empty())
    {
        context.sameVariant.push_back(*first);
    }
    context.run = context.sameVariant.front();
}

void
ReadMetrics(const ResultsReader& reader, ReportContext& context)
{
    for (size_t i = 0; i < context.sameVariant.size(); ++i)
    {
        for (const MetricRow& metric : reader.ReadMetrics(context.sameVariant[i].runId))
        {
            auto& values = context.metrics[metric.name];
            values.resize(context.sameVariant.size());
            values[i] = metric.value;
        }
    }
}

} // namespace

const Variant&
ReportContext::Own() const
{
    const std::string name = run.variant.empty() ? std::string(UNNAMED_VARIANT) : run.variant;
    return *std::ranges::find(variants, name, &Variant::name);
}

std::optional<double>
ReportContext::Metric(std::string_view name) const
{
    const auto found = metrics.find(std::string(name));
    return found == metrics.end() ? std::nullopt : found->second.front();
}

std::string
ReportContext::Target() const
{
    return run.targetFirmware.value_or("");
}

ReportContext
ReadReportContext(const ResultsReader& reader, const std::string& variant)
{
    ReportContext context;
    context.variants = ReadVariants(reader);
    ChooseRun(reader, variant, context);
    ReadTables(reader, context);
    ReadMetrics(reader, context);
    std::set<uint32_t> wanted;
    for (const FailureGroup& group : context.failures)
    {
        wanted.insert(group.devices.begin(), group.devices.end());
    }
    for (const NotUpdatedGroup& group : context.notUpdated)
    {
        const auto named = std::min(group.devices.size(), DeviceSummary::MAX_LISTED);
        wanted.insert(group.devices.begin(),
                      group.devices.begin() + static_cast<std::ptrdiff_t>(named));
    }
    std::set<uint32_t> quarantined;
    for (const QuarantineRow& row : context.quarantine)
    {
        quarantined.insert(row.deviceId);
    }
    wanted.insert(quarantined.begin(), quarantined.end());
    context.devices =
        SummarizeDevices(reader, context.run.runId, wanted, quarantined, context.Target());
    return context;
}

} // namespace ns3::iotfleet::analysis
