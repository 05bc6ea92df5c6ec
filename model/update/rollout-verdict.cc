// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <utility>

/**
 * @file
 * Rollout: what became of a wave, and what follows from it.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("RolloutVerdict");

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

bool
Rollout::HasNews()
{
    // Successes stop no wave, and there are a thousand times as many of them. But they make up the
    // minimum that a stop rule waits for, and what a wave that ends early does.
    const bool counts = !m_stopRules.empty() || CurrentWave().advanceEarly;
    const auto successes = counts ? m_registry->Count(UpdateBelief::UPDATED) : 0;
    const std::array<uint32_t, 3> seen{m_registry->Count(UpdateBelief::FAILED),
                                       m_registry->Count(UpdateBelief::UNREPORTED),
                                       successes};
    const bool ended = m_dispatcher->TakeNews();
    return std::exchange(m_seen, seen) != seen || ended;
}

void
Rollout::Recount()
{
    m_dispatcher->Refresh(Now());
    m_records.back().counts = m_dispatcher->Count();
}

void
Rollout::Look()
{
    if (m_rollingBack)
    {
        return LookAtRollBack();
    }
    m_dispatcher->Refresh(Now());
    if ((HasNews() && (StopIfBad() || AdvanceEarly())) || m_phase != Phase::RUNNING ||
        !m_dispatcher->Follows())
    {
        return;
    }
    Offer();
    if (m_dispatcher->IsDone())
    {
        ReportsAreIn();
    }
}

/// Of the waves before the current one.
WaveCounts
Rollout::CountsBefore() const
{
    WaveCounts counts;
    for (size_t i = 0; i + 1 < m_records.size(); ++i)
    {
        counts += m_records[i].counts;
    }
    return counts;
}

bool
Rollout::StopIfBad()
{
    Recount();
    const auto counts = m_records.back().counts;
    const auto verdict = m_gate->Judge(CurrentWave(), counts, false);
    if (!verdict.good)
    {
        Stop(verdict.reason, m_onError);
        return true;
    }
    auto all = CountsBefore();
    all += counts;
    for (auto& rule : m_stopRules)
    {
        const auto why = rule.Judge(Now(), counts, all);
        if (!why.empty())
        {
            rule.StartAnew(all);
            Stop(why, rule.Action());
            return true;
        }
    }
    return false;
}

void
Rollout::ReportsAreIn()
{
    m_distributed = true;
    if (m_rollingBack)
    {
        if (m_timedOut)
        {
            m_distributor->StopOffering();
        }
        return LookAtRollBack();
    }
    if (StopIfBad())
    {
        return;
    }
    m_phase = Phase::SOAKING;
    m_deadline = Now() + ToTicks(CurrentWave().soakS);
    if (m_timedOut && CurrentWave().stopAtTimeout)
    {
        m_distributor->StopOffering();
    }
    if (CurrentWave().soakS <= 0)
    {
        EndSoak();
    }
}

/// The wave has had its time. Who was never offered the image may join a later one.
void
Rollout::OnTimeOut()
{
    m_timedOut = true;
    const auto why = m_dispatcher->Blocked();
    ReleaseUnoffered(why.empty() ? "" : " (" + why + ")");
    ReportsAreIn();
}

void
Rollout::ReleaseUnoffered(const std::string& why)
{
    const auto unoffered = m_dispatcher ? m_dispatcher->Close() : std::vector<DeviceId>{};
    for (const auto device : unoffered)
    {
        m_waveOf.Set(Index(device), 0);
        m_registry->SetUpdate(device, UpdateBelief::IDLE);
    }
    m_taken -= m_rollingBack ? 0 : unoffered.size();
    if (!unoffered.empty())
    {
        m_notes += "; " + std::to_string(unoffered.size()) + " devices were never offered" + why;
    }
}

void
Rollout::EndSoak()
{
    Recount();
    const auto verdict = m_gate->Judge(CurrentWave(), m_records.back().counts, true);
    if (!verdict.good)
    {
        Stop(verdict.reason, m_onError);
        return;
    }
    if (!HasMore() && !m_trailing.IsEmpty())
    {
        m_deadline = Now() + CheckSpacing(); // the last wave waits for the earlier ones
        return;
    }
    if (!HasMore())
    {
        CloseWave(WaveDecision::FINISH, verdict.reason);
        return;
    }
    KeepTrailing();
    if (CurrentWave().thenPause)
    {
        m_stoppedMidway = false;
        HoldRollout();
        CloseWave(WaveDecision::PAUSE, verdict.reason + "; the plan waits for the operator");
        return;
    }
    CloseWave(WaveDecision::ADVANCE, verdict.reason);
    StartNextWave();
}

/// Nothing happens until somebody resumes, or until the configured time has passed.
void
Rollout::HoldRollout()
{
    m_phase = Phase::PAUSED;
    m_event.Cancel();
    m_resumeEvent.Cancel();
    if (m_resumeAfter.IsStrictlyPositive())
    {
        m_resumeEvent = Simulator::Schedule(m_resumeAfter, &Rollout::Resume, this);
    }
}

void
Rollout::Stop(const std::string& reason, ErrorAction action)
{
    m_stoppedMidway = !m_distributed || m_timedOut || !m_trailing.IsEmpty();
    m_event.Cancel();
    // The wave is over before the distributor hears of it: distributions that have not begun finish
    // at once, and must not be judged a second time.
    if (action == ErrorAction::PAUSE)
    {
        HoldRollout();
        m_distributor->StopOffering();
        return CloseWave(WaveDecision::PAUSE, reason);
    }
    m_phase = Phase::ENDED;
    m_distributor->StopOffering();
    ReleaseUnoffered("");
    CloseWave(action == ErrorAction::ABORT ? WaveDecision::ABORT : WaveDecision::ROLL_BACK, reason);
    if (action == ErrorAction::ROLL_BACK)
    {
        StartRollBack();
    }
}

void
Rollout::CloseWave(WaveDecision decision, std::string reason)
{
    auto& record = m_records.back();
    record.ended = Now();
    record.decision = decision;
    record.reason = std::move(reason) + (m_timedOut ? "; the wave ran into its time-out" : "") +
                    std::exchange(m_notes, {});
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
    m_resumeEvent.Cancel();
    m_rolloutEnded(last);
}

} // namespace ns3::iotfleet
