// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_RUN_OBSERVER_H
#define IOTFLEET_HELPER_RUN_OBSERVER_H

#include "helper/exposure-meter.h"
#include "helper/fleet-simulation.h"
#include "helper/given-up-book.h"
#include "model/record/device-event.h"
#include "model/record/results-database.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3::iotfleet
{

/// Sums that only make sense as differences between two instants.
struct TrafficSnapshot
{
    double downlinkAirtimeS{0};
    double uplinkAirtimeS{0};
    CampaignAir air;           ///< downlink airtime of updates, by what it was for
    uint64_t bytesCampaign{0}; ///< application payload of updates that was sent to single devices
    uint64_t telemetryGenerated{0};
    uint64_t telemetryDelivered{0};
};

/**
 * Watches a running simulation through its trace sources and writes what happens over time into the
 * results database: transitions, progress, failures, alarms. It changes nothing.
 */
class RunObserver
{
  public:
    RunObserver(FleetSimulation& simulation, ResultsDatabase& database, int64_t runId);

    /// Begins to watch.
    void Start();

    /// Writes what is known only when the run is over.
    void Finish();

    /// A row of `progress` for the present instant.
    void RecordProgress();

    /// Devices that run the target image and have confirmed it.
    uint64_t Updated() const
    {
        return m_updated;
    }

    /// Time that devices were vulnerable or compromised since `/rollout/disclosure`, or else since
    /// the first wave began, device seconds; nothing before that.
    std::optional<double> ExposureDeviceS(Tick now) const
    {
        return m_exposure.DeviceS(now);
    }

    /// Devices that an image had made worse when the rollout stopped offering it (it aborted,
    /// rolled back, or paused and was not resumed); at the end of the run if it never did.
    uint64_t HarmedBeforeAbort() const;

    /// Traffic when the rollout started and when it ended, where it did.
    const std::optional<TrafficSnapshot>& AtStart() const
    {
        return m_atStart;
    }

    const std::optional<TrafficSnapshot>& AtEnd() const
    {
        return m_atEnd;
    }

    TrafficSnapshot Traffic() const;

    /// When the first and the last fragment of a multicast group ended on the air.
    struct FragmentSpan
    {
        Tick first;
        Tick last;
    };

    /// By group; nothing if no fragment was sent.
    std::optional<FragmentSpan> Fragments(GroupId group) const;

    /// Wave of the rollout that a session serves; nothing if it began before or without one.
    std::optional<uint32_t> WaveOf(const SessionRecord& session) const;

    /// Members of a session that have decoded its whole image so far, its repair included: truth.
    uint32_t CompletedIn(const SessionRecord& session) const;

    /// Called at each transition of an update machine; lets the runner look for its stop condition.
    void SetUpdateHook(std::function<void()> hook)
    {
        m_hook = std::move(hook);
    }

  private:
    void OnTransition(const Transition& step);
    void CountUpdated(const Transition& step);
    void AddEvent(Tick when, DeviceId device, DeviceEvent event);
    void AddInitialEvents();
    bool RunsTarget(DeviceId device) const;
    void OnFailure(DeviceId device, std::string_view cause, const std::string& detail);
    void OnSettled(DeviceId device,
                   UpdateBelief belief,
                   std::string_view cause,
                   const std::string& detail);
    void OnReported(DeviceId device, UpdateBelief belief);
    void OnAlarm(const AlarmRecord& alarm);
    void OnGroupFrame(const GroupReception& reception);
    void OnSessionStarted(const SessionRecord& session);
    void OnReceived(DeviceId device);
    void OnWaveStarted(const WaveRecord& wave);
    void OnWaveEnded(const WaveRecord& wave);
    void OnRolloutEnded(const WaveRecord& wave);
    void NoteStop(bool forGood);

    FleetSimulation& m_simulation;
    ResultsDatabase& m_database;
    int64_t m_runId;
    bool m_keepsEvents;
    uint64_t m_updated{0};
    std::vector<bool> m_countsAsUpdated; ///< by device: it is one of m_updated
    std::set<DeviceId> m_harmed;         ///< each counts once
    std::optional<uint64_t> m_harmedAtStop;
    bool m_isStopped{false}; ///< nothing is offered since a pause, or for good
    bool m_stoppedForGood{false};
    GivenUpBook m_givenUp;
    ExposureMeter m_exposure;
    std::optional<TrafficSnapshot> m_atStart;
    std::optional<TrafficSnapshot> m_atEnd;
    std::map<GroupId, FragmentSpan> m_fragments;
    std::map<uint32_t, uint32_t> m_waveOfSession;
    std::map<uint32_t, uint32_t> m_completed; ///< members that have the whole image, by session
    std::function<void()> m_hook;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_RUN_OBSERVER_H
