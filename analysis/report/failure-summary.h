// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_FAILURE_SUMMARY_H
#define IOTFLEET_ANALYSIS_REPORT_FAILURE_SUMMARY_H

#include "analysis/results-reader.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// All failures of one cause.
struct FailureGroup
{
    std::string cause;
    uint64_t events{0};
    std::set<uint32_t> devices;
    uint32_t firstDevice{0};
    double firstS{0};
    std::string firstDetail;
};

/// @return the failures of a run by cause, the one with most devices first.
std::vector<FailureGroup> GroupFailures(const ResultsReader& reader, int64_t runId);

/// @return a cause of table `failure` as a sentence for people; one that has no sentence is given
/// back with its hyphens turned into spaces.
std::string DescribeCause(std::string_view cause);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_FAILURE_SUMMARY_H
