// SPDX-License-Identifier: GPL-2.0-only
// DeviceMac: MAC commands that ride on a device's uplinks. Devices without any have no entry.
#include "model/lorawan/device-mac.h"

#include <algorithm>

namespace ns3::iotfleet
{

uint8_t
DeviceMac::OptionsOf(DeviceId d) const
{
    if ((m_rows[Index(d)].flags & HAS_OPTIONS) == 0)
    {
        return 0;
    }
    return m_options.at(static_cast<uint32_t>(d));
}

void
DeviceMac::AddOptions(DeviceId d, uint8_t options)
{
    auto& row = m_rows[Index(d)];
    row.flags |= HAS_OPTIONS;
    m_options[static_cast<uint32_t>(d)] |= options;
}

void
DeviceMac::RemoveOptions(DeviceId d, uint8_t options)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & HAS_OPTIONS) == 0)
    {
        return;
    }
    const auto place = m_options.find(static_cast<uint32_t>(d));
    place->second = static_cast<uint8_t>(place->second & ~options);
    if (place->second == 0)
    {
        m_options.erase(place);
        row.flags &= static_cast<uint16_t>(~HAS_OPTIONS);
    }
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
