// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FAULT_RECORD_H
#define IOTFLEET_HELPER_FAULT_RECORD_H

#include "helper/fleet-simulation.h"
#include "model/record/results-database.h"

namespace ns3::iotfleet
{

/// Writes table `fault`: outages that began before the end, and whom the other faults struck.
void RecordFaults(const FleetSimulation& simulation, ResultsDatabase& database, int64_t runId);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FAULT_RECORD_H
