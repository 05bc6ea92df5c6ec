// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_CONFIG_H
#define IOTFLEET_UPDATE_ROLLOUT_CONFIG_H

#include "model/fleet/enum-names.h"
#include "model/fleet/types.h"
#include "model/update/rollout-policy-config.h"
#include "model/update/rollout-window.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// In which order devices are taken into waves; ties are broken at random.
enum class WaveOrderKind : uint8_t
{
    RANDOM,
    SITE,      ///< site after site, in the order of the inventory
    DATA_RATE, ///< fastest link first: cheap sessions early
    BATTERY,   ///< fullest battery first, as reported or as the inventory tells
};

/// How a device counts that stayed silent.
enum class UnreportedPolicy : uint8_t
{
    FAILURE, ///< the careful choice: a silent brick looks just like this
    SUCCESS,
    IGNORE,  ///< counts neither way, and not among the targets either
    PENDING, ///< counts neither way and stays a target, so that the successes may never be enough
};

/// What happens when a wave misses a threshold.
enum class ErrorAction : uint8_t
{
    PAUSE,     ///< until Rollout::Resume()
    ABORT,     ///< for good
    ROLL_BACK, ///< for good, and devices go back to another image
};

inline constexpr std::array<std::string_view, 4> WAVE_ORDER_NAMES{"random",
                                                                  "site",
                                                                  "data-rate",
                                                                  "battery"};
inline constexpr std::array<std::string_view, 4> UNREPORTED_NAMES{"failure",
                                                                  "success",
                                                                  "ignore",
                                                                  "pending"};
inline constexpr std::array<std::string_view, 3> ERROR_ACTION_NAMES{"pause", "abort", "roll-back"};

/// What the share of a wave is of, among the devices that match its filter.
enum class ShareOf : uint8_t
{
    ALL,        ///< all of them, taken already or not
    LEFT,       ///< those that no wave has taken (hawkBit)
    CUMULATIVE, ///< all of them, and those taken already count towards it (Flight Control)
};

inline constexpr std::array<std::string_view, 3> SHARE_OF_NAMES{"all", "left", "cumulative"};

/// One wave: whom it takes and what lets the rollout go on.
struct WaveConfig
{
    std::string name{};
    std::optional<double> share{};   ///< 0..1 of all targets, on top of the earlier waves
    std::optional<uint32_t> count{}; ///< devices; without share and count: everybody left
    double soakS{0};                 ///< wait after the wave's reports are in
    double successThreshold{0.9};    ///< share of successes needed at the end, 0..1
    double errorThreshold{0.1};      ///< larger shares of failures stop the wave at once, 0..1
    double timeoutS{7 * 86400.0};    ///< the wave's reports count as in at this age at the latest
    ShareOf shareOf{ShareOf::ALL};
    FilterConfig filter{}; ///< whom it may take
    std::string forEach{}; ///< name of a DeviceKey: one wave for each value of it
    double notBeforeS{0};  ///< instant
    std::vector<WaitConfig> waitFor{};
    std::optional<uint32_t> successCount{}; ///< successes needed, instead of successThreshold
    std::optional<uint32_t> errorCount{};   ///< more failures stop, instead of errorThreshold
    bool stopAtTimeout{true};               ///< false: what is under way at the time-out goes on
    bool thenPause{false};                  ///< a good end pauses the rollout: the operator decides
    bool advanceEarly{false}; ///< enough successes are a good end, whoever is still at work; goes
                              ///< with no policy of DispatchConfig
};

/// A whole rollout.
struct RolloutConfig
{
    double startS{86400};
    WaveOrderKind order{WaveOrderKind::RANDOM};
    std::vector<WaveConfig> waves{}; ///< empty: one wave of everybody
    UnreportedPolicy unreported{UnreportedPolicy::FAILURE};
    ErrorAction onError{ErrorAction::ABORT};
    bool requireEnrolled{true}; ///< only devices that the operator has seen enrolled
    MaintenanceWindow window{};
    double resumeAfterS{0}; ///< a pause that a policy made ends by itself after this; 0 = never
    GateConfig gates{};
    DispatchConfig dispatch{};
    std::vector<StopRuleConfig> stopRules{};
    std::vector<ActionConfig> actions{};
    DynamicConfig dynamic{};
    double rollBackTimeoutS{7 * 86400.0}; ///< a roll-back ends at this age at the latest
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_CONFIG_H
