// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/beacon-sender.h"

#include "model/lorawan/ping-slots.h"

#include "ns3/nstime.h"

namespace ns3::iotfleet
{

BeaconSender::BeaconSender(LorawanCore& core)
    : m_core(core),
      m_airtime(wire::LoraAirtimeNs(core.region.BeaconModulation(), core.region.beacon.sizeBytes))
{
}

void
BeaconSender::Need()
{
    ++m_users;
    if (!m_running)
    {
        m_running = true;
        KeepShare(true);
        Step();
    }
}

void
BeaconSender::Release()
{
    --m_users;
}

void
BeaconSender::Step()
{
    if (m_users == 0)
    {
        m_running = false;
        KeepShare(false);
        return;
    }
    const Tick now = LorawanCore::Now();
    if (now == BeaconBefore(now))
    {
        Send(now);
    }
    // A gateway has one transmitter: no frame is planned across the next beacon.
    const Tick next = BeaconBefore(now) + BEACON_PERIOD;
    for (const auto& gateway : m_core.gateways)
    {
        gateway->Hold(next, m_airtime);
    }
    Simulator::Schedule(NanoSeconds(next - now), &BeaconSender::Step, this);
}

/// Beacons of an hour, on the frequency that they keep to; where they hop there is no duty cycle.
void
BeaconSender::KeepShare(bool keep)
{
    constexpr Tick BEACONS_PER_HOUR = 3600 / wire::BEACON_PERIOD_S + 1;
    const uint32_t frequencyHz = m_core.region.BeaconFrequencyHz(BeaconTimeS(LorawanCore::Now()));
    for (const auto& gateway : m_core.gateways)
    {
        gateway->KeepForBeacons(frequencyHz, keep ? BEACONS_PER_HOUR * m_airtime : 0);
    }
}

void
BeaconSender::Send(Tick now)
{
    // A beacon goes out in any case; what it uses of the sub-band is not there for the rest.
    const uint32_t frequencyHz = m_core.region.BeaconFrequencyHz(BeaconTimeS(now));
    m_senders.clear();
    for (uint16_t g = 0; g < m_core.gateways.size(); ++g)
    {
        if (m_core.gateways[g]->IsDown(now))
        {
            continue;
        }
        m_core.gateways[g]->Reserve(frequencyHz, now, m_airtime);
        m_senders.push_back(static_cast<GatewayId>(g));
        if (m_onSent)
        {
            m_onSent(static_cast<GatewayId>(g), frequencyHz, now);
        }
    }
    Simulator::Schedule(NanoSeconds(m_airtime), &BeaconSender::End, this, now, frequencyHz);
}

void
BeaconSender::End(Tick start, uint32_t frequencyHz)
{
    if (m_onEnd)
    {
        const bool complete = m_senders.size() == m_core.gateways.size();
        m_onEnd({start, start + m_airtime, frequencyHz, m_senders, complete});
    }
}

} // namespace ns3::iotfleet
