// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_FIND_DEVICES_H
#define IOTFLEET_LIFECYCLE_FIND_DEVICES_H

#include "model/fleet/fleet.h"

#include <string>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Looks devices up by their names, in one pass over the fleet.
 *
 * @param fleet the fleet, complete
 * @param names as Fleet::Name gives them; a repeated name counts once
 * @return the devices in ascending order
 * @throws std::invalid_argument if a named device does not exist
 */
std::vector<DeviceId> FindDevices(const Fleet& fleet, const std::vector<std::string>& names);

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_FIND_DEVICES_H
