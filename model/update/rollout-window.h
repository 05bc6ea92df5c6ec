// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_WINDOW_H
#define IOTFLEET_UPDATE_ROLLOUT_WINDOW_H

#include "model/fleet/types.h"

namespace ns3::iotfleet
{

/**
 * The hours of each day in which a wave may start. Time zero of the simulation is a midnight. It is
 * not a limit on what is already under way.
 */
struct MaintenanceWindow
{
    double startS{0}; ///< second of the day at which it opens, 0..86400
    double endS{0};   ///< at which it closes; before startS: past midnight; equal: always open

    /// Whether the window never closes.
    constexpr bool IsAlways() const
    {
        return startS == endS;
    }

    /// Whether it is open at `now` (the closing instant is outside).
    constexpr bool IsOpen(Tick now) const
    {
        return IsAlways() || (now - Opening()) % DAY < Length();
    }

    /// The earliest instant at or after `now` at which it is open.
    constexpr Tick NextOpen(Tick now) const
    {
        return IsOpen(now) ? now : now + DAY - (now - Opening()) % DAY;
    }

  private:
    static constexpr Tick DAY = 86400 * TICKS_PER_SECOND;

    /// An opening on the day before time zero, so that differences are never negative.
    constexpr Tick Opening() const
    {
        return ToTicks(startS) - DAY;
    }

    constexpr Tick Length() const
    {
        const Tick length = ToTicks(endS) - ToTicks(startS);
        return length < 0 ? length + DAY : length;
    }
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_WINDOW_H
