// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_INDEX_COLUMN_H
#define IOTFLEET_FLEET_INDEX_COLUMN_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::iotfleet
{

/**
 * A column of small numbers of which most are alike: indices of groups, sites, hardware, images.
 * It keeps the low and the high bytes apart, and neither before one of them is not 0: a fleet of
 * one group has no bytes for it, one of up to 256 groups has one a device.
 */
class IndexColumn
{
  public:
    /// Room for so many rows, wherever bytes are kept.
    void Reserve(size_t rows)
    {
        m_expected = rows;
    }

    void Push(uint16_t value)
    {
        ++m_size;
        Set(m_size - 1, value);
    }

    uint16_t Get(size_t row) const
    {
        return static_cast<uint16_t>(ByteOf(0, row) | ByteOf(1, row) << 8);
    }

    void Set(size_t row, uint16_t value)
    {
        SetByte(0, row, static_cast<uint8_t>(value));
        SetByte(1, row, static_cast<uint8_t>(value >> 8));
    }

    size_t MemoryBytes() const
    {
        return m_bytes[0].capacity() + m_bytes[1].capacity();
    }

  private:
    uint8_t ByteOf(size_t plane, size_t row) const
    {
        const auto& bytes = m_bytes[plane];
        return row < bytes.size() ? bytes[row] : uint8_t{0};
    }

    void SetByte(size_t plane, size_t row, uint8_t value)
    {
        auto& bytes = m_bytes[plane];
        if (row >= bytes.size())
        {
            if (value == 0)
            {
                return; // rows beyond the end are 0
            }
            if (bytes.capacity() <= row)
            {
                bytes.reserve(m_expected > row ? m_expected : 2 * row + 1);
            }
            bytes.resize(row + 1);
        }
        bytes[row] = value;
    }

    std::array<std::vector<uint8_t>, 2> m_bytes;
    size_t m_size{0};
    size_t m_expected{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_INDEX_COLUMN_H
