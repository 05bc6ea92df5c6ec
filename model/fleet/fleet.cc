// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/fleet.h"

#include "ns3/assert.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetTable");
NS_OBJECT_ENSURE_REGISTERED(Fleet);

namespace
{

/// Index of `name` in `names`, appended if new.
template <class Number>
Number
Intern(std::vector<std::string>& names, const std::string& name)
{
    const auto it = std::ranges::find(names, name);
    if (it == names.end())
    {
        names.push_back(name);
        return static_cast<Number>(names.size() - 1);
    }
    return static_cast<Number>(it - names.begin());
}

} // namespace

TypeId
Fleet::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::Fleet")
                            .SetParent<Object>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<Fleet>()
                            .AddTraceSource("Transition",
                                            "A device's state machine took a step.",
                                            MakeTraceSourceAccessor(&Fleet::m_transition),
                                            "ns3::iotfleet::Fleet::TransitionTracedCallback");
    return tid;
}

Fleet::Fleet() = default;
Fleet::~Fleet() = default;

void
Fleet::DoDispose()
{
    m_positions = nullptr; // what it refers to may be gone soon
    Object::DoDispose();
}

void
Fleet::Reserve(size_t devices)
{
    m_hot.reserve(devices);
    if (!m_positions)
    {
        m_x.reserve(devices);
        m_y.reserve(devices);
    }
    for (auto* column : {&m_hardware, &m_group, &m_site, &m_firmware})
    {
        column->Reserve(devices);
    }
    m_poweredS.reserve(devices);
    m_enrolledS.reserve(devices);
}

DeviceId
Fleet::Add(const DeviceSeed& seed)
{
    const auto id = static_cast<DeviceId>(m_hot.size());
    Hot hot;
    hot.profile = seed.profile;
    hot.battery = static_cast<uint8_t>(std::clamp(seed.batteryLevel, 0.0F, 1.0F) * 255);
    if (seed.batteryLevel > 0 && hot.battery == 0)
    {
        hot.battery = 1; // nearly empty is not empty
    }
    m_hot.push_back(hot);
    if (!m_positions)
    {
        m_x.push_back(seed.x);
        m_y.push_back(seed.y);
    }
    m_hardware.Push(seed.hardware);
    m_group.Push(seed.group);
    m_site.Push(seed.site);
    m_firmware.Push(FirmwareIndex(seed.firmware));
    m_poweredS.push_back(NOT_YET);
    m_enrolledS.push_back(NOT_YET);
    for (auto& counts : m_counts)
    {
        ++counts[0];
    }
    if (!seed.name.empty())
    {
        m_names.resize(m_hot.size());
        m_names.back() = seed.name;
        return id;
    }
    m_firstUnnamed.resize(std::max<size_t>(m_firstUnnamed.size(), seed.group + 1U), UINT32_MAX);
    auto& first = m_firstUnnamed[seed.group];
    first = std::min(first, static_cast<uint32_t>(id));
    return id;
}

uint8_t
Fleet::AddProfile(const DeviceProfile& profile)
{
    m_profiles.push_back(profile);
    return static_cast<uint8_t>(m_profiles.size() - 1);
}

uint16_t
Fleet::AddGroup(const std::string& name, uint32_t expectedDevices)
{
    Reserve(m_hot.size() + expectedDevices);
    return Intern<uint16_t>(m_groups, name);
}

uint16_t
Fleet::AddSite(const std::string& name)
{
    return Intern<uint16_t>(m_sites, name);
}

uint8_t
Fleet::AddHardware(const std::string& name)
{
    return Intern<uint8_t>(m_hardwares, name);
}

std::string
Fleet::Name(DeviceId d) const
{
    if (Index(d) < m_names.size() && !m_names[Index(d)].empty())
    {
        return m_names[Index(d)];
    }
    const uint16_t group = m_group.Get(Index(d));
    char number[16];
    std::snprintf(number,
                  sizeof number,
                  "-%06u",
                  static_cast<uint32_t>(d) - m_firstUnnamed[group] + 1);
    return (group < m_groups.size() ? m_groups[group] : "device") + number;
}

