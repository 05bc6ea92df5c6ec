// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CHECK_EXPECTATION_CHECK_H
#define IOTFLEET_ANALYSIS_CHECK_EXPECTATION_CHECK_H

#include "analysis/check/baseline.h"
#include "analysis/check/check-result.h"
#include "model/record/rows.h"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// A run as checks see it.
struct CheckedRun
{
    int64_t runId{0};
    uint64_t seed{0};
    uint64_t rngRun{0};
    std::string status;
    std::map<std::string, std::optional<double>> metrics;
    std::map<std::string, std::string> units;

    /// @return the metric's value; empty for NULL and where there is no such metric.
    std::optional<double> Value(const std::string& metric) const;
};

/// Runs of one scenario and variant.
struct CheckedRuns
{
    std::string scenario;
    std::string variant;
    std::string sha256;
    std::vector<CheckedRun> runs;             ///< at least one
    std::vector<ExpectationRow> expectations; ///< of the first run that has finished
};

/// Whether a value lies within the bounds; one that does not exist lies within none.
bool IsWithin(const ExpectationRow& expectation, const std::optional<double>& value);

/**
 * The smallest value that a share of the runs do not exceed.
 *
 * @param metric where NULL means never, such runs count as infinity
 * @param values one for each run, of which at least one
 * @param q share, over 0, at most 1
 * @return nothing where a run has no value and that does not mean never
 */
std::optional<double> QuantileOverRuns(const std::string& metric,
                                       std::span<const std::optional<double>> values,
                                       double q);

/**
 * Judges one entry of `expect`: one result for its bounds and one for its baseline, as far as it
 * has them.
 *
 * @param group runs, of which at least one
 * @param expectation the entry
 * @param folder where a relative name of a baseline starts
 * @param results the outcome is appended here
 * @throw InputError if the baseline cannot be read or says nothing about the metric
 */
void CheckExpectation(const CheckedRuns& group,
                      const ExpectationRow& expectation,
                      const std::filesystem::path& folder,
                      std::vector<CheckResult>& results);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_EXPECTATION_CHECK_H
