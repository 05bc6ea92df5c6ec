// SPDX-License-Identifier: GPL-2.0-only

#include "helper/placement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

namespace ns3::iotfleet
{

namespace
{

/** What a draw of placement is for: the second counter of CounterRandom. */
enum class Draw : uint32_t
{
    POSITION = 0,
    CLUSTER_CHOICE = 1,
    CLUSTER_CENTER = 2,
    INDOOR = 3
};

/** A device within its group and within the fleet. */
struct DeviceIndex
{
    uint32_t inFleet;
    uint32_t inGroup;
    uint32_t group;
};

/** Draws positions; knows the random numbers and nothing else of the scenario. */
class Placer
{
  public:
    explicit Placer(const CounterRandom& random)
        : m_random(random)
    {
    }

    PositionM Place(const FleetGroupSpec& group, const DeviceIndex& index) const
    {
        const PlacementSpec& p = group.placement;
        const auto [u, v] = Pair(Draw::POSITION, index.inFleet);
        PositionM position = p.center;
        if (p.kind == "disc")
        {
            position = InDisc(p.center, p.radiusM, u, v);
        }
        else if (p.kind == "rectangle")
        {
            position.x += (u - 0.5) * p.widthM;
            position.y += (v - 0.5) * p.heightM;
        }
        else if (p.kind == "grid")
        {
            position = OnGrid(p, group.count, index.inGroup);
        }
        else if (p.kind == "clusters")
        {
            position = InDisc(ClusterCenter(p, index), p.clusterRadiusM, u, v);
        }
        position.z = p.center.z + group.antennaHeightM;
        return position;
    }

    bool IsIndoor(double share, const DeviceIndex& index) const
    {
        return Pair(Draw::INDOOR, index.inFleet).first < share;
    }

  private:
    /** Two independent uniform numbers in [0, 1), 32 bits each. */
    std::pair<double, double> Pair(Draw draw, uint32_t a, uint32_t c = 0) const
    {
        const auto words = m_random.Words(Purpose::PLACEMENT, a, static_cast<uint32_t>(draw), c);
        return {words[0] * 0x1p-32, words[1] * 0x1p-32};
    }

    static PositionM InDisc(const PositionM& center, double radiusM, double u, double v)
    {
        const double distance = radiusM * std::sqrt(u); // equal areas have equal probability
        const double angle = 2 * std::numbers::pi * v;
        return {center.x + distance * std::cos(angle),
                center.y + distance * std::sin(angle),
                center.z};
    }

    /** Rows of cells about as wide as high, each device in the middle of one. */
    static PositionM OnGrid(const PlacementSpec& p, uint32_t count, uint32_t index)
    {
        const double ideal = std::sqrt(count * p.widthM / p.heightM);
        const auto columns = static_cast<uint32_t>(std::max(1.0, std::ceil(ideal)));
        const uint32_t rows = (count + columns - 1) / columns;
        const double column = index % columns + 0.5;
        const double row = index / columns + 0.5;
        return {p.center.x + (column / columns - 0.5) * p.widthM,
                p.center.y + (row / rows - 0.5) * p.heightM,
                p.center.z};
    }

    PositionM ClusterCenter(const PlacementSpec& p, const DeviceIndex& index) const
    {
        const uint32_t cluster = m_random.Below(p.clusters,
                                                Purpose::PLACEMENT,
                                                index.inFleet,
                                                static_cast<uint32_t>(Draw::CLUSTER_CHOICE));
        const auto [u, v] = Pair(Draw::CLUSTER_CENTER, cluster, index.group);
        return InDisc(p.center, p.radiusM, u, v);
    }

