// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/class-b-devices.h"

#include "model/lorawan/ping-slots.h"

#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// A device asks for the time within this after its join, so that fleets do not ask at once.
constexpr double FIRST_ASK_S = 60;

/// It asks again when no answer came; in between the question rides on its other uplinks.
constexpr double ASK_AGAIN_S = 600;
constexpr double ASK_AGAIN_SPREAD_S = 600;

/// Devices that found the same beacon tell it within this, not at once.
constexpr double TELL_S = 60;

} // namespace

ClassBDevices::ClassBDevices(LorawanCore& core, DeviceMac& mac, BeaconReceivers& receivers)
    : m_core(core),
      m_mac(mac),
      m_receivers(receivers),
      m_timers([this](const Timer& timer) { OnTimer(timer); })
{
}

void
ClassBDevices::Add(DeviceId d, uint8_t periodicity)
{
    m_byDevice[static_cast<uint32_t>(d)] = static_cast<uint32_t>(m_rows.size());
    auto& row = m_rows.emplace_back();
    row.device = d;
    row.periodicity = periodicity;
}

ClassBDevices::Row*
ClassBDevices::Find(DeviceId d)
{
    const auto place = m_byDevice.find(static_cast<uint32_t>(d));
    return place == m_byDevice.end() ? nullptr : &m_rows[place->second];
}

const ClassBDevices::Row*
ClassBDevices::Find(DeviceId d) const
{
    return const_cast<ClassBDevices*>(this)->Find(d);
}

uint8_t
ClassBDevices::Periodicity(DeviceId d) const
{
    const auto* row = Find(d);
    return row == nullptr ? m_core.region.defaults.pingSlotPeriodicity : row->periodicity;
}

bool
ClassBDevices::IsInClassB(DeviceId d) const
{
    const auto* row = Find(d);
    return row != nullptr && row->inClassB;
}

/// Where the device listens: as the region says, until it is told otherwise.
uint8_t
ClassBDevices::SlotDataRate(DeviceId d) const
{
    return m_core.pingChannel.DataRate((m_mac.Lacks(d) & PING_SLOT_CHANNEL_REQ) == 0);
}

bool
ClassBDevices::CatchesSlot(DeviceId d, Tick start) const
{
    const auto* row = Find(d);
    if (row == nullptr || !row->inClassB)
    {
        return false;
    }
    const auto& rate = *m_core.rates[SlotDataRate(d)];
    const double symbolS = std::ldexp(1.0, rate.spreadingFactor) / rate.bandwidthHz;
    return m_receivers.CatchesSlot(row->follower, start, symbolS);
}

void
ClassBDevices::AskLater(Row& row, double leastS, double spreadS)
{
    const double u =
        m_core.random.Uniform(Purpose::CLASS_B, static_cast<uint32_t>(row.device), row.asks++);
    m_timers.Add({LorawanCore::Now() + ToTicks(leastS + spreadS * u),
                  static_cast<uint32_t>(row.device),
                  ASK,
                  0});
}

void
ClassBDevices::OnJoined(DeviceId d)
{
    if (auto* row = Find(d); row != nullptr && !row->silent)
    {
        AskLater(*row, 0, FIRST_ASK_S);
    }
}

void
ClassBDevices::OnTimer(const Timer& timer)
{
    const DeviceId d{timer.row};
    auto& row = *Find(d);
    if (row.silent)
    {
        return;
    }
    if (timer.kind == TELL)
    {
        return m_mac.Poll(d);
    }
    if (row.follower == NOT_FOLLOWING)
    {
        m_mac.AddOptions(d, DEVICE_TIME_REQ | PING_SLOT_INFO_REQ);
        m_mac.Poll(d);
        AskLater(row, ASK_AGAIN_S, ASK_AGAIN_SPREAD_S);
    }
}

void
ClassBDevices::OnOptions(DeviceId d, MacOptions options)
{
    auto* row = Find(d);
    const bool asks = row != nullptr && !row->silent && row->follower == NOT_FOLLOWING;
    if (!asks || (options & DEVICE_TIME_ANS) == 0)
    {
        return;
    }
    row->follower =
        m_receivers.Follow(d, BeaconReceivers::Start::KNOWN_TIME, EnergyAccount::OPERATION);
    if (m_receivers.IsLocked(row->follower))
    {
        Enter(*row); // a multicast session had found beacons before
    }
}

void
ClassBDevices::Enter(Row& row)
{
    row.inClassB = true;
    row.since = LorawanCore::Now();
    ++m_active;
    m_mac.SetClassB(row.device, true);
    const double u =
        m_core.random.Uniform(Purpose::CLASS_B, static_cast<uint32_t>(row.device), row.asks++);
    m_timers.Add(
        {LorawanCore::Now() + ToTicks(TELL_S * u), static_cast<uint32_t>(row.device), TELL, 0});
}

void
ClassBDevices::OnChange(DeviceId d, bool locked)
{
    auto* row = Find(d);
    if (row == nullptr || row->follower == NOT_FOLLOWING)
    {
        return;
    }
    if (locked)
    {
        return Enter(*row);
    }
    Leave(*row);
    AskLater(*row, 0, FIRST_ASK_S); // which tells the server, too
}

void
ClassBDevices::Leave(Row& row)
{
    m_receivers.Unfollow(row.follower);
    row.follower = NOT_FOLLOWING;
    if (row.inClassB)
    {
        row.inClassB = false;
        --m_active;
        m_mac.SetClassB(row.device, false);
    }
}

void
ClassBDevices::Silence(DeviceId d)
{
    auto* row = Find(d);
    if (row == nullptr || row->silent)
    {
        return;
    }
    row->silent = true;
    if (row->inClassB)
    {
        ChargeSlots(*row);
    }
    if (row->follower != NOT_FOLLOWING)
    {
        Leave(*row);
    }
}

void
ClassBDevices::OnBeacon()
{
    for (auto& row : m_rows)
    {
        if (row.inClassB)
        {
            ChargeSlots(row);
        }
    }
}

void
ClassBDevices::ChargeSlots(Row& row)
{
    const Tick now = LorawanCore::Now();
    const double slots = ToSeconds(now - row.since) * PingSlotsPerS(row.periodicity);
    const double seconds =
        slots * m_receivers.SlotWindowS(row.follower, row.since, now, SlotDataRate(row.device));
    row.since = now;
    m_core.ChargeReceiving(row.device, seconds, EnergyAccount::OPERATION);
}

} // namespace ns3::iotfleet
