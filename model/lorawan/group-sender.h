// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_GROUP_SENDER_H
#define IOTFLEET_LORAWAN_GROUP_SENDER_H

#include "model/access/access-network.h"
#include "model/lorawan/backhaul.h"
#include "model/lorawan/device-mac.h"
#include "model/lorawan/downlink-air.h"
#include "model/lorawan/gateway-watch.h"
#include "model/lorawan/group-listening.h"
#include "model/lorawan/session-windows.h"

#include <deque>
#include <memory>

namespace ns3::iotfleet
{

/// Counts over all groups.
struct GroupCounters
{
    uint64_t framesSent{0};     ///< frames, not copies
    uint64_t bytesMulticast{0}; ///< application payload on the air, copies counted
    double airtimeS{0};         ///< copies counted
};

/// A multicast frame whose times on the air have just been settled; they lie in the near future.
struct GroupTransmission
{
    GroupId group;
    const GroupConfig& config;
    uint32_t frameCounter;
    const GroupFrame& frame;
    std::span<const DownlinkOnAir> copies; ///< one a gateway
};

/**
 * Multicast: groups, their queues, pacing, the gateways' shared air, ping slots, and who heard each
 * frame. One ns-3 event per frame, whatever the number of members. What the frames mean is not its
 * business.
 */
class GroupSender
{
  public:
    using ReceptionHandler = std::function<void(const GroupReception&)>;
    using SentHandler = std::function<void(const GroupTransmission&)>;

    GroupSender(LorawanCore& core,
                DownlinkAir& air,
                DeviceMac& mac,
                BeaconSender& beacons,
                BeaconReceivers& receivers,
                ReceptionHandler onReception);
    ~GroupSender();

    void Configure(const Ptr<Backhaul>& backhaul)
    {
        m_backhaul = backhaul;
    }

    /// Who is told of every frame; nobody by default.
    void SetSentHandler(SentHandler frames)
    {
        m_onSent = std::move(frames);
    }

    /// A beacon has ended; to be told before BeaconReceivers is.
    void OnBeacon();

    /// See AccessNetwork::PaceOf.
    GroupPace PaceOf(const GroupConfig& config, uint8_t payloadBytes) const;

    GroupId Create(const GroupConfig& config);
    void Send(GroupId group, const GroupFrame& frame);
    uint32_t Pending(GroupId group) const;
    uint32_t DropQueued(GroupId group);
    void WhenIdle(GroupId group, AccessNetwork::GroupDone done);

    /// Nothing is sent any more. Members are not told: they listen, and pay, until they stop.
    void Delete(GroupId group);

    /// What is sent from now on is protected by this McKey.
    void SetKey(GroupId group, const std::array<uint8_t, 16>& key);

    /// Members have been called to a session from `start` to `end`.
    void Announce(GroupId group, Tick start, Tick end);

    /**
     * Until when the server takes a device's receiver to be elsewhere than at RX2's parameters,
     * which a class C session overrides. In the past if it is not, as far as the server can know.
     */
    Tick AwayUntil(DeviceId d) const;

    /// Truth: whether the device's open receiver, outside the windows after its own uplinks, is
    /// where `frame` is sent.
    bool IsTunedTo(DeviceId d, const DownlinkOnAir& frame) const;

    void StartListening(GroupId group, uint32_t member);
    void StopListening(GroupId group, uint32_t member);

    /// Charges what a member has listened up to now.
    void SettleListening(GroupId group, uint32_t member);
    void Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const;

    /// Puts what members of running groups have heard and paid up to now into their accounts.
    void Settle();

    const GroupCounters& Counters() const
    {
        return m_counters;
    }

    size_t MemoryBytes() const;

  private:
    /// One multicast group while it exists.
    struct Group
    {
        GroupId id;
        GroupConfig config;
        uint32_t frequencyHz; ///< 0: hops with the ping slots
        uint8_t dataRate{0};  ///< of the last frame
        std::deque<GroupFrame> queue;
        bool onAir{false};
        bool armed{false};
        bool deleted{false};   ///< by the operator; it stays as long as somebody listens
        uint32_t listeners{0}; ///< members that listen
        bool pacing{false};    ///< a burst of frames is under way
        Tick paceDue{0};       ///< when its next frame is to leave the server
        Tick nextTick{0};      ///< of the server's loop
        uint64_t ticks{0};
        AccessNetwork::GroupDone done;
        std::unique_ptr<GroupReceptionModel> reception;
        std::unique_ptr<GroupListening> listening;
    };

    void FreeIfUnused(GroupId id);
    Group& Get(GroupId group);
    const Group& Get(GroupId group) const;
    void Arm(Group& group, Tick when);
    void Pump(GroupId id);
    Tick DueByPacing(Group& group);
    double SpacingS(uint8_t dataRate, uint32_t payloadBytes) const;
    uint32_t FrequencyHz(const Group& group, Tick start) const;
    bool IsElsewhere(const Group& group) const;
    Tick NextStart(const Group& group, Tick from) const;
    void UpdateSteps(Group& group, const DownlinkOnAir& frame);
    std::vector<GatewayId> Online(const Group& group) const;
    Tick EarliestForAll(const Group& group,
                        std::span<const GatewayId> gateways,
                        Tick from,
                        Tick airtime) const;
    void Transmit(Group& group, std::span<const GatewayId> gateways, Tick start, Tick airtime);
    void OnFrameEnd(GroupId id,
                    const GroupFrame& frame,
                    TimeSpan span,
                    const std::vector<DownlinkOnAir>& copies);

    LorawanCore& m_core;
    DownlinkAir& m_air;
    DeviceMac& m_mac;
    BeaconSender& m_beacons;
    BeaconReceivers& m_receivers;
    ReceptionHandler m_onReception;
    SentHandler m_onSent;
    Ptr<Backhaul> m_backhaul;
    std::vector<std::unique_ptr<Group>> m_groups;
    SessionWindows m_windows; ///< belief; a group goes when nobody listens any more, which is truth
    GroupCounters m_counters;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_GROUP_SENDER_H
