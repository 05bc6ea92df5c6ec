// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/group-listening.h"

#include "model/lorawan/ping-slots.h"

#include <algorithm>
#include <utility>

namespace ns3::iotfleet
{

GroupListening::GroupListening(const LorawanCore& core,
                               const GroupConfig& config,
                               const GroupReceptionModel& reception,
                               BeaconReceivers& receivers)
    : m_core(core),
      m_config(config),
      m_reception(reception),
      m_receivers(receivers),
      m_follower(config.mode == ListenMode::PERIODIC ? config.members.size() : 0),
      m_heard(config.members.size())
{
}

void
GroupListening::Start(uint32_t member)
{
    SetSinceS(member, static_cast<float>(ToSeconds(LorawanCore::Now())));
    if (m_config.mode == ListenMode::PERIODIC)
    {
        m_follower[member] = m_receivers.Follow(m_config.members[member],
                                                BeaconReceivers::Start::SEARCH,
                                                EnergyAccount::CAMPAIGN);
    }
}

void
GroupListening::Stop(uint32_t member)
{
    Charge(member);
    if (m_config.mode == ListenMode::PERIODIC)
    {
        m_receivers.Unfollow(m_follower[member]);
    }
}

bool
GroupListening::CatchesSlot(uint32_t member, Tick start, double symbolS) const
{
    return m_reception.IsListening(member) &&
           m_receivers.CatchesSlot(m_follower[member], start, symbolS);
}

void
GroupListening::ChargeSlots()
{
    for (uint32_t member = 0; member < m_config.members.size(); ++member)
    {
        if (m_reception.IsListening(member))
        {
            Charge(member);
        }
    }
}

void
GroupListening::AddReceiving(DeviceId d, double seconds)
{
    m_core.ChargeReceiving(d, seconds, EnergyAccount::CAMPAIGN);
}

float
GroupListening::SinceS(uint32_t member) const
{
    return m_sinceS.empty() ? m_allSinceS : m_sinceS[member];
}

void
GroupListening::SetSinceS(uint32_t member, float sinceS)
{
    if (m_sinceS.empty())
    {
        if (m_allSinceS < 0)
        {
            m_allSinceS = sinceS;
        }
        if (m_allSinceS == sinceS)
        {
            return;
        }
        m_sinceS.resize(m_config.members.size(), m_allSinceS);
    }
    m_sinceS[member] = sinceS;
}

void
GroupListening::Charge(uint32_t member)
{
    const DeviceId d = m_config.members[member];
    const double nowS = ToSeconds(LorawanCore::Now());
    const double fromS = SinceS(member);
    if (m_reception.IsListening(member))
    {
        SetSinceS(member, static_cast<float>(nowS));
    }
    const double elapsedS = std::max(0.0, nowS - fromS);
    if (m_config.mode == ListenMode::CONTINUOUS)
    {
        return AddReceiving(d, elapsedS);
    }
    // Beacons and the search for the first one are BeaconReceivers'.
    const auto follower = m_follower[member];
    if (m_receivers.IsLocked(follower))
    {
        const double windowS =
            m_receivers.SlotWindowS(follower, ToTicks(fromS), ToTicks(nowS), m_config.dataRate);
        AddReceiving(d, elapsedS * PingSlotsPerS(m_config.pingPeriodicity) * windowS);
    }
}

void
GroupListening::Count(std::span<const uint8_t> heard, uint32_t phyBytes, Tick airtime)
{
    if (phyBytes != m_phyBytes || m_heard.Frames() == HeardCounter::MOST)
    {
        SettleFrames();
        m_phyBytes = phyBytes;
        m_airtime = airtime;
    }
    m_heard.Add(heard);
}

void
GroupListening::SettleFrames()
{
    if (m_heard.Frames() == 0)
    {
        return;
    }
    for (uint32_t member = 0; member < m_config.members.size(); ++member)
    {
        const uint32_t frames = m_heard.Of(member);
        if (frames == 0)
        {
            continue;
        }
        const DeviceId d = m_config.members[member];
        m_core.fleet->AddRxBytes(d, frames * m_phyBytes);
        if (m_config.mode == ListenMode::PERIODIC)
        {
            AddReceiving(d, frames * ToSeconds(m_airtime)); // besides the windows
        }
    }
    m_heard.Clear();
}

void
GroupListening::Settle()
{
    SettleFrames();
    for (uint32_t member = 0; member < m_config.members.size(); ++member)
    {
        if (m_reception.IsListening(member))
        {
            Charge(member);
        }
    }
}

} // namespace ns3::iotfleet
