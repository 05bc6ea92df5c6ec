// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_COVERAGE_BELIEFS_H
#define IOTFLEET_FLEET_COVERAGE_BELIEFS_H

#include "model/fleet/types.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// A gateway that heard a device, and how well it did the last time.
struct HeardAt
{
    GatewayId gateway{NO_GATEWAY};
    int8_t snrDb{-128};
};

/**
 * Which gateways hear which device, as uplinks told: the operator's map of his coverage. It keeps
 * the best few of each device and nothing until Track is called. A gateway that has fallen silent
 * stays in the map until a better one needs its place.
 *
 * Memory: 16 bytes a device while it is kept.
 */
class CoverageBeliefs
{
  public:
    static constexpr size_t MOST = 4; ///< gateways remembered of a device

    /// Begins to keep the map.
    void Track(size_t devices)
    {
        m_rows.resize(devices);
    }

    bool IsTracked() const
    {
        return !m_rows.empty();
    }

    /// A copy of an uplink of `d` arrived through `gateway`.
    void Hear(DeviceId d, GatewayId gateway, int8_t snrDb)
    {
        auto& row = m_rows[Index(d)];
        auto place = std::ranges::find(row, gateway, &HeardAt::gateway);
        if (place == row.end())
        {
            place = std::ranges::min_element(row, {}, &HeardAt::snrDb);
            if (place->gateway != NO_GATEWAY && place->snrDb >= snrDb)
            {
                return;
            }
        }
        *place = {gateway, snrDb};
    }

    /// All places of a device; those that are not in use have no gateway.
    std::span<const HeardAt> Of(DeviceId d) const
    {
        return m_rows[Index(d)];
    }

    size_t MemoryBytes() const
    {
        return m_rows.capacity() * sizeof(Row);
    }

  private:
    using Row = std::array<HeardAt, MOST>;

    std::vector<Row> m_rows;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_COVERAGE_BELIEFS_H
