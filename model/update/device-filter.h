// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_DEVICE_FILTER_H
#define IOTFLEET_UPDATE_DEVICE_FILTER_H

#include "model/update/operator-view.h"
#include "model/update/rollout-policy-config.h"

#include <string>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Whether a device is meant: by site, group, gateway, hardware, profile, version, data rate and
 * name, as the operator knows them now. It chooses nobody: shares and counts are the wave's part.
 *
 * Cost: some 10 ns a condition, and the making of the device's name where patterns are given.
 */
class DeviceFilter
{
  public:
    /// `view` must outlive it. A name that no device has matches nobody.
    DeviceFilter(const FilterConfig& config, const OperatorView& view);

    bool Matches(DeviceId device) const;

    /// Whether it has any condition.
    bool IsEverybody() const
    {
        return m_conditions.empty() && m_patterns.empty() && m_minDataRate == 0 &&
               m_maxDataRate == NO_LIMIT;
    }

  private:
    static constexpr uint32_t NO_LIMIT = 255;

    /// The device's value of `key` is one of `values` (ascending).
    struct Condition
    {
        DeviceKey key;
        std::vector<uint32_t> values;
    };

    void Add(DeviceKey key, const std::vector<std::string>& names);
    bool MatchesName(DeviceId device) const;

    const OperatorView& m_view;
    std::vector<Condition> m_conditions;
    std::vector<std::string> m_patterns;
    uint32_t m_minDataRate{0};
    uint32_t m_maxDataRate{NO_LIMIT};
};

/// `filter` narrowed to the devices whose value of `key` is called `name`.
FilterConfig Narrowed(FilterConfig filter, DeviceKey key, const std::string& name);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_DEVICE_FILTER_H
