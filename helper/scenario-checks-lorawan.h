// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_SCENARIO_CHECKS_LORAWAN_H
#define IOTFLEET_HELPER_SCENARIO_CHECKS_LORAWAN_H

#include "helper/scenario.h"

#include <functional>
#include <string>

namespace ns3::iotfleet
{

/// Told of each problem: JSON pointer, and what was found and what is accepted.
using RefuseHandler = std::function<void(const std::string& where, const std::string& what)>;

/**
 * What LoRaWAN asks of a scenario beyond single keys: ordinary uplinks that fit their data rate,
 * and keys of clock synchronisation that its method has. A part of ValidateScenario().
 * @param scenario with a known region
 * @param refuse see RefuseHandler
 */
void CheckLorawanDetails(const Scenario& scenario, const RefuseHandler& refuse);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_CHECKS_LORAWAN_H
