// SPDX-License-Identifier: GPL-2.0-only
// The part of GroupSender that tells where members' receivers are because of a session: as the
// server believes (AwayUntil), and in truth (IsTunedTo).
#include "model/lorawan/group-sender.h"

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
    const auto& group = Get(id);
    if (group.config.mode == ListenMode::CONTINUOUS)
    {
        m_windows.Announce(id,
                           group.config.members,
                           {group.frequencyHz, group.dataRate},
                           start,
                           end);
    }
}

/// Truth: whether members that listen to a class C session cannot hear what is sent at RX2's
/// parameters.
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
    const auto rx2 = m_core.windows.Rx2(true);
    return m_windows.AwayUntil(d, LorawanCore::Now(), {rx2.frequencyHz, rx2.dataRate});
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
