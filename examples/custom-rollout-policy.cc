// SPDX-License-Identifier: GPL-2.0-only

// A rollout policy of one's own, against an image that bricks one hardware batch. The order takes
// devices that report often first, so that silence is noticed soon; the gate stops the rollout at
// the first device that fails or falls silent, whatever the share. Prints the waves.

#include "helper/fleet-helper.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <cmath>
#include <iostream>

using namespace ns3;
using namespace ns3::iotfleet;

namespace
{

/// Devices that were heard most recently first; those never heard last.
class RecentlyHeardOrder : public WaveOrder
{
  public:
    explicit RecentlyHeardOrder(const DeviceRegistry& registry)
        : m_registry(registry)
    {
    }

    uint32_t Rank(DeviceId device) const override
    {
        const float seenS = m_registry.LastSeenS(device);
        return std::isnan(seenS) ? UINT32_MAX : UINT32_MAX - 1 - static_cast<uint32_t>(seenS);
    }

  private:
    const DeviceRegistry& m_registry;
};

/// One harmed device is one too many.
class NobodyHarmedGate : public RolloutGate
{
  public:
    GateVerdict Judge(const WaveConfig&, const WaveCounts& counts, bool complete) const override
    {
        const uint32_t bad = counts.failed + (complete ? counts.unreported : 0);
        return bad == 0 ? GateVerdict{}
                        : GateVerdict{false, std::to_string(bad) + " failed or silent"};
    }
};

void
PrintWave(const WaveRecord& wave)
{
    std::cout << wave.name << ": " << wave.counts.targeted << " targeted, " << wave.counts.succeeded
              << " succeeded, " << wave.counts.failed << " failed, " << wave.counts.unreported
              << " silent -> " << WAVE_DECISION_NAMES[static_cast<size_t>(wave.decision)] << " "
              << wave.reason << "\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);

    FleetHelper helper;
    helper.AddDevices("old", 180, 1500).activated = true;
    auto& batch = helper.AddDevices("new", 20, 1500);
    batch.activated = true;
    batch.hardware = "b";
    helper.AddGateway("mast", Vector(0, 0, 30));
    auto& image = helper.SetFirmware("1.1.0", 2000, Hours(6));
    image.defect = {1, "silent-brick", "b"};
    helper.AddWave("first", 0.1, Hours(1));
    helper.AddWave("everybody", 1);
    FleetContainer fleet = helper.Install();

    auto& rollout = *fleet.GetRollout();
    rollout.SetOrder(std::make_unique<RecentlyHeardOrder>(fleet.GetRegistry()));
    rollout.SetGate(std::make_unique<NobodyHarmedGate>());
    rollout.TraceConnectWithoutContext("WaveEnded", MakeCallback(&PrintWave));

    Simulator::Stop(Days(5));
    Simulator::Run();
    const auto bricked =
        fleet.GetFleet()->Count(Machine::HEALTH, static_cast<uint8_t>(Health::BRICKED));
    std::cout << fleet.CountUpdated() << " updated, " << bricked << " of 20 bad devices bricked\n";
    Simulator::Destroy();
    return 0;
}
