// SPDX-License-Identifier: GPL-2.0-only
// Nanoseconds per device and fragment of a class C session through the air, the gateways and the
// devices' real decoders: M uncoded fragments, then coded ones until nearly everybody has decoded.
#include "bench/bench-fleet.h"
#include "bench/nanoseconds.h"
#include "model/update/frag-tracker.h"

namespace ns3::iotfleet
{

namespace
{

constexpr uint16_t FRAGMENTS = 1000;

void
MulticastSession(benchmark::State& state)
{
    const double loss = static_cast<double>(state.range(2)) / 100;
    BenchFleet::Options options;
    options.devices = static_cast<uint32_t>(state.range(0));
    options.gateways = static_cast<uint32_t>(state.range(1));
    options.frameLoss = loss;
    const auto redundancy = static_cast<uint16_t>(FRAGMENTS * loss * 1.3 + 10);
    BenchFleet bench(options);
    uint64_t completed = 0;
    double nsPerPair = 0;
    const double pairs = static_cast<double>(options.devices) * (FRAGMENTS + redundancy);
    size_t memory = 0;
    for (auto _ : state)
    {
        state.PauseTiming();
        GroupConfig config;
        config.dataRate = 5;
        std::vector<DeviceId> members;
        for (uint32_t i = 0; i < options.devices; ++i)
        {
            members.push_back(DeviceId{i});
        }
        config.members = std::move(members);
        const GroupId group = bench.network->CreateGroup(config);
        FragTracker tracker(
            std::make_shared<ParityColumns>(FRAGMENTS, wire::Ts004Version::V2),
            options.devices,
            [&](uint32_t block, std::vector<uint8_t>& heard) {
                bench.network->Replay(group, block, heard);
            },
            [](uint32_t) { return 300U; });
        std::vector<uint32_t> done;
        bench.network->HandleGroup([&](const GroupReception& reception) {
            tracker.Hear(reception.frame.number, reception.heard, done);
        });
        for (uint32_t m = 0; m < options.devices; ++m)
        {
            tracker.Open(m);
            bench.network->StartListening(group, m);
        }
        state.ResumeTiming();
        const Stopwatch watch;
        for (uint16_t n = 1; n <= FRAGMENTS + redundancy; ++n)
        {
            GroupFrame frame;
            frame.number = n;
            frame.sizeBytes = 200;
            frame.port = 201;
            bench.network->SendToGroup(group, frame);
        }
        Simulator::Run();
        nsPerPair = watch.Per(pairs);
        state.PauseTiming();
        completed = done.size();
        memory = tracker.MemoryBytes() + bench.network->Groups().MemoryBytes();
        bench.network->DeleteGroup(group);
        state.ResumeTiming();
    }
    state.counters["ns_per_pair"] = nsPerPair;
    state.counters["decoded"] = static_cast<double>(completed) / options.devices;
    state.counters["session_bytes_per_device"] = static_cast<double>(memory) / options.devices;
}

BENCHMARK(MulticastSession)
    ->ArgNames({"devices", "gateways", "loss_percent"})
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {1, 7}, {1, 10}})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace

} // namespace ns3::iotfleet
