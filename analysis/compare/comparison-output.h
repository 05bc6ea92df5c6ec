// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_COMPARISON_OUTPUT_H
#define IOTFLEET_ANALYSIS_COMPARE_COMPARISON_OUTPUT_H

#include "analysis/compare/comparison.h"

#include <string>

namespace ns3::iotfleet::analysis
{

/// @return the comparison as text for a terminal: a table, then a sentence for each row.
std::string ComparisonText(const Comparison& comparison);

/// @return the comparison as JSON for scripts; all numbers in full, in the units of the metrics.
std::string ComparisonJson(const Comparison& comparison);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_COMPARISON_OUTPUT_H
