// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_SESSION_POLICY_H
#define IOTFLEET_UPDATE_SESSION_POLICY_H

#include "model/fleet/types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// A device as a session policy sees it: what the operator believes of its link.
struct Candidate
{
    DeviceId device{NO_DEVICE};
    uint8_t dataRate{0};           ///< downlink data rate it is believed to hear
    GatewayId gateway{NO_GATEWAY}; ///< best one; none = never heard
};

/// A session to be run.
struct PlannedSession
{
    std::vector<DeviceId> devices;   ///< ascending
    uint8_t dataRate{0};             ///< downlink data rate of the group
    std::vector<GatewayId> gateways; ///< empty = all
    bool unicast{false};             ///< no group: fragments to each device
    std::vector<uint8_t> ladder{};   ///< data rates one after the other; empty = dataRate alone
    bool carousel{false};            ///< fragments without end, members come when they come
};

/**
 * Decides who shares a session. Asked again each time the sessions that it named have ended, until
 * no candidate is left. It does not run sessions and knows the operator's beliefs only.
 */
class SessionPolicy
{
  public:
    virtual ~SessionPolicy() = default;

    /**
     * Takes the devices of the next sessions, which run at the same time, out of `waiting`.
     * @param waiting those not served yet, ascending by device; never empty
     * @param waitedS time since this distribution was asked for
     * @return at least one session
     */
    virtual std::vector<PlannedSession> Next(std::vector<Candidate>& waiting,
                                             double waitedS) const = 0;
};

/// Names that MakeSessionPolicy knows.
std::vector<std::string_view> SessionPolicyNames();

/**
 * @param name ALL, BASELINE, FASTEST, THRESHOLD, PER-GATEWAY, LADDER, CAROUSEL or UNICAST
 * @param thresholdS of THRESHOLD
 * @param slowestDataRate of BASELINE: downlink data rate that every device hears
 * @param fastestDataRate of LADDER: where it begins; else the fastest that a member hears
 * @throws std::invalid_argument for another name
 */
std::unique_ptr<SessionPolicy> MakeSessionPolicy(std::string_view name,
                                                 double thresholdS,
                                                 uint8_t slowestDataRate,
                                                 std::optional<uint8_t> fastestDataRate = {});

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_SESSION_POLICY_H
