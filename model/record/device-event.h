// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_DEVICE_EVENT_H
#define IOTFLEET_RECORD_DEVICE_EVENT_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/**
 * @file
 * The few instants of a device's life that its story needs, as table `device_event` holds them.
 * They are fewer than the steps of the four state machines (table `transition`): joining,
 * receiving, installing and trial lie between two of them.
 */
namespace ns3::iotfleet
{

/// What happened to a device, truth.
enum class DeviceEvent : uint8_t
{
    ENROLLED,
    UNENROLLED,  ///< joins anew, revoked or retired
    NOTIFIED,    ///< took a set-up message of an update
    RECEIVED,    ///< has the whole image
    UPDATED,     ///< runs the target image and has confirmed it
    REVERTED,    ///< has confirmed another image than the target
    FAILED,      ///< its update failed
    ROLLED_BACK, ///< its boot loader went back to the image before
    WITHDRAWN,   ///< its update ended without an outcome
    COMPROMISED,
    FAULTY,
    BRICKED,
    RECOVERED, ///< no longer compromised, faulty or bricked
    QUARANTINED,
    RELEASED,
    COUNT
};

/// As table `device_event` names them, indexed by DeviceEvent.
inline constexpr std::array<std::string_view, static_cast<size_t>(DeviceEvent::COUNT)>
    DEVICE_EVENT_NAMES{"enrolled",
                       "unenrolled",
                       "notified",
                       "received",
                       "updated",
                       "reverted",
                       "failed",
                       "rolled-back",
                       "withdrawn",
                       "compromised",
                       "faulty",
                       "bricked",
                       "recovered",
                       "quarantined",
                       "released"};

/// @return the event of a name; nothing if there is none.
constexpr std::optional<DeviceEvent>
FindDeviceEvent(std::string_view name)
{
    const auto found = std::ranges::find(DEVICE_EVENT_NAMES, name);
    return found == DEVICE_EVENT_NAMES.end()
               ? std::nullopt
               : std::optional(static_cast<DeviceEvent>(found - DEVICE_EVENT_NAMES.begin()));
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_DEVICE_EVENT_H
