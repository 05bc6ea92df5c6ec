// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/parity-columns.h"

#include <bit>
#include <span>

namespace ns3::iotfleet
{

ParityColumns::ParityColumns(uint16_t nbFrag, wire::Ts004Version version)
    : m_matrix(nbFrag, version),
      m_words(m_matrix.WordsPerRow())
{
}

void
ParityColumns::Extend(uint32_t lines)
{
    if (lines <= m_lines)
    {
        return;
    }
    m_rows.resize(lines * m_words);
    m_columns.resize((lines + 63) / 64, std::vector<uint64_t>(NbFrag()));
    for (uint32_t line = m_lines; line < lines; ++line)
    {
        const std::span<uint64_t> row{m_rows.data() + line * m_words, m_words};
        m_matrix.Row(line + 1, row);
        auto& column = m_columns[line / 64];
        const uint64_t bit = uint64_t{1} << (line % 64);
        for (size_t w = 0; w < m_words; ++w)
        {
            for (uint64_t rest = row[w]; rest != 0; rest &= rest - 1)
            {
                column[w * 64 + static_cast<size_t>(std::countr_zero(rest))] |= bit;
            }
        }
    }
    m_lines = lines;
}

size_t
ParityColumns::MemoryBytes() const
{
    return m_rows.capacity() * sizeof(uint64_t) + m_columns.size() * NbFrag() * sizeof(uint64_t);
}

} // namespace ns3::iotfleet
