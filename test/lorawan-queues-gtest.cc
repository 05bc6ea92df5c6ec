// SPDX-License-Identifier: GPL-2.0-only

// TimerQueue, MessagePool and JoinServer against plain references.

#include "model/fleet/timer-queue.h"
#include "model/lorawan/join-server.h"
#include "model/lorawan/message-pool.h"

#include "ns3/simulator.h"

#include <deque>
#include <gtest/gtest.h>
#include <random>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

bool
Earlier(const Timer& a, const Timer& b)
{
    return std::tie(a.due, a.row, a.kind, a.tag) < std::tie(b.due, b.row, b.kind, b.tag);
}

TEST(TimerQueue, FiresInOrderWhateverTheOrderOfInsertion)
{
    std::mt19937_64 random(2);
    // Near, some buckets away, turns of the wheel away, days away; and many ties.
    std::vector<Tick> spans{1000,
                            TICKS_PER_SECOND,
                            900 * TICKS_PER_SECOND,
                            864000 * TICKS_PER_SECOND};
    std::vector<Timer> expected;
    std::vector<Timer> fired;
    std::unique_ptr<TimerQueue> queue;
    const auto add = [&](Tick after) {
        const Timer timer{after,
                          static_cast<uint32_t>(random() % 50),
                          static_cast<uint16_t>(random() % 3),
                          static_cast<uint16_t>(random() % 3)};
        queue->Add(timer);
        expected.push_back(timer);
    };
    queue = std::make_unique<TimerQueue>([&](const Timer& timer) {
        EXPECT_EQ(timer.due, Simulator::Now().GetNanoSeconds());
        fired.push_back(timer);
        if (expected.size() < 20000)
        {
            const auto span = static_cast<uint64_t>(spans[random() % spans.size()]);
            add(timer.due + 1 + static_cast<Tick>(random() % span));
        }
    });
    for (int i = 0; i < 10000; ++i)
    {
        const auto span = static_cast<uint64_t>(spans[random() % spans.size()]);
        add(static_cast<Tick>(random() % span) / 10 * 10);
    }
    EXPECT_EQ(queue->Size(), 10000U);
    Simulator::Run();
    EXPECT_TRUE(queue->IsEmpty());
    queue.reset();
    Simulator::Destroy();
    ASSERT_EQ(fired.size(), expected.size());
    std::ranges::sort(expected, Earlier);
    for (size_t i = 0; i < fired.size(); ++i)
    {
        ASSERT_FALSE(Earlier(fired[i], expected[i]) || Earlier(expected[i], fired[i])) << i;
    }
}

/// Many timers with one due time, kind and tag among others at the same and other instants.
TEST(TimerQueue, FiresBatchesInOrder)
{
    std::mt19937_64 random(6);
    std::vector<Timer> expected;
    std::vector<Timer> fired;
    std::unique_ptr<TimerQueue> queue;
    const auto add = [&](const Timer& timer) {
        queue->Add(timer);
        expected.push_back(timer);
    };
    const std::array<Tick, 4> instants{5,
                                       3 * TICKS_PER_SECOND,
                                       1000 * TICKS_PER_SECOND,
                                       90000 * TICKS_PER_SECOND};
    queue = std::make_unique<TimerQueue>([&](const Timer& timer) {
        EXPECT_EQ(timer.due, Simulator::Now().GetNanoSeconds());
        fired.push_back(timer);
        if (timer.kind < 2 && expected.size() < 20000) // now, together soon, together later
        {
            const uint16_t kind = 2;
            add({timer.due, timer.row + static_cast<uint32_t>(random() % 2), kind, 0});
            add({timer.due + TICKS_PER_SECOND, timer.row ^ 5U, kind, 0});
            add({timer.due + 700 * TICKS_PER_SECOND, timer.row, kind, timer.kind});
        }
    });
    for (int i = 0; i < 4000; ++i)
    {
        const auto row = static_cast<uint32_t>(random() % 3000);
        const auto kind = static_cast<uint16_t>(random() % 2);
        const auto tag = static_cast<uint16_t>(random() % 10 == 0 ? random() % 500 : 300);
        add({instants[random() % instants.size()], row, kind, tag});
    }
    EXPECT_EQ(queue->Size(), 4000U);
    Simulator::Run();
    EXPECT_TRUE(queue->IsEmpty());
    queue.reset();
    Simulator::Destroy();
    ASSERT_EQ(fired.size(), expected.size());
    std::ranges::sort(expected, Earlier);
    for (size_t i = 0; i < fired.size(); ++i)
    {
        ASSERT_FALSE(Earlier(fired[i], expected[i]) || Earlier(expected[i], fired[i])) << i;
    }
}

