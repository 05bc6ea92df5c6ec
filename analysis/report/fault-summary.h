// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_FAULT_SUMMARY_H
#define IOTFLEET_ANALYSIS_REPORT_FAULT_SUMMARY_H

#include "model/record/rows.h"

#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/**
 * What the scenario made to break, in plain words: one sentence for each of its faults that came to
 * pass or strikes devices.
 *
 * @param faults rows of table `fault` of one run, by fault and start
 * @return text, not yet escaped
 */
std::vector<std::string> DescribeFaults(const std::vector<FaultRow>& faults);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_FAULT_SUMMARY_H
