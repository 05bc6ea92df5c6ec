// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_BATTERY_FAULT_H
#define IOTFLEET_LIFECYCLE_BATTERY_FAULT_H

#include "model/lifecycle/fault.h"

namespace ns3::iotfleet
{

/**
 * Batteries that run empty by the devices' own energy accounts: whatever is charged to a device,
 * telemetry, sleep and campaigns, comes out of what its battery held at the start. A device below
 * `emptyLevel` leaves the air for good; a campaign can so kill a weak one, and in the middle of its
 * session.
 *
 * A device is looked at when it can be empty at the earliest, at its largest current from now on,
 * and then every `checkS`: it dies at most that late. One timer a device with a battery.
 */
class BatteryFault : public Fault
{
  public:
    /**
     * @param emptyLevel share of the full battery's energy at which devices stop, 0..1
     * @param checkS spacing of looks at a device that is nearly empty, > 0
     */
    BatteryFault(uint32_t number, const HitConfig& target, double emptyLevel, double checkS)
        : Fault(number, target),
          m_emptyLevel(emptyLevel),
          m_checkS(checkS)
    {
    }

    void OnTimer(DeviceId device) override;

  protected:
    void DoStart() override;

  private:
    double m_emptyLevel;
    double m_checkS;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_BATTERY_FAULT_H
