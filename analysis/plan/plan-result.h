// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_PLAN_PLAN_RESULT_H
#define IOTFLEET_ANALYSIS_PLAN_PLAN_RESULT_H

#include "analysis/plan/race.h"
#include "analysis/statistics.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// What a search found out about one strategy.
struct PlannedStrategy
{
    size_t number{0};
    std::string label;
    size_t runs{0};
    size_t met{0};                                 ///< runs that met the goal
    bool meetsGoal{false};                         ///< as often as required
    std::optional<double> objective;               ///< mean
    std::optional<MeanInterval> objectiveInterval; ///< for two runs and more
    std::optional<double> time;                    ///< mean; empty if never reached in a run
    bool onFront{false};                ///< no other is better in both over the runs common to both
    std::optional<double> pAgainstBest; ///< paired, corrected for all that were asked; empty: too
                                        ///< few common runs to ask, or the best one itself
    bool isToldApart{false};            ///< that it is worse than the best one is no chance
};

/// The answer of a search.
struct PlanResult
{
    Goal goal;
    std::vector<PlannedStrategy> strategies; ///< best first: finalists, then by rank of the others
    size_t runsMade{0};
    size_t runsOfAll{0}; ///< that an exhaustive search takes
    double atLeast{0};   ///< the best meets the goal with at least this probability (95 %)
    double requiredShare{0};

    /// @return the recommended one: it is first. It may not meet the goal.
    const PlannedStrategy& Best() const
    {
        return strategies.front();
    }
};

/// @param labels of the strategies
PlanResult MakePlanResult(const Goal& goal,
                          const Race& race,
                          const RaceOptions& options,
                          const std::vector<std::string>& labels);

/// @return the result as text for a terminal: the front, the recommendation, how sure it is.
std::string PlanText(const PlanResult& result);

/// @return the result as JSON for scripts.
std::string PlanJson(const PlanResult& result);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_PLAN_PLAN_RESULT_H
