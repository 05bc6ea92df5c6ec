// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/group-reception.h"

#include "model/lorawan/draw-lanes.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr uint32_t BLOCK = 8;

/// Sets the draws that settle ties of the upper 16 bits apart from the others.
constexpr uint32_t TIE_DRAW = 0x80000000;

} // namespace

GroupReceptionModel::GroupReceptionModel(const LorawanCore& core,
                                         const DownlinkAir& air,
                                         GroupId group,
                                         DeviceList members)
    : m_core(core),
      m_air(air),
      m_group(static_cast<uint32_t>(group)),
      m_members(std::move(members)),
      m_listening((m_members.size() + BLOCK - 1) / BLOCK),
      m_heard(m_listening.size())
{
}

void
GroupReceptionModel::SetInStep(uint32_t block, uint8_t members)
{
    if (m_inStep.empty())
    {
        m_inStep.resize(m_heard.size(), 0xFF);
        m_steps.resize(m_heard.size());
    }
    if (m_inStep[block] != members)
    {
        m_inStep[block] = members;
        m_steps[block].push_back({Frames(), members});
    }
}

void
GroupReceptionModel::SetListening(uint32_t member, bool listening)
{
    if (IsListening(member) != listening)
    {
        m_listening[member / BLOCK] ^= static_cast<uint8_t>(1U << (member % BLOCK));
        m_listeners += listening ? 1U : ~0U;
    }
}

std::optional<uint32_t>
GroupReceptionModel::MemberOf(DeviceId device) const
{
    return m_members.IndexOf(device);
}

uint16_t
GroupReceptionModel::FindSituation(std::span<const DownlinkOnAir> copies)
{
    // No copy at all, where none reached a gateway, is a situation of its own.
    std::vector<uint32_t> key{copies.empty() ? 0U : copies.front().spreadingFactor};
    std::vector<DownlinkOnAir> others;
    for (const auto& copy : copies)
    {
        key.push_back(static_cast<uint32_t>(copy.gateway));
        m_air.FindInterferers(copy, others);
        for (const auto& other : others)
        {
            // A tenth of the frame is fine enough: situations stay few.
            const Tick overlap = std::min(copy.end, other.end) - std::max(copy.start, other.start);
            const auto tenths = static_cast<uint32_t>(10 * overlap / (copy.end - copy.start));
            key.push_back(0x10000U + static_cast<uint32_t>(other.gateway) * 0x100U +
                          tenths * 0x10U + static_cast<uint32_t>(other.spreadingFactor - MIN_SF));
        }
    }
    const auto [place, isNew] =
        m_known.try_emplace(key, static_cast<uint16_t>(m_situations.size()));
    if (isNew)
    {
        m_situations.push_back(Assess(copies));
    }
    return place->second;
}

/// Probability that a member which listens hears a frame, in units of 2^-32, rounded.
double
GroupReceptionModel::ScaledProbability(const Situation& situation, uint32_t member) const
{
    double miss = 1;
    for (size_t i = 0; i < situation.copies.size(); ++i)
    {
        miss *= 1 - m_air.Probability(m_members[member], situation.copies[i], situation.others[i]);
    }
    return std::nearbyint((1 - miss) * 0x1p32);
}

/// Largest draw that is a reception, of a probability that is not 0.
uint32_t
GroupReceptionModel::ThresholdOf(double scaled)
{
    return static_cast<uint32_t>(static_cast<uint64_t>(scaled) - 1);
}

GroupReceptionModel::Situation
GroupReceptionModel::Assess(std::span<const DownlinkOnAir> copies) const
{
    Situation situation;
    situation.copies.assign(copies.begin(), copies.end());
    situation.others.resize(copies.size());
    for (size_t i = 0; i < copies.size(); ++i)
    {
        m_air.FindInterferers(copies[i], situation.others[i]);
    }
    situation.high.resize(m_listening.size() * BLOCK);
    situation.reachable.resize(m_listening.size());
    situation.certain.resize(m_listening.size(), 0xFF);
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const double scaled = ScaledProbability(situation, m);
        const auto bit = static_cast<uint8_t>(1U << (m % BLOCK));
        if (scaled < 0x1p32)
        {
            situation.certain[m / BLOCK] &= static_cast<uint8_t>(~bit);
        }
        if (scaled >= 1)
        {
            situation.high[m] = static_cast<uint16_t>(ThresholdOf(scaled) >> 16);
            situation.reachable[m / BLOCK] |= bit;
        }
    }
    return situation;
}

