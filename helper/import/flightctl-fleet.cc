// SPDX-License-Identifier: GPL-2.0-only

// Flight Control (flightctl): a Fleet resource, YAML or JSON, of which spec.rolloutPolicy counts.

#include "helper/import/policy-import.h"
#include "helper/units.h"

#include <map>

namespace ns3::iotfleet
{

namespace
{

const std::string POLICY = "/spec/rolloutPolicy";

/** Label keys of which a scenario's devices have a counterpart. */
const std::map<std::string, std::string> LABELS{{"site", "site"},
                                                {"group", "group"},
                                                {"fleet", "group"},
                                                {"hardware", "hardware"},
                                                {"model", "profile"},
                                                {"profile", "profile"}};

void
ImportLabels(ImportSource& source, const std::string& at, ScenarioJson& wave)
{
    const auto* labels = source.Find(at);
    if (labels == nullptr)
    {
        return;
    }
    for (const auto& [key, value] : labels->items())
    {
        const std::string pointer = AppendPointer(at, key);
        const auto known = LABELS.find(key);
        if (known == LABELS.end())
        {
            source.Ignore(pointer,
                          "devices have site, group, hardware and profile (model), not this label");
            continue;
        }
        wave["filter"][known->second] = ScenarioJson::array({source.Text(pointer).value_or("")});
        source.Note(pointer, ImportFate::HONOURED, "-> filter of the wave, by " + known->second);
    }
}

void
ImportBatch(ImportSource& source, const std::string& at, ScenarioJson& wave)
{
    ImportLabels(source, at + "/selector/matchLabels", wave);
    source.Ignore(at + "/selector/matchExpressions", "only matchLabels are understood");
    const auto* limit = source.Find(at + "/limit");
    if (limit != nullptr && limit->is_number())
    {
        wave["count"] = source.Count(at + "/limit").value_or(0);
        source.Note(at + "/limit", ImportFate::HONOURED, "-> count of the wave");
    }
    else if (limit != nullptr)
    {
        wave["share"] = source.Percentage(at + "/limit").value_or(0);
        wave["share_of"] = "cumulative";
        source.Note(at + "/limit",
                    ImportFate::HONOURED,
                    "-> share of the wave, of all that match, those of earlier waves included");
    }
    else if (!wave.contains("filter"))
    {
        wave["share"] = 1;
    }
    if (const auto threshold = source.Percentage(at + "/successThreshold"))
    {
        wave["success_threshold"] = *threshold;
        source.Note(at + "/successThreshold", ImportFate::HONOURED, "-> success_threshold");
    }
}

void
ImportBudget(ImportSource& source, ScenarioJson& rollout)
{
    const std::string at = POLICY + "/disruptionBudget";
    if (source.Find(at) == nullptr)
    {
        return;
    }
    ScenarioJson budget = ScenarioJson::object();
    for (std::size_t i = 0; i < source.Items(at + "/groupBy"); ++i)
    {
        const std::string pointer = at + "/groupBy/" + std::to_string(i);
        const auto known = LABELS.find(source.Text(pointer).value_or(""));
        if (known == LABELS.end())
        {
            source.Ignore(pointer,
                          "devices have site, group, hardware and profile (model), not this label");
            continue;
        }
        budget["by"].push_back(known->second);
        source.Note(pointer, ImportFate::HONOURED, "-> budget/by \"" + known->second + "\"");
    }
    if (!budget.contains("by"))
    {
        budget["by"] = ScenarioJson::array({"fleet"});
    }
    for (const auto& [field, key] : {std::pair("/minAvailable", "min_available"),
                                     std::pair("/maxUnavailable", "max_unavailable")})
    {
        if (const auto count = source.Count(at + field))
        {
            budget[key] = *count;
            source.Note(at + field, ImportFate::HONOURED, std::string("-> budget/") + key);
        }
    }
    rollout["budget"] = ScenarioJson::array({budget});
}

/** A duration such as 24h or 1h30m. */
double
ParseTimeout(const ImportSource& source, const std::string& pointer)
{
    const std::string text = source.Text(pointer).value_or("");
    double seconds = 0;
    const char* at = text.c_str();
    while (*at != '\0')
    {
        char* end = nullptr;
        const double number = std::strtod(at, &end);
        const double unit = *end == 'h' ? 3600 : *end == 'm' ? 60 : *end == 's' ? 1 : 0;
        if (end == at || unit == 0)
        {
            source.Refuse(pointer,
                          "found \"" + text + "\", expected a duration such as 24h or 90m");
        }
        seconds += number * unit;
        at = end + 1;
    }
    return seconds;
}

} // namespace

void
ImportFlightctlFleet(ImportSource& source, ScenarioJson& scenario)
{
    if (const auto kind = source.Text("/kind"); kind && *kind != "Fleet")
    {
        source.Refuse("/kind", "found \"" + *kind + "\", expected Fleet");
    }
    source.Keep("/metadata/name", scenario, "name");
    const std::string selection = POLICY + "/deviceSelection";
    if (const auto strategy = source.Text(selection + "/strategy");
        strategy && *strategy != "BatchSequence")
    {
        source.Refuse(selection + "/strategy",
                      "found \"" + *strategy + "\", expected BatchSequence");
    }
    source.Note(selection + "/strategy", ImportFate::HONOURED, "-> waves");
    const auto threshold = source.Percentage(POLICY + "/successThreshold");
    ScenarioJson common{{"error_threshold", 1}, {"success_threshold", threshold.value_or(0)}};
    source.Note(POLICY + "/successThreshold",
                ImportFate::HONOURED,
                "-> success_threshold of all waves");
    ScenarioJson rollout{{"on_error", "pause"}};
    for (std::size_t i = 0; i < source.Items(selection + "/sequence"); ++i)
    {
        ScenarioJson wave{{"name", "batch-" + std::to_string(i + 1)}};
        wave.update(common);
        ImportBatch(source, selection + "/sequence/" + std::to_string(i), wave);
        rollout["waves"].push_back(wave);
    }
    ScenarioJson rest{{"name", "rest"}, {"share", 1}, {"share_of", "left"}};
    rest.update(common);
    rollout["waves"].push_back(rest); // flightctl adds it by itself
    ImportBudget(source, rollout);
    if (source.Find(POLICY + "/defaultUpdateTimeout"))
    {
        rollout["in_progress_timeout"] =
            FormatQuantity(UnitKind::DURATION,
                           ParseTimeout(source, POLICY + "/defaultUpdateTimeout"));
        source.Note(POLICY + "/defaultUpdateTimeout",
                    ImportFate::HONOURED,
                    "-> in_progress_timeout");
    }
    source.Ignore("/apiVersion", "the form of the file");
    source.Note("/kind", ImportFate::HONOURED, "the form of the file");
    source.Ignore("/spec/selector", "all devices of the scenario are the fleet");
    source.Ignore("/spec/template", "the image is the scenario's /firmware/target");
    source.Ignore(POLICY + "/deltaGeneration", "choose the payload in the scenario");
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
