// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/metric-dictionary.h"

#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace
{

using namespace ns3::iotfleet;

/// The names of the contract that users script against.
const std::vector<std::string_view> CONTRACT{"devices_total",
                                             "devices_enrolled",
                                             "devices_updated",
                                             "devices_failed",
                                             "devices_bricked",
                                             "devices_believed_updated",
                                             "enrol_s_p50",
                                             "enrol_s_p95",
                                             "enrol_s_max",
                                             "time_to_50_updated_s",
                                             "time_to_95_updated_s",
                                             "time_to_99_updated_s",
                                             "time_to_all_updated_s",
                                             "harmed_before_abort",
                                             "exposure_device_days",
                                             "downlink_airtime_s",
                                             "uplink_airtime_s",
                                             "max_duty_cycle_used",
                                             "energy_per_device_j_mean",
                                             "energy_per_device_j_p95",
                                             "battery_days_lost_mean",
                                             "bytes_sent_multicast",
                                             "bytes_sent_unicast",
                                             "repair_share",
                                             "compromised_peak",
                                             "compromised_final",
                                             "time_to_contain_s",
                                             "quarantined_total",
                                             "false_quarantine_device_hours",
                                             "missed_compromised_device_hours",
                                             "remediated_share",
                                             "config_restored",
                                             "telemetry_delivered_share",
                                             "telemetry_delivered_share_before",
                                             "events",
                                             "wall_s",
                                             "peak_rss_bytes"};

TEST(MetricDictionary, HoldsTheContract)
{
    for (const std::string_view name : CONTRACT)
    {
        EXPECT_TRUE(FindMetric(name).has_value()) << name;
    }
    EXPECT_FALSE(FindMetric("no_such_metric").has_value());
}

TEST(MetricDictionary, NamesEachMetricOnceWithUnitAndMeaning)
{
    const std::set<std::string_view> units{"1", "s", "h", "d", "a", "J", "B", "currency"};
    std::set<std::string_view> names;
    for (const MetricDefinition& metric : METRICS)
    {
        EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
        EXPECT_TRUE(units.contains(metric.unit)) << metric.name;
        EXPECT_TRUE(metric.meaning.ends_with('.')) << metric.name;
    }
}

TEST(MetricDictionary, UnitAgreesWithTheName)
{
    for (const MetricDefinition& metric : METRICS)
    {
        if (metric.name.ends_with("_s"))
        {
            EXPECT_EQ(metric.unit, "s") << metric.name;
        }
        if (metric.name.ends_with("_share") || metric.name.starts_with("devices_"))
        {
            EXPECT_EQ(metric.unit, "1") << metric.name;
        }
    }
}

TEST(MetricDictionary, PrintsWithinATerminal)
{
    std::istringstream text(MetricDictionaryText());
    size_t lines = 0;
    for (std::string line; std::getline(text, line); ++lines)
    {
        EXPECT_LE(line.size(), 80U) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    EXPECT_GT(lines, 2 * METRICS.size() - 1);
}

} // namespace
