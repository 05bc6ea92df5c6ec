// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_HIT_RULE_H
#define IOTFLEET_LIFECYCLE_HIT_RULE_H

#include "model/fleet/counter-random.h"
#include "model/fleet/fleet.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/// Which devices share their luck.
enum class Cluster : uint8_t
{
    NONE, ///< every device has its own
    SITE,
    HARDWARE, ///< the hardware batch
    GROUP,    ///< the scenario's group
};

/// Names of Cluster, as in a scenario.
inline constexpr std::array<std::string_view, 4> CLUSTER_NAMES{"none", "site", "hardware", "group"};

/// A circle on the map, metres.
struct HitCircle
{
    double x{0};
    double y{0};
    double radiusM{0};
};

/// Whom a fault hits; empty texts, lists and optionals let everybody pass.
struct HitConfig
{
    double share{1};                  ///< probability of a device that passes the filters, 0..1
    std::vector<std::string> devices; ///< by name
    std::string site;
    std::string group;
    std::string hardware;
    std::string profile;
    std::optional<HitCircle> within;
    Cluster cluster{Cluster::NONE};
    double correlation{0}; ///< of two devices of one cluster, 0..1; 0 with Cluster::NONE
};

/**
 * Decides which devices a fault hits. The answer is a function of the device, the fault's number
 * and the seed alone: asking twice, asking in another order or adding other faults changes nothing.
 *
 * Correlation is beta-binomial: each cluster c draws a share of its own,
 *
 *     P_c ~ Beta(p (1 - r) / r, (1 - p) (1 - r) / r),
 *
 * with mean p = `share` and variance p (1 - p) r, and each of its devices is hit with probability
 * P_c. Two devices of a cluster are then correlated with coefficient r = `correlation`, and the
 * number X of devices hit in a cluster of n has
 *
 *     E X = n p,    Var X = n p (1 - p) (1 + (n - 1) r).
 *
 * r = 0 is the binomial; r = 1 hits whole clusters or none of them (J. G. Skellam, "A probability
 * distribution derived from the binomial distribution by regarding the probability of success as
 * variable between the sets of trials", J. R. Stat. Soc. B 10, 1948).
 *
 * Costs a Philox block a question, and a float a cluster.
 */
class HitRule
{
  public:
    /**
     * @param fleet the truth, complete; must outlive the rule
     * @param config whom to hit
     * @param random source of the draws (Purpose::FAULT_HIT and FAULT_CLUSTER)
     * @param fault number of the fault in the scenario
     * @throws std::invalid_argument if a named device does not exist
     */
    HitRule(const Fleet& fleet,
            const HitConfig& config,
            const CounterRandom& random,
            uint32_t fault);

    /// Whether the fault hits the device.
    bool Hits(DeviceId device) const;

    /// Whether the device passes the filters, lucky or not.
    bool Passes(DeviceId device) const;

    /// All devices that the fault hits, ascending. O(devices).
    std::vector<DeviceId> All() const;

    /// Probability that the device is hit, given its cluster's draw.
    double ShareOf(DeviceId device) const;

  private:
    size_t ClusterOf(DeviceId device) const;
    double DrawShare(uint32_t cluster) const;

    const Fleet& m_fleet;
    HitConfig m_config;
    std::vector<DeviceId> m_devices; ///< the named ones, ascending
    CounterRandom m_random;
    uint32_t m_fault;
    std::vector<float> m_shares; ///< by cluster; empty without correlation
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_HIT_RULE_H
