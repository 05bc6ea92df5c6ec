// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_DEVICE_MAC_H
#define IOTFLEET_LORAWAN_DEVICE_MAC_H

#include "model/fleet/timer-queue.h"
#include "model/lorawan/device-settings.h"
#include "model/lorawan/lorawan-core.h"
#include "model/lorawan/mac-options.h"
#include "model/lorawan/message-pool.h"
#include "model/lorawan/uplink-air.h"

#include <bit>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/// What an uplink carries.
enum class UplinkKind : uint8_t
{
    JOIN_REQUEST,
    TELEMETRY,
    MESSAGE, ///< an application message of an agent
    EMPTY,   ///< nothing: asks for the downlinks that the server announced
};

/// An uplink that has just ended on the air.
struct UplinkEnd
{
    DeviceId device;
    UplinkKind kind;
    bool confirmed;
    uint8_t dataRate;
    uint16_t channel;  ///< index into LorawanCore::channels
    uint16_t devNonce; ///< join requests
    uint32_t frameCounter;
    uint32_t phyBytes;
    Tick start;
    Tick end;
    const wire::AppPayload* payload; ///< MESSAGE; lives until the handler returns
    std::span<const HeardBy> heard;  ///< gateways, best first; may be empty
    MacOptions options{0};           ///< MAC commands: a set of UplinkOption
    uint16_t newChannels{0};         ///< of each NewChannelAns
    DeviceStatus status{};           ///< of DEV_STATUS_ANS
    bool classB{false};              ///< FCtrl: the device listens in ping slots
    bool adrAckReq{false};           ///< FCtrl: any downlink, please (TS001-1.0.4 section 4.3.1.1)
};

/// A unicast downlink at the device's antenna.
struct DownlinkFrame
{
    DeviceId device{NO_DEVICE};
    bool joinAccept{false};
    bool acknowledges{false};                               ///< ACK bit for a confirmed uplink
    bool pending{false};                                    ///< FPending: the server has more
    EnergyAccount pendingAccount{EnergyAccount::OPERATION}; ///< on whose account the next one goes
    bool hasPayload{false};
    uint8_t adrDataRate{NO_ADR}; ///< LinkADRReq
    uint8_t adrPower{0};
    uint16_t newChannels{0};   ///< of each NewChannelReq
    uint16_t knownChannels{0}; ///< extra ones that the server believes the device to know
    MacOptions untold{0};      ///< settings that the server believes it not to know
    MacOptions options{0};     ///< MAC commands besides LinkADRReq: a set of DownlinkOption
    float snrDb{0};            ///< at the device; told where DEV_STATUS_REQ asks for it
    uint8_t window{1};         ///< 1, 2: receive window; 0: class B or C
    bool pingSlot{false};      ///< class B
    bool knowsRx2{false};      ///< the server believes that RXParamSetupReq has arrived
    uint32_t phyBytes{0};
    Tick airtime{0};
    wire::AppPayload payload;

    static constexpr uint8_t NO_ADR = 0xFF;
};

/// Ordinary traffic of a group of devices.
struct TelemetryConfig
{
    double periodS{0};
    uint8_t sizeBytes{20};
    bool confirmed{false};
    double jitter{0.1};
    bool pauseInSession{false};
    bool linkCheck{false}; ///< uplinks carry LinkCheckReq
};

/// Counts over all devices.
struct MacCounters
{
    uint64_t telemetryGenerated{0};
    uint64_t telemetrySent{0};
    uint64_t messagesSent{0};
    uint64_t messagesDropped{0}; ///< confirmed, never acknowledged
    uint64_t framesTooLong{0};   ///< fit no data rate of the region, dropped
    uint64_t retransmissions{0};
    uint64_t joinRequests{0};
    double uplinkAirtimeS{0};
    double campaignAirtimeS{0}; ///< of messages of a campaign, and of fetching its downlinks
};

/**
 * The devices' half of the LoRaWAN MAC, a row of 32 bytes a device: joins with back-off, sub-band
 * duty cycle, telemetry, an outbox, confirmed frames and their retransmission, receive windows and
 * what they cost. It knows nothing of what messages mean, and nothing of the operator.
 */