void
Fleet::Set(DeviceId d, Enrolment to, std::string_view cause)
{
    DoSet(d, Machine::ENROLMENT, static_cast<uint8_t>(to), cause);
}

void
Fleet::Set(DeviceId d, UpdateState to, std::string_view cause)
{
    DoSet(d, Machine::UPDATE, static_cast<uint8_t>(to), cause);
}

void
Fleet::Set(DeviceId d, Health to, std::string_view cause)
{
    DoSet(d, Machine::HEALTH, static_cast<uint8_t>(to), cause);
}

void
Fleet::Set(DeviceId d, Access to, std::string_view cause)
{
    DoSet(d, Machine::ACCESS, static_cast<uint8_t>(to), cause);
}

void
Fleet::DoSet(DeviceId d, Machine machine, uint8_t to, std::string_view cause)
{
    const uint8_t state = StateOf(d, machine);
    if (state == to)
    {
        return;
    }
    if (!IsAllowed(machine, state, to))
    {
        NS_LOG_ERROR("device " << Index(d) << ": " << StateName(machine, state) << " to "
                               << StateName(machine, to) << " (" << cause << ") is not a step of "
                               << MACHINE_NAMES[Index(machine)]);
        NS_ASSERT_MSG(false,
                      "illegal transition " << StateName(machine, state) << " -> "
                                            << StateName(machine, to) << " (" << cause << ")");
    }
    const Transition step{Simulator::Now().GetNanoSeconds(), d, machine, state, to, cause};
    --m_counts[Index(machine)][state];
    ++m_counts[Index(machine)][to];
    auto& states = m_hot[Index(d)].states;
    const auto change = static_cast<uint32_t>(state ^ to) << STATE_SHIFT[Index(machine)];
    states = static_cast<uint16_t>(states ^ change);
    m_transition(step);
}

void
Fleet::SetAlwaysListening(uint16_t group)
{
    m_listening.resize(std::max<size_t>(m_listening.size(), group + 1U));
    m_listening[group] = true;
}

bool
Fleet::ListensAlways(DeviceId d) const
{
    const uint16_t group = m_group.Get(Index(d));
    return group < m_listening.size() && m_listening[group] && Profile(d).HasBattery() &&
           !std::isnan(m_enrolledS[Index(d)]);
}

double
Fleet::SleepEnergyJ(DeviceId d, Tick now) const
{
    const float poweredS = m_poweredS[Index(d)];
    if (std::isnan(poweredS))
    {
        return 0;
    }
    const auto& profile = Profile(d);
    const double idleS = std::max(0.0, ToSeconds(now) - poweredS - m_hot[Index(d)].activeS);
    // What it did before its enrolment is little against the time since.
    const double listensS =
        ListensAlways(d) ? std::clamp(ToSeconds(now) - m_enrolledS[Index(d)], 0.0, idleS) : 0.0;
    return ((idleS - listensS) * profile.sleepA + listensS * profile.rxA) * profile.supplyV;
}

double
Fleet::TotalEnergyJ(DeviceId d, Tick now) const
{
    const auto& used = m_hot[Index(d)].energyJ;
    return SleepEnergyJ(d, now) + used[0] + used[1] + used[2];
}

double
Fleet::BatteryLevel(DeviceId d, Tick now) const
{
    const auto& profile = Profile(d);
    if (!profile.HasBattery())
    {
        return 1;
    }
    const double left = m_hot[Index(d)].battery / 255.0 - TotalEnergyJ(d, now) / profile.batteryJ;
    return std::max(0.0, left);
}

size_t
Fleet::MemoryBytes() const
{
    const auto bytes = [](const auto& column) {
        return column.capacity() * sizeof(*column.data());
    };
    return bytes(m_hot) + bytes(m_x) + bytes(m_y) + m_hardware.MemoryBytes() +
           m_group.MemoryBytes() + m_site.MemoryBytes() + m_firmware.MemoryBytes() +
           bytes(m_poweredS) + bytes(m_enrolledS) + bytes(m_updatedS) + bytes(m_names);
}

} // namespace ns3::iotfleet
