// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_SERVER_GATE_H
#define IOTFLEET_LIFECYCLE_SERVER_GATE_H

#include "model/access/access-network.h"
#include "model/fleet/outage-calendar.h"

#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/// A time in which the distributor's server hands out at most so many messages a second.
struct ServerOverload
{
    TimeSpan span;
    double ratePerS; ///< > 0
};

/**
 * The distributor's server and its line to the network (a CDN, a broker) as a queue: an access
 * network in front of the real one, for the operator's side of an update service. While the server
 * is out of order nothing leaves it, and what arrives for it is lost; while it is overloaded,
 * messages leave one by one at its rate; otherwise everything passes at once. Messages keep their
 * order and are never dropped.
 *
 * Only sending queues: groups are made and ended at once, and a message that waits counts as
 * pending. The devices' side is not there: agents use the real network. O(1) a message.
 */
class ServerGate : public AccessNetwork
{
  public:
    static TypeId GetTypeId();

    ServerGate();
    ~ServerGate() override;

    /// The network behind, and the application ports that the service listens at. What the network
    /// tells of frames sent (HandleSent) is told to the gate's own handler from now on.
    void Attach(const Ptr<AccessNetwork>& network, std::span<const uint8_t> ports);

    void AddOutage(TimeSpan span);
    void AddOverload(const ServerOverload& overload);

    /// Messages that wait now, dropped ones included until their turn.
    size_t Waiting() const
    {
        return m_queue.size();
    }

    /// Uplinks that arrived while the server was out of order.
    uint64_t LostUplinks() const
    {
        return m_lost;
    }

    // Operator's side
    void SendToDevice(DeviceId device, const wire::AppPayload& payload) override;
    uint32_t PendingToDevice(DeviceId device) const override;
    void DropPending(DeviceId device) override;
    GroupId CreateGroup(const GroupConfig& config) override;
    void SendToGroup(GroupId group, const GroupFrame& frame) override;
    uint32_t PendingToGroup(GroupId group) const override;
    uint32_t DropGroupFrames(GroupId group) override;
    void SetGroupKey(GroupId group, const std::array<uint8_t, 16>& key) override;
    void AnnounceWindow(GroupId group, Tick start, Tick end) override;
    void WhenGroupIdle(GroupId group, GroupDone done) override;
    void DeleteGroup(GroupId group) override;
    void SetAccess(DeviceId device, Access level) override;
    uint8_t MaxPayload(uint8_t dataRate) const override;
    uint8_t DownlinkDataRate(uint8_t uplinkDataRate) const override;
    double GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const override;
    GroupPace PaceOf(const GroupConfig& group, uint8_t payloadBytes) const override;

    // Devices' side: passed on
    void SendToOperator(DeviceId device, const wire::AppPayload& payload, bool confirmed) override;
    uint32_t PendingToOperator(DeviceId device) const override;
    void StartListening(GroupId group, uint32_t member) override;
    void StopListening(GroupId group, uint32_t member) override;
    void Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const override;
    void Suspend(DeviceId device, Tick until) override;
    void Silence(DeviceId device) override;
    double ClockErrorS(DeviceId device) const override;

  protected:
    void DoDispose() override;

  private:
    /// A message that waits: to a device, or to a group if `device` is NO_DEVICE.
    struct Waiter
    {
        DeviceId device{NO_DEVICE};
        wire::AppPayload payload;
        GroupId group{NO_GROUP};
        GroupFrame frame;
    };

    bool Passes();
    void Queue(Waiter waiter);
    void Arm(Tick when);
    void Pump();
    void Forward(const Waiter& waiter);
    bool TakeOut(const Waiter& waiter);
    uint32_t CountFor(GroupId group) const;

    Ptr<AccessNetwork> m_network;
    OutageCalendar m_outages;
    std::vector<ServerOverload> m_overloads;
    std::deque<Waiter> m_queue;
    std::unordered_map<uint32_t, uint32_t> m_messages; ///< that wait, by device
    std::unordered_map<uint32_t, uint32_t> m_dropped;  ///< of the queue's first ones, by device
    std::map<GroupId, uint32_t> m_frames;              ///< frames that wait, by group
    std::map<GroupId, GroupDone> m_idle; ///< who waits for a group whose frames are here still
    Tick m_free{0}; ///< when an overloaded server is ready for the next message
    bool m_armed{false};
    uint64_t m_lost{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_SERVER_GATE_H
