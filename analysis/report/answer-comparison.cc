// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/report-context.h"
#include "analysis/report/verdict.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>

namespace ns3::iotfleet::analysis
{

namespace
{

/// "31 h (95 % interval 29 h to 34 h, 5 runs)"
std::string
ShowMean(const Variant& variant, std::string_view metric)
{
    const auto estimate = *variant.Estimate(metric);
    const std::string_view unit = FindMetric(metric)->unit;
    std::string text = FormatMetric(metric, unit, estimate.mean);
    if (variant.runs.size() > 1)
    {
        text += " (95 % interval " + FormatMetric(metric, unit, std::max(0.0, estimate.low)) +
                " to " + FormatMetric(metric, unit, estimate.high) + ")";
    }
    return text;
}

/// The variants that have an estimate of a metric, the best first.
std::vector<const Variant*>
Rank(const std::vector<Variant>& variants, std::string_view metric)
{
    std::vector<const Variant*> ranked;
    for (const Variant& variant : variants)
    {
        if (variant.Estimate(metric))
        {
            ranked.push_back(&variant);
        }
    }
    std::ranges::stable_sort(ranked, {}, [&](const Variant* variant) {
        return *variant->Penalty(metric);
    });
    return ranked;
}

/// "“a” was the fastest on average: 99 % updated after 31 h; “f” the slowest: 60 h."
std::string
DescribeExtremes(const std::vector<Variant>& variants,
                 std::string_view metric,
                 std::string_view best,
                 std::string_view worst,
                 std::string_view what)
{
    const auto ranked = Rank(variants, metric);
    if (ranked.size() < 2)
    {
        return "";
    }
    const double first = ranked.front()->Estimate(metric)->mean;
    const double last = ranked.back()->Estimate(metric)->mean;
    if (first == last)
    {
        return "";
    }
    std::string text = " “" + ranked.front()->name + "” " + std::string(best) + ": " +
                       std::string(what) + ShowMean(*ranked.front(), metric) + "; “" +
                       ranked.back()->name + "” " + std::string(worst) + ": " +
                       ShowMean(*ranked.back(), metric);
    if (ranked.size() < variants.size())
    {
        text += " (" + FormatCount(variants.size() - ranked.size()) + " of " +
                FormatCount(variants.size()) + " did not get that far in every run)";
    }
    return text + ".";
}

std::string
DescribeSpeed(const std::vector<Variant>& variants)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> SHARES{
        {{"time_to_99_updated_s", "99 % updated after "},
         {"time_to_95_updated_s", "95 % updated after "},
         {"time_to_50_updated_s", "50 % updated after "}}};
    for (const auto& [metric, what] : SHARES)
    {
        const std::string text =
            DescribeExtremes(variants, metric, "had the shortest mean time", "the longest", what);
        if (!text.empty())
        {
            return text;
        }
    }
    return "";
}

std::string
DescribeCertainty(const std::vector<Variant>& variants)
{
    const size_t fewest = std::ranges::min(variants, {}, [](const Variant& variant) {
                              return variant.runs.size();
                          }).runs.size();
    return fewest > 1 ? ""
                      : " One run of a strategy does not tell how far runs differ by chance: these "
                        "differences may be chance.";
}

std::string
MakeVerdictTable(const std::vector<Variant>& variants)
{
    HtmlTable table("Goals by strategy");
    table.AddColumn("strategy", HtmlTable::Align::LEFT);
    table.AddColumn("verdict", HtmlTable::Align::LEFT);
    table.AddColumn("goals", HtmlTable::Align::LEFT);
    for (const Variant& variant : variants)
    {
        Verdict worst = Verdict::MET;
        std::string goals;
        for (const GoalResult& goal : JudgeGoals(variant.goals, variant.metrics))
        {
            worst = std::max(worst, goal.verdict);
            goals += (goals.empty() ? "" : "; ") + goal.metric + " " + goal.found + " (wanted " +
                     goal.wanted + ")";
        }
        if (!goals.empty())
        {
            table.AddRow({variant.name, std::string(VerdictText(worst)), goals});
        }
    }
    return table.IsEmpty() ? "" : table.ToHtml();
}

std::string
CountRuns(const std::vector<Variant>& variants)
{
    const auto [fewest, most] = std::ranges::minmax(variants, {}, [](const Variant& variant) {
        return variant.runs.size();
    });
    const std::string count =
        fewest.runs.size() == most.runs.size()
            ? FormatCount(most.runs.size())
            : FormatCount(fewest.runs.size()) + " to " + FormatCount(most.runs.size());
    return count + (most.runs.size() == 1 ? " run" : " runs");
}

} // namespace

std::string
MakeComparisonAnswer(const ReportContext& context)
{
    const auto& variants = context.variants;
    if (variants.size() < 2)
    {
        return "";
    }
    std::string sentence = FormatCount(variants.size()) + " strategies were compared, in " +
                           CountRuns(variants) + " each." + DescribeSpeed(variants);
    sentence += DescribeExtremes(variants,
                                 "energy_per_device_j_mean",
                                 "took the least energy on average",
                                 "took the most",
                                 "per device ");
    sentence += DescribeCertainty(variants);
    return "<p class=\"answer\">" + EscapeHtml(sentence) + "</p>\n" + MakeVerdictTable(variants) +
           Paragraph("From here on this report tells of one run: that of “" + context.Own().name +
                     "” with seed " + std::to_string(context.run.seed) + ", run " +
                     std::to_string(context.run.rngRun) +
                     ". The option --variant of iot-fleet report chooses another strategy.");
}

} // namespace ns3::iotfleet::analysis
