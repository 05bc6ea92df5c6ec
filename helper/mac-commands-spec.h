// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H
#define IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H

#include <cstdint>
#include <optional>

namespace ns3::iotfleet
{

/// `/access/lorawan/mac_commands`: what the network server asks and tells devices.
struct MacCommandsSpec
{
    std::optional<double> deviceStatusS; ///< `device_status_interval`; default never
    uint8_t maxDutyCycle{0};             ///< `max_duty_cycle`: 1 / 2^n; 0 = not told
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H
