// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_PLACEMENT_H
#define IOTFLEET_HELPER_PLACEMENT_H

#include "helper/scenario-fields.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * Rows of devices and gateways from a description of where they stand. Random positions are a
 * function of the scenario's seed and the device's index alone, so every machine draws the same.
 */

namespace ns3::iotfleet
{

/**
 * Makes the whole fleet: the rows of the inventory, then the generated devices group by group,
 * named `GROUP-000001` and so on.
 *
 * @param scenario a scenario that ReadScenario returned
 * @return one row a device; its index is its DeviceId
 */
std::vector<DeviceSpec> GenerateDevices(const Scenario& scenario);

/**
 * @param scenario a scenario that ReadScenario returned
 * @return how many devices GenerateDevices makes
 */
uint64_t CountDevices(const Scenario& scenario);

/**
 * Places gateways without randomness, named `gw-1` and so on.
 *
 * @param plan number, pattern and common settings
 * @return the gateways
 */
std::vector<GatewaySpec> PlaceGateways(const GatewayPlan& plan);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PLACEMENT_H