class DeviceMac
{
  public:
    using UplinkHandler = std::function<void(const UplinkEnd&)>;
    using MessageHandler = std::function<void(DeviceId, const wire::AppPayload&)>;
    using SessionQuery = std::function<bool(DeviceId)>;

    DeviceMac(LorawanCore& core, UplinkHandler onUplink, MessageHandler onMessage);

    /// Makes room for the fleet; call once the fleet is filled.
    void Resize(size_t devices);

    uint16_t AddTelemetry(const TelemetryConfig& config);

    /// What to do about a device before it is switched on.
    struct Setup
    {
        uint16_t telemetry{0};
        uint8_t dataRate{0};
        bool fixedRate{false};       ///< `dataRate` is used after the join too
        bool activated{false};       ///< has a session already, does not join
        char deviceClass{'A'};       ///< outside multicast sessions
        bool volatileSession{false}; ///< a reboot loses it, and the device joins anew
        Tick powerOn{0};
        Tick firstTelemetry{-1}; ///< after enrolment; negative: a random phase
    };

    void Install(DeviceId d, const Setup& setup);

    /// Devices that must keep silent in a session (TelemetryConfig::pauseInSession).
    void SetSessionQuery(SessionQuery query)
    {
        m_inSession = std::move(query);
    }

    /// Who completes an agent's message as it goes on the air; nobody by default.
    void SetCompletion(std::function<void(DeviceId, wire::AppPayload&)> complete)
    {
        m_complete = std::move(complete);
    }

    /// Sets the device's clock forward by `seconds`.
    void AdjustClock(DeviceId d, double seconds);

    /// MAC commands (a set of UplinkOption) that ride on the device's uplinks until they are
    /// answered; an answer of SENT_ONCE rides once.
    void AddOptions(DeviceId d, MacOptions options);

    /// Sends an otherwise empty frame soon, if nothing else is waiting.
    void Poll(DeviceId d);

    /// The device listens in ping slots from now on, or no more: its uplinks tell.
    void SetClassB(DeviceId d, bool on);

    /// Told of each device that has a session, and of answers to MAC commands (a set of
    /// DownlinkOption).
    void SetSessionHandlers(std::function<void(DeviceId)> joined,
                            std::function<void(DeviceId, MacOptions)> options)
    {
        m_onJoined = std::move(joined);
        m_onOptions = std::move(options);
    }

    /// Told of devices that will send soon, so that the server's rows can be brought into the
    /// cache.
    void SetPrefetchServer(std::function<void(DeviceId)> prefetch)
    {
        m_prefetchServer = std::move(prefetch);
    }

    /// Whether RX2 is where RXParamSetupReq put it.
    bool KnowsRx2(DeviceId d) const
    {
        return (m_rows[Index(d)].flags & KNOWS_RX2) != 0;
    }

    /// Settings of the network that the device has not been told.
    MacOptions Lacks(DeviceId d) const
    {
        return m_core.SettingsToTell() & static_cast<MacOptions>(~m_settings.Told(d));
    }

    /// Appends a message to the device's outbox.
    void Send(DeviceId d, const wire::AppPayload& payload, bool confirmed);

    /// Messages in the outbox.
    uint32_t Pending(DeviceId d) const
    {
        return m_outbox.Count(d);
    }

    /// A downlink reached the device.
    void Receive(const DownlinkFrame& frame);

    /// Off the air until `until`; of several suspensions the one that ends last counts.
    void Suspend(DeviceId d, Tick until);

    /// Off the air for good.
    void Silence(DeviceId d);

    bool CanHear(DeviceId d) const
    {
        const auto& row = m_rows[Index(d)];
        return (row.flags & (POWERED | SILENT | SUSPENDED)) == POWERED;
    }

    bool IsJoined(DeviceId d) const
    {
        return (m_rows[Index(d)].flags & JOINED) != 0;
    }

    char DeviceClass(DeviceId d) const
    {
        return static_cast<char>('A' + TraitsOf(d).deviceClass);
    }

    uint8_t DataRate(DeviceId d) const
    {
        return m_rows[Index(d)].dataRate;
    }

