// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_DEVICE_LIST_H
#define IOTFLEET_FLEET_DEVICE_LIST_H

#include "model/fleet/types.h"

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Devices in ascending order, fixed once made. Copies share the list: a group's members are known
 * to the operator, to the network and to the devices' side. Where most of them are neighbours, as
 * when a wave takes everybody who has joined, ranges are kept: a million devices weigh a few kB
 * then, and 4 MB otherwise.
 *
 * Cost of IndexOf: O(1) in a list without gaps, O(log n) otherwise; of []: O(1), or O(log
 * ranges) for who does not go through the list in order.
 */
class DeviceList
{
  public:
    using value_type = DeviceId;

    /// Goes through the list.
    class Iterator
    {
      public:
        using value_type = DeviceId;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;

        Iterator(const DeviceList* list, size_t i)
            : m_list(list),
              m_i(i)
        {
        }

        DeviceId operator*() const
        {
            return (*m_list)[m_i];
        }

        Iterator& operator++()
        {
            ++m_i;
            return *this;
        }

        Iterator operator++(int)
        {
            const auto before = *this;
            ++m_i;
            return before;
        }

        bool operator==(const Iterator&) const = default;

      private:
        const DeviceList* m_list{nullptr};
        size_t m_i{0};
    };

    DeviceList() = default;

    /// Takes a list, which must ascend.
    DeviceList(std::vector<DeviceId> devices); // NOLINT: a list is a list

    DeviceList(std::initializer_list<DeviceId> devices)
        : DeviceList(std::vector<DeviceId>(devices))
    {
    }

    size_t size() const
    {
        return m_rows ? m_rows->size : 0;
    }

    bool empty() const
    {
        return size() == 0;
    }

    DeviceId operator[](size_t i) const
    {
        if (m_rows->ranges.empty())
        {
            return m_rows->devices[i];
        }
        const auto& range = m_rows->ranges[RangeAt(i)];
        return DeviceId{static_cast<uint32_t>(range.first + (i - range.place))};
    }

    Iterator begin() const
    {
        return {this, 0};
    }

    Iterator end() const
    {
        return {this, size()};
    }

    DeviceId front() const
    {
        return (*this)[0];
    }

    /// Place of a device in the list, if it is there.
    std::optional<uint32_t> IndexOf(DeviceId device) const;

    /// Bytes of the list, shared out among those who hold it.
    size_t MemoryBytes() const;

  private:
    /// Devices without a gap.
    struct Range
    {
        uint32_t first; ///< DeviceId
        uint32_t place; ///< of the first one in the list
    };

    /// Either devices or ranges; the other is empty.
    struct Rows
    {
        std::vector<DeviceId> devices;
        std::vector<Range> ranges;
        size_t size{0};
    };

    /// Number of the range of a place: most who ask go through the list in order.
    size_t RangeAt(size_t place) const
    {
        const auto& ranges = m_rows->ranges;
        const auto holds = [&](size_t number) {
            return number < ranges.size() && ranges[number].place <= place &&
                   (number + 1 == ranges.size() || place < ranges[number + 1].place);
        };
        if (!holds(m_lastRange))
        {
            m_lastRange = holds(m_lastRange + 1) ? m_lastRange + 1 : FindRange(place);
        }
        return m_lastRange;
    }

    size_t FindRange(size_t place) const;

    std::shared_ptr<const Rows> m_rows;
    mutable size_t m_lastRange{0}; ///< a guess for the next question
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_DEVICE_LIST_H
