// SPDX-License-Identifier: GPL-2.0-only

// Expected values: the store-and-forward delay of one link, bits over rate plus propagation; the
// binomial distribution of losses.

#include "model/lorawan/ip-backhaul.h"
#include "test/test-support.h"

#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

constexpr GatewayId FIRST{0};
constexpr GatewayId SECOND{1};

/// Two gateways on links of their own, and the simulator to run them in.
class IpBackhaulTest : public testing::Test
{
  protected:
    void Build(const BackhaulLink& link, uint64_t seed = 1)
    {
        gateways = NodeContainer();
        gateways.Create(2);
        server = CreateObject<Node>();
        backhaul = CreateObject<IpBackhaul>();
        backhaul->Configure(gateways, server, {link, link}, CounterRandom(seed, 1));
        EXPECT_EQ(backhaul->AssignStreams(5000), 4);
    }

    void TearDown() override
    {
        backhaul = nullptr;
        gateways = NodeContainer();
        server = nullptr;
        Simulator::Destroy();
    }

    static Tick Now()
    {
        return Simulator::Now().GetNanoSeconds();
    }

    /// Sends `count` datagrams, one every 10 ms, and returns when each arrived; 0: never.
    std::vector<Tick> Stream(uint32_t count, uint32_t bytes)
    {
        std::vector<Tick> arrived(count, 0);
        for (uint32_t i = 0; i < count; ++i)
        {
            Simulator::Schedule(MilliSeconds(10 * i), [this, &arrived, bytes, i] {
                backhaul->ToServer(FIRST, bytes, [&arrived, i] { arrived[i] = Now(); });
            });
        }
        Simulator::Run();
        return arrived;
    }

    NodeContainer gateways;
    Ptr<Node> server;
    Ptr<IpBackhaul> backhaul;
};

TEST_F(IpBackhaulTest, ADatagramTakesPropagationAndSerialisation)
{
    BackhaulLink link;
    link.delayS = 0.05;
    link.rateBps = 1e6;
    Build(link);
    Tick up = 0;
    Tick down = 0;
    backhaul->ToServer(SECOND, 223, [&] { up = Now(); });
    backhaul->ToGateway(SECOND, 455, [&] { down = Now(); });
    Simulator::Run();
    // PPP puts two bytes around an IP packet; 1 Mb/s is 8 us a byte.
    EXPECT_EQ(up, 50'000'000 + (223 + 2) * 8000);
    EXPECT_EQ(down, 50'000'000 + (455 + 2) * 8000);
    EXPECT_EQ(down, backhaul->PlannedDelay(SECOND));
    EXPECT_EQ(backhaul->Awaited(), 0U);
}

TEST_F(IpBackhaulTest, ALinkKeepsTheOrderAndDatagramsWaitForEachOther)
{
    BackhaulLink link;
    link.delayS = 0.01;
    link.rateBps = 1e6;
    Build(link);
    std::vector<int> order;
    std::vector<Tick> at;
    for (int i = 0; i < 8; ++i)
    {
        backhaul->ToServer(FIRST, 248, [&, i] {
            order.push_back(i);
            at.push_back(Now());
        });
    }
    Simulator::Run();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    for (size_t i = 0; i < at.size(); ++i)
    {
        EXPECT_EQ(at[i], 10'000'000 + static_cast<Tick>(i + 1) * 2'000'000);
    }
}

TEST_F(IpBackhaulTest, GatewaysDoNotShareALink)
{
    BackhaulLink link;
    link.rateBps = 1e6;
    Build(link);
    std::vector<Tick> at;
    backhaul->ToServer(FIRST, 248, [&] { at.push_back(Now()); });
    backhaul->ToServer(SECOND, 248, [&] { at.push_back(Now()); });
    Simulator::Run();
    EXPECT_EQ(at, (std::vector<Tick>{52'000'000, 52'000'000}));
}

