// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/frag-tracker.h"

#include <algorithm>
#include <bit>

/**
 * @file
 * FragTracker: what a member has, worked out from what the group was sent and the member heard.
 */
namespace ns3::iotfleet
{

namespace
{

/// Sets those bits of `bits` from place `first` on that are 1 in `word` and returns how many are
/// new.
uint32_t
Merge(std::span<uint64_t> bits, size_t first, uint64_t word)
{
    const size_t shift = first % 64;
    const auto merge = [](uint64_t& target, uint64_t more) {
        const auto fresh = more & ~target;
        target |= fresh;
        return static_cast<uint32_t>(std::popcount(fresh));
    };
    uint32_t fresh = merge(bits[first / 64], word << shift);
    if (shift != 0 && word >> (64 - shift) != 0)
    {
        fresh += merge(bits[first / 64 + 1], word >> (64 - shift));
    }
    return fresh;
}

} // namespace

void
FragTracker::AddToRuns(uint16_t number)
{
    if (number == 0)
    {
        return;
    }
    const auto frame = static_cast<uint32_t>(m_numbers.size());
    const uint16_t uncoded = m_parity->NbFrag();
    if (!m_runs.empty())
    {
        auto& last = m_runs.back();
        const bool sameKind = (number <= uncoded) == (last.number <= uncoded);
        if (sameKind && frame == last.frame + last.length && number == last.number + last.length)
        {
            ++last.length;
            return;
        }
    }
    m_runs.push_back({frame, 1, number});
}

uint32_t
FragTracker::Held(uint32_t member)
{
    const auto knowledge = Learn(member);
    return m_parity->NbFrag() - knowledge.lost + knowledge.used;
}

FragTracker::Knowledge
FragTracker::Learn(uint32_t member)
{
    Knowledge knowledge;
    knowledge.have.resize(m_parity->Words());
    knowledge.lines.resize((m_lines + 63) / 64);
    knowledge.lost = m_parity->NbFrag();
    knowledge.memory = m_code == FecCode::TS004 ? m_memoryOf(member) : knowledge.lost;
    ReplayBlock(member / 8);
    const auto found = m_asides.find(member);
    const std::vector<Aside> none;
    const auto& asides = found == m_asides.end() ? none : found->second;
    auto aside = asides.begin();
    const auto learnSpan = [&](size_t from, size_t end) {
        end = std::min(end, m_heard.size());
        for (; aside != asides.end() && aside->first < end; ++aside)
        {
            const size_t stop = std::max<size_t>(from, aside->first);
            LearnFrames(knowledge, member % 8, from, stop);
            Take(knowledge, aside->second);
            from = stop;
        }
        LearnFrames(knowledge, member % 8, from, end);
    };
    if (const auto earlier = m_earlier.find(member); earlier != m_earlier.end())
    {
        for (const auto& [first, end] : earlier->second)
        {
            learnSpan(first, end);
        }
    }
    learnSpan(FirstOf(member), m_end[member]);
    for (; aside != asides.end(); ++aside)
    {
        Take(knowledge, aside->second);
    }
    return knowledge;
}

/// What the member heard in frames [from, end), 64 of them at a time.
void
FragTracker::LearnFrames(Knowledge& knowledge, uint32_t lane, size_t from, size_t end) const
{
    for (const auto& run : m_runs)
    {
        size_t frame = std::max<size_t>(run.frame, from);
        const size_t stop = std::min<size_t>(run.frame + run.length, end);
        while (frame < stop)
        {
            const size_t count = std::min<size_t>(64, stop - frame);
            const auto number = static_cast<uint32_t>(run.number + (frame - run.frame));
            TakeRun(knowledge, number, HeardByLane(lane, frame, count));
            frame += count;
        }
    }
}

/// Bit i: the lane's member heard frame + i.
uint64_t
FragTracker::HeardByLane(uint32_t lane, size_t frame, size_t count) const
{
    constexpr uint64_t LOWEST = 0x0101010101010101;
    constexpr uint64_t GATHER = 0x0102040810204080; // lowest bit of byte i to bit 56 + i
    uint64_t heard = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
    {
        uint64_t eight = 0;
        for (size_t byte = 0; byte < 8; ++byte) // one load
        {
            eight |= uint64_t{m_heard[frame + i + byte]} << 8 * byte;
        }
        heard |= (eight >> lane & LOWEST) * GATHER >> 56 << i;
    }
    for (; i < count; ++i)
    {
        heard |= uint64_t{m_heard[frame + i] >> lane & 1U} << i;
    }
    return heard;
}

/// Successive fragments from `number` on, of which those of the 1 bits were heard.
void
FragTracker::TakeRun(Knowledge& knowledge, uint32_t number, uint64_t heard) const
{
    if (heard == 0)
    {
        return;
    }
    knowledge.received += static_cast<uint32_t>(std::popcount(heard));
    const uint32_t uncoded = m_parity->NbFrag();
    if (number <= uncoded)
    {
        knowledge.lost -= Merge(knowledge.have, number - 1, heard);
    }
    else if (knowledge.lost > knowledge.memory)
    {
        knowledge.dropped = true;
    }
    else
    {
        knowledge.used += Merge(knowledge.lines, number - uncoded - 1, heard);
    }
}

void
FragTracker::ReplayBlock(uint32_t block)
{
    if (m_heardBlock == block)
    {
        return;
    }
    m_heard.clear();
    if (m_replay && !m_numbers.empty())
    {
        m_replay(block, m_heard);
        // The frame being told may not be in the network's history yet.
        if (m_heard.size() + 1 == m_numbers.size() && block < m_current.size())
        {
            m_heard.push_back(m_current[block]);
        }
        m_heard.resize(std::min(m_heard.size(), m_numbers.size()));
    }
    m_heardBlock = block;
}

void
FragTracker::Take(Knowledge& knowledge, uint16_t number) const
{
    if (number != 0)
    {
        TakeRun(knowledge, number, 1);
    }
}

/// Of a code that needs a number of fragments, whichever they are.
uint32_t
FragTracker::CountedDeficit(uint32_t member, const Knowledge& knowledge) const
{
    if (knowledge.lost == 0)
    {
        return 0;
    }
    const double draw = m_code == FecCode::IDEAL ? 1 : m_drawOf(member);
    const uint32_t needed = knowledge.lost + FecExtraNeeded(m_code, knowledge.lost, draw);
    const uint32_t deficit = needed - std::min(needed, knowledge.used);
    // Every uncoded fragment that it lacks makes a coded one superfluous.
    return std::min(deficit, knowledge.lost);
}

uint32_t
FragTracker::Deficit(const Knowledge& knowledge, LostSpace& kernel)
{
    if (knowledge.used == 0 && (knowledge.lost == 0 || knowledge.lost > LARGEST_KERNEL))
    {
        return knowledge.lost;
    }
    std::vector<uint32_t> lost;
    lost.reserve(knowledge.lost);
    for (uint32_t w = 0; w < knowledge.have.size(); ++w)
    {
        for (uint64_t absent = ~knowledge.have[w]; absent != 0; absent &= absent - 1)
        {
            const uint32_t j = 64 * w + static_cast<uint32_t>(std::countr_zero(absent));
            if (j < m_parity->NbFrag())
            {
                lost.push_back(j);
            }
        }
    }
    m_kernel.Reset(lost.size(), knowledge.lines.size());
    for (size_t i = 0; i < lost.size(); ++i)
    {
        const auto column = m_kernel.Column(i);
        for (size_t w = 0; w < column.size(); ++w)
        {
            column[w] = m_parity->Column(static_cast<uint32_t>(w), lost[i]) & knowledge.lines[w];
        }
    }
    const uint32_t deficit = m_kernel.Solve();
    if (deficit == 0 || deficit > LARGEST_KERNEL)
    {
        return deficit;
    }
    std::vector<Vector> combinations(deficit, Vector((lost.size() + 63) / 64));
    for (uint32_t v = 0; v < deficit; ++v)
    {
        m_kernel.Vector(v, combinations[v]);
    }
    kernel = LostSpace(lost, combinations);
    return deficit;
}

} // namespace ns3::iotfleet
