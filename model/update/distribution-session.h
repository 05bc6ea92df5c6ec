// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_DISTRIBUTION_SESSION_H
#define IOTFLEET_UPDATE_DISTRIBUTION_SESSION_H

#include "model/update/fec-code.h"
#include "model/update/update-service.h"
#include "model/wire/ts004-fragmentation.h"
#include "model/wire/ts005-multicast-setup.h"
#include "model/wire/ts006-firmware-management.h"

#include <optional>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/**
 * One session of the operator: pooling, set-up of each device (TS005, TS004), the multicast passes,
 * status, repair, and the reports of its members. It owns what the operator believes of the members
 * for this session; lasting beliefs go to the DeviceRegistry. It does not choose members.
 *
 * Memory: 8 bytes a member and 4 for the list of them, which the group shares if all take part.
 */
class DistributionSession
{
  public:
    DistributionSession(UpdateService& service,
                        uint32_t id,
                        uint32_t job,
                        ImageId image,
                        PlannedSession plan);

    /// Starts with the pooling wait.
    void Begin();

    /// A message of a member arrived; false if the device is none. A closed session takes late
    /// reports only.
    bool OnUplink(DeviceId device, const wire::AppPayload& payload);

    /// A frame to the group, or a fragment to a member alone, is on the air.
    void OnGroupSent(uint16_t number, double airtimeS);
    void OnUnicastSent(uint32_t member, uint16_t number, double airtimeS);

    /// Whether a member gets fragments of its own.
    bool IsRepairing(uint32_t member) const;

    /// A timer of this session fired.
    void OnStep(uint16_t generation);

    /// The time to ask a member for its version.
    void OnReportTime(DeviceId device);

    /// The look at unicast repairs.
    void OnRepairPoll();

    /// The time to forget the multicast group.
    void OnDeleteGroup();

    /// Nothing more may leave but requests for reports.
    void Stop();

    /// Nothing more is sent to this device.
    void Remove(DeviceId device);

    /// A newer session serves these devices: their reports are its part, whatever they say.
    void HandOver(std::span<const DeviceId> devices);

    /// New key for everybody who holds the group's key but `without`; returns the messages queued.
    uint32_t Rekey(std::span<const DeviceId> without);

    /// Whether a member still holds the group's key, as far as the operator knows.
    bool HoldsKey(DeviceId device) const;

    /// These devices are about to get the key of another group.
    void ForgetKeys(std::span<const DeviceId> devices);

    bool IsClosed() const
    {
        return m_stage == Stage::CLOSED;
    }

    GroupId Group() const
    {
        return m_group;
    }

    uint32_t JobIndex() const
    {
        return m_job;
    }

    const SessionRecord& Record() const
    {
        return m_record;
    }

    TransferContent Content() const
    {
        return {m_image, m_setup.nbFrag, m_setup.fragSize, m_version};
    }

    std::optional<uint32_t> MemberOf(DeviceId device) const;

    size_t MemoryBytes() const
    {
        return m_members.capacity() * sizeof(Member) + m_devices.MemoryBytes();
    }

  private:
    enum class Stage : uint8_t
    {
        POOLING,
        GROUP_SETUP,
        FRAGMENT_SETUP,
        SESSION_SETUP, ///< until the session's start
        PASS,          ///< multicast frames under way
        REKEY,         ///< a pass waits for answers to the group's new key
        STATUS,        ///< waiting for answers
        UNICAST,       ///< fragments to single devices
        REPORTS,       ///< the transfer is over
        CLOSED,
    };

    enum Flag : uint8_t
    {
        ANSWERED = 1,  ///< the message of the present stage
        QUIET = 2,     ///< its message had left at the last look
        OUT = 4,       ///< takes no part in the transfer (refused, silent, removed)
        FINAL = 8,     ///< its report is settled
        HAS_KEY = 16,  ///< answered the group set-up
        COMPLETE = 32, ///< said that it has the whole block
        ASKED_VERSION = 64,
        ASKED_STATUS = 128, ///< by unicast, in the reports
    };

    static constexpr uint8_t IS_READY = 1; ///< the fragmentation session is set up
    static constexpr uint8_t MAY_HAVE_IT =
        2; ///< refused the descriptor: it may run the image already, or holds it

    /// What the operator knows of a member in this session.
    struct Member
    {
        uint8_t flags{0};
        uint8_t tries{0};     ///< set-up messages repeated, or version requests sent
        uint8_t missing{0};   ///< of its last status answer
        uint8_t answer{0};    ///< number of the status round that it answered last
        uint16_t received{0}; ///< of its last status answer
        uint8_t memoryError : 1 {0};
        uint8_t ready : 2 {0};     ///< IS_READY, MAY_HAVE_IT or 0
        uint8_t asks : 4 {0};      ///< unicast status requests while reports are awaited, or GONE
        uint8_t hasJoined : 1 {0}; ///< accepted the multicast session, or a window of the carousel
    };

    static constexpr uint8_t GONE = 15; ///< it said that it has no such block (any more)

