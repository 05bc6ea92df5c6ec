// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/wire/lorawan-class-b.h"
#include "model/wire/ts004-fragmentation.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <utility>

/**
 * @file
 * DistributionSession: how long things take, and so for how long members are to listen. A pass that
 * does not fit into their window goes on in further ones, each with a session request of its own
 * (TS005); devices keep the fragments that they have.
 */
namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;

namespace
{

/// Nothing begins on the air so shortly before a window ends, besides a frame's own time.
constexpr double END_MARGIN_S = 2;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

/// Waits for the end of what is queued, or of the window, whichever comes first.
void
DistributionSession::RunPass()
{
    m_stage = Stage::PASS;
    if (!m_plan.carousel)
    {
        NextStepAfter(ToSeconds(WindowEnd() - Now()) - END_MARGIN_S - PaceOf(m_plan.dataRate).airS);
    }
    WhenIdle();
}

/// Whether the present window lasts that long.
bool
DistributionSession::HasRoom(double seconds) const
{
    return ToSeconds(WindowEnd() - Now()) > seconds + 2 * END_MARGIN_S;
}

/// A further pass, at once or as soon as members hold the key and listen.
void
DistributionSession::SendPass(Stretch stretch)
{
    m_pass = {stretch};
    if (m_awaitedKeys > 0)
    {
        m_stage = Stage::REKEY;
        return LookAtKeys();
    }
    HasRoom(FrameIntervalS(stretch.dataRate)) ? ResumePass() : NextWindow();
}

/// Queues what waits.
void
DistributionSession::ResumePass()
{
    for (const auto& stretch : std::exchange(m_pass, {}))
    {
        SendFragments(stretch.first, stretch.count, stretch.dataRate);
    }
    RunPass();
}

/// Takes back what has not gone out; it waits in m_pass. Returns how many fragments that is.
uint32_t
DistributionSession::CutPass()
{
    if (m_stage != Stage::PASS)
    {
        return 0; // what waits was never queued
    }
    const uint32_t dropped = m_service.m_env.access->DropGroupFrames(m_group);
    std::vector<Stretch> rest;
    uint32_t left = dropped;
    for (auto it = m_pass.rbegin(); it != m_pass.rend() && left > 0; ++it)
    {
        const uint32_t count = std::min(left, it->count);
        rest.insert(rest.begin(), {it->first + it->count - count, count, it->dataRate});
        left -= count;
    }
    m_pass = std::move(rest);
    m_record.fragmentsSent -= dropped;
    m_service.m_totals.bytesMulticast -=
        uint64_t{dropped} * (m_setup.fragSize + ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    return dropped;
}

/// Nobody listens any more: the rest of the pass is for another window. The frame that is on the
/// air, if one is, still belongs to this one.
void
DistributionSession::OnWindowOver()
{
    if (CutPass() > 0)
    {
        NextWindow();
    }
}

/// Calls the members that may lack fragments again. A window in which nothing could be sent (no
/// gateway was there) is the last one.
void
DistributionSession::NextWindow()
{
    ++m_generation; // no step is awaited any more
    const bool isStuck = m_windows > 0 && m_frames == m_framesBefore;
    if (m_stopped || m_isGroupDropped || isStuck)
    {
        m_pass.clear();
        return StartUnicast();
    }
    ++m_windows;
    m_framesBefore = m_frames;
    // Devices whose clocks are slow still listen to the old window.
    m_window = WindowEnd() + ToTicks(m_service.m_config.startMarginS + END_MARGIN_S);
    PlanWindow();
    m_service.m_env.access->AnnounceWindow(m_group, m_start, WindowEnd());
    EnterSetup(Stage::SESSION_SETUP);
    if (m_awaited == 0)
    {
        ++m_generation;
        StartUnicast(); // nobody is left
    }
}

/// How long what is left of the present pass takes, as far as duty cycle and pacing tell.
double
DistributionSession::RestS() const
{
    if (m_windows == 0)
    {
        return FirstPassS();
    }
    double seconds = 0;
    for (const auto& stretch : m_pass)
    {
        seconds += stretch.count * FrameIntervalS(stretch.dataRate);
    }
    return seconds;
}

/// Frames that the session has yet to send in its present pass, or in its first one.
uint32_t
DistributionSession::FramesAhead() const
{
    if (m_plan.unicast || m_plan.carousel || m_stage > Stage::STATUS || m_setup.nbFrag == 0)
    {
        return 0;
    }
    if (m_stage <= Stage::SESSION_SETUP && m_windows == 0)
    {
        return m_plan.ladder.empty()
                   ? m_setup.nbFrag + m_coded
                   : StepFragments() * static_cast<uint32_t>(m_plan.ladder.size());
    }
    uint32_t frames = m_stage == Stage::PASS ? m_service.m_env.access->PendingToGroup(m_group) : 0;
    if (m_stage != Stage::PASS)
    {
        for (const auto& stretch : m_pass)
        {
            frames += stretch.count;
        }
    }
    return frames;
}

bool
DistributionSession::SharesGatewaysWith(const DistributionSession& other) const
{
    const auto& mine = m_plan.gateways;
    const auto& theirs = other.m_plan.gateways;
    return mine.empty() || theirs.empty() || std::ranges::any_of(mine, [&](GatewayId gateway) {
               return std::ranges::find(theirs, gateway) != theirs.end();
           });
}

/// Sessions that run at the same time share the duty cycle of their gateways: frames take turns.
double
DistributionSession::SharedAirS() const
{
    const uint32_t own = FramesAhead();
    double seconds = 0;
    for (const auto& other : m_service.m_sessions)
    {
        if (other.get() != this && SharesGatewaysWith(*other))
        {
            const uint32_t frames = std::min(own, other->FramesAhead());
            seconds += frames * (frames > 0 ? other->AirIntervalS(other->m_plan.dataRate) : 0);
        }
    }
    return seconds;
}

/// How long the fragments of the first pass take, as far as duty cycle and pacing tell.
double
DistributionSession::FirstPassS() const
{
    if (m_plan.ladder.empty())
    {
        return (m_setup.nbFrag + m_coded) * FrameIntervalS(m_plan.dataRate);
    }
    double seconds = 0;
    for (const uint8_t dataRate : m_plan.ladder)
    {
        seconds += StepFragments() * FrameIntervalS(dataRate);
    }
    return seconds;
}

double
DistributionSession::StatusWaitS() const
{
    const auto& config = m_service.m_config;
    return config.repair.statusTimeoutS > 0 ? config.repair.statusTimeoutS
                                            : std::ldexp(1.0, config.blockAckDelay + 4) + 60;
}

/// Time-outs count in units of this, seconds.
double
DistributionSession::TimeOutUnitS() const
{
    return m_service.m_config.sessionClass == "B" ? wire::BEACON_PERIOD_S : 1;
}

/// How long members are to listen: what is left of the pass, further rounds, and others' share of
/// the air, with a fifth more.
double
DistributionSession::PredictedWindowS() const
{
    const auto& config = m_service.m_config;
    if (m_plan.carousel)
    {
        return 1.2 * (config.strategy.carousel.windowS + StatusWaitS());
    }
    const double rounds = config.statusRequest ? config.repair.multicastRounds : 0;
    const double perRound = m_fec == FecCode::NONE
                                ? m_setup.nbFrag
                                : std::ceil(m_setup.nbFrag * config.repair.redundancyStep);
    const double sendingS = RestS() + rounds * perRound * FrameIntervalS(m_plan.dataRate);
    const double groups = config.strategy.parityGroups;
    const double polls = rounds + groups + (groups > 1 ? 1 : 0); // the last one asks everybody
    return 1.2 * (sendingS + SharedAirS() + polls * StatusWaitS());
}

Tick
DistributionSession::WindowEnd() const
{
    return m_start + ToTicks(std::ldexp(TimeOutUnitS(), m_timeOut));
}

} // namespace ns3::iotfleet
