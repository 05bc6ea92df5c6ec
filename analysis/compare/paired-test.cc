// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/paired-test.h"

#include "analysis/compare/signed-rank.h"
#include "analysis/statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t FEWEST_FOR_NORMALITY = 8;
constexpr double NORMALITY_LEVEL = 0.01;
constexpr double LARGEST_EFFECT = 20;
constexpr double ROUNDING = 1e-12;
constexpr size_t MOST_PAIRS = 100'000;

/// Whether the differences have any spread beside the rounding of equal ones.
bool
HasSpread(const PairedResult& result)
{
    return result.deviation > ROUNDING * std::abs(result.mean);
}

bool
MayBeNormal(std::span<const double> differences, const PairedResult& result)
{
    return HasSpread(result) && (differences.size() < FEWEST_FOR_NORMALITY ||
                                 ShapiroFranciaPValue(differences) >= NORMALITY_LEVEL);
}

void
JudgeMean(PairedResult& result)
{
    const auto n = static_cast<double>(result.pairs);
    const double error = result.deviation / std::sqrt(n);
    const boost::math::students_t distribution(n - 1);
    result.method = PairedMethod::STUDENT_T;
    result.estimate = result.mean;
    result.low = result.meanLow;
    result.high = result.meanHigh;
    result.pValue = 2 * cdf(complement(distribution, std::abs(result.mean) / error));
}

void
JudgeRanks(PairedResult& result, std::span<const double> differences, double confidence)
{
    const SignedRank ranks(differences);
    result.method = PairedMethod::SIGNED_RANK;
    result.pValue = ranks.PValue();
    result.rankEffect = ranks.Biserial();
    const auto walsh = SortedWalshAverages(differences);
    const size_t middle = walsh.size() / 2;
    result.estimate =
        walsh.size() % 2 == 1 ? walsh[middle] : std::midpoint(walsh[middle - 1], walsh[middle]);
    if (const auto cut = SignedRankCut(differences.size(), 1 - confidence))
    {
        result.low = walsh[*cut];
        result.high = walsh[walsh.size() - 1 - *cut];
    }
}

int
SignOf(double value)
{
    return value > 0 ? 1 : value < 0 ? -1 : 0;
}

} // namespace

int
PairedResult::Direction() const
{
    const int byMean = SignOf(mean);
    if (method != PairedMethod::SIGNED_RANK)
    {
        return byMean;
    }
    const int byRanks = SignOf(rankEffect.value_or(0));
    return byMean * byRanks < 0 ? 0 : byRanks;
}

std::string_view
PairedMethodName(PairedMethod method)
{
    switch (method)
    {
    case PairedMethod::STUDENT_T:
        return "paired t test";
    case PairedMethod::SIGNED_RANK:
        return "Wilcoxon signed-rank test";
    case PairedMethod::NONE:
        break;
    }
    return "none";
}

double
PairDifference(double value, double partner)
{
    const double difference = value - partner;
    const double size = std::max(std::abs(value), std::abs(partner));
    return std::abs(difference) <= ROUNDING * size ? 0 : difference;
}

PairedResult
AnalysePairs(std::span<const double> differences, double confidence)
{
    PairedResult result;
    result.pairs = differences.size();
    if (differences.empty())
    {
        return result;
    }
    result.mean = ComputeMean(differences);
    result.deviation = ComputeDeviation(differences).value_or(0);
    result.estimate = result.mean;
    if (std::ranges::all_of(differences, [](double d) { return d == 0; }))
    {
        result.isIdentical = true;
        result.low = 0;
        result.high = 0;
        result.meanLow = 0;
        result.meanHigh = 0;
        return result;
    }
    if (differences.size() < 2)
    {
        return result;
    }
    const auto interval = ComputeMeanInterval(differences, confidence);
    result.meanLow = interval->low;
    result.meanHigh = interval->high;
    if (HasSpread(result))
    {
        const double freedom = static_cast<double>(result.pairs) - 1;
        const double correction = result.pairs > 2 ? 1 - 3 / (4 * freedom - 1) : 1;
        result.effect = correction * result.mean / result.deviation;
    }
    else
    {
        result.isConstant = true;
    }
    if (MayBeNormal(differences, result))
    {
        JudgeMean(result);
    }
    else
    {
        JudgeRanks(result, differences, confidence);
    }
    return result;
}

