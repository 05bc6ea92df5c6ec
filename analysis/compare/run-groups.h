// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_COMPARE_RUN_GROUPS_H
#define IOTFLEET_ANALYSIS_COMPARE_RUN_GROUPS_H

#include "analysis/results-reader.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// The metrics of one run: name to value, which is empty for NULL.
using RunMetrics = std::map<std::string, std::optional<double>, std::less<>>;

/// Runs that are alike in what is compared: a variant, or those with one value at a pointer.
struct RunGroup
{
    std::string label;
    std::map<std::string, RunMetrics> runs; ///< by what makes a pair, such as "seed 1, run 2"
};

/// All runs of a database, sorted into groups.
struct RunGroups
{
    std::vector<RunGroup> groups; ///< in the order in which they first appear
    uint64_t leftOut{0};          ///< runs that failed or were interrupted
    std::string file;             ///< the database, for messages
    std::set<std::string> varied; ///< JSON pointers of the campaign's grid
    std::map<std::string, std::string, std::less<>> units; ///< of the metrics, as recorded
};

/**
 * Sorts the runs of a database into groups, and names what pairs them: seed and number of the run;
 * where that is not unique in a group, also the other parameters of the campaign, or else the rest
 * of the scenario, or else the variant. It computes no statistics.
 *
 * @param reader the database
 * @param by JSON pointer into the scenario whose value makes the group; empty: the variant
 * @throw InputError if two runs of a group could not be told apart, or `by` is no JSON pointer
 */
RunGroups GroupRuns(const ResultsReader& reader, const std::string& by);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_COMPARE_RUN_GROUPS_H
