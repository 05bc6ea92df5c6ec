// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ACCESS_ACCESS_NETWORK_H
#define IOTFLEET_ACCESS_ACCESS_NETWORK_H

#include "model/fleet/device-list.h"
#include "model/fleet/device-states.h"
#include "model/fleet/types.h"
#include "model/wire/app-payload.h"

#include "ns3/object.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// An application message of a device as it reached the operator.
struct UplinkMessage
{
    DeviceId device;
    Tick arrived; ///< at the operator's server
    wire::AppPayload payload;
};

/// How a group listens.
enum class ListenMode : uint8_t
{
    PERIODIC,   ///< LoRaWAN class B: ping slots
    CONTINUOUS, ///< LoRaWAN class C
};

/// How several gateways carry one group.
enum class GatewayMode : uint8_t
{
    SIMULCAST, ///< all at the same instant
    STAGGERED, ///< one after the other: members hear several copies
};

/// A multicast group of an access network.
struct GroupConfig
{
    ListenMode mode{ListenMode::CONTINUOUS};
    uint8_t dataRate{0};
    uint32_t frequencyHz{0};    ///< 0 = the region's
    uint8_t pingPeriodicity{4}; ///< PERIODIC only, 0..7
    GatewayMode gatewayMode{GatewayMode::SIMULCAST};
    std::vector<GatewayId> gateways; ///< empty = all
    uint32_t address{0};             ///< McAddr
    std::array<uint8_t, 16> key{};   ///< McKey
    Tick start{0};                   ///< session start; no frame goes out before it
    DeviceList members;              ///< "member" below is an index into this list
};

/// How fast frames of one size follow each other in a group, as the operator can foresee it.
struct GroupPace
{
    double airS{0};     ///< from the start of a frame's first copy to the end of its last, seconds
    double spacingS{0}; ///< from frame to frame at least, seconds; the duty cycle left aside
};

/// A frame to a group. Only its size travels in the simulation; a pcap asks `content` for the
/// bytes.
struct GroupFrame
{
    uint16_t number{0}; ///< the sender's: TS004 fragment number N; 0 = a command
    uint8_t port{0};
    uint8_t sizeBytes{0};              ///< application payload
    wire::AppPayload command;          ///< the content when number is 0
    std::optional<uint8_t> dataRate{}; ///< another one than the group's; members follow the change
    uint16_t keyNumber{0}; ///< which of the group's keys protects it, see GroupDirectory
};

/// A frame that has left or is about to leave, and what it takes of the air.
struct SentFrame
{
    GroupId group{NO_GROUP};                  ///< where it is a group's
    DeviceId device{NO_DEVICE};               ///< where it is a message to one device
    uint16_t number{0};                       ///< GroupFrame::number
    const wire::AppPayload* payload{nullptr}; ///< of a message; lives until the handler returns
    double airtimeS{0};                       ///< of all copies
};

/// What a group's frame did at its members, told when it has ended on the air.
struct GroupReception
{
    GroupId group;
    uint32_t sequence; ///< 0, 1, 2 ...: place in the group's history
    GroupFrame frame;
    Tick sent;                      ///< first gateway's start of transmission
    Tick received;                  ///< end of the (last copy of the) frame
    std::span<const uint8_t> heard; ///< bit m%8 of byte m/8: member m received it (and listened)
};

/**
 * One way to carry messages between the operator and the devices. It moves bytes and says who heard
 * them; it does not know what they are for. Operator side and device side stand in one interface
 * because one object simulates both ends of the air.
 */
class AccessNetwork : public Object
{
  public:
    static TypeId GetTypeId();

    using OperatorHandler = std::function<void(const UplinkMessage&)>;
    using DeviceHandler = std::function<void(DeviceId, const wire::AppPayload&)>;
    using CompletionHandler = std::function<void(DeviceId, wire::AppPayload&)>;
    using GroupHandler = std::function<void(const GroupReception&)>;
    using SentHandler = std::function<void(const SentFrame&)>;
    using GroupDone = std::function<void(GroupId)>;

    ~AccessNetwork() override;

    // --- operator's side ---

    /// Queues a message; it leaves when the device's class lets it and a gateway has air. In order.
    virtual void SendToDevice(DeviceId device, const wire::AppPayload& payload) = 0;

    /// Messages that wait in the server for this device.
    virtual uint32_t PendingToDevice(DeviceId device) const = 0;

    /// Forgets what waits for this device.
    virtual void DropPending(DeviceId device) = 0;

    virtual GroupId CreateGroup(const GroupConfig& config) = 0;

    /// Queues a frame to a group; frames leave in order, as pacing and duty cycle allow.
    virtual void SendToGroup(GroupId group, const GroupFrame& frame) = 0;

    /// Frames of this group that have not ended on the air yet.
    virtual uint32_t PendingToGroup(GroupId group) const = 0;

