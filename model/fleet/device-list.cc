// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-list.h"

#include <algorithm>

namespace ns3::iotfleet
{

DeviceList::DeviceList(std::vector<DeviceId> devices)
{
    if (devices.empty())
    {
        return;
    }
    const auto rows = std::make_shared<Rows>();
    rows->size = devices.size();
    const auto begins = [&](size_t i) {
        return i == 0 || Index(devices[i]) != Index(devices[i - 1]) + 1;
    };
    size_t ranges = 0;
    for (size_t i = 0; i < devices.size(); ++i)
    {
        ranges += begins(i) ? 1 : 0;
    }
    if (ranges * sizeof(Range) >= devices.size() * sizeof(DeviceId))
    {
        rows->devices = std::move(devices);
    }
    else
    {
        rows->ranges.reserve(ranges);
        for (size_t i = 0; i < devices.size(); ++i)
        {
            if (begins(i))
            {
                rows->ranges.push_back(
                    {static_cast<uint32_t>(devices[i]), static_cast<uint32_t>(i)});
            }
        }
    }
    m_rows = rows;
}

size_t
DeviceList::FindRange(size_t place) const
{
    const auto& ranges = m_rows->ranges;
    const auto next = std::ranges::upper_bound(ranges, place, {}, &Range::place);
    return static_cast<size_t>(next - ranges.begin()) - 1;
}

std::optional<uint32_t>
DeviceList::IndexOf(DeviceId device) const
{
    if (empty() || device < front())
    {
        return std::nullopt;
    }
    if (!m_rows->ranges.empty())
    {
        const auto& ranges = m_rows->ranges;
        const auto number = static_cast<uint32_t>(device);
        const auto next = std::ranges::upper_bound(ranges, number, {}, &Range::first);
        const size_t end = next == ranges.end() ? size() : next->place;
        const size_t place = std::prev(next)->place + size_t{number} - std::prev(next)->first;
        return place < end ? std::optional(static_cast<uint32_t>(place)) : std::nullopt;
    }
    const auto& devices = m_rows->devices;
    const auto place = std::ranges::lower_bound(devices, device);
    if (place == devices.end() || *place != device)
    {
        return std::nullopt;
    }
    return static_cast<uint32_t>(place - devices.begin());
}

size_t
DeviceList::MemoryBytes() const
{
    if (!m_rows)
    {
        return 0;
    }
    const size_t bytes = sizeof(Rows) + m_rows->devices.capacity() * sizeof(DeviceId) +
                         m_rows->ranges.capacity() * sizeof(Range);
    return bytes / static_cast<size_t>(m_rows.use_count());
}

} // namespace ns3::iotfleet
