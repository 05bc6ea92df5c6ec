// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CHECK_BASELINE_H
#define IOTFLEET_ANALYSIS_CHECK_BASELINE_H

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace ns3::iotfleet::analysis
{

/// What a metric was when the baseline was written.
struct BaselineMetric
{
    std::optional<double> mean;      ///< over the runs; empty where the metric had no value
    std::optional<double> deviation; ///< standard deviation of the runs; empty for one run
    std::optional<double> tolerance; ///< half the band's width, in the unit of the metric, where
                                     ///< somebody wrote it into the file
};

/**
 * A stored baseline: means of metrics over some runs and their deviations, from which follows
 * how far other runs may be off before the difference is no chance. It is a JSON file that may be
 * edited by hand.
 */
struct Baseline
{
    std::string scenario; ///< name, for the reader
    size_t runs{0};
    std::map<std::string, BaselineMetric> metrics;
};

/// @param values of one metric, one a run
BaselineMetric MakeBaselineMetric(std::span<const std::optional<double>> values);

/**
 * @param metric of a baseline of `runs` runs
 * @param others number of other runs, whose mean is asked about
 * @return half of the 99 % prediction interval for that mean, t(n - 1) s sqrt(1 / n + 1 / m) by
 *         Student's t distribution; empty where the baseline does not tell
 */
std::optional<double> PredictTolerance(const BaselineMetric& metric, size_t runs, size_t others);

/// @throw InputError if the file is absent or no baseline, with the JSON pointer of the fault.
Baseline ReadBaseline(const std::filesystem::path& file);

/// Writes the file, replacing it in one step. @throw std::runtime_error if it cannot be written.
void WriteBaseline(const Baseline& baseline, const std::filesystem::path& file);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_BASELINE_H
