// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_DEVICE_LIST_H
#define IOTFLEET_FLEET_DEVICE_LIST_H

#include "model/fleet/types.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Devices in ascending order, fixed once made. Copies share the list: a group's members are known
 * to the operator, to the network and to the devices' side, and a million of them weigh 4 MB.
 *
 * Cost of IndexOf: O(1) in a list without gaps, O(log n) otherwise.
 */
class DeviceList
{
  public:
    using value_type = DeviceId;

    DeviceList() = default;

    /// Takes a list, which must ascend.
    DeviceList(std::vector<DeviceId> devices) // NOLINT: a list is a list
        : m_devices(devices.empty()
                        ? nullptr
                        : std::make_shared<const std::vector<DeviceId>>(std::move(devices)))
    {
    }

    DeviceList(std::initializer_list<DeviceId> devices)
        : DeviceList(std::vector<DeviceId>(devices))
    {
    }

    size_t size() const
    {
        return m_devices ? m_devices->size() : 0;
    }

    bool empty() const
    {
        return size() == 0;
    }

    DeviceId operator[](size_t i) const
    {
        return (*m_devices)[i];
    }

    const DeviceId* begin() const
    {
        return m_devices ? m_devices->data() : nullptr;
    }

    const DeviceId* end() const
    {
        return begin() + size();
    }

    DeviceId front() const
    {
        return m_devices->front();
    }

    /// Place of a device in the list, if it is there.
    std::optional<uint32_t> IndexOf(DeviceId device) const
    {
        if (empty() || device < front())
        {
            return std::nullopt;
        }
        // Lists are often ranges, where a device's place is its distance from the first.
        const size_t guess = Index(device) - Index(front());
        if (guess < size() && (*this)[guess] == device)
        {
            return static_cast<uint32_t>(guess);
        }
        const auto* place = std::lower_bound(begin(), end(), device);
        if (place == end() || *place != device)
        {
            return std::nullopt;
        }
        return static_cast<uint32_t>(place - begin());
    }

    /// Bytes of the list, shared out among those who hold it.
    size_t MemoryBytes() const
    {
        return m_devices ? m_devices->capacity() * sizeof(DeviceId) /
                               static_cast<size_t>(m_devices.use_count())
                         : 0;
    }

  private:
    std::shared_ptr<const std::vector<DeviceId>> m_devices;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_DEVICE_LIST_H
