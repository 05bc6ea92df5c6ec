// SPDX-License-Identifier: GPL-2.0-only

// Eclipse hawkBit: the body of POST /rest/v1/rollouts (MgmtRolloutRestRequestBodyPost).

#include "helper/import/policy-import.h"

#include <regex>

namespace ns3::iotfleet
{

namespace
{

/** The conditions of a rollout or a group, as keys of a wave. */
void
ImportConditions(ImportSource& source, const std::string& at, ScenarioJson& wave)
{
    const auto threshold = [&](const std::string& name, const char* key, const char* note) {
        const auto condition = source.Text(at + name + "/condition").value_or("THRESHOLD");
        if (condition != "THRESHOLD")
        {
            source.Refuse(at + name + "/condition",
                          "found \"" + condition + "\", expected THRESHOLD");
        }
        source.Note(at + name + "/condition", ImportFate::HONOURED, "a share of the wave");
        if (const auto share = source.Percentage(at + name + "/expression"))
        {
            wave[key] = *share;
            source.Note(at + name + "/expression", ImportFate::DIFFERS, note);
        }
    };
    threshold(
        "/successCondition",
        "success_threshold",
        "-> success_threshold of the wave, with advance \"successes\": the next one starts as "
        "soon as it is reached; where it is not in time, hawkBit waits for ever and the "
        "simulation does on_error");
    threshold("/errorCondition",
              "error_threshold",
              "-> error_threshold of the wave, with unreported \"pending\": reported errors alone "
              "count, as in hawkBit, of the same devices as for the success condition");
    if (const auto action = source.Text(at + "/successAction/action"))
    {
        wave["then"] = *action == "PAUSE" ? "pause" : "continue";
        wave["advance"] = *action == "PAUSE" ? "reports" : "successes";
        source.Note(at + "/successAction/action", ImportFate::HONOURED, "-> then of the wave");
    }
    source.Ignore(at + "/successAction/expression", "hawkBit itself gives it no meaning");
    source.Note(at + "/errorAction/action", ImportFate::HONOURED, "-> /rollout/on_error \"pause\"");
    source.Ignore(at + "/errorAction/expression", "hawkBit itself gives it no meaning");
}

/** A query of one comparison by name; others have no counterpart. */
void
ImportQuery(ImportSource& source, const std::string& pointer, ScenarioJson& wave)
{
    const auto query = source.Text(pointer);
    if (!query || query->empty())
    {
        return;
    }
    static const std::regex BY_NAME(R"(\s*(id|controllerid|name)\s*==\s*["']?([^"';,()]+)["']?\s*)",
                                    std::regex::icase);
    std::smatch match;
    if (!std::regex_match(*query, match, BY_NAME))
    {
        source.Ignore(pointer,
                      "only one comparison of id, controllerId or name with == is understood; "
                      "write a filter into the wave");
        return;
    }
    if (match[2] == "*")
    {
        return source.Note(pointer, ImportFate::HONOURED, "-> no filter of its own: all devices");
    }
    const auto names = ScenarioJson::array({match[2].str()});
    const bool replaces = wave.contains("filter") && wave["filter"]["name"] != names;
    wave["filter"]["name"] = names;
    source.Note(pointer,
                replaces ? ImportFate::DIFFERS : ImportFate::HONOURED,
                replaces ? "-> filter of the wave, by device name, instead of the rollout's; "
                           "hawkBit asks for both"
                         : "-> filter of the wave, by device name");
}

void
ImportGroups(ImportSource& source, const ScenarioJson& common, ScenarioJson& waves)
{
    for (std::size_t i = 0; i < source.Items("/groups"); ++i)
    {
        const std::string at = "/groups/" + std::to_string(i);
        ScenarioJson wave = common;
        wave["name"] = source.Text(at + "/name").value_or("group-" + std::to_string(i + 1));
        source.Note(at + "/name", ImportFate::HONOURED, "-> name of the wave");
        wave["share"] = source.Percentage(at + "/targetPercentage").value_or(1);
        wave["share_of"] = "left";
        source.Note(at + "/targetPercentage",
                    ImportFate::HONOURED,
                    "-> share of the wave, of the devices that no earlier wave has taken");
        ImportQuery(source, at + "/targetFilterQuery", wave);
        ImportConditions(source, at, wave);
        source.Ignore(at + "/description", "waves have a name only");
        source.Ignore(at + "/confirmationRequired", "devices of the simulation do not ask users");
        waves.push_back(wave);
    }
}

void
ImportEqualGroups(ImportSource& source, const ScenarioJson& common, ScenarioJson& waves)
{
    const uint32_t groups = source.Count("/amountGroups").value_or(1);
    if (groups == 0 || groups > 500)
    {
        source.Refuse("/amountGroups", "found a number of groups out of range, expected 1 to 500");
    }
    source.Note("/amountGroups", ImportFate::HONOURED, "-> as many waves of equal size");
    for (uint32_t i = 0; i < groups; ++i)
    {
        ScenarioJson wave = common;
        wave["name"] = "group-" + std::to_string(i + 1);
        wave["share"] = 1.0 / (groups - i);
        wave["share_of"] = "left";
        waves.push_back(wave);
    }
}

} // namespace

void
ImportHawkbitRollout(ImportSource& source, ScenarioJson& scenario)
{
    source.Keep("/name", scenario, "name");
    source.Keep("/description", scenario, "description");
    // hawkBit has no time-out for a group. A device that stays silent is neither a success nor an
    // error, and stays one of the targets that the shares are of (hawkBit issue 693).
    ScenarioJson rollout{{"unreported", "pending"}, {"on_error", "pause"}};
    ScenarioJson common{{"advance", "successes"}};
    ImportQuery(source, "/targetFilterQuery", common);
    ImportConditions(source, "", common);
    ScenarioJson waves = ScenarioJson::array();
    if (source.Items("/groups") > 0)
    {
        ImportGroups(source, common, waves);
        source.Ignore("/amountGroups", "the groups are given one by one");
    }
    else
    {
        ImportEqualGroups(source, common, waves);
    }
    rollout["waves"] = waves;
    if (source.Flag("/dynamic").value_or(false))
    {
        rollout["dynamic"]["size"] =
            std::max(1U, source.Count("/dynamicGroupTemplate/targetCount").value_or(1));
        source.Note("/dynamicGroupTemplate/targetCount", ImportFate::HONOURED, "-> dynamic/size");
    }
    source.Note("/dynamic", ImportFate::HONOURED, "-> /rollout/dynamic");
    source.Ignore("/dynamicGroupTemplate/nameSuffix",
                  "waves of later devices have their own names");
    source.Ignore("/distributionSetId", "the image is the scenario's /firmware/target");
    source.Ignore("/startAt", "a date; the simulation has none: set /rollout/start");
    source.Ignore("/type", "every update is installed as soon as it is complete (forced)");
    source.Ignore("/forcetime", "every update is installed as soon as it is complete (forced)");
    source.Ignore("/weight", "one rollout runs at a time");
    source.Ignore("/confirmationRequired", "devices of the simulation do not ask users");
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
