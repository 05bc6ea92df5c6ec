// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/disruption-ledger.h"

#include <algorithm>

namespace ns3::iotfleet
{

DisruptionLedger::DisruptionLedger(const std::vector<BudgetConfig>& budgets,
                                   const OperatorView& view)
{
    for (const auto& budget : budgets)
    {
        m_budgets.emplace_back(budget, view);
    }
}

void
DisruptionLedger::SetScope(std::span<const DeviceId> devices)
{
    std::ranges::for_each(m_budgets, [devices](auto& budget) { budget.SetScope(devices); });
}

bool
DisruptionLedger::IsSilent(DeviceId device) const
{
    return std::ranges::binary_search(m_silent, device);
}

void
DisruptionLedger::FallSilent(DeviceId device)
{
    if (HasBudgets() && !IsSilent(device))
    {
        m_silent.insert(std::ranges::upper_bound(m_silent, device), device);
    }
}

void
DisruptionLedger::Recount(const DeviceRegistry& registry)
{
    std::erase_if(m_silent, [&registry](DeviceId device) {
        return registry.Update(device) != UpdateBelief::UNREPORTED;
    });
    for (auto& budget : m_budgets)
    {
        budget.Clear();
        std::ranges::for_each(m_silent, [&budget](DeviceId device) { budget.Take(device); });
    }
}

void
DisruptionLedger::Take(DeviceId device)
{
    if (!IsSilent(device))
    {
        std::ranges::for_each(m_budgets, [device](auto& budget) { budget.Take(device); });
    }
}

bool
DisruptionLedger::Allows(DeviceId device) const
{
    return IsSilent(device) || std::ranges::all_of(m_budgets, [device](const auto& budget) {
               return budget.Allows(device);
           });
}

} // namespace ns3::iotfleet
