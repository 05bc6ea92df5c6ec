// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_DEVICE_STATES_H
#define IOTFLEET_FLEET_DEVICE_STATES_H

#include "model/fleet/types.h"

#include <array>
#include <cstdint>
#include <string_view>

/**
 * @file
 * The four small state machines that describe a device, each with its table of allowed transitions.
 */
namespace ns3::iotfleet
{

/// Which of the four machines.
enum class Machine : uint8_t
{
    ENROLMENT,
    UPDATE,
    HEALTH,
    ACCESS,
};

/// Whether the network knows the device.
enum class Enrolment : uint8_t
{
    FACTORY,
    JOINING,
    ENROLLED,
    REVOKED,
    RETIRED,
};

/// How far the device is with the update that is under way.
enum class UpdateState : uint8_t
{
    IDLE,
    NOTIFIED,
    RECEIVING,
    VERIFYING,
    INSTALLING,
    TRIAL,
    CONFIRMED,
    ROLLED_BACK,
    FAILED,
};

/// What the device really is.
enum class Health : uint8_t
{
    HEALTHY,
    VULNERABLE,
    COMPROMISED,
    FAULTY,
    BRICKED,
};

/// What the network lets the device do.
enum class Access : uint8_t
{
    NONE,
    FULL,
    RESTRICTED, ///< firmware groups and management ports only
    BLOCKED,    ///< nothing is forwarded either way
};

inline constexpr std::array<std::string_view, 5> ENROLMENT_NAMES{"factory",
                                                                 "joining",
                                                                 "enrolled",
                                                                 "revoked",
                                                                 "retired"};
inline constexpr std::array<std::string_view, 9> UPDATE_NAMES{"idle",
                                                              "notified",
                                                              "receiving",
                                                              "verifying",
                                                              "installing",
                                                              "trial",
                                                              "confirmed",
                                                              "rolled-back",
                                                              "failed"};
inline constexpr std::array<std::string_view, 5> HEALTH_NAMES{"healthy",
                                                              "vulnerable",
                                                              "compromised",
                                                              "faulty",
                                                              "bricked"};
inline constexpr std::array<std::string_view, 4> ACCESS_NAMES{"none",
                                                              "full",
                                                              "restricted",
                                                              "blocked"};
inline constexpr std::array<std::string_view, 4> MACHINE_NAMES{"enrolment",
                                                               "update",
                                                               "health",
                                                               "access"};

/// Name of state `state` of machine `machine`, as in the database.
std::string_view StateName(Machine machine, uint8_t state);

/// Whether the machine may go from one state to the other in one step; staying is not a transition.
bool IsAllowed(Machine machine, uint8_t from, uint8_t to);

/// One step of one machine of one device.
struct Transition
{
    Tick time;
    DeviceId device;
    Machine machine;
    uint8_t from;
    uint8_t to;
    std::string_view cause; ///< static text, e.g. "join-accept"
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_DEVICE_STATES_H
