// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/hit-rule.h"

#include "model/lifecycle/find-devices.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>

namespace ns3::iotfleet
{

namespace
{

using boost::math::policies::ignore_error;
using boost::math::policies::policy;

/// Quantiles so near to 0 or 1 that they cannot be told from them are what they look like.
using Lenient = policy<boost::math::policies::underflow_error<ignore_error>,
                       boost::math::policies::overflow_error<ignore_error>,
                       boost::math::policies::evaluation_error<ignore_error>>;

/// From here on the distribution cannot be told from all or nothing.
constexpr double ALL_OR_NOTHING = 0.999;

} // namespace

HitRule::HitRule(const Fleet& fleet,
                 const HitConfig& config,
                 const CounterRandom& random,
                 uint32_t fault)
    : m_fleet(fleet),
      m_config(config),
      m_devices(FindDevices(fleet, config.devices)),
      m_random(random),
      m_fault(fault)
{
    const bool isRandom = config.share > 0 && config.share < 1;
    if (config.cluster == Cluster::NONE || config.correlation <= 0 || !isRandom)
    {
        return;
    }
    size_t clusters = 0;
    for (uint32_t i = 0; i < fleet.Size(); ++i)
    {
        clusters = std::max(clusters, ClusterOf(DeviceId{i}) + 1);
    }
    for (uint32_t i = 0; i < clusters; ++i)
    {
        m_shares.push_back(static_cast<float>(DrawShare(i)));
    }
}

double
HitRule::DrawShare(uint32_t cluster) const
{
    const double p = m_config.share;
    const double r = m_config.correlation;
    const double u = m_random.Uniform(Purpose::FAULT_CLUSTER, m_fault, cluster);
    if (r >= ALL_OR_NOTHING)
    {
        return u < p ? 1 : 0;
    }
    const double strength = (1 - r) / r;
    const boost::math::beta_distribution<double, Lenient> beta(p * strength, (1 - p) * strength);
    return boost::math::quantile(beta, u);
}

size_t
HitRule::ClusterOf(DeviceId device) const
{
    switch (m_config.cluster)
    {
    case Cluster::SITE:
        return m_fleet.SiteIndex(device);
    case Cluster::HARDWARE:
        return m_fleet.HardwareIndex(device);
    case Cluster::GROUP:
        return m_fleet.GroupIndex(device);
    case Cluster::NONE:
        break;
    }
    return 0;
}

bool
HitRule::Passes(DeviceId device) const
{
    if (!m_devices.empty() && !std::ranges::binary_search(m_devices, device))
    {
        return false;
    }
    if (m_config.within)
    {
        const double x = m_fleet.X(device) - m_config.within->x;
        const double y = m_fleet.Y(device) - m_config.within->y;
        if (std::hypot(x, y) > m_config.within->radiusM)
        {
            return false;
        }
    }
    const auto& c = m_config;
    return (c.site.empty() || c.site == m_fleet.Site(device)) &&
           (c.hardware.empty() || c.hardware == m_fleet.Hardware(device)) &&
           (c.group.empty() || c.group == m_fleet.Group(device)) &&
           (c.profile.empty() || c.profile == m_fleet.Profile(device).name);
}

double
HitRule::ShareOf(DeviceId device) const
{
    return m_shares.empty() ? m_config.share : m_shares[ClusterOf(device)];
}

bool
HitRule::Hits(DeviceId device) const
{
    return Passes(device) &&
           m_random.Uniform(Purpose::FAULT_HIT, static_cast<uint32_t>(device), m_fault) <
               ShareOf(device);
}

std::vector<DeviceId>
HitRule::All() const
{
    std::vector<DeviceId> devices;
    for (uint32_t i = 0; i < m_fleet.Size(); ++i)
    {
        if (Hits(DeviceId{i}))
        {
            devices.push_back(DeviceId{i});
        }
    }
    return devices;
}

} // namespace ns3::iotfleet
