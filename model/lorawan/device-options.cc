// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: MAC commands that ride on a device's uplinks, and the server's that ask for them.
// Devices without any have no entry.
#include "model/lorawan/device-mac.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// Of six bits with a sign (TS001-1.0.4 section 5.5).
constexpr float LEAST_MARGIN_DB = -32;
constexpr float MOST_MARGIN_DB = 31;

/// Commands that an uplink leaves out first where FOpts has no room for all.
constexpr std::array<MacOptions, 6> CAN_WAIT{LINK_CHECK_REQ,
                                             DEV_STATUS_ANS,
                                             PING_SLOT_INFO_REQ,
                                             DEVICE_TIME_REQ,
                                             PING_SLOT_CHANNEL_ANS,
                                             DUTY_CYCLE_ANS};

} // namespace

/// What the device's next uplink carries; what finds no room waits.
MacOptions
DeviceMac::OptionsOf(DeviceId d) const
{
    const auto& options = AnswersOf(d);
    const auto channels =
        NEW_CHANNEL_ANS_BYTES * static_cast<uint32_t>(std::popcount(options.newChannels));
    MacOptions set = options.set;
    for (const MacOptions least : CAN_WAIT)
    {
        if (UplinkOptionBytes(set) + channels > MOST_OPTION_BYTES)
        {
            set &= static_cast<MacOptions>(~least);
        }
    }
    return set;
}

void
DeviceMac::AddOptions(DeviceId d, MacOptions options)
{
    auto& row = m_rows[Index(d)];
    row.flags |= HAS_OPTIONS;
    m_options[static_cast<uint32_t>(d)].set |= options;
}

void
DeviceMac::RemoveOptions(DeviceId d, MacOptions options)
{
    if ((m_rows[Index(d)].flags & HAS_OPTIONS) != 0)
    {
        auto& set = m_options.at(static_cast<uint32_t>(d)).set;
        set = static_cast<MacOptions>(set & ~options);
        ForgetIfEmpty(d);
    }
}

/// The answers that are sent once have been.
void
DeviceMac::RemoveAnswers(DeviceId d, MacOptions sent)
{
    if ((m_rows[Index(d)].flags & HAS_OPTIONS) != 0)
    {
        m_options.at(static_cast<uint32_t>(d)).newChannels = 0;
        RemoveOptions(d, sent & SENT_ONCE);
    }
}

void
DeviceMac::ForgetIfEmpty(DeviceId d)
{
    const auto place = m_options.find(static_cast<uint32_t>(d));
    if (place->second.set == 0 && place->second.newChannels == 0)
    {
        m_options.erase(place);
        m_rows[Index(d)].flags &= static_cast<uint16_t>(~HAS_OPTIONS);
    }
}

/// All that waits for an uplink.
const DeviceMac::Options&
DeviceMac::AnswersOf(DeviceId d) const
{
    static const Options nothing;
    const bool any = (m_rows[Index(d)].flags & HAS_OPTIONS) != 0;
    return any ? m_options.at(static_cast<uint32_t>(d)) : nothing;
}

/// Requests of the server that change settings, and ask for something.
void
DeviceMac::OnSettings(const DownlinkFrame& frame)
{
    const DeviceId d = frame.device;
    if ((frame.options & RX_PARAM_SETUP_REQ) != 0)
    {
        m_rows[Index(d)].flags |= KNOWS_RX2;
        AddOptions(d, RX_PARAM_SETUP_ANS);
        AskForPoll(d, EnergyAccount::OPERATION);
    }
    if (const MacOptions settings = frame.options & SETTINGS; settings != 0)
    {
        m_settings.Add(d, settings);
        AddOptions(d, settings); // an answer has its request's bit
        if ((settings & RX_TIMING_SETUP_REQ) != 0)
        {
            // Until the server knows, it answers too early.
            AskForPoll(d, EnergyAccount::OPERATION);
        }
    }
    if (frame.newChannels != 0)
    {
        m_settings.AddChannels(d, frame.newChannels);
        AddOptions(d, 0);
        m_options.at(static_cast<uint32_t>(d)).newChannels |= frame.newChannels;
    }
    if ((frame.options & DEV_STATUS_REQ) != 0)
    {
        OnStatusRequest(frame);
    }
}

/// The battery is measured as the request arrives, so that a repeated answer says the same.
void
DeviceMac::OnStatusRequest(const DownlinkFrame& frame)
{
    const DeviceId d = frame.device;
    AddOptions(d, DEV_STATUS_ANS);
    auto& status = m_options.at(static_cast<uint32_t>(d)).status;
    status.battery =
        BatteryCodeOf(m_core.fleet->Profile(d), m_core.fleet->BatteryLevel(d, LorawanCore::Now()));
    status.marginDb =
        static_cast<int8_t>(std::lround(std::clamp(frame.snrDb, LEAST_MARGIN_DB, MOST_MARGIN_DB)));
}

void
DeviceMac::Poll(DeviceId d)
{
    const auto& row = m_rows[Index(d)];
    AskForPoll(d, EnergyAccount::OPERATION);
    if ((row.flags & (SEND_TIMER | AWAITS_ACK)) == 0)
    {
        SendLater(d, std::max(LorawanCore::Now(), row.busyUntil));
    }
}

void
DeviceMac::SetClassB(DeviceId d, bool on)
{
    auto& flags = m_rows[Index(d)].flags;
    flags = static_cast<uint16_t>(on ? flags | IN_CLASS_B : flags & ~IN_CLASS_B);
}

} // namespace ns3::iotfleet
