// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_LYING_REPORTER_FAULT_H
#define IOTFLEET_LIFECYCLE_LYING_REPORTER_FAULT_H

#include "model/lifecycle/fault.h"

namespace ns3::iotfleet
{

/**
 * Devices that claim to run what they were offered and install nothing: a version number in the
 * wrong place, a clone that only pretends. No malware is involved: their health stays as it is.
 */
class LyingReporterFault : public Fault
{
  public:
    LyingReporterFault(uint32_t number, const HitConfig& target, double startS)
        : Fault(number, target),
          m_startS(startS)
    {
    }

    void OnTimer(DeviceId device) override
    {
        if (Context().fleet->IsAlive(device))
        {
            Strike(device);
            Context().note(device, "false-report", "it claims images that it does not install");
            Context().agent->SetMisbehaviour(device, false, true);
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
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_LYING_REPORTER_FAULT_H
