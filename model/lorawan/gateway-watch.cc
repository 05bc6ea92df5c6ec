// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/gateway-watch.h"

namespace ns3::iotfleet
{

GatewayWatch::GatewayWatch(const LorawanCore& core, const Backhaul& backhaul)
    : m_core(core),
      m_backhaul(backhaul)
{
}

bool
GatewayWatch::IsOnline(GatewayId gateway, Tick now) const
{
    if (!m_core.gateways[Index(gateway)]->HasOutages() && !m_backhaul.HasOutages(gateway))
    {
        return true;
    }
    // Reports are not sent as messages: whether one came through is told by the outages.
    const Tick interval = ToTicks(m_core.config.gatewayStatsIntervalS);
    for (Tick report = now - now % interval; report >= 0 && now - report <= 2 * interval;
         report -= interval)
    {
        if (Reaches(gateway, report, report))
        {
            return true;
        }
    }
    return false;
}

bool
GatewayWatch::Reaches(GatewayId gateway, Tick now, Tick start) const
{
    return !m_backhaul.IsCut(gateway, now) && !m_core.gateways[Index(gateway)]->IsDown(start);
}

} // namespace ns3::iotfleet
