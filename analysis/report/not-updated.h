// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_NOT_UPDATED_H
#define IOTFLEET_ANALYSIS_REPORT_NOT_UPDATED_H

#include "analysis/results-reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// How it is known why a device was left behind, from the best source to the worst.
enum class WhyKnown : uint8_t
{
    TRUTH,      ///< table `failure`
    UNREPORTED, ///< table `given_up`: the operator did not hear of it
    GIVEN_UP,   ///< table `given_up`: the operator heard of it, and not that it was updated
    STATE,      ///< nobody gave it up: its state at the end tells
};

/// Devices that do not run the target at the end, of one cause.
struct NotUpdatedGroup
{
    std::string cause; ///< of table `failure` or `given_up`, or one of those of STATE
    WhyKnown known{WhyKnown::STATE};
    std::vector<uint32_t> devices; ///< ascending
};

/// The rollout, and not the update service, stopped waiting: WhyKnown::UNREPORTED.
inline constexpr std::string_view CAUSE_TIMEOUT = "in-progress-timeout";

/// Causes of WhyKnown::STATE.
inline constexpr std::string_view CAUSE_BRICKED = "bricked";
inline constexpr std::string_view CAUSE_NOT_ENROLLED = "not-enrolled";
inline constexpr std::string_view CAUSE_NOT_OFFERED = "not-offered";
inline constexpr std::string_view CAUSE_UNDER_WAY = "under-way";

/**
 * Each device that does not run the target at the end is in one group: by its last failure, truth,
 * if it had one, else as bricked if it is, else by the last time that the update service gave it
 * up, else by its state.
 *
 * @return the groups, the one with most devices first; none without a rollout.
 */
std::vector<NotUpdatedGroup> GroupNotUpdated(const ResultsReader& reader,
                                             int64_t runId,
                                             const std::string& target);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_NOT_UPDATED_H
