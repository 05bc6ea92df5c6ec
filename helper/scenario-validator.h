// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_VALIDATOR_H
#define IOTFLEET_HELPER_SCENARIO_VALIDATOR_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

namespace ns3::iotfleet
{

/**
 * Checks what no single key can tell: names that refer to something, values that exclude each
 * other, limits of the region. It changes nothing.
 *
 * @param scenario a scenario with its defaults and the contents of the files that it names
 * @param file name for messages
 * @return all faults, empty when there is none
 */
std::vector<ScenarioProblem> ValidateScenario(const Scenario& scenario, const std::string& file);

/** Adds the faults of `/expect` to `problems`. */
void ValidateExpectations(const Scenario& scenario,
                          const std::string& file,
                          std::vector<ScenarioProblem>& problems);

/** Adds the faults of `/costs` to `problems`. */
void ValidateCosts(const Scenario& scenario,
                   const std::string& file,
                   std::vector<ScenarioProblem>& problems);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_VALIDATOR_H
