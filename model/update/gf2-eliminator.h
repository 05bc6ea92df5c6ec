// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_GF2_ELIMINATOR_H
#define IOTFLEET_UPDATE_GF2_ELIMINATOR_H

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// Gaussian elimination over GF(2) of vectors [value | combination].
class Eliminator
{
  public:
    Eliminator(size_t valueWords, size_t combinationWords)
        : m_valueWords(valueWords),
          m_stride(valueWords + combinationWords),
          m_pivotRow(valueWords * 64, -1)
    {
    }

    /// Room for the next vector, zeroed.
    std::span<uint64_t> Append()
    {
        m_words.resize(m_words.size() + m_stride);
        return {m_words.data() + m_words.size() - m_stride, m_stride};
    }

    /// Reduces the vector appended last; false if its value became zero.
    bool ReduceLast()
    {
        const size_t row = m_words.size() / m_stride - 1;
        uint64_t* mine = m_words.data() + row * m_stride;
        for (size_t w = 0; w < m_valueWords; ++w)
        {
            while (mine[w] != 0)
            {
                const size_t column = w * 64 + static_cast<size_t>(std::countr_zero(mine[w]));
                if (m_pivotRow[column] < 0)
                {
                    m_pivotRow[column] = static_cast<int32_t>(row);
                    return true;
                }
                const auto pivot = static_cast<size_t>(m_pivotRow[column]);
                const uint64_t* other = m_words.data() + pivot * m_stride;
                for (size_t i = w; i < m_stride; ++i)
                {
                    mine[i] ^= other[i];
                }
            }
        }
        return false;
    }

  private:
    size_t m_valueWords;
    size_t m_stride;
    std::vector<uint64_t> m_words;
    std::vector<int32_t> m_pivotRow; ///< by bit of the value
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_GF2_ELIMINATOR_H
