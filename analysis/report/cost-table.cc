// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/cost-table.h"

#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/battery-share.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ns3::iotfleet::analysis
{

namespace
{

/// A line of the table: a metric, an item of table `cost`, or one that is both.
struct CostLine
{
    std::string_view label;
    std::string_view metric; ///< gives the amount; empty: the item does
    std::string_view item;   ///< gives the price; empty: it has none
    std::string_view per;    ///< what the price is of
};

constexpr std::array<CostLine, 17> LINES{{
    {"airtime of the gateways", "downlink_airtime_s", "", ""},
    {"of that, the campaign's", "downlink_campaign_s", "air", "hour"},
    {"airtime of the devices", "uplink_airtime_s", "", ""},
    {"legal airtime used by the busiest gateway in its busiest hour",
     "max_duty_cycle_used",
     "legal-air",
     ""},
    {"share of the campaign's airtime that was repair", "repair_share", "", ""},
    {"firmware and commands sent to groups of devices", "bytes_sent_multicast", "", ""},
    {"firmware and commands sent to single devices", "bytes_sent_unicast", "", ""},
    {"both together", "", "data", "MB"},
    {"energy per device that the rollout is for, mean", "energy_per_device_j_mean", "", ""},
    {"energy per device, not exceeded by 95 % of them", "energy_per_device_j_p95", "", ""},
    {"battery life lost per device, mean", "battery_days_lost_mean", "", ""},
    {"battery life lost, all devices together", "battery_years_lost", "battery-years", "year"},
    {"full batteries that all devices together used up", "batteries_used", "batteries", "battery"},
    {"visits to devices", "truck_rolls", "truck-rolls", "visit"},
    {"working time of people", "operator_hours", "operator", "hour"},
    {"telemetry that arrived before the campaign", "telemetry_delivered_share_before", "", ""},
    {"telemetry that arrived during the campaign", "telemetry_delivered_share", "", ""},
}};

const CostRow*
FindItem(const ReportContext& context, std::string_view item)
{
    const auto found = std::ranges::find(context.costs, item, &CostRow::item);
    return item.empty() || found == context.costs.end() ? nullptr : &*found;
}

/// The amount of a line for people; empty where it is not known.
std::string
ShowAmount(const ReportContext& context, const CostLine& line, const CostRow* row)
{
    if (line.metric.empty())
    {
        const bool isPriced = row != nullptr && row->quantity && row->unitPrice;
        return isPriced ? FormatNumber(*row->quantity) + " " + row->unit : "";
    }
    const auto definition = FindMetric(line.metric);
    const auto value = context.Metric(std::string(line.metric));
    if (!definition || !value)
    {
        return "";
    }
    const std::string text = FormatMetric(line.metric, definition->unit, value);
    const auto share =
        line.metric == "battery_days_lost_mean" ? GetBatteryShareLost(context) : std::nullopt;
    return share ? text + ", " + FormatShare(*share) + " of a full battery" : text;
}

} // namespace

std::string
MakeCostTable(const ReportContext& context)
{
    const std::string currency =
        context.costs.empty() ? "" : context.costs.front().currency.value_or("");
    HtmlTable table("What the campaign cost");
    table.AddColumn("what", HtmlTable::Align::LEFT);
    table.AddColumn("how much");
    if (!currency.empty())
    {
        table.AddColumn("price (" + currency + ")");
        table.AddColumn("cost (" + currency + ")");
    }
    double total = 0;
    for (const CostLine& line : LINES)
    {
        const CostRow* row = FindItem(context, line.item);
        const std::string amount = ShowAmount(context, line, row);
        if (amount.empty())
        {
            continue;
        }
        std::vector<std::string> cells{std::string(line.label), amount, "", ""};
        if (row != nullptr && row->unitPrice)
        {
            cells[2] = FormatNumber(*row->unitPrice) + " per " + std::string(line.per);
            cells[3] = row->cost ? FormatNumber(*row->cost) : "–";
            total += row->cost.value_or(0);
        }
        table.AddRow(cells);
    }
    if (table.IsEmpty())
    {
        return "";
    }
    if (!currency.empty())
    {
        table.AddRow({"all that is priced", "", "", FormatNumber(total)});
    }
    return table.ToHtml() +
           (currency.empty() ? Paragraph("The scenario names no prices (its block costs).") : "");
}

} // namespace ns3::iotfleet::analysis
