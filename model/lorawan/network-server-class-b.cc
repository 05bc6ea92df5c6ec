// SPDX-License-Identifier: GPL-2.0-only
// The class B half of NetworkServer: what it believes of ping slots, and downlinks in them.
#include "model/lorawan/network-server.h"
#include "model/lorawan/ping-slots.h"

#include "ns3/nstime.h"

namespace ns3::iotfleet
{

void
NetworkServer::NoteClassB(const Gathered& uplink)
{
    const bool asks = (uplink.options & PING_SLOT_INFO_REQ) != 0;
    const auto number = static_cast<uint32_t>(uplink.device);
    if (!asks && !uplink.classB && !m_classB.contains(number))
    {
        return;
    }
    auto& belief = m_classB[number];
    if (asks)
    {
        belief.periodicity = uplink.pingPeriodicity;
    }
    belief.active = uplink.classB;
    ArmPingSlot(uplink.device, LorawanCore::Now());
}

void
NetworkServer::ArmPingSlot(DeviceId d, Tick from)
{
    const auto belief = m_classB.find(static_cast<uint32_t>(d));
    const auto gateway = m_core.registry->Link(d).bestGateway;
    if (belief == m_classB.end() || !belief->second.active || belief->second.armed ||
        m_queue.IsEmpty(d) || gateway == NO_GATEWAY)
    {
        return;
    }
    belief->second.armed = true;
    const Tick lead = m_backhaul->PlannedDelay(gateway) + GATEWAY_LEAD;
    const Tick slot = NextPingSlot(DevAddrOf(d), belief->second.periodicity, from + lead);
    Simulator::Schedule(NanoSeconds(slot - lead - LorawanCore::Now()),
                        &NetworkServer::ServePingSlot,
                        this,
                        d,
                        slot);
}

void
NetworkServer::ServePingSlot(DeviceId d, Tick slot)
{
    auto& belief = m_classB[static_cast<uint32_t>(d)];
    belief.armed = false;
    const auto& region = m_core.region;
    const bool told = (m_requests.Untold(d) & PING_SLOT_CHANNEL_REQ) == 0;
    const uint8_t rate = m_core.pingChannel.DataRate(told);
    if (!belief.active || m_queue.IsEmpty(d))
    {
        return;
    }
    auto frame = Compose(d, {}, region.MaxAppPayload(rate, false));
    if (!frame || !frame->hasPayload)
    {
        return; // too long for the slots' data rate: it waits for a class A window
    }
    frame->window = 0;
    frame->pingSlot = true;
    const HeardBy only{m_core.registry->Link(d).bestGateway, 0};
    const uint32_t frequencyHz =
        m_core.pingChannel.FrequencyHz(told, BeaconTimeS(BeaconBefore(slot)), DevAddrOf(d));
    // Where the gateway has no air, the next slot may.
    PlanWindow(*frame, {&only, 1}, frequencyHz, rate, slot);
    ArmPingSlot(d, slot + 1);
}

} // namespace ns3::iotfleet
