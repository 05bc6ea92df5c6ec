// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/session-windows.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
SessionWindows::Announce(GroupId group,
                         DeviceList members,
                         OpenReceiver receiver,
                         Tick start,
                         Tick end)
{
    ForgetEnded();
    m_windows.push_back({group, std::move(members), receiver, start, end});
}

void
SessionWindows::ForgetEnded()
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    std::erase_if(m_windows, [now](const Window& window) { return window.end <= now; });
}

void
SessionWindows::Follow(GroupId group, uint8_t dataRate)
{
    ForgetEnded();
    for (auto& window : m_windows)
    {
        if (window.group == group)
        {
            window.receiver.dataRate = dataRate;
        }
    }
}

Tick
SessionWindows::AwayUntil(DeviceId d, Tick now, OpenReceiver rx2) const
{
    Tick until = 0;
    for (const auto& window : m_windows)
    {
        if (window.start <= now && now < window.end && window.receiver != rx2 &&
            window.members.IndexOf(d))
        {
            until = std::max(until, window.end);
        }
    }
    return until;
}

size_t
SessionWindows::MemoryBytes() const
{
    size_t bytes = m_windows.capacity() * sizeof(Window);
    for (const auto& window : m_windows)
    {
        bytes += window.members.MemoryBytes();
    }
    return bytes;
}

} // namespace ns3::iotfleet
