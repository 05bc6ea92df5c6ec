// SPDX-License-Identifier: GPL-2.0-only
// A whole campaign, from power-on to reports: seconds, and bytes per device.
#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"

#include "ns3/object-factory.h"
#include "ns3/simulator.h"

#include <benchmark/benchmark.h>

namespace ns3::iotfleet
{

namespace
{

void
RunOne(benchmark::State& state, const Scenario& scenario)
{
    for (auto _ : state)
    {
        ObjectFactory factory;
        factory.SetTypeId("ns3::PriorityQueueScheduler");
        Simulator::SetScheduler(factory);
        {
            FleetSimulation simulation(scenario, 1);
            simulation.rollout->TraceConnectWithoutContext(
                "RolloutEnded",
                Callback<void, const WaveRecord&>([](const WaveRecord&) { Simulator::Stop(); }));
            Simulator::Stop(Seconds(scenario.durationS));
            Simulator::Run();
            const double devices = simulation.fleet->Size();
            const auto count = [&](UpdateState s) {
                return simulation.fleet->Count(Machine::UPDATE, static_cast<uint8_t>(s));
            };
            state.counters["updated"] = count(UpdateState::CONFIRMED);
            state.counters["simulated_days"] = Simulator::Now().GetSeconds() / 86400;
            state.counters["events"] = static_cast<double>(Simulator::GetEventCount());
            state.counters["uplinks"] =
                static_cast<double>(simulation.network->Mac().Counters().telemetrySent +
                                    simulation.network->Mac().Counters().messagesSent +
                                    simulation.network->Mac().Counters().joinRequests);
            const auto perDevice = [&](size_t bytes) {
                return static_cast<double>(bytes) / devices;
            };
            const auto& network = *simulation.network;
            state.counters["B_fleet"] = perDevice(simulation.fleet->MemoryBytes());
            state.counters["B_registry"] = perDevice(simulation.registry.MemoryBytes());
            state.counters["B_network"] = perDevice(network.MemoryBytes());
            state.counters["B_agent"] = perDevice(simulation.agent->MemoryBytes());
            state.counters["B_service"] = perDevice(simulation.service->MemoryBytes());
            state.counters["bytes_per_device"] =
                perDevice(simulation.fleet->MemoryBytes() + simulation.registry.MemoryBytes() +
                          network.MemoryBytes() + simulation.agent->MemoryBytes() +
                          simulation.service->MemoryBytes());
        }
        Simulator::Destroy();
    }
}

void
City100k(benchmark::State& state)
{
    const auto file = std::filesystem::path(IOTFLEET_SOURCE_DIR) / "scenarios/city-100k.json";
    RunOne(state, ReadScenario(file));
}

/// A million devices: joins, set-up, a session of 1,000 fragments, status, one repair round,
/// reports.
void
MillionDevices(benchmark::State& state)
{
    const auto file = std::filesystem::path(IOTFLEET_SOURCE_DIR) / "bench/million.json";
    const auto devices = std::to_string(state.range(0));
    RunOne(state, ReadScenario(file, {"/fleet/groups/0/count=" + devices}));
}

BENCHMARK(City100k)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(MillionDevices)
    ->ArgName("devices")
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

} // namespace

} // namespace ns3::iotfleet
