// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_PAIRED_TEST_H
#define IOTFLEET_ANALYSIS_COMPARE_PAIRED_TEST_H

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/**
 * @file
 * Tests of paired differences, two-sided. They know numbers only: which runs
 * make a pair is run-groups.h's, what a difference means for a user comparison.h's.
 */
namespace ns3::iotfleet::analysis
{

/// How a set of differences was judged.
enum class PairedMethod
{
    NONE,       ///< fewer than two pairs, or no difference at all: there is nothing to test
    STUDENT_T,  ///< Student's t test of the mean
    SIGNED_RANK ///< Wilcoxon's signed-rank test, with the Hodges-Lehmann estimate
};

/// @return "paired t test", "Wilcoxon signed-rank test" or "none".
std::string_view PairedMethodName(PairedMethod method);

/// @return `value` - `partner`; 0 where they are equal but for rounding (1e-12 of the larger one).
double PairDifference(double value, double partner);

/// What the differences of a set of pairs say.
struct PairedResult
{
    size_t pairs{0};
    PairedMethod method{PairedMethod::NONE};
    double mean{0};                   ///< of the differences
    double deviation{0};              ///< their standard deviation; 0 for fewer than two pairs
    double estimate{0};               ///< mean, or Hodges-Lehmann estimate, as the method says
    std::optional<double> low;        ///< interval of the estimate; empty where the pairs are too
    std::optional<double> high;       ///< few for one
    double pValue{1};                 ///< two-sided; 1 where nothing was tested
    std::optional<double> effect;     ///< mean / deviation, corrected for few pairs (Hedges' g_z)
    std::optional<double> rankEffect; ///< signed-rank: matched-pairs rank-biserial correlation
    std::optional<double> meanLow;    ///< interval of the mean by Student's t, whatever the method;
    std::optional<double> meanHigh;   ///< empty for fewer than two pairs
    bool isIdentical{false};          ///< all differences are exactly zero
    bool isConstant{false};           ///< two or more, all the same but for rounding, and not zero

    /**
     * @return +1 where the method says that differences are positive, -1 where negative; 0 where
     *         there is none, or where ranks and mean point in opposite directions. The estimate
     *         tells no direction: Hodges and Lehmann's is 0 where most pairs tie.
     */
    int Direction() const;
};

/**
 * Judges paired differences. Student's t test is used while the differences may be normal: always
 * for fewer than eight of them, where no test could tell, and otherwise while the Shapiro-Francia
 * test does not reject at 1 %. Else it is Wilcoxon's signed-rank test, whose p value is exact up to
 * 200 pairs, ties included; zeros are left out as Wilcoxon did (1945).
 * @param confidence of the interval, over 0 and below 1
 */
PairedResult AnalysePairs(std::span<const double> differences, double confidence = 0.95);

/**
 * @return p value of the Shapiro-Francia test of normality, by Royston's approximation (A toolkit
 *         for testing for non-normality in complete and censored samples, 1993); 1 for fewer than
 *         five values, 0 where all are equal.
 */
double ShapiroFranciaPValue(std::span<const double> values);

/// @return two-sided p value of Wilcoxon's signed-rank test; 1 where all differences are zero.
double SignedRankPValue(std::span<const double> differences);

/**
 * @return the fewest pairs, all with the same difference, that a two-sided test of ranks or signs
 *         finds significant: its p value is then 2^(1 - pairs)
 * @param level over 0
 */
size_t ConstantPairsNeeded(double level);

/// Two-sided exact sign test: `a` of `a + b` cases went one way (McNemar's test of paired shares).
double SignTestPValue(size_t a, size_t b);

/**
 * Holm's step-down correction (1979): with the adjusted values the probability of any false
 * alarm among all tests is at most the level that they are compared with.
 * @return adjusted p values in the order of `pValues`
 */
std::vector<double> HolmAdjust(std::span<const double> pValues);

/**
 * Power of a two-sided paired t test, by the noncentral t distribution.
 * @param pairs at least 2
 * @param effect true mean difference / standard deviation of the differences
 * @param level probability of a false alarm
 */
double PairedTestPower(size_t pairs, double effect, double level);

/**
 * @return the fewest pairs with which the test has `power`; empty where that is over 100,000.
 *         Effects over 20 count as 20, where two pairs are enough at the usual levels.
 */
std::optional<size_t> PairsNeeded(double effect, double level, double power);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_PAIRED_TEST_H
