// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_PARITY_COLUMNS_H
#define IOTFLEET_UPDATE_PARITY_COLUMNS_H

#include "model/wire/ts004-parity.h"

#include <cstdint>
#include <vector>

namespace ns3::iotfleet
{

/**
 * A TS004 parity matrix by columns, as rank decoding needs it: for each uncoded fragment a bit
 * vector over the coded lines sent so far. Grows line by line and is shared by all members of a
 * session; it holds no fragment.
 *
 * Memory: M/8 bytes a line, in both orders together M/4. About 3 ns x M/2 a line, once.
 */
class ParityColumns
{
  public:
    ParityColumns(uint16_t nbFrag, wire::Ts004Version version);

    uint16_t NbFrag() const
    {
        return m_matrix.NbFrag();
    }

    /// Makes lines 1 ... lines available.
    void Extend(uint32_t lines);

    uint32_t Lines() const
    {
        return m_lines;
    }

    /// Lines 64*chunk+1 ... 64*chunk+64 of uncoded fragment `index` (from 0): bit i is line
    /// 64*chunk+1+i.
    uint64_t Column(uint32_t chunk, uint32_t index) const
    {
        return m_columns[chunk][index];
    }

    /// Line n (from 1) over the uncoded fragments.
    const uint64_t* Row(uint32_t n) const
    {
        return m_rows.data() + (n - 1) * m_words;
    }

    /// 64-bit words of a row.
    size_t Words() const
    {
        return m_words;
    }

    size_t MemoryBytes() const;

  private:
    wire::ParityMatrix m_matrix;
    size_t m_words;
    uint32_t m_lines{0};
    std::vector<uint64_t> m_rows;
    std::vector<std::vector<uint64_t>> m_columns; ///< by chunk of 64 lines
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_PARITY_COLUMNS_H
