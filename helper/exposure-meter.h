// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_EXPOSURE_METER_H
#define IOTFLEET_HELPER_EXPOSURE_METER_H

#include "model/fleet/types.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ns3::iotfleet
{

/**
 * Integral of the number of exposed devices over time, from one instant on. Who is exposed, and
 * what makes that instant, its user knows.
 */
class ExposureMeter
{
  public:
    /// So many devices are exposed at `now`, the beginning of the run.
    void Start(Tick now, uint64_t exposed)
    {
        m_last = now;
        m_exposed = exposed;
    }

    /// Exposure counts from `when`; the first call decides.
    void CountFrom(Tick when)
    {
        m_from = m_from ? m_from : std::optional(when);
    }

    /// A device becomes exposed, or is so no longer.
    void Step(Tick now, bool was, bool is)
    {
        m_deviceS += Since(now);
        m_last = now;
        m_exposed += is ? 1 : 0;
        m_exposed -= was ? 1 : 0;
    }

    /// Device seconds up to now; nothing if the instant from which it counts has not come.
    std::optional<double> DeviceS(Tick now) const
    {
        return m_from && *m_from <= now ? std::optional(m_deviceS + Since(now)) : std::nullopt;
    }

  private:
    /// Device seconds since the last step.
    double Since(Tick now) const
    {
        const Tick from = m_from ? std::max(*m_from, m_last) : now;
        return static_cast<double>(m_exposed) * ToSeconds(std::max<Tick>(0, now - from));
    }

    std::optional<Tick> m_from;
    Tick m_last{0};
    uint64_t m_exposed{0};
    double m_deviceS{0}; ///< up to m_last
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_EXPOSURE_METER_H
