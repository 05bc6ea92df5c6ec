// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_NETWORK_SERVER_H
#define IOTFLEET_LORAWAN_NETWORK_SERVER_H

#include "model/access/access-network.h"
#include "model/lorawan/backhaul.h"
#include "model/lorawan/device-mac.h"
#include "model/lorawan/downlink-air.h"
#include "model/lorawan/join-server.h"
#include "model/lorawan/message-pool.h"
#include "model/lorawan/server-requests.h"

#include <deque>
#include <functional>
#include <map>
#include <unordered_map>

namespace ns3::iotfleet
{

/// Counts at the network server.
struct ServerCounters
{
    uint64_t telemetryDelivered{0};
    uint64_t telemetryBlocked{0}; ///< dropped because of the device's access level
    uint64_t messagesDelivered{0};
    uint64_t uplinksLost{0}; ///< received by no gateway that reached the server
    uint64_t downlinksSent{0};
    uint64_t downlinksPostponed{0}; ///< no gateway had air in either window
    uint64_t downlinksUnheard{0};   ///< sent, not received by the device
    uint64_t bytesUnicast{0};       ///< application payload sent to single devices
    uint64_t bytesCampaign{0};      ///< of it, on a campaign's account
    double unicastAirtimeS{0};
};

/**
 * The LoRaWAN network server: gathers copies of uplinks, answers in RX1 or RX2 (class A) or at once
 * (class C), keeps the rest queued, runs ADR and joins, and enforces access levels. It reads and
 * writes the registry, never the fleet.
 */
class NetworkServer
{
  public:
    using MessageHandler = std::function<void(const UplinkMessage&)>;
    /// A downlink is over: what it was, where it was, and whether its gateway had it in time to
    /// send it.
    using SentHandler = std::function<void(const DownlinkFrame&, const DownlinkOnAir&, bool sent)>;

    NetworkServer(LorawanCore& core, DownlinkAir& air, DeviceMac& mac, MessageHandler onMessage);

    void Configure(const Ptr<Backhaul>& backhaul, size_t devices);

    /// Who is told of every downlink; nobody by default.
    void SetSentHandler(SentHandler handler)
    {
        m_onSent = std::move(handler);
    }

    /// Who is told what devices answer to DevStatusReq; nobody by default.
    void SetStatusHandler(std::function<void(DeviceId, const DeviceStatus&)> handler)
    {
        m_onStatus = std::move(handler);
    }

    /// The server knows the device without a join (ABP, or enrolled before the run).
    void Admit(DeviceId d);

    /// The device joined, and was told all that it needs, before the simulation began.
    void AdmitActivated(DeviceId d)
    {
        Admit(d);
        m_rows[Index(d)].knowsRx2 = 1;
        m_requests.NoteActivated(d);
    }

    /// Class outside sessions, as the inventory says.
    void SetClass(DeviceId d, char deviceClass);

    /// What devices of class B tell, and whether a device's receiver catches a ping slot (truth).
    void SetClassBQueries(std::function<uint8_t(DeviceId)> periodicity,
                          std::function<bool(DeviceId, Tick)> catches)
    {
        m_periodicityOf = std::move(periodicity);
        m_catchesSlot = std::move(catches);
    }

    /**
     * What class C sessions do to the receivers of their members.
     * @param awayUntil belief: until when a device cannot be reached at RX2's parameters
     * @param isTuned truth: whether its open receiver is where a frame is sent
     */
    void SetSessionQueries(std::function<Tick(DeviceId)> awayUntil,
                           std::function<bool(DeviceId, const DownlinkOnAir&)> isTuned)
    {
        m_awayUntil = std::move(awayUntil);
        m_isTuned = std::move(isTuned);
    }

    /// An uplink ended on the air.
    void OnUplink(const UplinkEnd& uplink);

    void Send(DeviceId d, const wire::AppPayload& payload);

    uint32_t Pending(DeviceId d) const
    {
        return m_queue.Count(d);
    }

    void DropPending(DeviceId d)
    {
        m_queue.Clear(d);
        m_rows[Index(d)].queued = 0;
    }

    const ServerCounters& Counters() const
    {
        return m_counters;
    }

    const JoinServer& GetJoinServer() const
    {
        return m_joinServer;
    }

    JoinServer& GetJoinServer()
    {
        return m_joinServer;
    }

    /// Asks the processor to load what an uplink of this device touches.
    void Prefetch(DeviceId d) const
    {
        __builtin_prefetch(&m_rows[Index(d)], 1);
        m_core.registry->Prefetch(d);
    }

    size_t MemoryBytes() const;

  private:
    /// What the server remembers of a device besides the registry.
    struct Row
    {
        int8_t maxSnrDb{-128};   ///< over the last ADR_WINDOW uplinks
        uint8_t uplinks : 6 {0}; ///< counted towards ADR_WINDOW
        uint8_t adrDue : 1 {0};
        uint8_t queued : 1 {0}; ///< m_queue has something for it
        uint8_t power : 4 {0};  ///< TXPower index that the server believes in
        uint8_t adrPower : 4 {0};
        uint8_t adrDataRate : 4 {0};
        uint8_t deviceClass : 2 {0}; ///< 0 = A
        uint8_t inQueueC : 1 {0};
        uint8_t knowsRx2 : 1 {0}; ///< RXParamSetupAns has come since it joined
    };

