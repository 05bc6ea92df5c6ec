// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_UPDATE_AGENT_H
#define IOTFLEET_UPDATE_UPDATE_AGENT_H

#include "model/access/access-network.h"
#include "model/fleet/counter-random.h"
#include "model/fleet/fleet.h"
#include "model/fleet/number-table.h"
#include "model/fleet/timer-queue.h"
#include "model/update/frag-tracker.h"
#include "model/update/group-directory.h"
#include "model/update/image-check.h"
#include "model/update/update-config.h"
#include "model/update/update-hazards.h"
#include "model/wire/crypto.h"
#include "model/wire/ts004-fragmentation.h"
#include "model/wire/ts005-multicast-setup.h"
#include "model/wire/ts006-firmware-management.h"

#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The device side of the update service, for all devices of a fleet: answers the packages TS004,
 * TS005 and TS006, receives and decodes the data block, checks, installs, tries and confirms it. It
 * reads and changes the row of the device it acts for and knows nothing of the operator's beliefs.
 *
 * A device takes part in one multicast group (McGroupID 0) and one fragmentation session
 * (FragIndex 0) at a time, which may have several windows. GPS time is the simulator's time.
 *
 * Memory: 12 bytes a device, and 2 once a session has ended (attribute CountFragments); 4 to 6
 * bytes a member of a running session.
 */
class UpdateAgent : public Object
{
  public:
    /// Signature of the Failure trace source: device, cause (static text), detail (a sentence).
    using FailureTracedCallback = void (*)(DeviceId device,
                                           std::string_view cause,
                                           const std::string& detail);
    /// Signature of the Received trace source: the device has the whole block.
    using ReceivedTracedCallback = void (*)(DeviceId device);

    /// AppKey (or GenAppKey) of a device, as its own flash has it.
    using KeyOf = std::function<wire::Block128(DeviceId)>;

    /// What the agent works on; all pointers must outlive it.
    struct Environment
    {
        Ptr<Fleet> fleet;
        Ptr<AccessNetwork> access;
        const FirmwareCatalog* catalog{nullptr};
        GroupDirectory* directory{nullptr}; ///< asked, and heard when a group goes
        ImageCheck* check{nullptr};
        CounterRandom random;
        KeyOf keyOf{}; ///< without it devices understand every key that they are sent
    };

    static TypeId GetTypeId();

    UpdateAgent();
    ~UpdateAgent() override;

    /// Takes the fleet (all devices added) and registers at the access network's ports 200, 201,
    /// 203.
    void Start(const Environment& environment, const UpdateConfig& config);

    /// The same with the knobs as the attributes say.
    void Start(const Environment& environment);

    /// The knobs as they are.
    const UpdateConfig& GetConfig() const
    {
        return m_config;
    }

    /// The device ignores what the operator sends, or claims success without installing, from now
    /// on. Added to what it does already: only a confirmed fix ends either.
    void SetMisbehaviour(DeviceId device, bool ignores, bool lies);

    /// Bad luck to reckon with besides the images' own defects; must outlive the agent's work.
    void SetHazards(UpdateHazards* hazards)
    {
        m_hazards = hazards;
    }

    /**
     * The device is off for good, whatever it was doing: an update under way has failed.
     * @param byImage whether the running image did it: then its update counts as failed, too
     */
    void Kill(DeviceId device, std::string_view cause, const std::string& detail, bool byImage);

    /// The device goes on, but is never heard again because of the image that it runs. A
    /// compromised one stays compromised unless that image closes the hole; any other is faulty
    /// from now on.
    void Mute(DeviceId device, std::string_view cause, const std::string& detail);

    /// The device restarts and is off the air for so long, seconds.
    void Reset(DeviceId device, double seconds);

    /// Charges what the device has listened so far, if it is in a session.
    void SettleListening(DeviceId device);

    /// Devices of a fleet group open sessions early by up to this, uniform, seconds; by group
    /// index.
    void SetEarlyOpening(std::vector<double> byGroup);

    /// Whether the device listens to a multicast session now (telemetry may pause).
    bool IsInSession(DeviceId device) const
    {
        return (m_rows[Index(device)].flags & LISTENING) != 0;
    }

    /// Whether the device has accepted a multicast session that has not begun, or listens to one.
    bool IsHeldBySession(DeviceId device) const;

    /**
     * Different fragments, coded and uncoded, that the device received and could keep in the last
     * session that it opened or got unicast fragments in; nothing if there was none, or if
     * attribute CountFragments is off.
     */
    std::optional<uint32_t> FragmentsReceived(DeviceId device);

