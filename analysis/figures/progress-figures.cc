// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/input-error.h"
#include "analysis/report/strategy-style.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t POINTS{400};

/// How one curve looks; `dash` is gnuplot's dash type.
struct CurveStyle
{
    std::string title;
    std::string color;
    std::string dash;
    bool hasBand{false};
};

/// A block of data: time, median, low, high; shares in per cent.
std::string
MakeBlock(const std::string& name, std::span<const ProgressBand> band, const TimeUnit& unit)
{
    std::string block = "$" + name + " << EOD\n";
    for (const ProgressBand& point : band)
    {
        const auto percent = [](const std::optional<double>& share) {
            return share ? NumberForGnuplot(100 * *share) : std::string("NaN");
        };
        block += NumberForGnuplot(point.tS / unit.divisor) + " " + percent(point.median) + " " +
                 percent(point.low) + " " + percent(point.high) + "\n";
    }
    return block + "EOD\n";
}

/// The commands that draw blocks c0, c1, ... in their styles.
std::string
PlotCurves(std::span<const CurveStyle> styles)
{
    std::string bands;
    std::string lines;
    for (size_t i = 0; i < styles.size(); ++i)
    {
        const std::string block = "$c" + std::to_string(i);
        if (styles[i].hasBand)
        {
            bands += block + " using 1:3:4 with filledcurves fc rgb '" + styles[i].color +
                     "' fs transparent solid " + (styles.size() > 3 ? "0.08" : "0.18") +
                     " noborder notitle, ";
        }
        lines += (i > 0 ? ", " : "") + block + " using 1:2 with lines lw 2 lc rgb '" +
                 styles[i].color + "' dt " + styles[i].dash + " title " +
                 QuoteForGnuplot(styles[i].title);
    }
    return "plot " + bands + lines + "\n";
}

/// Waves as bands behind the curves, with their numbers and what stopped the rollout.
std::string
MarkWaves(const ReportContext& context, const TimeUnit& unit)
{
    std::string script;
    for (const WaveRow& wave : context.waves)
    {
        if (!wave.startedS)
        {
            continue;
        }
        const std::string from = NumberForGnuplot(*wave.startedS / unit.divisor);
        const double endS = wave.endedS.value_or(context.run.simS);
        const std::string to = NumberForGnuplot(endS / unit.divisor);
        script += "set object rectangle from " + from + ", graph 0 to " + to +
                  ", graph 1 behind fc rgb '#eef3f7' fs solid border lc rgb '#d0d7de'\n";
        script += "set label " + QuoteForGnuplot("wave " + std::to_string(wave.wave)) + " at " +
                  from + ", graph 1.03 tc rgb '#57606a'\n";
        if (wave.decision == "abort" || wave.decision == "pause")
        {
            script += "set arrow from " + to + ", graph 0 to " + to + ", graph 1 nohead lw 1.5\n";
            script += "set label " +
                      QuoteForGnuplot((wave.decision == "abort" ? "aborted: " : "paused: ") +
                                      wave.reason) +
                      " at graph 0.01, graph 0.96\n";
        }
    }
    return script;
}

} // namespace

std::string
DrawProgress(const ReportContext& context, const ResultsReader&, const FigureRequest&)
{
    auto runs = context.Own().progress;
    if (runs.empty())
    {
        runs.push_back({context.progress, context.run.devices, 0});
    }
    for (ProgressRun& run : runs)
    {
        run.startS = 0;
    }
    const auto instants = MakeInstants(runs, POINTS);
    const TimeUnit unit = ChooseTimeUnit(instants.back());
    std::string script;
    std::vector<CurveStyle> styles;
    for (const ProgressLine& line : GetProgressLines())
    {
        const bool isSeen = std::ranges::any_of(runs, [&](const ProgressRun& run) {
            return IsEverPositive(run.rows, line);
        });
        if (isSeen && line.name != "believed enrolled")
        {
            script += MakeBlock("c" + std::to_string(styles.size()),
                                MakeBand(runs, line, instants),
                                unit);
            styles.push_back({std::string(line.name),
                              std::string(line.color),
                              line.isBelief ? "2" : "1",
                              runs.size() > 1 && !line.isBelief});
        }
    }
    if (styles.empty())
    {
        throw NothingToDraw("the run recorded no progress: there is nothing to draw");
    }
    return script + MarkWaves(context, unit) + "set xlabel " +
           QuoteForGnuplot("simulated time (" + std::string(unit.name) + ")") +
           "\nset ylabel 'share of all devices (%)'\nset yrange [0:100]\nset xrange [0:" +
           NumberForGnuplot(instants.back() / unit.divisor) + "]\nset tmargin 2.5\n" +
           PlotCurves(styles);
}

std::string
DrawCompare(const ReportContext& context, const ResultsReader&, const FigureRequest& request)
{
    const auto lines = GetProgressLines();
    const auto line = std::ranges::find(lines, request.line, &ProgressLine::name);
    if (line == lines.end())
    {
        std::string names;
        for (const ProgressLine& one : lines)
        {
            names += (names.empty() ? "" : ", ") + std::string(one.name);
        }
        throw InputError("--line: found \"" + request.line + "\", expected one of " + names);
    }
    std::vector<ProgressRun> all;
    for (const Variant& variant : context.variants)
    {
        all.insert(all.end(), variant.progress.begin(), variant.progress.end());
    }
    const auto instants = MakeInstants(all, POINTS);
    const TimeUnit unit = ChooseTimeUnit(instants.back());
    std::string script;
    std::vector<CurveStyle> styles;
    for (const Variant& variant : context.variants)
    {
        const size_t number = styles.size();
        script += MakeBlock("c" + std::to_string(number),
                            MakeBand(variant.progress, *line, instants),
                            unit);
        styles.push_back({variant.name,
                          std::string(ColorOfStrategy(number).light),
                          std::to_string(number % STRATEGY_STROKES + 1),
                          variant.progress.size() > 1});
    }
    return script + KeyBelow() + "set xlabel " +
           QuoteForGnuplot("time since the rollout began (" + std::string(unit.name) + ")") +
           "\nset ylabel " + QuoteForGnuplot("devices " + request.line + " (% of all)") +
           "\nset yrange [0:*]\nset xrange [0:" + NumberForGnuplot(instants.back() / unit.divisor) +
           "]\n" + PlotCurves(styles);
}

} // namespace ns3::iotfleet::analysis
