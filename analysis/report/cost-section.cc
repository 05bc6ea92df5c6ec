// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/heat-map.h"
#include "analysis/report/histogram.h"
#include "analysis/report/report-context.h"
#include "analysis/statistics.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

constexpr size_t MAX_GATEWAY_ROWS{50};

std::string
MakeCostTable(const ReportContext& context)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> COSTS{{
        {"downlink_airtime_s", "air of all gateways"},
        {"uplink_airtime_s", "air of all devices"},
        {"max_duty_cycle_used", "legal air used by the busiest gateway"},
        {"bytes_sent_multicast", "payload sent to groups"},
        {"bytes_sent_unicast", "payload sent to single devices"},
        {"repair_share", "share of the downlink air that was repair"},
        {"energy_per_device_j_mean", "energy per device, mean"},
        {"energy_per_device_j_p95", "energy per device, 95 % quantile"},
        {"battery_days_lost_mean", "battery life per device, mean"},
        {"telemetry_delivered_share_before", "telemetry that arrived before the campaign"},
        {"telemetry_delivered_share", "telemetry that arrived during the campaign"},
    }};
    HtmlTable table("What the campaign cost");
    table.AddColumn("what", HtmlTable::Align::LEFT);
    table.AddColumn("how much");
    for (const auto& [metric, label] : COSTS)
    {
        const auto definition = FindMetric(metric);
        if (const auto value = context.Metric(metric); value && definition)
        {
            table.AddRow({std::string(label), FormatMetric(metric, definition->unit, value)});
        }
    }
    return table.IsEmpty() ? "" : table.ToHtml();
}

/// An item of table `cost` in words.
std::string
DescribeItem(const std::string& item)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> ITEMS{{
        {"air", "air of the gateways"},
        {"legal-air", "legal air used by the busiest gateway"},
        {"data", "data sent to the gateways"},
        {"battery-years", "battery life spent, all devices"},
        {"batteries", "batteries used up"},
        {"truck-rolls", "visits to devices"},
        {"operator", "work of people"},
    }};
    const auto found = std::ranges::find(ITEMS, item, &decltype(ITEMS)::value_type::first);
    return found == ITEMS.end() ? item : std::string(found->second);
}

std::string
ShowQuantity(const CostRow& row)
{
    if (!row.quantity)
    {
        return "–";
    }
    if (row.item == "legal-air")
    {
        return FormatShare(*row.quantity);
    }
    return FormatNumber(*row.quantity) + (row.unit == "1" ? "" : " " + row.unit);
}

/// What the operator pays for, with money where the scenario names prices.
std::string
MakeOperatorCosts(const ReportContext& context)
{
    if (context.costs.empty())
    {
        return "";
    }
    const std::string currency = context.costs.front().currency.value_or("");
    HtmlTable table("In the operator's units");
    table.AddColumn("what", HtmlTable::Align::LEFT);
    table.AddColumn("how much");
    if (!currency.empty())
    {
        table.AddColumn("price of one");
        table.AddColumn("cost (" + currency + ")");
    }
    double totalCost = 0;
    for (const CostRow& row : context.costs)
    {
        std::vector<std::string> cells{DescribeItem(row.item), ShowQuantity(row)};
        if (!currency.empty())
        {
            cells.push_back(row.unitPrice ? FormatNumber(*row.unitPrice) : "not priced");
            cells.push_back(row.cost ? FormatNumber(*row.cost) : "–");
        }
        totalCost += row.cost.value_or(0);
        table.AddRow(cells);
    }
    if (!currency.empty())
    {
        table.AddRow({"all that is priced", "", "", FormatNumber(totalCost)});
    }
    return table.ToHtml() +
           (currency.empty() ? Paragraph("The scenario names no prices (its block costs).") : "");
}

std::string
DescribeTelemetry(const ReportContext& context)
{
    const auto during = context.Metric("telemetry_delivered_share");
    const auto before = context.Metric("telemetry_delivered_share_before");
    if (!during || !before)
    {
        return "";
    }
    const double points = 100 * (*before - *during);
    return Paragraph(points > 0 ? "The campaign cost " + FormatNumber(points) +
                                      " percentage points of the background telemetry."
                                : "The campaign cost no background telemetry.");
}

