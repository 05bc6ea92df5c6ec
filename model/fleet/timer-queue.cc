// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/timer-queue.h"

#include "ns3/abort.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3::iotfleet
{

namespace
{
constexpr Tick NEVER = std::numeric_limits<Tick>::max();
} // namespace

TimerQueue::TimerQueue(Handler handler)
    : m_handler(std::move(handler)),
      m_armed(NEVER)
{
}

TimerQueue::~TimerQueue()
{
    m_event.Cancel();
}

void
TimerQueue::Add(const Timer& timer)
{
    Insert(timer);
    if (timer.due < m_armed)
    {
        Arm();
    }
}

void
TimerQueue::SetPrefetch(Prefetcher far, Prefetcher near)
{
    m_farPrefetch = std::move(far);
    m_nearPrefetch = std::move(near);
}

void
TimerQueue::Insert(const Timer& timer)
{
    const int64_t bucket = timer.due >> BUCKET_SHIFT;
    ++m_size;
    if (bucket <= m_bucket)
    {
        m_late.push_back(timer);
        std::push_heap(m_late.begin(), m_late.end(), std::greater<>{});
    }
    else if (bucket >> RING_BITS == m_bucket >> RING_BITS)
    {
        m_ring[static_cast<size_t>(bucket) & (RING - 1)].push_back(timer);
        ++m_inRing;
    }
    else
    {
        m_far[bucket >> RING_BITS].push_back(timer);
    }
}

void
TimerQueue::EnterTurn(int64_t turn)
{
    m_bucket = turn << RING_BITS;
    const auto timers = m_far.extract(turn);
    if (!timers)
    {
        return;
    }
    m_size -= timers.mapped().size();
    for (const auto& timer : timers.mapped())
    {
        Insert(timer);
    }
}

bool
TimerQueue::FillCurrent()
{
    while (m_current.empty() && m_late.empty() && m_size > 0)
    {
        const int64_t turn = m_bucket >> RING_BITS;
        if (m_inRing == 0)
        {
            EnterTurn(m_far.begin()->first);
            continue;
        }
        ++m_bucket;
        NS_ABORT_MSG_IF(m_bucket >> RING_BITS != turn, "timer ring lost count");
        auto& slot = m_ring[static_cast<size_t>(m_bucket) & (RING - 1)];
        if (!slot.empty())
        {
            m_inRing -= slot.size();
            m_current.swap(slot);
            std::ranges::sort(m_current, std::greater<>{});
        }
    }
    return m_size > 0;
}

const Timer&
TimerQueue::Next() const
{
    if (m_current.empty())
    {
        return m_late.front();
    }
    return m_late.empty() || m_late.front() > m_current.back() ? m_current.back() : m_late.front();
}

Timer
TimerQueue::Pop()
{
    --m_size;
    if (m_current.empty() || &Next() != &m_current.back())
    {
        std::pop_heap(m_late.begin(), m_late.end(), std::greater<>{});
        const Timer timer = m_late.back();
        m_late.pop_back();
        return timer;
    }
    const Timer timer = m_current.back();
    m_current.pop_back();
    if (m_farPrefetch && m_current.size() >= FAR_AHEAD)
    {
        m_farPrefetch(m_current[m_current.size() - FAR_AHEAD].row);
        m_nearPrefetch(m_current[m_current.size() - NEAR_AHEAD].row);
    }
    return timer;
}

Tick
TimerQueue::NextDue()
{
    return FillCurrent() ? Next().due : NEVER;
}

void
TimerQueue::RunUntil(Tick until)
{
    while (FillCurrent() && Next().due <= until)
    {
        m_handler(Pop());
    }
}

void
TimerQueue::Arm()
{
    const Tick next = NextDue();
    if (next == NEVER || next == m_armed)
    {
        return;
    }
    const Tick now = Simulator::Now().GetNanoSeconds();
    NS_ABORT_MSG_IF(next < now, "timer set " << now - next << " ns in the past");
    m_event.Cancel();
    m_armed = next;
    m_event = Simulator::Schedule(NanoSeconds(next - now), &TimerQueue::OnEvent, this);
}

void
TimerQueue::OnEvent()
{
    RunUntil(Simulator::Now().GetNanoSeconds());
    m_armed = NEVER;
    Arm();
}

} // namespace ns3::iotfleet
