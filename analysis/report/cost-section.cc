// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/cost-table.h"
#include "analysis/report/heat-map.h"
#include "analysis/report/histogram.h"
#include "analysis/report/report-context.h"
#include "analysis/statistics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

constexpr size_t MAX_GATEWAY_ROWS{50};

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
    table.FoldWhenNarrow();
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
    const HeatMap map = MakeHeatMap(context.gateways, context.gatewayHours, context.run.simS);
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
    if (map.firstHour > 0)
    {
        note += " Nothing was sent before hour " + std::to_string(map.firstHour) + ".";
    }
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

/// Whose energies the charts are of, and whose the means in the tables.
std::string
DescribeEnergies(const ReportContext& context)
{
    const auto& energies = context.devices.campaignEnergyJ;
    std::string text =
        "Energy of each device that a wave took above what it would have used without the "
        "campaign: " +
        FormatSi(ComputeMean(energies), "J") + " in the mean over " + FormatCount(energies.size()) +
        (energies.size() == 1 ? " device" : " devices") + ", half of them at most " +
        FormatSi(ComputeQuantile(energies, 0.5), "J") + ", 95 % at most " +
        FormatSi(ComputeQuantile(energies, 0.95), "J") + ".";
    if (const auto left = context.devices.neverTaken)
    {
        text += " No wave took " + FormatCount(left) +
                " more that the rollout is for; the energy per device in the table above is over "
                "these as well.";
    }
    return text;
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
    std::string html = "<h3>Energy</h3>" + Paragraph(DescribeEnergies(context)) +
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
    return MakeCostTable(context) + DescribeTelemetry(context) + MakeAirChart(context, data) +
           MakeGatewayTable(context) + MakeEnergyCharts(context, data);
}

} // namespace ns3::iotfleet::analysis
