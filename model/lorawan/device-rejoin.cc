// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: what a join-accept begins, and sessions that are lost: by a reboot of a device that
// keeps them in RAM, or because nobody answers any more. The device then joins anew.
#include "model/lorawan/device-mac.h"

#include "ns3/log.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetDeviceRejoin");

/// Tells the joins of one loss of the session from earlier ones; 0 for a first join.
uint16_t
DeviceMac::JoinTag(DeviceId d) const
{
    return m_rejoins.contains(static_cast<uint32_t>(d)) ? m_rows[Index(d)].devNonce : uint16_t{0};
}

void
DeviceMac::AddJoinTimer(DeviceId d, Tick when)
{
    m_timers.Add({when, static_cast<uint32_t>(d), JOIN, JoinTag(d)});
}

/// When the device began to join, which its back-off counts from.
double
DeviceMac::JoinStartS(DeviceId d) const
{
    const auto again = m_rejoins.find(static_cast<uint32_t>(d));
    return again == m_rejoins.end() ? m_core.fleet->PoweredS(d) : again->second;
}

void
DeviceMac::OnJoinAccept(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    row.flags |= JOINED;
    row.flags &= static_cast<uint16_t>(~KNOWS_RX2);
    m_settings.Clear(d);
    row.counter = 0; // it held the airtime of the joins
    row.tries = 0;
    const uint8_t fixedRate = TraitsOf(d).fixedRate;
    row.dataRate = fixedRate != NO_RATE ? fixedRate : row.dataRate;
    m_core.fleet->Set(d, Enrolment::ENROLLED, "join-accept");
    if (m_core.fleet->GetAccess(d) == Access::NONE)
    {
        m_core.fleet->Set(d, Access::FULL, "join-accept");
    }
    if (m_core.config.version11)
    {
        AddOptions(d, REKEY_IND); // until RekeyConf: LoRaWAN 1.1 section 5.9
    }
    if (m_rejoins.erase(static_cast<uint32_t>(d)) == 0)
    {
        m_core.fleet->SetEnrolled(d, LorawanCore::Now());
        StartClock(d, true);
        StartTelemetry(d);
    }
    else if (HasToSend(d))
    {
        SendLater(d, std::max(LorawanCore::Now(), row.busyUntil)); // its timers have gone on
    }
}

void
DeviceMac::OnResume(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    row.flags &= static_cast<uint16_t>(~SUSPENDED);
    if (TraitsOf(d).volatileSession && (row.flags & JOINED) != 0)
    {
        return LoseSession(d, "session-lost");
    }
    TrySend(d);
}

/**
 * Whether the device takes its link for lost: it has sent so many uplinks without any answer, and
 * ADR's back-off has nothing left to try (TS001-1.0.4 section 4.3.1.1 leaves to the device what it
 * does then).
 */
bool
DeviceMac::IsLinkLost(DeviceId d) const
{
    const auto uplinks = m_core.config.join.linkLostUplinks;
    return uplinks > 0 && m_rows[Index(d)].adrAckCount >= uplinks && !CanBackOff(d);
}

/// What the device had to send waits for its new session; what it was told is forgotten.
void
DeviceMac::LoseSession(DeviceId d, std::string_view cause)
{
    auto& row = m_rows[Index(d)];
    NS_LOG_INFO("device " << Index(d) << " joins anew: " << cause);
    RemoveAnswers(d, SENT_ONCE);
    RemoveOptions(d, static_cast<MacOptions>(~MacOptions{0}));
    m_settings.Clear(d);
    if ((row.flags & (AWAITS_ACK | CONFIRMS_TELEMETRY)) == (AWAITS_ACK | CONFIRMS_TELEMETRY))
    {
        row.flags |= TELEMETRY_DUE; // its acknowledgement has not come
    }
    row.flags &= static_cast<uint16_t>(~(JOINED | AWAITS_ACK | CONFIRMS_TELEMETRY));
    row.tries = 0;
    row.power = 0;
    row.adrAckCount = 0;
    row.joinWindow = 0;
    row.SetJoinAirtimeS(0);
    m_rejoins[static_cast<uint32_t>(d)] = static_cast<float>(ToSeconds(LorawanCore::Now()));
    m_core.fleet->Set(d, Enrolment::JOINING, cause);
    TryJoin(d);
}

} // namespace ns3::iotfleet