std::string
MakeGatewayTable(const ReportContext& context)
{
    HtmlTable table("Gateways, the busiest first");
    table.AddColumn("gateway", HtmlTable::Align::LEFT);
    table.AddColumn("sent for");
    table.AddColumn("heard for");
    table.AddColumn("frames sent");
    table.AddColumn("frames received");
    table.AddColumn("lost to collisions");
    table.AddColumn("lost while deaf");
    table.AddColumn("legal air used");
    table.AddColumn("busiest band", HtmlTable::Align::LEFT);
    auto rows = context.gateways;
    std::ranges::stable_sort(rows, std::ranges::greater{}, &GatewayRow::downlinkAirtimeS);
    rows.resize(std::min(rows.size(), MAX_GATEWAY_ROWS));
    for (const GatewayRow& row : rows)
    {
        table.AddRow({row.name,
                      FormatDuration(row.downlinkAirtimeS),
                      FormatDuration(row.uplinkAirtimeS),
                      FormatCount(row.framesTx),
                      FormatCount(row.framesRx),
                      FormatCount(row.framesLostCollision),
                      FormatCount(row.framesLostDeaf),
                      row.dutyCycleUsed ? FormatShare(*row.dutyCycleUsed) : "no limit",
                      row.busiestBand.value_or("–")});
    }
    return table.IsEmpty() ? "" : Folded("The gateways as a table", table.ToHtml());
}

std::string
MakeAirChart(const ReportContext& context, Json& data)
{
    const HeatMap map = MakeHeatMap(context.gateways, context.gatewayHours);
    if (map.cells.empty())
    {
        return "";
    }
    data["air"] = ToJson(map);
    std::string note = map.hasLimit
                           ? "Share of the legal air that each gateway used, hour by hour, in its "
                             "busiest sub-band; 100 % is the limit."
                           : "Share of each hour that each gateway transmitted in its busiest "
                             "sub-band; the region sets no limit.";
    if (map.hoursPerColumn > 1)
    {
        note += " Each column is the worst of " + std::to_string(map.hoursPerColumn) + " hours.";
    }
    if (map.gateways.size() < context.gateways.size())
    {
        note += " The " + std::to_string(map.gateways.size()) + " busiest of " +
                FormatCount(context.gateways.size()) + " gateways are shown.";
    }
    const size_t rows = std::clamp<size_t>(map.gateways.size(), 3, 40);
    return "<h3>Air</h3>" + Paragraph(note) +
           "<div class=\"chart\" id=\"air-chart\" style=\"height:" +
           std::to_string(110 + 16 * rows) +
           "px\" role=\"img\" aria-label=\"Heat map of the air used by gateway and hour; the table "
           "below sums it by gateway\"></div>\n";
}

std::string
MakeHistogramTable(const Histogram& histogram, const std::string& caption, std::string_view unit)
{
    HtmlTable table(caption);
    table.AddColumn("from");
    table.AddColumn("to");
    table.AddColumn("devices");
    const auto show = [&](double value) {
        return unit == "J" ? FormatSi(value, "J") : FormatNumber(value) + " d";
    };
    for (size_t i = 0; i < histogram.counts.size(); ++i)
    {
        if (histogram.counts[i] > 0)
        {
            const double low = histogram.start + static_cast<double>(i) * histogram.width;
            table.AddRow(
                {show(low), show(low + histogram.width), FormatCount(histogram.counts[i])});
        }
    }
    return table.ToHtml();
}

std::string
MakeEnergyCharts(const ReportContext& context, Json& data)
{
    const auto& energies = context.devices.campaignEnergyJ;
    const auto& days = context.devices.batteryDays;
    if (energies.empty())
    {
        return "";
    }
    const Histogram energyHistogram = MakeHistogram(energies);
    data["energy"] = ToJson(energyHistogram);
    std::string html =
        "<h3>Energy</h3>" +
        Paragraph("Energy of each targeted device above what it would have used without the "
                  "campaign: half of them used at most " +
                  FormatSi(ComputeQuantile(energies, 0.5), "J") + ", 95 % at most " +
                  FormatSi(ComputeQuantile(energies, 0.95), "J") + ".") +
        "<div class=\"pair\"><div class=\"chart\" id=\"energy-chart\" role=\"img\" "
        "aria-label=\"Histogram of energy per device; a table follows\"></div>";
    std::string tables = MakeHistogramTable(energyHistogram, "Devices by energy", "J");
    if (!days.empty())
    {
        const Histogram dayHistogram = MakeHistogram(days);
        data["battery"] = ToJson(dayHistogram);
        html += "<div class=\"chart\" id=\"battery-chart\" role=\"img\" aria-label=\"Histogram of "
                "battery days per device; a table follows\"></div>";
        tables += MakeHistogramTable(dayHistogram, "Devices by battery days", "d");
    }
    return html + "</div>\n" + Folded("The histograms as tables", tables);
}

} // namespace

std::string
MakeCostSection(const ReportContext& context, Json& data)
{
    return MakeCostTable(context) + MakeOperatorCosts(context) + DescribeTelemetry(context) +
           MakeAirChart(context, data) + MakeGatewayTable(context) +
           MakeEnergyCharts(context, data);
}

} // namespace ns3::iotfleet::analysis
