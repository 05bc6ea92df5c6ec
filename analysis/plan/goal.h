// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_PLAN_GOAL_H
#define IOTFLEET_ANALYSIS_PLAN_GOAL_H

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// A bound on a metric that a strategy has to keep.
struct GoalConstraint
{
    std::string metric;
    bool atMost{true};   ///< else at least
    double bound{0};     ///< in the unit of the metric, or a share of the fleet
    bool ofFleet{false}; ///< `bound` is a share of devices_total
    std::string text;    ///< as the user wrote it
};

/// What the best strategy has least or most of.
struct GoalObjective
{
    std::string metric;
    bool least{true};
    std::string text; ///< as the user wrote it
};

/// What an operator wants of a rollout: bounds that must hold, and one thing to be best at.
struct Goal
{
    std::vector<GoalConstraint> constraints;
    GoalObjective objective;
    std::string timeMetric; ///< the time that the Pareto front shows beside the objective
};

/// Metrics of a run: name to value, empty for NULL.
using MetricMap = std::map<std::string, std::optional<double>>;

/// How a run did by a goal.
struct GoalScore
{
    bool isMet{false};   ///< all constraints hold
    double violation{0}; ///< sum over constraints of what is missed, as shares of the bounds
    std::optional<double> objective; ///< the metric's value
    std::optional<double> time;      ///< the time metric's value; empty if never reached
};

/**
 * Reads a number with a unit into the unit of a metric ("s", "h", "d", "J", "B").
 * @return nothing if the text is no such quantity
 */
using QuantityParser =
    std::function<std::optional<double>(std::string_view metricUnit, std::string_view text)>;

/**
 * Reads a goal: clauses separated by commas, exactly one of them an objective.
 *
 *     goal       = clause *("," clause)
 *     clause     = updated / bound / objective
 *     updated    = ("50 %" / "95 %" / "99 %" / "100 %" / "all") "updated" "within" duration
 *     bound      = name ("at most" / "at least") (number / number "%" / quantity)
 *     objective  = "fastest" / "cheapest in" name / ("least" / "most") name
 *     name       = "battery" / "energy" / "air" / "legal air" / "money" / "data" / "harmed" /
 *                  "bricked" / "failed" / "updated" / "enrolled" / "exposure" / "telemetry" /
 *                  "truck rolls" / any metric of the dictionary
 *
 * A percentage of a count of devices means a share of the fleet, of a share the share itself.
 *
 * @param text such as "99 % updated within 72 h, harmed at most 0.5 %, cheapest in battery"
 * @param parse reads quantities
 * @throw InputError that names the clause, what was found and what is accepted
 */
Goal ParseGoal(std::string_view text, const QuantityParser& parse);

/// @return how a run with these metrics did.
GoalScore ScoreRun(const Goal& goal, const MetricMap& metrics);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_PLAN_GOAL_H
