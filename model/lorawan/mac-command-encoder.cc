// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/mac-command-encoder.h"

#include "model/wire/lorawan-mac-commands.h"

#include <bit>

namespace ns3::iotfleet
{

namespace
{

namespace mac = wire::mac;

/// Appends a command where its option is in the set.
template <class Command>
void
AddIf(bool wanted, const Command& command, wire::AppPayload& bytes)
{
    if (wanted)
    {
        wire::Encode(command, wire::PackageVersion::V1, bytes);
    }
}

} // namespace

void
MacCommandEncoder::AddAnswers(const UplinkEnd& uplink, wire::AppPayload& bytes) const
{
    const auto has = [&](MacOptions option) { return (uplink.options & option) != 0; };
    const auto& status = uplink.status;
    AddIf(has(RX_PARAM_SETUP_ANS), mac::RXParamSetupAns{true, true, true}, bytes);
    AddIf(has(DEV_STATUS_ANS), mac::DevStatusAns{status.battery, status.marginDb}, bytes);
    AddIf(has(DUTY_CYCLE_ANS), mac::DutyCycleAns{}, bytes);
    AddIf(has(RX_TIMING_SETUP_ANS), mac::RXTimingSetupAns{}, bytes);
    AddIf(has(PING_SLOT_CHANNEL_ANS), mac::PingSlotChannelAns{true, true}, bytes);
    for (int i = std::popcount(uplink.newChannels); i > 0; --i)
    {
        AddIf(true, mac::NewChannelAns{true, true}, bytes);
    }
}

void
MacCommandEncoder::AddRequests(const DownlinkFrame& frame, wire::AppPayload& bytes) const
{
    const auto has = [&](MacOptions option) { return (frame.options & option) != 0; };
    const auto& config = m_core.config;
    const auto rx2 = m_core.windows.Rx2(true);
    AddIf(has(RX_PARAM_SETUP_REQ),
          mac::RXParamSetupReq{rx2.dataRate, config.windows.rx1Offset, rx2.frequencyHz},
          bytes);
    AddIf(has(DEV_STATUS_REQ), mac::DevStatusReq{}, bytes);
    AddIf(has(DUTY_CYCLE_REQ), mac::DutyCycleReq{config.macCommands.maxDutyCycle}, bytes);
    AddIf(has(RX_TIMING_SETUP_REQ), mac::RXTimingSetupReq{config.windows.rx1DelayS}, bytes);
    // Frequency 0 is the region's.
    AddIf(has(PING_SLOT_CHANNEL_REQ),
          mac::PingSlotChannelReq{config.macCommands.pingFrequencyHz,
                                  m_core.pingChannel.DataRate(true)},
          bytes);
    AddNewChannels(frame, bytes);
}

void
MacCommandEncoder::AddNewChannels(const DownlinkFrame& frame, wire::AppPayload& bytes) const
{
    for (size_t i = m_core.firstExtraChannel; i < m_core.channels.size(); ++i)
    {
        const auto& channel = m_core.channels[i];
        AddIf((frame.newChannels >> (i - m_core.firstExtraChannel) & 1) != 0,
              mac::NewChannelReq{static_cast<uint8_t>(channel.index),
                                 channel.frequencyHz,
                                 channel.minDataRate,
                                 channel.maxDataRate},
              bytes);
    }
}

} // namespace ns3::iotfleet
