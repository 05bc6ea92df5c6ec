// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_RUN_COSTS_H
#define IOTFLEET_HELPER_RUN_COSTS_H

#include "helper/run-metrics.h"

#include <array>
#include <span>

namespace ns3::iotfleet
{

/// Adds the metrics from battery_years_lost to cost_total. `values` holds the other metrics of the
/// rollout already; `targeted` are the devices that it targeted.
void AddCosts(MetricValues& values,
              const FleetSimulation& simulation,
              std::span<const DeviceId> targeted);

/**
 * The table `cost`: one row an item, quantities also where nothing is priced.
 *
 * @param values all metrics of the run
 * @param costs the scenario's prices
 * @param runId the run
 * @return air, legal-air, data, battery-years, batteries, truck-rolls, operator, in this order
 */
std::array<CostRow, 7> MakeCostRows(const MetricValues& values,
                                    const CostSpec& costs,
                                    int64_t runId);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_COSTS_H
