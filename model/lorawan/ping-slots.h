// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_PING_SLOTS_H
#define IOTFLEET_LORAWAN_PING_SLOTS_H

#include "model/fleet/types.h"
#include "model/wire/lorawan-class-b.h"

#include <algorithm>

/**
 * @file
 * The grid of class B in ticks: beacons and ping slots (TS001-1.0.4 sections 12 and 13).
 */
namespace ns3::iotfleet
{

inline constexpr Tick BEACON_PERIOD = Tick{wire::BEACON_PERIOD_S} * TICKS_PER_SECOND;
inline constexpr Tick BEACON_RESERVED = 2120 * (TICKS_PER_SECOND / 1000);
inline constexpr Tick PING_SLOT = 30 * (TICKS_PER_SECOND / 1000);

/// The last beacon at or before `when`.
constexpr Tick
BeaconBefore(Tick when)
{
    return when / BEACON_PERIOD * BEACON_PERIOD;
}

/// Time of a beacon as it is told in the beacon, GPS seconds; simulated time 0 is GPS time 0.
constexpr uint32_t
BeaconTimeS(Tick beacon)
{
    return static_cast<uint32_t>(beacon / TICKS_PER_SECOND);
}

/// Ping slots a second of a periodicity 0..7 in the mean: 2^(7 - periodicity) a beacon period.
constexpr double
PingSlotsPerS(uint8_t periodicity)
{
    return static_cast<double>(wire::PING_SLOTS_PER_BEACON / wire::PingPeriodSlots(periodicity)) /
           wire::BEACON_PERIOD_S;
}

/// Start of the first ping slot of an address at or after `from`. One AES block a beacon period.
inline Tick
NextPingSlot(uint32_t address, uint8_t periodicity, Tick from)
{
    const uint16_t slots = wire::PingPeriodSlots(periodicity);
    const Tick period = PING_SLOT * slots;
    for (Tick beacon = BeaconBefore(from);; beacon += BEACON_PERIOD)
    {
        const uint16_t offset = wire::PingOffset(BeaconTimeS(beacon), address, slots);
        const Tick first = beacon + BEACON_RESERVED + offset * PING_SLOT;
        const Tick later = std::max<Tick>(0, from - first);
        const Tick slot = first + (later + period - 1) / period * period;
        if (slot < first + (wire::PING_SLOTS_PER_BEACON / slots) * period)
        {
            return slot;
        }
    }
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_PING_SLOTS_H
