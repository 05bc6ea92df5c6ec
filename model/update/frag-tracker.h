// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_FRAG_TRACKER_H
#define IOTFLEET_UPDATE_FRAG_TRACKER_H

#include "model/update/binary-kernel.h"
#include "model/update/fec-code.h"
#include "model/update/lost-space.h"
#include "model/update/parity-columns.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3::iotfleet
{

/// How far one receiver of a fragmented block is.
struct FragProgress
{
    uint32_t received{0};    ///< fragments heard: coded, uncoded and repeated
    uint32_t missing{0};     ///< independent fragments still needed
    uint32_t lost{0};        ///< uncoded fragments not heard
    bool memoryError{false}; ///< more lost than the redundancy memory holds
    bool complete{false};
};

/**
 * Who of a session's members has which part of the block, without storing what each has heard: a
 * member's history is computed again (AccessNetwork::Replay) when it may be able to decode, and the
 * rank of what it lacks is then worked out exactly over GF(2). It moves no bytes: wire::FragDecoder
 * does, and tests compare the two.
 *
 * A TS004 device uses a coded fragment only while no more uncoded ones are lost than its redundancy
 * memory holds. Codes that count (IsCounted) take them all: their receivers keep what they hear and
 * decode at the end.
 *
 * Cost of Hear: about 1 ns a block of eight members; of a decode: the replay of the history plus
 * L*L*R/64 word operations for L lost and R coded. Memory: 4 bytes a member, 2 more once somebody
 * opens late; members one to four fragments short hold what they lack (LostSpace).
 */
class FragTracker
{
  public:
    /// Receptions of members 8*block ... 8*block+7 over all frames so far; see
    /// AccessNetwork::Replay.
    using Replay = std::function<void(uint32_t block, std::vector<uint8_t>& heard)>;
    /// Lost fragments that a member can hold.
    using MemoryOf = std::function<uint32_t(uint32_t member)>;
    /// Luck of a member with this block, see FecExtraNeeded; always the same for a member.
    using DrawOf = std::function<double(uint32_t member)>;

    /// `drawOf` is needed for codes that count.
    FragTracker(std::shared_ptr<ParityColumns> parity,
                uint32_t members,
                Replay replay,
                MemoryOf memoryOf,
                FecCode code = FecCode::TS004,
                DrawOf drawOf = nullptr);

    /// The member listens from the next frame on; what it heard in earlier windows it keeps.
    void Open(uint32_t member);

    /// The member does not listen any more.
    void Close(uint32_t member);

    /**
     * A frame of the group ended. Every frame must be told, commands (number 0) as well.
     * @param number N of TS004; 0 = no fragment
     * @param heard bit m%8 of byte m/8: member m received it
     * @param completed members whose block this frame completed are appended
     */
    void Hear(uint16_t number, std::span<const uint8_t> heard, std::vector<uint32_t>& completed);

    /// Frames of the group up to `frames` (exclusive) went by before the tracker was there.
    void SkipTo(uint32_t frames);

    /// A member received a fragment by unicast; returns whether that completed its block.
    bool HearUnicast(uint32_t member, uint16_t number);

    bool IsComplete(uint32_t member) const
    {
        return (m_complete[member / 8] >> (member % 8) & 1) != 0;
    }

    /// Exact state of a member. Costs a replay unless it is complete.
    FragProgress ProgressOf(uint32_t member);

    /// Whether the member has opened the group's session or got a fragment by unicast.
    bool TookPart(uint32_t member) const
    {
        return m_end[member] != 0 || FirstOf(member) != 0 || m_asides.contains(member);
    }

    /// Different fragments, coded and uncoded, that the member has received and could keep. Costs a
    /// replay, which the members of a block of eight share when they are asked one after another.
    uint32_t Held(uint32_t member);

    size_t MemoryBytes() const;

  private:
    using Vector = std::vector<uint64_t>; ///< a bit for each uncoded fragment

    /// What members lack who are at most so many fragments short is kept, and not worked out anew.
    static constexpr uint32_t LARGEST_KERNEL = 4;

    /// What a member has heard, worked out from its history.
    struct Knowledge
    {
        Vector have;                 ///< uncoded fragments heard
        std::vector<uint64_t> lines; ///< coded lines used, bit n-1
        uint32_t used{0};            ///< coded lines used
        uint32_t received{0};        ///< see FragProgress
        uint32_t lost{0};            ///< see FragProgress
        uint32_t memory{0};          ///< lost fragments that it can hold
        bool dropped{false};         ///< a coded fragment found no memory
    };

    /// A unicast fragment and the frame of the group that it came before.
    using Aside = std::pair<uint32_t, uint16_t>;

    /// Successive frames of the group that carried successive fragments, all coded or all uncoded.
    struct Run
    {
        uint32_t frame;  ///< first one
        uint32_t length; ///< frames
        uint16_t number; ///< N of the first one
    };

    uint16_t FirstOf(uint32_t member) const
    {
        return m_first.empty() ? uint16_t{0} : m_first[member];
    }

    void AddToRuns(uint16_t number);
    void LearnFrames(Knowledge& knowledge, uint32_t lane, size_t from, size_t end) const;
    void TakeRun(Knowledge& knowledge, uint32_t number, uint64_t heard) const;
    uint64_t HeardByLane(uint32_t lane, size_t frame, size_t count) const;
    void CountDown(std::span<const uint8_t> heard, std::vector<uint32_t>& completed);
    void ReduceAll(uint16_t number,
                   std::span<const uint8_t> heard,
                   std::vector<uint32_t>& completed);
    void Meet(uint16_t number);
    bool Attempt(uint32_t member);
    void Finish(uint32_t member);
    Knowledge Learn(uint32_t member);
    void ReplayBlock(uint32_t block);
    void Take(Knowledge& knowledge, uint16_t number) const;
    uint32_t Deficit(const Knowledge& knowledge, LostSpace& kernel);
    uint32_t CountedDeficit(uint32_t member, const Knowledge& knowledge) const;
    bool Reduce(LostSpace& kernel, uint16_t number) const;

    std::shared_ptr<ParityColumns> m_parity;
    FecCode m_code;
    uint32_t m_lines{0}; ///< highest coded fragment met, counted from 1
    Replay m_replay;
    MemoryOf m_memoryOf;
    DrawOf m_drawOf;
    std::vector<uint16_t> m_numbers; ///< the group's history: N by frame
    std::vector<Run> m_runs;         ///< the same, what carried fragments
    bool m_plain{true};              ///< the history is the uncoded fragments 1, 2, 3 ... in order
    std::vector<uint16_t> m_wait;    ///< fragments to hear before a decode can succeed, by member
    std::vector<uint16_t> m_first;   ///< first frame it listened to; empty while that is 0 for all
    std::vector<uint16_t> m_end;     ///< frame after the last one; LISTENS = still does
    std::unordered_map<uint32_t, std::vector<std::pair<uint16_t, uint16_t>>>
        m_earlier; ///< frames between which members listened before, if they opened more than once
    std::vector<uint8_t> m_complete;                   ///< bit by member
    std::unordered_map<uint32_t, LostSpace> m_kernels; ///< what members nearly done lack
    std::unordered_map<uint32_t, std::vector<Aside>> m_asides;

    BinaryKernel m_kernel;              ///< scratch of Deficit
    std::vector<uint8_t> m_heard;       ///< the last replay
    uint32_t m_heardBlock{UINT32_MAX};  ///< and its block
    std::span<const uint8_t> m_current; ///< receptions of the frame being told
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_FRAG_TRACKER_H