    /// Application bytes of group frames that members received and could not decrypt, because they
    /// did not hold the key any more or not yet.
    uint64_t UndecryptedBytes() const
    {
        return m_undecryptedBytes;
    }

    /// What TS006 calls the running firmware: the image under trial, or the confirmed one.
    ImageId RunningImage(DeviceId device) const;

    /// Bytes that the columns and open sessions hold.
    size_t MemoryBytes() const;

  protected:
    void DoDispose() override;

  private:
    static TypeId AddAttributes(TypeId tid);

    enum Flag : uint16_t
    {
        IGNORES = 1,
        LIES = 2,
        LISTENING = 4,        ///< has its window of the multicast session open
        PARTICIPATING = 8,    ///< has opened the session, perhaps closed it again
        BLOCK_COMPLETE = 16,  ///< holds the whole block
        IMAGE_REFUSED = 32,   ///< the block was complete and refused
        HELD = 64,            ///< verified, waits for the reboot command or the session's end
        REBOOT_ORDERED = 128, ///< a reboot time was set and not cancelled
        ACK_PENDING = 256,    ///< FragDataBlockReceivedReq not answered yet
        ACTIVE = 512,         ///< a unicast fragment came since the last look
        FINDS_BEACON = 2048,  ///< the session is of class B: it opens early, to find a beacon
        WRONG_DEVICE = 1024,  ///< refused because it is for another vendor, class or device
    };

    /// State of a device; everything that members of a session share stands in Block and Session.
    struct Row
    {
        NumberTable::Place group{0};   ///< of AddressOf
        NumberTable::Place opening{0}; ///< of OpenAtS
        uint16_t block{NO_BLOCK};      ///< index of m_blocks: the fragmentation session set up
        uint16_t sessionCnt{0};        ///< TS004-2: last one seen
        uint16_t flags : 11 {0};       ///< of Flag; there is room for no other
        uint16_t timeOut : 5 {0};      ///< exponent of the session's time-out, at most 22 (class B)
        uint8_t generation{0};         ///< makes timers of earlier updates recognisable
        uint8_t attempts{0};           ///< messages repeated: acknowledgement, server contact
    };

    static_assert(sizeof(Row) == 12);

    /// A fragmentation session as its set-up message describes it.
    struct Block
    {
        wire::ts004::FragSessionSetupReq setup; ///< without the MIC, which differs by device
        ImageId image{NO_IMAGE};
        std::shared_ptr<ParityColumns> parity; ///< made when the first member listens
    };

    /// A multicast session as its members see it; lives while one of them may still need it, which
    /// may be longer than the operator's group does.
    struct Session
    {
        uint32_t address{0};
        GroupId group{NO_GROUP};
        uint16_t block{NO_BLOCK};
        DeviceList members;
        std::unique_ptr<FragTracker> tracker;
        std::vector<uint32_t> completed; ///< scratch of one frame
        uint32_t listeners{0};           ///< members that listen
        uint16_t key{0};                 ///< number of the key that protects its frames
        std::vector<uint8_t> deaf;       ///< bit by member: lacks that key; empty while nobody does
        std::vector<uint8_t> understood; ///< scratch of one frame
    };

    enum Kind : uint16_t
    {
        OPEN_SESSION,
        CLOSE_SESSION,
        DROP_BLOCK,
        SETUP_ANSWER,
        STATUS_ANSWER,
        BLOCK_ANSWER,
        VERIFIED,
        START_INSTALL,
        INSTALLED,
        REBOOTED,
        TRIAL_CONTACT,
        TRIAL_OVER,
        FATE,
        POLL,
    };

    static constexpr uint16_t NO_BLOCK = 0xFFFF;
    static constexpr uint16_t FLAGS = 2 * WRONG_DEVICE - 1; ///< all of Flag

