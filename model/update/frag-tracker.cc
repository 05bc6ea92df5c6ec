// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/frag-tracker.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

/**
 * @file
 * FragTracker: frames as they come, and who may be able to decode.
 */
namespace ns3::iotfleet
{

namespace
{

/// Value of m_end while a member listens, of m_wait while no count can make it complete.
constexpr uint16_t LISTENS = 0xFFFF;
constexpr uint16_t DORMANT = 0xFFFF;
constexpr size_t LAST_FRAME = 0xFFFE; ///< later frames are not told apart

/// The counters of eight members, subtracted at once (GCC's and Clang's vector extension).
using Lanes [[gnu::vector_size(16)]] = uint16_t;

/// Bit i of a byte as a 0 or 1 in lane i.
constexpr std::array<std::array<uint16_t, 8>, 256>
MakeLanes()
{
    std::array<std::array<uint16_t, 8>, 256> table{};
    for (size_t byte = 0; byte < table.size(); ++byte)
    {
        for (size_t lane = 0; lane < 8; ++lane)
        {
            table[byte][lane] = (byte >> lane) & 1;
        }
    }
    return table;
}

alignas(64) constexpr auto LANES = MakeLanes();

/// Subtracts the bits of `byte` from eight counters; whether one of them is 0 then.
bool
SubtractBits(uint16_t* counters, uint8_t byte)
{
    Lanes values;
    Lanes bits;
    std::memcpy(&values, counters, sizeof values);
    std::memcpy(&bits, LANES[byte].data(), sizeof bits);
    values -= bits;
    std::memcpy(counters, &values, sizeof values);
    const auto isZero = values == Lanes{};
    std::array<uint64_t, 2> any;
    std::memcpy(any.data(), &isZero, sizeof isZero);
    return (any[0] | any[1]) != 0;
}

bool
IsHeard(std::span<const uint8_t> heard, uint32_t member)
{
    return member / 8 < heard.size() && (heard[member / 8] >> (member % 8) & 1) != 0;
}

} // namespace

FragTracker::FragTracker(std::shared_ptr<ParityColumns> parity,
                         uint32_t members,
                         Replay replay,
                         MemoryOf memoryOf,
                         FecCode code,
                         DrawOf drawOf)
    : m_parity(std::move(parity)),
      m_code(code),
      m_replay(std::move(replay)),
      m_memoryOf(std::move(memoryOf)),
      m_drawOf(std::move(drawOf)),
      m_wait((members + 7) / 8 * 8, DORMANT),
      m_end(members, 0),
      m_complete((members + 7) / 8)
{
}

void
FragTracker::Open(uint32_t member)
{
    if (m_end[member] != LISTENS && m_end[member] > FirstOf(member))
    {
        m_earlier[member].emplace_back(FirstOf(member), m_end[member]);
    }
    const auto first = static_cast<uint16_t>(std::min(m_numbers.size(), LAST_FRAME));
    if (first != 0 || !m_first.empty())
    {
        m_first.resize(m_end.size());
        m_first[member] = first;
    }
    m_end[member] = LISTENS;
    if (m_wait[member] == DORMANT && !IsComplete(member))
    {
        m_wait[member] = m_parity->NbFrag();
    }
}

void
FragTracker::Close(uint32_t member)
{
    m_end[member] = static_cast<uint16_t>(std::min(m_numbers.size(), LAST_FRAME));
}

void
FragTracker::SkipTo(uint32_t frames)
{
    if (frames > m_numbers.size())
    {
        m_plain = false;
        m_numbers.resize(frames, 0);
    }
}

void
FragTracker::Hear(uint16_t number, std::span<const uint8_t> heard, std::vector<uint32_t>& completed)
{
    AddToRuns(number);
    m_numbers.push_back(number);
    m_heardBlock = UINT32_MAX;
    m_plain = m_plain && number == m_numbers.size() && number <= m_parity->NbFrag();
    if (number == 0 || m_numbers.size() >= LAST_FRAME)
    {
        return;
    }
    Meet(number);
    const size_t before = completed.size();
    m_current = heard;
    ReduceAll(number, heard, completed);
    CountDown(heard, completed);
    m_current = {};
    std::sort(completed.begin() + static_cast<std::ptrdiff_t>(before), completed.end());
}

/// Makes room for a coded fragment.
void
FragTracker::Meet(uint16_t number)
{
    if (number <= m_parity->NbFrag())
    {
        return;
    }
    const uint32_t line = uint32_t{number} - m_parity->NbFrag();
    m_lines = std::max(m_lines, line);
    if (m_code == FecCode::TS004)
    {
        m_parity->Extend(m_lines);
    }
}

void
FragTracker::CountDown(std::span<const uint8_t> heard, std::vector<uint32_t>& completed)
{
    const size_t blocks = std::min(heard.size(), m_wait.size() / 8);
    for (size_t block = 0; block < blocks; ++block)
    {
        const uint8_t byte = heard[block];
        if (byte == 0)
        {
            continue;
        }
        uint16_t* wait = m_wait.data() + 8 * block;
        if (!SubtractBits(wait, byte))
        {
            continue;
        }
        for (uint32_t lane = 0; lane < 8; ++lane)
        {
            const auto member = static_cast<uint32_t>(8 * block + lane);
            if (wait[lane] == 0 && Attempt(member))
            {
                completed.push_back(member);
            }
        }
    }
}

void
FragTracker::ReduceAll(uint16_t number,
                       std::span<const uint8_t> heard,
                       std::vector<uint32_t>& completed)
{
    for (auto it = m_kernels.begin(); it != m_kernels.end();)
    {
        const uint32_t member = it->first;
        if (IsHeard(heard, member) && Reduce(it->second, number))
        {
            it = m_kernels.erase(it);
            Finish(member);
            completed.push_back(member);
        }
        else
        {
            ++it;
        }
    }
}

bool
FragTracker::HearUnicast(uint32_t member, uint16_t number)
{
    if (number == 0 || IsComplete(member))
    {
        return false;
    }
    Meet(number);
    m_asides[member].emplace_back(static_cast<uint32_t>(m_numbers.size()), number);
    if (const auto it = m_kernels.find(member); it != m_kernels.end())
    {
        if (!Reduce(it->second, number))
        {
            return false;
        }
        m_kernels.erase(it);
        Finish(member);
        return true;
    }
    if (m_wait[member] == DORMANT)
    {
        m_wait[member] = m_parity->NbFrag(); // it never opened the group's session
    }
    return --m_wait[member] == 0 && Attempt(member);
}

void
FragTracker::Finish(uint32_t member)
{
    m_complete[member / 8] = static_cast<uint8_t>(m_complete[member / 8] | 1U << (member % 8));
    m_wait[member] = DORMANT;
}

bool
FragTracker::Attempt(uint32_t member)
{
    m_wait[member] = DORMANT;
    if (IsComplete(member) || m_kernels.contains(member))
    {
        return false;
    }
    // As many frames heard as there are fragments, and nothing but each fragment once was sent.
    if (m_plain && !m_asides.contains(member))
    {
        Finish(member);
        return true;
    }
    const auto knowledge = Learn(member);
    uint32_t deficit = knowledge.lost - std::min(knowledge.lost, knowledge.used);
    if (IsCounted(m_code))
    {
        deficit = CountedDeficit(member, knowledge);
    }
    else if (deficit <= LARGEST_KERNEL)
    {
        LostSpace kernel;
        deficit = Deficit(knowledge, kernel);
        if (deficit > 0 && deficit <= LARGEST_KERNEL && knowledge.lost <= knowledge.memory)
        {
            m_kernels.emplace(member, std::move(kernel));
            return false;
        }
    }
    if (deficit == 0)
    {
        Finish(member);
        return true;
    }
    m_wait[member] = static_cast<uint16_t>(deficit);
    return false;
}

FragProgress
FragTracker::ProgressOf(uint32_t member)
{
    const auto knowledge = Learn(member);
    FragProgress progress;
    progress.received = knowledge.received;
    progress.complete = IsComplete(member);
    if (!progress.complete)
    {
        LostSpace kernel;
        progress.lost = knowledge.lost;
        progress.memoryError = knowledge.dropped && knowledge.lost > knowledge.memory;
        progress.missing =
            IsCounted(m_code) ? CountedDeficit(member, knowledge) : Deficit(knowledge, kernel);
    }
    return progress;
}

bool
FragTracker::Reduce(LostSpace& kernel, uint16_t number) const
{
    const uint16_t uncoded = m_parity->NbFrag();
    if (number <= uncoded)
    {
        return kernel.Reduce([number](uint32_t lost) { return lost == number - 1U; });
    }
    const uint64_t* row = m_parity->Row(uint32_t{number} - uncoded);
    return kernel.Reduce([row](uint32_t lost) { return (row[lost / 64] >> (lost % 64) & 1) != 0; });
}

size_t
FragTracker::MemoryBytes() const
{
    constexpr size_t HASH_NODE = 56; // and its bucket
    constexpr size_t MALLOC_HEAD = 16;
    size_t bytes = (m_wait.capacity() + m_first.capacity() + m_end.capacity()) * 2 +
                   m_complete.capacity() + m_numbers.capacity() * 2 + m_heard.capacity();
    for (const auto& [member, kernel] : m_kernels)
    {
        bytes += HASH_NODE + kernel.MemoryBytes() + MALLOC_HEAD;
    }
    return bytes;
}

} // namespace ns3::iotfleet
