// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_VERDICT_H
#define IOTFLEET_ANALYSIS_REPORT_VERDICT_H

#include "analysis/report/report-context.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// What the runs say about a goal.
enum class Verdict
{
    MET,
    NOT_JUDGED, ///< a report cannot tell: `check` does
    UNCLEAR,    ///< the 95 % interval over the runs contains a bound
    MISSED
};

/// One goal of the scenario's `expect` and what became of it, as text for people.
struct GoalResult
{
    std::string metric;
    std::string wanted;
    std::string found;
    Verdict verdict{Verdict::MISSED};
};

/// Values of metrics, one per run.
using RunValues = std::map<std::string, std::vector<std::optional<double>>>;

/**
 * Judges each goal, never more kindly than `check`. Bounds: a single run is judged by its value;
 * several by the 95 % interval of their mean, which is unclear where a bound lies inside it, and
 * one run beyond a bound misses the goal whatever the mean. A quantile is that of the runs. A value
 * that does not exist (a share that was never reached) misses the goal. Stored baselines are files
 * beside the scenario, which a report does not read: NOT_JUDGED.
 */
std::vector<GoalResult> JudgeGoals(std::span<const ExpectationRow> goals, const RunValues& metrics);

/// The same for the runs that a report tells of.
std::vector<GoalResult> JudgeGoals(const ReportContext& context);

/// @return the worst verdict of all goals.
Verdict JudgeRun(const ReportContext& context);

/// @return "met", "unclear" (where it was not judged, too) or "missed".
std::string_view VerdictId(Verdict verdict);

/// @return a sign and words, such as "✓ goal met".
std::string_view VerdictText(Verdict verdict);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_VERDICT_H
