// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/metric-sense.h"
#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/format.h"
#include "analysis/input-error.h"
#include "analysis/report/strategy-style.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

/// An axis: values are divided by `divisor`.
struct MetricAxis
{
    std::string metric;
    double divisor{1};
    std::string title;
};

MetricAxis
MakeAxis(const std::vector<Variant>& variants,
         std::string_view option,
         const std::string& wanted,
         std::span<const std::string_view> choices)
{
    const auto names = ListCommonMetrics(variants);
    const auto isKnown = [&](std::string_view name) {
        return std::ranges::find(names, name) != names.end();
    };
    std::string metric = wanted;
    if (metric.empty())
    {
        const auto choice = std::ranges::find_if(choices, isKnown);
        metric = choice == choices.end() ? "" : std::string(*choice);
    }
    if (metric.empty() || !isKnown(metric))
    {
        std::string accepted;
        for (const std::string& name : names)
        {
            accepted += (accepted.empty() ? "" : ", ") + name;
        }
        const std::string expected = " with a value in every run of a strategy";
        if (metric.empty())
        {
            throw NothingToDraw("found no metric" + expected);
        }
        throw InputError(std::string(option) + ": found \"" + metric + "\", expected a metric" +
                         expected + ": " + accepted);
    }
    double most = 0;
    for (const Variant& variant : variants)
    {
        const auto estimate = variant.Estimate(metric);
        most = std::max(most, estimate ? estimate->high : 0);
    }
    const std::string title = MetricTitle(metric);
    const std::string unit = variants.front().UnitOf(metric);
    if (unit == "s")
    {
        const TimeUnit time = ChooseTimeUnit(most);
        return {metric, time.divisor, title + " (" + std::string(time.name) + ")"};
    }
    if (IsShareMetric(metric))
    {
        return {metric, 0.01, title + " (%)"};
    }
    return {metric, 1, unit == "1" ? title : title + " (" + unit + ")"};
}

std::string
MakePoint(const Variant& variant, const MetricAxis& x, const MetricAxis& y)
{
    const MeanInterval along = *variant.Estimate(x.metric);
    const MeanInterval up = *variant.Estimate(y.metric);
    std::string row;
    for (const double value : {along.mean / x.divisor,
                               up.mean / y.divisor,
                               std::max(along.low, 0.0) / x.divisor,
                               along.high / x.divisor,
                               std::max(up.low, 0.0) / y.divisor,
                               up.high / y.divisor})
    {
        row += NumberForGnuplot(value) + " ";
    }
    return row + "\n";
}

} // namespace

std::string
DrawPareto(const ReportContext& context, const ResultsReader&, const FigureRequest& request)
{
    const auto& variants = context.variants;
    constexpr std::array<std::string_view, 5> TIMES{"time_to_99_updated_s",
                                                    "time_to_95_updated_s",
                                                    "time_to_50_updated_s",
                                                    "devices_updated",
                                                    "enrol_s_p95"};
    constexpr std::array<std::string_view, 4> COSTS{"cost_total",
                                                    "energy_per_device_j_mean",
                                                    "downlink_airtime_s",
                                                    "uplink_airtime_s"};
    const MetricAxis x = MakeAxis(variants, "--x", request.x, TIMES);
    const MetricAxis y = MakeAxis(variants, "--y", request.y, COSTS);
    constexpr std::array<int, 5> MARKS{7, 5, 9, 13, 11};
    // Later marks are smaller, so that those of equal strategies are seen around each other.
    constexpr size_t SIZES = 4;
    std::string blocks;
    std::string plots;
    for (size_t i = 0; i < variants.size(); ++i)
    {
        if (!variants[i].Estimate(x.metric) || !variants[i].Estimate(y.metric))
        {
            continue;
        }
        const std::string block = "$v" + std::to_string(i);
        blocks += block + " << EOD\n" + MakePoint(variants[i], x, y) + "EOD\n";
        plots += ", " + block + " using 1:2:3:4:5:6 with xyerrorbars pt " +
                 std::to_string(MARKS[i % MARKS.size()]) + " ps " +
                 NumberForGnuplot(1.9 - 0.35 * static_cast<double>(i % SIZES)) +
                 " lw 1.2 lc rgb '" + std::string(ColorOfStrategy(i).light) + "' title " +
                 QuoteForGnuplot(variants[i].name);
    }
    auto front = FindParetoFront(variants, x.metric, y.metric);
    std::ranges::sort(front, {}, [&](const std::string& name) {
        return std::ranges::find(variants, name, &Variant::name)->Estimate(x.metric)->mean;
    });
    blocks += "$front << EOD\n";
    for (const std::string& name : front)
    {
        blocks += MakePoint(*std::ranges::find(variants, name, &Variant::name), x, y);
    }
    return blocks + "EOD\n" + KeyBelow() + "set xlabel " + QuoteForGnuplot(x.title) +
           "\nset ylabel " + QuoteForGnuplot(y.title) +
           "\nset offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05\n"
           "set xrange [0<*:*]\nset yrange [0<*:*]\n"
           "plot $front using 1:2 with lines lc rgb '#57606a' dt 2 title 'Pareto front'" +
           plots + "\n";
}

} // namespace ns3::iotfleet::analysis
