// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/run-groups.h"

#include "analysis/input-error.h"

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Ways to name what pairs a run.
constexpr size_t KEYS = 4;

/// A run, its group, and the keys that may pair it, from the shortest to the longest.
struct KeyedRun
{
    const RunRow* run;
    std::string group;
    std::array<std::string, KEYS> keys;
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
RequireValue(const std::vector<KeyedRun>& runs,
             const std::string& by,
             const std::set<std::string>& varied)
{
    const auto leavesOut = [&](const KeyedRun& run) { return run.group == DefaultLabel(by); };
    if (by.empty() || runs.empty() || !std::ranges::all_of(runs, leavesOut))
    {
        return;
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

/// Removes a value, and the blocks that are empty without it: another scenario leaves them out.
void
EraseAt(nlohmann::json& scenario, nlohmann::json::json_pointer pointer)
{
    while (!pointer.empty() && scenario.contains(pointer))
    {
        auto& parent = scenario[pointer.parent_pointer()];
        if (!parent.is_object())
        {
            scenario[pointer] = nullptr; // the others of an array keep their places
            return;
        }
        parent.erase(pointer.back());
        if (!parent.empty())
        {
            return;
        }
        pointer.pop_back();
    }
}

/// A name for the scenario of a run without the value at `by`: runs that have it in common differ
/// in that value only, whatever their variants are called. Empty where the scenario is not
/// readable.
std::string
RestOfScenario(const ResultsReader& reader, const RunRow& run, const std::string& by)
{
    auto scenario = nlohmann::json::parse(reader.GetScenarioJson(run.runId), nullptr, false, true);
    if (by.empty() || scenario.is_discarded())
    {
        return {};
    }
    EraseAt(scenario, nlohmann::json::json_pointer(by));
    // Its hash: of many thousands of runs the texts would fill the memory.
    return std::to_string(std::hash<std::string>{}(
        scenario.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
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
                  draw + ", scenario " + RestOfScenario(reader, run, by),
                  draw + OtherParameters(reader, run.runId, by) + ", variant " +
                      Strategy(reader, run, by)};
    return keyed;
}

/// Whether a key tells the runs of every group apart.
bool
IsUnique(const std::vector<KeyedRun>& runs, size_t key)
{
    std::set<std::pair<std::string, std::string>> seen;
    return std::ranges::all_of(runs, [&](const KeyedRun& run) {
        return seen.insert({run.group, run.keys[key]}).second;
    });
}

/// Whether a key is that of runs of two groups.
bool
MakesPairs(const std::vector<KeyedRun>& runs, size_t key)
{
    std::map<std::string, std::string> groups;
    return std::ranges::any_of(runs, [&](const KeyedRun& run) {
        return groups.try_emplace(run.keys[key], run.group).first->second != run.group;
    });
}

/// The shortest key that tells the runs of every group apart, and makes pairs if any of them does.
size_t
ChooseKey(const std::vector<KeyedRun>& runs, const std::string& file)
{
    std::optional<size_t> chosen;
    for (size_t key = 0; key < KEYS; ++key)
    {
        if (!IsUnique(runs, key))
        {
            continue;
        }
        if (MakesPairs(runs, key))
        {
            return key;
        }
        chosen = chosen.value_or(key);
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (const KeyedRun& run : runs)
    {
        if (!chosen && !seen.insert({run.group, run.keys.back()}).second)
        {
            throw InputError(file + ": holds two runs of \"" + run.group + "\" with " +
                             run.keys.back() +
                             "; runs that are compared must differ in seed or number of the run "
                             "within a variant");
        }
    }
    return chosen.value_or(KEYS - 1);
}

} // namespace

RunGroups
GroupRuns(const ResultsReader& reader, const std::string& by)
{
    RequirePointer(by);
    RunGroups result;
    result.file = reader.GetFile().Path().string();
    std::vector<KeyedRun> runs;
    for (const RunRow& run : reader.GetRuns())
    {
        if (run.status != "ok")
        {
            ++result.leftOut;
            continue;
        }
        runs.push_back(MakeKeyedRun(reader, run, by));
        for (const auto& [pointer, value] : reader.ReadParameters(run.runId))
        {
            result.varied.insert(pointer);
        }
    }
    RequireValue(runs, by, result.varied);
    const size_t key = ChooseKey(runs, result.file);
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
