// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/metric-sense.h"

#include "analysis/format.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr auto LESS = Preference::LESS;
constexpr auto MORE = Preference::MORE;

/// A time until something happens: NULL where it did not.
constexpr MetricSense
Until(std::string_view name, std::string_view subject)
{
    return {name, LESS, subject, "earlier", "later", "faster", "slower", true};
}

/// Something that an operator would rather have less of.
constexpr MetricSense
Burden(std::string_view name,
       std::string_view subject,
       std::string_view better,
       std::string_view worse)
{
    return {name, LESS, subject, "less", "more", better, worse};
}

constexpr MetricSense
Gain(std::string_view name, std::string_view subject)
{
    return {name, MORE, subject, "less", "more", "better", "worse"};
}

constexpr std::array SENSES{
    Until("time_to_50_updated_s", "50 % updated"),
    Until("time_to_95_updated_s", "95 % updated"),
    Until("time_to_99_updated_s", "99 % updated"),
    Until("time_to_all_updated_s", "all updated"),
    Until("enrol_s_p50", "50 % enrolled"),
    Until("enrol_s_p95", "95 % enrolled"),
    Until("enrol_s_max", "all enrolled"),
    Until("time_to_contain_s", "contained"),
    Gain("devices_enrolled", "devices enrolled"),
    Gain("devices_updated", "devices updated"),
    Gain("devices_believed_updated", "devices believed updated"),
    Gain("telemetry_delivered_share", "telemetry delivered"),
    Gain("remediated_share", "devices remediated"),
    Burden("devices_failed", "devices failed", "safer", "riskier"),
    Burden("devices_bricked", "devices bricked", "safer", "riskier"),
    Burden("harmed_before_abort", "devices harmed", "safer", "riskier"),
    Burden("exposure_device_days", "exposure", "safer", "riskier"),
    Burden("compromised_peak", "devices compromised at once", "safer", "riskier"),
    Burden("compromised_final", "devices compromised at the end", "safer", "riskier"),
    Burden("false_quarantine_device_hours", "false quarantine", "better", "worse"),
    Burden("missed_compromised_device_hours", "missed compromise", "safer", "riskier"),
    Burden("downlink_airtime_s", "downlink air", "lighter on air", "heavier on air"),
    Burden("downlink_campaign_s", "the campaign's air", "lighter on air", "heavier on air"),
    Burden("uplink_airtime_s", "uplink air", "lighter on air", "heavier on air"),
    Burden("max_duty_cycle_used", "legal air used", "lighter on air", "heavier on air"),
    Burden("energy_per_device_j_mean", "energy per device", "thriftier", "thirstier"),
    Burden("energy_per_device_j_p95", "energy of the 95 % device", "thriftier", "thirstier"),
    Burden("battery_days_lost_mean", "battery life lost", "thriftier", "thirstier"),
    Burden("battery_years_lost", "battery life lost", "thriftier", "thirstier"),
    Burden("batteries_used", "batteries used", "thriftier", "thirstier"),
    Burden("truck_rolls", "truck rolls", "cheaper", "dearer"),
    Burden("operator_hours", "operator's time", "cheaper", "dearer"),
    Burden("cost_air", "cost of air", "cheaper", "dearer"),
    Burden("cost_data", "cost of data", "cheaper", "dearer"),
    Burden("cost_battery", "cost of batteries", "cheaper", "dearer"),
    Burden("cost_truck_rolls", "cost of truck rolls", "cheaper", "dearer"),
    Burden("cost_operator", "cost of operators", "cheaper", "dearer"),
    Burden("cost_total", "total cost", "cheaper", "dearer"),
};

constexpr std::array<std::string_view, 10> DEFAULTS{"time_to_95_updated_s",
                                                    "time_to_99_updated_s",
                                                    "devices_updated",
                                                    "harmed_before_abort",
                                                    "exposure_device_days",
                                                    "downlink_airtime_s",
                                                    "energy_per_device_j_mean",
                                                    "telemetry_delivered_share",
                                                    "missed_compromised_device_hours",
                                                    "cost_total"};

} // namespace

MetricSense
FindSense(std::string_view metric)
{
    const auto* found = std::ranges::find(SENSES, metric, &MetricSense::name);
    return found != SENSES.end() ? *found
                                 : MetricSense{metric,
                                               Preference::NEITHER,
                                               metric,
                                               "less",
                                               "more",
                                               "different",
                                               "different"};
}

std::string
MetricTitle(std::string_view metric)
{
    const MetricSense sense = FindSense(metric);
    return (sense.nullIsNever ? "time until " : "") + std::string(sense.subject);
}

std::span<const std::string_view>
DefaultMetrics()
{
    return DEFAULTS;
}

std::string
FormatDifference(std::string_view metric, std::string_view unit, double difference)
{
    const double size = std::abs(difference);
    if (IsShareMetric(metric))
    {
        return FormatNumber(100 * size) + " points";
    }
    if (unit == "1")
    {
        return FormatNumber(size);
    }
    return FormatMetric(metric, unit, size);
}

} // namespace ns3::iotfleet::analysis
