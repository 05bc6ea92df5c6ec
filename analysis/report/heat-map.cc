// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/heat-map.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t MAX_GATEWAYS{40};
constexpr uint32_t MAX_COLUMNS{240};
constexpr double HOUR_S{3600};

/// Row of each gateway in the chart, by its id; the busiest come first.
std::map<uint32_t, size_t>
ChooseRows(std::span<const GatewayRow> gateways, HeatMap& map)
{
    std::vector<GatewayRow> sorted(gateways.begin(), gateways.end());
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &GatewayRow::downlinkAirtimeS);
    sorted.resize(std::min(sorted.size(), MAX_GATEWAYS));
    std::map<uint32_t, size_t> rows;
    for (const GatewayRow& gateway : sorted)
    {
        rows[gateway.gatewayId] = map.gateways.size();
        map.gateways.push_back(gateway.name);
    }
    return rows;
}

} // namespace

HeatMap
MakeHeatMap(std::span<const GatewayRow> gateways,
            std::span<const GatewayHourRow> hours,
            double endS)
{
    HeatMap map;
    if (hours.empty())
    {
        return map;
    }
    const auto rows = ChooseRows(gateways, map);
    const auto [first, last] = std::ranges::minmax(hours, {}, &GatewayHourRow::hour);
    map.firstHour = first.hour;
    const auto endHours = static_cast<uint32_t>(std::ceil(endS / HOUR_S)); // begun by then
    const uint32_t lastHour = std::max(last.hour + 1, endHours) - 1;
    map.hoursPerColumn = (lastHour - first.hour) / MAX_COLUMNS + 1;
    map.columns = (lastHour - first.hour) / map.hoursPerColumn + 1;
    map.hasLimit =
        std::ranges::any_of(hours, [](const auto& hour) { return hour.limitS.has_value(); });
    std::map<std::pair<size_t, size_t>, HeatMap::Cell> cells;
    for (const GatewayHourRow& hour : hours)
    {
        const auto row = rows.find(hour.gatewayId);
        const double limitS = map.hasLimit ? hour.limitS.value_or(0) : HOUR_S;
        if (row == rows.end() || limitS <= 0 || hour.downlinkAirtimeS <= 0)
        {
            continue;
        }
        const size_t column = (hour.hour - map.firstHour) / map.hoursPerColumn;
        const double share = hour.downlinkAirtimeS / limitS;
        auto& cell = cells[{row->second, column}];
        if (share > cell.share)
        {
            cell = {column, row->second, share, hour.band};
        }
    }
    for (auto& [key, cell] : cells)
    {
        map.cells.push_back(std::move(cell));
    }
    return map;
}

nlohmann::json
ToJson(const HeatMap& map)
{
    nlohmann::json cells = nlohmann::json::array();
    for (const HeatMap::Cell& cell : map.cells)
    {
        cells.push_back({cell.column, cell.row, std::round(cell.share * 1e5) / 1e5, cell.band});
    }
    return {{"hasLimit", map.hasLimit},
            {"firstHour", map.firstHour},
            {"hoursPerColumn", map.hoursPerColumn},
            {"columns", map.columns},
            {"gateways", map.gateways},
            {"cells", std::move(cells)}};
}

} // namespace ns3::iotfleet::analysis
