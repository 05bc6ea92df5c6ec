// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/simulator.h"

/**
 * @file
 * Rollout: waves that let the next one start before all their reports are in.
 */
namespace ns3::iotfleet
{

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

/// Lets the running wave soak once its successes are enough for the next one; whether they are.
bool
Rollout::AdvanceEarly()
{
    if (m_phase != Phase::RUNNING || !CurrentWave().advanceEarly || !HasMore() ||
        !m_gate->Judge(CurrentWave(), m_records.back().counts, true).good)
    {
        return false;
    }
    m_phase = Phase::SOAKING;
    m_deadline = Now() + ToTicks(CurrentWave().soakS);
    if (CurrentWave().soakS <= 0)
    {
        EndSoak();
    }
    return true;
}

/// The wave is over for the rollout; its devices that are still at work are watched on.
void
Rollout::KeepTrailing()
{
    const auto& record = m_records.back();
    const auto pending = record.counts.Pending();
    if (!CurrentWave().advanceEarly || m_distributed || pending == 0)
    {
        return;
    }
    m_notes += "; " + std::to_string(pending) + " devices go on beside the next wave";
    m_trailing.Add({m_records.size() - 1,
                    CurrentWave(),
                    m_dispatcher->Members(),
                    record.started + ToTicks(CurrentWave().timeoutS)});
}

/// Counts and judges the waves that ended early; whether one of them stopped the rollout.
bool
Rollout::LookAtTrailing()
{
    if (m_trailing.IsEmpty())
    {
        return false;
    }
    size_t bad = 0;
    std::string reason;
    const auto judge = [&](const TrailingWave& wave, const WaveCounts& counts) {
        m_records[wave.record].counts = counts;
        const auto verdict = m_gate->Judge(wave.config, counts, false);
        bad = wave.record;
        reason = verdict.reason;
        return verdict.good;
    };
    if (m_trailing.Count(Now(), *m_registry, m_failures, judge))
    {
        return false;
    }
    StopForTrailing(bad, reason);
    return true;
}

/// Nobody of the waves that ended early is offered the image any more.
void
Rollout::StopTrailing()
{
    if (!m_trailing.IsEmpty())
    {
        m_distributor->StopOffering();
    }
}

void
Rollout::StopForTrailing(size_t bad, const std::string& reason)
{
    auto& record = m_records[bad];
    record.reason += "; then " + reason;
    if (m_phase != Phase::IDLE)
    {
        Recount();
        return Stop("wave " + std::to_string(record.wave) + ": " + reason, m_onError);
    }
    // No wave is open that could be closed.
    record.ended = Now();
    m_stoppedMidway = true;
    m_distributor->StopOffering();
    if (m_onError == ErrorAction::PAUSE)
    {
        record.decision = WaveDecision::PAUSE;
        HoldRollout();
        return m_waveEnded(record); // again, with another decision
    }
    m_phase = Phase::ENDED;
    if (m_onError == ErrorAction::ABORT)
    {
        record.decision = WaveDecision::ABORT;
        return EndRollout(record);
    }
    record.decision = WaveDecision::ROLL_BACK;
    StartRollBack();
}

} // namespace ns3::iotfleet
