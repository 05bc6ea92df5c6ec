// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace ns3::iotfleet::analysis
{

std::optional<MeanInterval>
ComputeMeanInterval(std::span<const double> values, double confidence)
{
    if (values.size() < 2)
    {
        return std::nullopt;
    }
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    const double squares =
        std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double value) {
            return sum + (value - mean) * (value - mean);
        });
    const boost::math::students_t distribution(n - 1);
    const double half = boost::math::quantile(distribution, (1 + confidence) / 2) *
                        std::sqrt(squares / (n - 1) / n);
    return MeanInterval{mean, mean - half, mean + half};
}

double
ComputeQuantile(std::span<const double> sorted, double q)
{
    const double position = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(std::floor(position));
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], position - std::floor(position));
}

} // namespace ns3::iotfleet::analysis
