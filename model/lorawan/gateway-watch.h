// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_GATEWAY_WATCH_H
#define IOTFLEET_LORAWAN_GATEWAY_WATCH_H

#include "model/fleet/types.h"
#include "model/lorawan/backhaul.h"
#include "model/lorawan/lorawan-core.h"

namespace ns3::iotfleet
{

/**
 * What the network server believes of its gateways. Each sends a report every
 * LorawanConfig::gatewayStatsIntervalS; a gateway whose last report is older than two of these
 * intervals is offline, as in ChirpStack. Until then the server goes on sending through a gateway
 * that has failed, and what it sends is lost; and it learns with the next report that one is back.
 */
class GatewayWatch
{
  public:
    /// Both must outlive it.
    GatewayWatch(const LorawanCore& core, const Backhaul& backhaul);

    /// Belief: whether the server takes the gateway for online.
    bool IsOnline(GatewayId gateway, Tick now) const;

    /// Truth: whether something handed to the gateway now gets on the air at `start`.
    bool Reaches(GatewayId gateway, Tick now, Tick start) const;

  private:
    const LorawanCore& m_core;
    const Backhaul& m_backhaul;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_GATEWAY_WATCH_H
