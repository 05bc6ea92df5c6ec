// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_POLICY_CONFIG_H
#define IOTFLEET_UPDATE_ROLLOUT_POLICY_CONFIG_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * What a rollout's policies are told, as plain values in SI units: one struct a policy. Words are
 * those of the scenario file; 0 stands for "none" where a member says so.
 */
namespace ns3::iotfleet
{

/// Some devices, by what the operator knows of them: all conditions hold, any entry of a list.
struct FilterConfig
{
    std::vector<std::string> sites{}; ///< empty lists are no condition
    std::vector<std::string> groups{};
    std::vector<std::string> gateways{}; ///< best gateway of the last uplink; "unknown" = not heard
    std::vector<std::string> hardware{};
    std::vector<std::string> profiles{};
    std::vector<std::string> firmware{};  ///< version that the device is believed to run
    std::vector<std::string> names{};     ///< patterns with * and ?
    std::optional<uint8_t> minDataRate{}; ///< of the last uplink
    std::optional<uint8_t> maxDataRate{};

    bool operator==(const FilterConfig&) const = default;
};

/// A wave waits until a share of other devices is believed to run a version (SUIT update
/// management: the wait event "other device version").
struct WaitConfig
{
    FilterConfig where{}; ///< those other devices
    std::string version{};
    double share{1}; ///< of them, 0..1
};

/// Who is taken at all, by the inventory.
struct GateConfig
{
    double battery{0};        ///< smallest level, 0..1
    std::string power{"any"}; ///< "any" or "mains"
};

/// How fast the devices of a wave are offered the image. With p devices of progress so far, a step
/// offers min(maximum, rate * factor^floor(p / increaseEvery)) devices at most; what a step does
/// not use is lost, fractions of a device are kept.
struct PaceConfig
{
    double rate{0};                    ///< devices a step; 0 = all at once
    double intervalS{60};              ///< length of a step
    double factor{1};                  ///< 1 = constant, larger = exponential
    uint32_t increaseEvery{0};         ///< devices of progress; 0 = never
    std::string increaseOn{"offered"}; ///< what progress is: "offered" or "succeeded"
    double maximum{0};                 ///< devices a step; 0 = none
    uint32_t concurrent{0};            ///< devices in progress at once; 0 = no limit
    double jitterS{0};                 ///< each is offered uniformly within this after its turn
};

/// Further tries of devices that failed or stayed silent. Before the k-th of them a device waits
/// min(longest, wait * factor^(k - 1)).
struct RetryConfig
{
    uint32_t limit{0};     ///< tries after the first
    std::string on{"any"}; ///< "failed", "timed-out" or "any"
    double waitS{3600};
    double factor{2};
    double longestS{86400};
};

/// A device that fails too often is left alone for a time.
struct PenaltyConfig
{
    uint32_t failures{0}; ///< 0 = never
    double withinS{86400};
    double timeS{86400};
};

/// Devices of a group may be unavailable together up to a limit. With several members set, the
/// tightest holds; shares are of the group's devices.
struct BudgetConfig
{
    std::vector<std::string> by{"site"}; ///< names of DeviceKey; one group a combination
    std::optional<uint32_t> maxUnavailable{};
    std::optional<double> maxUnavailableShare{}; ///< rounded down
    std::optional<uint32_t> minAvailable{};
    std::optional<double> minAvailableShare{}; ///< rounded up
};

/// Hours of some days, in local time.
struct WindowConfig
{
    double startS{0};                ///< second of the day at which it opens, 0..86400
    double endS{0};                  ///< at which it closes; not after startS: on the next day
    std::vector<std::string> days{}; ///< of the opening, "mon".."sun"; empty = all
};

/// All that decides when a device of a wave is offered the image.
struct DispatchConfig
{
    PaceConfig pace{};
    RetryConfig retry{};
    PenaltyConfig penalty{};
    std::vector<BudgetConfig> budgets{};
    std::vector<WindowConfig> windows{};
    uint32_t firstDay{0};         ///< weekday at time zero, 0 = Monday
    double inProgressTimeoutS{0}; ///< without a report so long after its offer it is timed out
};

/// Something that the operator does by hand.
struct ActionConfig
{
    double atS{0};
    std::string action{"pause"}; ///< "pause", "resume", "abort" or "roll-back"
};

/// Stops the rollout when too many devices come to a bad end. It fires once `minimum` devices have
/// finished, `minimumOffered` were offered, and the devices counted are at least `share` of the
/// finished ones or at least `count`.
struct StopRuleConfig
{
    std::string countOf{"failed"}; ///< failed, rejected, timed-out, rolled-back or all
    std::optional<double> share{}; ///< of the devices that finished, 0..1
    std::optional<uint32_t> count{};
    uint32_t minimum{1};
    uint32_t minimumOffered{0};
    std::string over{"rollout"}; ///< "rollout" or "wave"
    double withinS{0};           ///< only what happened in the last so many seconds; 0 = all
    std::string action{"abort"}; ///< "abort", "pause" or "roll-back"
};

/// Waves after the last one, of devices that came later.
struct DynamicConfig
{
    bool enabled{false};
    uint32_t size{1}; ///< a wave starts when so many are there
    double waitS{0};  ///< or when the first of them has waited so long; 0 = never
    double untilS{0}; ///< the rollout is over then; 0 = never
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_POLICY_CONFIG_H
