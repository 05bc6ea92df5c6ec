// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_HEAT_MAP_H
#define IOTFLEET_ANALYSIS_REPORT_HEAT_MAP_H

#include "model/record/rows.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// The air of gateways by hour: for each cell the largest share over the sub-bands.
struct HeatMap
{
    struct Cell
    {
        size_t column{0};
        size_t row{0}; ///< index into `gateways`
        double share{0};
        std::string band; ///< of that share
    };

    bool hasLimit{false};       ///< shares are of the legal limit; else of the hour itself
    uint32_t firstHour{0};      ///< of column 0
    uint32_t hoursPerColumn{1}; ///< above 1 each column shows its worst hour
    size_t columns{0};
    std::vector<std::string> gateways; ///< names, busiest first
    std::vector<Cell> cells;           ///< idle ones are absent
};

/// @param endS end of the run, to which the columns go even if nothing is sent any more; 0 = to the
/// last hour with a row.
/// @return the heat map of at most 40 gateways and 240 columns; no cells if nothing was sent.
HeatMap MakeHeatMap(std::span<const GatewayRow> gateways,
                    std::span<const GatewayHourRow> hours,
                    double endS = 0);

/// @return the heat map as the report's script reads it.
nlohmann::json ToJson(const HeatMap& map);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_HEAT_MAP_H