TEST(TimerQueue, KeepsManyTimersInFewBytes)
{
    constexpr uint32_t TIMERS = 100000;
    TimerQueue scattered([](const Timer&) {});
    TimerQueue together([](const Timer&) {});
    for (uint32_t row = 0; row < TIMERS; ++row)
    {
        const auto jitter = static_cast<Tick>(row) * 7919 % 3600 * TICKS_PER_SECOND;
        scattered.Add({86400 * TICKS_PER_SECOND + jitter, row, 3, 1});
        together.Add({86400 * TICKS_PER_SECOND, row, 3, 1});
    }
    EXPECT_LE(scattered.MemoryBytes(), TIMERS * 9);
    EXPECT_LE(together.MemoryBytes(), TIMERS * 5);
    const size_t full = together.MemoryBytes();
    uint32_t next = 0;
    TimerQueue half([&](const Timer& timer) { EXPECT_EQ(timer.row, next++); });
    for (uint32_t row = TIMERS; row-- > 0;)
    {
        half.Add({86400 * TICKS_PER_SECOND, row, 0, 0});
    }
    half.RunUntil(86400 * TICKS_PER_SECOND);
    EXPECT_EQ(next, TIMERS);
    EXPECT_LT(half.MemoryBytes(), full / 100); // its room has been given back
    Simulator::Destroy();
}

TEST(TimerQueue, KeepsRowsOfAnySizeApart)
{
    std::vector<uint32_t> fired;
    TimerQueue queue([&](const Timer& timer) { fired.push_back(timer.row); });
    const std::vector<uint32_t> rows{3, 0xFFFFFF, 0x1000000, 0x1000003, 0xFFFFFFFE};
    for (const uint32_t row : rows)
    {
        queue.Add({86400 * TICKS_PER_SECOND, row, 200, 0xFFFF});
    }
    queue.RunUntil(86400 * TICKS_PER_SECOND);
    EXPECT_EQ(fired, rows);
    Simulator::Destroy();
}

TEST(TimerQueue, AlarmsForTheEarliestAddedLater)
{
    std::vector<uint32_t> rows;
    TimerQueue queue([&](const Timer& timer) { rows.push_back(timer.row); });
    queue.Add({100 * TICKS_PER_SECOND, 1, 0, 0});
    EXPECT_EQ(queue.NextDue(), 100 * TICKS_PER_SECOND);
    queue.Add({50 * TICKS_PER_SECOND, 2, 0, 0});
    EXPECT_EQ(queue.NextDue(), 50 * TICKS_PER_SECOND);
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    EXPECT_EQ(rows, std::vector<uint32_t>{2});
    Simulator::Destroy();
}

wire::AppPayload
Message(uint8_t size, uint8_t fill, uint8_t port)
{
    wire::AppPayload payload;
    payload.port = port;
    payload.size = size;
    std::fill_n(payload.bytes.begin(), size, fill);
    return payload;
}

