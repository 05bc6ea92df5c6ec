// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_CLOCK_FAULT_H
#define IOTFLEET_LIFECYCLE_CLOCK_FAULT_H

#include "model/lifecycle/fault.h"

namespace ns3::iotfleet
{

/**
 * Clocks that go wrong at one instant: they jump, or drift from then on, or both. The next
 * synchronisation takes the jump away; the drift begins anew after it. A device with a wrong clock
 * opens its session too early (and pays for it) or too late (and misses fragments).
 */
class ClockFault : public Fault
{
  public:
    /**
     * @param startS when, seconds
     * @param offsetS added to the clock, seconds; positive: it is ahead
     * @param driftPpm added to the clock's drift from then on, ppm
     */
    ClockFault(uint32_t number,
               const HitConfig& target,
               double startS,
               double offsetS,
               double driftPpm)
        : Fault(number, target),
          m_startS(startS),
          m_offsetS(offsetS),
          m_driftPpm(driftPpm)
    {
    }

    void OnTimer(DeviceId device) override
    {
        if (Context().fleet->IsAlive(device))
        {
            Strike(device);
            Context().access->DisturbClock(device, m_offsetS, m_driftPpm);
        }
    }

  protected:
    void DoStart() override
    {
        for (const auto device : Rule().All())
        {
            After(device, m_startS);
        }
    }

  private:
    double m_startS;
    double m_offsetS;
    double m_driftPpm;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_CLOCK_FAULT_H
