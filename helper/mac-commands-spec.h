// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H
#define IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/// `/access/lorawan/mac_commands/channels/N`
struct ChannelSpec
{
    double frequencyHz{0};
    uint8_t minDataRate{0}; ///< `min_data_rate`
    uint8_t maxDataRate{5}; ///< `max_data_rate`
};

/// `/access/lorawan/mac_commands`: what the network server asks and tells devices.
struct MacCommandsSpec
{
    std::optional<double> deviceStatusS;   ///< `device_status_interval`; default never
    uint8_t maxDutyCycle{0};               ///< `max_duty_cycle`: 1 / 2^n; 0 = not told
    std::optional<double> pingFrequencyHz; ///< `ping_slot_frequency`; default the region's
    std::optional<uint8_t> pingDataRate;   ///< `ping_slot_data_rate`; default the region's
    std::vector<ChannelSpec> channels;     ///< besides the region's and its CFList's
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_MAC_COMMANDS_SPEC_H
