// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/lost-space.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

bool
IsIn(const std::vector<uint64_t>& vector, size_t i)
{
    return (vector[i / 64] >> (i % 64) & 1) != 0;
}

} // namespace

LostSpace::LostSpace(std::span<const uint32_t> lost,
                     const std::vector<std::vector<uint64_t>>& vectors)
{
    std::vector<size_t> used; // indices into lost
    for (size_t i = 0; i < lost.size(); ++i)
    {
        if (std::ranges::any_of(vectors, [i](const auto& vector) { return IsIn(vector, i); }))
        {
            used.push_back(i);
        }
    }
    const size_t words = (used.size() + BITS - 1) / BITS;
    m_cells.reserve(1 + used.size() + words * vectors.size());
    m_cells.push_back(static_cast<uint16_t>(used.size()));
    for (const size_t i : used)
    {
        m_cells.push_back(static_cast<uint16_t>(lost[i]));
    }
    for (const auto& vector : vectors)
    {
        const size_t begin = m_cells.size();
        m_cells.resize(begin + words);
        for (size_t k = 0; k < used.size(); ++k)
        {
            const auto bit = static_cast<uint16_t>(IsIn(vector, used[k]) ? 1U << (k % BITS) : 0U);
            m_cells[begin + k / BITS] = static_cast<uint16_t>(m_cells[begin + k / BITS] | bit);
        }
    }
}

bool
LostSpace::Reduce(const std::function<bool(uint32_t lost)>& contains)
{
    const auto touches = [&](std::span<const uint16_t> vector) {
        bool odd = false;
        for (size_t k = 0; k < Lost(); ++k)
        {
            const bool isIn = (vector[k / BITS] >> (k % BITS) & 1) != 0;
            odd = odd != (isIn && contains(m_cells[1 + k]));
        }
        return odd;
    };
    const size_t dimension = Dimension();
    size_t pivot = 0;
    while (pivot < dimension && !touches(Vector(pivot)))
    {
        ++pivot;
    }
    if (pivot == dimension)
    {
        return dimension == 0;
    }
    for (size_t other = pivot + 1; other < dimension; ++other)
    {
        if (touches(Vector(other)))
        {
            std::ranges::transform(Vector(other),
                                   Vector(pivot),
                                   Vector(other).begin(),
                                   [](uint16_t a, uint16_t b) { return uint16_t(a ^ b); });
        }
    }
    const auto begin = m_cells.begin() + (Vector(pivot).data() - m_cells.data());
    m_cells.erase(begin, begin + static_cast<std::ptrdiff_t>(Words()));
    return dimension == 1;
}

} // namespace ns3::iotfleet
