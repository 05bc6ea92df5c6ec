// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/input-error.h"

#include <algorithm>
#include <array>

namespace ns3::iotfleet::analysis
{

std::span<const FigureDefinition>
ListFigures()
{
    static constexpr std::array<FigureDefinition, 8> FIGURES{{
        {"progress",
         "shares of devices over time, truth and belief; median and band of several runs",
         DrawProgress},
        {"compare", "progress of each strategy, with bands (--line)", DrawCompare},
        {"pareto", "strategies by two metrics (--x, --y)", DrawPareto},
        {"map", "devices by state where they stand (--at), or hexagons of many", DrawMap},
        {"waves", "what became of the devices of each wave", DrawWaves},
        {"air", "legal air that each gateway used, hour by hour", DrawAir},
        {"energy", "energy of the campaign per device", DrawEnergy},
        {"battery", "battery life spent per device", DrawBattery},
    }};
    return FIGURES;
}

void
WriteFigure(const FigureRequest& request)
{
    const auto figures = ListFigures();
    const auto figure = std::ranges::find(figures, request.figure, &FigureDefinition::name);
    if (figure == figures.end())
    {
        std::string names;
        for (const FigureDefinition& one : figures)
        {
            names += (names.empty() ? "" : ", ") + std::string(one.name);
        }
        throw InputError("--figure: found \"" + request.figure + "\", expected one of " + names);
    }
    TerminalFor(request.output); // an unusable name is told before the database is read
    const ResultsReader reader(request.database);
    const ReportContext context = ReadReportContext(reader, request.variant);
    std::string script;
    try
    {
        script = figure->make(context, reader, request);
    }
    catch (const NothingToDraw& error)
    {
        throw InputError(request.database.string() + ": " + error.what());
    }
    DrawFigure(CommonStyle() + script, request.output);
}

std::string
CommonStyle()
{
    return "set border 3 lc rgb '#57606a'\n"
           "set grid lc rgb '#d0d7de' lt 1\n"
           "set tics nomirror textcolor rgb '#1b1f24'\n"
           "set key outside right top noopaque samplen 3 spacing 1.2\n"
           "set datafile missing 'NaN'\n";
}

std::string
KeyBelow()
{
    return "set key outside below left Left reverse height 0.6\n";
}

TimeUnit
ChooseTimeUnit(double lengthS)
{
    if (lengthS <= 600)
    {
        return {1, "s"};
    }
    if (lengthS <= 3 * 3600)
    {
        return {60, "min"};
    }
    return lengthS <= 4 * 86400 ? TimeUnit{3600, "h"} : TimeUnit{86400, "d"};
}

} // namespace ns3::iotfleet::analysis
