// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_QUARANTINE_QUARANTINE_CONTROLLER_H
#define IOTFLEET_QUARANTINE_QUARANTINE_CONTROLLER_H

#include "model/access/access-network.h"
#include "model/fleet/device-registry.h"
#include "model/fleet/timer-queue.h"
#include "model/quarantine/detector.h"
#include "model/quarantine/quarantine-config.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/ptr.h"
#include "ns3/traced-callback.h"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3::iotfleet
{

/**
 * The operator's answer to alarms. It decides from alarms and reports alone and never knows whether
 * it is right. A device's belief goes
 *
 *   FINE -> SUSPECT      an alarm, but fewer than k within n windows
 *   SUSPECT -> FINE      no alarm left within n windows
 *   FINE, SUSPECT -> QUARANTINED   k alarms within the last n windows: held at the level
 *   QUARANTINED -> PROBATION       it reports the target version, which it had not on entry
 *   PROBATION -> QUARANTINED       any alarm
 *   PROBATION -> FINE              quiet for the probation: full access again
 *   QUARANTINED -> FINE            quiet for release_after, if that is set
 *
 * (quarantine.md section 4.3). A device that already claimed the fix when it was put away has
 * nothing more to report: only release_after lets it out.
 *
 * Cost: memory and time follow the devices with alarms, not the fleet.
 */
class QuarantineController : public Object
{
  public:
    /// Gives the device's groups a new key that it does not get.
    using RekeyWithout = std::function<void(DeviceId)>;

    /// Signature of the Belief trace source.
    using BeliefTracedCallback = void (*)(const BeliefStep& step);

    static TypeId GetTypeId();

    QuarantineController();
    ~QuarantineController() override;

    /// Sets all knobs (which are attributes as well).
    void Configure(const QuarantineConfig& config);

    /// These knobs as they are.
    QuarantineConfig GetConfig() const;

    /// What it reads and enforces with; registry and network must outlive it.
    void SetRegistry(DeviceRegistry* registry);
    void SetNetwork(Ptr<AccessNetwork> network);
    void SetRekey(RekeyWithout rekey);

    /// Takes the detector's alarms; its window length tells when a suspicion has run out.
    void Watch(Ptr<Detector> detector);

    /// Length of the windows of alarms that do not come from a watched detector.
    void SetWindow(Time length);

    /// An alarm arrived. Watch() sees to this; for alarms from elsewhere call it.
    void HandleAlarm(const Alarm& alarm);

    /// Looks now for reports of quarantined devices instead of at the next poll.
    void CheckReports();

    QuarantineLevel Level() const
    {
        return m_level;
    }

    /// Devices that are held now (QUARANTINED or PROBATION).
    size_t HeldCount() const
    {
        return m_held.size();
    }

  protected:
    void DoDispose() override;

  private:
    /// What a timer is for.
    enum class TimerKind : uint16_t
    {
        SUSPICION,
        PROBATION,
        RELEASE,
    };

    /// A device that is held.
    struct Stay
    {
        Tick quietSince;    ///< last alarm or start of the probation
        bool claimedUpdate; ///< its report of the target version is old news
    };

    static TypeId AddConfigAttributes(TypeId tid);

    void Enter(DeviceId device);
    void AlarmWhileHeld(DeviceId device, Stay& stay);
    void StartProbation(DeviceId device, Stay& stay);
    void Release(DeviceId device, std::string_view cause);
    void OnTimer(const Timer& timer);
    void OnSuspicionTimer(DeviceId device, uint16_t window);
    void OnQuietTimer(DeviceId device, TimerKind kind);
    void ArmRelease(DeviceId device);
    void AddTimer(Tick due, DeviceId device, TimerKind kind, uint32_t tag = 0);
    bool HasNews();
    void ArmPoll();
    void OnPoll();
    void SetBelief(DeviceId device, HealthBelief to, std::string_view cause);
    void SetAccess(DeviceId device, Access level);

    uint32_t m_k{1};
    uint32_t m_n{1};
    QuarantineLevel m_level{QuarantineLevel::RESTRICTED};
    Time m_probation;
    Time m_releaseAfter;
    Time m_pollInterval;

    DeviceRegistry* m_registry{nullptr};
    Ptr<AccessNetwork> m_network;
    RekeyWithout m_rekey;
    Tick m_window{0};                                   ///< length of the detector's windows
    std::map<DeviceId, std::vector<uint32_t>> m_alarms; ///< of suspects: their windows, ascending
    std::map<DeviceId, Stay> m_held;
    TimerQueue m_timers;
    EventId m_poll;
    std::array<uint32_t, 7> m_seen{}; ///< registry-wide counts when last looked at

    TracedCallback<const BeliefStep&> m_belief;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_QUARANTINE_QUARANTINE_CONTROLLER_H
