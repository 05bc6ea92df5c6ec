// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/device-filter.h"

#include <algorithm>
#include <charconv>
#include <fnmatch.h>

namespace ns3::iotfleet
{

DeviceFilter::DeviceFilter(const FilterConfig& config, const OperatorView& view)
    : m_view(view),
      m_patterns(config.names),
      m_minDataRate(config.minDataRate.value_or(0)),
      m_maxDataRate(config.maxDataRate.value_or(NO_LIMIT))
{
    Add(DeviceKey::SITE, config.sites);
    Add(DeviceKey::GROUP, config.groups);
    Add(DeviceKey::GATEWAY, config.gateways);
    Add(DeviceKey::HARDWARE, config.hardware);
    Add(DeviceKey::PROFILE, config.profiles);
    Add(DeviceKey::FIRMWARE, config.firmware);
}

void
DeviceFilter::Add(DeviceKey key, const std::vector<std::string>& names)
{
    if (names.empty())
    {
        return;
    }
    Condition condition{key, {}};
    for (const auto& name : names)
    {
        if (const auto value = m_view.FindValue(key, name))
        {
            condition.values.push_back(*value);
        }
    }
    std::ranges::sort(condition.values);
    m_conditions.push_back(std::move(condition));
}

bool
DeviceFilter::MatchesName(DeviceId device) const
{
    if (m_patterns.empty())
    {
        return true;
    }
    const auto name = m_view.DeviceName(device);
    return std::ranges::any_of(m_patterns, [&name](const std::string& pattern) {
        return fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
    });
}

bool
DeviceFilter::Matches(DeviceId device) const
{
    const auto dataRate = m_view.Value(DeviceKey::DATA_RATE, device);
    return dataRate >= m_minDataRate && dataRate <= m_maxDataRate &&
           std::ranges::all_of(m_conditions,
                               [&](const Condition& condition) {
                                   return std::ranges::binary_search(
                                       condition.values,
                                       m_view.Value(condition.key, device));
                               }) &&
           MatchesName(device);
}

FilterConfig
Narrowed(FilterConfig filter, DeviceKey key, const std::string& name)
{
    switch (key)
    {
    case DeviceKey::SITE:
        filter.sites = {name};
        break;
    case DeviceKey::GROUP:
        filter.groups = {name};
        break;
    case DeviceKey::GATEWAY:
        filter.gateways = {name};
        break;
    case DeviceKey::HARDWARE:
        filter.hardware = {name};
        break;
    case DeviceKey::PROFILE:
        filter.profiles = {name};
        break;
    case DeviceKey::FIRMWARE:
        filter.firmware = {name};
        break;
    case DeviceKey::DATA_RATE: {
        uint8_t dataRate = 0;
        std::from_chars(name.data(), name.data() + name.size(), dataRate);
        filter.minDataRate = dataRate;
        filter.maxDataRate = dataRate;
        break;
    }
    case DeviceKey::FLEET:
        break;
    }
    return filter;
}

} // namespace ns3::iotfleet
