// SPDX-License-Identifier: GPL-2.0-only
// The part of GroupSender that tells where members' receivers are because of a session: as the
// server believes (AwayUntil), and in truth (IsTunedTo); and how long a session has to be.
#include "model/lorawan/group-sender.h"
#include "model/lorawan/ping-slots.h"

namespace ns3::iotfleet
{

GroupPace
GroupSender::PaceOf(const GroupConfig& config, uint8_t payloadBytes) const
{
    const auto& named = config.gateways;
    const size_t gateways = named.empty() ? m_core.gateways.size() : named.size();
    const size_t copies = config.gatewayMode == GatewayMode::STAGGERED ? gateways : 1;
    Tick lead = 0; // the server lets a frame go that long before it is on the air
    for (size_t i = 0; i < gateways; ++i)
    {
        const auto g = named.empty() ? static_cast<GatewayId>(i) : named[i];
        lead = std::max(lead, m_backhaul->PlannedDelay(g));
    }
    const Tick airtime =
        m_core.airtime.Down(config.dataRate, FRAME_BYTES_WITHOUT_PORT + 1U + payloadBytes);
    Tick air = static_cast<Tick>(copies) * airtime;
    Tick spacing = air + lead;
    if (config.mode == ListenMode::PERIODIC)
    {
        // Each copy takes a ping slot of its own, and the frames' own time as many as it covers.
        const Tick slot = PING_SLOT * wire::PingPeriodSlots(config.pingPeriodicity);
        const Tick before = static_cast<Tick>(copies - 1) * ((airtime + slot - 1) / slot) * slot;
        air = before + airtime;
        spacing = before + (airtime + lead + slot - 1) / slot * slot;
    }
    // A server that looks at its schedule now and then is late by that at most.
    const auto& pacing = m_core.config.pacing;
    const double lateS =
        pacing.tickS > 0 ? pacing.tickS + pacing.tickExtraMaxS + pacing.sendTimeS : 0;
    const double serverS = SpacingS(config.dataRate, payloadBytes) + lateS;
    return {ToSeconds(air), std::max(ToSeconds(spacing), serverS)};
}

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
