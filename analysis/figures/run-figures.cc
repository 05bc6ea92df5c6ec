// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/report/heat-map.h"
#include "analysis/report/histogram.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Above the limit, in per cent, beyond what a frame on the border between two clock hours
/// explains.
constexpr double MARKED{101};

std::string
DrawHistogram(const std::vector<double>& sorted, const std::string& color, const std::string& title)
{
    if (sorted.empty())
    {
        throw NothingToDraw("the run holds no energy of a campaign: there is nothing to draw");
    }
    const Histogram histogram = MakeHistogram(sorted);
    std::string block = "$bins << EOD\n";
    for (size_t i = 0; i < histogram.counts.size(); ++i)
    {
        block +=
            NumberForGnuplot(histogram.start + (static_cast<double>(i) + 0.5) * histogram.width) +
            " " + std::to_string(histogram.counts[i]) + "\n";
    }
    return block + "EOD\nset boxwidth " + NumberForGnuplot(histogram.width) + "\nset xlabel " +
           QuoteForGnuplot(title) + "\nset ylabel 'devices'\nset xrange [" +
           NumberForGnuplot(histogram.start) + ":" +
           NumberForGnuplot(histogram.start +
                            static_cast<double>(histogram.counts.size()) * histogram.width) +
           "]\nset yrange [0:*]\nset style fill solid border lc rgb "
           "'#ffffff'\nplot $bins using 1:2 with boxes lc rgb '" +
           color + "' notitle\n";
}

} // namespace

std::string
DrawWaves(const ReportContext& context, const ResultsReader&, const FigureRequest&)
{
    std::string block = "$waves << EOD\n";
    std::string tics;
    size_t place = 0;
    for (const WaveRow& wave : context.waves)
    {
        if (!wave.startedS)
        {
            continue;
        }
        block += std::to_string(wave.succeeded) + " " + std::to_string(wave.failed) + " " +
                 std::to_string(wave.unreported) + "\n";
        const std::string name =
            std::to_string(wave.wave) + (wave.name.empty() ? "" : " · " + wave.name);
        tics += (tics.empty() ? "" : ", ") + QuoteForGnuplot(name) + " " + std::to_string(place++);
    }
    if (place == 0)
    {
        throw NothingToDraw("the run holds no wave of a rollout: there is nothing to draw");
    }
    return block +
           "EOD\nset style data histograms\nset style histogram rowstacked\n"
           "set boxwidth 0.7\nset xlabel 'wave'\nset ylabel 'devices, as reported'\n"
           "set yrange [0:*]\nset xtics (" +
           tics + ")" + (place > 6 ? " rotate by -45" : "") +
           "\nplot $waves using 1 fs solid lc rgb '#009E73' title 'succeeded', "
           "$waves using 2 fs pattern 2 lc rgb '#E69F00' title 'failed', "
           "$waves using 3 fs pattern 4 lc rgb '#767676' title 'unreported'\n";
}

std::string
DrawAir(const ReportContext& context, const ResultsReader&, const FigureRequest&)
{
    const HeatMap map = MakeHeatMap(context.gateways, context.gatewayHours, context.run.simS);
    if (map.cells.empty())
    {
        throw NothingToDraw("no gateway of the run sent anything: there is nothing to draw");
    }
    std::vector<std::vector<double>> shares(map.gateways.size(),
                                            std::vector<double>(map.columns, 0));
    double most = 0;
    for (const HeatMap::Cell& cell : map.cells)
    {
        shares[cell.row][cell.column] = 100 * cell.share;
        most = std::max(most, 100 * cell.share);
    }
    std::string block = "$air << EOD\n";
    std::string tics;
    for (size_t row = 0; row < shares.size(); ++row)
    {
        for (size_t column = 0; column < map.columns; ++column)
        {
            const auto hour = static_cast<double>(map.firstHour + column * map.hoursPerColumn);
            block += NumberForGnuplot(hour + map.hoursPerColumn / 2.0) + " " + std::to_string(row) +
                     " " + NumberForGnuplot(shares[row][column]) + "\n";
        }
        tics +=
            (row > 0 ? ", " : "") + QuoteForGnuplot(map.gateways[row]) + " " + std::to_string(row);
    }
    const std::string top = map.hasLimit ? "100" : NumberForGnuplot(most);
    return block +
           "EOD\nset palette defined (0 '#eaf3fa', 0.33 '#56B4E9', 0.66 '#0072B2', 1 "
           "'#00304d')\nset cbrange [0:" +
           top + "]\nset cblabel " +
           QuoteForGnuplot(map.hasLimit ? "air used (% of the legal limit of an hour)"
                                        : "air used (% of the hour)") +
           "\nset xlabel 'hour of the simulation'\nset yrange [" +
           NumberForGnuplot(static_cast<double>(shares.size()) - 0.5) + ":-0.5]\nset ytics (" +
           tics +
           ")\nunset grid\nunset key\n"
           "plot $air using 1:2:3 with image" +
           (most > MARKED && map.hasLimit ? ", $air using 1:($3 > " + NumberForGnuplot(MARKED) +
                                                " ? $2 : NaN) with points pt 2 lc rgb '#D55E00'"
                                          : "") +
           "\n";
}

std::string
DrawEnergy(const ReportContext& context, const ResultsReader&, const FigureRequest&)
{
    return DrawHistogram(context.devices.campaignEnergyJ,
                         "#0072B2",
                         "energy of the campaign per device (J)");
}

std::string
DrawBattery(const ReportContext& context, const ResultsReader&, const FigureRequest&)
{
    return DrawHistogram(context.devices.batteryDays,
                         "#009E73",
                         "battery life spent per device (days)");
}

} // namespace ns3::iotfleet::analysis
