// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_DISRUPTION_BUDGET_H
#define IOTFLEET_UPDATE_DISRUPTION_BUDGET_H

#include "model/update/operator-view.h"
#include "model/update/rollout-policy-config.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * How many devices of a group (a site, say) may be unavailable together, as flightctl's disruption
 * budget. A device is unavailable from its offer until it reports how it went; one that falls
 * silent stays unavailable until it is heard of. Who says so is the caller.
 */
class DisruptionBudget
{
  public:
    /// `view` must outlive it.
    DisruptionBudget(const BudgetConfig& config, const OperatorView& view);

    /// The devices that make up the groups' sizes.
    void SetScope(std::span<const DeviceId> devices);

    /// Everybody is available again.
    void Clear();

    /// Whether one more device of its group may become unavailable.
    bool Allows(DeviceId device) const;

    /// The device is unavailable.
    void Take(DeviceId device);

    /// Devices of a group of `size` that may be unavailable at once.
    uint32_t Limit(uint32_t size) const;

  private:
    struct Group
    {
        uint32_t size{0};
        uint32_t out{0};
    };

    uint64_t KeyOf(DeviceId device) const;

    BudgetConfig m_config;
    const OperatorView& m_view;
    std::vector<DeviceKey> m_keys;
    std::unordered_map<uint64_t, Group> m_groups; ///< looked up only, never walked for results
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_DISRUPTION_BUDGET_H
