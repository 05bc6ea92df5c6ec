// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/signed-rank.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr size_t MOST_EXACT = 200;

/// Probability of each sum of a random half of `ranks`, every rank being in with probability 1/2.
std::vector<double>
SumDistribution(std::span<const uint32_t> ranks)
{
    const uint64_t all = std::accumulate(ranks.begin(), ranks.end(), uint64_t{0});
    std::vector<double> probability(all + 1, 0.0);
    probability[0] = 1;
    uint64_t reached = 0;
    for (const uint32_t rank : ranks)
    {
        reached += rank;
        for (uint64_t sum = reached + 1; sum-- > 0;)
        {
            const double with = sum >= rank ? probability[sum - rank] : 0;
            probability[sum] = (probability[sum] + with) / 2;
        }
    }
    return probability;
}

} // namespace

SignedRank::SignedRank(std::span<const double> differences)
{
    std::vector<double> sorted;
    for (const double d : differences)
    {
        if (d != 0)
        {
            sorted.push_back(d);
        }
    }
    std::ranges::sort(sorted, {}, [](double d) { return std::abs(d); });
    for (size_t i = 0; i < sorted.size();)
    {
        size_t end = i;
        while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[i]))
        {
            ++end;
        }
        const auto twiceRank = static_cast<uint32_t>(i + 1 + end); // first and last rank of the tie
        for (; i < end; ++i)
        {
            m_twiceRanks.push_back(twiceRank);
            m_twiceAll += twiceRank;
            m_twicePositive += sorted[i] > 0 ? twiceRank : 0;
        }
    }
}

double
SignedRank::PValue() const
{
    if (m_twiceRanks.empty())
    {
        return 1;
    }
    return m_twiceRanks.size() <= MOST_EXACT ? ExactPValue() : NormalPValue();
}

double
SignedRank::ExactPValue() const
{
    const auto probability = SumDistribution(m_twiceRanks);
    const uint64_t smaller = std::min(m_twicePositive, m_twiceAll - m_twicePositive);
    const auto end = probability.begin() + static_cast<std::ptrdiff_t>(smaller) + 1;
    return std::min(1.0, 2 * std::accumulate(probability.begin(), end, 0.0));
}

double
SignedRank::NormalPValue() const
{
    // Each rank is in or out: variance rank^2 / 4, in halves of ranks.
    const double variance = std::accumulate(m_twiceRanks.begin(),
                                            m_twiceRanks.end(),
                                            0.0,
                                            [](double sum, uint32_t twice) {
                                                return sum + 0.25 * static_cast<double>(twice) *
                                                                 static_cast<double>(twice);
                                            });
    const double off =
        std::abs(static_cast<double>(m_twicePositive) - static_cast<double>(m_twiceAll) / 2);
    return 2 * cdf(complement(boost::math::normal(), off / std::sqrt(variance)));
}

double
SignedRank::Biserial() const
{
    return m_twiceAll == 0
               ? 0
               : 2 * static_cast<double>(m_twicePositive) / static_cast<double>(m_twiceAll) - 1;
}

std::vector<double>
SortedWalshAverages(std::span<const double> values)
{
    std::vector<double> averages;
    averages.reserve(values.size() * (values.size() + 1) / 2);
    for (size_t i = 0; i < values.size(); ++i)
    {
        for (size_t j = i; j < values.size(); ++j)
        {
            averages.push_back(std::midpoint(values[i], values[j]));
        }
    }
    std::ranges::sort(averages);
    return averages;
}

std::optional<size_t>
SignedRankCut(size_t n, double level)
{
    const auto count = static_cast<double>(n);
    if (n > MOST_EXACT)
    {
        const double center = count * (count + 1) / 4;
        const double spread = std::sqrt(count * (count + 1) * (2 * count + 1) / 24);
        const double z = quantile(complement(boost::math::normal(), level / 2));
        return static_cast<size_t>(std::max(0.0, std::floor(center - z * spread) - 1));
    }
    std::vector<uint32_t> ranks(n);
    std::iota(ranks.begin(), ranks.end(), 1U);
    const auto probability = SumDistribution(ranks);
    double below = 0;
    std::optional<size_t> cut;
    for (size_t sum = 0; sum < probability.size(); ++sum)
    {
        below += probability[sum];
        if (below > level / 2)
        {
            break;
        }
        cut = sum; // P(T <= sum) <= level / 2 (Hollander and Wolfe, section 3.3)
    }
    return cut;
}

} // namespace ns3::iotfleet::analysis
