// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_POWER_LOSS_FAULT_H
#define IOTFLEET_LIFECYCLE_POWER_LOSS_FAULT_H

#include "model/lifecycle/fault.h"

namespace ns3::iotfleet
{

/**
 * Power fails while devices write an image to their flash. A device whose old image is whole begins
 * the installation again, which may fail again; one that has overwritten it is a brick.
 */
class PowerLossFault : public Fault
{
  public:
    /**
     * @param odds probability of each attempt, and what share bricks
     * @param window when power may fail
     */
    PowerLossFault(uint32_t number,
                   const HitConfig& target,
                   const PowerLossOdds& odds,
                   const FaultWindow& window)
        : Fault(number, target),
          m_odds(odds),
          m_window(window)
    {
    }

    PowerLossOdds AtInstallation(DeviceId device) const override
    {
        return m_window.HoldsNow() && Rule().Hits(device) ? m_odds : PowerLossOdds{};
    }

    void OnFailure(DeviceId device, std::string_view cause) override
    {
        if (cause.starts_with("power-loss") && AtInstallation(device).probability > 0)
        {
            Strike(device);
        }
    }

  private:
    PowerLossOdds m_odds;
    FaultWindow m_window;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_POWER_LOSS_FAULT_H
