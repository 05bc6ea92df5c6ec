// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_DEVICE_STATE_H
#define IOTFLEET_ANALYSIS_REPORT_DEVICE_STATE_H

#include "model/record/rows.h"

#include <array>
#include <cstddef>
#include <string_view>

/**
 * @file
 * The one state that the report shows of a device, derived from its four state machines, and how
 * it looks: Okabe and Ito's colours, which colour-blind readers can tell apart, and a shape each.
 */
namespace ns3::iotfleet::analysis
{

/// What the report says of a device, truth, the gravest first.
enum class ReportState : size_t
{
    BRICKED,
    COMPROMISED,
    COMPROMISED_HELD,
    FAILED,
    QUARANTINED,
    NOT_ENROLLED,
    IN_PROGRESS,
    WAITING,
    UPDATED,
    COUNT
};

inline constexpr size_t REPORT_STATES{static_cast<size_t>(ReportState::COUNT)};

/// How a state is named and drawn.
struct StateStyle
{
    std::string_view id;
    std::string_view label;
    std::string_view meaning;
    std::string_view color;     ///< on a light page
    std::string_view colorDark; ///< on a dark page
    std::string_view shape;     ///< of map-shapes.js; with a ring around it where access is held
};

/// Indexed by ReportState.
inline constexpr std::array<StateStyle, REPORT_STATES> STATE_STYLES{{
    {"bricked", "bricked", "does not start any more", "#000000", "#F0E442", "cross"},
    {"compromised",
     "compromised, loose",
     "under an attacker's control, with full access",
     "#D55E00",
     "#D55E00",
     "diamond"},
    {"compromised-held",
     "compromised, held",
     "under an attacker's control, access restricted or blocked",
     "#D55E00",
     "#D55E00",
     "held-diamond"},
    {"failed",
     "failed",
     "update failed or rolled back, or faulty",
     "#E69F00",
     "#E69F00",
     "triangle"},
    {"quarantined",
     "held, not compromised",
     "access restricted or blocked, though no attacker controls it",
     "#CC79A7",
     "#CC79A7",
     "held-square"},
    {"not-enrolled", "not enrolled", "has not joined", "#767676", "#9A9A9A", "ring"},
    {"in-progress", "update under way", "notified to trial", "#0072B2", "#56B4E9", "wedge"},
    {"waiting", "enrolled", "no update under way", "#999999", "#7F7F7F", "dot"},
    {"updated", "updated", "runs the target image and confirmed it", "#009E73", "#009E73", "disc"},
}};

/// @return the state of a device at the end of the run, truth, given the rollout's target (empty
/// without one).
ReportState GetReportState(const DeviceRow& device, std::string_view target);

/// @return whether the operator has no reason to look at the device: neither an alarm nor a
/// quarantine, nor a failure or silence in the rollout.
bool IsBelievedFine(const DeviceRow& device);

/// @return whether the device is not what it should be, truth, given the rollout's target (empty
/// without one): bricked, compromised, faulty, or reported as updated without being so.
bool IsNotFine(const DeviceRow& device, std::string_view target);

/// @return whether the operator believes that the device's update failed, or that it fell silent,
/// while it runs the image in truth and has confirmed it.
bool IsWronglyGivenUp(const DeviceRow& device, std::string_view target);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_DEVICE_STATE_H
