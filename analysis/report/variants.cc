// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/variants.h"

#include "analysis/compare/metric-sense.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

Variant&
FindOrAdd(std::vector<Variant>& variants, const std::string& variant)
{
    const std::string name = variant.empty() ? std::string(UNNAMED_VARIANT) : variant;
    const auto found = std::ranges::find(variants, name, &Variant::name);
    if (found != variants.end())
    {
        return *found;
    }
    variants.emplace_back().name = name;
    return variants.back();
}

void
AddRun(const ResultsReader& reader, const RunRow& run, Variant& variant)
{
    for (const MetricRow& metric : reader.ReadMetrics(run.runId))
    {
        auto& values = variant.metrics[metric.name];
        values.resize(variant.runs.size());
        values.push_back(metric.value);
        variant.units[metric.name] = metric.unit;
    }
    if (variant.runs.empty())
    {
        variant.goals = reader.ReadExpectations(run.runId);
    }
    variant.runs.push_back(run);
    for (auto& [name, values] : variant.metrics)
    {
        values.resize(variant.runs.size());
    }
    variant.progress.push_back(
        {reader.ReadProgress(run.runId), run.devices, run.rolloutStartS.value_or(0)});
}

} // namespace

std::optional<MeanInterval>
Variant::Estimate(std::string_view metric) const
{
    const auto found = metrics.find(std::string(metric));
    if (found == metrics.end())
    {
        return std::nullopt;
    }
    const auto values = TakeIfWhole(found->second);
    if (!values)
    {
        return std::nullopt;
    }
    const MeanInterval only{values->front(), values->front(), values->front()};
    return ComputeMeanInterval(*values).value_or(only);
}

std::optional<double>
Variant::Penalty(std::string_view metric) const
{
    const auto estimate = Estimate(metric);
    if (!estimate)
    {
        return std::nullopt;
    }
    return FindSense(metric).preference == Preference::MORE ? -estimate->mean : estimate->mean;
}

std::string
Variant::UnitOf(std::string_view metric) const
{
    const auto found = units.find(std::string(metric));
    return found == units.end() ? "1" : found->second;
}

size_t
Variant::CountReached(std::string_view metric) const
{
    const auto found = metrics.find(std::string(metric));
    return found == metrics.end()
               ? 0
               : static_cast<size_t>(std::ranges::count_if(found->second, [](const auto& value) {
                     return value.has_value();
                 }));
}

std::vector<Variant>
ReadVariants(const ResultsReader& reader)
{
    std::vector<Variant> variants;
    for (const RunRow& run : reader.GetRuns())
    {
        Variant& variant = FindOrAdd(variants, run.variant);
        if (run.status == "ok")
        {
            AddRun(reader, run, variant);
        }
    }
    return variants;
}

std::vector<std::string>
ListCommonMetrics(const std::vector<Variant>& variants)
{
    std::vector<std::string> names;
    for (const MetricDefinition& metric : METRICS)
    {
        if (std::ranges::any_of(variants, [&](const Variant& variant) {
                return variant.Estimate(metric.name).has_value();
            }))
        {
            names.emplace_back(metric.name);
        }
    }
    return names;
}

std::vector<std::string>
FindParetoFront(const std::vector<Variant>& variants,
                std::string_view metricX,
                std::string_view metricY)
{
    std::vector<const Variant*> known;
    for (const Variant& variant : variants)
    {
        if (variant.Estimate(metricX) && variant.Estimate(metricY))
        {
            known.push_back(&variant);
        }
    }
    std::vector<std::string> front;
    for (const Variant* variant : known)
    {
        const double x = *variant->Penalty(metricX);
        const double y = *variant->Penalty(metricY);
        const bool isBeaten = std::ranges::any_of(known, [&](const Variant* other) {
            const double otherX = *other->Penalty(metricX);
            const double otherY = *other->Penalty(metricY);
            return otherX <= x && otherY <= y && (otherX < x || otherY < y);
        });
        if (!isBeaten)
        {
            front.push_back(variant->name);
        }
    }
    return front;
}

} // namespace ns3::iotfleet::analysis
