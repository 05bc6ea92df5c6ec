// SPDX-License-Identifier: GPL-2.0-only

// NervesHub: a deployment group as its API writes it (the object itself, or under "data" or
// "deployment_group").

#include "helper/import/policy-import.h"
#include "helper/units.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr double MINUTE_S = 60;

/** NervesHub's own defaults, for fields that a file leaves out (deployment_group.ex). */
constexpr uint32_t DEVICE_FAILURE_THRESHOLD = 3;
constexpr uint32_t DEVICE_FAILURE_RATE_AMOUNT = 5;
constexpr double DEVICE_FAILURE_RATE_S = 180;
constexpr uint32_t FAILURE_THRESHOLD = 50;
constexpr double PENALTY_MIN = 1440;
constexpr uint32_t CONCURRENT_UPDATES = 10;
constexpr double EXPIRATION_MIN = 60;

void
ImportPenalty(ImportSource& source, const std::string& at, ScenarioJson& rollout)
{
    const auto amount =
        source.Count(at + "/device_failure_rate_amount").value_or(DEVICE_FAILURE_RATE_AMOUNT);
    const auto total =
        source.Count(at + "/device_failure_threshold").value_or(DEVICE_FAILURE_THRESHOLD);
    const double within =
        source.Number(at + "/device_failure_rate_seconds", 1, 1e9).value_or(DEVICE_FAILURE_RATE_S);
    const double minutes =
        source.Number(at + "/penalty_timeout_minutes", 0, 1e6).value_or(PENALTY_MIN);
    // On a network where one attempt takes hours, a rate of failures a minute never fires: the
    // threshold over all time is the one that matters.
    rollout["penalty"] = {{"failures", std::max(1U, total)},
                          {"within", FormatQuantity(UnitKind::DURATION, 365 * 86400.0)},
                          {"time", FormatQuantity(UnitKind::DURATION, minutes * MINUTE_S)}};
    source.Note(at + "/device_failure_threshold", ImportFate::HONOURED, "-> penalty/failures");
    source.Note(at + "/penalty_timeout_minutes", ImportFate::HONOURED, "-> penalty/time");
    const std::string rate = std::to_string(amount) + " failures within " +
                             FormatQuantity(UnitKind::DURATION, within) +
                             " of one device; an attempt over LoRaWAN takes longer than that, so "
                             "that the threshold strikes first";
    source.Ignore(at + "/device_failure_rate_amount", rate);
    source.Ignore(at + "/device_failure_rate_seconds", rate);
}

void
ImportFleetThresholds(ImportSource& source, const std::string& at, ScenarioJson& rollout)
{
    rollout["stop_when"].push_back(
        {{"count_of", "failed"},
         {"count",
          std::max(1U, source.Count(at + "/failure_threshold").value_or(FAILURE_THRESHOLD))},
         {"do", "pause"}});
    source.Note(at + "/failure_threshold",
                ImportFate::HONOURED,
                "-> stop_when: so many failed devices pause the rollout");
    const auto amount = source.Count(at + "/failure_rate_amount");
    const auto seconds = source.Number(at + "/failure_rate_seconds", 1, 1e9);
    if (amount && *amount > 0 && seconds)
    {
        rollout["stop_when"].push_back({{"count_of", "failed"},
                                        {"count", *amount},
                                        {"within", FormatQuantity(UnitKind::DURATION, *seconds)},
                                        {"do", "pause"}});
        source.Note(at + "/failure_rate_amount", ImportFate::HONOURED, "-> stop_when/count");
        source.Note(at + "/failure_rate_seconds", ImportFate::HONOURED, "-> stop_when/within");
    }
}

