// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/operator-view.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr std::string_view UNKNOWN = "unknown";
constexpr uint32_t LARGEST_DATA_RATE = 15;

template <class T>
uint32_t
At(const std::vector<T>& column, DeviceId device)
{
    return Index(device) < column.size() ? static_cast<uint32_t>(column[Index(device)]) : 0;
}

/// What stands for "not known" among the numbers of a key.
std::optional<uint32_t>
UnknownOf(DeviceKey key)
{
    if (key == DeviceKey::GATEWAY)
    {
        return static_cast<uint32_t>(NO_GATEWAY);
    }
    return key == DeviceKey::FIRMWARE ? std::optional(static_cast<uint32_t>(NO_IMAGE))
                                      : std::nullopt;
}

} // namespace

uint32_t
OperatorView::Value(DeviceKey key, DeviceId device) const
{
    switch (key)
    {
    case DeviceKey::SITE:
        return At(m_inventory.site, device);
    case DeviceKey::GROUP:
        return At(m_inventory.group, device);
    case DeviceKey::GATEWAY:
        return static_cast<uint32_t>(m_registry.Link(device).bestGateway);
    case DeviceKey::HARDWARE:
        return At(m_inventory.hardware, device);
    case DeviceKey::PROFILE:
        return At(m_inventory.profile, device);
    case DeviceKey::FIRMWARE:
        return static_cast<uint32_t>(m_registry.Firmware(device));
    case DeviceKey::DATA_RATE:
        return m_registry.Link(device).dataRate;
    case DeviceKey::FLEET:
        break;
    }
    return 0;
}

const std::vector<std::string>*
OperatorView::NamesOf(DeviceKey key) const
{
    const auto& names = m_inventory.names;
    switch (key)
    {
    case DeviceKey::SITE:
        return &names.sites;
    case DeviceKey::GROUP:
        return &names.groups;
    case DeviceKey::GATEWAY:
        return &names.gateways;
    case DeviceKey::HARDWARE:
        return &names.hardware;
    case DeviceKey::PROFILE:
        return &names.profiles;
    case DeviceKey::FIRMWARE:
        return &names.firmware;
    case DeviceKey::DATA_RATE:
    case DeviceKey::FLEET:
        break;
    }
    return nullptr;
}

std::string
OperatorView::ValueName(DeviceKey key, uint32_t value) const
{
    if (key == DeviceKey::FLEET)
    {
        return "fleet";
    }
    if (UnknownOf(key) == value)
    {
        return std::string(UNKNOWN);
    }
    const auto* names = NamesOf(key);
    return names && value < names->size() ? (*names)[value] : std::to_string(value);
}

std::optional<uint32_t>
OperatorView::FindValue(DeviceKey key, std::string_view name) const
{
    if (const auto* names = NamesOf(key))
    {
        const auto found = std::ranges::find(*names, name);
        if (found != names->end())
        {
            return static_cast<uint32_t>(found - names->begin());
        }
        return name == UNKNOWN ? UnknownOf(key) : std::nullopt;
    }
    for (uint32_t value = 0; value <= LARGEST_DATA_RATE; ++value)
    {
        if (ValueName(key, value) == name)
        {
            return value;
        }
    }
    return std::nullopt;
}

bool
OperatorView::IsMains(DeviceId device) const
{
    const auto profile = Value(DeviceKey::PROFILE, device);
    return m_registry.Battery(device) == BATTERY_EXTERNAL ||
           (profile < m_inventory.mainsProfile.size() && m_inventory.mainsProfile[profile]);
}

std::optional<float>
OperatorView::BatteryLevel(DeviceId device) const
{
    if (const auto reported = BatteryLevelOf(m_registry.Battery(device)))
    {
        return reported;
    }
    const auto& levels = m_inventory.batteryLevel;
    return Index(device) < levels.size() ? std::optional(levels[Index(device)]) : std::nullopt;
}

std::string
OperatorView::DeviceName(DeviceId device) const
{
    const auto& nameOf = m_inventory.names.nameOf;
    return nameOf ? nameOf(device) : std::to_string(Index(device));
}

} // namespace ns3::iotfleet
