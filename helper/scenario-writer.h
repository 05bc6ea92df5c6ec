// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_WRITER_H
#define IOTFLEET_HELPER_SCENARIO_WRITER_H

#include "helper/scenario.h"

namespace ns3::iotfleet
{

/**
 * Writes a scenario with all defaults filled in, as `validate --effective` prints it. Reading the
 * text as a scenario gives an equal one: placed or listed gateways are written one by one, paths
 * are absolute, and `null` stands for what is left to the program.
 *
 * @param scenario a scenario that ReadScenario returned
 * @return JSON text with a line break at its end
 */
std::string EffectiveScenario(const Scenario& scenario);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_WRITER_H
