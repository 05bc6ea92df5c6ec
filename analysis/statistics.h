// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_STATISTICS_H
#define IOTFLEET_ANALYSIS_STATISTICS_H

#include <optional>
#include <span>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// @return the values if none is missing and there is at least one: a figure over the lucky runs
/// alone would mislead.
std::optional<std::vector<double>> TakeIfWhole(std::span<const std::optional<double>> values);

/// @return the arithmetic mean; `values` must not be empty.
double ComputeMean(std::span<const double> values);

/// @return the standard deviation of the population that `values` are a sample of (divisor n - 1);
/// nothing for fewer than two values.
std::optional<double> ComputeDeviation(std::span<const double> values);

/// A mean over independent runs and the interval that holds the true mean with some confidence.
struct MeanInterval
{
    double mean{0};
    double low{0};
    double high{0};
};

/// @return mean and interval of that confidence by Student's t distribution; nothing for fewer than
/// two values, because one run says nothing about the spread of runs.
std::optional<MeanInterval> ComputeMeanInterval(std::span<const double> values,
                                                double confidence = 0.95);

/// @return the quantile `q` (0 to 1) of values in ascending order, interpolated between the two
/// nearest (type 7 of Hyndman and Fan, 1996); `sorted` must not be empty.
double ComputeQuantile(std::span<const double> sorted, double q);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_STATISTICS_H
