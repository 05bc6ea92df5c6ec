// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_DEVICE_SETTINGS_H
#define IOTFLEET_LORAWAN_DEVICE_SETTINGS_H

#include "model/fleet/types.h"
#include "model/lorawan/mac-options.h"

#include <vector>

namespace ns3::iotfleet
{

/**
 * Which settings of the network each device has been told by MAC commands since it joined (sets of
 * SETTINGS) and which channels (sets of MacCommandConfig::channels). What they say is the same for
 * all, and stands in the configuration.
 *
 * Memory: 2 bytes a device once one has been told a setting, 2 once one has been told a channel,
 * nothing before.
 */
class DeviceSettings
{
  public:
    void Resize(size_t devices)
    {
        m_devices = devices;
    }

    bool Has(DeviceId d, MacOptions setting) const
    {
        return (Told(d) & setting) != 0;
    }

    MacOptions Told(DeviceId d) const
    {
        return m_told.empty() ? MacOptions{0} : m_told[Index(d)];
    }

    void Add(DeviceId d, MacOptions settings)
    {
        m_told.resize(m_devices);
        m_told[Index(d)] |= settings;
    }

    uint16_t Channels(DeviceId d) const
    {
        return m_channels.empty() ? uint16_t{0} : m_channels[Index(d)];
    }

    void AddChannels(DeviceId d, uint16_t channels)
    {
        m_channels.resize(m_devices);
        m_channels[Index(d)] |= channels;
    }

    /// A join begins with the defaults (TS001-1.0.4 section 6.2.6).
    void Clear(DeviceId d)
    {
        if (!m_told.empty())
        {
            m_told[Index(d)] = 0;
        }
        if (!m_channels.empty())
        {
            m_channels[Index(d)] = 0;
        }
    }

    size_t MemoryBytes() const
    {
        return m_told.capacity() * sizeof(MacOptions) + m_channels.capacity() * sizeof(uint16_t);
    }

  private:
    size_t m_devices{0};
    std::vector<MacOptions> m_told;
    std::vector<uint16_t> m_channels;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_DEVICE_SETTINGS_H
