// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_FAULT_CAUSES_H
#define IOTFLEET_LIFECYCLE_FAULT_CAUSES_H

#include <string_view>

namespace ns3::iotfleet
{

/// Causes of transitions and failures that no image has a part in.
inline constexpr std::string_view CAUSE_BATTERY_EMPTY = "battery-empty";
inline constexpr std::string_view CAUSE_DEVICE_LOST = "device-lost";

/// Whether what made a device worse is an image or its installation, and not the device's own end.
constexpr bool
IsHarmByImage(std::string_view cause)
{
    return cause != CAUSE_BATTERY_EMPTY && cause != CAUSE_DEVICE_LOST;
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_FAULT_CAUSES_H
