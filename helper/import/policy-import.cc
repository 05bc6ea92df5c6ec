// SPDX-License-Identifier: GPL-2.0-only

#include "helper/import/policy-import.h"

#include "embedded/import-fleet.json.h"
#include "helper/import/format-recognition.h"
#include "helper/scenario-reader.h"
#include "helper/text-file.h"

#include <algorithm>
#include <yaml-cpp/yaml.h>

namespace ns3::iotfleet
{

namespace
{

using Importer = void (*)(ImportSource&, ScenarioJson&);

/** A format and what reads it. */
struct Entry
{
    ImportFormat format;
    Importer import;
};

const std::vector<Entry>&
Entries()
{
    static const std::vector<Entry> ENTRIES{
        {{"aws-iot-jobs", "request of AWS IoT CreateJob, JSON"}, ImportAwsIotJob},
        {{"chirpstack-fuota", "FUOTA deployment of ChirpStack 4, JSON"}, ImportChirpstackFuota},
        {{"flightctl", "Fleet of Flight Control, YAML or JSON"}, ImportFlightctlFleet},
        {{"hawkbit", "body of hawkBit's POST /rest/v1/rollouts, JSON"}, ImportHawkbitRollout},
        {{"mender", "deployment of Mender with phases, JSON"}, ImportMenderDeployment},
        {{"nerveshub", "deployment group of NervesHub, JSON"}, ImportNerveshubDeploymentGroup},
    };
    return ENTRIES;
}

/** A plain YAML scalar as the JSON value that YAML 1.2 takes it for; quoted ones are text. */
ScenarioJson
ScalarOf(const YAML::Node& node)
{
    const std::string text = node.Scalar();
    if (node.Tag() == "!") // quoted
    {
        return text;
    }
    auto value = ScenarioJson::parse(text, nullptr, false);
    return value.is_primitive() && !value.is_discarded() ? value : ScenarioJson(text);
}

ScenarioJson
JsonOf(const YAML::Node& node)
{
    switch (node.Type())
    {
    case YAML::NodeType::Sequence: {
        auto array = ScenarioJson::array();
        for (const auto& item : node)
        {
            array.push_back(JsonOf(item));
        }
        return array;
    }
    case YAML::NodeType::Map: {
        auto object = ScenarioJson::object();
        for (const auto& member : node)
        {
            object[member.first.Scalar()] = JsonOf(member.second);
        }
        return object;
    }
    case YAML::NodeType::Scalar:
        return ScalarOf(node);
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined:
        break;
    }
    return nullptr;
}

/** JSON where the file begins like JSON, YAML otherwise. */
ScenarioJson
ParseDocument(const std::string& file, const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && text[first] == '{')
    {
        return ParseScenarioText(file, text);
    }
    try
    {
        return JsonOf(YAML::Load(text));
    }
    catch (const YAML::Exception& error)
    {
        const std::string where = error.mark.is_null() ? ""
                                                       : std::to_string(error.mark.line + 1) + ":" +
                                                             std::to_string(error.mark.column + 1);
        throw ScenarioError({{file, where, "YAML error: " + error.msg}});
    }
}

std::string
ReadOrRefuse(const std::filesystem::path& file, const char* expected)
{
    auto text = ReadTextFile(file);
    if (!text)
    {
        throw ScenarioError(
            {{file.string(), "", std::string("found no readable file, expected ") + expected}});
    }
    return *text;
}

/** Files that the base names start at its folder, those of the new scenario where it will lie. */
void
RebasePaths(ScenarioJson& scenario, const std::filesystem::path& folder)
{
    const auto rebase = [&](ScenarioJson& path) {
        if (path.is_string())
        {
            path = std::filesystem::absolute(folder / path.get<std::string>())
                       .lexically_normal()
                       .string();
        }
    };
    const auto rebaseAt = [&](ScenarioJson& object, const char* key) {
        if (object.is_object() && object.contains(key))
        {
            rebase(object[key]);
        }
    };
    rebaseAt(scenario["fleet"], "inventory");
    rebaseAt(scenario["access"]["lorawan"]["gateways"], "csv");
    if (scenario.contains("firmware") && scenario["firmware"].contains("images"))
    {
        for (auto& image : scenario["firmware"]["images"])
        {
            rebaseAt(image, "file");
        }
    }
}

/**
 * Gives the example fleet devices of each site, group and hardware batch that the policy names, so
 * that it has somebody to act on: copies of its one group.
 */
void
AddNamedDevices(ScenarioJson& scenario)
{
    auto& groups = scenario["fleet"]["groups"];
    const ScenarioJson example = groups[0];
    for (const auto& wave : scenario["rollout"].value("waves", ScenarioJson::array()))
    {
        const auto filter = wave.value("filter", ScenarioJson::object());
        for (const auto& [condition, key] : {std::pair("group", "name"),
                                             std::pair("site", "site"),
                                             std::pair("hardware", "hardware")})
        {
            for (const auto& value : filter.value(condition, ScenarioJson::array()))
            {
                const bool known = std::ranges::any_of(groups, [&](const ScenarioJson& group) {
                    return group.value(key, "") == value;
                });
                if (!known)
                {
                    groups.push_back(example);
                    groups.back()["name"] = value;
                    groups.back()[key] = value;
                }
            }
        }
    }
}

} // namespace

const std::vector<ImportFormat>&
ImportFormats()
{
    static const std::vector<ImportFormat> FORMATS = [] {
        std::vector<ImportFormat> formats;
        for (const auto& entry : Entries())
        {
            formats.push_back(entry.format);
        }
        return formats;
    }();
    return FORMATS;
}

ImportedPolicy
ImportPolicy(const std::string& format,
             const std::filesystem::path& file,
             const std::optional<std::filesystem::path>& base)
{
    const auto& entries = Entries();
    const auto entry =
        std::ranges::find(entries, format, [](const Entry& e) { return e.format.name; });
    if (entry == entries.end())
    {
        throw std::invalid_argument("no import format " + format);
    }
    ImportedPolicy imported;
    if (base)
    {
        ReadScenario(*base); // says what is wrong with it, if anything
        imported.scenario = ParseScenarioText(base->string(), ReadOrRefuse(*base, "a scenario"));
        RebasePaths(imported.scenario, std::filesystem::absolute(*base).parent_path());
    }
    else
    {
        imported.scenario = ScenarioJson::parse(embedded::import_fleet_json);
    }
    ImportSource source(file.string(),
                        ParseDocument(file.string(), ReadOrRefuse(file, "a configuration")));
    RequireFormat(format, source);
    entry->import(source, imported.scenario);
    source.RefuseIfWrong();
    if (!base)
    {
        AddNamedDevices(imported.scenario);
    }
    imported.notes = source.Explain();
    return imported;
}

} // namespace ns3::iotfleet
