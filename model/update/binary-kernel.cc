// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/binary-kernel.h"

#include "model/fleet/wide-vectors.h"

#include <algorithm>
#include <array>
#include <bit>

namespace ns3::iotfleet
{

namespace
{

constexpr size_t WORD = 64;

using Tile = std::array<uint64_t, WORD>;

/// Transposes 64 by 64 bits in place (Warren, "Hacker's Delight", section 7-3).
void
TransposeTile(Tile& tile)
{
    uint64_t mask = 0x00000000FFFFFFFF;
    for (size_t step = WORD / 2; step != 0; step /= 2, mask ^= mask << step)
    {
        for (size_t i = 0; i < WORD; i = ((i | step) + 1) & ~step)
        {
            const uint64_t swap = (tile[i] >> step ^ tile[i | step]) & mask;
            tile[i] ^= swap << step;
            tile[i | step] ^= swap;
        }
    }
}

/// mask[r] = all ones where bit `bit` of plane[r] is 1.
IOTFLEET_WIDE void
FindTakers(const uint64_t* plane, size_t from, size_t rows, size_t bit, uint64_t* mask)
{
    for (size_t r = from; r < rows; ++r)
    {
        mask[r] = 0 - (plane[r] >> bit & 1);
    }
}

/// Adds `pivot` to the rows of the mask.
IOTFLEET_WIDE void
AddPivot(uint64_t* plane, size_t from, size_t rows, uint64_t pivot, const uint64_t* mask)
{
    for (size_t r = from; r < rows; ++r)
    {
        plane[r] ^= pivot & mask[r];
    }
}

} // namespace

void
BinaryKernel::Reset(size_t columns, size_t columnWords)
{
    m_count = columns;
    m_columnWords = columnWords;
    m_columns.assign(columns * columnWords, 0);
}

void
BinaryKernel::Transpose()
{
    const size_t all = m_columnWords * WORD;
    const size_t words = (m_count + WORD - 1) / WORD;
    m_planes.assign(words * all, 0);
    for (size_t word = 0; word < words; ++word)
    {
        const size_t here = std::min(WORD, m_count - word * WORD);
        for (size_t chunk = 0; chunk < m_columnWords; ++chunk)
        {
            Tile tile{};
            for (size_t i = 0; i < here; ++i)
            {
                tile[i] = m_columns[(word * WORD + i) * m_columnWords + chunk];
            }
            TransposeTile(tile);
            std::copy(tile.begin(),
                      tile.end(),
                      m_planes.begin() + static_cast<std::ptrdiff_t>(word * all + chunk * WORD));
        }
    }
    // Lines that were not heard are rows of zeros: leave them out.
    m_rows = 0;
    for (size_t row = 0; row < all; ++row)
    {
        uint64_t any = 0;
        for (size_t word = 0; word < words; ++word)
        {
            any |= m_planes[word * all + row];
        }
        if (any != 0)
        {
            for (size_t word = 0; word < words; ++word)
            {
                m_planes[word * all + m_rows] = m_planes[word * all + row];
            }
            ++m_rows;
        }
    }
    for (size_t word = 1; word < words; ++word)
    {
        std::copy_n(m_planes.begin() + static_cast<std::ptrdiff_t>(word * all),
                    m_rows,
                    m_planes.begin() + static_cast<std::ptrdiff_t>(word * m_rows));
    }
}

size_t
BinaryKernel::FindPivot(size_t rank, size_t column) const
{
    const uint64_t* plane = Plane(column / WORD);
    size_t row = rank;
    while (row < m_rows && (plane[row] >> (column % WORD) & 1) == 0)
    {
        ++row;
    }
    return row;
}

uint32_t
BinaryKernel::Solve()
{
    Transpose();
    m_mask.resize(m_rows);
    m_pivots.clear();
    m_depends.clear();
    const size_t words = (m_count + WORD - 1) / WORD;
    for (size_t column = 0; column < m_count; ++column)
    {
        const size_t rank = m_pivots.size();
        const size_t row = FindPivot(rank, column);
        if (row == m_rows)
        {
            m_depends.push_back(static_cast<uint32_t>(column));
            continue;
        }
        // From `rank` on, rows are zero in all columns before this one.
        for (size_t word = column / WORD; word < words; ++word)
        {
            std::swap(Plane(word)[rank], Plane(word)[row]);
        }
        FindTakers(Plane(column / WORD), row + 1, m_rows, column % WORD, m_mask.data());
        for (size_t word = column / WORD; word < words; ++word)
        {
            AddPivot(Plane(word), row + 1, m_rows, Plane(word)[rank], m_mask.data());
        }
        m_pivots.push_back(static_cast<uint32_t>(column));
    }
    return static_cast<uint32_t>(m_depends.size());
}

void
BinaryKernel::Vector(size_t i, std::span<uint64_t> vector) const
{
    const auto set = [&](uint32_t column) {
        vector[column / WORD] |= uint64_t{1} << (column % WORD);
    };
    std::ranges::fill(vector, 0);
    set(m_depends[i]);
    for (size_t rank = m_pivots.size(); rank-- > 0;)
    {
        uint64_t sum = 0;
        for (size_t word = m_pivots[rank] / WORD; word < vector.size(); ++word)
        {
            sum ^= Plane(word)[rank] & vector[word];
        }
        if ((std::popcount(sum) & 1) != 0)
        {
            set(m_pivots[rank]);
        }
    }
}

} // namespace ns3::iotfleet