    /// Until when a member may be silent that was served after the transfer.
    struct Patience
    {
        uint32_t member{0};
        Tick until{0};
    };

    /// A member that gets fragments of its own.
    struct Repair
    {
        uint32_t member{0};
        uint32_t uncoded{1};     ///< next uncoded fragment to send
        uint32_t coded{0};       ///< next coded one
        uint32_t uncodedLeft{0}; ///< uncoded fragments to send first
        uint32_t left{0};        ///< fragments to send before the next status request
        uint8_t lastMissing{0};  ///< of the answer before
        uint8_t tries{0};        ///< status requests without an answer
        uint8_t rounds{0};       ///< answers that told of missing fragments
        bool asked{false};       ///< status request sent
        Tick idleSince{-1};      ///< since when nothing is pending for it; -1 = something is
        Tick movedAt{0};         ///< a fragment left for it then, or it answered
        Tick heardAt{-1};        ///< a poll found then that it had been heard since; -1: not yet
    };

    /// Successive fragments of a pass.
    struct Stretch
    {
        uint32_t first{0}; ///< see NumberOf
        uint32_t count{0};
        uint8_t dataRate{0};
    };

    // Set-up (distribution-session.cc)
    bool Prepare();
    void EnterSetup(Stage stage);
    void SendSetup(uint32_t member);
    wire::AppPayload SetupMessage(DeviceId device) const;
    wire::AppPayload SessionRequest() const;
    wire::AppPayload GroupSetupMessage(DeviceId device) const;
    wire::AppPayload FragmentSetupMessage(DeviceId device) const;
    void LookAtSetup();
    void OnSetupAnswer(uint32_t member, bool accepted, std::string_view cause);
    void NextSetupStage();
    void PlanSession();
    void PlanWindow();
    double MarginS() const;
    double LookS() const;
    void MakeGroup(DeviceList members);
    double FirstPassS() const;
    double StatusWaitS() const;
    double TimeOutUnitS() const;
    double PredictedWindowS() const;
    Tick WindowEnd() const;
    void DeleteGroup();

    // Pace and time-outs (distribution-session-pace.cc)
    GroupConfig GroupPlan() const;
    uint8_t FrameBytes() const;
    GroupPace PaceOf(uint8_t dataRate) const;
    double AirIntervalS(uint8_t dataRate) const;
    double FrameIntervalS(uint8_t dataRate) const;
    double ChirpstackUnits() const;
    void ChooseTimeOut();

    // Windows of one pass (distribution-session-windows.cc)
    void RunPass();
    void SendPass(Stretch stretch);
    void ResumePass();
    uint32_t CutPass();
    bool HasRoom(double seconds) const;
    void OnWindowOver();
    void NextWindow();
    double RestS() const;
    double SharedAirS() const;
    bool SharesGatewaysWith(const DistributionSession& other) const;
    uint32_t FramesAhead() const;

    // The group's key (distribution-session-keys.cc)
    void DrawKey();
    void UseKey(GroupFrame& frame);
    void AwaitKeys(std::span<const uint32_t> members);
    void LookAtKeys();
    bool StopAwaitingKey(uint32_t member);
    void LeaveKeyChange(uint32_t member);
    void OnKeyAnswer(uint32_t member);
    void EndRekey();

    // Passes, status and repair (distribution-session-transfer.cc)
    void StartFirstPass();
    uint16_t NumberOf(uint32_t index) const;
    bool IsAtEnd(uint32_t count) const;
    void SendFragments(uint32_t first, uint32_t count, uint8_t dataRate);
    void SendLadder();
    uint32_t StepFragments() const;
    void DropGroup();
    void WhenIdle();
    void OnPassDone();
    void RequestStatus(bool everybody);
    void OnStatusOver();
    void LearnLosses();
    bool SendParityGroup();
    bool StartRepairPass();
    void StartUnicast();
    void AddRepair(uint32_t member);
    bool ServeRepair(Repair& repair);
    bool WasHeardSince(const Repair& repair) const;
    bool FitsRx1(DeviceId device) const;
    bool IsStuck(const Repair& repair) const;
    void GiveUp(const Repair& repair);
    void GiveUpStuck();
    void SendUnicastFragment(DeviceId device, Repair& repair);
    bool IsMissing(uint32_t member) const;
    void OnStatusAnswer(uint32_t member, const wire::ts004::FragSessionStatusAns& answer);
    void ContinueRepair(Repair& repair, const wire::ts004::FragSessionStatusAns& answer);
    void MarkComplete(uint32_t member);
    void EndTransfer();

    // Carousel (distribution-session-carousel.cc)
    void BeginCarousel();
    void StartTurn();
    void EnterCarouselStage();
    bool NeedsSetup(uint32_t member) const;
    void StartWindow();
    void SendCycle(uint32_t count);
    void EndTurn();
    bool IsCarouselDone() const;
    void AskTheSilent();
    void OnCarouselReport();

