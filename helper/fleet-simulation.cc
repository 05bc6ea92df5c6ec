// SPDX-License-Identifier: GPL-2.0-only
#include "helper/fleet-simulation.h"

#include "helper/config-binding.h"
#include "helper/fault-builder.h"
#include "helper/firmware-builder.h"
#include "helper/placement.h"
#include "helper/rollout-builder.h"

#include "ns3/boolean.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>
#include <map>

namespace ns3::iotfleet
{

namespace
{

/// Root of the devices' keys in the simulation: key = AES-128(root, device number, which key).
constexpr std::array<uint8_t, 16>
    FLEET_ROOT_KEY{'i', 'o', 't', '-', 'f', 'l', 'e', 'e', 't', ' ', 'r', 'o', 'o', 't', ' ', '1'};

wire::Block128
RootKeyOf(DeviceId d, uint8_t which)
{
    const auto number = static_cast<uint32_t>(d);
    std::array<uint8_t, 16> block{};
    for (size_t i = 0; i < 4; ++i)
    {
        block[i] = static_cast<uint8_t>(number >> (8 * i));
    }
    block.back() = which;
    return wire::AesEcbEncryptBlock(FLEET_ROOT_KEY, block);
}

DeviceProfile
MakeProfile(const std::string& name, const FleetSpec& fleet)
{
    const auto own = fleet.profiles.find(name);
    if (own == fleet.profiles.end())
    {
        return *FindBuiltInProfile(name);
    }
    DeviceProfile profile = *FindBuiltInProfile(own->second.base);
    profile.name = name;
    for (const auto& [member, value] : own->second.changes)
    {
        SetProfileMember(profile, member, value);
    }
    if (!own->second.txCurrents.empty())
    {
        profile.txCurrents.clear();
        for (const auto& [powerDbm, currentA] : own->second.txCurrents)
        {
            profile.txCurrents.push_back({powerDbm, currentA});
        }
        std::ranges::sort(profile.txCurrents, {}, &TxCurrent::powerDbm);
    }
    return profile;
}

/// What the service and the agents are told: the scenario's words, else as `config` has it.
UpdateConfig
MakeUpdateConfig(const Scenario& scenario, UpdateConfig config)
{
    const auto& spec = scenario.distribution;
    BindDistribution(CopyToConfig{}, spec, config);
    if (!spec.strategy.gatewayNames.empty())
    {
        config.gateways.clear();
    }
    for (size_t i = 0; i < scenario.lorawan.gateways.size(); ++i)
    {
        const auto& names = spec.strategy.gatewayNames;
        if (std::ranges::find(names, scenario.lorawan.gateways[i].name) != names.end())
        {
            config.gateways.push_back(static_cast<GatewayId>(i));
        }
    }
    const auto& region = GetRegion(scenario.lorawan.region);
    config.frequencyHz = region.rx2FrequencyHz;
    const auto* band =
        region.FindSubBand(config.channelHz != 0 ? config.channelHz : config.frequencyHz);
    config.pingFrequencyHz = region.beacon.channels > 1 ? 0 : region.beacon.firstHz;
    config.dutyCycle = band == nullptr ? 1 : band->dutyCycle;
    config.snrFloorDr0Db = SnrFloorDb(region.DataRate(0).spreadingFactor);
    config.lorawan11 = scenario.lorawan.version == "1.1";
    return config;
}

} // namespace

wire::Block128
AppKeyOf(DeviceId d)
{
    return RootKeyOf(d, 0);
}

wire::Block128
NwkKeyOf(DeviceId d)
{
    return RootKeyOf(d, 1);
}

FleetSimulation::FleetSimulation(const Scenario& s, uint64_t run, int64_t stream)
    : scenario(s),
      random(s.seed, run, static_cast<uint64_t>(stream - LorawanHelper::FIRST_STREAM)),
      m_stream(stream)
{
    // Streams of ns-3's own models (backhaul, other applications) follow the same two numbers.
    RngSeedManager::SetSeed(static_cast<uint32_t>(s.seed));
    RngSeedManager::SetRun(run);
    catalog = BuildFirmware(s);
    if (s.rollout.enabled)
    {
        target = *catalog.Find(s.firmware.target);
    }
    MakeFleet();
    MakeNetwork();
    MakeClockSync();
    MakeUpdate();
    MakeThreats();
    MakeFaults();
    MakeQuarantine();
    MakeRollout();
}

FleetSimulation::~FleetSimulation()
{
    for (const Ptr<Object>& object : std::initializer_list<Ptr<Object>>{rollout,
                                                                        quarantine,
                                                                        detector,
                                                                        accountant,
                                                                        threats,
                                                                        faults,
                                                                        clockService,
                                                                        clockAgent,
                                                                        service,
                                                                        agent,
                                                                        gate,
                                                                        network,
                                                                        fleet})
    {
        if (object)
        {
            object->Dispose();
        }
    }
}

void
FleetSimulation::MakeFleet()
{
    fleet = CreateObject<Fleet>();
    const DevicePlan plan(scenario);
    // Placement is a rule, or stands in the scenario's inventory: no need to keep it once more.
    fleet->SetPositions([plan](DeviceId d) -> Fleet::Position {
        const auto position = plan.PlacementOf(static_cast<uint32_t>(d)).position;
        return {static_cast<float>(position.x), static_cast<float>(position.y)};
    });
    fleet->Reserve(plan.Size());
    registry.Resize(plan.Size());
    for (const auto& group : scenario.fleet.groups)
    {
        fleet->AddGroup(group.name);
    }
    std::map<std::string, uint8_t> profiles;
    const bool vulnerable = target != NO_IMAGE && catalog.Get(target).fixesVulnerability;
    for (uint32_t i = 0; i < plan.Size(); ++i)
    {
        const auto device = plan.At(i);
        const auto [profile, isNew] =
            profiles.try_emplace(device.profile, static_cast<uint8_t>(profiles.size()));
        if (isNew)
        {
            fleet->AddProfile(MakeProfile(device.profile, scenario.fleet));
        }
        DeviceSeed seed;
        // Generated names follow from the group: only those of an inventory are worth their memory.
        seed.name = fleet->Size() < scenario.fleet.devices.size() ? device.name : "";
        seed.x = static_cast<float>(device.position.x);
        seed.y = static_cast<float>(device.position.y);
        seed.profile = profile->second;
        seed.group = static_cast<uint16_t>(device.group);
        seed.site = fleet->AddSite(device.site);
        seed.hardware = fleet->AddHardware(device.hardware);
        seed.firmware = *catalog.Find(device.firmware);
        seed.batteryLevel = static_cast<float>(device.batteryLevel);
        const DeviceId d = fleet->Add(seed);
        registry.SetFirmware(d, seed.firmware); // the inventory says what was shipped
        if (vulnerable && !catalog.Get(seed.firmware).fixesVulnerability)
        {
            fleet->Set(d, Health::VULNERABLE, "shipped");
        }
    }
}

void
FleetSimulation::MakeNetwork()
{
    lorawan.spec = scenario.lorawan;
    lorawan.AssignStreams(m_stream);
    network = lorawan.Create(fleet, &registry, random);
    AddNetworkFaults(scenario, *network, random);
    std::vector<double> driftPpm;
    for (const auto& group : scenario.fleet.groups)
    {
        const auto& t = group.telemetry;
        network->Mac().AddTelemetry(
            {t.periodS, t.sizeBytes, t.confirmed, t.jitter, t.pauseInSession, t.linkCheck});
        driftPpm.push_back(group.clockDriftPpm);
    }
    network->Mac().SetClockDrift(std::move(driftPpm));
    const DevicePlan plan(scenario);
    network->Install([this, &plan](DeviceId d) {
        const auto device = plan.PlacementOf(static_cast<uint32_t>(d));
        const auto& group = scenario.fleet.groups[device.group];
        LorawanDevice row;
        row.z = static_cast<float>(device.position.z);
        row.indoor = device.indoor;
        row.rateFromLink = !device.dataRate.has_value();
        row.setup.telemetry = static_cast<uint16_t>(device.group);
        row.setup.dataRate = device.dataRate.value_or(0);
        row.setup.fixedRate = device.dataRate.has_value();
        row.setup.activated = group.activated;
        row.setup.volatileSession = group.session == "volatile";
        row.setup.deviceClass = group.deviceClass.front();
        row.pingPeriodicity = group.pingPeriodicity;
        const double spread =
            group.powerOnSpreadS * random.Uniform(Purpose::POWER_ON, static_cast<uint32_t>(d));
        row.setup.powerOn = ToTicks(group.powerOnS + spread);
        if (device.telemetryFirstS)
        {
            row.setup.firstTelemetry = ToTicks(*device.telemetryFirstS);
        }
        return row;
    });
}

void
FleetSimulation::MakeClockSync()
{
    const auto& spec = scenario.lorawan.clockSync;
    if (spec.method != "ts003")
    {
        return;
    }
    ClockSyncConfig config;
    BindClockSync(CopyToConfig{}, spec, config);
    config.periodS = spec.periodS;
    std::vector<bool> drifts;
    for (const auto& group : scenario.fleet.groups)
    {
        drifts.push_back(group.clockDriftPpm != 0);
    }
    clockAgent = CreateObject<ClockSyncAgent>();
    clockAgent->Start({fleet, network, random}, config, std::move(drifts));
    clockService = CreateObject<ClockSyncService>();
    clockService->Start(network, &registry, config);
}

void
FleetSimulation::MakeUpdate()
{
    check = std::make_unique<ImageCheck>(catalog, SuitCheck(VendorPublicKey));
    service = CreateObject<UpdateService>();
    agent = CreateObject<UpdateAgent>();
    const auto config = MakeUpdateConfig(scenario, service->GetConfig());
    if (!scenario.record.devices)
    {
        agent->SetAttribute("CountFragments", BooleanValue(false));
    }
    std::vector<double> earlyS;
    for (const auto& group : scenario.fleet.groups)
    {
        earlyS.push_back(group.clockErrorS);
    }
    agent->SetEarlyOpening(std::move(earlyS));
    agent->Start({fleet, network, &catalog, &directory, check.get(), random, AppKeyOf}, config);
    gate = MakeServerGate(scenario, network, random);
    const Ptr<AccessNetwork> operatorSide =
        gate ? Ptr<AccessNetwork>(gate) : Ptr<AccessNetwork>(network);
    service->Start({operatorSide, &registry, &catalog, &directory, AppKeyOf, random, &failures},
                   config);
    network->Mac().SetSessionQuery([this](DeviceId d) { return agent->IsHeldBySession(d); });
}

void
FleetSimulation::MakeThreats()
{
    threats = CreateObject<ThreatModel>();
    threats->SetFleet(fleet);
    threats->SetCatalog(&catalog);
    threats->SetRandom(random);
    threats->SetMisbehave(
        [this](DeviceId d, bool ignores, bool lies) { agent->SetMisbehaviour(d, ignores, lies); });
    for (const auto& threat : scenario.threats)
    {
        threats->Add({threat.atS,
                      threat.share,
                      threat.count,
                      threat.devices,
                      threat.ignoresCommands,
                      threat.liesInReports});
    }
    threats->Start();
}

void
FleetSimulation::MakeFaults()
{
    faults = CreateObject<FaultModel>();
    AddDeviceFaults(scenario, catalog, *faults);
    FaultContext context;
    context.fleet = fleet;
    context.access = network;
    context.agent = agent;
    context.catalog = &catalog;
    context.random = random;
    faults->Start(context);
}

void
FleetSimulation::MakeQuarantine()
{
    accountant = CreateObject<QuarantineAccountant>();
    if (!scenario.quarantine.enabled)
    {
        accountant->Watch(fleet, &registry);
        return;
    }
    const auto& spec = scenario.quarantine;
    detector = CreateObject<Detector>();
    DetectorConfig detection;
    BindDetector(CopyToConfig{}, spec.detector, detection);
    detector->Configure(detection);
    detector->SetFleet(fleet);
    detector->SetRandom(random);
    quarantine = CreateObject<QuarantineController>();
    QuarantineConfig config;
    BindQuarantine(CopyToConfig{}, spec, config);
    quarantine->Configure(config);
    quarantine->SetRegistry(&registry);
    quarantine->SetNetwork(network);
    quarantine->SetRekey([this](DeviceId d) {
        service->RekeyWithout(d);
        service->RemoveFromSessions(d);
    });
    quarantine->Watch(detector);
    accountant->Watch(fleet, &registry, quarantine);
    detector->Start();
}

void
FleetSimulation::MakeRollout()
{
    if (target == NO_IMAGE)
    {
        return;
    }
    rollout = CreateObject<Rollout>();
    rollout->Configure(MakeRolloutConfig(scenario, rollout->GetConfig()));
    rollout->SetRegistry(&registry);
    rollout->SetDistributor(PeekPointer(service));
    rollout->SetFailures(&failures);
    rollout->SetRandom(random);
    auto inventory = MakeInventory(scenario, fleet, catalog);
    rollout->SetUtcOffsets(MakeUtcOffsets(scenario, inventory));
    rollout->SetInventory(std::move(inventory));
    if (!scenario.rollout.rollBackTo.empty())
    {
        rollout->SetRollBackImage(*catalog.Find(RollBackVersion(scenario)));
    }
    rollout->Start(target);
}

} // namespace ns3::iotfleet
