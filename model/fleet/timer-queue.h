// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_TIMER_QUEUE_H
#define IOTFLEET_FLEET_TIMER_QUEUE_H

#include "model/fleet/types.h"

#include "ns3/event-id.h"

#include <array>
#include <functional>
#include <map>
#include <vector>

namespace ns3::iotfleet
{

/// One deadline: who, what for and one word of the owner's own.
struct Timer
{
    Tick due;
    uint32_t row;  ///< usually a DeviceId
    uint16_t kind; ///< the owner's enumeration
    uint16_t tag;  ///< the owner's, e.g. a generation that makes stale timers recognisable

    bool operator>(const Timer& other) const
    {
        return due != other.due     ? due > other.due
               : row != other.row   ? row > other.row
               : kind != other.kind ? kind > other.kind
                                    : tag > other.tag;
    }
};

/**
 * The timers of one subsystem: a two-level wheel with at most one pending ns-3 event, because a
 * million deadlines in ns-3's scheduler cost 500 ns and 80 bytes each. Timers fire in the order of
 * (due, row, kind, tag) whatever the order of insertion. There is no cancel: owners ignore what is
 * stale.
 *
 * Cost: O(1) amortised, 16 bytes a timer; about 60 ns at a million pending
 * (bench/timer-queue-bench.cc).
 */
class TimerQueue
{
  public:
    using Handler = std::function<void(const Timer&)>;

    /// Told of the row of a timer that fires soon, so that it can be brought into the cache.
    using Prefetcher = std::function<void(uint32_t row)>;

    explicit TimerQueue(Handler handler);
    ~TimerQueue();
    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    /// Adds a timer; `due` must not lie before the simulator's clock.
    void Add(const Timer& timer);

    /// Calls `far` and later `near` for rows whose timers fire soon.
    void SetPrefetch(Prefetcher far, Prefetcher near);

    /// Fires all timers due at or before `until`.
    void RunUntil(Tick until);

    /// Due time of the earliest timer; the largest Tick when empty.
    Tick NextDue();

    bool IsEmpty() const
    {
        return m_size == 0;
    }

    size_t Size() const
    {
        return m_size;
    }

  private:
    static constexpr int BUCKET_SHIFT = 27; ///< 2^27 ns = 0.13 s a bucket
    static constexpr int RING_BITS = 12;    ///< 4096 buckets = 550 s a turn
    static constexpr size_t RING = size_t{1} << RING_BITS;
    static constexpr size_t FAR_AHEAD = 16; ///< timers between `far` and firing
    static constexpr size_t NEAR_AHEAD = 6;

    void Insert(const Timer& timer);
    void EnterTurn(int64_t turn);
    bool FillCurrent();
    void Arm();
    void OnEvent();
    const Timer& Next() const;
    Timer Pop();

    Handler m_handler;
    Prefetcher m_farPrefetch;
    Prefetcher m_nearPrefetch;
    std::vector<Timer> m_current; ///< the bucket being served, latest first
    std::vector<Timer> m_late;    ///< min-heap: timers added to it meanwhile
    std::array<std::vector<Timer>, RING> m_ring;
    std::map<int64_t, std::vector<Timer>>
        m_far;           ///< by turn of the ring; later than m_bucket's turn
    int64_t m_bucket{0}; ///< bucket number that m_current serves
    size_t m_inRing{0};
    size_t m_size{0};
    EventId m_event;
    Tick m_armed;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_TIMER_QUEUE_H
