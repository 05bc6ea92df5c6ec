// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/comparison-output.h"

#include "analysis/compare/verdict-sentence.h"
#include "analysis/format.h"
#include "analysis/text-table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

/// The mean over the pairs that the change is of, so that the two agree, and how many runs have a
/// value; over its own runs where no pair has two values.
std::string
MeanText(const ComparedMetric& row,
         const GroupValue& value,
         const std::optional<double>& pairedMean)
{
    if (!value.mean)
    {
        return FindSense(row.metric).nullIsNever ? "never" : "none";
    }
    const double shown = pairedMean.value_or(*value.mean);
    const std::string mean = row.unit == "1" && !IsShareMetric(row.metric)
                                 ? FormatNumber(shown)
                                 : FormatMetric(row.metric, row.unit, shown);
    return value.withValue == value.runs
               ? mean
               : mean + " (" + FormatCount(value.withValue) + "/" + FormatCount(value.runs) + ")";
}

std::string
EffectText(const ComparedMetric& row)
{
    if (row.cohenH && row.difference.method != PairedMethod::NONE)
    {
        return "h " + FormatNumber(*row.cohenH);
    }
    return row.difference.effect ? "d " + FormatNumber(*row.difference.effect) : "-";
}

/// "0.012", or "< 0.001", with a mark for ranks.
std::string
PText(const ComparedMetric& row)
{
    const std::string text = FormatPValue(row.adjustedP);
    return text.substr(text.starts_with("p = ") ? 4 : 2) +
           (row.difference.method == PairedMethod::SIGNED_RANK ? " *" : "");
}

std::string
RelativeText(const ComparedMetric& row)
{
    if (!row.relative)
    {
        return "-";
    }
    return (*row.relative > 0 ? "+" : "") + FormatNumber(100 * *row.relative) + " %";
}

Json
OrNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json();
}

Json
ValueJson(const GroupValue& value)
{
    return {{"runs", value.runs},
            {"with_value", value.withValue},
            {"mean", OrNull(value.mean)},
            {"low", value.interval ? Json(value.interval->low) : Json()},
            {"high", value.interval ? Json(value.interval->high) : Json()}};
}

Json
RowJson(const ComparedMetric& row)
{
    const PairedResult& d = row.difference;
    return {{"metric", row.metric},
            {"unit", row.unit},
            {"group", row.group},
            {"verdict", CompareVerdictName(row.verdict)},
            {"sentence", row.sentence},
            {"baseline_value", ValueJson(row.baselineValue)},
            {"value", ValueJson(row.value)},
            {"paired", row.isPaired},
            {"pairs", d.pairs},
            {"pairs_with_value_in_baseline_only", row.onlyBaseline},
            {"pairs_with_value_in_group_only", row.onlyGroup},
            {"method", PairedMethodName(d.method)},
            {"paired_baseline_mean", OrNull(row.pairedBaselineMean)},
            {"paired_mean", OrNull(row.pairedMean)},
            {"difference", d.pairs > 0 ? Json(d.estimate) : Json()},
            {"difference_low", OrNull(d.low)},
            {"difference_high", OrNull(d.high)},
            {"difference_mean", d.pairs > 0 ? Json(d.mean) : Json()},
            {"difference_mean_low", OrNull(d.meanLow)},
            {"difference_mean_high", OrNull(d.meanHigh)},
            {"difference_deviation", d.pairs > 1 ? Json(d.deviation) : Json()},
            {"relative_difference", OrNull(row.relative)},
            {"p", d.method != PairedMethod::NONE ? Json(d.pValue) : Json()},
            {"p_adjusted", d.method != PairedMethod::NONE ? Json(row.adjustedP) : Json()},
            {"p_with_value", OrNull(row.reachedP)},
            {"p_with_value_adjusted", OrNull(row.adjustedReachedP)},
            {"hedges_g", OrNull(d.effect)},
            {"rank_biserial", OrNull(d.rankEffect)},
            {"cohen_h", OrNull(row.cohenH)},
            {"worth", row.worth},
            {"below_worth", row.isBelowWorth},
            {"pairs_needed", row.pairsNeeded ? Json(*row.pairsNeeded) : Json()}};
}