template <class Pool>
void
CompareWithDeques()
{
    constexpr uint32_t DEVICES = 20;
    Pool pool;
    pool.Resize(DEVICES);
    std::vector<std::deque<std::pair<wire::AppPayload, bool>>> reference(DEVICES);
    std::mt19937 random(4);
    for (int step = 0; step < 20000; ++step)
    {
        const DeviceId d{static_cast<uint32_t>(random() % DEVICES)};
        auto& queue = reference[Index(d)];
        switch (random() % 5)
        {
        case 0:
        case 1: {
            const auto message = Message(static_cast<uint8_t>(random() % 223),
                                         static_cast<uint8_t>(random()),
                                         static_cast<uint8_t>(random() % 224));
            const bool flag = random() % 2 == 0;
            pool.Push(d, message, flag);
            queue.emplace_back(message, flag);
            break;
        }
        case 2:
        case 3:
            if (!queue.empty())
            {
                EXPECT_EQ(pool.FrontFlag(d), queue.front().second);
                const auto got = pool.Pop(d);
                const auto& expected = queue.front().first;
                ASSERT_EQ(got.size, expected.size);
                ASSERT_EQ(got.port, expected.port);
                ASSERT_TRUE(std::equal(got.bytes.begin(),
                                       got.bytes.begin() + got.size,
                                       expected.bytes.begin()));
                queue.pop_front();
            }
            break;
        default:
            if (random() % 50 == 0)
            {
                pool.Clear(d);
                queue.clear();
            }
        }
        ASSERT_EQ(pool.IsEmpty(d), queue.empty());
        ASSERT_EQ(pool.Count(d), queue.size());
        ASSERT_EQ(pool.FrontSize(d), queue.empty() ? 0 : queue.front().first.size);
        ASSERT_EQ(pool.FrontPort(d), queue.empty() ? 0 : queue.front().first.port);
    }
}

TEST(MessagePool, IsAQueueForEveryDevice)
{
    CompareWithDeques<MessagePool>();
    CompareWithDeques<SparseMessagePool>();
}

TEST(MessagePool, GivesItsRoomBack)
{
    MessagePool pool;
    pool.Resize(1024);
    const size_t empty = pool.MemoryBytes();
    for (uint32_t d = 0; d < 1024; ++d)
    {
        auto message = Message(18, 1, 200);
        message.bytes[5] = static_cast<uint8_t>(d);
        message.bytes[6] = static_cast<uint8_t>(d >> 8);
        pool.Push(DeviceId{d}, message);
    }
    const size_t full = pool.MemoryBytes();
    EXPECT_GE(full, empty + 1024 * 24);
    EXPECT_LT(full, empty + 1024 * 25); // chunks, and what they are found by
    for (uint32_t d = 0; d < 512; ++d)
    {
        pool.Clear(DeviceId{d});
    }
    EXPECT_LE(pool.MemoryBytes(), full - 512 * 24 + 1024); // at once, not when all are gone
    for (uint32_t d = 512; d < 1024; ++d)
    {
        pool.Clear(DeviceId{d});
    }
    EXPECT_EQ(pool.MemoryBytes(), empty);
}

TEST(MessagePool, StoresOnceWhatManyDevicesAreSentAlike)
{
    MessagePool pool;
    pool.Resize(1000);
    const size_t empty = pool.MemoryBytes();
    for (uint32_t d = 0; d < 1000; ++d)
    {
        pool.Push(DeviceId{d}, Message(200, 7, 200), d % 2 == 1);
    }
    // One template, and slots for the first before it was known that others would follow.
    EXPECT_LT(pool.MemoryBytes(), empty + 4096);
    for (uint32_t d = 0; d < 1000; ++d)
    {
        ASSERT_EQ(pool.FrontFlag(DeviceId{d}), d % 2 == 1);
        ASSERT_EQ(pool.Pop(DeviceId{d}).View().back(), 7);
    }
    EXPECT_EQ(pool.MemoryBytes(), empty);
}

