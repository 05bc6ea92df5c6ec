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
    std::optional<double> tolerance; ///< half the band's width, in the unit of the metric; empty
                                     ///< where one run could not tell
};

/**
 * A stored baseline: means of metrics over some runs, and how far another set of as many runs may
 * be off before the difference is no chance. It is a JSON file that may be edited by hand.
 */
struct Baseline
{
    std::string scenario; ///< name, for the reader
    size_t runs{0};
    std::map<std::string, BaselineMetric> metrics;
};

/**
 * @param values of one metric, one a run
 * @return mean and tolerance: half of the 99 % prediction interval for the difference of two means
 *         of as many runs, by Student's t distribution
 */
BaselineMetric MakeBaselineMetric(std::span<const std::optional<double>> values);

/// @throw InputError if the file is absent or no baseline, with the JSON pointer of the fault.
Baseline ReadBaseline(const std::filesystem::path& file);

/// Writes the file, replacing it in one step. @throw std::runtime_error if it cannot be written.
void WriteBaseline(const Baseline& baseline, const std::filesystem::path& file);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_BASELINE_H
