// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_PENALTY_BOX_H
#define IOTFLEET_UPDATE_PENALTY_BOX_H

#include "model/fleet/types.h"
#include "model/update/rollout-policy-config.h"

#include <map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Devices that failed too often lately and are left alone for a time, as NervesHub's penalty box. A
 * device that goes in starts with a clean sheet when it comes out.
 *
 * Memory: only of devices that failed within the time that counts.
 */
class PenaltyBox
{
  public:
    explicit PenaltyBox(const PenaltyConfig& config)
        : m_config(config)
    {
    }

    /// The device failed or stayed silent at `now`.
    void Fail(DeviceId device, Tick now);

    /// When the device comes out; a time in the past if it is not inside.
    Tick Until(DeviceId device) const;

    /// Times that a device went in.
    uint32_t Penalties() const
    {
        return m_penalties;
    }

  private:
    struct Sheet
    {
        std::vector<Tick> failures;
        Tick until{-1};
    };

    PenaltyConfig m_config;
    std::map<DeviceId, Sheet> m_sheets;
    uint32_t m_penalties{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_PENALTY_BOX_H
