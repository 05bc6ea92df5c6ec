// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/battery-fault.h"

#include "model/lifecycle/fault-causes.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
BatteryFault::DoStart()
{
    for (const auto device : Rule().All())
    {
        if (Context().fleet->Profile(device).HasBattery())
        {
            After(device, 0);
        }
    }
}

void
BatteryFault::OnTimer(DeviceId device)
{
    const auto& fleet = *Context().fleet;
    if (!fleet.IsAlive(device))
    {
        return;
    }
    Context().agent->SettleListening(device);
    const Tick now = Simulator::Now().GetNanoSeconds();
    const auto& profile = fleet.Profile(device);
    const double leftJ = (fleet.BatteryLevel(device, now) - m_emptyLevel) * profile.batteryJ;
    if (leftJ <= 0)
    {
        Strike(device);
        Context().agent->Kill(device, CAUSE_BATTERY_EMPTY, "the battery is empty", false);
        return;
    }
    const double mostW =
        profile.supplyV * std::max({profile.MostTxA(), profile.rxA, profile.mcuA, profile.sleepA});
    After(device, std::max(leftJ / mostW, m_checkS));
}

} // namespace ns3::iotfleet