double
ShapiroFranciaPValue(std::span<const double> values)
{
    if (values.size() < 5)
    {
        return 1;
    }
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const auto n = static_cast<double>(sorted.size());
    const boost::math::normal normal;
    const double mean = ComputeMean(sorted);
    double cross = 0;
    double scores = 0;
    double squares = 0;
    for (size_t i = 0; i < sorted.size(); ++i)
    {
        // Blom's approximation of the expected order statistics.
        const double score = quantile(normal, (static_cast<double>(i) + 0.625) / (n + 0.25));
        cross += score * (sorted[i] - mean);
        scores += score * score;
        squares += (sorted[i] - mean) * (sorted[i] - mean);
    }
    if (squares <= 0)
    {
        return 0;
    }
    const double w = std::min(cross * cross / (scores * squares), 1 - 1e-15);
    const double u = std::log(n);
    const double v = std::log(u);
    const double center = -1.2725 + 1.0521 * (v - u);
    const double spread = 1.0308 - 0.26758 * (v + 2 / u);
    return cdf(complement(normal, (std::log1p(-w) - center) / spread));
}

double
SignedRankPValue(std::span<const double> differences)
{
    return SignedRank(differences).PValue();
}

double
SignTestPValue(size_t a, size_t b)
{
    if (a == b)
    {
        return 1;
    }
    const boost::math::binomial distribution(static_cast<double>(a + b), 0.5);
    return std::min(1.0, 2 * cdf(distribution, static_cast<double>(std::min(a, b))));
}

std::vector<double>
HolmAdjust(std::span<const double> pValues)
{
    std::vector<size_t> order(pValues.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, [&](size_t a, size_t b) { return pValues[a] < pValues[b]; });
    std::vector<double> adjusted(pValues.size());
    double largest = 0;
    for (size_t i = 0; i < order.size(); ++i)
    {
        const auto left = static_cast<double>(order.size() - i);
        largest = std::max(largest, std::min(1.0, left * pValues[order[i]]));
        adjusted[order[i]] = largest;
    }
    return adjusted;
}

double
PairedTestPower(size_t pairs, double effect, double level)
{
    const auto n = static_cast<double>(pairs);
    const double critical = quantile(complement(boost::math::students_t(n - 1), level / 2));
    const boost::math::non_central_t distribution(n - 1, std::abs(effect) * std::sqrt(n));
    return cdf(complement(distribution, critical)) + cdf(distribution, -critical);
}

size_t
ConstantPairsNeeded(double level)
{
    size_t pairs = 2;
    while (std::ldexp(1.0, 1 - static_cast<int>(pairs)) >= level)
    {
        ++pairs;
    }
    return pairs;
}

std::optional<size_t>
PairsNeeded(double effect, double level, double power)
{
    // Larger ones change nothing worth knowing and overflow the series of the noncentral t.
    effect = std::min(std::abs(effect), LARGEST_EFFECT);
    const boost::math::normal normal;
    const double z = quantile(complement(normal, level / 2)) + quantile(normal, power);
    const double rough = z * z / (effect * effect); // with the deviation known
    if (!(rough < static_cast<double>(MOST_PAIRS)))
    {
        return std::nullopt;
    }
    // The t test needs a few more than that, never fewer.
    auto pairs = std::max<size_t>(2, static_cast<size_t>(rough));
    while (pairs < MOST_PAIRS && PairedTestPower(pairs, effect, level) < power)
    {
        ++pairs;
    }
    return pairs;
}

} // namespace ns3::iotfleet::analysis
