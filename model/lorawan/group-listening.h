// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_GROUP_LISTENING_H
#define IOTFLEET_LORAWAN_GROUP_LISTENING_H

#include "model/access/access-network.h"
#include "model/lorawan/beacon-receivers.h"
#include "model/lorawan/group-reception.h"
#include "model/lorawan/heard-counter.h"

#include <vector>

namespace ns3::iotfleet
{

/**
 * What the members of one group receive and pay for while they listen: bytes of the frames heard,
 * energy of the receiver. It decides nothing and draws nothing.
 *
 * Cost: about 0.1 ns a member and frame; 2 bytes a member, 4 more if they do not all start at one
 * instant, 4 more in ping slots.
 */
class GroupListening
{
  public:
    /// All references must outlive the object.
    GroupListening(const LorawanCore& core,
                   const GroupConfig& config,
                   const GroupReceptionModel& reception,
                   BeaconReceivers& receivers);

    /// The member's receiver goes on.
    void Start(uint32_t member);

    /// It goes off: the time since Start() is charged.
    void Stop(uint32_t member);

    /**
     * A frame of the group has ended.
     * @param heard who received it; see GroupReception::heard
     * @param phyBytes its size on the air
     * @param airtime its time on the air
     */
    void Count(std::span<const uint8_t> heard, uint32_t phyBytes, Tick airtime);

    /// Whether a member's window of a ping slot catches a frame; see BeaconReceivers.
    bool CatchesSlot(uint32_t member, Tick start, double symbolS) const;

    /// PERIODIC: charges the slots since the last call; a beacon has just ended.
    void ChargeSlots();

    /// Puts everything up to now into the devices' accounts; listening goes on.
    void Settle();

    size_t MemoryBytes() const
    {
        return m_sinceS.capacity() * sizeof(float) + m_heard.MemoryBytes() +
               m_follower.capacity() * sizeof(BeaconReceivers::Index);
    }

  private:
    void Charge(uint32_t member);
    float SinceS(uint32_t member) const;
    void SetSinceS(uint32_t member, float sinceS);
    void SettleFrames();
    void AddReceiving(DeviceId d, double seconds);

    const LorawanCore& m_core;
    const GroupConfig& m_config;
    const GroupReceptionModel& m_reception;
    BeaconReceivers& m_receivers;
    std::vector<BeaconReceivers::Index> m_follower; ///< PERIODIC: by member
    /// Since when a listening member has not been charged, seconds: all alike, or by member.
    float m_allSinceS{-1};
    std::vector<float> m_sinceS;
    HeardCounter m_heard; ///< frames of m_phyBytes that are in no account yet
    uint32_t m_phyBytes{0};
    Tick m_airtime{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_GROUP_LISTENING_H
