// SPDX-License-Identifier: GPL-2.0-only
#include "helper/fault-record.h"

#include "helper/fault-builder.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
RecordFaults(const FleetSimulation& simulation, ResultsDatabase& database, int64_t runId)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    for (const auto& outage : OutagesOf(simulation.scenario, simulation.random))
    {
        if (outage.span.start < now)
        {
            const auto& kind = simulation.scenario.faults[outage.fault].kind;
            database.Add(FaultRow{runId,
                                  outage.fault,
                                  kind,
                                  outage.subject,
                                  ToSeconds(outage.span.start),
                                  ToSeconds(std::min(outage.span.end, now)),
                                  std::nullopt});
        }
    }
    for (const auto& fault : simulation.faults->Faults())
    {
        const auto first = fault->FirstStrike();
        database.Add(FaultRow{runId,
                              fault->Number(),
                              simulation.scenario.faults[fault->Number()].kind,
                              "",
                              first ? std::optional(ToSeconds(*first)) : std::nullopt,
                              std::nullopt,
                              fault->Struck().size()});
    }
}

} // namespace ns3::iotfleet
