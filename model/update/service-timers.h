// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_SERVICE_TIMERS_H
#define IOTFLEET_UPDATE_SERVICE_TIMERS_H

#include <cstdint>

namespace ns3::iotfleet
{

/// What UpdateService's timers are for; the comment says what row and tag are.
enum ServiceTimerKind : uint16_t
{
    START_SESSIONS, ///< row: job
    SESSION_STEP,   ///< row: session; tag: generation of the step
    REPAIR_POLL,    ///< row: session
    REPORT,         ///< row: device; tag: session
    DELETE_GROUP,   ///< row: session
};

/// A timer to be set, relative to now. It is not a Timer: that has an absolute due time.
struct ServiceTimer
{
    ServiceTimerKind kind;
    uint32_t row;
    uint16_t tag;
    double seconds;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_SERVICE_TIMERS_H
