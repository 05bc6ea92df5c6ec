// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_ROLLOUT_VALIDATOR_H
#define IOTFLEET_HELPER_ROLLOUT_VALIDATOR_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * The part of the validator (scenario-validator.h) that knows `/rollout` and `/fleet/sites`.
 */

namespace ns3::iotfleet
{

/**
 * Checks what no single value of the rollout tells: references to devices and versions, and values
 * that contradict each other.
 *
 * @param scenario a scenario that has been read and filled with defaults
 * @param file its name for messages
 * @return what is wrong
 */
std::vector<ScenarioProblem> ValidateRollout(const Scenario& scenario, const std::string& file);

/**
 * @param scenario a scenario that has been read and filled with defaults
 * @return how many devices run the target of the rollout at the start, so that it passes them over;
 *         0 without a rollout
 */
uint64_t CountUpToDate(const Scenario& scenario);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_ROLLOUT_VALIDATOR_H
