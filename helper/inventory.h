// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_INVENTORY_H
#define IOTFLEET_HELPER_INVENTORY_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * Devices and gateways as CSV files with a header line. Columns may stand in any order; bare
 * numbers are metres and dBi, as the column says, and a number with a unit is accepted too.
 */

namespace ns3::iotfleet
{

/**
 * Reads devices: columns `id`, `x`, `y`, and optionally `z`, `profile`, `firmware`, `battery`,
 * `group`, `site`, `indoor`, `hardware`, `data_rate`. An empty cell takes the group's value; the
 * group is the first when there is no such column.
 *
 * @param path the file
 * @param groups groups that the column `group` may name
 * @param profiles names that the column `profile` may have
 * @param problems gets one entry for every bad cell or row
 * @return the good rows
 */
std::vector<DeviceSpec> ReadDeviceInventory(const std::filesystem::path& path,
                                            const std::vector<FleetGroupSpec>& groups,
                                            const std::vector<std::string>& profiles,
                                            std::vector<ScenarioProblem>& problems);

/**
 * Reads gateways: columns `id`, `x`, `y`, and optionally `z`, `antenna_gain`, `backhaul`.
 *
 * @param path the file
 * @param problems gets one entry for every bad cell or row
 * @return the good rows
 */
std::vector<GatewaySpec> ReadGatewayInventory(const std::filesystem::path& path,
                                              std::vector<ScenarioProblem>& problems);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_INVENTORY_H
