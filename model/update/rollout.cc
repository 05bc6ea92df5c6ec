// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "model/ns3-compat.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("Rollout");

namespace
{

/// Checks of large waves are spaced by this much a device, which bounds their cost.
constexpr Tick CHECK_TICKS_PER_DEVICE = TICKS_PER_SECOND / 1000;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

Rollout::Rollout() = default;
Rollout::~Rollout() = default;

void
Rollout::DoDispose()
{
    m_event.Cancel();
    m_phase = Phase::ENDED;
    m_registry = nullptr;
    m_distributor = nullptr;
    Object::DoDispose();
}

void
Rollout::SetRegistry(DeviceRegistry* registry)
{
    m_registry = registry;
}

void
Rollout::SetDistributor(Distributor* distributor)
{
    m_distributor = distributor;
}

void
Rollout::SetInventory(InventoryColumns inventory)
{
    m_inventory = std::move(inventory);
}

void
Rollout::SetRandom(const CounterRandom& random)
{
    m_random = random;
}

void
Rollout::SetOrder(std::unique_ptr<WaveOrder> order)
{
    m_order = std::move(order);
}

void
Rollout::SetGate(std::unique_ptr<RolloutGate> gate)
{
    m_gate = std::move(gate);
}

void
Rollout::Start(ImageId image, std::vector<DeviceId> scope)
{
    NS_ABORT_MSG_IF(!m_registry || !m_distributor, "a rollout needs a registry and a distributor");
    NS_ABORT_MSG_IF(!m_records.empty() || compat::IsPending(m_event), "a rollout starts once");
    if (!m_order)
    {
        m_order = MakeWaveOrder(m_orderKind, *m_registry, m_inventory);
    }
    if (!m_gate)
    {
        m_gate = std::make_unique<ThresholdGate>(m_unreported);
    }
    if (m_waves.empty())
    {
        m_waves.emplace_back();
    }
    m_image = image;
    m_scope = std::move(scope);
    m_event = Simulator::Schedule(Max(m_start - Simulator::Now(), Time(0)), &Rollout::Begin, this);
}

void
Rollout::Begin()
{
    // Only now: the registry may still grow until the simulation runs.
    m_waveOf.assign(m_registry->Size(), 0);
    StartNextWave();
    Arm();
}

bool
Rollout::IsEligible(DeviceId device) const
{
    // A blocked device cannot be reached; it joins a later wave once it is released.
    return m_waveOf[Index(device)] == 0 && (!m_requireEnrolled || m_registry->IsEnrolled(device)) &&
           m_registry->GetAccess(device) != Access::BLOCKED &&
           m_registry->Firmware(device) != m_image;
}

std::vector<DeviceId>
Rollout::Candidates() const
{
    std::vector<DeviceId> candidates;
    if (m_scope.empty())
    {
        for (uint32_t i = 0; i < m_registry->Size(); ++i)
        {
            if (IsEligible(DeviceId{i}))
            {
                candidates.push_back(DeviceId{i});
            }
        }
        return candidates;
    }
    std::ranges::copy_if(m_scope, std::back_inserter(candidates), [this](DeviceId device) {
        return IsEligible(device);
    });
    return candidates;
}

size_t
Rollout::Take(const WaveConfig& wave, size_t candidates) const
{
    if (wave.count)
    {
        return std::min<size_t>(*wave.count, candidates);
    }
    if (!wave.share || *wave.share >= 1)
    {
        return candidates;
    }
    const auto targets = static_cast<double>(m_taken + candidates);
    const auto wanted = static_cast<size_t>(std::ceil(*wave.share * targets - 1e-9));
    return std::clamp<size_t>(wanted, 1, candidates);
}

const WaveConfig&
Rollout::CurrentWave() const
{
    return m_waves[m_nextWave - 1];
}

void
Rollout::StartNextWave()
{
    m_phase = Phase::IDLE;
    if (!Window().IsOpen(Now()))
    {
        return;
    }
    const auto candidates = Candidates();
    if (candidates.empty() && m_taken == 0)
    {
        return; // nobody has enrolled yet
    }
    const auto& wave = m_waves[m_nextWave++];
    if (candidates.empty())
    {
        m_nextWave = m_waves.size();
        m_members.clear();
        OpenWave(wave);
        CloseWave(WaveDecision::FINISH, "no devices left to take");
        return;
    }
    auto devices = TakeFirst(candidates, Take(wave, candidates.size()), *m_order, m_random);
    m_taken += devices.size();
    StartWave(std::move(devices));
}

void
Rollout::OpenWave(const WaveConfig& wave)
{
    m_timedOut = false;
    WaveRecord record;
    record.wave = static_cast<uint32_t>(m_records.size() + 1);
    record.name = wave.name;
    record.started = Now();
    record.counts.targeted = static_cast<uint32_t>(m_members.size());
    m_records.push_back(record);
    m_waveStarted(m_records.back());
}

void
Rollout::StartWave(std::vector<DeviceId> devices)
{
    const auto& wave = CurrentWave();
    m_members = std::move(devices);
    for (const auto device : m_members)
    {
        m_waveOf[Index(device)] = static_cast<uint16_t>(m_records.size() + 1);
        m_registry->SetUpdate(device, UpdateBelief::TARGETED);
    }
    m_phase = Phase::RUNNING;
    m_distributed = false;
    m_deadline = Now() + ToTicks(wave.timeoutS);
    OpenWave(wave);
    NS_LOG_INFO("wave " << m_records.size() << " with " << m_members.size() << " devices");
    const auto number = m_records.back().wave;
    m_distributor->Distribute(m_members, m_image, [rollout = Ptr<Rollout>(this), number] {
        rollout->OnDistributed(number);
    });
}

void
Rollout::OnDistributed(uint32_t wave)
{
    // A distribution of an earlier, stopped wave may still come to its end.
    if (m_phase == Phase::RUNNING && m_records.back().wave == wave && !m_distributed)
    {
        ReportsAreIn();
        Arm();
    }
}

void
Rollout::OnTimer()
{
    switch (m_phase)
    {
    case Phase::IDLE:
        StartNextWave();
        break;
    case Phase::RUNNING:
        if (Now() >= m_deadline)
        {
            m_timedOut = true;
            ReportsAreIn();
            break;
        }
        Look();
        break;
    case Phase::SOAKING:
        if (Now() >= m_deadline)
        {
            EndSoak();
            break;
        }
        Look();
        break;
    case Phase::PAUSED:
    case Phase::ENDED:
        return;
    }
    Arm();
}

void
Rollout::Check()
{
    if (m_phase == Phase::RUNNING || m_phase == Phase::SOAKING)
    {
        StopIfBad();
        Arm();
    }
}

Tick
Rollout::CheckSpacing() const
{
    const auto devices = m_phase == Phase::IDLE ? m_waveOf.size() : m_members.size();
    return std::max<Tick>(m_checkInterval.GetNanoSeconds(),
                          static_cast<Tick>(devices) * CHECK_TICKS_PER_DEVICE);
}

void
Rollout::Arm()
{
    m_event.Cancel();
    if (m_phase == Phase::PAUSED || m_phase == Phase::ENDED)
    {
        return;
    }
    Tick due = Now() + CheckSpacing();
    if (m_phase == Phase::IDLE)
    {
        const auto open = Window().NextOpen(Now());
        due = open > Now() ? open : due;
    }
    else
    {
        due = std::min(due, m_deadline);
    }
    m_event = Simulator::Schedule(NanoSeconds(due - Now()), &Rollout::OnTimer, this);
}

bool
Rollout::HasNews()
{
    // Successes stop no wave, and there are a thousand times as many of them.
    const std::array<uint32_t, 2> seen{m_registry->Count(UpdateBelief::FAILED),
                                       m_registry->Count(UpdateBelief::UNREPORTED)};
    return std::exchange(m_seen, seen) != seen;
}

WaveCounts
Rollout::Count() const
{
    WaveCounts counts;
    counts.targeted = static_cast<uint32_t>(m_members.size());
    for (const auto device : m_members)
    {
        const auto belief = m_registry->Update(device);
        counts.succeeded += belief == UpdateBelief::UPDATED ? 1U : 0U;
        counts.failed += belief == UpdateBelief::FAILED ? 1U : 0U;
        counts.unreported += belief == UpdateBelief::UNREPORTED ? 1U : 0U;
    }
    if (m_distributed)
    {
        counts.unreported += counts.Pending();
    }
    return counts;
}

void
Rollout::Look()
{
    if (HasNews())
    {
        StopIfBad();
    }
}

bool
Rollout::StopIfBad()
{
    m_records.back().counts = Count();
    const auto verdict = m_gate->Judge(CurrentWave(), m_records.back().counts, false);
    if (!verdict.good)
    {
        Stop(verdict.reason, m_onError);
    }
    return !verdict.good;
}

void
Rollout::ReportsAreIn()
{
    m_distributed = true;
    if (StopIfBad())
    {
        return;
    }
    m_phase = Phase::SOAKING;
    m_deadline = Now() + ToTicks(CurrentWave().soakS);
    if (m_timedOut)
    {
        m_distributor->StopOffering();
    }
    if (CurrentWave().soakS <= 0)
    {
        EndSoak();
    }
}

void
Rollout::EndSoak()
{
    m_records.back().counts = Count();
    const auto verdict = m_gate->Judge(CurrentWave(), m_records.back().counts, true);
    if (!verdict.good)
    {
        Stop(verdict.reason, m_onError);
        return;
    }
    const bool isLast = m_nextWave >= m_waves.size();
    CloseWave(isLast ? WaveDecision::FINISH : WaveDecision::ADVANCE, verdict.reason);
    if (!isLast)
    {
        StartNextWave();
    }
}

void
Rollout::Stop(const std::string& reason, ErrorAction action)
{
    m_stoppedMidway = !m_distributed || m_timedOut;
    m_phase = action == ErrorAction::ABORT ? Phase::ENDED : Phase::PAUSED;
    m_event.Cancel();
    m_distributor->StopOffering();
    CloseWave(action == ErrorAction::ABORT ? WaveDecision::ABORT : WaveDecision::PAUSE, reason);
}

void
Rollout::CloseWave(WaveDecision decision, std::string reason)
{
    auto& record = m_records.back();
    record.ended = Now();
    record.decision = decision;
    record.reason = std::move(reason) + (m_timedOut ? "; the wave ran into its time-out" : "");
    NS_LOG_INFO("wave " << record.wave << ": " << WAVE_DECISION_NAMES[Index(decision)] << ", "
                        << record.reason);
    m_waveEnded(record);
    if (decision == WaveDecision::FINISH || decision == WaveDecision::ABORT)
    {
        EndRollout(record);
    }
}

void
Rollout::EndRollout(const WaveRecord& last)
{
    m_phase = Phase::ENDED;
    m_ended = Now();
    m_event.Cancel();
    m_rolloutEnded(last);
}

void
Rollout::Resume()
{
    if (m_phase != Phase::PAUSED)
    {
        return;
    }
    std::vector<DeviceId> again;
    if (m_stoppedMidway)
    {
        std::ranges::copy_if(m_members, std::back_inserter(again), [this](DeviceId device) {
            return m_registry->Update(device) != UpdateBelief::UPDATED;
        });
    }
    if (!again.empty())
    {
        StartWave(std::move(again));
    }
    else if (m_nextWave < m_waves.size())
    {
        StartNextWave();
    }
    else
    {
        EndRollout(m_records.back());
    }
    Arm();
}

void
Rollout::Abort(const std::string& reason)
{
    if (m_phase == Phase::RUNNING || m_phase == Phase::SOAKING)
    {
        m_records.back().counts = Count();
        Stop(reason, ErrorAction::ABORT);
    }
    else if (m_phase != Phase::ENDED)
    {
        WaveRecord last = m_records.empty() ? WaveRecord{} : m_records.back();
        last.decision = WaveDecision::ABORT;
        last.reason = reason;
        EndRollout(last);
    }
}

std::optional<uint32_t>
Rollout::WaveOf(DeviceId device) const
{
    if (Index(device) >= m_waveOf.size() || m_waveOf[Index(device)] == 0)
    {
        return std::nullopt;
    }
    return m_waveOf[Index(device)];
}

std::optional<Tick>
Rollout::StartedAt() const
{
    return m_records.empty() ? std::nullopt : std::optional{m_records.front().started};
}

bool
Rollout::IsPaused() const
{
    return m_phase == Phase::PAUSED;
}

} // namespace ns3::iotfleet
