// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_METRIC_SENSE_H
#define IOTFLEET_ANALYSIS_COMPARE_METRIC_SENSE_H

#include "analysis/format.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ns3::iotfleet::analysis
{

/// Which way a metric is better for an operator.
enum class Preference
{
    LESS,
    MORE,
    NEITHER ///< a difference is worth knowing, and neither good nor bad
};

/**
 * What the numbers of a metric mean to an operator, and how one says so. It says nothing about
 * units, which are the dictionary's (model/record/metric-dictionary.h).
 */
struct MetricSense
{
    std::string_view name;
    Preference preference{Preference::NEITHER};
    std::string_view subject; ///< the start of a clause: "95 % updated"
    std::string_view less;    ///< of a smaller value: "earlier"
    std::string_view more;    ///< of a larger value: "later"
    std::string_view better;  ///< a variant that has the preferred value: "faster"
    std::string_view worse;
    bool nullIsNever{false}; ///< NULL means that an event was not seen before the end
};

/// @return the sense of a metric; a neutral one for names that are not in the table.
MetricSense FindSense(std::string_view metric);

/// @return a metric in words, for the axis of a chart: "time until 99 % updated"; its name where
/// the table has no words for it.
std::string MetricTitle(std::string_view metric);

/// Metrics that are compared when the user names none: what decides most rollouts.
std::span<const std::string_view> DefaultMetrics();

/// @return the size of a difference in words, without sign: "3 h 6 min", "2.1 points", "14".
std::string FormatDifference(std::string_view metric, std::string_view unit, double difference);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_METRIC_SENSE_H
