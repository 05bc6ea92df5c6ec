// SPDX-License-Identifier: GPL-2.0-only
// The part of DeviceMac that knows which devices' clocks have been put wrong.
#include "model/lorawan/device-mac.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
DeviceMac::DisturbClock(DeviceId d, double offsetS, double driftPpm)
{
    auto& fault = m_clockFaults[static_cast<uint32_t>(d)];
    fault.offsetS += offsetS;
    fault.driftPpm += driftPpm;
    fault.when = LorawanCore::Now();
}

double
DeviceMac::ClockFaultS(DeviceId d, double sinceSyncS) const
{
    const auto fault = m_clockFaults.find(static_cast<uint32_t>(d));
    if (fault == m_clockFaults.end())
    {
        return 0;
    }
    const double sinceS = ToSeconds(LorawanCore::Now() - fault->second.when);
    const double jumpS = sinceSyncS < sinceS ? 0 : fault->second.offsetS; // set right meanwhile
    return jumpS + fault->second.driftPpm * 1e-6 * std::min(sinceS, sinceSyncS);
}

} // namespace ns3::iotfleet
