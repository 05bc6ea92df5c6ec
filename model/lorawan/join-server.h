// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_JOIN_SERVER_H
#define IOTFLEET_LORAWAN_JOIN_SERVER_H

#include "model/fleet/outage-calendar.h"
#include "model/fleet/types.h"
#include "model/lorawan/lorawan-config.h"

#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The join server: checks DevNonces and has a finite capacity (one server, fixed service time,
 * bounded queue). It does not look at bytes: keys and MICs are model/wire/lorawan-join.h's, and
 * right by construction here.
 */
class JoinServer
{
  public:
    /// What became of requests.
    struct Counters
    {
        uint64_t accepted{0};
        uint64_t replayed{0};   ///< DevNonce not larger than the last one
        uint64_t dropped{0};    ///< queue full
        uint64_t unanswered{0}; ///< out of order
    };

    void Configure(const JoinConfig& config, size_t devices)
    {
        m_config = config;
        m_lastNonce.assign(devices, 0);
    }

    /// Requests that arrive in this time are lost: no answer, and their DevNonces stay unknown.
    void AddOutage(TimeSpan span)
    {
        m_outages.Add(span);
    }

    /// A request arrives at `now`; when the answer leaves, or nothing if there is none.
    std::optional<Tick> Handle(DeviceId device, uint16_t devNonce, Tick now);

    const Counters& GetCounters() const
    {
        return m_counters;
    }

  private:
    JoinConfig m_config;
    std::vector<uint16_t> m_lastNonce;
    OutageCalendar m_outages;
    Tick m_busyUntil{0};
    Counters m_counters;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_JOIN_SERVER_H
