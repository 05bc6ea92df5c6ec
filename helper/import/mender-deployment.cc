// SPDX-License-Identifier: GPL-2.0-only

// Mender: the body of POST /api/management/v1/deployments/deployments (v2 takes the same phases).

#include "helper/import/policy-import.h"
#include "helper/units.h"

#include <algorithm>
#include <ctime>

namespace ns3::iotfleet
{

namespace
{

/** Seconds since 1970 of a date such as 2026-11-25T09:00:00Z. */
double
ParseDate(const ImportSource& source, const std::string& pointer)
{
    const std::string text = *source.Text(pointer);
    std::tm date{};
    int day = 0;
    const int fields = std::sscanf(text.c_str(),
                                   "%d-%d-%dT%d:%d:%d",
                                   &date.tm_year,
                                   &date.tm_mon,
                                   &day,
                                   &date.tm_hour,
                                   &date.tm_min,
                                   &date.tm_sec);
    if (fields != 6 || text.back() != 'Z')
    {
        source.Refuse(pointer,
                      "found \"" + text +
                          "\", expected a date in UTC such as 2026-11-25T09:00:00Z");
    }
    date.tm_year -= 1900;
    date.tm_mon -= 1;
    date.tm_mday = day;
    return static_cast<double>(timegm(&date));
}

/** Phases start by the clock, whatever became of the phase before. */
void
ImportPhases(ImportSource& source, ScenarioJson& rollout, double rolloutStartS)
{
    const std::size_t phases = source.Items("/phases");
    std::optional<double> zero;
    double previousS = 0;
    for (std::size_t i = 0; i < phases; ++i)
    {
        const std::string at = "/phases/" + std::to_string(i);
        ScenarioJson wave{{"name", "phase-" + std::to_string(i + 1)},
                          {"success_threshold", 0},
                          {"error_threshold", 1}};
        wave["share"] = source.Percentage(at + "/batch_size").value_or(1);
        source.Note(at + "/batch_size", ImportFate::HONOURED, "-> share of the wave");
        if (!source.Find(at + "/batch_size"))
        {
            wave["share_of"] = "left";
        }
        double startS = previousS;
        if (source.Find(at + "/start_ts"))
        {
            const double date = ParseDate(source, at + "/start_ts");
            zero = zero.value_or(date);
            startS = std::max(0.0, date - *zero);
            source.Note(at + "/start_ts",
                        i == 0 ? ImportFate::DIFFERS : ImportFate::HONOURED,
                        i == 0 ? "the first date is /rollout/start, later ones count from it"
                               : "-> not_before of the wave");
        }
        if (i > 0)
        {
            wave["not_before"] = FormatQuantity(UnitKind::DURATION, rolloutStartS + startS);
            // The phase before must have let go by then, with its devices still under way.
            auto& before = rollout["waves"].back();
            before["timeout"] =
                FormatQuantity(UnitKind::DURATION, std::max(1.0, startS - previousS));
            before["stop_at_timeout"] = false;
        }
        previousS = startS;
        source.Ignore(at + "/id", "set by the server");
        source.Ignore(at + "/device_count", "set by the server");
        rollout["waves"].push_back(wave);
    }
}

} // namespace

void
ImportMenderDeployment(ImportSource& source, ScenarioJson& scenario)
{
    if (const auto name = source.Text("/name"))
    {
        scenario["name"] = *name;
        source.Note("/name", ImportFate::HONOURED, "-> /name");
    }
    ScenarioJson rollout = ScenarioJson::object();
    double startS = 86400;
    if (scenario.contains("rollout") && scenario["rollout"].contains("start"))
    {
        rollout["start"] = scenario["rollout"]["start"];
        startS =
            ParseQuantity(UnitKind::DURATION, rollout["start"].get<std::string>()).value_or(startS);
    }
    rollout["waves"] = ScenarioJson::array();
    ImportPhases(source, rollout, startS);
    if (rollout["waves"].empty())
    {
        rollout["waves"].push_back(
            {{"name", "all"}, {"share", 1}, {"success_threshold", 0}, {"error_threshold", 1}});
    }
    if (const auto retries = source.Count("/retries"))
    {
        if (*retries > 0)
        {
            rollout["retry"] = {{"limit", *retries}, {"on", "failed"}};
        }
        source.Note("/retries", ImportFate::HONOURED, "-> retry/limit, of devices that failed");
    }
    if (const auto names = source.Items("/devices"))
    {
        for (auto& wave : rollout["waves"])
        {
            wave["filter"]["name"] = *source.Find("/devices");
        }
        source.Note("/devices",
                    ImportFate::HONOURED,
                    "-> filter of the waves, " + std::to_string(names) + " names");
    }
    source.Ignore("/artifact_name", "the image is the scenario's /firmware/target");
    source.Ignore("/all_devices", "everybody is targeted");
    source.Ignore("/group", "write a filter into the waves");
    source.Ignore("/filter_id", "write a filter into the waves");
    source.Ignore("/max_devices", "write a count instead of a share into the waves");
    source.Ignore("/force_installation", "devices that run the target are never offered it");
    source.Ignore("/autogenerate_delta", "choose the payload in the scenario");
    source.Ignore("/update_control_map", "devices do not ask between the states of an update");
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
