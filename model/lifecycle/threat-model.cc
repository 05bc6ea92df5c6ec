// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/threat-model.h"

#include "model/lifecycle/find-devices.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("ThreatModel");
NS_OBJECT_ENSURE_REGISTERED(ThreatModel);

TypeId
ThreatModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::ThreatModel")
                            .SetParent<Object>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<ThreatModel>()
                            .AddTraceSource("Attack",
                                            "An attack took place.",
                                            MakeTraceSourceAccessor(&ThreatModel::m_attack),
                                            "ns3::iotfleet::ThreatModel::AttackTracedCallback");
    return tid;
}

ThreatModel::ThreatModel() = default;
ThreatModel::~ThreatModel() = default;

void
ThreatModel::DoDispose()
{
    m_fleet = nullptr;
    m_catalog = nullptr;
    m_misbehave = nullptr;
    Object::DoDispose();
}

void
ThreatModel::SetFleet(Ptr<Fleet> fleet)
{
    m_fleet = fleet;
}

void
ThreatModel::SetCatalog(const FirmwareCatalog* catalog)
{
    m_catalog = catalog;
}

void
ThreatModel::SetRandom(const CounterRandom& random)
{
    m_random = random;
}

void
ThreatModel::SetMisbehave(Misbehave misbehave)
{
    m_misbehave = std::move(misbehave);
}

void
ThreatModel::Add(ThreatConfig threat)
{
    const int ways =
        (threat.share ? 1 : 0) + (threat.count ? 1 : 0) + (threat.devices.empty() ? 0 : 1);
    if (ways != 1)
    {
        throw std::invalid_argument("a threat needs exactly one of share, count and devices");
    }
    m_threats.push_back(std::move(threat));
}

void
ThreatModel::Start()
{
    NS_ABORT_MSG_IF(!m_fleet || !m_catalog, "a threat model needs a fleet and its images");
    for (uint32_t i = 0; i < m_threats.size(); ++i)
    {
        const auto& threat = m_threats[i];
        const double share = threat.share.value_or(0) * m_fleet->Size();
        const size_t count =
            threat.count ? *threat.count : static_cast<size_t>(std::llround(share));
        auto devices =
            threat.devices.empty() ? ChooseRandom(count, i) : FindDevices(*m_fleet, threat.devices);
        Simulator::Schedule(Max(Seconds(threat.atS) - Simulator::Now(), Time(0)),
                            [model = Ptr<ThreatModel>(this), i, devices = std::move(devices)] {
                                model->Attack(i, devices);
                            });
    }
}

std::vector<DeviceId>
ThreatModel::ChooseRandom(size_t count, uint32_t threat) const
{
    std::vector<std::pair<uint32_t, DeviceId>> lots;
    lots.reserve(m_fleet->Size());
    for (uint32_t i = 0; i < m_fleet->Size(); ++i)
    {
        lots.emplace_back(m_random.Words(Purpose::THREAT, i, threat)[0], DeviceId{i});
    }
    const auto chosen = std::min(count, lots.size());
    std::nth_element(lots.begin(), lots.begin() + static_cast<std::ptrdiff_t>(chosen), lots.end());
    std::vector<DeviceId> devices;
    devices.reserve(chosen);
    for (size_t i = 0; i < chosen; ++i)
    {
        devices.push_back(lots[i].second);
    }
    std::ranges::sort(devices);
    return devices;
}

bool
ThreatModel::IsSusceptible(DeviceId device) const
{
    if (!m_fleet->IsAlive(device))
    {
        return false;
    }
    switch (m_fleet->GetHealth(device))
    {
    case Health::VULNERABLE:
        return true;
    case Health::HEALTHY: {
        const auto image = m_fleet->Firmware(device);
        return image == NO_IMAGE || !m_catalog->Get(image).fixesVulnerability;
    }
    case Health::COMPROMISED:
    case Health::FAULTY:
    case Health::BRICKED:
        break;
    }
    return false;
}

void
ThreatModel::Attack(uint32_t threat, const std::vector<DeviceId>& devices)
{
    if (!m_fleet)
    {
        return; // disposed of before its time came
    }
    const auto& config = m_threats[threat];
    ThreatRecord record{Simulator::Now().GetNanoSeconds(),
                        threat,
                        static_cast<uint32_t>(devices.size()),
                        0};
    for (const auto device : devices)
    {
        if (!IsSusceptible(device))
        {
            continue;
        }
        m_fleet->Set(device, Health::COMPROMISED, "threat");
        ++record.compromised;
        if (m_misbehave)
        {
            m_misbehave(device, config.ignoresCommands, config.liesInReports);
        }
    }
    NS_LOG_INFO("threat " << threat << ": " << record.compromised << " of " << devices.size()
                          << " devices compromised");
    m_attack(record);
}

} // namespace ns3::iotfleet
