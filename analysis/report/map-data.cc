// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/map-data.h"

#include "analysis/format.h"
#include "analysis/report/device-replay.h"
#include "analysis/report/hexagon-timeline.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

/// Hexagons across the larger side of the map.
constexpr double HEXAGONS_ACROSS{48};

double
RoundTo(double value, double step)
{
    return std::round(value / step) * step;
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

/// By device, a flat list: time in s, number of the event, number of the state after it, and again.
std::vector<Json>
MakeStories(std::span<const TimedEvent> events, size_t devices)
{
    std::vector<Json> stories(devices, Json::array());
    DeviceReplay replay(devices);
    for (const auto& [tS, device, event] : events)
    {
        replay.Apply(device, event);
        Json& story = stories[device];
        story.push_back(std::llround(tS));
        story.push_back(static_cast<size_t>(event));
        story.push_back(static_cast<size_t>(replay.GetState(device)));
    }
    return stories;
}

/// One array per device: short, since there may be 20,000 of them. The script names the positions.
Json
MakeDots(const ResultsReader& reader,
         const ReportContext& context,
         std::span<const TimedEvent> events,
         Dictionary& words)
{
    auto stories = MakeStories(events, context.devices.points.size());
    Json dots = Json::array();
    reader.ForEachDevice(context.run.runId, [&](const DeviceRow& device) {
        dots.push_back(
            {RoundTo(device.xM, 0.5),
             RoundTo(device.yM, 0.5),
             static_cast<size_t>(GetReportState(device, context.Target())),
             device.deviceId,
             device.name,
             words.Number(device.grp),
             words.Number(device.site),
             device.dataRate ? Json(*device.dataRate) : Json(),
             words.Number(device.firmware),
             device.believedFirmware ? Json(words.Number(*device.believedFirmware)) : Json(),
             words.Number(device.health),
             words.Number(device.access),
             words.Number(device.believedHealth),
             device.wave ? Json(*device.wave) : Json(),
             std::move(stories[dots.size()])});
    });
    return dots;
}

/// A flat list: frame, count from then on, and again.
Json
ToJson(const std::vector<HexagonTimeline::Change>& changes)
{
    Json list = Json::array();
    for (const auto& [frame, count] : changes)
    {
        list.push_back(frame);
        list.push_back(count);
    }
    return list;
}

Json
MakeHexagons(const ReportContext& context,
             std::span<const TimedEvent> events,
             std::span<const double> frames)
{
    const auto& points = context.devices.points;
    const double radiusM = ChooseHexagonRadius(points);
    HexagonTimeline timeline(radiusM, points);
    if (events.empty())
    {
        timeline.CountEnd();
    }
    else
    {
        timeline.Replay(events, frames);
    }
    Json cells = Json::array();
    for (const auto& cell : timeline.GetCells())
    {
        Json states = Json::array();
        for (const auto& changes : cell.states)
        {
            states.push_back(ToJson(changes));
        }
        cells.push_back({RoundTo(cell.xM, 0.5), RoundTo(cell.yM, 0.5), std::move(states)});
    }
    return {{"radius", radiusM}, {"cells", std::move(cells)}};
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

std::string
TellGateway(const GatewayRow& gateway)
{
    return gateway.name + ": sent " + FormatCount(gateway.framesTx) + " frames (" +
           FormatDuration(gateway.downlinkAirtimeS) + " of air), received " +
           FormatCount(gateway.framesRx) + ", lost " + FormatCount(gateway.framesLostCollision) +
           " to collisions and " + FormatCount(gateway.framesLostDeaf) + " while deaf" +
           (gateway.dutyCycleUsed
                ? "; used up to " + FormatShare(*gateway.dutyCycleUsed) + " of its legal air"
                : "");
}

/// Air of a gateway from the start to the end of each hour in which it sent: hour and s.
Json
MakeAirOverTime(const ReportContext& context, uint32_t gateway)
{
    std::map<uint32_t, double> hours;
    for (const GatewayHourRow& row : context.gatewayHours)
    {
        if (row.gatewayId == gateway)
        {
            hours[row.hour] += row.downlinkAirtimeS;
        }
    }
    Json sums = Json::array();
    double sumS = 0;
    for (const auto& [hour, airS] : hours)
    {
        sumS += airS;
        sums.push_back({hour, RoundTo(sumS, 0.001)});
    }
    return sums;
}

Json
MakeGateways(const ReportContext& context)
{
    Json gateways = Json::array();
    for (const GatewayRow& gateway : context.gateways)
    {
        gateways.push_back({{"name", gateway.name},
                            {"x", gateway.xM},
                            {"y", gateway.yM},
                            {"air", RoundTo(gateway.downlinkAirtimeS, 0.001)},
                            {"hours", MakeAirOverTime(context, gateway.gatewayId)},
                            {"story", TellGateway(gateway)}});
    }
    return gateways;
}

Json
RoundFrames(std::span<const double> frames)
{
    Json rounded = Json::array();
    for (const double frame : frames)
    {
        rounded.push_back(RoundTo(frame, 0.1));
    }
    return rounded;
}

} // namespace

double
ChooseHexagonRadius(std::span<const DevicePoint> points)
{
    const auto [left, right] = std::ranges::minmax(points, {}, &DevicePoint::xM);
    const auto [bottom, top] = std::ranges::minmax(points, {}, &DevicePoint::yM);
    const double sideM = std::max<double>(right.xM - left.xM, top.yM - bottom.yM);
    return std::max(1.0, sideM) / HEXAGONS_ACROSS / std::sqrt(3.0);
}

Json
MakeMapData(const ReportContext& context, const ResultsReader& reader, bool asDots)
{
    const auto events = ReadDeviceEvents(reader, context.run.runId, context.devices.points.size());
    const auto frames =
        events.empty() ? std::vector<double>() : MakeFrames(events, context.run.simS);
    Json map{{"states", MakeStates(context)},
             {"events", DEVICE_EVENT_NAMES},
             {"frames", RoundFrames(frames)},
             {"gateways", MakeGateways(context)}};
    if (asDots)
    {
        Dictionary words;
        map["dots"] = MakeDots(reader, context, events, words);
        map["words"] = words.ToJson();
    }
    else
    {
        map["hexagons"] = MakeHexagons(context, events, frames);
    }
    return map;
}

} // namespace ns3::iotfleet::analysis
