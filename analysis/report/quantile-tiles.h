// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_QUANTILE_TILES_H
#define IOTFLEET_ANALYSIS_REPORT_QUANTILE_TILES_H

#include "analysis/report/report-context.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// @return whether every run of the variant has a value of the metric.
bool HasEveryRun(const ReportContext& context, const std::string& name);

/// @return the mean over the runs; nothing where one of them has no value.
std::optional<double> MeanOf(const ReportContext& context, const std::string& name);

/// @return one figure of the answer, as HTML.
std::string Tile(std::string_view label, std::string_view text);

/// Label and text of each tile.
using TileTexts = std::vector<std::pair<std::string, std::string>>;

/**
 * The tiles for the times until 50, 95 and 99 % are updated: as exact as is needed to tell them
 * apart, and one tile for those that are the same to the minute.
 *
 * @param secondsUntil the three times; nothing where the share was not reached
 * @param missing what to say of those
 */
TileTexts TellQuantiles(const std::array<std::optional<double>, 3>& secondsUntil,
                        const std::string& missing);

/// @return these tiles for a run; nothing without a rollout.
std::string MakeQuantileTiles(const ReportContext& context);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_QUANTILE_TILES_H
