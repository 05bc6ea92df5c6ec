// SPDX-License-Identifier: GPL-2.0-only

// The distributor's server out of order and overloaded: a D/D/1 queue in front of a network with
// fixed delays.

#include "model/lifecycle/server-gate.h"
#include "test/fake-access-network.h"
#include "test/update-bed.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

constexpr uint8_t PORT = 200;

class ServerGateTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        gate->Attach(network, std::array<uint8_t, 1>{PORT});
        network->HandleAtDevice(PORT, [this](DeviceId d, const wire::AppPayload&) {
            arrived.emplace_back(static_cast<uint32_t>(d), Simulator::Now().GetSeconds());
        });
        gate->HandleAtOperator(PORT, [this](const UplinkMessage&) { ++heard; });
    }

    void TearDown() override
    {
        gate->Dispose();
        Simulator::Destroy();
    }

    void SendAt(double seconds, uint32_t device)
    {
        Simulator::Schedule(Seconds(seconds), [this, device] {
            gate->SendToDevice(DeviceId{device}, wire::AppPayload::ForPort(PORT));
        });
    }

    static TimeSpan Span(double start, double end)
    {
        return {ToTicks(start), ToTicks(end)};
    }

    using Arrivals = std::vector<std::pair<uint32_t, double>>;

    Ptr<test::FakeAccessNetwork> network = CreateObject<test::FakeAccessNetwork>(10);
    Ptr<ServerGate> gate = CreateObject<ServerGate>();
    Arrivals arrived; ///< device, seconds; the network takes 5 s
    uint32_t heard{0};
};

TEST_F(ServerGateTest, OutOfOrderItHandsOutNothing)
{
    gate->AddOutage(Span(10, 100));
    SendAt(9, 0);
    SendAt(20, 1);
    SendAt(30, 2);
    SendAt(101, 3);
    Simulator::Schedule(Seconds(50), [this] {
        EXPECT_EQ(gate->Waiting(), 2U);
        EXPECT_EQ(gate->PendingToDevice(DeviceId{1}), 1U);
        network->SendToOperator(DeviceId{1}, wire::AppPayload::ForPort(PORT), false);
    });
    Simulator::Schedule(Seconds(150), [this] {
        network->SendToOperator(DeviceId{1}, wire::AppPayload::ForPort(PORT), false);
    });
    Simulator::Run();
    EXPECT_EQ(arrived, (Arrivals{{0, 14}, {1, 105}, {2, 105}, {3, 106}}));
    EXPECT_EQ(heard, 1U);
    EXPECT_EQ(gate->LostUplinks(), 1U);
}

TEST_F(ServerGateTest, OverloadedItHandsOutAtItsRate)
{
    gate->AddOverload({Span(10, 1000), 0.5}); // one in two seconds
    for (uint32_t i = 0; i < 4; ++i)
    {
        SendAt(10, i);
    }
    SendAt(11, 4);
    SendAt(30, 5); // idle by then
    Simulator::Run();
    EXPECT_EQ(arrived, (Arrivals{{0, 15}, {1, 17}, {2, 19}, {3, 21}, {4, 23}, {5, 35}}));
}

TEST_F(ServerGateTest, AnOutageInterruptsTheQueue)
{
    gate->AddOverload({Span(0, 1000), 1});
    gate->AddOutage(Span(2.5, 10));
    for (uint32_t i = 0; i < 5; ++i)
    {
        SendAt(1, i);
    }
    Simulator::Run();
    EXPECT_EQ(arrived, (Arrivals{{0, 6}, {1, 7}, {2, 15}, {3, 16}, {4, 17}}));
}

TEST_F(ServerGateTest, DroppedMessagesDoNotLeave)
{
    gate->AddOutage(Span(0, 100));
    SendAt(1, 0);
    SendAt(1, 1);
    Simulator::Schedule(Seconds(2), [this] {
        gate->DropPending(DeviceId{0});
        EXPECT_EQ(gate->PendingToDevice(DeviceId{0}), 0U);
    });
    Simulator::Run();
    EXPECT_EQ(arrived, (Arrivals{{1, 105}}));
}

TEST_F(ServerGateTest, AGroupIsIdleWhenItsFramesHaveLeftBoth)
{
    gate->AddOutage(Span(0, 100));
    GroupConfig config;
    config.members = {DeviceId{0}};
    const auto group = gate->CreateGroup(config);
    GroupFrame frame;
    frame.number = 1;
    gate->SendToGroup(group, frame);
    gate->SendToGroup(group, frame);
    EXPECT_EQ(gate->PendingToGroup(group), 2U);
    double idleS = 0;
    gate->WhenGroupIdle(group, [&](GroupId) { idleS = Simulator::Now().GetSeconds(); });
    Simulator::Run();
    EXPECT_EQ(idleS, 104); // two frames, 2 s each
    EXPECT_EQ(gate->PendingToGroup(group), 0U);
}

/// The books of airtime are those of the network behind.
TEST(ServerGate, AirtimeIsCountedBehindIt)
{
    test::UpdateBed plain(20);
    plain.network->neverHeard = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    plain.Run();
    const auto expected = plain.service->Totals();
    ASSERT_GT(expected.multicastAirtimeS, 0);
    Simulator::Destroy();

    test::UpdateBed bed(20);
    const auto real = bed.network;
    real->neverHeard = plain.network->neverHeard;
    const auto gate = CreateObject<ServerGate>();
    gate->Attach(real, std::array<uint8_t, 3>{200, 201, 203});
    bed.Start(gate);
    Simulator::Stop(Days(30));
    Simulator::Run();
    const auto& totals = bed.service->Totals();
    EXPECT_EQ(totals.multicastAirtimeS, expected.multicastAirtimeS);
    for (const auto purpose :
         {AirPurpose::SET_UP, AirPurpose::FIRST_PASS, AirPurpose::REPAIR, AirPurpose::REPORTS})
    {
        EXPECT_EQ(totals.air.Of(purpose), expected.air.Of(purpose)) << +Index(purpose);
    }
    gate->Dispose();
}

/// Whole updates through a server that is away in the middle of set-up: late, and complete.
TEST(ServerGate, AnUpdateSurvivesAnOutage)
{
    double finishedS[2]{};
    for (const bool outage : {false, true})
    {
        test::UpdateBed bed(20);
        const auto gate = CreateObject<ServerGate>();
        const auto real = bed.network;
        gate->Attach(real, std::array<uint8_t, 3>{200, 201, 203});
        if (outage)
        {
            gate->AddOutage({ToTicks(15), ToTicks(15 + 7200)});
        }
        bed.check = std::make_unique<ImageCheck>(bed.catalog, SuitCheck(bed.key.GetPublicKey()));
        const CounterRandom random(5, 1);
        bed.agent->Start({bed.fleet, real, &bed.catalog, &bed.directory, bed.check.get(), random},
                         bed.config);
        const auto keyOf = [](DeviceId) { return wire::Block128{}; };
        bed.service->Start({gate, &bed.registry, &bed.catalog, &bed.directory, keyOf, random},
                           bed.config);
        Simulator::Schedule(Seconds(10), [&] {
            bed.service->Distribute(bed.everybody, bed.target, [&, outage] {
                finishedS[outage ? 1 : 0] = Simulator::Now().GetSeconds();
            });
        });
        Simulator::Stop(Days(5));
        Simulator::Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
        EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
        gate->Dispose();
    }
    EXPECT_GT(finishedS[1], finishedS[0] + 7000);
}

} // namespace
} // namespace ns3::iotfleet
