// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_PACE_H
#define IOTFLEET_UPDATE_ROLLOUT_PACE_H

#include "model/fleet/types.h"
#include "model/update/rollout-policy-config.h"

#include <optional>

namespace ns3::iotfleet
{

/**
 * How many devices may be offered an image now: a constant or an exponential rate, in steps from
 * the first question on. The exponential rate is that of AWS IoT Jobs (base rate, increment factor,
 * rate increase criteria); the formula stands at PaceConfig. It does not choose devices.
 */
class RolloutPace
{
  public:
    explicit RolloutPace(const PaceConfig& config);

    /// Whether there is a rate at all.
    bool IsLimited() const
    {
        return m_config.rate > 0;
    }

    /// Devices that a step offers at most after `progress` devices; may be fractional.
    double RateAt(uint64_t progress) const;

    /// Devices that may be offered at `now`; the largest number without a rate.
    uint32_t Allowance(Tick now, uint64_t progress);

    /// So many were.
    void Spend(uint32_t devices);

    /// When the next step begins; nothing without a rate or before the first question.
    std::optional<Tick> NextStep() const;

  private:
    PaceConfig m_config;
    double m_credit{0};
    std::optional<Tick> m_next;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_PACE_H
