// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/downlink-air.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{
/// Frames that ended this long ago cannot overlap one that ends now.
constexpr Tick KEEP = 10 * TICKS_PER_SECOND;
constexpr double NO_LINK_DB = -400;
/// Effective radiated power counts against a half-wave dipole.
constexpr double DIPOLE_DBI = 2.15;
} // namespace

double
DownlinkAir::PowerDbm(GatewayId gateway, uint32_t frequencyHz) const
{
    const auto* band = m_core.region.FindSubBand(frequencyHz);
    const double antenna = m_core.gatewayAntennaDbi[Index(gateway)];
    const double legal =
        band == nullptr ? m_core.config.gatewayTxPowerDbm : band->maxErpDbm + DIPOLE_DBI - antenna;
    return std::min(m_core.config.gatewayTxPowerDbm, legal);
}

void
DownlinkAir::Add(std::span<const DownlinkOnAir> copies)
{
    const Tick old = LorawanCore::Now() - KEEP;
    while (!m_frames.empty() && m_frames.front().end < old)
    {
        m_frames.pop_front();
    }
    Tick end = 0;
    for (const auto& copy : copies)
    {
        end = std::max(end, copy.end);
    }
    m_frames.push_back({copies.front().content,
                        copies.front().frequencyHz,
                        copies.front().start,
                        end,
                        {copies.begin(), copies.end()}});
}

double
DownlinkAir::GainDb(DeviceId device, GatewayId gateway) const
{
    for (const auto link : m_core.links.Of(device))
    {
        if (link.gateway == gateway)
        {
            return link.GainDb();
        }
    }
    return NO_LINK_DB;
}

double
DownlinkAir::SnrDb(DeviceId device, const DownlinkOnAir& frame) const
{
    return frame.powerDbm + GainDb(device, frame.gateway) -
           m_core.DeviceNoiseDbm(device, frame.bandwidthHz);
}

void
DownlinkAir::FindInterferers(const DownlinkOnAir& frame, std::vector<DownlinkOnAir>& others) const
{
    others.clear();
    for (const auto& entry : m_frames)
    {
        if (entry.content == frame.content || entry.frequencyHz != frame.frequencyHz ||
            entry.start >= frame.end || frame.start >= entry.end)
        {
            continue;
        }
        std::ranges::copy_if(entry.copies, std::back_inserter(others), [&](const auto& other) {
            return other.start < frame.end && frame.start < other.end &&
                   other.gateway != frame.gateway;
        });
    }
}

double
DownlinkAir::Probability(DeviceId device,
                         const DownlinkOnAir& frame,
                         std::span<const DownlinkOnAir> others) const
{
    const double gain = GainDb(device, frame.gateway);
    if (gain <= NO_LINK_DB)
    {
        return 0;
    }
    const double powerDbm = frame.powerDbm + gain;
    const double airtimeS = ToSeconds(frame.end - frame.start);
    const auto own = static_cast<size_t>(frame.spreadingFactor - MIN_SF);
    for (const auto& other : others)
    {
        const Tick overlap = std::min(frame.end, other.end) - std::max(frame.start, other.start);
        const double otherDbm = other.powerDbm + GainDb(device, other.gateway) +
                                ToDb(std::max(1e-9, ToSeconds(overlap) / airtimeS));
        const auto sf = static_cast<size_t>(other.spreadingFactor - MIN_SF);
        if (powerDbm - otherDbm < SIR_FLOOR_DB[own][sf])
        {
            return 0;
        }
    }
    const double margin = powerDbm - m_core.DeviceNoiseDbm(device, frame.bandwidthHz) -
                          SnrFloorDb(frame.spreadingFactor);
    return (1 - m_core.config.frameLoss) *
           AboveFloorProbability(margin, m_core.config.fading, m_core.config.fadingDb);
}

double
DownlinkAir::Probability(DeviceId device, const DownlinkOnAir& frame) const
{
    std::vector<DownlinkOnAir> others;
    FindInterferers(frame, others);
    return Probability(device, frame, others);
}

bool
DownlinkAir::Receives(DeviceId device, const DownlinkOnAir& frame) const
{
    return m_core.random.Uniform(Purpose::DOWNLINK_FADING,
                                 static_cast<uint32_t>(device),
                                 frame.content) < Probability(device, frame);
}

} // namespace ns3::iotfleet
