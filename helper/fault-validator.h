// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FAULT_VALIDATOR_H
#define IOTFLEET_HELPER_FAULT_VALIDATOR_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

#include <functional>

namespace ns3::iotfleet
{

/**
 * Checks of `/faults` that no single key can tell: references, spans, what belongs together. Which
 * keys a kind has is checked while reading.
 *
 * @param scenario the scenario as read
 * @param file name for messages
 * @param hasDevice whether a device of that name exists
 * @return all problems
 */
std::vector<ScenarioProblem> ValidateFaults(
    const Scenario& scenario,
    const std::string& file,
    const std::function<bool(const std::string&)>& hasDevice);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FAULT_VALIDATOR_H
