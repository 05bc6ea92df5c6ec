// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/format.h"
#include "analysis/input-error.h"
#include "analysis/report/device-replay.h"
#include "analysis/report/hexagon-timeline.h"
#include "analysis/report/map-data.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ns3::iotfleet::analysis
{

namespace
{

/// How gnuplot marks a state: a point type and its size, as near to the report's shapes as it has.
struct Mark
{
    int type;
    double size;
};

/// Indexed by ReportState.
constexpr std::array<Mark, REPORT_STATES> MARKS{
    {{2, 0.8}, {13, 0.9}, {12, 0.9}, {9, 0.8}, {4, 0.7}, {6, 0.5}, {11, 0.55}, {7, 0.2}, {7, 0.5}}};

/// Devices with the state that they were in at an instant; empty: at the end.
std::vector<DevicePoint>
PointsAt(const ReportContext& context, const ResultsReader& reader, std::optional<double> atS)
{
    auto points = context.devices.points;
    if (points.empty())
    {
        throw NothingToDraw("the run recorded no devices: there is no map");
    }
    if (!atS)
    {
        return points;
    }
    if (*atS < 0 || *atS > context.run.simS)
    {
        throw InputError("--at: found " + FormatDuration(*atS) +
                         ", expected an instant of the run, from 0 s to " +
                         FormatDuration(context.run.simS));
    }
    const auto events = ReadDeviceEvents(reader, context.run.runId, points.size());
    if (events.empty())
    {
        throw NothingToDraw(
            "the run kept no instants of its devices (/record/events): only the map of "
            "the end can be drawn");
    }
    DeviceReplay replay(points.size());
    for (const auto& [tS, device, event] : events)
    {
        if (tS <= *atS)
        {
            replay.Apply(device, event);
        }
    }
    for (uint32_t device = 0; device < points.size(); ++device)
    {
        points[device].state = replay.GetState(device);
    }
    return points;
}

/// Metres, or kilometres where the map is large.
TimeUnit
ChooseLength(std::span<const DevicePoint> points)
{
    const bool isLarge = std::ranges::any_of(points, [](const DevicePoint& point) {
        return std::abs(point.xM) > 2000 || std::abs(point.yM) > 2000;
    });
    return isLarge ? TimeUnit{1000, "km"} : TimeUnit{1, "m"};
}

/// The gravest states last, above the others.
std::string
PlotDots(std::span<const DevicePoint> points, double divisor, std::string& blocks)
{
    std::string plots;
    const double shrink = points.size() > 3000 ? 0.5 : points.size() > 500 ? 1 : 1.6;
    for (size_t state = REPORT_STATES; state-- > 0;)
    {
        std::string rows;
        size_t count = 0;
        for (const DevicePoint& point : points)
        {
            if (static_cast<size_t>(point.state) == state)
            {
                ++count;
                rows += NumberForGnuplot(point.xM / divisor) + " " +
                        NumberForGnuplot(point.yM / divisor) + "\n";
            }
        }
        if (count == 0)
        {
            continue;
        }
        const StateStyle& style = STATE_STYLES[state];
        const std::string block = "$s" + std::to_string(state);
        blocks += block + " << EOD\n" + rows + "EOD\n";
        plots += block + " using 1:2 with points pt " + std::to_string(MARKS[state].type) + " ps " +
                 NumberForGnuplot(shrink * MARKS[state].size) + " lc rgb '" +
                 std::string(style.color) + "' title " +
                 QuoteForGnuplot(std::string(style.label) + " (" + FormatCount(count) + ")") + ", ";
    }
    return plots;
}

/// The report's colours of shares: from nothing to the green of updated devices.
constexpr std::string_view PALETTE{
    "set palette defined (0 '#E0E6EB', 1 '#009E73')\nset cbrange [0:100]\n"
    "set cblabel 'devices updated (%)'\n"};

std::string
ColorOfShare(double share)
{
    constexpr std::array<double, 3> NONE{224, 230, 235};
    constexpr std::array<double, 3> ALL{0, 158, 115};
    unsigned color = 0;
    for (size_t i = 0; i < 3; ++i)
    {
        const double part = std::lerp(NONE[i], ALL[i], std::clamp(share, 0.0, 1.0));
        color = color * 256 + static_cast<unsigned>(std::lround(part));
    }
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%06x", color);
    return text.data();
}

/// Hexagons as objects, since no plot style fills polygons by a palette.
std::string
MakeHexagons(std::span<const DevicePoint> points, double divisor)
{
    const double radiusM = ChooseHexagonRadius(points);
    HexagonTimeline timeline(radiusM, points);
    timeline.CountEnd();
    std::string script{PALETTE};
    for (const auto& cell : timeline.GetCells())
    {
        double total = 0;
        double updated = 0;
        for (size_t state = 0; state < REPORT_STATES; ++state)
        {
            const auto& changes = cell.states[state];
            const double count = changes.empty() ? 0 : changes.back().count;
            total += count;
            updated += static_cast<ReportState>(state) == ReportState::UPDATED ? count : 0;
        }
        script += "set object polygon";
        for (int corner = 0; corner <= 6; ++corner)
        {
            const double angle = (2 * (corner % 6) + 1) * std::numbers::pi / 6;
            script += (corner == 0 ? " from " : " to ") +
                      NumberForGnuplot((cell.xM + radiusM * std::cos(angle)) / divisor) + "," +
                      NumberForGnuplot((cell.yM + radiusM * std::sin(angle)) / divisor);
        }
        script += " fs solid noborder fc rgb '" + ColorOfShare(updated / total) + "'\n";
    }
    return script;
}

/// Axes around all devices and gateways, since hexagons alone set none.
std::string
SetRanges(const ReportContext& context, double divisor)
{
    std::vector<double> xs;
    std::vector<double> ys;
    for (const DevicePoint& point : context.devices.points)
    {
        xs.push_back(point.xM / divisor);
        ys.push_back(point.yM / divisor);
    }
    for (const GatewayRow& gateway : context.gateways)
    {
        xs.push_back(gateway.xM / divisor);
        ys.push_back(gateway.yM / divisor);
    }
    const double pad = 2 * ChooseHexagonRadius(context.devices.points) / divisor;
    const auto range = [pad](const std::vector<double>& values) {
        const auto [low, high] = std::ranges::minmax(values);
        return "[" + NumberForGnuplot(low - pad) + ":" + NumberForGnuplot(high + pad) + "]\n";
    };
    return "set xrange " + range(xs) + "set yrange " + range(ys);
}

} // namespace

std::string
DrawMap(const ReportContext& context, const ResultsReader& reader, const FigureRequest& request)
{
    const auto points = PointsAt(context, reader, request.atS);
    const TimeUnit length = ChooseLength(points);
    std::string script;
    std::string plots;
    if (points.size() <= MAX_DOTS)
    {
        plots = PlotDots(points, length.divisor, script);
    }
    else
    {
        script = MakeHexagons(points, length.divisor);
        script += SetRanges(context, length.divisor);
        // A curve without a point in the palette brings the scale of colours.
        script += "$none << EOD\n0 0\nEOD\n";
        plots = "$none using 1:2:(NaN) with points lc palette notitle, ";
    }
    script += "$gateways << EOD\n";
    for (const GatewayRow& gateway : context.gateways)
    {
        script += NumberForGnuplot(gateway.xM / length.divisor) + " " +
                  NumberForGnuplot(gateway.yM / length.divisor) + "\n";
    }
    const std::string time = FormatDuration(request.atS.value_or(context.run.simS));
    return script + "EOD\nset size ratio -1\nset xlabel " +
           QuoteForGnuplot("east (" + std::string(length.name) + ")") + "\nset ylabel " +
           QuoteForGnuplot("north (" + std::string(length.name) + ")") + "\nset title " +
           QuoteForGnuplot("after " + time) + "\nunset grid\nplot " + plots +
           "$gateways using 1:2 with points pt 4 ps 1.3 lw 1.5 lc rgb '#000000' title 'gateways'\n";
}

} // namespace ns3::iotfleet::analysis
