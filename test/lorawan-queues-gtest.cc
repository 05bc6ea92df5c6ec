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

TEST(MessagePool, GivesItsRoomBackWhenEmpty)
{
    MessagePool pool;
    pool.Resize(1000);
    const size_t empty = pool.MemoryBytes();
    for (uint32_t d = 0; d < 1000; ++d)
    {
        pool.Push(DeviceId{d}, Message(30, 1, 200));
    }
    EXPECT_GE(pool.MemoryBytes(), empty + 1000 * 36);
    EXPECT_LT(pool.MemoryBytes(), empty + 1280 * 36); // whole chunks
    for (uint32_t d = 0; d < 1000; ++d)
    {
        pool.Clear(DeviceId{d});
    }
    EXPECT_EQ(pool.MemoryBytes(), empty);
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
