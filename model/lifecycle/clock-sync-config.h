// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_CLOCK_SYNC_CONFIG_H
#define IOTFLEET_LIFECYCLE_CLOCK_SYNC_CONFIG_H

#include <cstdint>
#include <optional>

namespace ns3::iotfleet
{

/// Clock synchronisation by TS003 (application layer, port 202).
struct ClockSyncConfig
{
    double periodS{86400};                ///< of the devices' own requests
    bool answerRequired{false};           ///< devices want an answer even when their clock is right
    std::optional<uint8_t> periodicity{}; ///< what the operator tells: 128 s * 2^n, 0..15
    std::optional<double> resyncAtS{};    ///< ForceDeviceResyncCmd to all enrolled devices then
    uint8_t resyncTransmissions{1};       ///< NbTransmissions of it, 1..7
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_CLOCK_SYNC_CONFIG_H