std::string
Remarks(const Comparison& comparison)
{
    std::string text;
    if (!comparison.notApplicable.empty())
    {
        text += "without a value in any run: ";
        for (const std::string& name : comparison.notApplicable)
        {
            text += (name == comparison.notApplicable.front() ? "" : ", ") + name;
        }
        text += "\n";
    }
    if (comparison.runsLeftOut > 0)
    {
        text += FormatCount(comparison.runsLeftOut) + " failed or interrupted runs left out\n";
    }
    if (comparison.unpaired > 0)
    {
        text += FormatCount(comparison.unpaired) +
                " runs left out that have no partner in the baseline\n";
    }
    return text;
}

/// Of a grid, that one of its combinations was taken, and how to compare by one parameter.
std::string
GridHint(const Comparison& comparison)
{
    if (comparison.varied.empty() || !comparison.options.by.empty())
    {
        return "";
    }
    std::string pointers;
    for (const std::string& pointer : comparison.varied)
    {
        pointers += (pointers.empty() ? "" : ", ") + pointer;
    }
    return std::string(comparison.options.baseline.empty() ? ", the first" : ", one") + " of " +
           FormatCount(comparison.groups.size() + 1) +
           " combinations of a grid (--baseline takes another; --by POINTER compares by one "
           "parameter, within the others: " +
           pointers + ")";
}

bool
UsesRanks(const Comparison& comparison)
{
    for (const ComparedMetric& row : comparison.rows)
    {
        if (row.difference.method == PairedMethod::SIGNED_RANK)
        {
            return true;
        }
    }
    return false;
}

std::string
MethodText(const Comparison& comparison)
{
    std::string text = "p by the paired t test";
    if (UsesRanks(comparison))
    {
        text += ", or (*) Wilcoxon's signed-rank test with the Hodges-Lehmann estimate where the "
                "differences are not normal";
    }
    if (std::ranges::any_of(comparison.rows, [](const ComparedMetric& row) {
            return row.onlyBaseline + row.onlyGroup > 0 && row.pairedMean;
        }))
    {
        text =
            "Means and change are over the pairs of runs that both have a value; (n/m) tells how "
            "many runs have one.\n" +
            text;
    }
    return text + "; corrected for " + FormatCount(comparison.tests) +
           (comparison.tests == 1 ? " test" : " tests") +
           " by Holm's method. d: mean / standard deviation of the differences; h: Cohen's "
           "effect of shares.\n";
}

} // namespace

std::string
ComparisonText(const Comparison& comparison)
{
    std::string text = "compared with " +
                       (comparison.baseline.empty() ? "(unnamed)" : comparison.baseline) +
                       GridHint(comparison) + ":\n\n";
    TextTable table({"metric", "variant", "baseline", "mean", "change", "effect", "p", "verdict"});
    for (const ComparedMetric& row : comparison.rows)
    {
        const PairedResult& d = row.difference;
        const bool isTested = d.method != PairedMethod::NONE;

        table.Add({row.metric,
                   row.group,
                   MeanText(row, row.baselineValue, row.pairedBaselineMean),
                   MeanText(row, row.value, row.pairedMean),
                   RelativeText(row),
                   EffectText(row),
                   isTested ? PText(row) : "-",
                   std::string(CompareVerdictName(row.verdict))});
    }
    text += table.Text() + "\n";
    for (const ComparedMetric& row : comparison.rows)
    {
        text += row.sentence + ".\n";
    }
    return text + "\n" + Remarks(comparison) + MethodText(comparison);
}

std::string
ComparisonJson(const Comparison& comparison)
{
    Json json{{"baseline", comparison.baseline},
              {"groups", comparison.groups},
              {"varied", comparison.varied},
              {"by", comparison.options.by.empty() ? Json("variant") : Json(comparison.options.by)},
              {"level", comparison.options.level},
              {"power", comparison.options.power},
              {"worth", comparison.options.worth},
              {"tests", comparison.tests},
              {"correction", "Holm"},
              {"runs_left_out", comparison.runsLeftOut},
              {"runs_unpaired", comparison.unpaired},
              {"not_applicable", comparison.notApplicable},
              {"comparisons", Json::array()}};
    for (const ComparedMetric& row : comparison.rows)
    {
        json["comparisons"].push_back(RowJson(row));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ns3::iotfleet::analysis