    /// Whether what the device itself does (see LorawanConfig::windowsDeafen) may have overlapped a
    /// downlink that began at `start`.
    bool IsTransmittingAt(DeviceId d, Tick start) const
    {
        const auto& row = m_rows[Index(d)];
        const Tick windows = m_core.config.windowsDeafen ? 0 : WindowsEnd(d, 0, false);
        return row.busyUntil - windows > start;
    }

    /// Whether the device sends, or is in the windows after it, until `end` or later as things are.
    bool IsBusyUntil(DeviceId d, Tick end) const
    {
        return m_rows[Index(d)].busyUntil >= end;
    }

    /// Whether the windows after its last uplink (`join`: a join request) were open, or yet to
    /// open, at `start`: it neither sent nor was done with them.
    bool ListensAt(DeviceId d, Tick start, bool join) const
    {
        const Tick until = m_rows[Index(d)].busyUntil;
        return until >= start && until - WindowsEnd(d, 0, join) <= start;
    }

    /// A downlink that it has heard begin keeps the device on it until `end`: it sends nothing
    /// meanwhile.
    void StayUntil(DeviceId d, Tick end);

    /// When devices were deaf for downlinks of class B and C because of their own uplinks.
    const std::vector<std::pair<DeviceId, std::pair<Tick, Tick>>>& RecentUplinks() const
    {
        return m_recent;
    }

    /// Notes uplinks for RecentUplinks from now on (only while a group session runs).
    void KeepRecentUplinks(bool keep);

    /// Standard deviation of the clock drift by group of the fleet, ppm; others have the network's.
    void SetClockDrift(std::vector<double> ppmByGroup)
    {
        m_driftPpm = std::move(ppmByGroup);
    }

    /// Drift of the device's clock, ppm; positive: it runs ahead.
    double ClockDriftPpm(DeviceId d) const;

    /// The device's clock minus true time, seconds.
    double ClockErrorS(DeviceId d) const;

    /// The clock jumps by `offsetS` until it is next set right, and drifts by another `driftPpm`.
    void DisturbClock(DeviceId d, double offsetS, double driftPpm);

    const MacCounters& Counters() const
    {
        return m_counters;
    }

    size_t MemoryBytes() const;

  private:
    static constexpr uint8_t NO_RATE = 0xFF;

    /// Instant in m_clockRightS of a clock that does not drift: so far ahead that it need not be
    /// set, and no drift times the time until then is no error.
    static constexpr float NEVER_DUE = 1e30F;

    static constexpr Tick BAND_UNIT = TICKS_PER_SECOND / 100; ///< of Row::bandFree

    enum TimerKind : uint16_t
    {
        POWER_ON,
        JOIN,
        TELEMETRY,
        TRY_SEND,
        RETRANSMIT,
        RESUME,
        ASK_TIME,
    };

    enum Flag : uint16_t
    {
        POWERED = 1,
        JOINED = 2,
        SILENT = 4,
        SEND_TIMER = 8, ///< a TRY_SEND is pending
        TELEMETRY_DUE = 16,
        AWAITS_ACK = 32, ///< a confirmed frame is in the outbox's front, sent and not acknowledged
        POLL_DUE = 64,   ///< the server has more for us
        HAS_FIRST = 128, ///< first telemetry at a given instant
        SUSPENDED = 256, ///< rebooting or writing its flash
        CONFIRMS_TELEMETRY = 512, ///< the confirmed frame that is not settled yet is telemetry
        HAS_OPTIONS = 1024,       ///< m_options has MAC commands for its uplinks
        IN_CLASS_B = 2048,        ///< listens in ping slots
        HAS_MESSAGE = 4096,       ///< the outbox is not empty
        KNOWS_RX2 = 8192,         ///< RXParamSetupReq has moved its RX2
        POLLS_CAMPAIGN = 32768,   ///< with POLL_DUE: a campaign alone is the reason for it
    };

    /// What a device does by its scenario, the same for many.
    struct Traits
    {
        uint16_t telemetry{0};
        uint8_t fixedRate{NO_RATE}; ///< data rate that the scenario prescribes
        uint8_t deviceClass{0};     ///< 0 = A, 1 = B, 2 = C
        bool volatileSession{false};

