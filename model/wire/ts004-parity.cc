// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/ts004-parity.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace ns3::iotfleet::wire
{

namespace
{

constexpr uint32_t SEED_STEP = 1001; // TS004: x = 1 + 1001 n
constexpr std::size_t WORD_BITS = 64;

std::size_t
WordsFor(std::size_t bits)
{
    return (bits + WORD_BITS - 1) / WORD_BITS;
}

bool
TestBit(std::span<const uint64_t> words, std::size_t bit)
{
    return ((words[bit / WORD_BITS] >> (bit % WORD_BITS)) & 1U) != 0;
}

void
SetBit(std::span<uint64_t> words, std::size_t bit)
{
    words[bit / WORD_BITS] |= uint64_t{1} << (bit % WORD_BITS);
}

/** Calls visit(bit) for every set bit, ascending. */
template <class Visit>
void
ForEachBit(std::span<const uint64_t> words, Visit visit)
{
    for (std::size_t w = 0; w < words.size(); w++)
    {
        for (uint64_t rest = words[w]; rest != 0; rest &= rest - 1)
        {
            visit(w * WORD_BITS + static_cast<std::size_t>(std::countr_zero(rest)));
        }
    }
}

template <class T>
void
XorInto(std::span<T> target, std::span<const T> source)
{
    std::transform(target.begin(), target.end(), source.begin(), target.begin(), [](T a, T b) {
        return static_cast<T>(a ^ b);
    });
}

} // namespace

ParityMatrix::ParityMatrix(uint16_t nbFrag, Ts004Version version)
    : m_nbFrag(nbFrag),
      m_modulus(nbFrag + (std::has_single_bit(nbFrag) ? 1U : 0U)),
      m_version(version)
{
    if (nbFrag == 0 || nbFrag > TS004_MAX_FRAGMENT_NUMBER)
    {
        throw std::invalid_argument("TS004: NbFrag must be 1 to 16383");
    }
}

uint16_t
ParityMatrix::NbFrag() const
{
    return m_nbFrag;
}

std::size_t
ParityMatrix::WordsPerRow() const
{
    return WordsFor(m_nbFrag);
}

void
ParityMatrix::Row(uint32_t n, std::span<uint64_t> bits) const
{
    std::fill(bits.begin(), bits.end(), 0);
    const bool isDistinct = m_version == Ts004Version::V2;
    uint32_t x = 1 + SEED_STEP * n;
    for (uint32_t drawn = 0; drawn < m_nbFrag / 2U;)
    {
        uint32_t position;
        do
        {
            x = Ts004Prbs23(x);
            position = x % m_modulus;
        } while (position >= m_nbFrag);
        const bool isNew = !TestBit(bits, position);
        SetBit(bits, position);
        drawn += (isNew || !isDistinct) ? 1 : 0;
    }
}

std::vector<std::vector<uint8_t>>
EncodeFragments(std::span<const uint8_t> data,
                std::size_t fragSize,
                uint32_t redundancy,
                Ts004Version version)
{
    if (data.empty() || fragSize == 0)
    {
        throw std::invalid_argument("TS004: there is nothing to cut into fragments");
    }
    const std::size_t uncoded = (data.size() + fragSize - 1) / fragSize;
    if (uncoded + redundancy > TS004_MAX_FRAGMENT_NUMBER)
    {
        throw std::invalid_argument("TS004: " + std::to_string(uncoded + redundancy) +
                                    " fragments are more than the 16383 that can be numbered");
    }
    std::vector<std::vector<uint8_t>> fragments(uncoded + redundancy,
                                                std::vector<uint8_t>(fragSize, 0));
    for (std::size_t i = 0; i < uncoded; i++)
    {
        const auto part =
            data.subspan(i * fragSize, std::min(fragSize, data.size() - i * fragSize));
        std::copy(part.begin(), part.end(), fragments[i].begin());
    }
    const ParityMatrix matrix(static_cast<uint16_t>(uncoded), version);
    std::vector<uint64_t> row(matrix.WordsPerRow());
    for (uint32_t n = 1; n <= redundancy; n++)
    {
        matrix.Row(n, row);
        std::span<uint8_t> coded(fragments[uncoded + n - 1]);
        ForEachBit(row, [&](std::size_t i) { XorInto<uint8_t>(coded, fragments[i]); });
    }
    return fragments;
}

FragDecoder::FragDecoder(uint16_t nbFrag,
                         std::size_t fragSize,
                         std::size_t maxLost,
                         Ts004Version version)
    : m_matrix(nbFrag, version),
      m_fragSize(fragSize),
      m_maxLost(maxLost),
      m_data(nbFrag * fragSize),
      m_known(WordsFor(nbFrag))
{
    if (fragSize == 0)
    {
        throw std::invalid_argument("TS004: fragments must have at least one byte");
    }
}

FragDecoder::Outcome
FragDecoder::Feed(uint16_t n, std::span<const uint8_t> bytes)
{
    if (n == 0 || n > TS004_MAX_FRAGMENT_NUMBER || bytes.size() != m_fragSize)
    {
        return Outcome::INVALID;
    }
    m_received++;
    if (m_isAborted)
    {
        return Outcome::MEMORY_EXCEEDED;
    }
    if (IsComplete())
    {
        return Outcome::COMPLETE;
    }
    if (n <= m_matrix.NbFrag())
    {
        return FeedUncoded(static_cast<uint16_t>(n - 1), bytes);
    }
    Freeze();
    return m_isAborted ? Outcome::MEMORY_EXCEEDED : Insert(Reduce(n - m_matrix.NbFrag(), bytes));
}

bool
FragDecoder::IsComplete() const
{
    return m_knownCount == m_matrix.NbFrag();
}

bool
FragDecoder::IsAborted() const
{
    return m_isAborted;
}

uint32_t
FragDecoder::Received() const
{
    return m_received;
}

uint32_t
FragDecoder::Rank() const
{
    return m_knownCount + m_lineCount;
}

uint32_t
FragDecoder::Missing() const
{
    return m_matrix.NbFrag() - Rank();
}

std::optional<std::vector<uint8_t>>
FragDecoder::Data(std::size_t padding) const
{
    if (!IsComplete() || padding > m_data.size())
    {
        return std::nullopt;
    }
    return std::vector<uint8_t>(m_data.begin(),
                                m_data.end() - static_cast<std::ptrdiff_t>(padding));
}

bool
FragDecoder::Knows(std::size_t index) const
{
    return TestBit(m_known, index);
}

std::span<uint8_t>
FragDecoder::Fragment(std::size_t index)
{
    return std::span(m_data).subspan(index * m_fragSize, m_fragSize);
}

std::span<const uint8_t>
FragDecoder::Fragment(std::size_t index) const
{
    return std::span(m_data).subspan(index * m_fragSize, m_fragSize);
}

void
FragDecoder::Store(std::size_t index, std::span<const uint8_t> bytes)
{
    std::copy(bytes.begin(), bytes.end(), Fragment(index).begin());
    SetBit(m_known, index);
    m_knownCount++;
}

FragDecoder::Outcome
FragDecoder::FeedUncoded(uint16_t index, std::span<const uint8_t> bytes)
{
    if (Knows(index))
    {
        return Outcome::REDUNDANT;
    }
    if (!m_isFrozen)
    {
        Store(index, bytes);
        return IsComplete() ? Outcome::COMPLETE : Outcome::ACCEPTED;
    }
    // It comes after coded ones: an equation with one unknown.
    const auto at = std::lower_bound(m_lost.begin(), m_lost.end(), index) - m_lost.begin();
    Line line{std::vector<uint64_t>(WordsFor(m_lost.size())), {bytes.begin(), bytes.end()}};
    SetBit(line.coefficients, static_cast<std::size_t>(at));
    return Insert(std::move(line));
}

void
FragDecoder::Freeze()
{
    if (m_isFrozen)
    {
        return;
    }
    m_isFrozen = true;
    for (uint16_t i = 0; i < m_matrix.NbFrag(); i++)
    {
        if (!Knows(i))
        {
            m_lost.push_back(i);
        }
    }
    m_isAborted = m_lost.size() > m_maxLost;
    m_lines.resize(m_isAborted ? 0 : m_lost.size());
}

FragDecoder::Line
FragDecoder::Reduce(uint32_t codedLine, std::span<const uint8_t> bytes) const
{
    std::vector<uint64_t> row(m_matrix.WordsPerRow());
    m_matrix.Row(codedLine, row);
    Line line{std::vector<uint64_t>(WordsFor(m_lost.size())), {bytes.begin(), bytes.end()}};
    for (std::size_t k = 0; k < m_lost.size(); k++)
    {
        if (TestBit(row, m_lost[k]))
        {
            SetBit(line.coefficients, k);
        }
    }
    ForEachBit(row, [&](std::size_t i) {
        if (Knows(i))
        {
            XorInto<uint8_t>(line.bytes, Fragment(i));
        }
    });
    return line;
}

FragDecoder::Outcome
FragDecoder::Insert(Line line)
{
    for (std::size_t k = 0; k < m_lost.size(); k++)
    {
        if (!TestBit(line.coefficients, k))
        {
            continue;
        }
        auto& held = m_lines[k];
        if (held.bytes.empty())
        {
            held = std::move(line);
            m_lineCount++;
            if (m_lineCount < m_lost.size())
            {
                return Outcome::ACCEPTED;
            }
            Solve();
            return Outcome::COMPLETE;
        }
        XorInto<uint64_t>(line.coefficients, held.coefficients);
        XorInto<uint8_t>(line.bytes, held.bytes);
    }
    return Outcome::REDUNDANT;
}

void
FragDecoder::Solve()
{
    for (std::size_t k = m_lost.size(); k-- > 0;)
    {
        auto& line = m_lines[k];
        ForEachBit(line.coefficients, [&](std::size_t later) {
            if (later != k)
            {
                XorInto<uint8_t>(line.bytes, Fragment(m_lost[later]));
            }
        });
        Store(m_lost[k], line.bytes);
    }
    m_lines.clear();
    m_lineCount = 0;
}

} // namespace ns3::iotfleet::wire
