// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_PROGRESS_LINES_H
#define IOTFLEET_ANALYSIS_REPORT_PROGRESS_LINES_H

#include "model/record/rows.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/**
 * @file
 * The lines that report and figures draw of table `progress`, and how several runs become a median
 * and a band.
 */
namespace ns3::iotfleet::analysis
{

/// One line: how it is named and drawn, and its count in a row of `progress`.
struct ProgressLine
{
    std::string_view name;
    std::string_view color;     ///< on a light page
    std::string_view colorDark; ///< on a dark page
    bool isBelief;              ///< drawn dashed
    std::function<std::optional<uint64_t>(const ProgressRow&)> get;
};

/// @return all lines, truth before belief.
std::span<const ProgressLine> GetProgressLines();

/// @return the line of a name; it must exist.
const ProgressLine& GetProgressLine(std::string_view name);

/// @return whether the line is above zero anywhere in a run.
bool IsEverPositive(std::span<const ProgressRow> rows, const ProgressLine& line);

/// The progress of one run of a comparison.
struct ProgressRun
{
    std::vector<ProgressRow> rows; ///< ascending in time
    uint64_t devices{0};           ///< in the fleet; shares are of these
    double startS{0};              ///< instant that is time zero of the chart
};

/// Shares over the runs at one instant.
struct ProgressBand
{
    double tS{0}; ///< since ProgressRun::startS
    std::optional<double> low;
    std::optional<double> median;
    std::optional<double> high;
};

/// Fewest runs for which a band is quantiles; fewer show their smallest and largest.
inline constexpr size_t RUNS_FOR_QUANTILES{10};

/// @return `count` instants from time zero of the runs to the end of the longest, evenly spaced.
std::vector<double> MakeInstants(std::span<const ProgressRun> runs, size_t count);

/**
 * Shares of devices on one line over several runs. The band is the 10 % and 90 % quantile over the
 * runs, or from the smallest to the largest of fewer than ten; a run that ended earlier goes on at
 * its last value.
 *
 * @return one entry per instant, empty values where no run has any.
 */
std::vector<ProgressBand> MakeBand(std::span<const ProgressRun> runs,
                                   const ProgressLine& line,
                                   std::span<const double> instants);

/// @return "median and 10 % to 90 % quantile of 20 runs", for people.
std::string DescribeBand(size_t runs);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_PROGRESS_LINES_H
