// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FAULT_SPEC_H
#define IOTFLEET_HELPER_FAULT_SPEC_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * `/faults` of a scenario as typed values, SI units, and the table of its kinds.
 */
namespace ns3::iotfleet
{

/// Which devices a fault hits: those that pass all filters, and of them a random share.
struct FaultTargetSpec
{
    double share{1};                  ///< `share`: probability of each device that passes
    std::vector<std::string> devices; ///< `devices`: names; empty = all
    std::string site;                 ///< empty = any, and so below
    std::string group;
    std::string hardware;
    std::string profile;
    double withinX{0}; ///< `within`: a circle, metres
    double withinY{0};
    std::optional<double> withinRadiusM; ///< empty = anywhere
    std::string cluster{"none"};         ///< `cluster`: "none", "site", "hardware", "group"
    double correlation{0};               ///< of two devices of one cluster, 0..1
};

/// `/faults/N`. The kind decides which members count: see FaultKinds.
struct FaultSpec
{
    std::string kind;
    std::string gateway;                ///< `gateway`: name; "*" = each
    double startS{0};                   ///< `start`
    std::optional<double> endS;         ///< `end`; empty = the run's end
    std::optional<double> mtbfS;        ///< `mtbf`: mean time up; empty = one span
    std::optional<double> mttrS;        ///< `mttr`: mean time down
    double probability{0};              ///< `probability` per installation
    std::optional<double> brickShare;   ///< `brick_share`; empty = by the profile's slots
    double ratePerS{1};                 ///< `rate` of messages that leave an overloaded server
    std::string image;                  ///< `image`: version; empty = any that is installed
    uint32_t resets{3};                 ///< `resets` of a boot loop
    std::optional<double> resetTimeS;   ///< `reset_time`; empty = the agent's watchdog, 30 s
    bool reverts{true};                 ///< `reverts` after them
    std::optional<double> revertAfterS; ///< `revert_after` without network; empty = never
    double meanS{86400};                ///< `mean` time from confirmation to a slow leak's end
    double shape{1};                    ///< `shape` of that Weibull distribution
    std::string then{"mute"};           ///< `then`: "reset", "mute", "brick"
    double lost{0};                     ///< `lost`, `late`, `wrong`: probability of each report
    double late{0};
    double wrong{0};
    double delayS{3600};  ///< `delay`: mean of a late report's
    double spreadS{0};    ///< `spread`: devices get lost within this after the start
    double emptyLevel{0}; ///< `empty_level`: share of a battery at which devices stop
    double checkS{600};   ///< `check`: spacing of looks at nearly empty batteries
    double offsetS{0};    ///< `offset` of clocks
    double driftPpm{0};   ///< `drift` of clocks
    FaultTargetSpec target;
};

/// Keys of `/faults/N` that not all kinds have.
enum class FaultKey : uint32_t
{
    GATEWAY = 1U << 0,
    START = 1U << 1,
    END = 1U << 2,
    MTBF = 1U << 3,
    MTTR = 1U << 4,
    POWER = 1U << 5, ///< probability, brick_share
    RATE = 1U << 6,
    IMAGE = 1U << 7,
    LOOP = 1U << 8, ///< resets, reset_time, reverts
    REVERT_AFTER = 1U << 9,
    LEAK = 1U << 10,   ///< mean, shape, then
    REPORT = 1U << 11, ///< lost, late, wrong, delay
    SPREAD = 1U << 12,
    BATTERY = 1U << 13, ///< empty_level, check
    CLOCK = 1U << 14,   ///< offset, drift
    TARGET = 1U << 15,  ///< all of FaultTargetSpec
};

/// One kind of fault.
struct FaultKind
{
    std::string_view name;
    uint32_t keys{0}; ///< of FaultKey

    bool Has(FaultKey key) const
    {
        return (keys & static_cast<uint32_t>(key)) != 0;
    }
};

/// All kinds, in the order of the manual.
std::span<const FaultKind> FaultKinds();

/// @return the kind of that name, or nullptr
const FaultKind* FindFaultKind(std::string_view name);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FAULT_SPEC_H