    // TS005 (update-agent-setup.cc)
    void OnMulticastSetup(DeviceId device, const wire::AppPayload& payload);
    void Handle(DeviceId device, const wire::PackageVersionReq& request);
    void Handle(DeviceId device, const wire::ts005::McGroupStatusReq& request);
    void Handle(DeviceId device, const wire::ts005::McGroupSetupReq& request);
    void Handle(DeviceId device, const wire::ts005::McGroupDeleteReq& request);
    void Handle(DeviceId device, const wire::ts005::McClassCSessionReq& request);
    void Handle(DeviceId device, const wire::ts005::McClassBSessionReq& request);
    wire::ts005::McSessionStatus AcceptSession(DeviceId device,
                                               uint8_t group,
                                               uint32_t startS,
                                               uint8_t timeOut,
                                               bool classB);
    void OpenSession(DeviceId device);
    void CloseSession(DeviceId device);
    bool IsStale(DeviceId device) const;
    void OnSessionTimeOut(DeviceId device);
    Session* SessionOf(DeviceId device, uint32_t& member);
    Session& EnsureSession(uint32_t address, const GroupDirectory::Entry& entry, uint16_t block);
    void ForgetEndedSessions();

    // The group's keys (update-agent-keys.cc)
    void TakeKey(DeviceId device, const wire::ts005::McGroupSetupReq& request);
    uint16_t NumberOfKey(DeviceId device, const wire::ts005::McGroupSetupReq& request) const;
    uint16_t HeldKey(DeviceId device) const;
    void SwitchKey(Session& session, uint16_t key);
    void SetDeaf(Session& session, uint32_t member, bool isDeaf);
    static bool IsDeaf(const Session& session, uint32_t member);
    std::span<const uint8_t> Understand(Session& session, const GroupReception& reception);

    // The count of fragments received (update-agent-record.cc)
    void RecordGroup(uint32_t address);
    void RecordUnicast(DeviceId device);
    void Record(DeviceId device, uint32_t fragments);

    // TS004 (update-agent-fragments.cc)
    void OnFragmentation(DeviceId device, const wire::AppPayload& payload);
    void OnGroup(const GroupReception& reception);
    void OnGroupCommand(const Session& session,
                        const GroupReception& reception,
                        std::span<const uint8_t> heard);
    void Handle(DeviceId device, const wire::ts004::FragSessionSetupReq& request);
    void Handle(DeviceId device, const wire::ts004::FragSessionStatusReq& request);
    void Handle(DeviceId device, const wire::ts004::FragSessionDeleteReq& request);
    void Handle(DeviceId device, const wire::ts004::DataFragment& fragment);
    void Handle(DeviceId device, const wire::ts004::FragDataBlockReceivedAns& answer);
    bool Wants(DeviceId device, ImageId payload) const;
    wire::ts004::FragSessionSetupAns Judge(DeviceId device,
                                           const wire::ts004::FragSessionSetupReq& request,
                                           ImageId payload) const;
    uint16_t Intern(const wire::ts004::FragSessionSetupReq& request, ImageId image);
    void TakeBlock(DeviceId device, uint16_t block);
    uint16_t ReceivedOfComplete(DeviceId device);
    void AnswerStatus(DeviceId device);
    void AnnounceBlock(DeviceId device);
    FragTracker& TrackerOf(DeviceId device, uint32_t& member);
    double AnswerDelayS(DeviceId device, uint32_t salt) const;
    uint32_t RedundancyMemory(DeviceId device) const;
    double FecDraw(DeviceId device, uint16_t block) const;
    const std::shared_ptr<ParityColumns>& ParityOf(uint16_t block);
    void StartPolling(DeviceId device);
    void Poll(DeviceId device);
    void BlockComplete(DeviceId device);
    void OnHoldOver(DeviceId device);
    void DropBlock(DeviceId device, std::string_view cause);

    // TS006 (update-agent-management.cc)
    void OnManagement(DeviceId device, const wire::AppPayload& payload);
    void Reply(DeviceId device, const wire::PackageVersionReq& request, wire::AppPayload& out);
    void Reply(DeviceId device, const wire::ts006::DevVersionReq& request, wire::AppPayload& out);
    void Reply(DeviceId device,
               const wire::ts006::DevRebootTimeReq& request,
               wire::AppPayload& out);
    void Reply(DeviceId device,
               const wire::ts006::DevRebootCountdownReq& request,
               wire::AppPayload& out);
    void Reply(DeviceId device,
               const wire::ts006::DevUpgradeImageReq& request,
               wire::AppPayload& out);
    void Reply(DeviceId device,
               const wire::ts006::DevDeleteImageReq& request,
               wire::AppPayload& out);
    ReportFate BeginReport(DeviceId device);
    void SendReport(DeviceId device, const wire::AppPayload& report, const ReportFate& fate);
    ImageId AnotherImage(DeviceId device) const;
    wire::ts006::DevVersionAns VersionOf(DeviceId device) const;
    wire::ts006::UpImageStatus ImageStatusOf(DeviceId device) const;
    void OrderReboot(DeviceId device, double seconds);

