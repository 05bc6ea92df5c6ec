// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "model/ns3-compat.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
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

/// "2.5 h", for sentences.
std::string
InHours(Tick ticks)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g h", ToSeconds(ticks) / 3600);
    return text;
}

} // namespace

Rollout::Rollout() = default;
Rollout::~Rollout() = default;

void
Rollout::DoDispose()
{
    m_event.Cancel();
    m_resumeEvent.Cancel();
    std::ranges::for_each(m_actionEvents, [](EventId& event) { event.Cancel(); });
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
Rollout::SetFailures(const FailureBook* failures)
{
    m_failures = failures;
}

void
Rollout::SetInventory(InventoryColumns inventory)
{
    m_inventory = std::move(inventory);
}

void
Rollout::SetUtcOffsets(std::vector<Tick> offsets)
{
    m_utcOffsets = std::move(offsets);
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
    MakePolicies();
    m_image = image;
    m_scope = std::move(scope);
    m_event = Simulator::Schedule(Max(m_start - Simulator::Now(), Time(0)), &Rollout::Begin, this);
    for (const auto& action : m_actions)
    {
        const Time wait = Max(Seconds(action.atS) - Simulator::Now(), Time(0));
        m_actionEvents.push_back(Simulator::Schedule(wait, &Rollout::Act, this, action.action));
    }
}

void
Rollout::MakePolicies()
{
    m_view = std::make_unique<OperatorView>(*m_registry, m_inventory);
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
    m_filters.clear();
    std::ranges::transform(m_waves, std::back_inserter(m_filters), &WaveConfig::filter);
    const bool isEarly = std::ranges::any_of(m_waves, &WaveConfig::advanceEarly);
    m_dispatcher = std::make_unique<WaveDispatcher>(m_dispatch,
                                                    *m_view,
                                                    *m_registry,
                                                    m_failures,
                                                    m_utcOffsets,
                                                    m_random);
    NS_ABORT_MSG_IF(isEarly && m_dispatcher->Follows(),
                    "waves that end early go with no policy that follows single devices");
    for (const auto& rule : m_stopRuleConfigs)
    {
        m_stopRules.emplace_back(rule);
    }
}

void
Rollout::Begin()
{
    // Only now: the registry may still grow until the simulation runs.
    m_waveOf = IndexColumn();
    m_waveOf.Reserve(m_registry->Size());
    m_targeted.assign(m_registry->Size(), false);
    m_begun = true;
    if (m_phase == Phase::IDLE)
    {
        StartNextWave();
        Arm();
    }
}

void
Rollout::OpenWave(const WaveConfig& wave, size_t members)
{
    m_timedOut = false;
    if (!m_waitedFor.empty())
    {
        m_notes += "; had waited " + InHours(Now() - m_waitSince) + " for " + m_waitedFor;
        m_waitedFor.clear();
    }
    WaveRecord record;
    record.wave = static_cast<uint32_t>(m_records.size() + 1);
    record.name = wave.name;
    record.isRollBack = m_rollingBack;
    record.started = Now();
    record.counts.targeted = static_cast<uint32_t>(members);
    m_records.push_back(record);
    m_waveStarted(m_records.back());
}

void
Rollout::StartWave(std::vector<DeviceId> devices)
{
    const auto& wave = CurrentWave();
    for (const auto device : devices)
    {
        if (!m_rollingBack)
        {
            m_waveOf.Set(Index(device), static_cast<uint16_t>(m_records.size() + 1));
            m_targeted[Index(device)] = true;
        }
        MarkTargeted(device);
    }
    m_phase = Phase::RUNNING;
    m_distributed = false;
    m_stoppedMidway = false;
    m_deadline = Now() + ToTicks(wave.timeoutS);
    const auto members = devices.size();
    const auto queue =
        m_dispatcher->Follows() ? InOrder(devices, *m_order, m_random) : std::vector<DeviceId>{};
    std::vector<DeviceId> scope;
    if (m_dispatcher->HasBudgets())
    {
        scope = m_scope;
        for (uint32_t i = 0; m_scope.empty() && i < m_registry->Size(); ++i)
        {
            scope.push_back(DeviceId{i});
        }
    }
    m_dispatcher->Begin(std::move(devices), queue, scope);
    OpenWave(wave, members);
    NS_LOG_INFO("wave " << m_records.size() << " with " << members << " devices");
    Offer();
}

/// The device gets another try or its first. One that ended in silence may have brought the image.
void
Rollout::MarkTargeted(DeviceId device)
{
    if (m_registry->Update(device) == UpdateBelief::UNREPORTED)
    {
        m_mayHaveIt.resize(m_registry->Size());
        m_mayHaveIt[Index(device)] = true;
    }
    m_registry->SetUpdate(device, UpdateBelief::TARGETED);
}

/// Gives the distributor whoever may be offered the image now.
void
Rollout::Offer()
{
    auto batch = m_dispatcher->Release(Now());
    if (batch.devices.empty())
    {
        return;
    }
    for (const auto device : batch.devices)
    {
        MarkTargeted(device); // a further try was FAILED or UNREPORTED before
    }
    const auto number = m_records.back().wave;
    const auto finished = [rollout = Ptr<Rollout>(this), number, id = batch.id] {
        rollout->OnDistributed(number, id);
    };
    if (m_rollingBack)
    {
        return m_distributor->BringBack(std::move(batch.devices), m_rollBackImage, finished);
    }
    m_distributor->Distribute(std::move(batch.devices), m_image, finished);
}

void
Rollout::OnDistributed(uint32_t wave, uint32_t batch)
{
    const bool isOpen = m_phase == Phase::RUNNING || m_phase == Phase::SOAKING;
    if (!isOpen || m_records.back().wave != wave || m_distributed)
    {
        // A distribution of an earlier, stopped wave may still come to its end.
        return m_trailing.Close(wave - 1, Now());
    }
    m_dispatcher->Finish(batch);
    if (m_phase == Phase::SOAKING)
    {
        return; // the wave has ended early
    }
    if (m_dispatcher->Follows())
    {
        Look();
        Arm();
    }
    else if (m_dispatcher->IsDone())
    {
        ReportsAreIn();
        Arm();
    }
}

void
Rollout::OnTimer()
{
    if (LookAtTrailing())
    {
        return Arm();
    }
    switch (m_phase)
    {
    case Phase::IDLE:
        StartNextWave();
        break;
    case Phase::RUNNING:
        Now() >= m_deadline ? OnTimeOut() : Look();
        break;
    case Phase::SOAKING:
        Now() >= m_deadline ? EndSoak() : Look();
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
        if (!LookAtTrailing())
        {
            StopIfBad();
        }
        Arm();
    }
}

Tick
Rollout::CheckSpacing() const
{
    const size_t scope = m_begun ? m_registry->Size() : 0;
    const auto devices = m_phase == Phase::IDLE ? scope : m_dispatcher->Size();
    return std::max<Tick>(m_checkInterval.GetNanoSeconds(),
                          static_cast<Tick>(devices) * CHECK_TICKS_PER_DEVICE);
}

/// When there may be something to do.
Tick
Rollout::NextLook() const
{
    const Tick spaced = Now() + CheckSpacing();
    if (m_phase == Phase::IDLE)
    {
        const auto open = Window().NextOpen(Now());
        return open > Now() ? open : spaced;
    }
    if (m_phase == Phase::SOAKING || !m_dispatcher->Follows())
    {
        return std::min(spaced, m_deadline);
    }
    const auto due = m_dispatcher->NextDue(Now());
    const Tick looks = m_dispatcher->NeedsLooks() ? spaced : m_deadline;
    return std::min({looks, due.value_or(m_deadline), m_deadline});
}

void
Rollout::Arm()
{
    m_event.Cancel();
    if (m_phase == Phase::PAUSED || m_phase == Phase::ENDED)
    {
        return;
    }
    const Tick wait = std::max<Tick>(NextLook() - Now(), 0);
    m_event = Simulator::Schedule(NanoSeconds(wait), &Rollout::OnTimer, this);
}

std::optional<uint32_t>
Rollout::WaveOf(DeviceId device) const
{
    const uint16_t wave = m_waveOf.Get(Index(device));
    return wave == 0 ? std::nullopt : std::optional<uint32_t>{wave};
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

size_t
Rollout::MemoryBytes() const
{
    const auto flags = m_targeted.capacity() + m_mayHaveIt.capacity() + m_sentBack.capacity() +
                       m_leftOut.capacity();
    return m_waveOf.MemoryBytes() + flags / 8 + m_scope.capacity() * sizeof(DeviceId) +
           m_trailing.MemoryBytes() + (m_dispatcher ? m_dispatcher->MemoryBytes() : 0);
}

} // namespace ns3::iotfleet
