// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/wire/ts004-parity.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession as a carousel: the stages of a session again and again. Each turn sets up
 * whoever has come since, tells all that are not complete of the next window, and sends fragments
 * for as long as the window is.
 */
namespace ns3::iotfleet
{

namespace
{

/// Frames of one group that receivers can tell apart (FragTracker), less a margin.
constexpr uint32_t MOST_FRAMES = 65000;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

void
DistributionSession::BeginCarousel()
{
    const auto& config = m_service.m_config;
    if (m_setup.nbFrag == 0 && !Prepare())
    {
        return EndTransfer();
    }
    if (m_carouselEnd == 0)
    {
        m_carouselEnd = Now() + ToTicks(config.strategy.carousel.durationS);
        m_nextCoded = m_setup.nbFrag + 1U;
        // The first window need not be waited for longer than the set-up may take.
        m_setupEnd = Now() + ToTicks(config.setupTimeoutS);
    }
    StartTurn();
}

void
DistributionSession::StartTurn()
{
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        if (!Is(m, FINAL))
        {
            Put(m, OUT, false);
        }
    }
    const Tick left = std::max<Tick>(0, m_setupEnd - Now());
    m_setupEnd = Now() + left / 2; // the other half is for the fragmentation session
    EnterSetup(Stage::GROUP_SETUP);
}

/// The set-up of the group is over: the one of the fragmentation session may take as long.
void
DistributionSession::EnterCarouselStage()
{
    if (m_plan.carousel)
    {
        const Tick latest = m_window > 0 ? m_window - ToTicks(MarginS()) : Tick{0};
        m_setupEnd = std::max(Now() + (m_setupEnd - m_stageStart), latest);
    }
}

/// Whether a member has to be sent the message of the present stage.
bool
DistributionSession::NeedsSetup(uint32_t member) const
{
    const bool isReady = m_members[member].ready == IS_READY;
    if (Is(member, OUT) || Is(member, FINAL) || Is(member, COMPLETE) ||
        m_members[member].ready == MAY_HAVE_IT ||
        !m_service.m_env.registry->IsEnrolled(m_devices[member]))
    {
        return false;
    }
    switch (m_stage)
    {
    case Stage::GROUP_SETUP:
        return !Is(member, HAS_KEY);
    case Stage::FRAGMENT_SETUP:
        return Is(member, HAS_KEY) && !isReady;
    default:
        return isReady;
    }
}

void
DistributionSession::StartWindow()
{
    m_stage = Stage::PASS;
    if (m_record.fragmentsSent == 0)
    {
        m_record.startedS = ToSeconds(m_start);
        m_service.m_sessionStarted(m_record);
    }
    const double windowS = m_service.m_config.strategy.carousel.windowS;
    const auto fits = static_cast<uint32_t>(windowS / FrameIntervalS(m_plan.dataRate));
    const uint32_t room = MOST_FRAMES - std::min(MOST_FRAMES, m_record.fragmentsSent);
    SendCycle(std::min(std::max(fits, 1U), room));
    WhenIdle();
}

/**
 * Sends the next `count` fragments of a cycle without end: the uncoded ones and as many new coded
 * ones as the redundancy says, over and over. Receivers of a code that counts want new coded ones
 * only.
 */
void
DistributionSession::SendCycle(uint32_t count)
{
    const uint32_t uncoded = m_setup.nbFrag;
    m_record.firstPass += count; // nothing of a carousel is repair
    for (uint32_t left = count; left > 0;)
    {
        const bool isUncoded = m_cycle < uncoded;
        const bool isEndless = !isUncoded && IsCounted(m_fec);
        const uint32_t end = isUncoded ? uncoded : uncoded + m_coded;
        uint32_t part = isEndless ? left : std::min(left, end - std::min(end, m_cycle));
        if (isUncoded)
        {
            SendFragments(m_cycle + 1, part, m_plan.dataRate);
            m_cycle += part;
        }
        else if (part > 0)
        {
            const uint32_t first = uncoded + 1;
            m_nextCoded = IsAtEnd(part) ? first : m_nextCoded;
            part = std::min<uint32_t>(part, wire::TS004_MAX_FRAGMENT_NUMBER - m_nextCoded);
            SendFragments(m_nextCoded, part, m_plan.dataRate);
            m_nextCoded += part;
            m_cycle += part;
        }
        left -= part;
        m_cycle = !isEndless && m_cycle >= uncoded + m_coded ? 0 : m_cycle;
    }
}

/// Whether enough members have the image, or cannot get it, as far as the operator can tell.
bool
DistributionSession::IsCarouselDone() const
{
    uint32_t done = 0;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const bool isSettled = Is(m, COMPLETE) || Is(m, FINAL);
        done += isSettled || m_members[m].ready == MAY_HAVE_IT ? 1 : 0;
    }
    const double share = m_service.m_config.strategy.carousel.threshold;
    return done >= share * static_cast<double>(m_members.size()) - 1e-9;
}

/// Who did not say that fragments are missing may be done: what it runs tells for sure.
void
DistributionSession::AskTheSilent()
{
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const bool isMissing = m_round > 0 && m_members[m].answer == m_round;
        const bool mayBeDone = m_members[m].hasJoined != 0 && !isMissing;
        if (mayBeDone && !Is(m, COMPLETE) && !Is(m, FINAL) &&
            m_service.m_env.access->PendingToDevice(m_devices[m]) == 0)
        {
            AskVersion(m);
        }
    }
}

/// A member has reported: between two windows that may have been the last one.
void
DistributionSession::OnCarouselReport()
{
    if (m_plan.carousel && m_stage == Stage::POOLING && m_record.fragmentsSent > 0 &&
        IsCarouselDone())
    {
        EndTransfer();
    }
}

/// A window is over, or nobody was there for it.
void
DistributionSession::EndTurn()
{
    const auto& carousel = m_service.m_config.strategy.carousel;
    const bool isFull = m_record.fragmentsSent >= MOST_FRAMES;
    m_window = std::max(m_start, m_window) + ToTicks(carousel.periodS);
    if (m_start == 0)
    {
        m_window = Now() + ToTicks(carousel.periodS);
    }
    if (m_stopped || isFull || IsCarouselDone() || m_window >= m_carouselEnd)
    {
        return EndTransfer();
    }
    AskTheSilent();
    // Whoever enrols until the set-up begins takes part in the next window.
    m_window = std::max(m_window, Now() + ToTicks(MarginS()));
    m_setupEnd = m_window - ToTicks(MarginS());
    m_stage = Stage::POOLING;
    const double leadS =
        std::min(m_service.m_config.setupTimeoutS, carousel.periodS - carousel.windowS);
    NextStepAfter(ToSeconds(m_setupEnd - Now()) - leadS);
}

} // namespace ns3::iotfleet