void
ImportConditions(ImportSource& source, const std::string& at, ScenarioJson& wave)
{
    const std::string version = at + "/conditions/version";
    if (const auto requirement = source.Text(version))
    {
        if (requirement->starts_with("== "))
        {
            wave["filter"]["firmware"] = ScenarioJson::array({requirement->substr(3)});
            source.Note(version, ImportFate::HONOURED, "-> filter of the wave, by firmware");
        }
        else if (requirement->empty())
        {
            source.Note(version, ImportFate::HONOURED, "no condition");
        }
        else
        {
            source.Ignore(version,
                          "only \"== VERSION\" is understood; devices that run the target "
                          "are left alone anyway");
        }
    }
    if (const auto tags = source.Items(at + "/conditions/tags"))
    {
        wave["filter"]["group"] = *source.Find(at + "/conditions/tags");
        source.Note(at + "/conditions/tags",
                    tags == 1 ? ImportFate::HONOURED : ImportFate::DIFFERS,
                    tags == 1 ? "-> filter of the wave, by group of the scenario"
                              : "-> filter of the wave: a device has one group, so any of the tags "
                                "will do, where NervesHub asks for all");
    }
}

void
IgnoreTheRest(ImportSource& source, const std::string& at)
{
    source.Ignore(at + "/firmware_uuid", "the image is the scenario's /firmware/target");
    source.Ignore(at + "/firmware", "the image is the scenario's /firmware/target");
    source.Ignore(at + "/connecting_code", "nothing runs on a device when it connects");
    source.Ignore(at + "/queue_management", "devices are taken in /rollout/order");
    source.Ignore(at + "/priority_queue_enabled", "there is one queue");
    source.Ignore(at + "/priority_queue_concurrent_updates", "there is one queue");
    source.Ignore(at + "/priority_queue_firmware_version_threshold", "there is one queue");
    source.Ignore(at + "/release_network_interfaces", "the scenario has one network");
    source.Ignore(at + "/release_tags", "write a filter into the wave");
    source.Ignore(at + "/delta_updatable", "choose the payload in the scenario");
    for (const char* field :
         {"/id", "/healthy", "/status", "/total_updating_devices", "/current_updated_devices"})
    {
        source.Ignore(at + field, "a state, not a policy");
    }
}

} // namespace

void
ImportNerveshubDeploymentGroup(ImportSource& source, ScenarioJson& scenario)
{
    const std::string at = source.Find("/data")               ? "/data"
                           : source.Find("/deployment_group") ? "/deployment_group"
                                                              : "";
    source.Keep(at + "/name", scenario, "name");
    ScenarioJson wave{{"name", "all"}, {"success_threshold", 0}, {"error_threshold", 1}};
    ScenarioJson rollout = ScenarioJson::object();
    ImportConditions(source, at, wave);
    rollout["waves"] = ScenarioJson::array({wave});
    rollout["pace"]["concurrent"] =
        source.Count(at + "/concurrent_updates").value_or(CONCURRENT_UPDATES);
    source.Note(at + "/concurrent_updates", ImportFate::HONOURED, "-> pace/concurrent");
    const auto expiration =
        source.Number(at + "/inflight_update_expiration_minutes", 1, 1e6).value_or(EXPIRATION_MIN);
    rollout["in_progress_timeout"] = FormatQuantity(UnitKind::DURATION, expiration * MINUTE_S);
    source.Note(at + "/inflight_update_expiration_minutes",
                ImportFate::HONOURED,
                "-> in_progress_timeout");
    ImportPenalty(source, at, rollout);
    ImportFleetThresholds(source, at, rollout);
    // Until a device fails too often, NervesHub offers it the update each time it connects.
    rollout["retry"] = {{"limit", DEVICE_FAILURE_RATE_AMOUNT}, {"on", "failed"}};
    rollout["dynamic"] = ScenarioJson::object(); // devices that match later are updated as well
    if (source.Flag(at + "/is_active") == std::optional(false))
    {
        source.Note(at + "/is_active", ImportFate::DIFFERS, "inactive there; the scenario runs it");
    }
    source.Note(at + "/is_active", ImportFate::HONOURED, "the scenario runs it");
    IgnoreTheRest(source, at);
    scenario["rollout"] = rollout;
}

} // namespace ns3::iotfleet
