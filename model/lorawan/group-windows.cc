// SPDX-License-Identifier: GPL-2.0-only
// The part of GroupSender that tells where members' receivers are because of a session.
#include "model/lorawan/group-sender.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
GroupSender::SetKey(GroupId id, const std::array<uint8_t, 16>& key)
{
    Get(id).config.key = key;
}

void
GroupSender::Announce(GroupId id, Tick start, Tick end)
{
    auto& group = Get(id);
    group.windowStart = start;
    group.windowEnd = end;
}

/// Whether members of a running class C session cannot hear what is sent at RX2's parameters.
bool
GroupSender::IsElsewhere(const Group& group) const
{
    const auto rx2 = m_core.windows.Rx2(true);
    return group.config.mode == ListenMode::CONTINUOUS &&
           (group.frequencyHz != rx2.frequencyHz || group.dataRate != rx2.dataRate);
}

Tick
GroupSender::AwayUntil(DeviceId d) const
{
    const Tick now = LorawanCore::Now();
    Tick until = 0;
    for (const auto& group : m_groups)
    {
        if (group && group->windowStart <= now && now < group->windowEnd && IsElsewhere(*group) &&
            group->reception->MemberOf(d))
        {
            until = std::max(until, group->windowEnd);
        }
    }
    return until;
}

bool
GroupSender::IsTunedTo(DeviceId d, const DownlinkOnAir& frame) const
{
    for (const auto& group : m_groups)
    {
        if (!group || !IsElsewhere(*group) || group->reception->Listeners() == 0)
        {
            continue;
        }
        const auto member = group->reception->MemberOf(d);
        if (member && group->reception->IsListening(*member))
        {
            const auto& rate = m_core.region.DataRate(group->dataRate);
            return frame.frequencyHz == group->frequencyHz &&
                   frame.spreadingFactor == rate.spreadingFactor &&
                   frame.bandwidthHz == rate.bandwidthHz;
        }
    }
    return true;
}

} // namespace ns3::iotfleet
