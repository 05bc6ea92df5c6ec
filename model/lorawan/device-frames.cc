// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: which frame goes next, at which data rate, on which channel.
#include "model/lorawan/device-mac.h"
#include "model/wire/lorawan-join.h"

#include <algorithm>
#include <limits>

namespace ns3::iotfleet
{

DeviceMac::Choice
DeviceMac::ChooseChannel(DeviceId d, std::span<const uint16_t> among, uint8_t dataRate) const
{
    const auto& row = m_rows[Index(d)];
    const auto words = m_core.random.Words(Purpose::UPLINK_CHANNEL,
                                           static_cast<uint32_t>(d),
                                           row.FrameCounter(),
                                           row.devNonce | uint32_t{row.tries} << 16);
    const auto n = static_cast<uint32_t>(among.size());
    const auto first = static_cast<uint32_t>((uint64_t{words[0]} * n) >> 32);
    Choice best{among[first], std::numeric_limits<Tick>::max()};
    for (uint32_t i = 0; i < n; ++i)
    {
        const uint16_t index = among[(first + i) % n];
        const auto& channel = m_core.channels[index];
        if (dataRate < channel.minDataRate || dataRate > channel.maxDataRate)
        {
            continue;
        }
        const Tick free = Tick{row.bandFree[m_bandOfChannel[index]]} * BAND_UNIT;
        if (free < best.free)
        {
            best = {index, free};
        }
        if (best.free <= LorawanCore::Now())
        {
            break;
        }
    }
    return best;
}

/// Those that the device may use once it has joined: the region's and its CFList's, and those of
/// NewChannelReq.
std::span<const uint16_t>
DeviceMac::DataChannelsOf(DeviceId d) const
{
    const std::span<const uint16_t> all(m_dataChannels);
    const size_t first = m_core.firstExtraChannel;
    if (first == all.size())
    {
        return all;
    }
    static thread_local std::vector<uint16_t> known;
    known.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
    const uint32_t told = m_settings.Channels(d);
    std::ranges::copy_if(all.subspan(first), std::back_inserter(known), [&](uint16_t channel) {
        return (told >> (channel - first) & 1) != 0;
    });
    return known;
}

/// How long the device keeps silent after an uplink: by the law of the channel's band, and by
/// DutyCycleReq in all of them.
void
DeviceMac::KeepDutyCycle(DeviceId d, Tick start, Tick airtime, uint16_t channel)
{
    auto& row = m_rows[Index(d)];
    const auto freeAfter = [&](Tick silence) {
        return static_cast<uint32_t>((start + silence + BAND_UNIT - 1) / BAND_UNIT);
    };
    const uint8_t band = m_bandOfChannel[channel];
    if (m_core.config.deviceDutyCycle && m_bandDuty[band] < 1)
    {
        row.bandFree[band] =
            freeAfter(static_cast<Tick>(static_cast<double>(airtime) / m_bandDuty[band]));
    }
    if (m_settings.Has(d, DUTY_CYCLE_REQ))
    {
        // TS001-1.0.4 section 5.3: 1 / 2^MaxDutyCycle.
        const uint32_t free = freeAfter(airtime << m_core.config.macCommands.maxDutyCycle);
        for (auto& bandFree : row.bandFree)
        {
            bandFree = std::max(bandFree, free);
        }
    }
}

uint32_t
DeviceMac::PhyBytes(DeviceId d, UplinkKind kind) const
{
    switch (kind)
    {
    case UplinkKind::JOIN_REQUEST:
        return wire::JOIN_REQUEST_BYTES;
    case UplinkKind::TELEMETRY:
        return FRAME_BYTES_WITHOUT_PORT + 1 + m_telemetry[TraitsOf(d).telemetry].sizeBytes;
    case UplinkKind::MESSAGE:
        return FRAME_BYTES_WITHOUT_PORT + 1 + m_outbox.FrontSize(d);
    case UplinkKind::EMPTY:
        break;
    }
    return FRAME_BYTES_WITHOUT_PORT;
}

DeviceMac::Outgoing
DeviceMac::NextFrame(DeviceId d) const
{
    const auto& row = m_rows[Index(d)];
    // A frame that is repeated goes before new ones: its counter is taken.
    const bool message = (row.flags & (HAS_MESSAGE | CONFIRMS_TELEMETRY)) == HAS_MESSAGE;
    const UplinkKind kind = message                            ? UplinkKind::MESSAGE
                            : (row.flags & TELEMETRY_DUE) != 0 ? UplinkKind::TELEMETRY
                                                               : UplinkKind::EMPTY;
    const bool confirmed = kind == UplinkKind::MESSAGE ? m_outbox.FrontFlag(d)
                           : kind == UplinkKind::TELEMETRY
                               ? m_telemetry[TraitsOf(d).telemetry].confirmed
                               : false;
    const auto channels = static_cast<uint32_t>(std::popcount(AnswersOf(d).newChannels));
    const uint32_t phyBytes =
        PhyBytes(d, kind) + UplinkOptionBytes(OptionsOf(d)) + NEW_CHANNEL_ANS_BYTES * channels;
    return {kind, confirmed, FittingRate(row.dataRate, phyBytes), phyBytes};
}

/// The device's data rate, or the next faster one that may carry the frame; NO_RATE if none may.
uint8_t
DeviceMac::FittingRate(uint8_t dataRate, uint32_t phyBytes) const
{
    for (uint8_t rate = dataRate; rate < m_core.maxUplinkBytes.size(); ++rate)
    {
        if (phyBytes <= m_core.maxUplinkBytes[rate] && m_offered[rate])
        {
            return rate;
        }
    }
    return NO_RATE;
}

void
DeviceMac::DropTooLong(DeviceId d, UplinkKind kind)
{
    auto& row = m_rows[Index(d)];
    ++m_counters.framesTooLong;
    if (kind == UplinkKind::MESSAGE)
    {
        PopOutbox(d);
        return;
    }
    row.flags &= static_cast<uint16_t>(~(kind == UplinkKind::TELEMETRY ? TELEMETRY_DUE : POLL_DUE));
}

} // namespace ns3::iotfleet
