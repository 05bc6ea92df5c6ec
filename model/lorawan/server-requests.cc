// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/server-requests.h"

#include <limits>

namespace ns3::iotfleet
{

namespace
{

constexpr float NEVER = -std::numeric_limits<float>::infinity();

} // namespace

void
ServerRequests::Resize(size_t devices)
{
    if (m_core.config.macCommands.deviceStatusS > 0)
    {
        m_statusAskedS.assign(devices, NEVER);
    }
    m_settings = m_core.SettingsToTell();
    if (m_settings != 0)
    {
        m_untold.assign(devices, m_settings);
    }
    m_channels = static_cast<uint16_t>((1U << m_core.config.macCommands.channels.size()) - 1);
    if (m_channels != 0)
    {
        m_untoldChannels.assign(devices, m_channels);
    }
}

MacOptions
ServerRequests::DueFor(DeviceId d, Tick now) const
{
    const bool status = !m_statusAskedS.empty() && ToSeconds(now) - m_statusAskedS[Index(d)] >=
                                                       m_core.config.macCommands.deviceStatusS;
    return static_cast<MacOptions>(Untold(d) | (status ? DEV_STATUS_REQ : 0));
}

void
ServerRequests::NoteSent(DeviceId d, MacOptions options, Tick now)
{
    // As ChirpStack does, the interval counts from the request, answered or not.
    if ((options & DEV_STATUS_REQ) != 0)
    {
        m_statusAskedS[Index(d)] = static_cast<float>(ToSeconds(now));
    }
}

void
ServerRequests::NoteAnswers(DeviceId d, MacOptions answers, uint16_t channels)
{
    if (!m_untold.empty())
    {
        m_untold[Index(d)] &= static_cast<MacOptions>(~answers);
    }
    if (!m_untoldChannels.empty())
    {
        m_untoldChannels[Index(d)] &= static_cast<uint16_t>(~channels);
    }
}

void
ServerRequests::NoteJoin(DeviceId d)
{
    if (!m_untold.empty())
    {
        m_untold[Index(d)] = m_settings;
    }
    if (!m_untoldChannels.empty())
    {
        m_untoldChannels[Index(d)] = m_channels;
    }
    if (!m_statusAskedS.empty())
    {
        m_statusAskedS[Index(d)] = NEVER;
    }
}

void
ServerRequests::NoteActivated(DeviceId d)
{
    NoteAnswers(d, m_settings, m_channels);
}

} // namespace ns3::iotfleet