    /// Forgets the frames that have not begun on the air; returns how many they were.
    virtual uint32_t DropGroupFrames(GroupId group) = 0;

    /// Calls `done` once, when nothing is pending for the group.
    virtual void WhenGroupIdle(GroupId group, GroupDone done) = 0;

    /// Frames queued from now on are protected by this McKey. Networks whose frames have no bytes
    /// do nothing.
    virtual void SetGroupKey(GroupId group, const std::array<uint8_t, 16>& key);

    /// The operator has called the members to a session from `start` to `end`: while it lasts,
    /// their receivers are where the group is. Networks where that makes no difference do nothing.
    virtual void AnnounceWindow(GroupId group, Tick start, Tick end);

    /// Ends the group: queued frames are dropped, history is freed.
    virtual void DeleteGroup(GroupId group) = 0;

    /// Sets what the network forwards for a device (enforced at the network server).
    virtual void SetAccess(DeviceId device, Access level) = 0;

    /// Application payload that fits a downlink at `dataRate`, bytes.
    virtual uint8_t MaxPayload(uint8_t dataRate) const = 0;

    /// Downlink data rate that stands for an uplink data rate in this region (US915: 0 -> 8 ...).
    virtual uint8_t DownlinkDataRate(uint8_t uplinkDataRate) const = 0;

    /// Time on air of a group frame of `payloadBytes`, seconds.
    virtual double GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const = 0;

    /**
     * Pace of frames of `payloadBytes` in a group like this: the server's own pacing, gateways that
     * take turns and the times at which members listen. Members, address and start do not matter.
     * Networks that send as fast as the air lets them need not override it.
     */
    virtual GroupPace PaceOf(const GroupConfig& group, uint8_t payloadBytes) const;

    /// Registers who gets what arrives at the operator on a port; one handler a port.
    void HandleAtOperator(uint8_t port, OperatorHandler handler);

    /// Who is told, on the operator's side, what frames with application payload took of the air.
    void HandleSent(SentHandler handler);

    // --- devices' side ---

    /// The device sends a message as soon as its radio and duty cycle allow.
    virtual void SendToOperator(DeviceId device,
                                const wire::AppPayload& payload,
                                bool confirmed) = 0;

    /// Messages of this device that have not been sent, or not been acknowledged, yet.
    virtual uint32_t PendingToOperator(DeviceId device) const = 0;

    /// Member `member` starts to listen to the group (its session has begun by its own clock).
    virtual void StartListening(GroupId group, uint32_t member) = 0;

    /// It stops; the time between is charged as listening energy.
    virtual void StopListening(GroupId group, uint32_t member) = 0;

    /// Charges what a member that listens has listened so far. Networks may do it at the end only.
    virtual void SettleListening(GroupId group, uint32_t member);

    /**
     * Receptions of eight members (8*block ... 8*block+7) over the group's whole history: byte f
     * tells which of them heard frame f. Computed again from the counter-based draws, not stored:
     * history costs no memory. About 10 ns a frame.
     */
    virtual void Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const = 0;

    /// The device is off the air until `until` (reboot, flash busy).
    virtual void Suspend(DeviceId device, Tick until) = 0;

    /// The device is off for good (bricked, battery empty).
    virtual void Silence(DeviceId device) = 0;

    /// The device's offset from true time now, seconds; positive: its clock is ahead.
    virtual double ClockErrorS(DeviceId device) const = 0;

    /**
     * Something put the device's clock wrong: it jumps by `offsetS` seconds (positive: ahead) and
     * drifts by another `driftPpm` from now on. Networks without clocks do nothing.
     */
    virtual void DisturbClock(DeviceId device, double offsetS, double driftPpm);

    /// Sets the device's clock forward by `seconds` (back where negative). Networks whose devices
    /// have no clock of their own do nothing.
    virtual void AdjustClock(DeviceId device, double seconds);

    void HandleAtDevice(uint8_t port, DeviceHandler handler);

    /// Registers who completes a device's message on a port at the moment it goes on the air, where
    /// it tells a time; the size must not change. Networks without queues need not ask.
    void CompleteAtDevice(uint8_t port, CompletionHandler handler);

    /// Who is told of every group frame, devices' side.
    void HandleGroup(GroupHandler handler);

  protected:
    void DeliverToOperator(const UplinkMessage& message) const;
    void DeliverToDevice(DeviceId device, const wire::AppPayload& payload) const;
    void CompleteMessage(DeviceId device, wire::AppPayload& payload) const;
    void DeliverToGroup(const GroupReception& reception) const;
    void TellSent(const SentFrame& frame) const;

  private:
    std::array<OperatorHandler, 256> m_operator;
    std::array<DeviceHandler, 256> m_device;
    std::array<CompletionHandler, 256> m_complete;
    GroupHandler m_group;
    SentHandler m_sent;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_ACCESS_ACCESS_NETWORK_H
