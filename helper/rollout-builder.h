// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_ROLLOUT_BUILDER_H
#define IOTFLEET_HELPER_ROLLOUT_BUILDER_H

#include "helper/scenario.h"
#include "model/fleet/firmware-catalog.h"
#include "model/fleet/fleet.h"
#include "model/update/rollout.h"

/**
 * @file
 * A scenario's rollout as the model's values. Devices are read here once, before the run, for what
 * the operator's inventory says of them.
 */
namespace ns3::iotfleet
{

/// The policies of `/rollout`; `config` has the knobs that are not in it.
RolloutConfig MakeRolloutConfig(const Scenario& scenario, RolloutConfig config);

/// The operator's inventory: columns that the scenario's policies look at, and all names.
InventoryColumns MakeInventory(const Scenario& scenario,
                               const Ptr<Fleet>& fleet,
                               const FirmwareCatalog& catalog);

/// Local time minus UTC, by site of the fleet.
std::vector<Tick> MakeUtcOffsets(const Scenario& scenario, const InventoryColumns& inventory);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_ROLLOUT_BUILDER_H
