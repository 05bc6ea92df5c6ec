// SPDX-License-Identifier: GPL-2.0-only
#include "helper/fault-builder.h"

#include "helper/firmware-builder.h"
#include "model/lifecycle/bad-image-fault.h"
#include "model/lifecycle/battery-fault.h"
#include "model/lifecycle/clock-fault.h"
#include "model/lifecycle/device-loss-fault.h"
#include "model/lifecycle/flaky-reporter-fault.h"
#include "model/lifecycle/lying-reporter-fault.h"
#include "model/lifecycle/outage-plan.h"
#include "model/lifecycle/power-loss-fault.h"
#include "model/lifecycle/slow-leak-fault.h"
#include "model/update/rollout-config.h"

#include <array>

namespace ns3::iotfleet
{

namespace
{

HitConfig
MakeTarget(const FaultTargetSpec& spec)
{
    HitConfig target;
    target.share = spec.share;
    target.devices = spec.devices;
    target.site = spec.site;
    target.group = spec.group;
    target.hardware = spec.hardware;
    target.profile = spec.profile;
    if (spec.withinRadiusM)
    {
        target.within = HitCircle{spec.withinX, spec.withinY, *spec.withinRadiusM};
    }
    target.cluster = *FromName<Cluster>(CLUSTER_NAMES, spec.cluster);
    target.correlation = spec.correlation;
    return target;
}

/// What a bad image of this kind does at its first boot; nothing for kinds of another sort.
std::optional<BootFate>
MakeFate(const FaultSpec& spec)
{
    using Kind = BootFate::Kind;
    if (spec.kind == "crash")
    {
        return BootFate{Kind::REVERTS, "image-defect", 1};
    }
    if (spec.kind == "silent-brick")
    {
        return BootFate{Kind::BRICKS, "silent-brick", 0};
    }
    if (spec.kind == "boot-loop")
    {
        const auto kind = spec.reverts ? Kind::REVERTS : Kind::BRICKS;
        return BootFate{kind, "boot-loop", spec.resets, spec.resetTimeS};
    }
    if (spec.kind == "cannot-join")
    {
        return BootFate{Kind::CANNOT_JOIN, "cannot-join", 0, {}, spec.revertAfterS};
    }
    return std::nullopt;
}

/// The object of a fault that comes with an image; null for other kinds.
std::unique_ptr<Fault>
MakeImageFault(const FaultSpec& spec, uint32_t number, ImageMatch images)
{
    const auto target = MakeTarget(spec.target);
    if (const auto fate = MakeFate(spec))
    {
        return std::make_unique<BadImageFault>(number, target, images, *fate);
    }
    if (spec.kind == "slow-leak")
    {
        const auto end = *FromName<LeakEnd>(LEAK_END_NAMES, spec.then);
        const SlowLeakConfig config{images, spec.meanS, spec.shape, end};
        return std::make_unique<SlowLeakFault>(number, target, config);
    }
    return nullptr;
}

/// The object of a fault that strikes devices; null for those of networks and servers.
std::unique_ptr<Fault>
MakeFault(const FaultSpec& spec, uint32_t number, ImageMatch images)
{
    const auto target = MakeTarget(spec.target);
    const FaultWindow window{spec.startS, spec.endS};
    if (spec.kind == "power-loss")
    {
        const PowerLossOdds odds{spec.probability, spec.brickShare};
        return std::make_unique<PowerLossFault>(number, target, odds, window);
    }
    if (spec.kind == "flaky-reporter")
    {
        const FlakyReporterConfig config{spec.lost, spec.late, spec.wrong, spec.delayS};
        return std::make_unique<FlakyReporterFault>(number, target, config, window);
    }
    if (spec.kind == "lying-reporter")
    {
        return std::make_unique<LyingReporterFault>(number, target, spec.startS);
    }
    if (spec.kind == "device-loss")
    {
        const DeviceLossConfig config{window, spec.spreadS, spec.mtbfS};
        return std::make_unique<DeviceLossFault>(number, target, config);
    }
    if (spec.kind == "battery-empty")
    {
        return std::make_unique<BatteryFault>(number, target, spec.emptyLevel, spec.checkS);
    }
    if (spec.kind == "clock-fault")
    {
        return std::make_unique<ClockFault>(number,
                                            target,
                                            spec.startS,
                                            spec.offsetS,
                                            spec.driftPpm);
    }
    return MakeImageFault(spec, number, images);
}

/// The images that a fault names: a bad one is as bad when devices go back to it.
ImageMatch
ImagesOf(const FaultSpec& spec, const Scenario& scenario, const FirmwareCatalog& catalog)
{
    if (spec.image.empty())
    {
        return {};
    }
    const bool goesBack = spec.image == scenario.rollout.rollBackTo;
    const auto copy = goesBack ? catalog.Find(RollBackVersion(scenario)) : std::nullopt;
    return {*catalog.Find(spec.image), copy.value_or(NO_IMAGE)};
}

} // namespace

std::vector<Outage>
OutagesOf(const Scenario& scenario, const CounterRandom& random)
{
    std::vector<Outage> outages;
    const auto add = [&](uint32_t number, uint32_t unit, const std::string& subject) {
        const FaultSpec& fault = scenario.faults[number];
        const OutageConfig config{fault.startS, fault.endS, fault.mtbfS, fault.mttrS.value_or(0)};
        for (const auto span : PlanOutages(config, scenario.durationS, random, number, unit))
        {
            outages.push_back({number, unit, subject, span});
        }
    };
    for (uint32_t number = 0; number < scenario.faults.size(); ++number)
    {
        const FaultSpec& fault = scenario.faults[number];
        const auto* kind = FindFaultKind(fault.kind);
        if (kind == nullptr || kind->Has(FaultKey::TARGET))
        {
            continue; // strikes devices
        }
        if (!kind->Has(FaultKey::GATEWAY))
        {
            add(number, 0, "");
            continue;
        }
        for (uint32_t g = 0; g < scenario.lorawan.gateways.size(); ++g)
        {
            const auto& name = scenario.lorawan.gateways[g].name;
            if (fault.gateway == "*" || fault.gateway == name)
            {
                add(number, g, name);
            }
        }
    }
    return outages;
}

void
AddNetworkFaults(const Scenario& scenario, LorawanNetwork& network, const CounterRandom& random)
{
    for (const auto& outage : OutagesOf(scenario, random))
    {
        const auto& kind = scenario.faults[outage.fault].kind;
        if (kind == "gateway-outage")
        {
            network.Gateways()[outage.unit]->AddOutage(outage.span.start, outage.span.end);
        }
        else if (kind == "backhaul-outage")
        {
            network.AddBackhaulOutage(static_cast<GatewayId>(outage.unit), outage.span);
        }
        else if (kind == "join-server-outage")
        {
            network.AddJoinServerOutage(outage.span);
        }
    }
}

Ptr<ServerGate>
MakeServerGate(const Scenario& scenario,
               const Ptr<AccessNetwork>& network,
               const CounterRandom& random)
{
    Ptr<ServerGate> gate;
    for (const auto& outage : OutagesOf(scenario, random))
    {
        const FaultSpec& fault = scenario.faults[outage.fault];
        const bool isOutage = fault.kind == "distribution-outage";
        if (!isOutage && fault.kind != "distribution-overload")
        {
            continue;
        }
        if (!gate)
        {
            constexpr std::array<uint8_t, 3> PORTS{wire::ts005::FPORT,
                                                   wire::ts004::FPORT,
                                                   wire::ts006::FPORT};
            gate = CreateObject<ServerGate>();
            gate->Attach(network, PORTS);
        }
        isOutage ? gate->AddOutage(outage.span) : gate->AddOverload({outage.span, fault.ratePerS});
    }
    return gate;
}

void
AddDeviceFaults(const Scenario& scenario, const FirmwareCatalog& catalog, FaultModel& model)
{
    for (uint32_t number = 0; number < scenario.faults.size(); ++number)
    {
        const FaultSpec& spec = scenario.faults[number];
        if (auto fault = MakeFault(spec, number, ImagesOf(spec, scenario, catalog)))
        {
            model.Add(std::move(fault));
        }
    }
}

} // namespace ns3::iotfleet
