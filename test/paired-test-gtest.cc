// SPDX-License-Identifier: GPL-2.0-only

// Tests of paired differences against textbooks, published tables and an independent enumeration.

#include "analysis/compare/paired-test.h"
#include "analysis/compare/signed-rank.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace
{

using namespace ns3::iotfleet::analysis;

/// Student (1908), The probable error of a mean, Biometrika 6(1): additional hours of sleep,
/// second drug less first, ten patients.
const std::vector<double> SLEEP{1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};

/// Hollander and Wolfe, Nonparametric Statistical Methods, example 3.1: Hamilton depression scale
/// of nine patients, before less after tranquillizer.
const std::vector<double> HAMILTON{0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01};

TEST(PairedTest, StudentsOwnSleepData)
{
    const PairedResult result = AnalysePairs(SLEEP);
    EXPECT_EQ(result.method, PairedMethod::STUDENT_T);
    EXPECT_NEAR(result.mean, 1.58, 1e-12);
    EXPECT_NEAR(result.deviation, 1.229995, 1e-6);
    EXPECT_NEAR(result.pValue, 0.002833, 1e-6);
    EXPECT_NEAR(*result.low, 0.7001, 1e-4);
    EXPECT_NEAR(*result.high, 2.4599, 1e-4);
    // Hedges' correction 1 - 3 / (4 * 9 - 1) of 1.58 / 1.229995.
    EXPECT_NEAR(*result.effect, 1.58 / 1.229995 * (1 - 3.0 / 35), 1e-6);
}

TEST(PairedTest, WilcoxonsStatisticIsExact)
{
    // T+ = 40 of 45: 10 of the 512 signs give 5 or less on the other side.
    EXPECT_NEAR(SignedRankPValue(HAMILTON), 2 * 10.0 / 512, 1e-12);
    // Wilcoxon's table for n = 10: 25 of the 1024 signs give 8 or less, and 33 give 9 or less.
    EXPECT_NEAR(SignedRankPValue(std::vector<double>{1, 2, -3, 4, -5, 6, 7, 8, 9, 10}),
                2 * 25.0 / 1024,
                1e-12);
    EXPECT_NEAR(SignedRankPValue(std::vector<double>{1, 2, -3, 4, 5, -6, 7, 8, 9, 10}),
                2 * 33.0 / 1024,
                1e-12);
    EXPECT_EQ(SignedRankPValue(std::vector<double>{0, 0, 0}), 1);
}

/// Two-sided p value by all 2^n signs, in quarters of ranks so that ties are whole numbers.
double
EnumeratedPValue(std::vector<double> values)
{
    std::erase(values, 0.0);
    const size_t n = values.size();
    std::vector<int> ranks(n);
    for (size_t i = 0; i < n; ++i)
    {
        for (size_t j = 0; j < n; ++j)
        {
            ranks[i] += std::abs(values[j]) < std::abs(values[i])    ? 4
                        : std::abs(values[j]) == std::abs(values[i]) ? 2
                                                                     : 0;
        }
        ranks[i] += 2;
    }
    const auto sum = [&](auto isPositive) {
        int total = 0;
        for (size_t i = 0; i < n; ++i)
        {
            total += isPositive(i) ? ranks[i] : -ranks[i];
        }
        return std::abs(total);
    };
    const int found = sum([&](size_t i) { return values[i] > 0; });
    size_t asFar = 0;
    for (size_t signs = 0; signs < (size_t{1} << n); ++signs)
    {
        asFar += sum([&](size_t i) { return ((signs >> i) & 1U) != 0; }) >= found ? 1 : 0;
    }
    return static_cast<double>(asFar) / static_cast<double>(size_t{1} << n);
}

TEST(PairedTest, TiesAndZerosAgreeWithAllSigns)
{
    for (const auto& values : std::vector<std::vector<double>>{{1, 1, 1, -1, 2, 0, 3},
                                                               {2, 2, -2, -2, 2, 2, 2, 5},
                                                               {0, 0, 1, 1, 1, 1, 1},
                                                               {-3, 1, 1, 2, 2, 4, 4, 4, 9, 0}})
    {
        EXPECT_NEAR(SignedRankPValue(values), EnumeratedPValue(values), 1e-12);
    }
}

TEST(PairedTest, HodgesLehmannIntervalHasItsRanks)
{
    EXPECT_EQ(SignedRankCut(10, 0.05), 8U) << "Wilcoxon's critical value, n = 10, two-sided 5 %";
    EXPECT_EQ(SignedRankCut(6, 0.05), 0U);
    EXPECT_EQ(SignedRankCut(5, 0.05), std::nullopt) << "no 95 % interval from five pairs";
    EXPECT_EQ(SignedRankCut(20, 0.05), 52U) << "the table's value for n = 20";
    EXPECT_EQ(SignedRankCut(25, 0.01), 68U) << "the table's value for n = 25, two-sided 1 %";
    EXPECT_EQ(SortedWalshAverages(std::vector<double>{4, 1, 2}),
              (std::vector<double>{1, 1.5, 2, 2.5, 3, 4}));
}

TEST(PairedTest, OutliersLeadToRanks)
{
    // Nine small differences and one enormous: the mean says nothing, the ranks do.
    const std::vector<double> values{1.1, 0.9, 1.2, 0.8, 1.0, 1.3, 0.7, 1.05, 0.95, 900};
    const PairedResult result = AnalysePairs(values);
    EXPECT_EQ(result.method, PairedMethod::SIGNED_RANK);
    EXPECT_NEAR(result.pValue, 2.0 / 1024, 1e-12);
    EXPECT_NEAR(result.estimate, 1.05, 0.1);
    EXPECT_EQ(result.rankEffect, 1);
}

TEST(PairedTest, DegenerateSetsMakeNoClaims)
{
    EXPECT_EQ(AnalysePairs({}).method, PairedMethod::NONE);
    EXPECT_EQ(AnalysePairs(std::vector<double>{3}).method, PairedMethod::NONE);
    const PairedResult zeros = AnalysePairs(std::vector<double>{0, 0, 0, 0});
    EXPECT_TRUE(zeros.isIdentical);
    EXPECT_EQ(zeros.pValue, 1);
    // The same difference four times: as likely as four heads or four tails.
    const PairedResult constant = AnalysePairs(std::vector<double>{2, 2, 2, 2});
    EXPECT_EQ(constant.method, PairedMethod::SIGNED_RANK);
    EXPECT_NEAR(constant.pValue, 2.0 / 16, 1e-12);
    EXPECT_EQ(constant.low, std::nullopt);
}

TEST(PairedTest, HolmAdjustsStepwise)
{
    // By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and 1 x 0.04 raised to what stands before it.
    const auto adjusted = HolmAdjust(std::vector<double>{0.01, 0.04, 0.03, 0.005});
    const std::vector<double> wanted{0.03, 0.06, 0.06, 0.02};
    ASSERT_EQ(adjusted.size(), wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i)
    {
        EXPECT_NEAR(adjusted[i], wanted[i], 1e-12) << i;
    }
    EXPECT_TRUE(HolmAdjust({}).empty());
}

TEST(PairedTest, SignTestIsBinomial)
{
    EXPECT_NEAR(SignTestPValue(0, 6), 2.0 / 64, 1e-12);
    EXPECT_NEAR(SignTestPValue(8, 1), 2 * (1 + 9) / 512.0, 1e-12);
    EXPECT_EQ(SignTestPValue(3, 3), 1);
    EXPECT_EQ(SignTestPValue(0, 0), 1);
}

TEST(PairedTest, PowerIsThatOfPublishedTables)
{
    // Matched pairs, two-sided 5 %, power 80 %: sample sizes as in G*Power's manual and Cohen.
    EXPECT_EQ(PairsNeeded(0.5, 0.05, 0.8), 34U);
    EXPECT_EQ(PairsNeeded(0.2, 0.05, 0.8), 199U);
    EXPECT_EQ(PairsNeeded(0.8, 0.05, 0.8), 15U);
    EXPECT_NEAR(PairedTestPower(34, 0.5, 0.05), 0.8078, 5e-4);
    EXPECT_NEAR(PairedTestPower(15, 0.8, 0.05), 0.8213, 5e-4);
    EXPECT_NEAR(PairedTestPower(20, 0, 0.05), 0.05, 1e-9) << "no effect: the false alarms remain";
    EXPECT_EQ(PairsNeeded(1e-4, 0.05, 0.8), std::nullopt);
}

TEST(PairedTest, RoundingIsNoDifference)
{
    EXPECT_EQ(PairDifference(500 + 1e-10, 500), 0);
    EXPECT_EQ(PairDifference(-500, -500 - 1e-10), 0);
    EXPECT_NEAR(PairDifference(500 + 1e-8, 500), 1e-8, 1e-12);
    EXPECT_EQ(PairDifference(1e-10, 0), 1e-10) << "small is not rounded";
}

TEST(PairedTest, HugeEffectsNeedTwoPairs)
{
    for (const double effect : {25.0, 1e6, 1e15, std::numeric_limits<double>::infinity()})
    {
        EXPECT_EQ(PairsNeeded(effect, 0.05, 0.8), 2U) << effect;
        EXPECT_EQ(PairsNeeded(-effect, 0.05, 0.8), 2U) << effect;
    }
}

TEST(PairedTest, IntervalHasTheConfidenceThatIsAskedFor)
{
    // Mean 2, error 1 / sqrt 3; t(2) at 95 % is 2.920 and at 99.5 % 9.925 (Student's table).
    const std::vector<double> values{1, 2, 3};
    EXPECT_NEAR(*AnalysePairs(values, 0.9).high, 2 + 2.920 / std::sqrt(3), 1e-3);
    EXPECT_NEAR(*AnalysePairs(values, 0.99).high, 2 + 9.925 / std::sqrt(3), 1e-3);
}

TEST(PairedTest, NormalityIsDoubtedWhereItShould)
{
    // 2,000 samples of 20: at the 1 % level 20 +- 4.4 rejections of normal ones (outside [5, 40]
    // with probability < 1e-4 were the approximation perfect); of exponential ones most.
    std::mt19937_64 random(7); // NOLINT: a fixed seed is the point
    std::normal_distribution<double> normal;
    std::exponential_distribution<double> exponential;
    int falseAlarms = 0;
    int found = 0;
    for (int i = 0; i < 2000; ++i)
    {
        std::vector<double> a(20);
        std::vector<double> b(20);
        std::ranges::generate(a, [&] { return normal(random); });
        std::ranges::generate(b, [&] { return exponential(random); });
        falseAlarms += ShapiroFranciaPValue(a) < 0.01 ? 1 : 0;
        found += ShapiroFranciaPValue(b) < 0.01 ? 1 : 0;
    }
    EXPECT_GE(falseAlarms, 5);
    EXPECT_LE(falseAlarms, 40);
    EXPECT_GT(found, 1000);
}

} // namespace
