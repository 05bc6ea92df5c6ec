// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/comparison.h"
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/input-error.h"
#include "analysis/report/progress-lines.h"
#include "analysis/report/report-context.h"
#include "analysis/report/strategy-style.h"
#include "analysis/report/verdict.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::json;

constexpr size_t CURVE_POINTS{200};
/// More curves than this are not told apart.
constexpr size_t MAX_CURVES{14};
/// Lines of the progress that the reader may compare.
constexpr std::array<std::string_view, 8> LINES{"updated",
                                                "believed updated",
                                                "notified",
                                                "received",
                                                "failed",
                                                "bricked",
                                                "compromised",
                                                "quarantined"};

Json
OptionalNumber(const std::optional<double>& value)
{
    return value ? Json(std::round(*value * 1e5) / 1e5) : Json();
}

/// The curves of all variants on one line; null if none is ever above zero there.
Json
MakeCurves(const std::vector<Variant>& variants,
           const ProgressLine& line,
           std::span<const double> instants)
{
    Json curves = Json::array();
    bool isIdle = true;
    for (size_t i = 0; i < std::min(variants.size(), MAX_CURVES); ++i)
    {
        Json low = Json::array();
        Json median = Json::array();
        Json high = Json::array();
        for (const ProgressBand& point : MakeBand(variants[i].progress, line, instants))
        {
            low.push_back(OptionalNumber(point.low));
            median.push_back(OptionalNumber(point.median));
            high.push_back(OptionalNumber(point.high));
            isIdle = isIdle && point.high.value_or(0) <= 0;
        }
        curves.push_back({{"median", std::move(median)}});
        if (variants[i].progress.size() > 1)
        {
            curves.back()["low"] = std::move(low);
            curves.back()["high"] = std::move(high);
        }
    }
    return isIdle ? Json() : curves;
}

std::string_view
KindOf(const MetricDefinition& metric)
{
    return metric.unit == "s"           ? "duration"
           : IsShareMetric(metric.name) ? "share"
           : metric.unit == "1"         ? "count"
                                        : "number";
}

/// What a metric was in each variant: mean, interval and the value of each run; null without.
Json
MakeMetric(const std::vector<Variant>& variants, const std::string& name)
{
    const auto definition = *FindMetric(name);
    Json values = Json::array();
    for (const Variant& variant : variants)
    {
        const auto estimate = variant.Estimate(name);
        if (!estimate)
        {
            values.push_back(nullptr);
            continue;
        }
        Json runs = Json::array();
        for (const auto& value : variant.metrics.at(name))
        {
            runs.push_back(*value);
        }
        values.push_back({{"mean", estimate->mean},
                          {"low", estimate->low},
                          {"high", estimate->high},
                          {"runs", std::move(runs)}});
    }
    return {{"name", name},
            {"unit", variants.front().UnitOf(name) == "1" ? "" : variants.front().UnitOf(name)},
            {"kind", KindOf(definition)},
            {"title", MetricTitle(name)},
            {"meaning", definition.meaning},
            {"larger", FindSense(name).preference == Preference::MORE},
            {"values", std::move(values)}};
}

/// The first of some metrics that most variants have.
std::string
ChooseMetric(const std::vector<Variant>& variants, std::initializer_list<std::string_view> wanted)
{
    std::string best;
    size_t most = 0;
    for (const std::string_view name : wanted)
    {
        const auto count =
            static_cast<size_t>(std::ranges::count_if(variants, [&](const Variant& variant) {
                return variant.Estimate(name).has_value();
            }));
        if (count > most)
        {
            best = name;
            most = count;
        }
    }
    return best;
}

Json
MakeData(const std::vector<Variant>& variants)
{
    Json data{{"variants", Json::array()}, {"lines", Json::array()}, {"metrics", Json::array()}};
    std::vector<ProgressRun> all;
    for (size_t i = 0; i < variants.size(); ++i)
    {
        const auto color = ColorOfStrategy(i);
        data["variants"].push_back({{"name", variants[i].name},
                                    {"runs", variants[i].runs.size()},
                                    {"color", color.light},
                                    {"colorDark", color.dark},
                                    {"mark", MarkOfStrategy(i)},
                                    {"stroke", i % STRATEGY_STROKES}});
        all.insert(all.end(), variants[i].progress.begin(), variants[i].progress.end());
    }
    const auto instants = MakeInstants(all, CURVE_POINTS);
    data["t"] = Json::array();
    for (const double tS : instants)
    {
        data["t"].push_back(std::round(tS));
    }
    for (const std::string_view name : LINES)
    {
        Json curves = MakeCurves(variants, GetProgressLine(name), instants);
        if (!curves.is_null())
        {
            data["lines"].push_back({{"name", name}, {"curves", std::move(curves)}});
        }
    }
    for (const std::string& name : ListCommonMetrics(variants))
    {
        if (FindSense(name).preference != Preference::NEITHER)
        {
            data["metrics"].push_back(MakeMetric(variants, name));
        }
    }
    data["x"] = ChooseMetric(variants,
                             {"time_to_99_updated_s",
                              "time_to_95_updated_s",
                              "time_to_50_updated_s",
                              "devices_updated",
                              "enrol_s_p95"});
    data["y"] = ChooseMetric(
        variants,
        {"cost_total", "energy_per_device_j_mean", "downlink_airtime_s", "uplink_airtime_s"});
    return data;
}

