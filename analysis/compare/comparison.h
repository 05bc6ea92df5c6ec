// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_COMPARISON_H
#define IOTFLEET_ANALYSIS_COMPARE_COMPARISON_H

#include "analysis/compare/metric-sense.h"
#include "analysis/compare/paired-test.h"
#include "analysis/compare/run-groups.h"
#include "analysis/statistics.h"

#include <set>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// What to compare.
struct CompareOptions
{
    std::string by;       ///< JSON pointer; empty: the variant
    std::string baseline; ///< label of the group to compare with; empty: the first
    std::vector<std::string>
        metrics;        ///< names; empty: DefaultMetrics(), as far as they have values
    double worth{0.05}; ///< difference that would matter, share of the baseline's mean
    double level{0.05}; ///< probability of any false alarm; intervals have 1 - level
    double power{0.8};  ///< wanted probability to see a difference of `worth`
};

/// What a comparison of two groups by one metric says.
enum class CompareVerdict
{
    BETTER, ///< than the baseline, in the sense of the metric
    WORSE,
    DIFFERENT, ///< of a metric without better and worse; or more reached it and later
    SAME,      ///< the intervals of the difference and of its mean lie within +- `worth`
    IDENTICAL, ///< every pair of runs gave the same value, but for rounding
    UNCLEAR,   ///< no difference can be told
    NO_PAIRS   ///< fewer than two pairs: nothing can be said
};

/// @return "better", "worse", "different", "same", "identical", "unclear" or "no-pairs".
std::string_view CompareVerdictName(CompareVerdict verdict);

/// A metric over the runs of one group.
struct GroupValue
{
    size_t runs{0};
    size_t withValue{0};                  ///< runs whose value is not NULL
    std::optional<double> mean;           ///< of these
    std::optional<MeanInterval> interval; ///< for two of them and more
};

/// One group against the baseline by one metric.
struct ComparedMetric
{
    std::string metric;
    std::string unit;
    std::string group;
    bool isPaired{false};     ///< whether any run has a partner
    GroupValue baselineValue; ///< of the paired runs; of all where none is
    GroupValue value;
    PairedResult difference; ///< group minus baseline, of pairs in which both have a value
    std::optional<double> pairedBaselineMean; ///< of these pairs; empty without any
    std::optional<double> pairedMean;
    size_t onlyBaseline{0}; ///< pairs in which only the baseline has a value
    size_t onlyGroup{0};
    double adjustedP{1};            ///< of `difference`, corrected for all tests made
    std::optional<double> reachedP; ///< sign test of having a value, where that differs
    std::optional<double> adjustedReachedP;
    std::optional<double> relative;    ///< mean difference / baseline's mean
    std::optional<double> cohenH;      ///< shares: difference of the arcsine-transformed means
    std::optional<size_t> pairsNeeded; ///< to see `worth` with `power`, or a difference that never
                                       ///< varies; empty: over 100,000, or nothing to see
    double worth{0};                   ///< in the unit of the metric
    bool isBelowWorth{false}; ///< all pairs count, and both intervals lie within +- `worth`
    CompareVerdict verdict{CompareVerdict::NO_PAIRS};
    std::string sentence; ///< the verdict in words, plain text
};

/**
 * Whether the runs show that a group is not worse than the baseline by `worth` or more: it is
 * better, the same or identical, or the bad end of the intervals of the difference and of its mean
 * is below `worth` (both ends, of a metric without better and worse) and no run lacks a value that
 * its partner has.
 * Too few runs, or none that reached a time, show nothing.
 */
bool IsShownNoWorse(const ComparedMetric& row);

/// All groups against the baseline by all metrics.
struct Comparison
{
    std::string baseline;
    std::vector<std::string> groups;        ///< the others
    std::vector<ComparedMetric> rows;       ///< by metric, then by group
    std::vector<std::string> notApplicable; ///< metrics that no run has a value of
    size_t tests{0};                        ///< the correction was made for so many
    std::set<std::string> varied;           ///< JSON pointers of the campaign's grid
    uint64_t runsLeftOut{0};                ///< failed or interrupted
    uint64_t unpaired{0}; ///< runs of the others without a partner in the baseline
    CompareOptions options;
};

/**
 * Compares groups of runs pair by pair: two runs with the same seed and number share their random
 * draws, so that their difference is the strategies'. Corrects for the number of tests by Holm's
 * method.
 *
 * @throw InputError if there is one group only, the baseline or a metric does not exist, or runs
 *        cannot be paired
 */
Comparison Compare(const ResultsReader& reader, const CompareOptions& options);

/// The same of runs that are grouped already; CompareOptions::by is for the texts only.
Comparison CompareGroups(const RunGroups& groups, const CompareOptions& options);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_COMPARISON_H
