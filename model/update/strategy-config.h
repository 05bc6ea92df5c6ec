// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_STRATEGY_CONFIG_H
#define IOTFLEET_UPDATE_STRATEGY_CONFIG_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * How an image is brought to devices beyond the plain session: coding, redundancy, gateways,
 * concurrency. SI units. Members are named as the keys of a scenario's `/distribution`; scenario
 * and UpdateConfig share this struct, so that a key is written down once.
 */
namespace ns3::iotfleet
{

/// `/distribution/ladder`: policy LADDER, spreading factors one after the other in one session.
struct LadderConfig
{
    std::optional<uint8_t> fastest{};    ///< first data rate; else the fastest that a member hears
    std::optional<uint32_t> fragments{}; ///< a step; else the whole first pass
};

/// `/distribution/carousel`: policy CAROUSEL, coded fragments without end, in windows.
struct CarouselConfig
{
    double periodS{86400};         ///< `period`: from window to window
    double windowS{3600};          ///< `window`: fragments are sent for this long
    double threshold{0.99};        ///< share of complete devices that ends it, 0..1
    double durationS{7 * 86400.0}; ///< `duration`: ends it in any case
};

/// Keys of `/distribution` that choose a strategy.
struct StrategyConfig
{
    std::string fec{"ts004"};                ///< of FEC_CODE_NAMES
    uint32_t parityGroups{1};                ///< `parity_groups`: with status requests between
    std::string redundancyFrom{"fixed"};     ///< `redundancy_from`: fixed or answers
    double redundancyQuantile{0.9};          ///< `redundancy_quantile`: members to be served, 0..1
    std::vector<std::string> gatewayNames{}; ///< `gateway_names`: for `gateways` = list
    uint32_t gatewayCover{1};                ///< `gateway_cover`: gateways that cover a member
    uint32_t concurrentSessions{0};          ///< `concurrent_sessions`; 0 = as the policy says
    uint32_t unicastWindow{4};               ///< `unicast_window`: fragments queued a device
    std::optional<double> pollPeriodS{};     ///< `poll_period`: devices fetch unicast fragments
    bool pollConfirmed{false};               ///< `poll_confirmed`
    std::optional<double> deleteAfterS{};    ///< `delete_after`: group goes so long after enqueuing
    LadderConfig ladder{};
    CarouselConfig carousel{};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_STRATEGY_CONFIG_H
