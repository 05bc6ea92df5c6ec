// SPDX-License-Identifier: GPL-2.0-only
#include "helper/run-observer.h"

#include "helper/device-story.h"
#include "model/lifecycle/fault-causes.h"

#include "ns3/callback.h"
#include "ns3/simulator.h"

namespace ns3::iotfleet
{

namespace
{

bool
IsExposed(uint8_t health)
{
    return health == static_cast<uint8_t>(Health::VULNERABLE) ||
           health == static_cast<uint8_t>(Health::COMPROMISED);
}

/// Whether an image has made the device worse.
bool
IsHarm(const Transition& step)
{
    if (step.machine == Machine::UPDATE)
    {
        return step.to == static_cast<uint8_t>(UpdateState::ROLLED_BACK);
    }
    const bool isWorse = step.to == static_cast<uint8_t>(Health::BRICKED) ||
                         step.to == static_cast<uint8_t>(Health::FAULTY);
    return step.machine == Machine::HEALTH && isWorse && IsHarmByImage(step.cause);
}

} // namespace

RunObserver::RunObserver(FleetSimulation& simulation, ResultsDatabase& database, int64_t runId)
    : m_simulation(simulation),
      m_database(database),
      m_runId(runId),
      m_keepsEvents(KeepsDeviceEvents(simulation.scenario, simulation.fleet->Size()))
{
}

void
RunObserver::Start()
{
    auto& s = m_simulation;
    m_countsAsUpdated.assign(s.fleet->Size(), false);
    m_exposure.Start(
        Simulator::Now().GetNanoSeconds(),
        s.fleet->Count(Machine::HEALTH, static_cast<uint8_t>(Health::VULNERABLE)) +
            s.fleet->Count(Machine::HEALTH, static_cast<uint8_t>(Health::COMPROMISED)));
    if (s.scenario.rollout.disclosureS)
    {
        m_exposure.CountFrom(ToTicks(*s.scenario.rollout.disclosureS));
    }
    if (m_keepsEvents)
    {
        AddInitialEvents();
    }
    s.fleet->TraceConnectWithoutContext("Transition",
                                        MakeCallback(&RunObserver::OnTransition, this));
    s.agent->TraceConnectWithoutContext("Failure", MakeCallback(&RunObserver::OnFailure, this));
    s.agent->TraceConnectWithoutContext("Received", MakeCallback(&RunObserver::OnReceived, this));
    s.faults->TraceConnectWithoutContext("Failure", MakeCallback(&RunObserver::OnFailure, this));
    s.network->TraceConnectWithoutContext("GroupFrame",
                                          MakeCallback(&RunObserver::OnGroupFrame, this));
    s.service->TraceConnectWithoutContext("SessionStarted",
                                          MakeCallback(&RunObserver::OnSessionStarted, this));
    s.service->TraceConnectWithoutContext("Settled", MakeCallback(&RunObserver::OnSettled, this));
    s.service->TraceConnectWithoutContext("Reported", MakeCallback(&RunObserver::OnReported, this));
    if (s.detector)
    {
        s.detector->TraceConnectWithoutContext("Alarm", MakeCallback(&RunObserver::OnAlarm, this));
    }
    if (s.rollout)
    {
        s.rollout->TraceConnectWithoutContext("WaveStarted",
                                              MakeCallback(&RunObserver::OnWaveStarted, this));
        s.rollout->TraceConnectWithoutContext("WaveEnded",
                                              MakeCallback(&RunObserver::OnWaveEnded, this));
        s.rollout->TraceConnectWithoutContext("RolloutEnded",
                                              MakeCallback(&RunObserver::OnRolloutEnded, this));
    }
}

void
RunObserver::OnTransition(const Transition& step)
{
    if (step.machine == Machine::HEALTH)
    {
        m_exposure.Step(step.time, IsExposed(step.from), IsExposed(step.to));
    }
    if (step.machine == Machine::UPDATE)
    {
        CountUpdated(step);
    }
    if (IsHarm(step))
    {
        m_harmed.insert(step.device);
    }
    if (m_simulation.scenario.record.transitions)
    {
        m_database.Add(TransitionRow{m_runId,
                                     ToSeconds(step.time),
                                     static_cast<uint32_t>(step.device),
                                     std::string(MACHINE_NAMES[Index(step.machine)]),
                                     std::string(StateName(step.machine, step.from)),
                                     std::string(StateName(step.machine, step.to)),
                                     std::string(step.cause)});
    }
    if (m_keepsEvents)
    {
        if (const auto event =
                ClassifyStep(step.machine, step.from, step.to, RunsTarget(step.device)))
        {
            AddEvent(step.time, step.device, *event);
        }
    }
    if (m_hook && step.machine == Machine::UPDATE)
    {
        m_hook();
    }
}

bool
RunObserver::RunsTarget(DeviceId device) const
{
    return m_simulation.fleet->Firmware(device) == m_simulation.target;
}

void
RunObserver::AddEvent(Tick when, DeviceId device, DeviceEvent event)
{
    m_database.Add(DeviceEventRow{m_runId,
                                  ToSeconds(when),
                                  static_cast<uint32_t>(device),
                                  std::string(DEVICE_EVENT_NAMES[Index(event)])});
}

/// Devices that do not begin in the factory, idle and healthy (joined already, say) have stories
/// that begin with that.
void
RunObserver::AddInitialEvents()
{
    const auto& fleet = *m_simulation.fleet;
    const Tick now = Simulator::Now().GetNanoSeconds();
    for (uint32_t i = 0; i < fleet.Size(); ++i)
    {
        const DeviceId d{i};
        const auto add = [&](Machine machine, auto from, auto to) {
            const auto event = ClassifyStep(machine,
                                            static_cast<uint8_t>(from),
                                            static_cast<uint8_t>(to),
                                            RunsTarget(d));
            if (event && from != to)
            {
                AddEvent(now, d, *event);
            }
        };
        add(Machine::ENROLMENT, Enrolment::FACTORY, fleet.GetEnrolment(d));
        add(Machine::UPDATE, UpdateState::IDLE, fleet.GetUpdate(d));
        add(Machine::HEALTH, Health::HEALTHY, fleet.GetHealth(d));
        add(Machine::ACCESS, Access::NONE, fleet.GetAccess(d));
    }
}

/// A device that went back has confirmed an older image, and does not count when it leaves that.
void
RunObserver::CountUpdated(const Transition& step)
{
    constexpr auto CONFIRMED = static_cast<uint8_t>(UpdateState::CONFIRMED);
    const bool isUpdated = step.to == CONFIRMED && RunsTarget(step.device);
    auto counts = m_countsAsUpdated[Index(step.device)];
    m_updated += isUpdated ? 1 : 0;
    m_updated -= counts ? 1 : 0;
    counts = isUpdated;
}

uint64_t
RunObserver::HarmedBeforeAbort() const
{
    const bool stopped =
        m_stoppedForGood || (m_simulation.rollout && m_simulation.rollout->IsPaused());
    return stopped ? m_harmedAtStop.value_or(m_harmed.size()) : m_harmed.size();
}

void
RunObserver::OnFailure(DeviceId device, std::string_view cause, const std::string& detail)
{
    m_database.Add(FailureRow{m_runId,
                              static_cast<uint32_t>(device),
                              Simulator::Now().GetSeconds(),
                              std::string(cause),
                              detail});
}

/// What became of a device as the operator sees it. That it was updated, or went back, stands in
/// table `device`.
void
RunObserver::OnSettled(DeviceId device,
                       UpdateBelief belief,
                       std::string_view cause,
                       const std::string& detail)
{
    if (belief == UpdateBelief::UPDATED || belief == UpdateBelief::WENT_BACK)
    {
        return;
    }
    m_givenUp.GiveUp(device);
    m_database.Add(GivenUpRow{m_runId,
                              static_cast<uint32_t>(device),
                              Simulator::Now().GetSeconds(),
                              belief == UpdateBelief::FAILED ? "failed" : "unreported",
                              std::string(cause),
                              detail});
}

/// Who reports that it went back to an older image is not updated after all.
void
RunObserver::OnReported(DeviceId device, UpdateBelief belief)
{
    if (belief == UpdateBelief::UPDATED &&
        m_simulation.registry.Firmware(device) == m_simulation.target)
    {
        m_givenUp.Believe(device, Simulator::Now().GetSeconds());
    }
}

void
RunObserver::Finish()
{
    m_database.Correct(m_runId, m_givenUp.Corrections());
}

void
RunObserver::OnAlarm(const AlarmRecord& alarm)
{
    m_database.Add(AlarmRow{m_runId,
                            ToSeconds(alarm.time),
                            static_cast<uint32_t>(alarm.device),
                            alarm.isTrue});
}

void
RunObserver::OnGroupFrame(const GroupReception& reception)
{
    if (reception.frame.number == 0)
    {
        return; // a command
    }
    const auto [span, isNew] =
        m_fragments.try_emplace(reception.group,
                                FragmentSpan{reception.received, reception.received});
    span->second.last = reception.received;
}

std::optional<RunObserver::FragmentSpan>
RunObserver::Fragments(GroupId group) const
{
    const auto span = m_fragments.find(group);
    return span == m_fragments.end() ? std::nullopt : std::optional(span->second);
}

TrafficSnapshot
RunObserver::Traffic() const
{
    TrafficSnapshot now;
    for (const auto& gateway : m_simulation.network->Gateways())
    {
        now.downlinkAirtimeS += gateway->DownlinkAirtimeS();
    }
    const auto& mac = m_simulation.network->Mac().Counters();
    now.uplinkAirtimeS = mac.uplinkAirtimeS;
    now.telemetryGenerated = mac.telemetryGenerated;
    const auto& server = m_simulation.network->Server().Counters();
    now.telemetryDelivered = server.telemetryDelivered;
    now.bytesCampaign = server.bytesCampaign;
    now.air = m_simulation.service->Totals().air;
    return now;
}

/// A device is set up for one block at a time, and its newest session is where that came from.
void
RunObserver::OnReceived(DeviceId device)
{
    if (const auto session = m_simulation.service->NewestSessionOf(device))
    {
        ++m_completed[*session];
    }
}

uint32_t
RunObserver::CompletedIn(const SessionRecord& session) const
{
    const auto found = m_completed.find(session.id);
    return found == m_completed.end() ? 0 : found->second;
}

/// A device may be in another wave later: the wave is that of the session's start.
void
RunObserver::OnSessionStarted(const SessionRecord& session)
{
    if (const auto wave = WaveOf(session))
    {
        m_waveOfSession.try_emplace(session.id, *wave);
    }
}

std::optional<uint32_t>
RunObserver::WaveOf(const SessionRecord& session) const
{
    if (const auto known = m_waveOfSession.find(session.id); known != m_waveOfSession.end())
    {
        return known->second;
    }
    if (!m_simulation.rollout || session.firstMember == NO_DEVICE)
    {
        return std::nullopt;
    }
    return m_simulation.rollout->WaveOf(session.firstMember);
}

void
RunObserver::OnWaveStarted(const WaveRecord& wave)
{
    if (!m_atStart)
    {
        m_atStart = Traffic();
        m_exposure.CountFrom(wave.started);
    }
    if (wave.isRollBack)
    {
        NoteStop(true); // by hand it may come after a pause
    }
    else if (!m_stoppedForGood)
    {
        m_isStopped = false;
    }
}

/// A pause may be resumed; a roll-back and an abort are for good.
void
RunObserver::OnWaveEnded(const WaveRecord& wave)
{
    const bool forGood =
        wave.decision == WaveDecision::ABORT || wave.decision == WaveDecision::ROLL_BACK;
    if (forGood || wave.decision == WaveDecision::PAUSE)
    {
        NoteStop(forGood);
    }
}

void
RunObserver::NoteStop(bool forGood)
{
    if (m_stoppedForGood)
    {
        return;
    }
    if (!m_isStopped)
    {
        m_harmedAtStop = m_harmed.size();
    }
    m_isStopped = true;
    m_stoppedForGood = forGood;
}

void
RunObserver::OnRolloutEnded(const WaveRecord& wave)
{
    m_atEnd = Traffic();
    if (wave.decision == WaveDecision::ABORT) // by hand, between two waves
    {
        NoteStop(true);
    }
}

void
RunObserver::RecordProgress()
{
    const auto& s = m_simulation;
    const auto count = [&](Machine machine, auto state) {
        return uint64_t{s.fleet->Count(machine, static_cast<uint8_t>(state))};
    };
    ProgressRow row;
    row.runId = m_runId;
    row.tS = Simulator::Now().GetSeconds();
    row.enrolled = count(Machine::ENROLMENT, Enrolment::ENROLLED);
    row.updated = m_updated;
    row.failed = count(Machine::UPDATE, UpdateState::FAILED) +
                 count(Machine::UPDATE, UpdateState::ROLLED_BACK);
    row.quarantined =
        count(Machine::ACCESS, Access::RESTRICTED) + count(Machine::ACCESS, Access::BLOCKED);
    row.compromised = count(Machine::HEALTH, Health::COMPROMISED);
    row.bricked = count(Machine::HEALTH, Health::BRICKED);
    row.believedUpdated = s.registry.Count(UpdateBelief::UPDATED);
    row.notified = s.fleet->Size() - count(Machine::UPDATE, UpdateState::IDLE);
    row.received = count(Machine::UPDATE, UpdateState::VERIFYING) +
                   count(Machine::UPDATE, UpdateState::INSTALLING) +
                   count(Machine::UPDATE, UpdateState::TRIAL) +
                   count(Machine::UPDATE, UpdateState::CONFIRMED) +
                   count(Machine::UPDATE, UpdateState::ROLLED_BACK);
    row.believedEnrolled = s.registry.EnrolledCount();
    row.believedFailed =
        s.registry.Count(UpdateBelief::FAILED) + s.registry.Count(UpdateBelief::UNREPORTED);
    m_database.Add(row);
}

} // namespace ns3::iotfleet
