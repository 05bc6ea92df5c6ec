// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/disruption-budget.h"

#include "model/update/rollout-config.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr double ROUNDING = 1e-9;

} // namespace

DisruptionBudget::DisruptionBudget(const BudgetConfig& config, const OperatorView& view)
    : m_config(config),
      m_view(view)
{
    for (const auto& name : config.by)
    {
        if (const auto key = FromName<DeviceKey>(DEVICE_KEY_NAMES, name))
        {
            m_keys.push_back(*key);
        }
    }
}

uint64_t
DisruptionBudget::KeyOf(DeviceId device) const
{
    uint64_t key = 0;
    for (const auto part : m_keys) // four at most; each value has 16 bits
    {
        key = key << 16 | m_view.Value(part, device);
    }
    return key;
}

void
DisruptionBudget::SetScope(std::span<const DeviceId> devices)
{
    m_groups.clear();
    for (const auto device : devices)
    {
        ++m_groups[KeyOf(device)].size;
    }
}

void
DisruptionBudget::Clear()
{
    for (auto& [key, group] : m_groups)
    {
        group.out = 0;
    }
}

uint32_t
DisruptionBudget::Limit(uint32_t size) const
{
    double limit = size;
    const auto tighten = [&limit](double other) { limit = std::min(limit, std::max(other, 0.0)); };
    if (m_config.maxUnavailable)
    {
        tighten(*m_config.maxUnavailable);
    }
    if (m_config.maxUnavailableShare)
    {
        tighten(std::floor(*m_config.maxUnavailableShare * size + ROUNDING));
    }
    if (m_config.minAvailable)
    {
        tighten(static_cast<double>(size) - *m_config.minAvailable);
    }
    if (m_config.minAvailableShare)
    {
        tighten(size - std::ceil(*m_config.minAvailableShare * size - ROUNDING));
    }
    return static_cast<uint32_t>(limit);
}

bool
DisruptionBudget::Allows(DeviceId device) const
{
    const auto group = m_groups.find(KeyOf(device));
    return group == m_groups.end() || group->second.out < Limit(group->second.size);
}

void
DisruptionBudget::Take(DeviceId device)
{
    ++m_groups[KeyOf(device)].out;
}

} // namespace ns3::iotfleet
