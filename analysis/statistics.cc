// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

namespace ns3::iotfleet::analysis
{

std::optional<std::vector<double>>
TakeIfWhole(std::span<const std::optional<double>> values)
{
    std::vector<double> known;
    for (const auto& value : values)
    {
        if (!value)
        {
            return std::nullopt;
        }
        known.push_back(*value);
    }
    return known.empty() ? std::nullopt : std::optional(std::move(known));
}

double
ComputeMean(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double>
ComputeDeviation(std::span<const double> values)
{
    if (values.size() < 2)
    {
        return std::nullopt;
    }
    const double mean = ComputeMean(values);
    const double squares =
        std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double value) {
            return sum + (value - mean) * (value - mean);
        });
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<MeanInterval>
ComputeMeanInterval(std::span<const double> values, double confidence)
{
    const auto deviation = ComputeDeviation(values);
    if (!deviation)
    {
        return std::nullopt;
    }
    const auto n = static_cast<double>(values.size());
    const double mean = ComputeMean(values);
    const boost::math::students_t distribution(n - 1);
    const double half =
        boost::math::quantile(distribution, (1 + confidence) / 2) * *deviation / std::sqrt(n);
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
