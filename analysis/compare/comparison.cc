// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/comparison.h"

#include "analysis/compare/verdict-sentence.h"
#include "analysis/input-error.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ns3::iotfleet::analysis
{

namespace
{

using OptionalValue = std::optional<double>;

OptionalValue
ValueOf(const RunMetrics& metrics, const std::string& name)
{
    const auto found = metrics.find(name);
    return found == metrics.end() ? std::nullopt : found->second;
}

/// Values of the runs that have a partner.
struct Pairs
{
    std::vector<OptionalValue> baseline;
    std::vector<OptionalValue> group;
};

Pairs
PairRuns(const RunGroup& baseline, const RunGroup& group, const std::string& metric)
{
    Pairs pairs;
    for (const auto& [key, metrics] : group.runs)
    {
        const auto partner = baseline.runs.find(key);
        if (partner != baseline.runs.end())
        {
            pairs.baseline.push_back(ValueOf(partner->second, metric));
            pairs.group.push_back(ValueOf(metrics, metric));
        }
    }
    return pairs;
}

/// Values of all runs, for where there are no pairs.
std::vector<OptionalValue>
AllValues(const RunGroup& group, const std::string& metric)
{
    std::vector<OptionalValue> values;
    for (const auto& [key, metrics] : group.runs)
    {
        values.push_back(ValueOf(metrics, metric));
    }
    return values;
}

GroupValue
Summarise(const std::vector<OptionalValue>& values)
{
    GroupValue result;
    result.runs = values.size();
    std::vector<double> known;
    for (const auto& value : values)
    {
        if (value)
        {
            known.push_back(*value);
        }
    }
    result.withValue = known.size();
    if (!known.empty())
    {
        result.mean = ComputeMean(known);
    }
    result.interval = ComputeMeanInterval(known);
    return result;
}

/// Cohen's effect size of two shares (Statistical Power Analysis, 1988, section 6.2).
OptionalValue
CohenH(const std::string& metric, const GroupValue& baseline, const GroupValue& group)
{
    if (!IsShareMetric(metric) || !baseline.mean || !group.mean)
    {
        return std::nullopt;
    }
    const auto angle = [](double share) {
        return 2 * std::asin(std::sqrt(std::clamp(share, 0.0, 1.0)));
    };
    return angle(*group.mean) - angle(*baseline.mean);
}

ComparedMetric
CompareOne(const RunGroup& baseline,
           const RunGroup& group,
           const std::string& metric,
           const std::string& unit,
           const CompareOptions& options)
{
    const Pairs pairs = PairRuns(baseline, group, metric);
    ComparedMetric row;
    row.metric = metric;
    row.unit = unit;
    row.group = group.label;
    row.isPaired = !pairs.group.empty();
    row.baselineValue = Summarise(row.isPaired ? pairs.baseline : AllValues(baseline, metric));
    row.value = Summarise(row.isPaired ? pairs.group : AllValues(group, metric));
    std::vector<double> differences;
    double baselineSum = 0;
    double groupSum = 0;
    for (size_t i = 0; i < pairs.group.size(); ++i)
    {
        if (pairs.group[i] && pairs.baseline[i])
        {
            differences.push_back(PairDifference(*pairs.group[i], *pairs.baseline[i]));
            baselineSum += *pairs.baseline[i];
            groupSum += *pairs.group[i];
        }
        row.onlyBaseline += pairs.baseline[i] && !pairs.group[i] ? 1 : 0;
        row.onlyGroup += pairs.group[i] && !pairs.baseline[i] ? 1 : 0;
    }
    row.difference = AnalysePairs(differences, 1 - options.level);
    if (row.onlyBaseline + row.onlyGroup > 0)
    {
        row.reachedP = SignTestPValue(row.onlyBaseline, row.onlyGroup);
    }
    if (!differences.empty())
    {
        const double mean = baselineSum / static_cast<double>(differences.size());
        row.pairedBaselineMean = mean;
        row.pairedMean = groupSum / static_cast<double>(differences.size());
        row.worth = options.worth * std::abs(mean);
        row.relative = mean != 0 ? OptionalValue(row.difference.mean / mean) : std::nullopt;
    }
    row.cohenH = CohenH(metric, row.baselineValue, row.value);
    return row;
}

/// Corrects the p values of all tests that were made, and counts them.
size_t
CorrectForMany(std::vector<ComparedMetric>& rows)
{
    std::vector<double> pValues;
    std::vector<std::pair<ComparedMetric*, bool>> owners;
    for (ComparedMetric& row : rows)
    {
        if (row.difference.method != PairedMethod::NONE)
        {
            pValues.push_back(row.difference.pValue);
            owners.emplace_back(&row, false);
        }
        if (row.reachedP)
        {
            pValues.push_back(*row.reachedP);
            owners.emplace_back(&row, true);
        }
    }
    const auto adjusted = HolmAdjust(pValues);
    for (size_t i = 0; i < owners.size(); ++i)
    {
        auto [row, isReached] = owners[i];
        if (isReached)
        {
            row->adjustedReachedP = adjusted[i];
        }
        else
        {
            row->adjustedP = adjusted[i];
        }
    }
    return pValues.size();
}

/// +1 where the group is better, -1 where it is worse, by the direction of the differences.
int
Goodness(Preference preference, int sign)
{
    return preference == Preference::MORE ? sign : preference == Preference::LESS ? -sign : 0;
}

CompareVerdict
VerdictOf(int goodness)
{
    return goodness > 0   ? CompareVerdict::BETTER
           : goodness < 0 ? CompareVerdict::WORSE
                          : CompareVerdict::DIFFERENT;
}

/// Whether the differences are shown to be above -`worth`: what is typical, and the mean, which a
/// few runs with large harm decide and ranks do not see.
bool
IsShownAbove(const ComparedMetric& row)
{
    const PairedResult& d = row.difference;
    return d.low && d.meanLow && std::min(*d.low, *d.meanLow) > -row.worth;
}

bool
IsShownBelow(const ComparedMetric& row)
{
    const PairedResult& d = row.difference;
    return d.high && d.meanHigh && std::max(*d.high, *d.meanHigh) < row.worth;
}

bool
IsBelowWorth(const ComparedMetric& row)
{
    return row.onlyBaseline + row.onlyGroup == 0 && IsShownAbove(row) && IsShownBelow(row);
}

CompareVerdict
JudgeRow(const ComparedMetric& row, double level)
{
    const MetricSense sense = FindSense(row.metric);
    const bool differs = row.difference.method != PairedMethod::NONE && row.adjustedP < level;
    const bool reachedDiffers = row.adjustedReachedP && *row.adjustedReachedP < level;
    const int byValue = differs ? Goodness(sense.preference, row.difference.Direction()) : 0;
    const int byReach =
        reachedDiffers && sense.nullIsNever ? (row.onlyGroup > row.onlyBaseline ? 1 : -1) : 0;
    if (differs || reachedDiffers)
    {
        return byValue * byReach < 0 ? CompareVerdict::DIFFERENT
                                     : VerdictOf(byReach != 0 ? byReach : byValue);
    }
    if (row.difference.isIdentical && row.onlyBaseline + row.onlyGroup == 0)
    {
        return CompareVerdict::IDENTICAL;
    }
    if (row.difference.pairs < 2 && row.onlyBaseline + row.onlyGroup < 2)
    {
        return CompareVerdict::NO_PAIRS;
    }
    return row.isBelowWorth ? CompareVerdict::SAME : CompareVerdict::UNCLEAR;
}

/// How many pairs would have shown a difference worth knowing; of differences that do not vary, how
/// many of them.
std::optional<size_t>
NeededFor(const ComparedMetric& row, const CompareOptions& options, size_t tests)
{
    const double level = options.level / static_cast<double>(std::max<size_t>(1, tests));
    if (row.difference.isConstant)
    {
        return ConstantPairsNeeded(level);
    }
    if (row.difference.deviation <= 0 || row.worth <= 0)
    {
        return std::nullopt;
    }
    auto pairs = PairsNeeded(row.worth / row.difference.deviation, level, options.power);
    if (pairs && row.difference.method == PairedMethod::SIGNED_RANK)
    {
        // Asymptotic relative efficiency 3 / pi against t where the differences are normal.
        pairs = static_cast<size_t>(std::ceil(static_cast<double>(*pairs) / 0.955));
    }
    return pairs;
}

const RunGroup&
FindBaseline(const RunGroups& groups, const std::string& wanted)
{
    if (wanted.empty())
    {
        return groups.groups.front();
    }
    const auto found = std::ranges::find(groups.groups, wanted, &RunGroup::label);
    if (found != groups.groups.end())
    {
        return *found;
    }
    std::string labels;
    for (const RunGroup& group : groups.groups)
    {
        labels += (labels.empty() ? "" : ", ") + ("\"" + group.label + "\"");
    }
    throw InputError("--baseline: found \"" + wanted + "\", expected one of " + labels);
}

std::vector<std::string>
ChooseMetrics(const RunGroups& groups, const CompareOptions& options)
{
    for (const std::string& name : options.metrics)
    {
        if (!groups.units.contains(name))
        {
            throw InputError("--metric: found \"" + name +
                             "\", expected a metric of the database (iot-fleet schema metrics)");
        }
    }
    if (!options.metrics.empty())
    {
        return options.metrics;
    }
    const auto defaults = DefaultMetrics();
    return {defaults.begin(), defaults.end()};
}

bool
HasAnyValue(const RunGroups& groups, const std::string& metric)
{
    return std::ranges::any_of(groups.groups, [&](const RunGroup& group) {
        return std::ranges::any_of(group.runs, [&](const auto& run) {
            return ValueOf(run.second, metric).has_value();
        });
    });
}

uint64_t
CountUnpaired(const RunGroups& groups, const RunGroup& baseline)
{
    uint64_t unpaired = 0;
    for (const RunGroup& group : groups.groups)
    {
        for (const auto& [key, metrics] : group.runs)
        {
            unpaired += baseline.runs.contains(key) ? 0 : 1;
        }
    }
    return unpaired;
}

} // namespace

std::string_view
CompareVerdictName(CompareVerdict verdict)
{
    constexpr std::array<std::string_view, 7>
        NAMES{"better", "worse", "different", "same", "identical", "unclear", "no-pairs"};
    return NAMES[static_cast<size_t>(verdict)];
}

bool
IsShownNoWorse(const ComparedMetric& row)
{
    if (row.verdict == CompareVerdict::BETTER || row.verdict == CompareVerdict::SAME ||
        row.verdict == CompareVerdict::IDENTICAL)
    {
        return true;
    }
    const MetricSense sense = FindSense(row.metric);
    // A time that only the baseline did not reach takes nothing away from the variant.
    const bool isWhole = row.onlyBaseline == 0 && (row.onlyGroup == 0 || sense.nullIsNever);
    return isWhole && row.difference.low && row.difference.high &&
           (sense.preference == Preference::LESS || IsShownAbove(row)) &&
           (sense.preference == Preference::MORE || IsShownBelow(row));
}

Comparison
Compare(const ResultsReader& reader, const CompareOptions& options)
{
    return CompareGroups(GroupRuns(reader, options.by), options);
}

Comparison
CompareGroups(const RunGroups& groups, const CompareOptions& options)
{
    if (groups.groups.empty())
    {
        throw InputError(groups.file + ": found no run that has finished, expected several");
    }
    if (groups.groups.size() < 2)
    {
        throw InputError(groups.file + ": found runs of one " +
                         (options.by.empty()
                              ? "variant, expected several to compare; --by POINTER "
                                "groups runs by a value of the scenario"
                              : "value of " + options.by + ", expected several to compare"));
    }
    const RunGroup& baseline = FindBaseline(groups, options.baseline);
    Comparison result;
    result.baseline = baseline.label;
    result.options = options;
    result.varied = groups.varied;
    result.runsLeftOut = groups.leftOut;
    result.unpaired = CountUnpaired(groups, baseline);
    for (const std::string& metric : ChooseMetrics(groups, options))
    {
        if (!HasAnyValue(groups, metric))
        {
            result.notApplicable.push_back(metric);
            continue;
        }
        for (const RunGroup& group : groups.groups)
        {
            if (&group != &baseline)
            {
                result.rows.push_back(
                    CompareOne(baseline, group, metric, groups.units.at(metric), options));
            }
        }
    }
    for (const RunGroup& group : groups.groups)
    {
        if (&group != &baseline)
        {
            result.groups.push_back(group.label);
        }
    }
    result.tests = CorrectForMany(result.rows);
    for (ComparedMetric& row : result.rows)
    {
        row.pairsNeeded = NeededFor(row, options, result.tests);
        row.isBelowWorth = IsBelowWorth(row);
        row.verdict = JudgeRow(row, options.level);
        row.sentence = VerdictSentence(row, result);
    }
    return result;
}

} // namespace ns3::iotfleet::analysis