/// TS005's McGroupSetupReq: equal but for 16 bytes of wrapped key in the middle.
TEST(MessagePool, StoresOfLongMessagesWhatDiffers)
{
    MessagePool pool;
    pool.Resize(1000);
    const size_t empty = pool.MemoryBytes();
    const auto messageOf = [](uint32_t d) {
        auto message = Message(29, 9, 200);
        std::mt19937 random(d);
        std::generate_n(message.bytes.begin() + 5, 16, [&] { return uint8_t(random()); });
        return message;
    };
    for (uint32_t d = 0; d < 1000; ++d)
    {
        pool.Push(DeviceId{d}, messageOf(d));
    }
    EXPECT_LT(pool.MemoryBytes(), empty + 1000 * 26);
    for (uint32_t d = 0; d < 1000; ++d)
    {
        const auto got = pool.Pop(DeviceId{d});
        ASSERT_TRUE(std::ranges::equal(got.View(), messageOf(d).View())) << d;
    }
    EXPECT_EQ(pool.MemoryBytes(), empty);
}

/// Few contents, so that messages equal each other, nearly equal each other, and do not.
TEST(MessagePool, GivesBackWhatItGotWhateverIsStoredOnce)
{
    constexpr uint32_t DEVICES = 50;
    SparseMessagePool pool;
    std::vector<std::deque<std::vector<uint8_t>>> reference(DEVICES);
    std::mt19937 random(5);
    for (int step = 0; step < 50000; ++step)
    {
        const DeviceId d{static_cast<uint32_t>(random() % DEVICES)};
        auto& queue = reference[Index(d)];
        if (random() % 2 == 0 && queue.size() < 4)
        {
            constexpr std::array<uint8_t, 5> SIZES{0, 3, 18, 29, 60};
            auto message = Message(SIZES[random() % SIZES.size()], 0, 200);
            for (uint32_t changes = static_cast<uint32_t>(random() % 3);
                 changes > 0 && message.size > 0;
                 --changes)
            {
                message.bytes[random() % message.size] = static_cast<uint8_t>(random() % 2);
            }
            pool.Push(d, message);
            queue.emplace_back(message.View().begin(), message.View().end());
        }
        else if (!queue.empty())
        {
            ASSERT_TRUE(std::ranges::equal(pool.Pop(d).View(), queue.front())) << step;
            queue.pop_front();
        }
        ASSERT_EQ(pool.Count(d), queue.size());
    }
}

TEST(JoinServer, ServesAtItsRateAndDropsBeyondItsQueue)
{
    JoinConfig config;
    config.serverRate = 10;
    config.serverQueue = 5;
    config.serverDelayS = 0.02;
    JoinServer server;
    server.Configure(config, 20);
    // All at once: the k-th answer leaves after k services of 0.1 s.
    for (uint32_t d = 0; d < 5; ++d)
    {
        const auto answer = server.Handle(DeviceId{d}, 1, 0);
        ASSERT_TRUE(answer);
        EXPECT_NEAR(ToSeconds(*answer), 0.1 * (d + 1) + 0.02, 1e-9);
    }
    EXPECT_FALSE(server.Handle(DeviceId{5}, 1, 0));
    EXPECT_EQ(server.GetCounters().dropped, 1U);
    EXPECT_TRUE(server.Handle(DeviceId{5}, 2, ToTicks(0.11)));
    EXPECT_EQ(server.GetCounters().accepted, 6U);
}

TEST(JoinServer, RefusesNoncesThatDoNotGrow)
{
    // LoRaWAN 1.0.4 section 6.2.5: DevNonce counts up; others are silently ignored.
    JoinServer server;
    server.Configure({}, 2);
    EXPECT_TRUE(server.Handle(DeviceId{0}, 7, 0));
    EXPECT_FALSE(server.Handle(DeviceId{0}, 7, ToTicks(10)));
    EXPECT_FALSE(server.Handle(DeviceId{0}, 6, ToTicks(20)));
    EXPECT_TRUE(server.Handle(DeviceId{0}, 8, ToTicks(30)));
    EXPECT_TRUE(server.Handle(DeviceId{1}, 7, ToTicks(40)));
    EXPECT_EQ(server.GetCounters().replayed, 2U);
}

} // namespace
