// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_UPDATE_SERVICE_H
#define IOTFLEET_UPDATE_UPDATE_SERVICE_H

#include "model/access/access-network.h"
#include "model/fleet/counter-random.h"
#include "model/fleet/device-registry.h"
#include "model/fleet/firmware-catalog.h"
#include "model/fleet/timer-queue.h"
#include "model/update/campaign-air.h"
#include "model/update/distributor.h"
#include "model/update/failure-book.h"
#include "model/update/gateway-plan.h"
#include "model/update/group-directory.h"
#include "model/update/redundancy-estimate.h"
#include "model/update/service-timers.h"
#include "model/update/session-policy.h"
#include "model/update/update-config.h"
#include "model/wire/crypto.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

class DistributionSession;

/// A session as the results database keeps it.
struct SessionRecord
{
    uint32_t id{0};
    std::string kind; ///< "class-C", "class-B" or "unicast"
    uint8_t dataRate{0};
    double startedS{0};              ///< SessionTime, or the first fragment of a unicast session
    double endedS{0};                ///< its repair is over; reports follow
    uint32_t fragmentsSent{0};       ///< multicast and unicast
    uint32_t devices{0};             ///< members
    uint32_t believedCompleted{0};   ///< members taken as complete when it ended
    uint32_t firstPass{0};           ///< fragments of the first pass
    GroupId group{NO_GROUP};         ///< of the access network; NO_GROUP for unicast
    DeviceId firstMember{NO_DEVICE}; ///< tells which wave of a rollout the session serves
    uint32_t gateways{0};            ///< that carried the group; 0 = all
    double airtimeS{0};              ///< of group frames, all copies, and of unicast fragments
};

/// What the fragments of a session are cut from, for those who want to see their bytes.
struct TransferContent
{
    ImageId image{NO_IMAGE};
    uint16_t nbFrag{0};
    uint8_t fragSize{0};
    wire::PackageVersion version{wire::PackageVersion::V2};
};

/// What distribution has put on the air so far, application payload. Airtimes are those of the
/// gateways that sent, copies counted.
struct DistributionTotals
{
    uint64_t bytesMulticast{0};
    uint64_t bytesUnicast{0};          ///< set-up, unicast fragments, status and version requests
    double multicastAirtimeS{0};       ///< group frames, all passes
    double unicastFragmentAirtimeS{0}; ///< in a unicast session: also the first pass
    CampaignAir air;                   ///< of all frames, by what they were for
};

/**
 * The operator's side of the update service: brings an image to devices in sessions that a
 * SessionPolicy plans, repairs, and collects reports. It knows the DeviceRegistry and messages,
 * never the Fleet; a device counts as updated when it has said so.
 */
class UpdateService : public Object, public Distributor
{
  public:
    /// Signature of the Failure trace source: what the operator learned of a device.
    using FailureTracedCallback = void (*)(DeviceId device,
                                           std::string_view cause,
                                           const std::string& detail);
    /// Signature of the SessionStarted and SessionEnded trace sources.
    using SessionTracedCallback = void (*)(const SessionRecord& record);
    /// Signature of the Reported trace source: the registry's belief of a device became final.
    using ReportedTracedCallback = void (*)(DeviceId device, UpdateBelief belief);

    /// AppKey (or GenAppKey) of a device, as the operator's join server keeps it.
    using KeyOf = std::function<wire::Block128(DeviceId)>;

    /// Signature of the Settled trace source: what Reported tells, and why. The cause of UPDATED
    /// and WENT_BACK is "reported", those of UNREPORTED "not-enrolled", "blocked",
    /// "no-answer-to-set-up", "missed-session-request", "incomplete", "silent" and "removed".
    using SettledTracedCallback = void (*)(DeviceId device,
                                           UpdateBelief belief,
                                           std::string_view cause,
                                           const std::string& detail);

    /// What the service works on; all pointers must outlive it.
    struct Environment
    {
        Ptr<AccessNetwork> access;
        DeviceRegistry* registry{nullptr};
        const FirmwareCatalog* catalog{nullptr};
        GroupDirectory* directory{nullptr};
        KeyOf keyOf;
        CounterRandom random;
        FailureBook* failures{nullptr}; ///< where it notes how devices failed; may be absent
    };

    static TypeId GetTypeId();

    UpdateService();
    ~UpdateService() override;

    /// Registers at the access network's ports 200, 201 and 203.
    void Start(const Environment& environment, const UpdateConfig& config);

    /// The same with the knobs as the attributes say.
    void Start(const Environment& environment);

    /// The knobs as they are.
    const UpdateConfig& GetConfig() const
    {
        return m_config;
    }