uint8_t
GroupReceptionModel::DrawTies(const Situation& situation,
                              uint32_t block,
                              uint32_t frame,
                              uint32_t ties) const
{
    uint32_t won = 0;
    ties &= situation.reachable[block];
    for (uint32_t i = 0; i < BLOCK; ++i)
    {
        if ((ties >> i & 1U) != 0)
        {
            const double scaled = ScaledProbability(situation, block * BLOCK + i);
            const auto words = m_core.random.Words(Purpose::GROUP_FRAME,
                                                   TIE_DRAW | (block * BLOCK + i),
                                                   frame,
                                                   m_group);
            won |= static_cast<uint32_t>((words[0] & 0xFFFFU) <= (ThresholdOf(scaled) & 0xFFFFU))
                   << i;
        }
    }
    return static_cast<uint8_t>(won);
}

inline uint8_t
GroupReceptionModel::Compare(const Situation& situation,
                             uint32_t block,
                             uint32_t frame,
                             const CounterRandom::Block& words) const
{
    const uint16_t* high = &situation.high[size_t{block} * BLOCK];
    std::array<uint16_t, BLOCK> draws;
    for (uint32_t i = 0; i < words.size(); ++i)
    {
        draws[2 * i] = static_cast<uint16_t>(words[i]);
        draws[2 * i + 1] = static_cast<uint16_t>(words[i] >> 16);
    }
    // Sums of weights in 16-bit lanes: compilers turn this into a handful of vector instructions.
    constexpr std::array<uint16_t, BLOCK> WEIGHT{1, 2, 4, 8, 16, 32, 64, 128};
    uint16_t heardSum = 0;
    uint16_t tieSum = 0;
    for (uint32_t i = 0; i < BLOCK; ++i)
    {
        heardSum = static_cast<uint16_t>(heardSum + (draws[i] < high[i] ? WEIGHT[i] : uint16_t{0}));
        tieSum = static_cast<uint16_t>(tieSum + (draws[i] == high[i] ? WEIGHT[i] : uint16_t{0}));
    }
    uint32_t heard = heardSum;
    const uint32_t ties = tieSum;
    if (ties != 0)
    {
        heard |= DrawTies(situation, block, frame, ties);
    }
    return static_cast<uint8_t>(heard & situation.reachable[block]);
}

inline uint8_t
GroupReceptionModel::Draw(const Situation& situation, uint32_t block, uint32_t frame) const
{
    if (situation.certain[block] == 0xFF || situation.reachable[block] == 0)
    {
        return situation.reachable[block];
    }
    return Compare(situation,
                   block,
                   frame,
                   m_core.random.Words(Purpose::GROUP_FRAME, block, frame, m_group));
}

std::span<const uint8_t>
GroupReceptionModel::OnFrame(std::span<const DownlinkOnAir> copies)
{
    const uint16_t number = FindSituation(copies);
    const auto frame = static_cast<uint32_t>(m_history.size());
    m_history.push_back(number);
    const auto& situation = m_situations[number];
    const auto blocks = static_cast<uint32_t>(m_heard.size());
    for (uint32_t block = 0; block < blocks; ++block)
    {
        const uint8_t listening = m_listening[block];
        m_heard[block] = listening == 0
                             ? uint8_t{0}
                             : static_cast<uint8_t>(listening & Draw(situation, block, frame));
    }
    for (uint32_t block = 0; block < m_inStep.size(); ++block)
    {
        m_heard[block] &= m_inStep[block];
    }
    return m_heard;
}

void
GroupReceptionModel::Revoke(uint32_t member)
{
    const uint32_t block = member / BLOCK;
    const auto bit = static_cast<uint8_t>(1U << (member % BLOCK));
    if ((m_heard[block] & bit) != 0)
    {
        m_heard[block] &= static_cast<uint8_t>(~bit);
        m_revoked[block].push_back({static_cast<uint32_t>(m_history.size() - 1), bit});
    }
}

