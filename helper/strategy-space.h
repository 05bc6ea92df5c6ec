// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_STRATEGY_SPACE_H
#define IOTFLEET_HELPER_STRATEGY_SPACE_H

#include "helper/campaign-plan.h"

#include <optional>

/**
 * @file
 * @ingroup iotfleet-helper
 * The strategies among which a plan for a rollout is looked for.
 */

namespace ns3::iotfleet
{

/** A set of strategies for one scenario, each of them a scenario that can be run. */
struct StrategySpace
{
    std::vector<CampaignCell> strategies;
    std::size_t impossible{0}; //!< combinations that the scenario does not allow
};

/**
 * The space where the user gives none: session policies, class B and C, three amounts of
 * redundancy, waves as written or one of everybody, and where there are several gateways
 * simultaneous or staggered transmission. What makes no difference is not varied: a unicast
 * download has neither class nor redundancy.
 *
 * @param scenario the scenario file
 * @return the space
 * @throws ScenarioError where the scenario itself has faults
 */
StrategySpace MakeDefaultSpace(const std::filesystem::path& scenario);

/**
 * The space of a campaign file: its variants and its grid, applied to the scenario instead of the
 * scenarios that it names.
 *
 * @param scenario the scenario file
 * @param file the campaign file
 * @return the space; combinations that are not possible are errors
 * @throws ScenarioError with all faults
 */
StrategySpace ReadSpace(const std::filesystem::path& scenario, const std::filesystem::path& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_STRATEGY_SPACE_H