    /// Replaces the policy named in the configuration (own policies of C++ users).
    void SetPolicy(std::unique_ptr<SessionPolicy> policy);

    void Distribute(std::vector<DeviceId> devices,
                    ImageId image,
                    std::function<void()> finished) override;

    void BringBack(std::vector<DeviceId> devices,
                   ImageId image,
                   std::function<void()> finished) override;

    void StopOffering() override;

    /// Takes a device out of the running sessions: nothing more is sent to it by unicast.
    void RemoveFromSessions(DeviceId device);

    /**
     * Gives a new key to every group that `device` holds the key of, without the device: each other
     * holder gets a McGroupSetupReq, and pays for it. Groups stay keyed after their session until
     * their members hold a newer one.
     * @return messages queued
     */
    uint32_t RekeyWithout(DeviceId device);

    /// All sessions by id; those that still run as they stand now. Valid until the next call.
    const std::vector<SessionRecord>& Sessions() const;

    const DistributionTotals& Totals() const
    {
        return m_totals;
    }

    /// What a group of the access network gets; nothing when it is no session's.
    std::optional<TransferContent> ContentOf(GroupId group) const;

    /// What a device gets: the same of the newest session that it takes part in.
    std::optional<TransferContent> ContentOf(DeviceId device) const;

    /// Number of the newest session that has the device as a member, closed or not.
    std::optional<uint32_t> NewestSessionOf(DeviceId device) const;

    /// Whether a distribution runs or waits for reports.
    bool IsBusy() const;

    /// Bytes that sessions hold.
    size_t MemoryBytes() const;

  protected:
    void DoDispose() override;

  private:
    static TypeId AddAttributes(TypeId tid);

    friend class DistributionSession;

    /// What is to be brought to devices.
    struct Order
    {
        ImageId image{NO_IMAGE};                     ///< or the payload in which it travels
        UpdateBelief success{UpdateBelief::UPDATED}; ///< what who reports it is believed to be
    };

    /// One call of Distribute or BringBack.
    struct Job
    {
        Order order;
        std::vector<Candidate> waiting;     ///< not in any session yet
        std::deque<PlannedSession> planned; ///< sessions that wait for their turn
        std::function<void()> finished;
        Tick begun{0};            ///< that call
        uint32_t transferring{0}; ///< sessions that have not ended
        uint32_t reporting{0};    ///< sessions that have not closed
        bool done{false};
    };

    void TakeFromEarlierJobs(const std::vector<DeviceId>& devices);
    void Bring(std::vector<DeviceId> devices, Order order, std::function<void()> finished);
    void StartJob(std::vector<DeviceId> devices, Order order, std::function<void()> finished);
    std::vector<Candidate> CandidatesOf(const std::vector<DeviceId>& devices) const;
    uint8_t BelievedDataRate(DeviceId device) const;
    double FloorDb(uint8_t downlinkDataRate) const;
    ReachLists ReachOf(const std::vector<DeviceId>& devices, uint8_t dataRate) const;
    void ChooseGateways(PlannedSession& plan) const;
    void StartNextSessions(uint32_t job);
    void AskPolicy(Job& job);
    void StartSession(uint32_t job, PlannedSession plan);
    void SessionEnded(DistributionSession& session);
    void SessionClosed(DistributionSession& session);
    void FinishIfDone(uint32_t job);
    void OnUplink(const UplinkMessage& message);
    void OnSent(const SentFrame& frame);
    void OnFragmentationSent(const SentFrame& frame);
    void AddTimer(const ServiceTimer& timer);
    void OnTimer(const Timer& timer);
    void Send(DeviceId device, const wire::AppPayload& payload);

    Environment m_env;
    UpdateConfig m_config;
    std::unique_ptr<SessionPolicy> m_policy;
    std::vector<Job> m_jobs;
    std::vector<std::unique_ptr<DistributionSession>> m_sessions; ///< by id
    RedundancyEstimate m_redundancy;
    uint32_t m_transferring{0};                   ///< sessions of all jobs that have not ended
    mutable std::vector<SessionRecord> m_records; ///< what Sessions() gives
    DistributionTotals m_totals;
    std::unique_ptr<TimerQueue> m_timers;

    TracedCallback<DeviceId, std::string_view, const std::string&> m_failure;
    TracedCallback<const SessionRecord&> m_sessionStarted;
    TracedCallback<const SessionRecord&> m_sessionEnded;
    TracedCallback<DeviceId, UpdateBelief> m_reported;
    TracedCallback<DeviceId, UpdateBelief, std::string_view, const std::string&> m_settled;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_UPDATE_SERVICE_H
