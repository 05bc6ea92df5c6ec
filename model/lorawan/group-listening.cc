// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/group-listening.h"

#include "model/wire/lorawan-class-b.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// Receiver on-time around a beacon: its time on air and the guard at 20 ppm, seconds.
constexpr double BEACON_LISTEN_S = 0.160;

/// Beacon periods in the two hours that a device goes on without a beacon (TS001-1.0.4
/// section 12.2).
constexpr double BEACONLESS_PERIODS = 7200.0 / wire::BEACON_PERIOD_S;

} // namespace

GroupListening::GroupListening(const LorawanCore& core,
                               const GroupConfig& config,
                               const GroupReceptionModel& reception)
    : m_core(core),
      m_config(config),
      m_reception(reception),
      m_sinceS(config.members.size()),
      m_heard(config.members.size())
{
}

void
GroupListening::Start(uint32_t member)
{
    m_sinceS[member] = static_cast<float>(ToSeconds(LorawanCore::Now()));
}

void
GroupListening::Stop(uint32_t member)
{
    Charge(member);
}

void
GroupListening::AddReceiving(DeviceId d, double seconds)
{
    const auto& profile = m_core.fleet->Profile(d);
    m_core.fleet->AddEnergy(d,
                            EnergyUse::RX,
                            seconds * profile.rxA * profile.supplyV,
                            EnergyAccount::CAMPAIGN);
    m_core.fleet->AddActiveTime(d, seconds);
}

void
GroupListening::Charge(uint32_t member)
{
    const DeviceId d = m_config.members[member];
    const double elapsedS = ToSeconds(LorawanCore::Now()) - m_sinceS[member];
    if (m_config.mode == ListenMode::CONTINUOUS)
    {
        return AddReceiving(d, elapsedS);
    }
    const auto& profile = m_core.fleet->Profile(d);
    const double slotS = wire::PING_SLOT_S * wire::PingPeriodSlots(m_config.pingPeriodicity);
    const auto& rate = m_core.region.DataRate(m_config.dataRate);
    const auto index = static_cast<size_t>(std::clamp<int>(MAX_SF - rate.spreadingFactor, 0, 5));
    // TS001 section 12: the window opens early and closes late by the drift since the last beacon
    // that was received, which was 1/p beacons ago in the mean.
    const double heard = m_reception.BeaconProbability(member);
    const double beacons = std::min(1 / std::max(heard, 1e-3), BEACONLESS_PERIODS);
    const double widening =
        2 * m_core.config.clockDriftPpm * 1e-6 * wire::BEACON_PERIOD_S * beacons;
    const double windowS = profile.emptyWindowS[index] + widening;
    AddReceiving(d,
                 elapsedS / slotS * windowS +
                     elapsedS / wire::BEACON_PERIOD_S * (BEACON_LISTEN_S + widening));
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
            Start(member);
        }
    }
}

} // namespace ns3::iotfleet
