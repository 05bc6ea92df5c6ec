// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_TIMER_QUEUE_H
#define IOTFLEET_FLEET_TIMER_QUEUE_H

#include "model/fleet/timer-store.h"
#include "model/fleet/types.h"

#include "ns3/event-impl.h"
#include "ns3/ptr.h"

#include <array>
#include <deque>
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
    uint16_t kind; ///< the owner's enumeration, 0..255
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
 * The timers of one subsystem: a two-level wheel with one ns-3 event object that is used again and
 * again, because a million deadlines in ns-3's scheduler cost 500 ns and 80 bytes each. Timers fire
 * in the order of (due, row, kind, tag) whatever the order of insertion. There is no cancel: owners
 * ignore what is stale.
 *
 * Cost: O(1) amortised. Memory: 8 bytes a timer that waits for longer than a turn of the wheel
 * (550 s), 16 to 32 bytes a nearer one, and 4 bytes each of many that differ in the row alone: a
 * fleet that opens a session, or has received an image, at one instant.
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

    /// Bytes that the timers hold, for the memory budget.
    size_t MemoryBytes() const;

  private:
    static constexpr int BUCKET_SHIFT = 27; ///< 2^27 ns = 0.13 s a bucket
    static constexpr int RING_BITS = 12;    ///< 4096 buckets = 550 s a turn
    static constexpr size_t RING = size_t{1} << RING_BITS;
    static constexpr uint32_t NONE = 0xFFFFFFFF;
    static constexpr size_t FAR_AHEAD = 16; ///< timers between `far` and firing
    static constexpr size_t NEAR_AHEAD = 6;
    /// Buckets are taken together until this many timers are at hand: sparse ones, too, can then be
    /// fetched ahead.
    static constexpr size_t BATCH = 64;

    /// A timer of a known turn: 39 bits of time, 8 of kind and 16 of tag in two words.
    struct Packed
    {
        uint32_t row;
        uint32_t low;
        uint32_t high;
    };

    /// A timer of the present turn, in the list of its bucket.
    struct Node
    {
        Packed timer;
        uint32_t next;
    };

    /// Timers that differ in the row alone, of any turn.
    struct Batch
    {
        uint16_t kind;
        uint16_t tag;
        bool isSorted{false};
        std::deque<uint32_t> rows{};
    };

    using Batches = std::multimap<Tick, Batch>;

    /// What was added lately; a batch begins when that happens again and again.
    struct Recent
    {
        Tick due{-1};
        uint16_t kind{0};
        uint16_t tag{0};
        uint32_t count{0};
        Batch* batch{nullptr};
    };

    class Alarm;

    static Packed Pack(const Timer& timer);
    static Timer Unpack(const Packed& packed, int64_t turn);
    void Insert(const Timer& timer);
    void InsertInRing(const Timer& timer, int64_t bucket);
    bool JoinBatch(const Timer& timer);
    void EnterTurn();
    void FillCurrent();
    void TakeBuckets();
    size_t CountBucket(uint32_t first) const;
    void ReleaseRoom();
    void Arm();
    void OnEvent();
    bool IsWheelEmpty() const;
    bool CurrentIsNext() const;
    Tick NextOfWheel() const;
    Batches::iterator NextBatch();
    Timer Pop();
    Timer PopWheel();
    Timer PopBatch(Batches::iterator batch);

    Handler m_handler;
    Prefetcher m_farPrefetch;
    Prefetcher m_nearPrefetch;
    std::vector<Timer> m_current;        ///< the buckets being served, earliest first ...
    size_t m_head{0};                    ///< ... from here on
    std::vector<Timer> m_late;           ///< min-heap: timers added to them meanwhile
    std::array<uint32_t, RING> m_ring;   ///< first node of each bucket
    std::deque<Node> m_nodes;            ///< of all buckets
    uint32_t m_freeNode{NONE};           ///< list of free nodes
    std::map<int64_t, TimerStore> m_far; ///< by turn of the ring; later than m_bucket's turn
    Batches m_batches;                   ///< by due time; none is empty
    std::array<Recent, 4> m_recent{};
    size_t m_nextRecent{0};
    Tick m_fired{-1};    ///< due time of the last timer that fired
    int64_t m_bucket{0}; ///< last bucket that m_current serves
    size_t m_inRing{0};
    size_t m_size{0};
    Ptr<Alarm> m_alarm; ///< scheduled anew each time; never cancelled, stale ones do nothing
    Tick m_armed;       ///< when it is needed next
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_TIMER_QUEUE_H
