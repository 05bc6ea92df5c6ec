// SPDX-License-Identifier: GPL-2.0-only
// A whole campaign, from power-on to reports: seconds, and bytes per device.
#include "helper/fleet-simulation.h"
#include "helper/scenario-reader.h"

#include "ns3/object-factory.h"
#include "ns3/simulator.h"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

namespace ns3::iotfleet
{

namespace
{

/// Accounted bytes by room.
struct Memory
{
    size_t fleet{0};
    size_t registry{0};
    size_t network{0};
    size_t agent{0};
    size_t service{0};
    size_t rollout{0};

    size_t Sum() const
    {
        return fleet + registry + network + agent + service + rollout;
    }
};

Memory
MeasureMemory(const FleetSimulation& simulation)
{
    return {simulation.fleet->MemoryBytes(),
            simulation.registry.MemoryBytes(),
            simulation.network->MemoryBytes(),
            simulation.agent->MemoryBytes(),
            simulation.service->MemoryBytes(),
            simulation.rollout->MemoryBytes()};
}

/// Looks at the memory every simulated minute and keeps the largest: rooms grow and shrink.
class MemoryWatch
{
  public:
    explicit MemoryWatch(const FleetSimulation& simulation)
        : m_simulation(simulation)
    {
        Look();
    }

    const Memory& Largest() const
    {
        return m_largest;
    }

  private:
    void Look()
    {
        const auto now = MeasureMemory(m_simulation);
        m_largest = now.Sum() > m_largest.Sum() ? now : m_largest;
        Simulator::Schedule(Minutes(1), &MemoryWatch::Look, this);
    }

    const FleetSimulation& m_simulation;
    Memory m_largest;
};

size_t
PeakResidentBytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<size_t>(usage.ru_maxrss) * 1024;
}

void
RunOne(benchmark::State& state, const Scenario& scenario)
{
    for (auto _ : state)
    {
        ObjectFactory factory;
        factory.SetTypeId("ns3::PriorityQueueScheduler");
        Simulator::SetScheduler(factory);
        const size_t residentBefore = PeakResidentBytes();
        {
            FleetSimulation simulation(scenario, 1);
            const MemoryWatch watch(simulation);
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
            const auto& largest = watch.Largest();
            state.counters["B_fleet"] = perDevice(largest.fleet);
            state.counters["B_registry"] = perDevice(largest.registry);
            state.counters["B_network"] = perDevice(largest.network);
            state.counters["B_agent"] = perDevice(largest.agent);
            state.counters["B_service"] = perDevice(largest.service);
            state.counters["B_rollout"] = perDevice(largest.rollout);
            state.counters["bytes_per_device"] = perDevice(largest.Sum());
            // The whole process: libraries, OpenSSL, ns-3, and what nobody accounts for.
            state.counters["resident_per_device"] = perDevice(PeakResidentBytes() - residentBefore);
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
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

} // namespace

} // namespace ns3::iotfleet
