// SPDX-License-Identifier: GPL-2.0-only

// Outages: spans as sets, the alternating renewal process against its closed form, and what
// networks do meanwhile.

#include "model/fleet/outage-calendar.h"
#include "model/lifecycle/outage-plan.h"
#include "model/lorawan/backhaul.h"
#include "model/lorawan/ip-backhaul.h"
#include "model/lorawan/join-server.h"

#include "ns3/node-container.h"
#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace ns3::iotfleet
{
namespace
{

constexpr GatewayId FIRST{0};
constexpr GatewayId SECOND{1};

TEST(OutageCalendar, HoldsHalfOpenSpans)
{
    OutageCalendar calendar;
    EXPECT_FALSE(calendar.Holds(0));
    calendar.Add({10, 20});
    EXPECT_FALSE(calendar.Holds(9));
    EXPECT_TRUE(calendar.Holds(10));
    EXPECT_TRUE(calendar.Holds(19));
    EXPECT_FALSE(calendar.Holds(20));
    EXPECT_EQ(calendar.EndOf(15), 20);
    EXPECT_EQ(calendar.EndOf(25), 25);
    calendar.Add({30, 30}); // nothing
    EXPECT_EQ(calendar.Spans().size(), 1U);
}

/// Against a plain list of spans, by membership of every instant.
TEST(OutageCalendar, IsTheUnionOfItsSpans)
{
    std::mt19937 draw(3);
    for (int repetition = 0; repetition < 200; ++repetition)
    {
        OutageCalendar calendar;
        std::vector<bool> down(120, false);
        for (int i = 0; i < 8; ++i)
        {
            const Tick start = draw() % 100;
            const Tick end = start + draw() % 20;
            calendar.Add({start, end});
            std::fill(down.begin() + start, down.begin() + end, true);
        }
        for (Tick when = 0; when < 120; ++when)
        {
            ASSERT_EQ(calendar.Holds(when), down[static_cast<size_t>(when)]) << when;
        }
        for (size_t i = 1; i < calendar.Spans().size(); ++i)
        {
            EXPECT_LT(calendar.Spans()[i - 1].end, calendar.Spans()[i].start);
        }
    }
}

TEST(OutagePlan, OneSpanIsAsWritten)
{
    const auto spans = PlanOutages({5, 9}, 100, {1, 1}, 0, 0);
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_EQ(spans[0].start, ToTicks(5));
    EXPECT_EQ(spans[0].end, ToTicks(9));
    EXPECT_EQ(PlanOutages({5, {}}, 100, {1, 1}, 0, 0)[0].end, ToTicks(100));
}

/// Long-run share down = MTTR / (MTBF + MTTR) (Barlow and Proschan, Mathematical Theory of
/// Reliability, 1965). Over a time T its variance is about 2 (ab)^2 / ((a + b)^3 T) with a, b the
/// two means; 400 units x 1000 h, a = 90 h, b = 10 h: standard deviation 0.0020. Four of them.
TEST(OutagePlan, DownTimeIsThatOfTheRenewalProcess)
{
    constexpr double HOURS = 1000;
    constexpr uint32_t UNITS = 400;
    double downS = 0;
    uint32_t failures = 0;
    for (uint32_t unit = 0; unit < UNITS; ++unit)
    {
        // In order at the start: skip ten mean times, after which that is forgotten.
        const auto spans =
            PlanOutages({0, {}, 90 * 3600.0, 10 * 3600.0}, (HOURS + 900) * 3600, {2, 1}, 4, unit);
        Tick last = -1;
        for (const auto& span : spans)
        {
            EXPECT_GT(span.start, last);
            last = span.end;
            const double from = std::max(ToSeconds(span.start), 900 * 3600.0);
            downS += std::max(0.0, ToSeconds(span.end) - from);
            failures += ToSeconds(span.start) > 900 * 3600.0 ? 1 : 0;
        }
    }
    EXPECT_NEAR(downS / 3600 / HOURS / UNITS, 0.1, 0.008);
    // Failures per unit: T / (a + b) = 10; variance T (a^2 + b^2) / (a + b)^3 = 8.2: sd of the mean
    // 0.14.
    EXPECT_NEAR(failures / double{UNITS}, 10, 0.6);
    EXPECT_NE(PlanOutages({0, {}, 9e4, 1e4}, 1e6, {2, 1}, 4, 0).front().start,
              PlanOutages({0, {}, 9e4, 1e4}, 1e6, {2, 1}, 5, 0).front().start);
}

TEST(BackhaulOutage, CutsOneGatewayOnly)
{
    const auto backhaul = CreateObject<DelayBackhaul>();
    backhaul->Configure({{}, {}}, {1, 1});
    backhaul->AddOutage(FIRST, {ToTicks(10), ToTicks(20)});
    EXPECT_TRUE(backhaul->Foretell(FIRST).has_value()); // at 0 s
    EXPECT_TRUE(backhaul->IsCut(FIRST, ToTicks(15)));
    EXPECT_FALSE(backhaul->IsCut(SECOND, ToTicks(15)));
    Simulator::Schedule(Seconds(15), [&] {
        EXPECT_FALSE(backhaul->Foretell(FIRST).has_value());
        EXPECT_TRUE(backhaul->Foretell(SECOND).has_value());
    });
    Simulator::Schedule(Seconds(20), [&] { EXPECT_TRUE(backhaul->Foretell(FIRST).has_value()); });
    Simulator::Run();
    Simulator::Destroy();
}

/// Datagrams of an IP backhaul every second: those sent while the link is cut are lost, both ways.
TEST(BackhaulOutage, CutsAnIpLink)
{
    NodeContainer gateways;
    gateways.Create(2);
    const auto server = CreateObject<Node>();
    const auto backhaul = CreateObject<IpBackhaul>();
    backhaul->Configure(gateways, server, {{}, {}}, {1, 1});
    backhaul->AddOutage(FIRST, {ToTicks(9.5), ToTicks(15.5)});
    backhaul->AddOutage(FIRST, {ToTicks(12.5), ToTicks(19.5)}); // overlaps
    std::vector<int> up;
    std::vector<int> down;
    std::vector<int> other;
    for (int i = 0; i < 30; ++i)
    {
        Simulator::Schedule(Seconds(i), [&, i] {
            backhaul->ToServer(FIRST, 100, [&up, i] { up.push_back(i); });
            backhaul->ToGateway(FIRST, 100, [&down, i] { down.push_back(i); });
            backhaul->ToServer(SECOND, 100, [&other, i] { other.push_back(i); });
        });
    }
    Simulator::Run();
    std::vector<int> expected;
    for (int i = 0; i < 30; ++i)
    {
        if (i < 10 || i >= 20)
        {
            expected.push_back(i);
        }
    }
    EXPECT_EQ(up, expected);
    EXPECT_EQ(down, expected);
    EXPECT_EQ(other.size(), 30U);
    backhaul->Dispose();
    Simulator::Destroy();
}

TEST(JoinServerOutage, LosesRequestsAndTheirNonces)
{
    JoinServer server;
    JoinConfig config;
    server.Configure(config, 1);
    server.AddOutage({ToTicks(10), ToTicks(20)});
    EXPECT_TRUE(server.Handle(DeviceId{0}, 1, ToTicks(5)).has_value());
    EXPECT_FALSE(server.Handle(DeviceId{0}, 2, ToTicks(12)).has_value());
    EXPECT_TRUE(server.Handle(DeviceId{0}, 2, ToTicks(20)).has_value()); // never seen before
    EXPECT_EQ(server.GetCounters().unanswered, 1U);
    EXPECT_EQ(server.GetCounters().accepted, 2U);
}

} // namespace
} // namespace ns3::iotfleet
