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
    if (m_config.deviceStatusS > 0)
    {
        m_statusAskedS.assign(devices, NEVER);
    }
}

MacOptions
ServerRequests::DueFor(DeviceId d, Tick now) const
{
    const bool status = !m_statusAskedS.empty() &&
                        ToSeconds(now) - m_statusAskedS[Index(d)] >= m_config.deviceStatusS;
    return status ? DEV_STATUS_REQ : MacOptions{0};
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

} // namespace ns3::iotfleet
