// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_DEVICE_LOSS_FAULT_H
#define IOTFLEET_LIFECYCLE_DEVICE_LOSS_FAULT_H

#include "model/lifecycle/fault-causes.h"
#include "model/lifecycle/fault.h"

#include <cmath>

namespace ns3::iotfleet
{

/// When devices get lost.
struct DeviceLossConfig
{
    FaultWindow window;            ///< nothing gets lost outside of it
    double spreadS{0};             ///< each device uniformly within this after the start
    std::optional<double> mtbfS{}; ///< instead: exponential, mean time from the start
};

/**
 * Devices that stop working for good, whatever image they run: a flood at a site, theft, hardware
 * that dies of age. Nobody tells the operator.
 */
class DeviceLossFault : public Fault
{
  public:
    DeviceLossFault(uint32_t number, const HitConfig& target, const DeviceLossConfig& config)
        : Fault(number, target),
          m_config(config)
    {
    }

    void OnTimer(DeviceId device) override
    {
        if (m_config.window.HoldsNow() && Context().fleet->IsAlive(device))
        {
            Strike(device);
            Context().agent->Kill(device, CAUSE_DEVICE_LOST, "the hardware is gone or dead", false);
        }
    }

  protected:
    void DoStart() override
    {
        for (const auto device : Rule().All())
        {
            const double u = Draw(device);
            const double wait =
                m_config.mtbfS ? -*m_config.mtbfS * std::log1p(-u) : m_config.spreadS * u;
            After(device, m_config.window.startS + wait);
        }
    }

  private:
    DeviceLossConfig m_config;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_DEVICE_LOSS_FAULT_H
