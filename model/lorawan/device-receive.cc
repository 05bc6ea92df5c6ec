// SPDX-License-Identifier: GPL-2.0-only
// The receiving half of DeviceMac: downlinks, acknowledgements that come or do not, data rate
// back-off.
#include "model/lorawan/device-mac.h"

#include <algorithm>

namespace ns3::iotfleet
{

/// Tells the time-out of one frame from those of earlier ones.
uint16_t
DeviceMac::AckTag(DeviceId d) const
{
    return static_cast<uint16_t>(m_rows[Index(d)].FrameCounter());
}

void
DeviceMac::OnRetransmit(DeviceId d, uint16_t tag)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & AWAITS_ACK) == 0 || tag != AckTag(d))
    {
        return; // acknowledged meanwhile
    }
    if (row.busyUntil > LorawanCore::Now())
    {
        // What it receives right now may be the acknowledgement.
        m_timers.Add({row.busyUntil, static_cast<uint32_t>(d), RETRANSMIT, tag});
        return;
    }
    row.flags &= static_cast<uint16_t>(~AWAITS_ACK);
    const bool telemetry = (row.flags & CONFIRMS_TELEMETRY) != 0;
    if (++row.tries >= m_core.config.confirmedRetries)
    {
        SettleConfirmed(d);
        ++m_counters.messagesDropped;
    }
    else
    {
        ++m_counters.retransmissions;
        row.flags |= static_cast<uint16_t>(telemetry ? TELEMETRY_DUE : 0);
    }
    TrySend(d);
}

wire::AppPayload
DeviceMac::PopOutbox(DeviceId d)
{
    const auto payload = m_outbox.Pop(d);
    if (m_outbox.IsEmpty(d))
    {
        m_rows[Index(d)].flags &= static_cast<uint16_t>(~HAS_MESSAGE);
    }
    return payload;
}

/// The confirmed frame under way is acknowledged or given up: the next one gets a new counter.
void
DeviceMac::SettleConfirmed(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & (HAS_MESSAGE | CONFIRMS_TELEMETRY)) == HAS_MESSAGE)
    {
        PopOutbox(d);
    }
    row.flags &= static_cast<uint16_t>(~(AWAITS_ACK | CONFIRMS_TELEMETRY));
    RemoveAnswers(d, SENT_ONCE);
    row.tries = 0;
    ++row.counter;
}

/// Whether the device has a lower data rate or more power to try, and may.
bool
DeviceMac::CanBackOff(DeviceId d) const
{
    const auto& row = m_rows[Index(d)];
    const auto slower = static_cast<uint8_t>(row.dataRate - 1);
    return m_core.config.adr &&
           (row.power > 0 || (row.dataRate > 0 && m_core.region.FindDataRate(slower) != nullptr));
}

/// Whether the device doubts that it is heard, and can do something about it if it is not.
bool
DeviceMac::WantsAdrAck(DeviceId d) const
{
    return m_rows[Index(d)].adrAckCount >= m_core.region.defaults.adrAckLimit && CanBackOff(d);
}

void
DeviceMac::BackOffDataRate(DeviceId d)
{
    // TS001-1.0.4 section 4.3.1.1: after ADR_ACK_LIMIT uplinks without a downlink the device sets
    // ADRACKReq, which any downlink answers. If none comes for ADR_ACK_DELAY more: full power, then
    // one data rate lower each time.
    auto& row = m_rows[Index(d)];
    const auto& defaults = m_core.region.defaults;
    const bool asked = WantsAdrAck(d);
    row.adrAckCount = static_cast<uint8_t>(std::min(row.adrAckCount + 1, 255));
    if (const auto lost = m_core.config.join.linkLostUplinks;
        lost > 0 && row.adrAckCount >= lost / 2 && !CanBackOff(d))
    {
        AddOptions(d, LINK_CHECK_REQ); // ADRACKReq is for those that can back off
    }
    if (!asked || row.adrAckCount < defaults.adrAckLimit + defaults.adrAckDelay)
    {
        return;
    }
    row.adrAckCount = static_cast<uint8_t>(defaults.adrAckLimit);
    if (row.power > 0)
    {
        row.power = 0;
    }
    else
    {
        --row.dataRate;
    }
}

void
DeviceMac::StayUntil(DeviceId d, Tick end)
{
    // A nanosecond longer: the frame's end comes first whatever the order of events.
    auto& busyUntil = m_rows[Index(d)].busyUntil;
    busyUntil = std::max(busyUntil, end + 1);
}

void
DeviceMac::Receive(const DownlinkFrame& frame)
{
    const DeviceId d = frame.device;
    auto& row = m_rows[Index(d)];
    const Tick now = LorawanCore::Now();
    m_core.ChargeReceiving(d, ToSeconds(frame.airtime), AccountOfDownlink(frame));
    m_core.fleet->AddRxBytes(d, frame.phyBytes);
    row.adrAckCount = 0;
    if (frame.window != 0)
    {
        row.busyUntil = std::min(now, row.busyUntil); // its windows are over
    }
    if (frame.joinAccept)
    {
        return OnJoinAccept(d);
    }
    if (frame.acknowledges && (row.flags & AWAITS_ACK) != 0)
    {
        SettleConfirmed(d);
    }
    if (frame.adrDataRate != DownlinkFrame::NO_ADR)
    {
        row.dataRate = frame.adrDataRate;
        row.power = frame.adrPower;
        AddOptions(d, LINK_ADR_ANS); // it travels in the next uplink
        AskForPoll(d, EnergyAccount::OPERATION);
    }
    if (frame.window != 0)
    {
        RemoveOptions(d, SENT_UNTIL_HEARD);
    }
    OnSettings(frame);
    if (const MacOptions answers = frame.options & ~SERVER_REQUESTS; answers != 0)
    {
        RemoveOptions(d, answers); // an answer has its question's bit
        if ((frame.options & DEVICE_TIME_ANS) != 0 && !m_clockRightS.empty())
        {
            m_clockRightS[Index(d)] = static_cast<float>(ToSeconds(now)); // to 1/256 s
            ClearClockFault(d);
        }
        if (m_onOptions)
        {
            m_onOptions(d, frame.options);
        }
    }
    if (frame.pending)
    {
        AskForPoll(d, frame.pendingAccount);
    }
    if (frame.hasPayload)
    {
        m_onMessage(d, frame.payload);
    }
    if (HasToSend(d) && (row.flags & AWAITS_ACK) == 0)
    {
        SendLater(d, std::max(now, row.busyUntil));
    }
}

} // namespace ns3::iotfleet
