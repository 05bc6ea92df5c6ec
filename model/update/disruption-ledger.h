// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_DISRUPTION_LEDGER_H
#define IOTFLEET_UPDATE_DISRUPTION_LEDGER_H

#include "model/fleet/device-registry.h"
#include "model/update/disruption-budget.h"

#include <span>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Who is unavailable, and whether the disruption budgets let somebody else be so: a device from its
 * turn until it reports how it went, and one that falls silent until it is heard of, whatever wave
 * it was in. It offers nothing: the WaveDispatcher does.
 *
 * Cost: O(unavailable) a recount; 4 bytes for each that fell silent, and nothing without budgets.
 */
class DisruptionLedger
{
  public:
    /// `view` must outlive it.
    DisruptionLedger(const std::vector<BudgetConfig>& budgets, const OperatorView& view);

    /// Whether there are budgets; nothing is counted without.
    bool HasBudgets() const
    {
        return !m_budgets.empty();
    }

    /// The devices that make up the groups' sizes.
    void SetScope(std::span<const DeviceId> devices);

    /// The device has fallen silent over an offer.
    void FallSilent(DeviceId device);

    /// Counts anew: nobody is unavailable but those that are silent still, says the registry.
    void Recount(const DeviceRegistry& registry);

    /// The device is unavailable from now on; once, if it was so for its silence.
    void Take(DeviceId device);

    /// Whether the device may become unavailable; another try on a silent one costs nobody.
    bool Allows(DeviceId device) const;

    size_t MemoryBytes() const
    {
        return m_silent.capacity() * sizeof(DeviceId);
    }

  private:
    bool IsSilent(DeviceId device) const;

    std::vector<DisruptionBudget> m_budgets;
    std::vector<DeviceId> m_silent; ///< ascending
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_DISRUPTION_LEDGER_H
