// SPDX-License-Identifier: GPL-2.0-only

// Mender: the body of POST /api/management/v1/deployments/deployments (devices) or
// /api/management/v2/deployments/deployments (filter), or the server's answer to GET of the latter.
// Fields after mender-server, backend/docs/api/deployments (NewDeployment, DeploymentV2,
// DeploymentPhase); phases, retries, filter_id and max_devices of a new deployment after its
// frontend (CreateDeployment.tsx), as their API is of the hosted edition.

#include "helper/import/policy-import.h"
#include "helper/units.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <regex>

namespace ns3::iotfleet
{

namespace
{

/** A share in percent; sums of shares are not exact in binary. */
double
InPercent(double share)
{
    return std::round(share * 1e6) / 1e4;
}

/** Seconds since 1970 of a date of RFC 3339, such as 2026-11-25T09:00:00.5+01:00. */
double
ParseDate(const ImportSource& source, const std::string& pointer)
{
    static const std::regex FORM(
        R"((\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:[Zz]|([+-])(\d\d):(\d\d)))");
    const std::string text = source.Text(pointer).value_or("");
    std::smatch part;
    const bool isDate = std::regex_match(text, part, FORM);
    const auto number = [&part](int i) { return std::stoi(part[i].str()); };
    const auto day =
        isDate ? std::chrono::year_month_day(std::chrono::year(number(1)),
                                             std::chrono::month(static_cast<unsigned>(number(2))),
                                             std::chrono::day(static_cast<unsigned>(number(3))))
               : std::chrono::year_month_day();
    if (!isDate || !day.ok())
    {
        source.Refuse(pointer,
                      "found \"" + text + "\", expected a date such as 2026-11-25T09:00:00Z");
    }
    const double days = static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
    const double offsetS = part[7].matched ? number(8) * 3600.0 + number(9) * 60.0 : 0;
    return days * 86400 + number(4) * 3600.0 + number(5) * 60.0 + std::stod(part[6].str()) -
           (part[7] == "-" ? -offsetS : offsetS);
}

/** What phases count from: the date of the first, or of the deployment, which the server adds. */
std::optional<double>
FirstDate(ImportSource& source)
{
    const std::string first = "/phases/0/start_ts";
    if (source.Find(first))
    {
        source.Note(first,
                    ImportFate::DIFFERS,
                    "this date is /rollout/start, later ones count from it");
        return ParseDate(source, first);
    }
    return source.Find("/created") ? std::optional(ParseDate(source, "/created")) : std::nullopt;
}

/** Phases start by the clock, whatever became of the phase before. */
void
ImportPhases(ImportSource& source, ScenarioJson& rollout, double rolloutStartS)
{
    const std::size_t phases = source.Items("/phases");
    const auto zero = FirstDate(source);
    double previousS = 0;
    double taken = 0;
    for (std::size_t i = 0; i < phases; ++i)
    {
        const std::string at = "/phases/" + std::to_string(i);
        ScenarioJson wave{{"name", "phase-" + std::to_string(i + 1)},
                          {"success_threshold", 0},
                          {"error_threshold", 1}};
        const auto share = source.Percentage(at + "/batch_size");
        wave["share"] = share.value_or(1);
        taken += share.value_or(0);
        if (share && InPercent(taken) > 100)
        {
            source.Complain(at + "/batch_size",
                            "found " + FormatNumber(InPercent(*share)) + " %, " +
                                FormatNumber(InPercent(taken)) +
                                " % with the phases before, expected 100 % at most");
        }
        source.Note(at + "/batch_size", ImportFate::HONOURED, "-> share of the wave");
        if (!source.Find(at + "/batch_size"))
        {
            wave["share_of"] = "left";
        }
        double startS = previousS;
        if (i > 0 && !source.Find(at + "/start_ts"))
        {
            source.Complain(at + "/start_ts",
                            "found no date, expected one: only the first phase starts at once");
        }
        else if (i > 0)
        {
            if (!zero)
            {
                source.Refuse(at + "/start_ts",
                              "found a date, and none of the first phase: when that starts "
                              "(at once) is not known; give /phases/0/start_ts or /created");
            }
            // Fractions of a second are not exact in binary, so far from 1970.
            const double afterS = ParseDate(source, at + "/start_ts") - *zero;
            startS = std::max(0.0, std::round(afterS * 1e3) / 1e3);
            source.Note(at + "/start_ts", ImportFate::HONOURED, "-> not_before of the wave");
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
        source.Ignore(at + "/device_count", "counted by the server");
        rollout["waves"].push_back(wave);
    }
}

} // namespace

void
ImportMenderDeployment(ImportSource& source, ScenarioJson& scenario)
{
    source.Keep("/name", scenario, "name");
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
    if (source.Find("/filter_id") || source.Find("/filter"))
    {
        // A filter makes a deployment dynamic: it goes on with devices that match later.
        rollout["dynamic"] = ScenarioJson::object();
        const char* note = "-> /rollout/dynamic; write the filter itself into the waves";
        source.Note("/filter_id", ImportFate::DIFFERS, note);
        source.Note("/filter", ImportFate::DIFFERS, note);
    }
    source.Ignore("/dynamic", "follows from the filter");
    source.Ignore("/artifact_name", "the image is the scenario's /firmware/target");
    source.Ignore("/all_devices", "everybody is targeted");
    source.Ignore("/group", "write a filter into the waves");
    source.Ignore("/groups", "write a filter into the waves");
    source.Ignore("/max_devices",
                  "ends a dynamic deployment after so many devices: set dynamic/until");
    source.Ignore("/force_installation", "devices that run the target are never offered it");
    source.Ignore("/autogenerate_delta", "choose the payload in the scenario");
    source.Ignore("/update_control_map", "devices do not ask between the states of an update");
    for (const char* field : {"/id",
                              "/created",
                              "/finished",
                              "/status",
                              "/device_count",
                              "/initial_device_count",
                              "/artifacts",
                              "/statistics",
                              "/type",
                              "/configuration"})
    {
        source.Ignore(field, "the server's answer; says nothing of the policy");
    }
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
