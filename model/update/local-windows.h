// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_LOCAL_WINDOWS_H
#define IOTFLEET_UPDATE_LOCAL_WINDOWS_H

#include "model/fleet/types.h"
#include "model/update/rollout-policy-config.h"

#include <array>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

inline constexpr std::array<std::string_view, 7>
    WEEKDAY_NAMES{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/**
 * Maintenance windows of a week in the local time of a place. Time zero of the simulation is a
 * midnight UTC; there is no daylight saving.
 */
class LocalWindows
{
  public:
    /**
     * @param windows none: always open
     * @param firstDay weekday at time zero, 0 = Monday
     */
    LocalWindows(const std::vector<WindowConfig>& windows, uint32_t firstDay);

    bool IsAlways() const
    {
        return m_spans.empty();
    }

    /// Whether a window is open at `now` where the clock shows UTC plus `offset` (the closing
    /// instant is outside).
    bool IsOpen(Tick now, Tick offset) const;

    /// The earliest instant at or after `now` at which one is.
    Tick NextOpen(Tick now, Tick offset) const;

  private:
    /// In ticks of the local week, which begins on Monday; may reach into the next week.
    struct Span
    {
        Tick begin;
        Tick length;
    };

    /// Time since the span last opened, 0..week.
    Tick Since(const Span& span, Tick now, Tick offset) const;

    std::vector<Span> m_spans;
    Tick m_firstDay;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_LOCAL_WINDOWS_H
