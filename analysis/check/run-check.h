// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CHECK_RUN_CHECK_H
#define IOTFLEET_ANALYSIS_CHECK_RUN_CHECK_H

#include "analysis/check/check-result.h"
#include "analysis/results-reader.h"

#include <filesystem>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// What to check runs for.
struct CheckOptions
{
    std::filesystem::path baselineFolder; ///< where relative names of baselines start
    std::filesystem::path writeBaseline;  ///< a baseline is written here first, unless empty
};

/**
 * Checks the runs of a database, grouped by scenario and variant: every run has finished, the
 * entries of the scenario's `expect` hold, and so do the invariants of invariants.h.
 *
 * An entry without quantile asks every run; with a quantile q it asks the smallest value that at
 * least a share q of the runs do not exceed, where a time that was never reached counts as longer
 * than any other; with a baseline it asks the mean over the runs.
 *
 * @throw InputError if a baseline cannot be read, or one is to be written of several scenarios or
 *        of runs of which one has not finished
 */
std::vector<CheckSuite> CheckRuns(const ResultsReader& reader, const CheckOptions& options);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_RUN_CHECK_H
