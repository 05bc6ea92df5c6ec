// SPDX-License-Identifier: GPL-2.0-only

#include "helper/placement.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace
{

using namespace ns3::iotfleet;

Scenario
OneGroup(const std::string& kind, uint32_t count)
{
    Scenario scenario;
    FleetGroupSpec group;
    group.name = "meter";
    group.count = count;
    group.placement.kind = kind;
    group.placement.center = {1000, -500, 0};
    scenario.fleet.groups = {group};
    return scenario;
}

double
Distance(const PositionM& a, const PositionM& b)
{
    return std::hypot(a.x - b.x, a.y - b.y);
}

/** Mean of a function over devices. */
template <typename F>
double
Mean(const std::vector<DeviceSpec>& devices, F value)
{
    double sum = 0;
    for (const DeviceSpec& device : devices)
    {
        sum += value(device);
    }
    return sum / static_cast<double>(devices.size());
}

TEST(Placement, NamesAndSettingsComeFromTheGroup)
{
    Scenario scenario = OneGroup("point", 3);
    scenario.fleet.groups[0].firmware = "0.7";
    scenario.fleet.groups.push_back(scenario.fleet.groups[0]);
    scenario.fleet.groups[1].name = "lamp";
    scenario.fleet.groups[1].count = 2;
    const auto devices = GenerateDevices(scenario);
    ASSERT_EQ(devices.size(), 5U);
    EXPECT_EQ(CountDevices(scenario), 5U);
    EXPECT_EQ(devices[0].name, "meter-000001");
    EXPECT_EQ(devices[4].name, "lamp-000002");
    EXPECT_EQ(devices[4].group, 1U);
    EXPECT_EQ(devices[4].firmware, "0.7");
    EXPECT_EQ(devices[4].position.x, 1000);
    EXPECT_EQ(devices[4].position.y, -500);
    EXPECT_EQ(devices[4].position.z, 1.5);
}

TEST(Placement, DiscIsUniform)
{
    const Scenario scenario = OneGroup("disc", 20000);
    const PlacementSpec& p = scenario.fleet.groups[0].placement;
    const auto devices = GenerateDevices(scenario);
    double largest = 0;
    for (const DeviceSpec& device : devices)
    {
        largest = std::max(largest, Distance(device.position, p.center));
    }
    EXPECT_LE(largest, p.radiusM);
    // Uniform in a disc: the mean distance is 2R/3 and its standard deviation R/sqrt(18); the
    // coordinates have standard deviation R/2. Bounds are four standard errors.
    const double root = std::sqrt(20000);
    const auto distance = [&](const DeviceSpec& d) { return Distance(d.position, p.center); };
    EXPECT_NEAR(Mean(devices, distance), 2 * p.radiusM / 3, 4 * p.radiusM / std::sqrt(18) / root);
    const auto x = [](const DeviceSpec& d) { return d.position.x; };
    const auto y = [](const DeviceSpec& d) { return d.position.y; };
    EXPECT_NEAR(Mean(devices, x), p.center.x, 4 * p.radiusM / 2 / root);
    EXPECT_NEAR(Mean(devices, y), p.center.y, 4 * p.radiusM / 2 / root);
}

TEST(Placement, RectangleIsFilledEvenly)
{
    Scenario scenario = OneGroup("rectangle", 20000);
    PlacementSpec& p = scenario.fleet.groups[0].placement;
    p.widthM = 600;
    p.heightM = 200;
    const auto devices = GenerateDevices(scenario);
    for (const DeviceSpec& device : devices)
    {
        ASSERT_LE(std::abs(device.position.x - p.center.x), 300);
        ASSERT_LE(std::abs(device.position.y - p.center.y), 100);
    }
    const auto inQuarter = [&](const DeviceSpec& d) {
        return d.position.x < p.center.x - 150 ? 1.0 : 0.0;
    };
    EXPECT_NEAR(Mean(devices, inQuarter), 0.25, 4 * std::sqrt(0.25 * 0.75 / 20000));
}

TEST(Placement, GridHasEqualSpacing)
{
    Scenario scenario = OneGroup("grid", 12);
    PlacementSpec& p = scenario.fleet.groups[0].placement;
    p.widthM = 400;
    p.heightM = 300;
    std::set<std::pair<double, double>> places;
    for (const DeviceSpec& device : GenerateDevices(scenario))
    {
        places.insert({device.position.x - p.center.x, device.position.y - p.center.y});
    }
    std::set<std::pair<double, double>> expected; // 4 x 3 cells of 100 m
    for (const double x : {-150, -50, 50, 150})
    {
        for (const double y : {-100, 0, 100})
        {
            expected.insert({x, y});
        }
    }
    EXPECT_EQ(places, expected);
}

TEST(Placement, ClustersAreFewAndTight)
{
    Scenario scenario = OneGroup("clusters", 3000);
    PlacementSpec& p = scenario.fleet.groups[0].placement;
    p.clusters = 4;
    p.radiusM = 50000;
    p.clusterRadiusM = 10;
    std::vector<PositionM> centers; // a first device of each cluster
    for (const DeviceSpec& device : GenerateDevices(scenario))
    {
        const bool isNear = std::any_of(centers.begin(), centers.end(), [&](const PositionM& c) {
            return Distance(c, device.position) <= 2 * p.clusterRadiusM;
        });
        if (!isNear)
        {
            centers.push_back(device.position);
        }
    }
    EXPECT_EQ(centers.size(), 4U);
}

TEST(Placement, IndoorShareIsMet)
{
    Scenario scenario = OneGroup("disc", 20000);
    scenario.fleet.groups[0].indoorShare = 0.3;
    const auto indoor = [](const DeviceSpec& d) { return d.indoor ? 1.0 : 0.0; };
    EXPECT_NEAR(Mean(GenerateDevices(scenario), indoor), 0.3, 4 * std::sqrt(0.21 / 20000));
}

TEST(Placement, DependsOnTheSeedAlone)
{
    Scenario scenario = OneGroup("disc", 10);
    const auto first = GenerateDevices(scenario);
    const auto again = GenerateDevices(scenario);
    scenario.seed = 2;
    const auto other = GenerateDevices(scenario);
    for (std::size_t i = 0; i < first.size(); ++i)
    {
        EXPECT_EQ(first[i].position.x, again[i].position.x);
        EXPECT_NE(first[i].position.x, other[i].position.x);
    }
}

TEST(Placement, DrawsArePhilox4x32OfSeedAndIndex)
{
    // Computed by an independent implementation of Philox4x32-10 (checked against the known answers
    // of its authors): key {seed, 0}, counter {device, 0, 0, 1}, first two words / 2^32.
    Scenario scenario = OneGroup("disc", 3);
    scenario.seed = 7;
    const std::vector<PositionM> expected{{-723.055585, 120.459680, 0},
                                          {-0.310854, -1899.201994, 0},
                                          {2858.995340, -361.523987, 0}};
    const auto devices = GenerateDevices(scenario);
    ASSERT_EQ(devices.size(), expected.size());
    for (std::size_t i = 0; i < devices.size(); ++i)
    {
        EXPECT_NEAR(devices[i].position.x, expected[i].x, 1e-5);
        EXPECT_NEAR(devices[i].position.y, expected[i].y, 1e-5);
    }
}

TEST(Placement, HexagonalGatewaysHaveSixEqualNeighbours)
{
    GatewayPlan plan;
    plan.count = 37; // three rings: 1 + 6 + 12 + 18
    plan.spacingM = 1500;
    plan.center = {10, 20, 0};
    const auto gateways = PlaceGateways(plan);
    ASSERT_EQ(gateways.size(), 37U);
    EXPECT_EQ(gateways[0].name, "gw-1");
    EXPECT_EQ(gateways[0].position.x, 10);
    EXPECT_EQ(gateways[0].position.z, 30);
    int neighbours = 0;
    for (std::size_t i = 0; i < gateways.size(); ++i)
    {
        for (std::size_t j = 0; j < i; ++j)
        {
            const double distance = Distance(gateways[i].position, gateways[j].position);
            EXPECT_GT(distance, 1499.999);
            neighbours += distance < 1500.001 ? 1 : 0;
        }
    }
    // A hexagon of n rings has 9n^2 + 3n nearest-neighbour pairs.
    EXPECT_EQ(neighbours, 90);
}

TEST(Placement, GatewayGridIsCentred)
{
    GatewayPlan plan;
    plan.kind = "grid";
    plan.count = 4;
    plan.spacingM = 100;
    plan.common.antennaGainDbi = 6;
    const auto gateways = PlaceGateways(plan);
    ASSERT_EQ(gateways.size(), 4U);
    EXPECT_EQ(gateways[0].position.x, -50);
    EXPECT_EQ(gateways[0].position.y, -50);
    EXPECT_EQ(gateways[3].position.x, 50);
    EXPECT_EQ(gateways[3].position.y, 50);
    EXPECT_EQ(gateways[3].antennaGainDbi, 6);
}

} // namespace
