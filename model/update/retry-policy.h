// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_RETRY_POLICY_H
#define IOTFLEET_UPDATE_RETRY_POLICY_H

#include "model/fleet/types.h"
#include "model/update/rollout-policy-config.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

/// Whether and when a device gets another try; the formula stands at RetryConfig.
class RetryPolicy
{
  public:
    explicit RetryPolicy(const RetryConfig& config)
        : m_config(config)
    {
    }

    /**
     * @param tries tries so far, at least 1
     * @param timedOut whether the last one ended in silence rather than in a report
     */
    bool Allows(uint32_t tries, bool timedOut) const
    {
        return tries <= m_config.limit &&
               (m_config.on == "any" || m_config.on == (timedOut ? "timed-out" : "failed"));
    }

    /// Wait after `tries` tries, at least 1.
    Tick Wait(uint32_t tries) const
    {
        const double waitS = m_config.waitS * std::pow(m_config.factor, tries - 1.0);
        return ToTicks(std::min(waitS, m_config.longestS));
    }

  private:
    RetryConfig m_config;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_RETRY_POLICY_H
