// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/join-server.h"

#include "ns3/log.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetJoinServer");

std::optional<Tick>
JoinServer::Handle(DeviceId device, uint16_t devNonce, Tick now)
{
    if (m_outages.Holds(now))
    {
        NS_LOG_INFO("device " << Index(device) << " unanswered: out of order");
        ++m_counters.unanswered;
        return std::nullopt;
    }
    uint16_t& last = m_lastNonce[Index(device)];
    if (devNonce <= last)
    {
        NS_LOG_INFO("device " << Index(device) << " ignored: DevNonce " << devNonce << " after "
                              << last);
        ++m_counters.replayed; // silent, LoRaWAN 1.0.4 section 6.2.5
        return std::nullopt;
    }
    const Tick service = ToTicks(1 / m_config.serverRate);
    if (m_busyUntil > now && (m_busyUntil - now) / service >= m_config.serverQueue)
    {
        NS_LOG_INFO("device " << Index(device) << " dropped: the queue is full");
        ++m_counters.dropped;
        return std::nullopt;
    }
    NS_LOG_DEBUG("device " << Index(device) << " accepted with DevNonce " << devNonce);
    last = devNonce;
    ++m_counters.accepted;
    m_busyUntil = std::max(m_busyUntil, now) + service;
    return m_busyUntil + ToTicks(m_config.serverDelayS);
}

} // namespace ns3::iotfleet
