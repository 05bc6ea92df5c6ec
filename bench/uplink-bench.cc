// SPDX-License-Identifier: GPL-2.0-only
// Nanoseconds per uplink with interference: timers, channel choice, the air at all gateways, the
// server.
#include "bench/bench-fleet.h"
#include "bench/nanoseconds.h"

namespace ns3::iotfleet
{

namespace
{

void
Uplinks(benchmark::State& state)
{
    BenchFleet::Options options;
    options.devices = static_cast<uint32_t>(state.range(0));
    options.gateways = static_cast<uint32_t>(state.range(1));
    options.telemetryPeriodS = 3600;
    BenchFleet bench(options);
    // Devices switch on and the first uplinks are on their way: not part of what is measured.
    Simulator::Stop(Seconds(600));
    Simulator::Run();
    const auto& counters = bench.network->Mac().Counters();
    const uint64_t before = counters.telemetrySent;
    const double spanS = std::min(3600.0, 3600.0 * 1e6 / options.devices / 4);
    const Stopwatch watch;
    for (auto _ : state)
    {
        Simulator::Stop(Seconds(spanS));
        Simulator::Run();
    }
    const auto uplinks = static_cast<double>(counters.telemetrySent - before);
    state.counters["ns_per_uplink"] = watch.Per(uplinks);
    state.counters["uplinks"] = uplinks;
    state.counters["delivered"] =
        static_cast<double>(bench.network->Server().Counters().telemetryDelivered) /
        static_cast<double>(counters.telemetrySent);
}

BENCHMARK(Uplinks)
    ->ArgNames({"devices", "gateways"})
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {1, 7}})
    ->Iterations(2)
    ->Unit(benchmark::kMillisecond);

} // namespace

} // namespace ns3::iotfleet