/// Whether the next CounterRandom::LANES frames met with the same situation, as most do.
bool
GroupReceptionModel::IsOneSituation(uint32_t frame) const
{
    const auto first = m_history.begin() + frame;
    return std::all_of(first, first + CounterRandom::LANES, [&](uint16_t number) {
        return number == *first;
    });
}

/// Replays the next CounterRandom::LANES frames.
void
GroupReceptionModel::ReplayLanes(uint32_t block, uint32_t frame, uint8_t* heard) const
{
    const auto& situation = m_situations[m_history[frame]];
    const uint8_t reachable = situation.reachable[block];
    const bool isOne = IsOneSituation(frame);
    if (isOne && (situation.certain[block] == 0xFF || reachable == 0))
    {
        std::fill_n(heard, CounterRandom::LANES, reachable);
        return;
    }
    CounterRandom::Lanes words;
    m_core.random.WordsAlongB(Purpose::GROUP_FRAME, block, frame, m_group, words);
    LaneOutcome outcome;
    if (isOne)
    {
        const uint16_t* high = &situation.high[size_t{block} * BLOCK];
        CompareLanes(words, std::span<const uint16_t, BLOCK>(high, BLOCK), outcome);
    }
    for (uint32_t lane = 0; lane < CounterRandom::LANES; ++lane)
    {
        if (!isOne)
        {
            const auto& own = m_situations[m_history[frame + lane]];
            heard[lane] =
                own.certain[block] != 0xFF
                    ? Compare(own,
                              block,
                              frame + lane,
                              {words[0][lane], words[1][lane], words[2][lane], words[3][lane]})
                    : own.reachable[block];
            continue;
        }
        uint32_t mask = outcome.below[lane];
        if (outcome.equal[lane] != 0)
        {
            mask |= DrawTies(situation, block, frame + lane, outcome.equal[lane]);
        }
        heard[lane] = static_cast<uint8_t>(mask & reachable);
    }
}

void
GroupReceptionModel::Replay(uint32_t block, std::vector<uint8_t>& heard) const
{
    const auto frames = static_cast<uint32_t>(m_history.size());
    heard.resize(frames);
    uint32_t frame = 0;
    for (; frame + CounterRandom::LANES <= frames; frame += CounterRandom::LANES)
    {
        ReplayLanes(block, frame, &heard[frame]);
    }
    for (; frame < frames; ++frame)
    {
        heard[frame] = Draw(m_situations[m_history[frame]], block, frame);
    }
    if (!m_steps.empty())
    {
        uint32_t from = 0;
        uint8_t members = 0xFF;
        for (const auto& step : m_steps[block])
        {
            for (; from < std::min(step.frame, frames); ++from)
            {
                heard[from] &= members;
            }
            members = step.members;
        }
        for (; from < frames; ++from)
        {
            heard[from] &= members;
        }
    }
    if (const auto revoked = m_revoked.find(block); revoked != m_revoked.end())
    {
        for (const auto& [lost, bit] : revoked->second)
        {
            heard[lost] &= static_cast<uint8_t>(~bit);
        }
    }
}

size_t
GroupReceptionModel::MemoryBytes() const
{
    size_t bytes = m_listening.capacity() + m_heard.capacity() + m_history.capacity() * 2 +
                   m_inStep.capacity() + m_steps.capacity() * sizeof(m_steps[0]) +
                   m_members.MemoryBytes();
    for (const auto& steps : m_steps)
    {
        bytes += steps.capacity() * sizeof(Step);
    }
    for (const auto& situation : m_situations)
    {
        bytes += situation.high.capacity() * 2 + situation.reachable.capacity() +
                 situation.certain.capacity() + situation.copies.size() * sizeof(DownlinkOnAir);
        for (const auto& others : situation.others)
        {
            bytes += sizeof others + others.capacity() * sizeof(DownlinkOnAir);
        }
    }
    return bytes;
}

} // namespace ns3::iotfleet
