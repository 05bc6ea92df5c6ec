// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FAULT_BUILDER_H
#define IOTFLEET_HELPER_FAULT_BUILDER_H

#include "helper/scenario.h"
#include "model/lifecycle/fault-model.h"
#include "model/lifecycle/server-gate.h"
#include "model/lorawan/lorawan-network.h"

namespace ns3::iotfleet
{

/// `/faults` of a scenario as objects. Which kind stands in which file: doc/architecture.md.

/// One span in which a gateway, a link or a server is out of order, or overloaded.
struct Outage
{
    uint32_t fault;      ///< index in `/faults`
    uint32_t unit;       ///< which gateway; 0 for servers
    std::string subject; ///< the gateway's name; empty for servers
    TimeSpan span;
};

/// All outages of a run, settled before it; the same whenever it is asked.
std::vector<Outage> OutagesOf(const Scenario& scenario, const CounterRandom& random);

/// Takes gateways, their backhaul and the join server out of order when the scenario says so.
void AddNetworkFaults(const Scenario& scenario,
                      LorawanNetwork& network,
                      const CounterRandom& random);

/// The distributor's server, where the scenario puts it out of order; else null.
Ptr<ServerGate> MakeServerGate(const Scenario& scenario,
                               const Ptr<AccessNetwork>& network,
                               const CounterRandom& random);

/// Adds the faults that strike devices; FaultModel::Start comes after it.
void AddDeviceFaults(const Scenario& scenario, const FirmwareCatalog& catalog, FaultModel& model);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FAULT_BUILDER_H