/// "31 h", and under it "29 h to 34 h" where the runs differ.
std::string
ShowEstimate(const Variant& variant, std::string_view metric, std::string_view unit)
{
    const auto estimate = variant.Estimate(metric);
    if (!estimate)
    {
        const size_t reached = variant.CountReached(metric);
        return reached == 0 ? "–"
                            : "in " + std::to_string(reached) + " of " +
                                  std::to_string(variant.runs.size()) + " runs only";
    }
    const auto show = [&](double value) { return Unbroken(FormatMetric(metric, unit, value)); };
    std::string text = show(estimate->mean);
    if (estimate->low < estimate->high)
    {
        text += "\n" + show(std::max(0.0, estimate->low)) + " to\u00a0" + show(estimate->high);
    }
    return text;
}

/// A metric and the heading of its column.
using MetricColumn = std::pair<std::string_view, std::string_view>;

/// Those columns in which any strategy has a value; empty without any.
std::string
MakeTable(const std::vector<Variant>& variants,
          std::string_view caption,
          std::span<const MetricColumn> columns)
{
    HtmlTable table(std::string(caption) +
                    ": means over the runs of a strategy, and their 95 % intervals");
    table.FoldWhenNarrow();
    table.AddColumn("strategy", HtmlTable::Align::LEFT);
    table.AddColumn("runs");
    std::vector<std::string_view> shown;
    for (const auto& [name, label] : columns)
    {
        if (std::ranges::any_of(variants, [&, metric = name](const Variant& variant) {
                return variant.CountReached(metric) > 0;
            }))
        {
            table.AddColumn(label);
            shown.push_back(name);
        }
    }
    for (const Variant& variant : variants)
    {
        std::vector<std::string> cells{variant.name, FormatCount(variant.runs.size())};
        for (const std::string_view metric : shown)
        {
            cells.push_back(ShowEstimate(variant, metric, variant.UnitOf(metric)));
        }
        table.AddRow(cells);
    }
    return shown.empty() ? "" : "<div class=\"wrap\">" + table.ToHtml() + "</div>\n";
}

/// Two tables, because all columns in one are wider than any paper.
std::string
MakeTables(const std::vector<Variant>& variants)
{
    static constexpr std::array<MetricColumn, 6> SUCCESS{{
        {"devices_updated", "devices updated"},
        {"time_to_50_updated_s", "until 50 %"},
        {"time_to_95_updated_s", "until 95 %"},
        {"time_to_99_updated_s", "until 99 %"},
        {"harmed_before_abort", "harmed before abort"},
        {"devices_bricked", "bricked"},
    }};
    static constexpr std::array<MetricColumn, 7> COST{{
        {"energy_per_device_j_mean", "energy per device"},
        {"battery_days_lost_mean", "battery life per device"},
        {"downlink_airtime_s", "air of gateways"},
        {"max_duty_cycle_used", "legal air, busiest gateway"},
        {"repair_share", "repair"},
        {"telemetry_delivered_share", "telemetry delivered"},
        {"cost_total", "cost"},
    }};
    return MakeTable(variants, "How fast and how safe", SUCCESS) +
           MakeTable(variants, "What it cost", COST);
}

/// "-3.1 h", and under it "-4 h to -2.2 h"; a dash without pairs.
std::string
ShowDifference(const ComparedMetric& row)
{
    if (row.difference.pairs == 0)
    {
        return "–";
    }
    const auto show = [&](double value) {
        const std::string size = FormatDifference(row.metric, row.unit, value);
        return (value < 0 ? "−" : value > 0 ? "+" : "") + Unbroken(size);
    };
    std::string text = show(row.difference.estimate);
    if (row.difference.low && row.difference.high)
    {
        text += "\n" + show(*row.difference.low) + " to\u00a0" + show(*row.difference.high);
    }
    return text;
}

HtmlTable
StartDifferences(const std::string& caption)
{
    HtmlTable table(caption);
    table.AddColumn("metric", HtmlTable::Align::LEFT);
    table.AddColumn("strategy", HtmlTable::Align::LEFT);
    table.AddColumn("pairs");
    table.AddColumn("difference, 95 % interval");
    table.AddColumn("p, adjusted");
    table.AddColumn("verdict", HtmlTable::Align::LEFT);
    return table;
}

