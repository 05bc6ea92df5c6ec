// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_STRATEGY_VALIDATOR_H
#define IOTFLEET_HELPER_STRATEGY_VALIDATOR_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// Contradictions between the strategy's keys of `/distribution`, and between them and the rest.
std::vector<ScenarioProblem> ValidateStrategy(const Scenario& scenario, const std::string& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_STRATEGY_VALIDATOR_H