    // Reports (distribution-session-reports.cc)
    void StartReports();
    void OnVersion(uint32_t member,
                   uint32_t version,
                   const wire::ts006::DevUpgradeImageAns* waiting);
    void OnOldVersion(uint32_t member, const wire::ts006::DevUpgradeImageAns* waiting);
    void OnLateVersion(uint32_t member,
                       uint32_t version,
                       const wire::ts006::DevUpgradeImageAns* waiting);
    void OnMulticastSetup(uint32_t member, const wire::AppPayload& payload);
    void OnSessionAnswer(uint32_t member, const wire::ts005::McSessionStatus& status);
    void OnFragmentation(uint32_t member, const wire::AppPayload& payload);
    void OnFragmentSetupAnswer(uint32_t member, const wire::ts004::FragSessionSetupAns& answer);
    void OnManagement(uint32_t member, const wire::AppPayload& payload);
    void AskForHeldImage(uint32_t member);
    void OnHeldImage(uint32_t member, const wire::ts006::DevUpgradeImageAns& held);
    void OnImageDeleted(uint32_t member, const wire::ts006::DevDeleteImageAns& answer);
    bool AwaitsFragmentSetup(uint32_t member) const;
    UpdateBelief Success() const;
    void AskVersion(uint32_t member);
    void WaitLonger(uint32_t member);
    Tick DeadlineOf(uint32_t member) const;
    std::string_view CauseOfSilence(uint32_t member) const;
    void Settle(uint32_t member,
                UpdateBelief belief,
                std::string_view cause,
                const std::string& detail);
    void CloseIfSettled();

    void NextStepAfter(double seconds);
    void AddTimer(uint16_t kind, uint32_t row, double seconds, uint16_t tag);

    bool Is(uint32_t member, Flag flag) const
    {
        return (m_members[member].flags & flag) != 0;
    }

    void Put(uint32_t member, Flag flag, bool on)
    {
        auto& flags = m_members[member].flags;
        flags = static_cast<uint8_t>(on ? flags | flag : flags & ~flag);
    }

    UpdateService& m_service;
    uint32_t m_job;
    ImageId m_image;
    PlannedSession m_plan; ///< without its devices
    DeviceList m_devices;  ///< the members
    SessionRecord m_record;
    Stage m_stage{Stage::POOLING};
    uint16_t m_generation{0}; ///< of the step timer
    wire::PackageVersion m_version;

    std::vector<Member> m_members;
    uint32_t m_awaited{0}; ///< answers that the set-up stage waits for
    uint32_t m_open{0};    ///< members without a settled report
    Tick m_stageStart{0};
    double m_slowestS{0}; ///< slowest unrepeated answer to the first set-up message

    uint32_t m_address{0};
    wire::Block128 m_key{};
    uint32_t m_keys{0};        ///< keys drawn so far
    uint32_t m_keyInUse{0};    ///< number of the one that frames are protected by, from 1
    uint32_t m_awaitedKeys{0}; ///< members that have not answered to the newest one
    Tick m_keyDeadline{0};     ///< no longer waited for then
    GroupId m_group{NO_GROUP};
    wire::ts004::FragSessionSetupReq m_setup;
    FecCode m_fec;
    uint32_t m_coded{0};      ///< coded fragments of the first pass
    uint32_t m_parityLeft{0}; ///< of them, those that only go out if they are needed
    uint32_t m_nextCoded{0};  ///< place of the next one, see NumberOf
    Tick m_start{0};          ///< SessionTime
    Tick m_window{0};         ///< carousel: earliest start of the next window
    Tick m_setupEnd{0};       ///< carousel: the stage of the set-up ends then
    Tick m_carouselEnd{0};
    uint32_t m_cycle{0};         ///< carousel: place in the cycle of uncoded and coded fragments
    uint8_t m_timeOut{0};        ///< exponent of the session's time-out
    bool m_isLong{false};        ///< no time-out is long enough: windows follow each other
    uint32_t m_windows{0};       ///< windows of a pass that have ended before it did
    uint32_t m_frames{0};        ///< to the group that have been sent, requests included
    uint32_t m_framesBefore{0};  ///< the same when the present window was planned
    std::vector<Stretch> m_pass; ///< of the present pass: what is queued, or waits
    uint32_t m_groupMembers{0};
    uint8_t m_round{0};           ///< status rounds so far
    bool m_askedEverybody{false}; ///< the last round: complete members answer, too
    bool m_silenceIsGood{false};  ///< who did not answer the last round is taken as complete
    uint32_t m_repairPasses{0};
    bool m_resentUncoded{false};
    bool m_stopped{false};
    bool m_isGroupDropped{false}; ///< the server does not know the group any more
    bool m_isKeyless{false};      ///< it will not send to the group again: keys need no numbers
    bool m_polling{false};
    std::vector<Repair> m_repairs;
    uint32_t m_aired{0};    ///< fragments to the group that have been sent
    uint32_t m_repaired{0}; ///< devices that got unicast fragments
    Tick m_reportDeadline{0};
    std::vector<Patience> m_patience; ///< by member; few, and none before the reports
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_DISTRIBUTION_SESSION_H