void
AddDifference(const ComparedMetric& row, HtmlTable& table)
{
    table.AddRow({row.metric,
                  row.group,
                  FormatCount(row.difference.pairs),
                  ShowDifference(row),
                  row.adjustedP < 0.001 ? "< 0.001" : FormatNumber(row.adjustedP),
                  row.sentence});
}

/// Every strategy against the first, pair by pair.
std::string
MakeDifferences(const ResultsReader& reader)
{
    Comparison comparison;
    try
    {
        comparison = Compare(reader, {});
    }
    catch (const InputError& error)
    {
        return "<h3>Differences pair by pair</h3>" +
               Paragraph(std::string("Runs cannot be paired: ") + error.what());
    }
    const auto isTold = [](const ComparedMetric& row) {
        return row.verdict == CompareVerdict::BETTER || row.verdict == CompareVerdict::WORSE ||
               row.verdict == CompareVerdict::DIFFERENT;
    };
    HtmlTable told = StartDifferences("Differences from “" + comparison.baseline + "”");
    HtmlTable rest = StartDifferences("No difference, or none that can be told");
    size_t untold = 0;
    for (const ComparedMetric& row : comparison.rows)
    {
        untold += isTold(row) ? 0 : 1;
        AddDifference(row, isTold(row) ? told : rest);
    }
    std::string html =
        "<h3>Differences pair by pair</h3>" +
        Paragraph("Two runs with the same seed share their random draws, so that their difference "
                  "is the strategies'. The p-values are corrected for " +
                  FormatCount(comparison.tests) +
                  " tests (Holm). The command compare gives the same with other baselines and "
                  "metrics.");
    html += told.IsEmpty() ? Paragraph("No difference from “" + comparison.baseline +
                                       "” can be told with these runs.")
                           : "<div class=\"wrap\">" + told.ToHtml() + "</div>\n";
    if (untold > 0)
    {
        html += Folded(FormatCount(untold) + " comparisons without a difference that can be told",
                       "<div class=\"wrap\">" + rest.ToHtml() + "</div>");
    }
    return html;
}

std::string
MakeParetoChart(const Json& data)
{
    if (data["x"] == "" || data["y"] == "" || data["metrics"].size() < 2)
    {
        return "";
    }
    return "<h3>Two metrics against each other</h3>" +
           Paragraph(
               "Each mark is a strategy: its mean, with 95 % intervals as lines and single "
               "runs as small dots. The line joins the strategies that no other beats in both "
               "metrics (the Pareto front), by their means. A strategy that has no value in "
               "one of its runs is not shown.") +
           "<div class=\"controls\"><label>along <select "
           "id=\"pareto-x\"></select></label><label>up "
           "<select id=\"pareto-y\"></select></label></div>"
           "<div class=\"chart tall\" id=\"pareto-chart\" role=\"img\" aria-label=\"Strategies by "
           "two "
           "metrics; the tables above hold the most important ones\"></div>\n"
           "<div class=\"marks-legend\" id=\"pareto-legend\"></div>\n"
           "<p id=\"pareto-front\" aria-live=\"polite\"></p>\n";
}

std::string
MakeProgressChart(const std::vector<Variant>& variants, const Json& data)
{
    if (data["lines"].empty())
    {
        return "";
    }
    const size_t runs = std::ranges::max(variants, {}, [](const Variant& variant) {
                            return variant.progress.size();
                        }).progress.size();
    const std::string bands =
        runs > 1 ? " Drawn are " + DescribeBand(runs) + " of a strategy." : "";
    const std::string note =
        variants.size() > MAX_CURVES
            ? " The first " + std::to_string(MAX_CURVES) + " strategies are drawn."
            : "";
    return "<h3>Progress</h3>" +
           Paragraph("Time counts from the start of the rollout." + bands + note) +
           "<div class=\"controls\"><label>devices <select id=\"strategies-line\"></select></label>"
           "</div><div class=\"legend\" id=\"strategies-legend\" role=\"group\" "
           "aria-label=\"Curves "
           "of the strategies\"></div><div class=\"chart tall\" id=\"strategies-chart\" "
           "role=\"img\" "
           "aria-label=\"Share of devices over time, a curve per strategy; the table below holds "
           "the "
           "times\"></div>\n";
}

} // namespace

std::string
MakeStrategiesSection(const ReportContext& context, const ResultsReader& reader, Json& data)
{
    const auto& variants = context.variants;
    if (variants.size() < 2)
    {
        return "";
    }
    data["strategies"] = MakeData(variants);
    return "<section id=\"strategies\" aria-labelledby=\"h-strategies\">\n<h2 "
           "id=\"h-strategies\">Strategies side by side</h2>\n" +
           MakeProgressChart(variants, data["strategies"]) + MakeTables(variants) +
           MakeDifferences(reader) + MakeParetoChart(data["strategies"]) + "</section>\n";
}

} // namespace ns3::iotfleet::analysis