    static_assert(sizeof(Row) == 4);

    /// An uplink whose copies are being gathered.
    struct Gathered
    {
        UplinkKind kind;
        DeviceId device;
        bool confirmed;
        bool hasPayload;
        bool open; ///< the window for copies runs
        uint8_t dataRate;
        uint16_t channel;
        uint16_t devNonce;
        MacOptions options;
        DeviceStatus status;
        uint16_t newChannels;
        bool classB;
        bool adrAckReq;
        uint8_t pingPeriodicity; ///< what PingSlotInfoReq says
        uint32_t frameCounter;
        Tick end;
        Tick arrived;
        wire::AppPayload payload;
        std::vector<HeardBy> copies; ///< in order of arrival, sorted when processed
    };

    uint32_t Open(const UplinkEnd& uplink);
    void OnCopy(uint32_t index, uint32_t generation, HeardBy copy);
    void Process(uint32_t index);
    void ProcessJoin(const Gathered& uplink);
    void GatherAtOnce(const UplinkEnd& uplink, std::span<const HeardBy> alive);
    bool Note(DeviceId d,
              UplinkKind kind,
              uint8_t dataRate,
              Tick arrived,
              HeardBy best,
              uint8_t port);
    bool IsRepetition(const Gathered& uplink);
    void MapCoverage(DeviceId d, const HeardBy& copy);
    void CountForAdr(DeviceId d, uint8_t dataRate, float snrDb);
    bool HasDownlinkFor(DeviceId d) const;
    bool LacksRx2(DeviceId d) const;
    SecondWindow Rx2Of(DeviceId d) const;
    MacOptions RequestsFor(DeviceId d) const;
    void NoteAnswers(const Gathered& uplink);
    void AddCommands(DownlinkFrame& frame, MacOptions answers, uint32_t maxPayload) const;
    void TellChannels(DownlinkFrame& frame, uint32_t room) const;
    uint32_t RoomForRequests(DeviceId d, uint32_t bytes, uint32_t maxPayload) const;
    MacOptions FittingOptions(DeviceId d, MacOptions answers, uint32_t room) const;

    /// What an uplink asks of its answer.
    struct Demand
    {
        bool acknowledgement{false}; ///< it was confirmed
        bool anyDownlink{false};     ///< ADRACKReq
    };

    /// Fills a frame with what the device should get; empty if there is nothing to say.
    std::optional<DownlinkFrame> Compose(DeviceId d,
                                         Demand demand,
                                         uint32_t maxPayload,
                                         MacOptions answers = 0);
    void AnswerClassA(const Gathered& uplink);
    bool PlanWindow(DownlinkFrame& frame,
                    std::span<const HeardBy> gateways,
                    uint32_t frequencyHz,
                    uint8_t dataRate,
                    Tick opens);
    void Launch(const DownlinkFrame& frame, const DownlinkOnAir& onAir);
    bool IsElsewhere(const DownlinkFrame& frame) const;
    void OnDownlinkStart(uint32_t index);
    void OnDownlinkEnd(uint32_t index);
    void ServeClassC(GatewayId gateway);
    void QueueClassC(DeviceId d);
    bool HoldIfAway(DeviceId d);
    void OnBack(Tick until);
    void NoteClassB(const Gathered& uplink);
    void ArmPingSlot(DeviceId d, Tick from);
    void ServePingSlot(DeviceId d, Tick slot);

    LorawanCore& m_core;
    DownlinkAir& m_air;
    DeviceMac& m_mac;
    MessageHandler m_onMessage;
    SentHandler m_onSent;
    Ptr<Backhaul> m_backhaul;
    JoinServer m_joinServer;
    std::vector<Row> m_rows;
    MessagePool m_queue;
    std::vector<Gathered> m_gathered;
    std::vector<uint32_t> m_generation;
    std::vector<uint32_t> m_freeGathered;
    std::unordered_map<uint32_t, uint32_t>
        m_confirmed; ///< by device: counter of the last confirmed uplink that was heard

    struct InFlight
    {
        DownlinkFrame frame;
        DownlinkOnAir onAir;
        bool arrived{false};  ///< the gateway got it in time
        bool outlasts{false}; ///< ends later than the device's windows would
        bool locked{false};   ///< one that outlasts: the device heard it begin, and stays on it
    };

    std::vector<InFlight> m_inFlight;
    std::vector<uint32_t> m_freeInFlight;
    std::vector<std::deque<DeviceId>> m_classC; ///< by gateway
    std::vector<bool> m_classCArmed;
    std::map<Tick, std::vector<DeviceId>> m_away; ///< class C, by the end of their session
    std::function<Tick(DeviceId)> m_awayUntil;
    std::function<bool(DeviceId, const DownlinkOnAir&)> m_isTuned;

    /// What the server believes of a device's ping slots.
    struct PingSlots
    {
        uint8_t periodicity{7};
        bool active{false}; ///< its last uplink said so
        bool armed{false};  ///< a downlink is planned for its next slot
    };

    std::unordered_map<uint32_t, PingSlots> m_classB; ///< by device
    ServerRequests m_requests;
    std::function<void(DeviceId, const DeviceStatus&)> m_onStatus;
    std::function<uint8_t(DeviceId)> m_periodicityOf;
    std::function<bool(DeviceId, Tick)> m_catchesSlot;
    ServerCounters m_counters;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_NETWORK_SERVER_H
