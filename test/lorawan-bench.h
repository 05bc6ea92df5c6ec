// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_LORAWAN_BENCH_H
#define IOTFLEET_TEST_LORAWAN_BENCH_H

#include "model/lorawan/lorawan-core.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/propagation-loss-model.h"

#include <cmath>
#include <vector>

namespace ns3::iotfleet::test
{

/**
 * Devices and gateways whose links have the gains that a test names: all gateways stand in one
 * place and the path loss is 40 log10(distance / 1 m), so that a gain is a distance.
 */
class LorawanBench
{
  public:
    explicit LorawanBench(std::vector<double> gainsDb,
                          size_t gateways = 1,
                          const LorawanConfig& config = {},
                          double antennaDbi = 0)
        : core(GetRegion("EU868"), config)
    {
        core.random = CounterRandom(1, 1);
        core.fleet = CreateObject<Fleet>();
        core.fleet->AddProfile(BuiltInProfiles().front());
        core.fleet->AddGroup("bench");
        core.fleet->AddSite("site");
        core.fleet->AddHardware("a");
        std::vector<GatewaySite> sites;
        for (size_t g = 0; g < gateways; ++g)
        {
            sites.push_back({CreateObject<ConstantPositionMobilityModel>(), antennaDbi});
            core.gateways.push_back(CreateObject<LoraGateway>());
            core.gateways.back()->Configure("g" + std::to_string(g),
                                            core.region,
                                            config.dutyCycleRule);
            core.gatewayAntennaDbi.push_back(antennaDbi);
        }
        for (size_t d = 0; d < gainsDb.size(); ++d)
        {
            core.fleet->Add(DeviceSeed{});
        }
        const auto loss = CreateObject<LogDistancePropagationLossModel>();
        loss->SetPathLossExponent(4);
        loss->SetReference(1, 0);
        core.links.Build(
            sites,
            static_cast<uint32_t>(gainsDb.size()),
            [&](DeviceId d) {
                const double distanceM = std::pow(10.0, -gainsDb[Index(d)] / 40);
                return DeviceSite{static_cast<float>(distanceM), 0, 0, false};
            },
            loss,
            core.config,
            core.random);
    }

    ~LorawanBench()
    {
        core.fleet->Dispose();
    }

    LorawanBench(const LorawanBench&) = delete;
    LorawanBench& operator=(const LorawanBench&) = delete;

    LorawanCore core;
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_LORAWAN_BENCH_H