        bool operator==(const Traits&) const = default;
    };

    /// Two rows a cache line: what else a device needs stands in tables of those that use it.
    struct alignas(32) Row
    {
        Tick busyUntil{0};                  ///< radio: transmitting or in its receive windows
        std::array<uint32_t, 2> bandFree{}; ///< per duty-cycle band, 10 ms units
        uint32_t counter{0};                ///< see FrameCounter and JoinAirtimeS
        uint16_t flags{0};
        uint16_t traits{0}; ///< index of m_traits
        uint16_t devNonce{0};
        uint8_t dataRate{0};
        uint8_t power{0};       ///< TXPower index
        uint8_t tries{0};       ///< of the present confirmed frame or join
        uint8_t joinWindow{0};  ///< back-off window that JoinAirtimeS counts
        uint8_t adrAckCount{0}; ///< uplinks since the last downlink

        /// FCntUp of the next frame; 0 until the device has joined.
        uint32_t FrameCounter() const
        {
            return (flags & JOINED) != 0 ? counter : 0;
        }

        /// Airtime used in the present back-off window of a device that has not joined.
        float JoinAirtimeS() const
        {
            return std::bit_cast<float>(counter);
        }

        void SetJoinAirtimeS(float seconds)
        {
            counter = std::bit_cast<uint32_t>(seconds);
        }
    };

    static_assert(sizeof(Row) == 32);

    /// What is on the air, by slot of UplinkAir.
    struct Sending
    {
        UplinkKind kind;
        bool confirmed;
        uint8_t dataRate;
        uint16_t devNonce;
        uint32_t frameCounter;
        uint32_t phyBytes;
        MacOptions options;
        DeviceStatus status;
        uint16_t newChannels;
        bool classB;
        bool adrAckReq;
        wire::AppPayload payload;
    };

    /// MAC commands of a device's uplinks, and what they say.
    struct Options
    {
        MacOptions set{0};
        DeviceStatus status;     ///< of DEV_STATUS_ANS
        uint16_t newChannels{0}; ///< each with its NewChannelAns
    };

    void OnTimer(const Timer& timer);
    void PowerOn(DeviceId d);
    void StartTelemetry(DeviceId d);
    void OnTelemetry(DeviceId d);
    void TryJoin(DeviceId d);
    void ScheduleJoinRetry(DeviceId d);
    void AddJoinTimer(DeviceId d, Tick when);
    uint16_t JoinTag(DeviceId d) const;
    double JoinStartS(DeviceId d) const;
    void OnResume(DeviceId d);
    void OnJoinAccept(DeviceId d);
    void LoseSession(DeviceId d, std::string_view cause);
    bool IsLinkLost(DeviceId d) const;
    bool CanBackOff(DeviceId d) const;
    uint16_t AckTag(DeviceId d) const;
    void OnRetransmit(DeviceId d, uint16_t tag);
    void SettleConfirmed(DeviceId d);
    void TrySend(DeviceId d);
    void EndSuspension(DeviceId d);
    void SendLater(DeviceId d, Tick when);

    /// What TrySend is about to put on the air.
    struct Outgoing
    {
        UplinkKind kind;
        bool confirmed;
        uint8_t dataRate;
        uint32_t phyBytes;
    };

    Outgoing NextFrame(DeviceId d) const;
    void DropTooLong(DeviceId d, UplinkKind kind);
    uint8_t FittingRate(uint8_t dataRate, uint32_t phyBytes) const;
    uint8_t JoinRate(uint16_t attempt) const;
    void Transmit(DeviceId d, const Outgoing& outgoing, uint16_t channel);
    void OnUplinkEnd(UplinkAir::Slot slot);
    void AfterUplink(const Sending& sending, const AirFrame& frame);
    bool WantsAdrAck(DeviceId d) const;
    void BackOffDataRate(DeviceId d);
    wire::AppPayload PopOutbox(DeviceId d);
    bool HasToSend(DeviceId d) const;
    void StartClock(DeviceId d, bool joined);
    bool IsTimeDue(DeviceId d) const;
    void OnAskTime(DeviceId d);
    MacOptions OptionsOf(DeviceId d) const;
    const Options& AnswersOf(DeviceId d) const;
    void RemoveAnswers(DeviceId d, MacOptions sent);
    void ForgetIfEmpty(DeviceId d);
    std::span<const uint16_t> DataChannelsOf(DeviceId d) const;
    void RemoveOptions(DeviceId d, MacOptions options);
    void KeepDutyCycle(DeviceId d, Tick start, Tick airtime, uint16_t channel);
    void OnSettings(const DownlinkFrame& frame);
    void OnStatusRequest(const DownlinkFrame& frame);

