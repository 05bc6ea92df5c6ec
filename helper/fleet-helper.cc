// SPDX-License-Identifier: GPL-2.0-only

#include "helper/fleet-helper.h"

#include "helper/scenario-reader.h"
#include "helper/scenario-validator.h"

#include "ns3/rng-seed-manager.h"

#include <algorithm>

namespace ns3::iotfleet
{

FleetContainer::FleetContainer(Scenario scenario, uint64_t run, int64_t stream)
    : m_scenario(std::make_unique<Scenario>(std::move(scenario))),
      m_simulation(std::make_unique<FleetSimulation>(*m_scenario, run, stream))
{
}

Ptr<Fleet>
FleetContainer::GetFleet() const
{
    return m_simulation->fleet;
}

const DeviceRegistry&
FleetContainer::GetRegistry() const
{
    return m_simulation->registry;
}

Ptr<LorawanNetwork>
FleetContainer::GetNetwork() const
{
    return m_simulation->network;
}

const NodeContainer&
FleetContainer::GetGateways() const
{
    return m_simulation->lorawan.Gateways();
}

Ptr<Node>
FleetContainer::GetServer() const
{
    return m_simulation->lorawan.Server();
}

Ptr<UpdateService>
FleetContainer::GetUpdateService() const
{
    return m_simulation->service;
}

Ptr<UpdateAgent>
FleetContainer::GetUpdateAgent() const
{
    return m_simulation->agent;
}

Ptr<ClockSyncAgent>
FleetContainer::GetClockSyncAgent() const
{
    return m_simulation->clockAgent;
}

Ptr<ClockSyncService>
FleetContainer::GetClockSyncService() const
{
    return m_simulation->clockService;
}

Ptr<Rollout>
FleetContainer::GetRollout() const
{
    return m_simulation->rollout;
}

Ptr<QuarantineController>
FleetContainer::GetQuarantine() const
{
    return m_simulation->quarantine;
}

uint32_t
FleetContainer::CountUpdated() const
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < m_simulation->fleet->Size(); ++i)
    {
        count += m_simulation->fleet->Firmware(DeviceId{i}) == m_simulation->target ? 1 : 0;
    }
    return count;
}

FleetHelper::FleetHelper(const std::string& name)
    : m_before(ModelSettings::Now())
{
    StartFrom(m_scenario, m_before);
    m_scenario.name = name;
    m_scenario.rollout.enabled = false; // until there is a firmware
}

FleetGroupSpec&
FleetHelper::AddDevices(const std::string& name, uint32_t count, double radiusM)
{
    auto& group = m_scenario.fleet.groups.emplace_back();
    group.name = name;
    group.count = count;
    group.placement.radiusM = radiusM;
    return group;
}

GatewaySpec&
FleetHelper::AddGateway(const std::string& name, const Vector& position)
{
    auto& gateway = m_scenario.lorawan.gateways.emplace_back();
    gateway.name = name;
    gateway.position = {position.x, position.y, position.z};
    return gateway;
}

ImageSpec&
FleetHelper::SetFirmware(const std::string& version, uint64_t sizeBytes, Time start)
{
    auto& image = m_scenario.firmware.images.emplace_back();
    image.version = version;
    image.sizeBytes = sizeBytes;
    image.sequence = m_scenario.firmware.images.size() + 1;
    m_scenario.firmware.target = version;
    m_scenario.rollout.enabled = true;
    m_scenario.rollout.startS = start.GetSeconds();
    return image;
}

WaveSpec&
FleetHelper::AddWave(const std::string& name, double share, Time soak)
{
    auto& wave = m_scenario.rollout.waves.emplace_back();
    wave.name = name;
    wave.share = share;
    wave.soakS = soak.GetSeconds();
    return wave;
}

Scenario&
FleetHelper::GetScenario()
{
    return m_scenario;
}

FleetContainer
FleetHelper::Install() const
{
    Scenario scenario = m_scenario;
    FollowAttributes(scenario, m_before, ModelSettings::Now());
    scenario.seed = RngSeedManager::GetSeed();
    FillDefaults(scenario);
    const auto problems = ValidateScenario(scenario, scenario.name);
    if (!problems.empty())
    {
        throw ScenarioError(problems);
    }
    return FleetContainer(std::move(scenario), RngSeedManager::GetRun(), m_stream);
}

int64_t
FleetHelper::AssignStreams(int64_t stream)
{
    LorawanHelper lorawan;
    lorawan.spec = m_scenario.lorawan;
    m_stream = stream;
    return std::max<int64_t>(lorawan.AssignStreams(stream), 1);
}

} // namespace ns3::iotfleet
