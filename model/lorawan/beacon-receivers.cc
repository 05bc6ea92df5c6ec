// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/beacon-receivers.h"

#include "model/lorawan/ping-slots.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// Symbols of a preamble, and those of it that a receiver needs to lock.
constexpr double PREAMBLE_SYMBOLS = 8;
constexpr double NEEDED_SYMBOLS = 6;

/// A device goes on this long without a beacon (TS001-1.0.4 section 12.2).
constexpr Tick BEACONLESS = 7200 * TICKS_PER_SECOND;

constexpr double PPM = 1e-6;

double
SymbolS(const DataRateParameters& rate)
{
    return std::ldexp(1.0, rate.spreadingFactor) / rate.bandwidthHz;
}

} // namespace

BeaconReceivers::BeaconReceivers(LorawanCore& core, const DownlinkAir& air, DriftOf driftOf)
    : m_core(core),
      m_air(air),
      m_driftOf(std::move(driftOf)),
      m_symbolS(SymbolS(core.region.DataRate(core.region.beacon.dataRate)))
{
}

double
BeaconReceivers::ProbabilityOf(DeviceId d,
                               std::span<const GatewayId> gateways,
                               uint32_t frequencyHz) const
{
    const auto& rate = *m_core.rates[m_core.region.beacon.dataRate];
    DownlinkOnAir copy{};
    copy.frequencyHz = frequencyHz;
    copy.spreadingFactor = rate.spreadingFactor;
    copy.bandwidthHz = rate.bandwidthHz;
    copy.end = 1;
    double miss = 1;
    for (const auto link : m_core.links.Of(d))
    {
        if (gateways.empty() || std::ranges::binary_search(gateways, link.gateway))
        {
            copy.gateway = link.gateway;
            copy.powerDbm = static_cast<float>(m_air.PowerDbm(link.gateway, frequencyHz));
            miss *= 1 - m_air.Probability(d, copy, {});
        }
    }
    return (1 - miss) * (1 - m_core.config.classBBeaconLoss);
}

BeaconReceivers::Index
BeaconReceivers::Follow(DeviceId d, Start how, EnergyAccount account)
{
    const auto [place, isNew] = m_byDevice.try_emplace(static_cast<uint32_t>(d), 0);
    if (!isNew)
    {
        ++m_followers[place->second].users;
        return place->second;
    }
    if (m_free.empty())
    {
        m_free.push_back(static_cast<Index>(m_followers.size()));
        m_followers.emplace_back();
    }
    place->second = m_free.back();
    m_free.pop_back();
    auto& f = m_followers[place->second];
    f = {};
    f.device = d;
    f.state = how == Start::SEARCH ? State::SEARCHING : State::TIMED;
    f.account = account;
    f.users = 1;
    f.probability = static_cast<float>(ProbabilityOf(d, {}, m_core.region.beacon.firstHz));
    f.driftPpm = static_cast<float>(m_driftOf(d));
    f.reference = LorawanCore::Now();
    f.since = LorawanCore::Now();
    return place->second;
}

void
BeaconReceivers::Unfollow(Index follower)
{
    auto& f = m_followers[follower];
    if (--f.users > 0)
    {
        return;
    }
    const Tick now = LorawanCore::Now();
    if (f.state == State::SEARCHING && f.since < now)
    {
        Charge(f, ToSeconds(now - f.since));
    }
    m_byDevice.erase(static_cast<uint32_t>(f.device));
    f.state = State::FREE;
    m_free.push_back(follower);
}

double
BeaconReceivers::WideningS(Tick elapsed, double mostSymbols, double symbolS) const
{
    const double widening = m_core.config.classBAssumedDriftPpm * PPM * ToSeconds(elapsed);
    return std::min(widening, mostSymbols * symbolS / 2);
}

bool
BeaconReceivers::Catches(const Follower& f, Tick elapsed, double mostSymbols, double symbolS) const
{
    const double errorS = std::abs(f.driftPpm) * PPM * ToSeconds(elapsed);
    const double slackS = (PREAMBLE_SYMBOLS - NEEDED_SYMBOLS) * symbolS;
    return errorS <= WideningS(elapsed, mostSymbols, symbolS) + slackS;
}

