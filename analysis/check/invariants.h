// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CHECK_INVARIANTS_H
#define IOTFLEET_ANALYSIS_CHECK_INVARIANTS_H

#include "analysis/check/check-result.h"
#include "analysis/results-reader.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/**
 * What holds in every run, whatever the scenario: the books of the tables balance, no device is
 * lost, nothing is known before a message told it, the air is within the law, energy is not
 * negative. A run that breaks one shows a fault of the program, not of a strategy.
 */
struct Invariant
{
    std::string_view name;
    /// Gives one text, the reason why the invariant says nothing about run ?1, or no row; empty:
    /// it always says something.
    std::string_view unless;
    /// Gives one text for each breach in run ?1.
    std::string_view breaches;
};

/// All of them.
std::span<const Invariant> Invariants();

/// Appends one result for each invariant; `runs` are ids of finished runs.
void CheckInvariants(const ResultsReader& reader,
                     std::span<const int64_t> runs,
                     std::vector<CheckResult>& results);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CHECK_INVARIANTS_H
