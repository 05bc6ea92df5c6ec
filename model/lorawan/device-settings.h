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
 * SETTINGS). What a setting says is the same for all, and stands in the configuration.
 *
 * Memory: 2 bytes a device once one has been told something, nothing before.
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
        return !m_told.empty() && (m_told[Index(d)] & setting) != 0;
    }

    void Add(DeviceId d, MacOptions settings)
    {
        m_told.resize(m_devices);
        m_told[Index(d)] |= settings;
    }

    /// A join begins with the defaults (TS001-1.0.4 section 6.2.6).
    void Clear(DeviceId d)
    {
        if (!m_told.empty())
        {
            m_told[Index(d)] = 0;
        }
    }

    size_t MemoryBytes() const
    {
        return m_told.capacity() * sizeof(MacOptions);
    }

  private:
    size_t m_devices{0};
    std::vector<MacOptions> m_told;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_DEVICE_SETTINGS_H
