// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_VERDICT_SENTENCE_H
#define IOTFLEET_ANALYSIS_COMPARE_VERDICT_SENTENCE_H

#include "analysis/compare/comparison.h"

#include <string>

namespace ns3::iotfleet::analysis
{

/**
 * @param row a comparison whose verdict is known
 * @param comparison what it is part of
 * @return the verdict in one sentence with its numbers, such as "B is faster: 95 % updated 3 h 6
 * min earlier (95 % interval 2 h 12 min to 4 h, p = 0.001, 20 pairs)"; plain text
 */
std::string VerdictSentence(const ComparedMetric& row, const Comparison& comparison);

/// @return "p = 0.012" or "p < 0.001".
std::string FormatPValue(double pValue);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_VERDICT_SENTENCE_H
