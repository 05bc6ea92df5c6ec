// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/run-groups.h"

#include "analysis/input-error.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

/// A run, its group, and the keys that may pair it, from the shortest to the longest.
struct KeyedRun
{
    const RunRow* run;
    std::string group;
    std::vector<std::string> keys;
};

std::string
ValueText(const nlohmann::json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The parts of a label, which commas separate.
std::vector<std::string>
SplitLabel(const std::string& label)
{
    std::vector<std::string> parts;
    size_t from = 0;
    while (from <= label.size())
    {
        const size_t comma = std::min(label.find(", ", from), label.size());
        parts.push_back(label.substr(from, comma - from));
        from = comma + 2;
    }
    return parts;
}

/// The label of a run whose scenario leaves out the value.
std::string
DefaultLabel(const std::string& by)
{
    return by + "=(default)";
}

/// The value at a pointer of the scenario, as a label.
std::string
LabelAt(const ResultsReader& reader, const RunRow& run, const std::string& by)
{
    const auto scenario = nlohmann::json::parse(reader.GetScenarioJson(run.runId), nullptr, false);
    const nlohmann::json::json_pointer pointer(by);
    const bool has = !scenario.is_discarded() && scenario.contains(pointer);
    return has ? by + "=" + ValueText(scenario.at(pointer)) : DefaultLabel(by);
}

/// Refuses a pointer at which no run has a value: most likely it is mistyped.
void
RequireValue(const ResultsReader& reader, const std::vector<KeyedRun>& runs, const std::string& by)
{
    const auto leavesOut = [&](const KeyedRun& run) { return run.group == DefaultLabel(by); };
    if (by.empty() || runs.empty() || !std::ranges::all_of(runs, leavesOut))
    {
        return;
    }
    std::set<std::string> varied;
    for (const KeyedRun& run : runs)
    {
        for (const auto& [pointer, value] : reader.ReadParameters(run.run->runId))
        {
            varied.insert(pointer);
        }
    }
    std::string list;
    for (const std::string& pointer : varied)
    {
        list += (list.empty() ? "" : ", ") + pointer;
    }
    throw InputError("--by: found no value at " + by + " in the scenario of any run, expected " +
                     (list.empty() ? "a pointer to a value in which the runs differ"
                                   : "one of those that the campaign varied: " + list));
}

std::string
OtherParameters(const ResultsReader& reader, int64_t runId, const std::string& by)
{
    std::string text;
    for (const auto& [pointer, value] : reader.ReadParameters(runId))
    {
        if (pointer != by)
        {
            text += ", " + pointer + "=" + value;
        }
    }
    return text;
}

/// The variant's label without the part that names the value at `by`, as campaigns write it:
/// "class-c, count=20".
std::string
Strategy(const ResultsReader& reader, const RunRow& run, const std::string& by)
{
    std::string text;
    const auto parameters = reader.ReadParameters(run.runId);
    for (const std::string& part : SplitLabel(run.variant))
    {
        const bool namesIt = std::ranges::any_of(parameters, [&](const auto& parameter) {
            const auto& [pointer, value] = parameter;
            const size_t name = part.size() - std::min(part.size(), value.size() + 1);
            return pointer == by && part.substr(name) == "=" + value &&
                   pointer.ends_with("/" + part.substr(0, name));
        });
        text += namesIt ? "" : (text.empty() ? "" : ", ") + part;
    }
    return text;
}

void
RequirePointer(const std::string& by)
{
    try
    {
        const nlohmann::json::json_pointer pointer(by);
    }
    catch (const nlohmann::json::exception&)
    {
        throw InputError("--by: found \"" + by +
                         "\", expected a JSON pointer into the scenario, such as "
                         "/distribution/redundancy");
    }
}

KeyedRun
MakeKeyedRun(const ResultsReader& reader, const RunRow& run, const std::string& by)
{
    const std::string draw =
        "seed " + std::to_string(run.seed) + ", run " + std::to_string(run.rngRun);
    KeyedRun keyed{&run, by.empty() ? run.variant : LabelAt(reader, run, by), {}};
    keyed.keys = {draw,
                  draw + OtherParameters(reader, run.runId, by),
                  draw + OtherParameters(reader, run.runId, by) + ", variant " +
                      Strategy(reader, run, by)};
    return keyed;
}

/// The shortest key that tells the runs of every group apart.
size_t
ChooseKey(const std::vector<KeyedRun>& runs, const std::string& file)
{
    for (size_t key = 0; key < 3; ++key)
    {
        std::set<std::pair<std::string, std::string>> seen;
        const bool isUnique = std::ranges::all_of(runs, [&](const KeyedRun& run) {
            return seen.insert({run.group, run.keys[key]}).second;
        });
        if (isUnique)
        {
            return key;
        }
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (const KeyedRun& run : runs)
    {
        if (!seen.insert({run.group, run.keys[2]}).second)
        {
            throw InputError(file + ": holds two runs of \"" + run.group + "\" with " +
                             run.keys[2] +
                             "; runs that are compared must differ in seed or number of the run "
                             "within a variant");
        }
    }
    return 2;
}

} // namespace

RunGroups
GroupRuns(const ResultsReader& reader, const std::string& by)
{
    RequirePointer(by);
    RunGroups result;
    std::vector<KeyedRun> runs;
    for (const RunRow& run : reader.GetRuns())
    {
        if (run.status != "ok")
        {
            ++result.leftOut;
            continue;
        }
        runs.push_back(MakeKeyedRun(reader, run, by));
    }
    RequireValue(reader, runs, by);
    const size_t key = ChooseKey(runs, "the database");
    for (const KeyedRun& run : runs)
    {
        auto group = std::ranges::find(result.groups, run.group, &RunGroup::label);
        if (group == result.groups.end())
        {
            group = result.groups.insert(group, RunGroup{run.group, {}});
        }
        RunMetrics& metrics = group->runs[run.keys[key]];
        for (const MetricRow& row : reader.ReadMetrics(run.run->runId))
        {
            metrics[row.name] = row.value;
            result.units[row.name] = row.unit;
        }
    }
    return result;
}

} // namespace ns3::iotfleet::analysis
