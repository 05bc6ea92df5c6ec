// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_RUN_METRICS_H
#define IOTFLEET_HELPER_RUN_METRICS_H

#include "helper/run-observer.h"

#include <map>
#include <optional>
#include <string_view>

namespace ns3::iotfleet
{

/// Values of all metrics of metric-dictionary.h but those of the process (events, wall_s,
/// peak_rss_bytes).
using MetricValues = std::map<std::string_view, std::optional<double>>;

/// Computes the metrics at the end of a run.
MetricValues ComputeMetrics(const FleetSimulation& simulation, const RunObserver& observer);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_METRICS_H
