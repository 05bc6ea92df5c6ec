// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_VARIANTS_H
#define IOTFLEET_ANALYSIS_REPORT_VARIANTS_H

#include "analysis/report/progress-lines.h"
#include "analysis/results-reader.h"
#include "analysis/statistics.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// Name of the variant of runs that have none.
inline constexpr std::string_view UNNAMED_VARIANT{"(unnamed)"};

/// The runs of one strategy and what a comparison reads of them; runs that failed are left out.
struct Variant
{
    std::string name; ///< run.variant; "(unnamed)" where that is empty
    std::vector<RunRow> runs;
    std::map<std::string, std::vector<std::optional<double>>> metrics; ///< a value per run
    std::map<std::string, std::string> units; ///< of the metrics, as recorded
    std::vector<ExpectationRow> goals;        ///< of the first run
    std::vector<ProgressRun> progress;        ///< time zero: start of the rollout, or of the run

    /// @return mean of a metric over the runs, with its interval where there are two or more;
    /// nothing where a run has no value: a mean over the lucky runs would mislead.
    std::optional<MeanInterval> Estimate(std::string_view metric) const;

    /// @return the mean turned so that less is better, to rank by; nothing without an estimate.
    std::optional<double> Penalty(std::string_view metric) const;

    /// @return the unit of a metric, "1" where it has none.
    std::string UnitOf(std::string_view metric) const;

    /// @return runs in which the metric has a value.
    size_t CountReached(std::string_view metric) const;
};

/// @return the variants of a database in the order of their first runs.
std::vector<Variant> ReadVariants(const ResultsReader& reader);

/// @return the metrics that at least one variant has an estimate of, in the order of the
/// dictionary.
std::vector<std::string> ListCommonMetrics(const std::vector<Variant>& variants);

/// @return the names of the variants that no other beats in both metrics (better or equal in both,
/// better in one), by their means; those without an estimate are never among them.
std::vector<std::string> FindParetoFront(const std::vector<Variant>& variants,
                                         std::string_view metricX,
                                         std::string_view metricY);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_VARIANTS_H
