// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_HISTOGRAM_H
#define IOTFLEET_ANALYSIS_REPORT_HISTOGRAM_H

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// Counts of values in bins of equal width; bin i is [start + i width, start + (i + 1) width).
struct Histogram
{
    double start{0};
    double width{1};
    std::vector<uint64_t> counts;
};

/// @return a histogram of values in ascending order (at least one) with about 30 bins, whose edges
/// are 1, 2 or 5 times a power of ten apart.
Histogram MakeHistogram(std::span<const double> sorted);

/// @return the histogram as the report's script reads it.
nlohmann::json ToJson(const Histogram& histogram);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_HISTOGRAM_H