    const CounterRandom& m_random; //!< keyed by the seed
};

/** The n-th cell of a hexagonal spiral: the centre, then ring after ring, in units of spacing. */
PositionM
HexCell(uint64_t n)
{
    if (n == 0)
    {
        return {};
    }
    uint64_t ring = 1;
    uint64_t first = 1; // number of the ring's first cell
    while (n >= first + 6 * ring)
    {
        first += 6 * ring;
        ++ring;
    }
    const uint64_t side = (n - first) / ring;
    const auto along = static_cast<double>((n - first) % ring);
    const auto radius = static_cast<double>(ring);
    const double corner = static_cast<double>(side) * std::numbers::pi / 3;
    const double heading = corner + 2 * std::numbers::pi / 3; // towards the next corner
    return {radius * std::cos(corner) + along * std::cos(heading),
            radius * std::sin(corner) + along * std::sin(heading),
            0};
}

/** The n-th of `count` points of a square grid, middle at 0, in units of spacing. */
PositionM
GridCell(uint64_t n, uint64_t count)
{
    const auto columns = static_cast<uint64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
    const uint64_t rows = (count + columns - 1) / columns;
    return {static_cast<double>(n % columns) - static_cast<double>(columns - 1) / 2,
            static_cast<double>(n / columns) - static_cast<double>(rows - 1) / 2,
            0};
}

} // namespace

uint64_t
CountDevices(const Scenario& scenario)
{
    uint64_t count = scenario.fleet.devices.size();
    for (const FleetGroupSpec& group : scenario.fleet.groups)
    {
        count += group.count;
    }
    return count;
}

DevicePlan::DevicePlan(const Scenario& scenario)
    : m_scenario(scenario),
      m_random(scenario.seed, 0),
      m_size(static_cast<uint32_t>(scenario.fleet.devices.size()))
{
    for (const FleetGroupSpec& group : scenario.fleet.groups)
    {
        m_first.push_back(m_size);
        m_size += group.count;
    }
}

uint32_t
DevicePlan::GroupOf(uint32_t index) const
{
    const auto next = std::ranges::upper_bound(m_first, index);
    return static_cast<uint32_t>(next - m_first.begin()) - 1;
}

DevicePlacement
DevicePlan::PlacementOf(uint32_t index) const
{
    if (index < m_scenario.fleet.devices.size())
    {
        const DeviceSpec& row = m_scenario.fleet.devices[index];
        return {row.group, row.position, row.indoor, row.dataRate, row.telemetryFirstS};
    }
    const uint32_t g = GroupOf(index);
    const FleetGroupSpec& group = m_scenario.fleet.groups[g];
    const Placer placer(m_random);
    const DeviceIndex where{index, index - m_first[g], g};
    return {g,
            placer.Place(group, where),
            placer.IsIndoor(group.indoorShare, where),
            group.dataRate,
            group.telemetry.firstS};
}

DeviceSpec
DevicePlan::At(uint32_t index) const
{
    if (index < m_scenario.fleet.devices.size())
    {
        return m_scenario.fleet.devices[index];
    }
    const DevicePlacement placement = PlacementOf(index);
    const FleetGroupSpec& group = m_scenario.fleet.groups[placement.group];
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "-%06u", index - m_first[placement.group] + 1);
    DeviceSpec device;
    device.name = group.name + number.data();
    device.group = placement.group;
    device.site = group.site;
    device.profile = group.profile;
    device.firmware = group.firmware;
    device.hardware = group.hardware;
    device.position = placement.position;
    device.indoor = placement.indoor;
    device.batteryLevel = group.batteryLevel;
    device.dataRate = placement.dataRate;
    device.telemetryFirstS = placement.telemetryFirstS;
    return device;
}

std::vector<DeviceSpec>
GenerateDevices(const Scenario& scenario)
{
    const DevicePlan plan(scenario);
    std::vector<DeviceSpec> devices;
    devices.reserve(plan.Size());
    for (uint32_t i = 0; i < plan.Size(); ++i)
    {
        devices.push_back(plan.At(i));
    }
    return devices;
}

std::vector<GatewaySpec>
PlaceGateways(const GatewayPlan& plan)
{
    std::vector<GatewaySpec> gateways;
    for (uint64_t i = 0; i < plan.count; ++i)
    {
        PositionM cell;
        if (plan.kind != "point")
        {
            cell = plan.kind == "hex" ? HexCell(i) : GridCell(i, plan.count);
        }
        GatewaySpec gateway = plan.common;
        gateway.name = "gw-" + std::to_string(i + 1);
        gateway.position.x = plan.center.x + cell.x * plan.spacingM;
        gateway.position.y = plan.center.y + cell.y * plan.spacingM;
        gateways.push_back(gateway);
    }
    return gateways;
}

} // namespace ns3::iotfleet
