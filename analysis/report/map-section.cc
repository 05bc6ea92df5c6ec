// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/map-data.h"
#include "analysis/report/report-context.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// Groups and sites with a row of their own in the table.
constexpr size_t MAX_PLACES{50};

std::string
MakePlacesTable(const std::string& caption,
                const std::string& heading,
                const std::map<std::string, DeviceCounts>& places)
{
    HtmlTable table(caption);
    table.AddColumn(heading, HtmlTable::Align::LEFT);
    table.AddColumn("devices");
    table.AddColumn("share updated");
    for (const StateStyle& style : STATE_STYLES)
    {
        table.AddColumn(style.label);
    }
    std::vector<std::pair<std::string, DeviceCounts>> rows(places.begin(), places.end());
    std::ranges::stable_sort(rows, std::ranges::greater{}, [](const auto& row) {
        return row.second.devices;
    });
    rows.resize(std::min(rows.size(), MAX_PLACES));
    for (const auto& [name, counts] : rows)
    {
        std::vector<std::string> cells{
            name,
            FormatCount(counts.devices),
            FormatShare(static_cast<double>(counts.updated) / static_cast<double>(counts.devices))};
        for (const uint64_t count : counts.states)
        {
            cells.push_back(FormatCount(count));
        }
        table.AddRow(cells);
    }
    const std::string note = places.size() > MAX_PLACES
                                 ? Paragraph("The " + std::to_string(MAX_PLACES) + " largest of " +
                                             FormatCount(places.size()) + " are shown.")
                                 : "";
    return table.ToHtml() + note;
}

std::string
Introduce(uint64_t devices, bool asDots, bool plays, bool holds)
{
    const std::string marks =
        asDots
            ? "Every device is a mark in the shape and colour of its state, truth. Point at one "
              "for its story, or move along them with the arrow keys; click it to see only "
              "devices in its state."
            : FormatCount(devices) +
                  " devices are too many for a mark each: each hexagon is coloured by the share "
                  "of its devices that are updated, truth. Point at one, or move along them with "
                  "the arrow keys, for its counts.";
    const std::string time =
        plays ? " Play shows the run as it went, fast through the hours in which little happens."
              : " The map shows the end of the run: the instants of its devices were not kept (a "
                "scenario keeps them for up to 200,000 devices, and for more with \"record\": "
                "{\"events\": \"all\"}).";
    return marks +
           " The buttons count the devices in each state, and show and hide them. Squares are "
           "gateways, larger the more air they have used." +
           (asDots && holds ? " A ring around a mark: the access of the device is restricted or "
                              "blocked."
                            : "") +
           time;
}

/// The slider for time; its range is set by the script, which knows the frames.
std::string
MakeControls(bool plays)
{
    if (!plays)
    {
        return "";
    }
    return "<div class=\"controls\" id=\"map-controls\"><button type=\"button\" "
           "id=\"map-play\">▶ "
           "Play</button><input type=\"range\" id=\"map-time\" min=\"0\" max=\"1\" value=\"1\" "
           "step=\"1\" "
           "aria-label=\"Time of the map\"><output id=\"map-clock\" for=\"map-time\"></output>"
           "</div>\n";
}

constexpr std::string_view SCALE{
    "<div class=\"scale\" aria-hidden=\"true\"><span>0 % updated</span><span class=\"ramp\"></span>"
    "<span>100 % updated</span></div>\n"};

} // namespace

std::string
MakeMapSection(const ReportContext& context, const ResultsReader& reader, Json& data)
{
    const uint64_t devices = context.devices.all.devices;
    if (devices == 0)
    {
        return Paragraph("This run recorded no devices (record.devices of the scenario is false), "
                         "so there is no map.");
    }
    const bool asDots = devices <= MAX_DOTS;
    data["map"] = MakeMapData(context, reader, asDots);
    const bool plays = !data["map"]["frames"].empty();
    const bool holds = context.Metric("quarantined_total").value_or(0) > 0;
    return Paragraph(Introduce(devices, asDots, plays, holds)) + MakeControls(plays) +
           "<div class=\"legend\" id=\"map-legend\" role=\"group\" aria-label=\"Filter of the "
           "map\"></div><div class=\"chart map\" id=\"map-chart\" tabindex=\"0\" role=\"group\" "
           "aria-label=\"Map of devices and gateways; the arrow keys move along the devices; the "
           "tables below count the same devices by group and by site\"></div>\n" +
           (asDots ? "" : std::string(SCALE)) +
           "<p class=\"story\" id=\"map-story\" aria-live=\"polite\"></p>\n" +
           Folded("Counts by group and by site",
                  MakePlacesTable("Devices by group", "group", context.devices.groups) +
                      MakePlacesTable("Devices by site", "site", context.devices.sites));
}

} // namespace ns3::iotfleet::analysis
