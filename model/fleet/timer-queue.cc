// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/timer-queue.h"

#include "model/fleet/give-back.h"

#include "ns3/abort.h"
#include "ns3/assert.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3::iotfleet
{

namespace
{

constexpr Tick NEVER = std::numeric_limits<Tick>::max();
constexpr int KIND_BITS = 8;
constexpr int TAG_BITS = 16;

/// Room for more timers than this is given back once they have fired.
constexpr size_t KEEP_ROOM = 4096;

/// So many timers that differ in the row alone are taken for the beginning of a batch.
constexpr uint32_t BATCH_BEGINS = 64;

} // namespace

/// The queue's ns-3 event. It may be pending several times; only the one at m_armed matters.
class TimerQueue::Alarm : public EventImpl
{
  public:
    explicit Alarm(TimerQueue* queue)
        : m_queue(queue)
    {
    }

    /// The queue is no more, but ns-3 may still hold the event.
    void Forget()
    {
        m_queue = nullptr;
    }

  private:
    void Notify() override
    {
        if (m_queue != nullptr)
        {
            m_queue->OnEvent();
        }
    }

    TimerQueue* m_queue;
};

TimerQueue::TimerQueue(Handler handler)
    : m_handler(std::move(handler)),
      m_alarm(Ptr<Alarm>(new Alarm(this), false)),
      m_armed(NEVER)
{
    m_ring.fill(NONE);
}

TimerQueue::~TimerQueue()
{
    m_alarm->Forget();
}

void
TimerQueue::Add(const Timer& timer)
{
    ++m_size;
    if (!JoinBatch(timer))
    {
        Insert(timer);
    }
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

TimerQueue::Packed
TimerQueue::Pack(const Timer& timer)
{
    NS_ASSERT(timer.kind < 1U << KIND_BITS);
    constexpr uint64_t WITHIN_TURN = (uint64_t{1} << (BUCKET_SHIFT + RING_BITS)) - 1;
    const uint64_t bits = (static_cast<uint64_t>(timer.due) & WITHIN_TURN)
                              << (KIND_BITS + TAG_BITS) |
                          uint64_t{timer.kind} << TAG_BITS | timer.tag;
    return {timer.row, static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32)};
}

Timer
TimerQueue::Unpack(const Packed& packed, int64_t turn)
{
    const uint64_t bits = uint64_t{packed.high} << 32 | packed.low;
    return {turn << (BUCKET_SHIFT + RING_BITS) |
                static_cast<int64_t>(bits >> (KIND_BITS + TAG_BITS)),
            packed.row,
            static_cast<uint16_t>(bits >> TAG_BITS & 0xFF),
            static_cast<uint16_t>(bits)};
}

void
TimerQueue::Insert(const Timer& timer)
{
    const int64_t bucket = timer.due >> BUCKET_SHIFT;
    if (bucket <= m_bucket)
    {
        m_late.push_back(timer);
        std::push_heap(m_late.begin(), m_late.end(), std::greater<>{});
    }
    else if (bucket >> RING_BITS == m_bucket >> RING_BITS)
    {
        InsertInRing(timer, bucket);
    }
    else
    {
        const int64_t turn = bucket >> RING_BITS;
        const Tick begin = turn << (BUCKET_SHIFT + RING_BITS);
        m_far[turn].Add(
            {static_cast<uint64_t>(timer.due - begin), timer.row, timer.kind, timer.tag});
    }
}

/// Whether the timer is one of many with its due time, kind and tag, and has been put with them.
bool
TimerQueue::JoinBatch(const Timer& timer)
{
    if (timer.due == m_fired)
    {
        return false; // a batch that fires takes no more
    }
    for (auto& recent : m_recent)
    {
        if (recent.due != timer.due || recent.kind != timer.kind || recent.tag != timer.tag)
        {
            continue;
        }
        if (++recent.count < BATCH_BEGINS)
        {
            return false;
        }
        if (recent.batch == nullptr)
        {
            recent.batch = &m_batches.insert({timer.due, {timer.kind, timer.tag}})->second;
        }
        recent.batch->rows.push_back(timer.row);
        return true;
    }
    // Batches that grow stay, as long as there is something else to forget.
    for (size_t i = 0; i < m_recent.size() - 1 && m_recent[m_nextRecent].batch != nullptr; ++i)
    {
        m_nextRecent = (m_nextRecent + 1) % m_recent.size();
    }
    m_recent[m_nextRecent] = {timer.due, timer.kind, timer.tag, 1, nullptr};
    m_nextRecent = (m_nextRecent + 1) % m_recent.size();
    return false;
}

void
TimerQueue::InsertInRing(const Timer& timer, int64_t bucket)
{
    uint32_t& first = m_ring[static_cast<size_t>(bucket) & (RING - 1)];
    uint32_t place = m_freeNode;
    if (place == NONE)
    {
        place = static_cast<uint32_t>(m_nodes.size());
        m_nodes.emplace_back();
    }
    else
    {
        m_freeNode = m_nodes[place].next;
    }
    m_nodes[place] = {Pack(timer), first};
    first = place;
    ++m_inRing;
}

/// Begins the next turn that has timers; the wheel must be empty.
void
TimerQueue::EnterTurn()
{
    auto store = m_far.extract(m_far.begin());
    const int64_t turn = store.key();
    m_bucket = turn << RING_BITS;
    ReleaseRoom();
    const Tick begin = turn << (BUCKET_SHIFT + RING_BITS);
    store.mapped().Drain([&](const TimerStore::Entry& entry) {
        Insert({begin + static_cast<Tick>(entry.time), entry.row, entry.kind, entry.tag});
    });
}

void
TimerQueue::ReleaseRoom()
{
    // A million timers at one instant (all power up, all have received the image) must not hold
    // their room for ever.
    if (m_late.empty() && m_late.capacity() > KEEP_ROOM)
    {
        GiveBack(m_late);
    }
    if (m_inRing == 0 && m_nodes.size() > KEEP_ROOM)
    {
        GiveBack(m_nodes);
        m_freeNode = NONE;
    }
    if (m_head == m_current.size() && m_current.capacity() > KEEP_ROOM)
    {
        GiveBack(m_current);
        m_head = 0;
    }
}

void
TimerQueue::FillCurrent()
{
    while (m_inRing > 0 && m_current.size() - m_head <= FAR_AHEAD)
    {
        TakeBuckets();
    }
}

size_t
TimerQueue::CountBucket(uint32_t first) const
{
    size_t count = 0;
    for (; first != NONE; first = m_nodes[first].next)
    {
        ++count;
    }
    return count;
}

void
TimerQueue::TakeBuckets()
{
    m_current.erase(m_current.begin(), m_current.begin() + static_cast<std::ptrdiff_t>(m_head));
    m_head = 0;
    const size_t before = m_current.size();
    const int64_t turn = m_bucket >> RING_BITS;
    while (m_inRing > 0 && m_current.size() < before + BATCH)
    {
        ++m_bucket;
        NS_ABORT_MSG_IF(m_bucket >> RING_BITS != turn, "timer ring lost count");
        uint32_t& first = m_ring[static_cast<size_t>(m_bucket) & (RING - 1)];
        // Exact room: a vector that doubles would be half empty when a fleet acts at one instant.
        m_current.reserve(std::max(2 * BATCH, m_current.size() + CountBucket(first)));
        while (first != NONE)
        {
            auto& node = m_nodes[first];
            m_current.push_back(Unpack(node.timer, turn));
            --m_inRing;
            const uint32_t next = node.next;
            node.next = m_freeNode;
            m_freeNode = first;
            first = next;
        }
    }
    if (m_inRing == 0)
    {
        ReleaseRoom();
    }
    // What was there is due earlier: it is from earlier buckets.
    std::sort(m_current.begin() + static_cast<std::ptrdiff_t>(before),
              m_current.end(),
              [](const Timer& a, const Timer& b) { return b > a; });
}

/// Whether nothing of the present turn is left, batches aside; to be asked after FillCurrent.
bool
TimerQueue::IsWheelEmpty() const
{
    return m_head == m_current.size() && m_late.empty();
}

bool
TimerQueue::CurrentIsNext() const
{
    return m_head < m_current.size() && (m_late.empty() || m_late.front() > m_current[m_head]);
}

/// Due time of the earliest timer that is in no batch.
Tick
TimerQueue::NextOfWheel() const
{
    if (!IsWheelEmpty())
    {
        return CurrentIsNext() ? m_current[m_head].due : m_late.front().due;
    }
    if (m_far.empty())
    {
        return NEVER;
    }
    const auto& [turn, store] = *m_far.begin();
    return (turn << (BUCKET_SHIFT + RING_BITS)) + static_cast<Tick>(store.Earliest());
}

/// The batch whose first timer comes before those of the others, its rows in order.
TimerQueue::Batches::iterator
TimerQueue::NextBatch()
{
    const auto [first, end] = m_batches.equal_range(m_batches.begin()->first);
    auto next = first;
    for (auto batch = first; batch != end; ++batch)
    {
        auto& [due, members] = *batch;
        if (!members.isSorted)
        {
            std::ranges::sort(members.rows);
            members.isSorted = true;
        }
        const auto front = [due = due](const Batch& b) {
            return Timer{due, b.rows.front(), b.kind, b.tag};
        };
        next = front(next->second) > front(members) ? batch : next;
    }
    return next;
}

/// Takes out the earliest timer; there must be one, and its turn must have begun.
Timer
TimerQueue::Pop()
{
    --m_size;
    const Tick wheel = NextOfWheel();
    if (m_batches.empty() || m_batches.begin()->first > wheel)
    {
        return PopWheel();
    }
    const auto batch = NextBatch();
    const auto& [due, members] = *batch;
    const Timer first{due, members.rows.front(), members.kind, members.tag};
    if (due == wheel && first > (CurrentIsNext() ? m_current[m_head] : m_late.front()))
    {
        return PopWheel();
    }
    return PopBatch(batch);
}

Timer
TimerQueue::PopWheel()
{
    if (!CurrentIsNext())
    {
        std::pop_heap(m_late.begin(), m_late.end(), std::greater<>{});
        const Timer timer = m_late.back();
        m_late.pop_back();
        return timer;
    }
    const Timer timer = m_current[m_head++];
    if (m_farPrefetch && m_head + FAR_AHEAD <= m_current.size())
    {
        m_farPrefetch(m_current[m_head + FAR_AHEAD - 1].row);
        m_nearPrefetch(m_current[m_head + NEAR_AHEAD - 1].row);
    }
    return timer;
}

Timer
TimerQueue::PopBatch(Batches::iterator batch)
{
    auto& [due, members] = *batch;
    auto& rows = members.rows;
    const Timer timer{due, rows.front(), members.kind, members.tag};
    rows.pop_front();
    if (m_farPrefetch && rows.size() >= FAR_AHEAD)
    {
        m_farPrefetch(rows[FAR_AHEAD - 1]);
        m_nearPrefetch(rows[NEAR_AHEAD - 1]);
    }
    if (rows.empty())
    {
        std::ranges::replace_if(
            m_recent,
            [&](const Recent& recent) { return recent.batch == &members; },
            Recent{});
        m_batches.erase(batch);
    }
    return timer;
}

Tick
TimerQueue::NextDue()
{
    FillCurrent();
    const Tick wheel = NextOfWheel();
    return m_batches.empty() ? wheel : std::min(wheel, m_batches.begin()->first);
}

void
TimerQueue::RunUntil(Tick until)
{
    for (Tick due = NextDue(); due <= until && m_size > 0; due = NextDue())
    {
        if (IsWheelEmpty() && NextOfWheel() == due)
        {
            EnterTurn();
            continue;
        }
        m_fired = due;
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
    m_armed = next;
    Simulator::Schedule(NanoSeconds(next - now), Ptr<EventImpl>(m_alarm));
}

void
TimerQueue::OnEvent()
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    if (now != m_armed)
    {
        return; // an earlier timer was added meanwhile: this event is not needed any more
    }
    RunUntil(now);
    m_armed = NEVER;
    Arm();
}

size_t
TimerQueue::MemoryBytes() const
{
    constexpr size_t BLOCK = 512; // of a deque
    constexpr size_t TREE_NODE = 4 * sizeof(void*);
    size_t bytes =
        (m_current.capacity() + m_late.capacity()) * sizeof(Timer) + m_nodes.size() * sizeof(Node);
    for (const auto& [turn, store] : m_far)
    {
        bytes += TREE_NODE + sizeof turn + sizeof store + store.MemoryBytes();
    }
    for (const auto& [due, batch] : m_batches)
    {
        const size_t blocks = batch.rows.size() * sizeof(uint32_t) / BLOCK + 1;
        bytes += TREE_NODE + sizeof due + sizeof batch + blocks * (BLOCK + 2 * sizeof(void*));
    }
    return bytes;
}

} // namespace ns3::iotfleet
