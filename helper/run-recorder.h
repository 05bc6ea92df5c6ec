// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_RUN_RECORDER_H
#define IOTFLEET_HELPER_RUN_RECORDER_H

#include "helper/run-metrics.h"

namespace ns3::iotfleet
{

/// Writes the tables that describe the end of a run: devices, waves, gateways, sessions,
/// quarantine.
void RecordEnd(const FleetSimulation& simulation,
               const RunObserver& observer,
               ResultsDatabase& database,
               int64_t runId);

/// Writes the tables `metric`, names and units from the dictionary, and `cost`.
void RecordMetrics(const MetricValues& values,
                   const CostSpec& costs,
                   ResultsDatabase& database,
                   int64_t runId);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_RECORDER_H
