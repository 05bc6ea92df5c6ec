// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_PLAN_PLAN_RESULT_H
#define IOTFLEET_ANALYSIS_PLAN_PLAN_RESULT_H

#include "analysis/compare/paired-test.h"
#include "analysis/plan/race.h"
#include "analysis/statistics.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// A strategy less the recommended one by one metric, over the repetitions that both made: these
/// met the same random draws.
struct PlannedDifference
{
    PairedResult paired;             ///< its `pairs` have a value in both; 0 of the best itself
    std::optional<double> adjustedP; ///< corrected for all that were asked; empty: nothing to ask,
                                     ///< as with one pair
};

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
    bool onFront{false}; ///< no other is better in both over the runs common to both
    PlannedDifference objectiveDifference; ///< of all strategies; asked of those that meet the
                                           ///< goal or are on the front
    PlannedDifference timeDifference;      ///< asked of those on the front
    bool isToldApart{false};               ///< that it is worse than the best one is no chance
};

/// The answer of a search.
struct PlanResult
{
    Goal goal;
    std::vector<PlannedStrategy> strategies; ///< best first: finalists, then by rank of the others
    size_t tests{0};                         ///< that the p values are corrected for
    size_t runsMade{0};
    size_t runsOfAll{0}; ///< that an exhaustive search takes
    double atLeast{0};   ///< the best meets the goal with at least this probability (95 %)
    double requiredShare{0};

    static constexpr double LEVEL{0.05}; ///< a difference with a smaller p value is told

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
