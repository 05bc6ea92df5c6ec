// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/histogram.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr double TARGET_BINS{30};

/// @return the smallest of 1, 2, 5 times a power of ten that is not below `width`.
double
RoundUpWidth(double width)
{
    const double power = std::pow(10.0, std::floor(std::log10(width)));
    for (const double factor : {1.0, 2.0, 5.0})
    {
        if (factor * power >= width * (1 - 1e-9))
        {
            return factor * power;
        }
    }
    return 10 * power;
}

} // namespace

Histogram
MakeHistogram(std::span<const double> sorted)
{
    const double range = sorted.back() - sorted.front();
    // Equal values still need a bin; a tenth of the value keeps its edges readable.
    const double wanted = range > 0 ? range / TARGET_BINS : std::abs(sorted.front()) / 10;
    Histogram histogram;
    histogram.width = RoundUpWidth(wanted > 0 ? wanted : 1);
    histogram.start = std::floor(sorted.front() / histogram.width) * histogram.width;
    for (const double value : sorted)
    {
        const auto bin = static_cast<size_t>(
            std::max(0.0, std::floor((value - histogram.start) / histogram.width)));
        histogram.counts.resize(std::max(histogram.counts.size(), bin + 1));
        ++histogram.counts[bin];
    }
    return histogram;
}

nlohmann::json
ToJson(const Histogram& histogram)
{
    return {{"start", histogram.start}, {"width", histogram.width}, {"counts", histogram.counts}};
}

} // namespace ns3::iotfleet::analysis
