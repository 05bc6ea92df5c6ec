// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

/**
 * @file
 * Rollout: what the operator does by hand.
 */
namespace ns3::iotfleet
{

namespace
{

/// The wave had ended; then the operator decided otherwise.
void
Amend(WaveRecord& last, WaveDecision decision, const std::string& why)
{
    last.decision = decision;
    last.reason += (last.reason.empty() ? "" : "; then ") + why;
}

} // namespace

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
        Amend(m_records.back(), WaveDecision::FINISH, "resumed, and nobody was left");
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
        WaveRecord none;
        auto& last = m_records.empty() ? none : m_records.back();
        Amend(last, WaveDecision::ABORT, reason + std::exchange(m_notes, {}));
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
    if (m_phase != Phase::ENDED)
    {
        Amend(m_records.back(), WaveDecision::ROLL_BACK, reason + std::exchange(m_notes, {}));
    }
    StartRollBack();
}

} // namespace ns3::iotfleet
