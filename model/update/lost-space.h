// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_LOST_SPACE_H
#define IOTFLEET_UPDATE_LOST_SPACE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/**
 * What a receiver that is nearly done still cannot tell: a basis over GF(2) of the sets of lost
 * fragments whose sum it does not know. Every fragment that it hears next either says nothing new
 * or takes one vector away. It does not know how the basis came about: FragTracker works it out.
 *
 * Memory: 2 bytes a lost fragment that matters and an eighth of a byte a vector for each, in one
 * piece; a bitmap of the whole block would be ten times as large.
 */
class LostSpace
{
  public:
    LostSpace() = default;

    /**
     * @param lost lost fragments, ascending, counted from 0, below 2^16
     * @param vectors the basis; bit i of word i/64: lost[i] belongs to the set
     */
    LostSpace(std::span<const uint32_t> lost, const std::vector<std::vector<uint64_t>>& vectors);

    /// Vectors left.
    size_t Dimension() const
    {
        return m_cells.empty() ? 0 : (m_cells.size() - 1 - Lost()) / Words();
    }

    /**
     * A fragment was heard.
     * @param contains whether a lost fragment is part of it
     * @return whether nothing is left to learn
     */
    bool Reduce(const std::function<bool(uint32_t lost)>& contains);

    size_t MemoryBytes() const
    {
        return m_cells.capacity() * sizeof(m_cells[0]);
    }

  private:
    static constexpr size_t BITS = 16;

    size_t Lost() const
    {
        return m_cells[0];
    }

    size_t Words() const
    {
        return (Lost() + BITS - 1) / BITS;
    }

    std::span<uint16_t> Vector(size_t number)
    {
        return std::span(m_cells).subspan(1 + Lost() + number * Words(), Words());
    }

    /// How many fragments, which ones, and the vectors over them.
    std::vector<uint16_t> m_cells;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_LOST_SPACE_H