    const Traits& TraitsOf(DeviceId d) const
    {
        return m_traits[m_rows[Index(d)].traits];
    }

    uint32_t PhyBytes(DeviceId d, UplinkKind kind) const;

    // Who pays for what (device-energy.cc)
    void MeasureTransmitters();
    double TxPowerDbm(uint8_t power) const;
    EnergyAccount AccountOfUplink(DeviceId d, UplinkKind kind) const;
    EnergyAccount AccountOfDownlink(const DownlinkFrame& frame) const;
    void AskForPoll(DeviceId d, EnergyAccount account);
    void ChargeUplink(DeviceId d, const Outgoing& outgoing, Tick airtime, EnergyAccount account);

    /// Channel for the next uplink and the earliest instant it is legal.
    struct Choice
    {
        uint16_t channel;
        Tick free;
    };

    Choice ChooseChannel(DeviceId d, std::span<const uint16_t> among, uint8_t dataRate) const;
    Tick WindowsEnd(DeviceId d, Tick uplinkEnd, bool join) const;
    void MeasureWindows();
    double ClockFaultS(DeviceId d) const;
    void ClearClockFault(DeviceId d);

    LorawanCore& m_core;
    UplinkHandler m_onUplink;
    MessageHandler m_onMessage;
    SessionQuery m_inSession;
    std::vector<TelemetryConfig> m_telemetry;
    std::vector<Traits> m_traits;
    std::vector<Row> m_rows;
    std::vector<Tick> m_firstTelemetry;                ///< by device; empty unless one was set
    SparseMessagePool m_outbox;                        ///< ask HAS_MESSAGE first
    std::map<uint32_t, uint32_t> m_furtherSuspensions; ///< that a suspended device has yet to end
    std::unique_ptr<UplinkAir> m_air;
    std::vector<Sending> m_sending;
    std::vector<uint8_t> m_bandOfChannel;
    std::vector<uint16_t> m_dataChannels; ///< 0, 1, 2 ...: all
    std::array<bool, 16> m_offered{};     ///< data rates that a channel offers
    std::array<double, 2> m_bandDuty{1, 1};
    /// Both windows after an uplink: [profile][after a join request][data rate], seconds.
    std::vector<std::array<std::array<double, 16>, 2>> m_emptyWindowsS;
    std::vector<std::array<double, 16>> m_txA; ///< by profile and TXPower
    std::function<void(DeviceId)> m_prefetchServer;
    std::function<void(DeviceId, wire::AppPayload&)> m_complete;
    std::function<void(DeviceId)> m_onJoined;
    std::function<void(DeviceId, MacOptions)> m_onOptions;

    std::unordered_map<uint32_t, Options> m_options; ///< by device: see HAS_OPTIONS
    DeviceSettings m_settings;
    std::unordered_map<uint32_t, float> m_rejoins; ///< devices that join anew: since when, seconds
    TimerQueue m_timers;
    TimerQueue m_ends;
    bool m_keepRecent{false};
    std::vector<std::pair<DeviceId, std::pair<Tick, Tick>>> m_recent;
    std::vector<double> m_driftPpm; ///< by group of the fleet
    /// By device: when its clock would have been right, given its drift, seconds; empty where
    /// clocks are never set. A float is fine: what it loses of an error is below a millionth.
    std::vector<float> m_clockRightS;

    /// What a fault did to a clock.
    struct ClockFault
    {
        double offsetS{0};
        double driftPpm{0};
        Tick when{0};
    };

    std::unordered_map<uint32_t, ClockFault> m_clockFaults; ///< by device, few
    MacCounters m_counters;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_DEVICE_MAC_H