bool
BeaconReceivers::CatchesSlot(Index follower, Tick start, double symbolS) const
{
    const auto& f = m_followers[follower];
    return f.state == State::LOCKED &&
           Catches(f, start - f.reference, m_core.config.classBPingSymbols, symbolS);
}

double
BeaconReceivers::SlotWindowS(Index follower, Tick from, Tick to, uint8_t dataRate) const
{
    const auto& f = m_followers[follower];
    const auto& rate = *m_core.rates[dataRate];
    const auto index = static_cast<size_t>(std::clamp<int>(MAX_SF - rate.spreadingFactor, 0, 5));
    const double emptyS = m_core.fleet->Profile(f.device).emptyWindowS[index] * 125e3 /
                          std::max(1U, rate.bandwidthHz);
    const Tick elapsed = (from + to) / 2 - f.reference;
    return emptyS + 2 * WideningS(std::max<Tick>(0, elapsed),
                                  m_core.config.classBPingSymbols,
                                  SymbolS(rate));
}

void
BeaconReceivers::Charge(const Follower& f, double seconds)
{
    m_core.ChargeReceiving(f.device, seconds, f.account);
}

bool
BeaconReceivers::Draw(const Follower& f, const BeaconOnAir& beacon) const
{
    if (beacon.gateways.empty())
    {
        return false;
    }
    const double probability = beacon.complete
                                   ? f.probability
                                   : ProbabilityOf(f.device, beacon.gateways, beacon.frequencyHz);
    return m_core.random.Uniform(Purpose::BEACON,
                                 static_cast<uint32_t>(f.device),
                                 static_cast<uint32_t>(beacon.start / BEACON_PERIOD)) < probability;
}

void
BeaconReceivers::Search(Follower& f, const BeaconOnAir& beacon)
{
    if (f.since > beacon.start)
    {
        return; // its receiver went on too late for this one, or it rests
    }
    if (Draw(f, beacon))
    {
        Charge(f, ToSeconds(beacon.end - f.since));
        f.state = State::LOCKED;
        f.reference = beacon.start;
        m_onChange(f.device, true);
        return;
    }
    if (ToSeconds(beacon.end - f.since) >= m_core.config.classBSearchS)
    {
        Charge(f, ToSeconds(beacon.end - f.since));
        f.since = beacon.end + ToTicks(m_core.config.classBSearchPauseS);
    }
}

void
BeaconReceivers::Track(Follower& f, const BeaconOnAir& beacon)
{
    const Tick elapsed = beacon.start - f.reference;
    const double most = m_core.config.classBBeaconSymbols;
    const bool heard = Catches(f, elapsed, most, m_symbolS) && Draw(f, beacon);
    const double caughtS =
        heard ? ToSeconds(beacon.end - beacon.start) : PREAMBLE_SYMBOLS * m_symbolS;
    Charge(f, 2 * WideningS(elapsed, most, m_symbolS) + caughtS);
    if (heard)
    {
        const bool first = f.state == State::TIMED;
        f.state = State::LOCKED;
        f.reference = beacon.start;
        if (first)
        {
            m_onChange(f.device, true);
        }
    }
    else if (elapsed >= BEACONLESS)
    {
        f.state = State::SEARCHING;
        f.since = beacon.end;
        m_onChange(f.device, false);
    }
}

void
BeaconReceivers::OnBeacon(const BeaconOnAir& beacon)
{
    // By index: handlers may add followers.
    for (size_t i = 0; i < m_followers.size(); ++i)
    {
        auto& f = m_followers[i];
        if (f.state == State::SEARCHING)
        {
            Search(f, beacon);
        }
        else if (f.state != State::FREE && f.reference < beacon.start)
        {
            Track(f, beacon);
        }
    }
}

void
BeaconReceivers::Settle()
{
    const Tick now = LorawanCore::Now();
    for (auto& f : m_followers)
    {
        if (f.state == State::SEARCHING && f.since < now)
        {
            Charge(f, ToSeconds(now - f.since));
            f.since = now;
        }
    }
}

} // namespace ns3::iotfleet
