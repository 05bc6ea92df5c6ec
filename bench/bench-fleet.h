// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_BENCH_BENCH_FLEET_H
#define IOTFLEET_BENCH_BENCH_FLEET_H

#include "helper/lorawan-helper.h"
#include "model/fleet/fleet.h"

#include "ns3/simulator.h"

#include <cmath>

namespace ns3::iotfleet
{

/**
 * A fleet and its LoRaWAN for benchmarks: devices uniform in a disc around the gateways, joined,
 * EU868, data rates by link. No services.
 */
class BenchFleet
{
  public:
    struct Options
    {
        uint32_t devices{10000};
        uint32_t gateways{7};
        double radiusM{4000};
        double telemetryPeriodS{0};
        double frameLoss{0};
        std::string fading{"none"};
        double fadingDb{0};
    };

    explicit BenchFleet(const Options& options)
        : m_random(1, 1)
    {
        fleet = CreateObject<Fleet>();
        fleet->AddProfile(BuiltInProfiles().front());
        fleet->AddGroup("bench");
        fleet->AddSite("site");
        fleet->AddHardware("a");
        fleet->Reserve(options.devices);
        registry.Resize(options.devices);
        for (uint32_t i = 0; i < options.devices; ++i)
        {
            const double r = options.radiusM * std::sqrt(m_random.Uniform(Purpose::PLACEMENT, i));
            const double angle = 6.283185307 * m_random.Uniform(Purpose::PLACEMENT, i, 1);
            DeviceSeed seed;
            seed.x = static_cast<float>(r * std::cos(angle));
            seed.y = static_cast<float>(r * std::sin(angle));
            fleet->Add(seed);
        }
        for (uint32_t g = 0; g < options.gateways; ++g)
        {
            GatewaySpec gateway;
            gateway.name = "gw" + std::to_string(g);
            const double angle = 6.283185307 * g / std::max(1U, options.gateways - 1);
            gateway.position.x = g == 0 ? 0 : options.radiusM * 0.6 * std::cos(angle);
            gateway.position.y = g == 0 ? 0 : options.radiusM * 0.6 * std::sin(angle);
            lorawan.spec.gateways.push_back(gateway);
        }
        lorawan.spec.backhaulModel = "delay";
        lorawan.spec.adr = false;
        lorawan.spec.propagation.shadowingDb = 4;
        lorawan.spec.propagation.frameLoss = options.frameLoss;
        lorawan.spec.propagation.fading = options.fading;
        lorawan.spec.propagation.fadingDb = options.fadingDb;
        network = lorawan.Create(fleet, &registry, m_random);
        network->Mac().AddTelemetry({options.telemetryPeriodS, 20, false, 0.1, false});
        network->Install([](DeviceId) {
            LorawanDevice device;
            device.setup.activated = true;
            return device;
        });
    }

    ~BenchFleet()
    {
        network->Dispose();
        fleet->Dispose();
        Simulator::Destroy();
    }

    BenchFleet(const BenchFleet&) = delete;
    BenchFleet& operator=(const BenchFleet&) = delete;

    Ptr<Fleet> fleet;
    DeviceRegistry registry;
    LorawanHelper lorawan;
    Ptr<LorawanNetwork> network;

  private:
    CounterRandom m_random;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_BENCH_BENCH_FLEET_H