TEST_F(IpBackhaulTest, LosesTheShareItIsTold)
{
    BackhaulLink link;
    link.loss = 0.1;
    Build(link);
    constexpr uint32_t COUNT = 20'000;
    const auto arrived = Stream(COUNT, 223);
    const auto lost = static_cast<double>(std::ranges::count(arrived, 0));
    const double deviation = std::sqrt(COUNT * 0.1 * 0.9);
    EXPECT_NEAR(lost, COUNT * 0.1, 4 * deviation);
    EXPECT_LE(backhaul->Awaited(), 30U); // lost ones behind the last that arrived
}

TEST_F(IpBackhaulTest, JitterIsUniformAndWithinItsBound)
{
    BackhaulLink link;
    link.jitterS = 0.004;
    Build(link);
    constexpr uint32_t COUNT = 5000;
    const auto arrived = Stream(COUNT, 248);
    double sum = 0;
    for (uint32_t i = 0; i < COUNT; ++i)
    {
        const double delayS = ToSeconds(arrived[i]) - 0.010 * i - 0.05 - 250 * 8 / 10e6;
        EXPECT_GE(delayS, -1e-9);
        EXPECT_LE(delayS, 0.004 + 1e-9);
        sum += delayS;
    }
    EXPECT_NEAR(sum / COUNT, 0.002, 4 * 0.004 / std::sqrt(12.0 * COUNT));
}

TEST_F(IpBackhaulTest, TwoEqualRunsAreEqualAndAnotherSeedIsNot)
{
    BackhaulLink link;
    link.loss = 0.2;
    link.jitterS = 0.02;
    Build(link);
    const auto once = Stream(2000, 223);
    TearDown();
    Build(link);
    EXPECT_EQ(Stream(2000, 223), once);
    TearDown();
    Build(link, 2);
    EXPECT_NE(Stream(2000, 223), once);
}

TEST_F(IpBackhaulTest, ForgetsDatagramsThatNeverArrive)
{
    BackhaulLink link;
    link.loss = 1;
    Build(link);
    const auto arrived = Stream(2000, 223);
    EXPECT_EQ(std::ranges::count(arrived, 0), 2000);
    EXPECT_LT(backhaul->Awaited(), 50U);
}

TEST_F(IpBackhaulTest, MayOutliveItsNodes)
{
    Build({});
    backhaul->ToServer(FIRST, 223, [] { FAIL() << "the simulation is over"; });
    Simulator::Destroy();
    backhaul = nullptr;
}

TEST_F(IpBackhaulTest, CannotForetell)
{
    Build({});
    EXPECT_FALSE(backhaul->CanForetell());
}

TEST_F(IpBackhaulTest, OtherProgramsMayUseTheNodes)
{
    BackhaulLink link;
    link.rateBps = 1e6;
    Build(link);
    const auto sink = Socket::CreateSocket(server, UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    uint32_t received = 0;
    sink->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [&](Ptr<Socket> socket) { received += socket->Recv()->GetSize(); }));
    // The first gateway reaches the second one's subnet by way of the server.
    const auto source = Socket::CreateSocket(gateways.Get(0), UdpSocketFactory::GetTypeId());
    source->SendTo(Create<Packet>(220U),
                   0,
                   InetSocketAddress(IpBackhaul::ServerAddress(SECOND), 9));
    // A stranger on the backhaul's own port is not taken for a datagram of ours.
    source->SendTo(Create<Packet>(220U),
                   0,
                   InetSocketAddress(IpBackhaul::ServerAddress(FIRST), IpBackhaul::PORT));
    Tick arrived = 0;
    backhaul->ToServer(FIRST, 248, [&] { arrived = Now(); });
    Simulator::Run();
    EXPECT_EQ(received, 220U);
    EXPECT_EQ(arrived, 50'000'000 + 3 * 2'000'000) << "it waits for the two strangers before it";
}

} // namespace
} // namespace ns3::iotfleet
