// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_METRIC_DICTIONARY_H
#define IOTFLEET_RECORD_METRIC_DICTIONARY_H

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

/**
 * @file
 * The dictionary of metrics: the one place that says which metrics a run has, in which unit, and
 * what each means. It holds no values and computes none.
 *
 * "Truth" is what happened in the simulated world, "operator" what the messages that arrived told.
 */
namespace ns3::iotfleet
{

/// One metric: its name in table `metric`, its unit ("1" for counts and shares) and its meaning.
struct MetricDefinition
{
    std::string_view name;
    std::string_view unit;
    std::string_view meaning; ///< one sentence or formula, and when the value is NULL
};

/// Every metric of a LoRaWAN run, in the order in which they are shown.
inline constexpr std::array METRICS{
    MetricDefinition{"devices_total", "1", "Devices in the fleet."},
    MetricDefinition{"devices_enrolled", "1", "Devices enrolled at the end, truth."},
    MetricDefinition{"devices_updated",
                     "1",
                     "Devices that run the target image and have confirmed it at the end, truth; "
                     "NULL without a rollout."},
    MetricDefinition{"devices_failed",
                     "1",
                     "Devices whose update failed or was rolled back at the end, truth; NULL "
                     "without a rollout."},
    MetricDefinition{"devices_bricked",
                     "1",
                     "Devices at the end that do not come back without a visit: bricked, lost, or "
                     "with an empty battery; truth."},
    MetricDefinition{"devices_faulty",
                     "1",
                     "Devices at the end that run and do not work as they should (cannot join, "
                     "fell silent, restart again and again), truth."},
    MetricDefinition{"devices_battery_empty",
                     "1",
                     "Devices whose battery ran empty, truth; NULL without a fault battery-empty, "
                     "as batteries are then not watched."},
    MetricDefinition{"devices_believed_updated",
                     "1",
                     "Devices whose last report names the target image, as the operator sees it at "
                     "the end; NULL without a rollout."},
    MetricDefinition{"enrol_s_p50",
                     "s",
                     "Median over all devices of the time from power-on to the first accepted "
                     "join; NULL while fewer than 50 % joined, or where no device joins."},
    MetricDefinition{"enrol_s_p95",
                     "s",
                     "95 % quantile of the time from power-on to the first accepted join; NULL "
                     "while fewer than 95 % joined, or where no device joins."},
    MetricDefinition{"enrol_s_max",
                     "s",
                     "Longest time from power-on to the first accepted join; NULL while a device "
                     "has not joined, or where no device joins."},
    MetricDefinition{"devices_targeted",
                     "1",
                     "Devices that the rollout is for: all that a wave took, and, where waves were "
                     "given up or are still to come when the run ends, those that they would have "
                     "taken. NULL without a rollout."},
    MetricDefinition{"time_to_50_updated_s",
                     "s",
                     "From the start of the rollout until 50 % of the targeted devices were "
                     "updated, truth; NULL if that share was never reached."},
    MetricDefinition{"time_to_95_updated_s",
                     "s",
                     "From the start of the rollout until 95 % of the targeted devices were "
                     "updated, truth; NULL if that share was never reached."},
    MetricDefinition{"time_to_99_updated_s",
                     "s",
                     "From the start of the rollout until 99 % of the targeted devices were "
                     "updated, truth; NULL if that share was never reached."},
    MetricDefinition{"time_to_all_updated_s",
                     "s",
                     "From the start of the rollout until all targeted devices were updated, "
                     "truth; NULL if one never was."},
    MetricDefinition{"harmed_before_abort",
                     "1",
                     "Devices that an image had made worse (rolled back, faulty, bricked) when the "
                     "policy stopped offering it: when the rollout aborted, rolled back, or paused "
                     "and was not resumed; at the end of the run if it never stopped. Each counts "
                     "once, truth; what their own age or battery did does not count, nor does an "
                     "image that was refused or did not arrive. NULL without a rollout."},
    MetricDefinition{
        "exposure_device_days",
        "d",
        "Sum over devices of the time that they were vulnerable or compromised after "
        "/rollout/disclosure, or after the start of the first wave where that is not "
        "given, until the scenario's duration is over (devices as they are when the run "
        "ends, if it ends before), truth; in device-days; NULL if no image fixes a "
        "vulnerability, or if that instant never came."},
    MetricDefinition{"downlink_airtime_s",
                     "s",
                     "Time on air of all frames of all gateways from the start of the rollout to "
                     "its end; over the whole run without a rollout."},
    MetricDefinition{"downlink_campaign_s",
                     "s",
                     "Of downlink_airtime_s, what the campaign's messages to devices and groups "
                     "took; the sum of the next four. NULL without a rollout."},
    MetricDefinition{"downlink_set_up_s",
                     "s",
                     "Of downlink_campaign_s, set-up: keys, fragmentation sessions and calls to "
                     "multicast sessions, with new keys for quarantine; NULL without a rollout."},
    MetricDefinition{"downlink_first_pass_s",
                     "s",
                     "Of downlink_campaign_s, fragments of the first full pass of each session, "
                     "coded ones included; NULL without a rollout."},
    MetricDefinition{"downlink_repair_s",
                     "s",
                     "Of downlink_campaign_s, repair: fragments after the first full pass of each "
                     "session, and requests for what is missing; NULL without a rollout."},
    MetricDefinition{
        "downlink_reports_s",
        "s",
        "Of downlink_campaign_s, the rest: requests for the version that runs, and for "
        "what became of silent devices; NULL without a rollout."},
    MetricDefinition{"downlink_own_s",
                     "s",
                     "downlink_airtime_s less downlink_campaign_s: joins, acknowledgements, ADR, "
                     "clocks, beacons and the like, and what was lost on its way to the gateway; "
                     "NULL without a rollout."},
    MetricDefinition{"uplink_airtime_s",
                     "s",
                     "Time on air of all frames of all devices from the start of the rollout to "
                     "its end; over the whole run without a rollout."},
    MetricDefinition{"max_duty_cycle_used",
                     "1",
                     "Largest airtime of any gateway in any sub-band within one hour, divided by "
                     "what the region allows there in an hour; NULL where no duty cycle applies."},
    MetricDefinition{"energy_per_device_j_mean",
                     "J",
                     "Mean over the targeted devices of the energy above what the device would "
                     "have used without the campaign; NULL without a rollout."},
    MetricDefinition{"energy_per_device_j_p95",
                     "J",
                     "95 % quantile over the targeted devices of the energy above what the device "
                     "would have used without the campaign; NULL without a rollout."},
    MetricDefinition{"battery_days_lost_mean",
                     "d",
                     "Mean over the targeted battery-powered devices of that energy divided by the "
                     "device's mean daily use without the campaign; NULL without such devices."},
    MetricDefinition{"bytes_sent_multicast",
                     "B",
                     "Application payload that gateways sent to groups; NULL without a rollout."},
    MetricDefinition{"bytes_undecrypted",
                     "B",
                     "Application payload of group frames that members received and could not "
                     "decrypt, since they did not hold the group's key any more or not yet; sum "
                     "over the members; NULL unless quarantine gives groups new keys (rekey)."},
    MetricDefinition{"bytes_sent_unicast",
                     "B",
                     "Application payload of the campaign that gateways sent to single devices; "
                     "NULL without a rollout."},
    MetricDefinition{
        "repair_share",
        "1",
        "Share of the campaign's downlink airtime, set-up included, that was repair: "
        "downlink_repair_s divided by downlink_campaign_s; NULL if the campaign sent nothing."},
    MetricDefinition{"compromised_peak", "1", "Most devices compromised at the same time, truth."},
    MetricDefinition{"compromised_final", "1", "Devices compromised at the end, truth."},
    MetricDefinition{"time_to_contain_s",
                     "s",
                     "From the first compromise until the reproduction number stays below 1, "
                     "truth; NULL where nothing spreads, or if that was never reached."},
    MetricDefinition{"quarantined_total",
                     "1",
                     "Devices that were in quarantine at least once, probation included; NULL "
                     "without quarantine."},
    MetricDefinition{"false_quarantine_device_hours",
                     "h",
                     "Sum over devices of the time in quarantine, probation included, while not "
                     "compromised, truth: whoever is healed and not yet released counts as well as "
                     "whoever was put away wrongly. NULL without quarantine."},
    MetricDefinition{"missed_compromised_device_hours",
                     "h",
                     "Sum over devices of the time compromised while neither in quarantine nor "
                     "in probation, truth; NULL without quarantine."},
    MetricDefinition{
        "remediated_share",
        "1",
        "Devices that were compromised and are healthy again at the end, divided by "
        "all that were ever compromised, noticed or not, truth; NULL if none ever was."},
    MetricDefinition{"config_restored",
                     "1",
                     "Devices whose configuration was restored to its newest version, truth; NULL "
                     "where nothing keeps or restores configurations, as in this version."},
    MetricDefinition{
        "telemetry_delivered_share",
        "1",
        "Background uplinks that reached the operator, divided by those generated "
        "from the start of the rollout to its end, at most 1 (uplinks under way at the start may "
        "arrive in between); NULL without telemetry or rollout."},
    MetricDefinition{"telemetry_delivered_share_before",
                     "1",
                     "The same before the start of the rollout, or over the whole run without a "
                     "rollout; NULL without telemetry."},
    MetricDefinition{
        "battery_years_lost",
        "a",
        "Sum over the targeted battery-powered devices of the energy above what the "
        "device would have used without the campaign, divided by the device's mean use "
        "in a year without it; NULL without such devices."},
    MetricDefinition{"batteries_used",
                     "1",
                     "Sum over the same devices of that energy divided by the energy of the "
                     "device's full battery; NULL without such devices."},
    MetricDefinition{"truck_rolls",
                     "1",
                     "Devices that somebody has to visit at the end: the bricked ones, and where "
                     "/costs/truck_roll_for says so also those whose update failed, truth."},
    MetricDefinition{"operator_hours",
                     "h",
                     "Time that people spend: /costs/operator_per_wave for each wave that started, "
                     "/costs/operator_per_failure for each device that failed, rolled back or "
                     "bricked; NULL where the scenario gives neither."},
    MetricDefinition{"cost_air",
                     "currency",
                     "downlink_campaign_s in hours times /costs/air_hour; NULL where not priced."},
    MetricDefinition{"cost_data",
                     "currency",
                     "bytes_sent_multicast and bytes_sent_unicast in 10^6 bytes times "
                     "/costs/data_mb; NULL where not priced or without a rollout."},
    MetricDefinition{"cost_battery",
                     "currency",
                     "battery_years_lost times /costs/battery_year, or batteries_used times "
                     "/costs/battery; NULL where not priced or without such devices."},
    MetricDefinition{"cost_truck_rolls",
                     "currency",
                     "truck_rolls times /costs/truck_roll; NULL where not priced."},
    MetricDefinition{"cost_operator",
                     "currency",
                     "operator_hours times /costs/operator_hour; NULL where not priced."},
    MetricDefinition{"cost_total",
                     "currency",
                     "Sum of the costs above that are known; NULL where none is."},
    MetricDefinition{"events", "1", "Simulator events executed."},
    MetricDefinition{"wall_s", "s", "Real time that the run took; differs between equal runs."},
    MetricDefinition{"peak_rss_bytes",
                     "B",
                     "Largest resident memory of the process; differs between equal runs."},
};

/// @return the definition of metric `name`, or nothing if there is no such metric.
constexpr std::optional<MetricDefinition>
FindMetric(std::string_view name)
{
    const auto* found = std::ranges::find(METRICS, name, &MetricDefinition::name);
    return found == METRICS.end() ? std::nullopt : std::optional(*found);
}

/// @return the whole dictionary as text for a terminal, lines of at most 80 columns.
std::string MetricDictionaryText();

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_METRIC_DICTIONARY_H
