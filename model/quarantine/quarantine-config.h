// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_QUARANTINE_QUARANTINE_CONFIG_H
#define IOTFLEET_QUARANTINE_QUARANTINE_CONFIG_H

#include "model/fleet/device-registry.h"
#include "model/fleet/types.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace ns3::iotfleet
{

/// How a device is held.
enum class QuarantineLevel : uint8_t
{
    RESTRICTED, ///< firmware groups and management ports (200 to 203) only
    BLOCKED,    ///< nothing is forwarded either way, the fix neither
    REKEY,      ///< blocked, and its groups get a new key without it
};

/// As in scenario and database.
inline constexpr std::array<std::string_view, 3> QUARANTINE_LEVEL_NAMES{"restricted",
                                                                        "blocked",
                                                                        "rekey"};

/// The names of HealthBelief, as in the database.
inline constexpr std::array<std::string_view, 4> HEALTH_BELIEF_NAMES{"fine",
                                                                     "suspect",
                                                                     "quarantined",
                                                                     "probation"};

/// What the operator does about alarms.
struct QuarantineConfig
{
    uint32_t k{2}; ///< alarms needed ...
    uint32_t n{3}; ///< ... within this many consecutive windows, the newest included
    QuarantineLevel level{QuarantineLevel::RESTRICTED};
    double probationS{86400};     ///< quiet time after a reported update until the release
    double releaseAfterS{259200}; ///< quiet time that releases a device without update; 0 = never
};

/// One step of the operator's belief about a device's health.
struct BeliefStep
{
    Tick time;
    DeviceId device;
    HealthBelief from;
    HealthBelief to;
    std::string_view cause; ///< static text, e.g. "alarm"
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_QUARANTINE_QUARANTINE_CONFIG_H
