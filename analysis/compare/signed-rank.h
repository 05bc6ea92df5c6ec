// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_SIGNED_RANK_H
#define IOTFLEET_ANALYSIS_COMPARE_SIGNED_RANK_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ns3::iotfleet::analysis
{

/**
 * Ranks of the absolute differences with their signs: Wilcoxon's statistic (1945). Zeros are left
 * out, equal values share the mean of their ranks. Cost: O(n^3) time for the exact distribution.
 */
class SignedRank
{
  public:
    explicit SignedRank(std::span<const double> differences);

    /// Two-sided p value: exact given the ties for up to 200 differences, normal beyond.
    double PValue() const;

    /// (ranks of positive - ranks of negative differences) / all ranks, -1 to 1; 0 without any.
    double Biserial() const;

  private:
    double ExactPValue() const;
    double NormalPValue() const;

    std::vector<uint32_t> m_twiceRanks; ///< whole numbers in spite of ties
    uint64_t m_twicePositive{0};        ///< sum over positive differences
    uint64_t m_twiceAll{0};
};

/// @return the means of all pairs of values, each value with itself included, in ascending order.
std::vector<double> SortedWalshAverages(std::span<const double> values);

/**
 * How many Walsh averages to leave out at each end, so that the others span a confidence interval
 * of the centre (Hodges and Lehmann).
 * @param level 1 - confidence
 * @return nothing where `n` is too small for that confidence
 */
std::optional<size_t> SignedRankCut(size_t n, double level);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_SIGNED_RANK_H
