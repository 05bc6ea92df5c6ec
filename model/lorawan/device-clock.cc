// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: the devices' clocks.
#include "model/lorawan/device-mac.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr double PPM = 1e-6;

} // namespace

double
DeviceMac::ClockDriftPpm(DeviceId d) const
{
    const uint16_t group = m_core.fleet->GroupIndex(d);
    const double spreadPpm =
        group < m_driftPpm.size() ? m_driftPpm[group] : m_core.config.clockDriftPpm;
    return spreadPpm * m_core.random.Normal(Purpose::CLOCK, static_cast<uint32_t>(d));
}

void
DeviceMac::StartClock(DeviceId d, bool joined)
{
    const auto& config = m_core.config;
    if (config.clockSync == ClockSync::NONE)
    {
        return;
    }
    m_clockRightS.resize(m_rows.size());
    const double nowS = ToSeconds(LorawanCore::Now());
    // Who has joined does not know the time and asks with its first uplink; who has been in the
    // field since before the run set its clock at some time in the last period.
    const double u =
        joined ? 1 : m_core.random.Uniform(Purpose::CLOCK, static_cast<uint32_t>(d), 1);
    const bool drifts = ClockDriftPpm(d) != 0;
    m_clockRightS[Index(d)] = drifts ? static_cast<float>(nowS - u * config.clockSyncS) : NEVER_DUE;
    if (drifts && config.clockSync == ClockSync::DEVICE_TIME &&
        m_telemetry[TraitsOf(d).telemetry].periodS <= 0)
    {
        const double waitS = (1 - u) * config.clockSyncS;
        m_timers.Add({LorawanCore::Now() + ToTicks(waitS), static_cast<uint32_t>(d), ASK_TIME, 0});
    }
}

bool
DeviceMac::IsTimeDue(DeviceId d) const
{
    return m_core.config.clockSync == ClockSync::DEVICE_TIME &&
           ToSeconds(LorawanCore::Now()) - m_clockRightS[Index(d)] >= m_core.config.clockSyncS;
}

/// A device without telemetry has no uplink for the question to ride on.
void
DeviceMac::OnAskTime(DeviceId d)
{
    AddOptions(d, DEVICE_TIME_REQ);
    Poll(d);
    m_timers.Add({LorawanCore::Now() + ToTicks(m_core.config.clockSyncS),
                  static_cast<uint32_t>(d),
                  ASK_TIME,
                  0});
}

double
DeviceMac::ClockErrorS(DeviceId d) const
{
    const double rightS =
        m_clockRightS.empty() ? m_core.fleet->PoweredS(d) : m_clockRightS[Index(d)];
    return ClockDriftPpm(d) * PPM * (ToSeconds(LorawanCore::Now()) - rightS) + ClockFaultS(d);
}

void
DeviceMac::AdjustClock(DeviceId d, double seconds)
{
    if (const auto fault = m_clockFaults.find(static_cast<uint32_t>(d));
        fault != m_clockFaults.end())
    {
        fault->second.offsetS += seconds;
        return;
    }
    const double drift = ClockDriftPpm(d) * PPM;
    if (drift == 0)
    {
        return; // such a clock is right by definition
    }
    if (m_clockRightS.empty())
    {
        for (uint32_t i = 0; i < m_rows.size(); ++i)
        {
            m_clockRightS.push_back(m_core.fleet->PoweredS(DeviceId{i}));
        }
    }
    // A clock that is off by e now was right e / drift ago, or will be.
    m_clockRightS[Index(d)] -= static_cast<float>(seconds / drift);
}

} // namespace ns3::iotfleet
