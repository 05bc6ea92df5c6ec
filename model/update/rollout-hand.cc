// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/simulator.h"

#include <algorithm>

/**
 * @file
 * Rollout: what the operator does by hand.
 */
namespace ns3::iotfleet
{

/// Does what the operator had in his calendar.
void
Rollout::Act(const std::string& action)
{
    if (action == "pause")
    {
        Pause("the operator paused");
    }
    else if (action == "resume")
    {
        Resume();
    }
    else if (action == "roll-back")
    {
        RollBack("the operator rolled back");
    }
    else
    {
        Abort("the operator aborted");
    }
}

void
Rollout::Pause(const std::string& reason)
{
    if (m_rollingBack || m_phase == Phase::ENDED || m_phase == Phase::PAUSED)
    {
        return;
    }
    if (!m_begun)
    {
        m_phase = Phase::PAUSED;
        return;
    }
    if (m_phase == Phase::IDLE)
    {
        m_stoppedMidway = !m_trailing.IsEmpty();
        StopTrailing();
        HoldRollout();
    }
    else
    {
        Recount();
        Stop(reason, ErrorAction::PAUSE);
    }
    m_resumeEvent.Cancel(); // a hand that paused is a hand that resumes
}

void
Rollout::Resume()
{
    if (m_phase != Phase::PAUSED)
    {
        return;
    }
    m_resumeEvent.Cancel();
    m_phase = Phase::IDLE;
    if (!m_begun)
    {
        return;
    }
    const bool isCut = m_stoppedMidway && (!m_distributed || m_timedOut);
    auto again = isCut ? m_dispatcher->Unfinished() : std::vector<DeviceId>{};
    if (m_stoppedMidway)
    {
        const auto earlier = m_trailing.TakeUnfinished(*m_registry);
        again.insert(again.end(), earlier.begin(), earlier.end());
        std::ranges::sort(again);
        again.erase(std::ranges::unique(again).begin(), again.end());
    }
    if (!again.empty())
    {
        StartWave(std::move(again));
    }
    else if (HasMore())
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
        Recount();
        Stop(reason, ErrorAction::ABORT);
    }
    else if (m_phase != Phase::ENDED)
    {
        ReleaseUnoffered("");
        StopTrailing();
        WaveRecord last = m_records.empty() ? WaveRecord{} : m_records.back();
        last.decision = WaveDecision::ABORT;
        last.reason = reason;
        EndRollout(last);
    }
}

void
Rollout::RollBack(const std::string& reason)
{
    if (m_rollingBack)
    {
        return;
    }
    if (m_taken == 0)
    {
        return Abort(reason);
    }
    if (m_phase == Phase::RUNNING || m_phase == Phase::SOAKING)
    {
        Recount();
        Stop(reason, ErrorAction::ROLL_BACK);
        return;
    }
    m_event.Cancel();
    m_resumeEvent.Cancel();
    ReleaseUnoffered("");
    StopTrailing();
    StartRollBack();
}

} // namespace ns3::iotfleet
