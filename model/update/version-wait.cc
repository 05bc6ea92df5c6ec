// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/version-wait.h"

#include <cstdio>

namespace ns3::iotfleet
{

VersionWait::VersionWait(const WaitConfig& config, const OperatorView& view)
    : m_config(config),
      m_view(view),
      m_filter(config.where, view)
{
}

VersionWait::Tally
VersionWait::Count() const
{
    Tally tally;
    const auto wanted = m_view.FindValue(DeviceKey::FIRMWARE, m_config.version);
    for (uint32_t i = 0; i < m_view.Registry().Size(); ++i)
    {
        const DeviceId device{i};
        if (m_filter.Matches(device))
        {
            ++tally.devices;
            tally.there += wanted == m_view.Value(DeviceKey::FIRMWARE, device) ? 1U : 0U;
        }
    }
    return tally;
}

bool
VersionWait::IsOver() const
{
    constexpr double ROUNDING = 1e-9;
    const auto tally = Count();
    return tally.devices > 0 && tally.there >= m_config.share * tally.devices - ROUNDING;
}

std::string
VersionWait::Sentence() const
{
    const auto tally = Count();
    char share[32];
    std::snprintf(share, sizeof share, "%.3g %%", 100 * m_config.share);
    return std::string(share) + " of " + std::to_string(tally.devices) + " devices to run " +
           m_config.version + " (" + std::to_string(tally.there) + " do)";
}

} // namespace ns3::iotfleet
