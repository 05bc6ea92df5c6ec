// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_MAP_DATA_H
#define IOTFLEET_ANALYSIS_REPORT_MAP_DATA_H

#include "analysis/report/report-context.h"
#include "analysis/results-reader.h"

#include <nlohmann/json_fwd.hpp>
#include <span>

namespace ns3::iotfleet::analysis
{

/// Above this a mark each is neither readable nor quick to open.
inline constexpr uint64_t MAX_DOTS{20000};

/// @return radius of the hexagons that divide a map into about 48 from side to side, in m.
double ChooseHexagonRadius(std::span<const DevicePoint> points);

/**
 * What the report's map draws (map-chart.js): states, gateways, frames of time (none if the run
 * kept no events of its devices) and a mark per device or a hexagon per place.
 */
nlohmann::json MakeMapData(const ReportContext& context, const ResultsReader& reader, bool asDots);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_MAP_DATA_H
