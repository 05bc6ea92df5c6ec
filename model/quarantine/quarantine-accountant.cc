// SPDX-License-Identifier: GPL-2.0-only
#include "model/quarantine/quarantine-accountant.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iterator>

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(QuarantineAccountant);

namespace
{

constexpr double SECONDS_PER_HOUR = 3600;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

bool
IsHeld(HealthBelief belief)
{
    return belief == HealthBelief::QUARANTINED || belief == HealthBelief::PROBATION;
}

} // namespace

TypeId
QuarantineAccountant::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::QuarantineAccountant")
                            .SetParent<Object>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<QuarantineAccountant>();
    return tid;
}

QuarantineAccountant::QuarantineAccountant() = default;
QuarantineAccountant::~QuarantineAccountant() = default;

void
QuarantineAccountant::DoDispose()
{
    if (m_fleet)
    {
        m_fleet->TraceDisconnectWithoutContext(
            "Transition",
            MakeCallback(&QuarantineAccountant::OnTransition, this));
    }
    if (m_controller)
    {
        m_controller->TraceDisconnectWithoutContext(
            "Belief",
            MakeCallback(&QuarantineAccountant::OnBelief, this));
    }
    m_fleet = nullptr;
    m_controller = nullptr;
    m_registry = nullptr;
    Object::DoDispose();
}

void
QuarantineAccountant::Watch(Ptr<Fleet> fleet,
                            const DeviceRegistry* registry,
                            Ptr<QuarantineController> controller)
{
    NS_ABORT_MSG_IF(m_fleet, "an accountant watches one fleet");
    m_fleet = fleet;
    m_registry = registry;
    m_controller = controller;
    m_last = Now();
    for (uint32_t i = 0; i < fleet->Size(); ++i)
    {
        const DeviceId device{i};
        m_devices[IsCompromised(device) ? 1 : 0][Index(registry->Health(device))] += 1;
        if (IsCompromised(device))
        {
            m_everCompromised.insert(device);
        }
    }
    m_peak = CompromisedNow();
    fleet->TraceConnectWithoutContext("Transition",
                                      MakeCallback(&QuarantineAccountant::OnTransition, this));
    if (controller)
    {
        controller->TraceConnectWithoutContext("Belief",
                                               MakeCallback(&QuarantineAccountant::OnBelief, this));
    }
}

bool
QuarantineAccountant::IsCompromised(DeviceId device) const
{
    return m_fleet->GetHealth(device) == Health::COMPROMISED;
}

void
QuarantineAccountant::Move(bool compromised, HealthBelief from, bool compromisedTo, HealthBelief to)
{
    const Tick now = Now();
    const double elapsedS = ToSeconds(now - m_last);
    for (size_t truth = 0; truth < m_devices.size(); ++truth)
    {
        for (size_t belief = 0; belief < BELIEFS; ++belief)
        {
            m_deviceS[truth][belief] += m_devices[truth][belief] * elapsedS;
        }
    }
    m_last = now;
    m_devices[compromised ? 1 : 0][Index(from)] -= 1;
    m_devices[compromisedTo ? 1 : 0][Index(to)] += 1;
}

void
QuarantineAccountant::OnTransition(const Transition& transition)
{
    if (transition.machine != Machine::HEALTH)
    {
        return;
    }
    const bool was = static_cast<Health>(transition.from) == Health::COMPROMISED;
    const bool is = static_cast<Health>(transition.to) == Health::COMPROMISED;
    if (was == is)
    {
        return;
    }
    const auto belief = m_registry->Health(transition.device);
    Move(was, belief, is, belief);
    m_peak = std::max(m_peak, CompromisedNow());
    if (is)
    {
        m_everCompromised.insert(transition.device);
    }
}

void
QuarantineAccountant::OnBelief(const BeliefStep& step)
{
    const bool compromised = IsCompromised(step.device);
    Move(compromised, step.from, compromised, step.to);
    if (IsHeld(step.to) && !IsHeld(step.from))
    {
        m_open[step.device] = m_records.size();
        m_records.push_back(
            {step.device, step.time, m_controller->Level(), std::nullopt, compromised});
    }
    else if (IsHeld(step.from) && !IsHeld(step.to))
    {
        const auto stay = m_open.find(step.device);
        if (stay != m_open.end())
        {
            m_records[stay->second].released = step.time;
            m_open.erase(stay);
        }
    }
}

uint32_t
QuarantineAccountant::HeldNow() const
{
    double held = 0;
    for (const auto& row : m_devices)
    {
        held += row[Index(HealthBelief::QUARANTINED)] + row[Index(HealthBelief::PROBATION)];
    }
    return static_cast<uint32_t>(held);
}

double
QuarantineAccountant::DeviceHours(bool compromised, HealthBelief belief) const
{
    const size_t truth = compromised ? 1 : 0;
    const double sinceS = ToSeconds(Now() - m_last);
    return (m_deviceS[truth][Index(belief)] + m_devices[truth][Index(belief)] * sinceS) /
           SECONDS_PER_HOUR;
}

double
QuarantineAccountant::FalseQuarantineDeviceHours() const
{
    return DeviceHours(false, HealthBelief::QUARANTINED) +
           DeviceHours(false, HealthBelief::PROBATION);
}

double
QuarantineAccountant::MissedCompromisedDeviceHours() const
{
    return DeviceHours(true, HealthBelief::FINE) + DeviceHours(true, HealthBelief::SUSPECT);
}

size_t
QuarantineAccountant::QuarantinedTotal() const
{
    std::vector<DeviceId> devices;
    devices.reserve(m_records.size());
    std::ranges::transform(m_records, std::back_inserter(devices), &QuarantineRecord::device);
    std::ranges::sort(devices);
    return devices.size() - std::ranges::unique(devices).size();
}

std::optional<double>
QuarantineAccountant::RemediatedShare() const
{
    if (m_everCompromised.empty())
    {
        return std::nullopt;
    }
    const auto mended = std::ranges::count_if(m_everCompromised, [this](DeviceId device) {
        return m_fleet->GetHealth(device) == Health::HEALTHY;
    });
    return static_cast<double>(mended) / static_cast<double>(m_everCompromised.size());
}

uint32_t
QuarantineAccountant::CompromisedNow() const
{
    return m_fleet->Count(Machine::HEALTH, static_cast<uint8_t>(Health::COMPROMISED));
}

} // namespace ns3::iotfleet
