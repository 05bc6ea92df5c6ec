// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_GROUP_RECEPTION_H
#define IOTFLEET_LORAWAN_GROUP_RECEPTION_H

#include "model/fleet/device-list.h"
#include "model/lorawan/downlink-air.h"
#include "model/lorawan/lorawan-core.h"

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Which members of a group heard which frame. Links do not change during a session, so a member's
 * probability to hear a frame depends only on who transmits and who interferes: it is computed once
 * for each such situation and then compared with one counter-based draw per member and frame. The
 * draws can be made again at any time, so that no bitmap of receptions is stored.
 *
 * Cost: about 2 ns a member and frame (bench/multicast-bench.cc), 2.25 bytes a member and
 * situation.
 */
class GroupReceptionModel
{
  public:
    GroupReceptionModel(const LorawanCore& core,
                        const DownlinkAir& air,
                        GroupId group,
                        DeviceList members);

    size_t Members() const
    {
        return m_members.size();
    }

    /**
     * Which of eight members have their window where the frames are, from the next frame on; all by
     * default. Changes alone are kept: 8 bytes each.
     */
    void SetInStep(uint32_t block, uint8_t members);

    void SetListening(uint32_t member, bool listening);

    bool IsListening(uint32_t member) const
    {
        return ((m_listening[member / 8] >> (member % 8)) & 1U) != 0;
    }

    /// Members that listen now.
    uint32_t Listeners() const
    {
        return m_listeners;
    }

    /// A frame has ended: fills and returns the mask of members that listened and heard it.
    std::span<const uint8_t> OnFrame(std::span<const DownlinkOnAir> copies);

    /// Takes the last frame away from a member (it was transmitting itself).
    void Revoke(uint32_t member);

    /// Index of a device among the members, or nothing.
    std::optional<uint32_t> MemberOf(DeviceId device) const;

    /// See AccessNetwork::Replay.
    void Replay(uint32_t block, std::vector<uint8_t>& heard) const;

    /// Frames so far.
    uint32_t Frames() const
    {
        return static_cast<uint32_t>(m_history.size());
    }

    size_t MemoryBytes() const;

  private:
    /**
     * Probabilities of one situation, as thresholds for 32-bit draws. Only their upper halves are
     * kept: a draw whose upper half is equal (one in 65,536) works the threshold out again.
     */
    struct Situation
    {
        std::vector<DownlinkOnAir> copies;
        std::vector<std::vector<DownlinkOnAir>> others; ///< interferers of each copy
        std::vector<uint16_t> high;
        std::vector<uint8_t> reachable; ///< bit: probability above 0
        std::vector<uint8_t> certain;   ///< byte of eight members: all have probability 1
    };

    uint16_t FindSituation(std::span<const DownlinkOnAir> copies);
    Situation Assess(std::span<const DownlinkOnAir> copies) const;
    double ScaledProbability(const Situation& situation, uint32_t member) const;
    static uint32_t ThresholdOf(double scaled);
    uint8_t Draw(const Situation& situation, uint32_t block, uint32_t frame) const;
    uint8_t Compare(const Situation& situation,
                    uint32_t block,
                    uint32_t frame,
                    const CounterRandom::Block& words) const;
    bool IsOneSituation(uint32_t frame) const;
    void ReplayLanes(uint32_t block, uint32_t frame, uint8_t* heard) const;
    uint8_t DrawTies(const Situation& situation,
                     uint32_t block,
                     uint32_t frame,
                     uint32_t ties) const;

    const LorawanCore& m_core;
    const DownlinkAir& m_air;
    uint32_t m_group;
    DeviceList m_members;

    /// From this frame on these of a block's members are in step.
    struct Step
    {
        uint32_t frame;
        uint8_t members;
    };

    std::vector<uint8_t> m_listening;
    uint32_t m_listeners{0};
    std::vector<uint8_t> m_heard;
    std::vector<uint8_t> m_inStep; ///< now, by block; empty while nobody ever was out of it
    std::vector<std::vector<Step>> m_steps; ///< history of it, by block
    std::vector<Situation> m_situations;
    std::map<std::vector<uint32_t>, uint16_t>
        m_known;                     ///< who transmits and interferes -> situation
    std::vector<uint16_t> m_history; ///< situation of each frame
    std::unordered_map<uint32_t, std::vector<std::pair<uint32_t, uint8_t>>> m_revoked; ///< by block
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_GROUP_RECEPTION_H
