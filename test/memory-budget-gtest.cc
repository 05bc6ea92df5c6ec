// SPDX-License-Identifier: GPL-2.0-only

// The memory budget of a device: 200 bytes at the worst minute of a campaign with joins, set-up,
// session, status, repair and reports. It counts bytes, never time.

#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"
#include "model/fleet/fleet.h"
#include "model/lorawan/link-table.h"
#include "test/test-support.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

double
PerDevice(size_t bytes, size_t devices)
{
    return static_cast<double>(bytes) / static_cast<double>(devices);
}

/// A fleet of `groups` groups, sites and kinds of hardware.
Ptr<Fleet>
MakeFleet(uint32_t devices, uint16_t groups)
{
    const auto fleet = CreateObject<Fleet>();
    fleet->AddProfile(BuiltInProfiles().front());
    fleet->Reserve(devices);
    for (uint32_t i = 0; i < devices; ++i)
    {
        DeviceSeed seed;
        seed.group = static_cast<uint16_t>(i % groups);
        seed.site = static_cast<uint16_t>(i % groups);
        seed.hardware = static_cast<uint8_t>(i % groups);
        seed.firmware = ImageId{1};
        fleet->Add(seed);
    }
    return fleet;
}

TEST(MemoryBudget, OfAFleet)
{
    constexpr uint32_t DEVICES = 10000;
    const auto alike = MakeFleet(DEVICES, 1);
    // 32 of traffic, 8 of position, 8 of instants, 1 of the image.
    EXPECT_LE(PerDevice(alike->MemoryBytes(), DEVICES), 49.0);
    alike->SetUpdated(DeviceId{0}, 0);
    EXPECT_LE(PerDevice(alike->MemoryBytes(), DEVICES), 53.0);
    // A byte each for group, site and hardware; two for more than 256 groups and sites.
    EXPECT_LE(PerDevice(MakeFleet(DEVICES, 200)->MemoryBytes(), DEVICES), 52.0);
    EXPECT_LE(PerDevice(MakeFleet(DEVICES, 1000)->MemoryBytes(), DEVICES), 54.0);
}

TEST(MemoryBudget, OfAFleetWhosePlacementIsARule)
{
    constexpr uint32_t DEVICES = 10000;
    const auto fleet = CreateObject<Fleet>();
    fleet->AddProfile(BuiltInProfiles().front());
    fleet->SetPositions([](DeviceId d) -> Fleet::Position {
        return {static_cast<float>(d), -static_cast<float>(d)};
    });
    fleet->Reserve(DEVICES);
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        fleet->Add({});
    }
    EXPECT_EQ(fleet->Size(), DEVICES);
    EXPECT_EQ(fleet->X(DeviceId{7}), 7.0F);
    EXPECT_EQ(fleet->Y(DeviceId{7}), -7.0F);
    EXPECT_LE(PerDevice(fleet->MemoryBytes(), DEVICES), 40.0); // no image either
}

TEST(MemoryBudget, OfARegistry)
{
    const DeviceRegistry registry(10000);
    EXPECT_LE(PerDevice(registry.MemoryBytes(), registry.Size()), 12.0);
}

/// The rooms of a simulation, bytes a device, each at its largest.
struct Rooms
{
    double fleet{0};
    double registry{0};
    double mac{0};
    double server{0};
    double groups{0};
    double agent{0};
    double service{0};
    double rollout{0};
    double sum{0}; ///< of all at one time, links included

    explicit Rooms(const FleetSimulation& simulation)
        : m_simulation(simulation)
    {
        Look();
    }

  private:
    double Keep(double& largest, size_t bytes) const
    {
        const double now = PerDevice(bytes, m_simulation.fleet->Size());
        largest = std::max(largest, now);
        return now;
    }

    void Look()
    {
        const auto& s = m_simulation;
        Keep(mac, s.network->Mac().MemoryBytes());
        Keep(server, s.network->Server().MemoryBytes());
        Keep(groups, s.network->Groups().MemoryBytes());
        const double now =
            Keep(fleet, s.fleet->MemoryBytes()) + Keep(registry, s.registry.MemoryBytes()) +
            Keep(agent, s.agent->MemoryBytes()) + Keep(service, s.service->MemoryBytes()) +
            Keep(rollout, s.rollout->MemoryBytes());
        sum = std::max(sum, now + PerDevice(s.network->MemoryBytes(), s.fleet->Size()));
        Simulator::Schedule(Minutes(1), &Rooms::Look, this);
    }

    const FleetSimulation& m_simulation;
};

/// The benchmark's scenario with a fleet small enough for a test. What does not grow with the fleet
/// (bundles of timers by turn, the parity matrix, chunks) weighs a hundred times as much a device
/// as in the benchmark, and reports come within 100 s instead of an hour: so the sum may be larger
/// than the 200 bytes that hold there.
TEST(MemoryBudget, OfACampaign)
{
    constexpr uint32_t DEVICES = 10000;
    const auto scenario = ReadScenario(test::SourcePath("bench/million.json"),
                                       {"/fleet/groups/0/count=" + std::to_string(DEVICES)});
    {
        FleetSimulation simulation(scenario, 1);
        const Rooms rooms(simulation);
        Simulator::Stop(Seconds(scenario.durationS));
        simulation.rollout->TraceConnectWithoutContext(
            "RolloutEnded",
            Callback<void, const WaveRecord&>([](const WaveRecord&) { Simulator::Stop(); }));
        Simulator::Run();
        EXPECT_GT(simulation.fleet->Count(Machine::UPDATE, Index(UpdateState::CONFIRMED)),
                  0.99 * DEVICES);
        EXPECT_LE(rooms.fleet, 46.0);
        EXPECT_LE(rooms.registry, 12.0);
        EXPECT_LE(rooms.mac, 80.0);
        EXPECT_LE(rooms.server, 45.0);
        EXPECT_LE(rooms.groups, 30.0);
        EXPECT_LE(rooms.agent, 65.0);
        EXPECT_LE(rooms.service, 45.0);
        EXPECT_LE(rooms.rollout, 1.5);
        EXPECT_LE(rooms.sum, 235.0);
    }
    Simulator::Destroy();
}

} // namespace
} // namespace ns3::iotfleet
