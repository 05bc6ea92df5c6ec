// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_GATEWAY_PLAN_H
#define IOTFLEET_UPDATE_GATEWAY_PLAN_H

#include "model/fleet/types.h"

#include <cstdint>
#include <vector>

namespace ns3::iotfleet
{

/// For each member of a session, the gateways that are believed to reach it; may be empty.
using ReachLists = std::vector<std::vector<GatewayId>>;

/**
 * Few gateways that together reach every member `fold` times, or as often as its list allows: the
 * greedy choice, which takes at most 1 + ln(members * fold) times as many as the best one. Of
 * equals the one with the lowest number is taken.
 *
 * Time: the length of all lists times a logarithm.
 * @return ascending; empty only if no member has any gateway
 */
std::vector<GatewayId> CoverGreedily(const ReachLists& members, uint32_t fold);

/// The gateway that reaches most members, of equals the lowest; nothing if no list has any.
std::vector<GatewayId> BestSingleGateway(const ReachLists& members);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_GATEWAY_PLAN_H
