// SPDX-License-Identifier: GPL-2.0-only
// The part of DeviceMac that knows which devices' clocks have been put wrong.
#include "model/lorawan/device-mac.h"

namespace ns3::iotfleet
{

void
DeviceMac::DisturbClock(DeviceId d, double offsetS, double driftPpm)
{
    auto& fault = m_clockFaults[static_cast<uint32_t>(d)];
    fault.offsetS = ClockFaultS(d) + offsetS;
    fault.driftPpm += driftPpm;
    fault.when = LorawanCore::Now();
    if (!m_clockRightS.empty() && m_clockRightS[Index(d)] == NEVER_DUE)
    {
        // It did not drift and had no need to ask. Now it asks a period from now.
        m_clockRightS[Index(d)] = static_cast<float>(ToSeconds(LorawanCore::Now()));
    }
}

double
DeviceMac::ClockFaultS(DeviceId d) const
{
    const auto fault = m_clockFaults.find(static_cast<uint32_t>(d));
    if (fault == m_clockFaults.end())
    {
        return 0;
    }
    const double sinceS = ToSeconds(LorawanCore::Now() - fault->second.when);
    return fault->second.offsetS + fault->second.driftPpm * 1e-6 * sinceS;
}

/// The clock has been set: the jump is gone, the drift begins anew.
void
DeviceMac::ClearClockFault(DeviceId d)
{
    const auto fault = m_clockFaults.find(static_cast<uint32_t>(d));
    if (fault != m_clockFaults.end())
    {
        fault->second.offsetS = 0;
        fault->second.when = LorawanCore::Now();
    }
}

} // namespace ns3::iotfleet
