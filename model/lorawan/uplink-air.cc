// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/uplink-air.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// SIR_FLOOR_DB as ratios of energy.
const std::array<std::array<float, SF_COUNT>, SF_COUNT> SIR_FLOOR = [] {
    std::array<std::array<float, SF_COUNT>, SF_COUNT> ratios{};
    for (size_t i = 0; i < SF_COUNT; ++i)
    {
        for (size_t j = 0; j < SF_COUNT; ++j)
        {
            ratios[i][j] = static_cast<float>(FromDb(SIR_FLOOR_DB[i][j]));
        }
    }
    return ratios;
}();

/// Sets the draws of /access/lorawan/propagation/frame_loss apart from those of the fading.
constexpr uint32_t FRAME_LOSS_DRAW = 0x10000;

} // namespace

UplinkAir::UplinkAir(const LinkTable& links,
                     const std::vector<Ptr<LoraGateway>>& gateways,
                     size_t channels,
                     const LorawanConfig& config,
                     const CounterRandom& random)
    : m_links(links),
      m_gateways(gateways),
      m_channels(channels),
      m_config(config),
      m_random(random),
      m_arrivals(gateways.size() * channels)
{
}

UplinkAir::Slot
UplinkAir::Begin(const AirFrame& frame)
{
    if (m_free.empty())
    {
        m_free.push_back(static_cast<Slot>(m_frames.size()));
        m_frames.emplace_back();
    }
    const Slot slot = m_free.back();
    m_free.pop_back();
    m_frames[slot] = frame;

    const double floorDb = SnrFloorDb(frame.spreadingFactor);
    // A frame matters at a gateway that may receive it or that it disturbs; fading can lift it a
    // little.
    const double lift = m_config.fading == Fading::NONE ? 0 : 5 + m_config.fadingDb;
    const double weakestDb = std::min(-m_config.interferenceReachDb, floorDb) - lift;
    FindCandidates(frame, weakestDb);
    for (const auto& [id, powerDbm] : m_candidates)
    {
        auto& gateway = *m_gateways[Index(id)];
        Arrival arrival{};
        arrival.slot = slot;
        arrival.sf = static_cast<uint8_t>(frame.spreadingFactor - MIN_SF);
        arrival.powerMw = FromDbF(static_cast<float>(powerDbm));
        arrival.snrDb = static_cast<float>(powerDbm) - frame.noiseDbm;
        if (arrival.snrDb >= floorDb)
        {
            arrival.deaf = gateway.Transmits(frame.start, frame.start + 1);
            if (!arrival.deaf && gateway.demodulatorsBusy < GATEWAY_DEMODULATORS)
            {
                arrival.locked = true;
                ++gateway.demodulatorsBusy;
            }
        }
        At(id, frame.channel).push_back(arrival);
    }
    return slot;
}

void
UplinkAir::FindCandidates(const AirFrame& frame, double weakestDb)
{
    m_candidates.clear();
    for (const auto link : m_links.Of(frame.device))
    {
        const double powerDbm = frame.txPowerDbm + link.GainDb();
        if (powerDbm - frame.noiseDbm < weakestDb)
        {
            break; // links are sorted: nothing below matters either
        }
        m_candidates.push_back({link.gateway, powerDbm});
    }
    if (m_config.fading != Fading::NONE)
    {
        Fade(frame);
    }
}

void
UplinkAir::Fade(const AirFrame& frame)
{
    CounterRandom::Lanes words;
    for (size_t first = 0; first < m_candidates.size(); first += CounterRandom::LANES)
    {
        const auto some =
            std::span(m_candidates)
                .subspan(first,
                         std::min<size_t>(CounterRandom::LANES, m_candidates.size() - first));
        std::array<uint32_t, CounterRandom::LANES> gateways{};
        std::ranges::transform(some, gateways.begin(), [](const Candidate& candidate) {
            return static_cast<uint32_t>(candidate.gateway);
        });
        m_random.WordsAcrossC(Purpose::UPLINK_FADING,
                              static_cast<uint32_t>(frame.device),
                              frame.counter,
                              gateways,
                              words);
        for (size_t i = 0; i < some.size(); ++i)
        {
            some[i].powerDbm += FadeDb(m_config.fading,
                                       m_config.fadingDb,
                                       {words[0][i], words[1][i], words[2][i], words[3][i]});
        }
    }
}

bool
UplinkAir::Decide(const AirFrame& frame, const Arrival& arrival, GatewayId id) const
{
    auto& gateway = *m_gateways[Index(id)];
    if (arrival.snrDb < SNR_FLOOR_DB[arrival.sf])
    {
        ++gateway.counters.lostWeak;
        return false;
    }
    if (arrival.deaf || gateway.Transmits(frame.start, frame.end))
    {
        ++gateway.counters.lostDeaf;
        return false;
    }
    if (!arrival.locked)
    {
        ++gateway.counters.lostDemodulators;
        return false;
    }
    const auto airtimeS = static_cast<float>(ToSeconds(frame.end - frame.start));
    const float energy = arrival.powerMw * airtimeS;
    for (size_t sf = 0; sf < SF_COUNT; ++sf)
    {
        if (energy < arrival.interferenceMj[sf] * SIR_FLOOR[arrival.sf][sf])
        {
            ++gateway.counters.lostCollision;
            return false;
        }
    }
    if (m_config.frameLoss > 0 &&
        m_random.Uniform(Purpose::UPLINK_FADING,
                         static_cast<uint32_t>(frame.device),
                         frame.counter,
                         FRAME_LOSS_DRAW + static_cast<uint32_t>(id)) < m_config.frameLoss)
    {
        ++gateway.counters.lostWeak;
        return false;
    }
    ++gateway.counters.framesRx;
    gateway.counters.uplinkAirtimeS += airtimeS;
    return true;
}

std::span<const HeardBy>
UplinkAir::End(Slot slot)
{
    const AirFrame& frame = m_frames[slot];
    m_heard.clear();
    for (const auto link : m_links.Of(frame.device))
    {
        auto& arrivals = At(link.gateway, frame.channel);
        const auto own = std::ranges::find(arrivals, slot, &Arrival::slot);
        if (own == arrivals.end())
        {
            break; // too weak to have been entered, and so are the next
        }
        // Each pair is settled when the first of the two ends: charge the overlap to both.
        for (auto& other : arrivals)
        {
            if (other.slot == slot)
            {
                continue;
            }
            const Tick from = std::max(frame.start, m_frames[other.slot].start);
            const auto overlapS = static_cast<float>(ToSeconds(frame.end - from));
            other.interferenceMj[own->sf] += own->powerMw * overlapS;
            own->interferenceMj[other.sf] += other.powerMw * overlapS;
        }
        if (own->locked)
        {
            --m_gateways[Index(link.gateway)]->demodulatorsBusy;
        }
        if (Decide(frame, *own, link.gateway))
        {
            m_heard.push_back({link.gateway, own->snrDb});
        }
        *own = arrivals.back();
        arrivals.pop_back();
    }
    m_free.push_back(slot);
    // Fading can reorder the links.
    std::ranges::sort(m_heard, [](const HeardBy& a, const HeardBy& b) {
        return a.snrDb != b.snrDb ? a.snrDb > b.snrDb : a.gateway < b.gateway;
    });
    return m_heard;
}

} // namespace ns3::iotfleet