    // Verification and installation (update-agent-install.cc)
    void Verify(DeviceId device);
    void OnVerified(DeviceId device);
    void ScheduleInstall(DeviceId device);
    void StartInstall(DeviceId device);
    void OnInstalled(DeviceId device);
    void OnRebooted(DeviceId device);
    std::optional<BootFate> FateOf(DeviceId device);
    void Suffer(DeviceId device, const BootFate& fate);
    void LoseNetwork(DeviceId device, const BootFate& fate);
    void OnFate(DeviceId device);
    PowerLossOdds OddsOf(DeviceId device) const;
    void StartTrial(DeviceId device);
    void ContactServer(DeviceId device);
    void OnTrialOver(DeviceId device);
    void Confirm(DeviceId device);
    void RollBack(DeviceId device, std::string_view cause);
    void Brick(DeviceId device, std::string_view cause);
    bool IsFixed(DeviceId device) const;
    double InstallS(DeviceId device) const;
    void Busy(DeviceId device, double seconds);
    void Fail(DeviceId device, std::string_view cause, const std::string& detail);

    bool HearsOperator(DeviceId device);
    void OnTimer(const Timer& timer);
    void After(DeviceId device, Kind kind, double seconds);
    template <class Command>
    void Answer(DeviceId device, uint8_t port, const Command& command);
    ImageId BlockImage(DeviceId device) const;
    double Uniform(DeviceId device, Purpose purpose, uint32_t salt = 0) const;

    Row& RowOf(DeviceId device)
    {
        return m_rows[Index(device)];
    }

    /// McAddr of the device's group 0; 0 = none.
    uint32_t AddressOf(DeviceId device) const
    {
        return m_addresses.Get(m_rows[Index(device)].group);
    }

    /// SessionTime that the device's timer waits for, GPS s; 0 = none.
    uint32_t OpenAtS(DeviceId device) const
    {
        return m_openings.Get(m_rows[Index(device)].opening);
    }

    bool Has(DeviceId device, Flag flag) const
    {
        return (m_rows[Index(device)].flags & flag) != 0;
    }

    void Put(DeviceId device, Flag flag, bool on)
    {
        auto& row = m_rows[Index(device)];
        row.flags = (on ? row.flags | flag : row.flags & ~flag) & FLAGS;
    }

    bool Misbehaves(DeviceId device) const
    {
        return (m_rows[Index(device)].flags & (IGNORES | LIES)) != 0;
    }

    Environment m_env;
    UpdateConfig m_config;
    wire::PackageVersion m_version{wire::PackageVersion::V2};
    FecCode m_fec{FecCode::TS004};
    UpdateHazards* m_hazards{nullptr};
    bool m_misreports{false};    ///< the report being written names a wrong version
    double m_powerLoss{0};       ///< attribute PowerLossProbability
    double m_powerLossBricks{0}; ///< attribute PowerLossBrickShare
    Time m_watchdog;             ///< attribute Watchdog
    uint32_t m_bootAttempts{3};  ///< attribute BootAttempts
    Time m_hold;                 ///< attribute IncompleteHold
    bool m_countFragments{true}; ///< attribute CountFragments

    std::vector<Row> m_rows;
    NumberTable m_addresses;           ///< of groups
    NumberTable m_openings;            ///< SessionTimes
    std::vector<uint16_t> m_fragments; ///< fragments of the last session; empty until one ended
    std::vector<bool> m_isPolling;     ///< sends uplinks to fetch fragments; empty unless some do
    std::vector<Block> m_blocks;
    std::unordered_map<uint32_t, Session> m_sessions;                     ///< by McAddr
    std::unordered_map<uint32_t, std::unique_ptr<FragTracker>> m_unicast; ///< by device, no group
    std::unordered_map<uint32_t, uint16_t> m_keys; ///< number of the group key, by device; else 0
    uint64_t m_undecryptedBytes{0};
    std::vector<double> m_earlyS; ///< by fleet group
    std::unique_ptr<TimerQueue> m_timers;

    TracedCallback<DeviceId, std::string_view, const std::string&> m_failure;
    TracedCallback<DeviceId> m_received;
};

template <class Command>
void
UpdateAgent::Answer(DeviceId device, uint8_t port, const Command& command)
{
    m_env.access->SendToOperator(device, wire::MakePayload(port, m_version, command), false);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_UPDATE_AGENT_H
