// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/hexagons.h"
#include "analysis/report/report-context.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// Above this a dot each is neither readable nor quick to open.
constexpr size_t MAX_DOTS{20000};
/// Hexagons across the larger side of the map.
constexpr double HEXAGONS_ACROSS{48};
/// Groups and sites with a row of their own in the table.
constexpr size_t MAX_PLACES{50};

double
RoundTo(double value, double step)
{
    return std::round(value / step) * step;
}

Json
OptionalSeconds(const std::optional<double>& seconds)
{
    return seconds ? Json(std::llround(*seconds)) : Json();
}

/// Texts that repeat from device to device, sent once and then by their number.
class Dictionary
{
  public:
    size_t Number(const std::string& text)
    {
        return m_numbers.try_emplace(text, m_numbers.size()).first->second;
    }

    Json ToJson() const
    {
        std::vector<std::string> texts(m_numbers.size());
        for (const auto& [text, number] : m_numbers)
        {
            texts[number] = text;
        }
        return texts;
    }

  private:
    std::map<std::string, size_t> m_numbers;
};

/// One array per device: short, since there may be 20,000 of them. The script names the positions.
Json
MakeDots(const ResultsReader& reader, int64_t runId, Dictionary& words)
{
    Json dots = Json::array();
    reader.ForEachDevice(runId, [&](const DeviceRow& device) {
        dots.push_back(
            {RoundTo(device.xM, 0.5),
             RoundTo(device.yM, 0.5),
             static_cast<size_t>(GetReportState(device)),
             device.deviceId,
             device.name,
             words.Number(device.grp),
             words.Number(device.site),
             device.dataRate ? Json(*device.dataRate) : Json(),
             OptionalSeconds(device.enrolledS),
             OptionalSeconds(device.updatedS),
             words.Number(device.firmware),
             device.believedFirmware ? Json(words.Number(*device.believedFirmware)) : Json(),
             words.Number(device.updateState),
             words.Number(device.health),
             words.Number(device.access),
             words.Number(device.believedHealth),
             device.wave ? Json(*device.wave) : Json()});
    });
    return dots;
}

Json
MakeHexagons(const ReportContext& context)
{
    const auto& points = context.devices.points;
    const auto [left, right] = std::ranges::minmax(points, {}, &DevicePoint::xM);
    const auto [bottom, top] = std::ranges::minmax(points, {}, &DevicePoint::yM);
    const double side = std::max<double>(right.xM - left.xM, top.yM - bottom.yM);
    HexagonGrid grid(std::max(1.0, side) / HEXAGONS_ACROSS / std::sqrt(3.0));
    for (const DevicePoint& point : points)
    {
        grid.Add(point.xM, point.yM, point.state);
    }
    Json cells = Json::array();
    for (const auto& [cell, counts] : grid.GetCells())
    {
        const auto [x, y] = grid.GetCenter(cell);
        cells.push_back({RoundTo(x, 0.5), RoundTo(y, 0.5), counts});
    }
    return {{"radius", grid.GetRadiusM()}, {"cells", std::move(cells)}};
}

Json
MakeStates(const ReportContext& context)
{
    Json states = Json::array();
    for (size_t i = 0; i < REPORT_STATES; ++i)
    {
        const StateStyle& style = STATE_STYLES[i];
        states.push_back({{"id", style.id},
                          {"label", style.label},
                          {"meaning", style.meaning},
                          {"color", style.color},
                          {"colorDark", style.colorDark},
                          {"shape", style.shape},
                          {"count", context.devices.all.states[i]}});
    }
    return states;
}

Json
MakeGateways(const ReportContext& context)
{
    Json gateways = Json::array();
    for (const GatewayRow& gateway : context.gateways)
    {
        gateways.push_back(
            {{"name", gateway.name},
             {"x", gateway.xM},
             {"y", gateway.yM},
             {"air", RoundTo(gateway.downlinkAirtimeS, 0.001)},
             {"story",
              gateway.name + ": sent " + FormatCount(gateway.framesTx) + " frames (" +
                  FormatDuration(gateway.downlinkAirtimeS) + " of air), received " +
                  FormatCount(gateway.framesRx) + ", lost " +
                  FormatCount(gateway.framesLostCollision) + " to collisions and " +
                  FormatCount(gateway.framesLostDeaf) + " while deaf" +
                  (gateway.dutyCycleUsed
                       ? "; used up to " + FormatShare(*gateway.dutyCycleUsed) + " of its legal air"
                       : "")}});
    }
    return gateways;
}

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
    Json map{{"states", MakeStates(context)}, {"gateways", MakeGateways(context)}};
    if (asDots)
    {
        Dictionary words;
        map["dots"] = MakeDots(reader, context.run.runId, words);
        map["words"] = words.ToJson();
    }
    else
    {
        map["hexagons"] = MakeHexagons(context);
    }
    data["map"] = std::move(map);
    const std::string intro =
        asDots
            ? "Every device at the end of the run, truth. Point at a device for its story; click "
              "it to keep the story and to see only devices in its state; the buttons show and "
              "hide states. Squares are gateways, larger the more air they used."
            : FormatCount(devices) +
                  " devices are too many for a dot each: each hexagon is "
                  "coloured by the share of its devices that are updated; point at one for its "
                  "counts. The buttons choose which states are counted. Squares are gateways, "
                  "larger "
                  "the more air they used.";
    return Paragraph(intro) +
           "<div class=\"legend\" id=\"map-legend\" role=\"group\" aria-label=\"Filter of the "
           "map\"></div><div class=\"chart map\" id=\"map-chart\" role=\"img\" aria-label=\"Map of "
           "devices and gateways; the tables below count the same devices by group and by "
           "site\"></div>\n<p class=\"story\" id=\"map-story\" aria-live=\"polite\"></p>\n" +
           Folded("Counts by group and by site",
                  MakePlacesTable("Devices by group", "group", context.devices.groups) +
                      MakePlacesTable("Devices by site", "site", context.devices.sites));
}

} // namespace ns3::iotfleet::analysis
