// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_SCENARIO_CHECKS_FLEET_H
#define IOTFLEET_HELPER_SCENARIO_CHECKS_FLEET_H

#include "helper/scenario-checks-lorawan.h"

namespace ns3::iotfleet
{

/**
 * What the fleet's devices ask of a scenario beyond single keys: somebody has room for the target
 * image. A part of ValidateScenario().
 * @param scenario whose target is set where there is an image
 * @param refuse see RefuseHandler
 */
void CheckFleetDetails(const Scenario& scenario, const RefuseHandler& refuse);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_CHECKS_FLEET_H
