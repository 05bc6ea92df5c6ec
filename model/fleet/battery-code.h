// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_BATTERY_CODE_H
#define IOTFLEET_FLEET_BATTERY_CODE_H

#include "model/fleet/device-profile.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

/**
 * @file
 * A battery's level in a byte, as devices report it (LoRaWAN's DevStatusAns, TS001-1.0.4 section
 * 5.5) and as the operator keeps it.
 */
namespace ns3::iotfleet
{

inline constexpr uint8_t BATTERY_EXTERNAL = 0;  ///< connected to an external source
inline constexpr uint8_t BATTERY_EMPTY = 1;     ///< and up to BATTERY_FULL: the level
inline constexpr uint8_t BATTERY_FULL = 254;    ///< steps of 1/253
inline constexpr uint8_t BATTERY_UNKNOWN = 255; ///< the device cannot measure it

/// @return what a device of this profile reports of a battery at `level`, 0..1
inline uint8_t
BatteryCodeOf(const DeviceProfile& profile, double level)
{
    if (!profile.HasBattery())
    {
        return BATTERY_EXTERNAL;
    }
    if (profile.batteryGauge <= 0)
    {
        return BATTERY_UNKNOWN;
    }
    const double steps = (BATTERY_FULL - BATTERY_EMPTY) * std::clamp(level, 0.0, 1.0);
    return static_cast<uint8_t>(BATTERY_EMPTY + std::lround(steps));
}

/// @return the level that a code stands for, 0..1; 1 for external power, nothing where unknown
inline std::optional<float>
BatteryLevelOf(uint8_t code)
{
    if (code == BATTERY_UNKNOWN)
    {
        return std::nullopt;
    }
    const float steps = static_cast<float>(code) - BATTERY_EMPTY;
    return code == BATTERY_EXTERNAL ? 1 : steps / (BATTERY_FULL - BATTERY_EMPTY);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_BATTERY_CODE_H
