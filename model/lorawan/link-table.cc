// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/link-table.h"

#include "ns3/constant-position-mobility-model.h"

#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

namespace bg = boost::geometry;
using Point = bg::model::point<double, 2, bg::cs::cartesian>;
using Tree = bg::index::rtree<std::pair<Point, uint16_t>, bg::index::quadratic<16>>;

/// Standard deviations of shadowing that the search radius allows for.
constexpr double SHADOWING_SIGMAS = 3;

/// Only the nearest this many times maxLinks gateways are looked at: shadowing seldom lifts farther
/// ones.
constexpr uint32_t CANDIDATES = 3;

/// Weakest link gain worth a row: the gateway's downlink just reaches the device at SF12.
double
WeakestGainDb(const LorawanConfig& config)
{
    const double floor = NoiseDbm(125e3, config.deviceNoiseFigureDb) + SnrFloorDb(MAX_SF);
    const double fade = config.fading == Fading::NONE ? 0 : 5 + config.fadingDb;
    return floor - config.gatewayTxPowerDbm - fade;
}

/// Distance beyond which no link at these heights is as good as `weakestDb`, metres.
double
ReachM(const Ptr<PropagationLossModel>& loss, double deviceZ, double gatewayZ, double weakestDb)
{
    const auto a = CreateObject<ConstantPositionMobilityModel>();
    const auto b = CreateObject<ConstantPositionMobilityModel>();
    a->SetPosition(Vector(0, 0, deviceZ));
    double near = 1;
    double far = 1e6;
    for (int step = 0; step < 40; ++step)
    {
        const double middle = std::sqrt(near * far);
        b->SetPosition(Vector(middle, 0, gatewayZ));
        (loss->CalcRxPower(0, a, b) >= weakestDb ? near : far) = middle;
    }
    return far;
}

} // namespace

void
LinkTable::Build(std::span<const GatewaySite> gateways,
                 uint32_t devices,
                 const std::function<DeviceSite(DeviceId)>& site,
                 const Ptr<PropagationLossModel>& loss,
                 const LorawanConfig& config,
                 const CounterRandom& random)
{
    m_width = gateways.size() <= 1U << 9 ? 3 : 4;
    m_index.assign(devices / BLOCK + 1, {});
    m_bytes.clear();
    uint32_t links = 0;

    Tree tree;
    double highest = 0;
    double bestAntenna = 0;
    for (uint16_t g = 0; g < gateways.size(); ++g)
    {
        const auto position = gateways[g].mobility->GetPosition();
        tree.insert({Point(position.x, position.y), g});
        highest = std::max(highest, position.z);
        bestAntenna = std::max(bestAntenna, gateways[g].antennaGainDbi);
    }
    const double weakest = WeakestGainDb(config);
    const double reach = ReachM(loss,
                                1.5,
                                highest,
                                weakest - bestAntenna - config.deviceAntennaGainDbi -
                                    SHADOWING_SIGMAS * config.shadowingDb);

    const auto mobility = CreateObject<ConstantPositionMobilityModel>();
    std::vector<std::pair<Point, uint16_t>> near;
    std::vector<Link> row;
    for (uint32_t d = 0; d < devices; ++d)
    {
        const auto place = site(static_cast<DeviceId>(d));
        mobility->SetPosition(Vector(place.x, place.y, place.z));
        const double wall =
            place.indoor ? std::max(0.0,
                                    config.buildingLossDb + config.buildingSpreadDb *
                                                                random.Normal(Purpose::BUILDING, d))
                         : 0.0;
        near.clear();
        const bg::model::box<Point> box(Point(place.x - reach, place.y - reach),
                                        Point(place.x + reach, place.y + reach));
        tree.query(bg::index::nearest(Point(place.x, place.y), CANDIDATES * config.maxLinks) &&
                       bg::index::intersects(box),
                   std::back_inserter(near));
        // Draws are made by gateway, so that this order has no effect on them.
        row.clear();
        for (const auto& [point, g] : near)
        {
            double gain = loss->CalcRxPower(0, mobility, gateways[g].mobility) - wall +
                          gateways[g].antennaGainDbi + config.deviceAntennaGainDbi;
            if (config.shadowingDb > 0)
            {
                gain += config.shadowingDb * random.Normal(Purpose::SHADOWING, d, g);
            }
            if (gain >= weakest)
            {
                row.push_back(
                    {static_cast<GatewayId>(g),
                     static_cast<int16_t>(std::clamp(std::lround(gain * 100), -32000L, 0L))});
            }
        }
        std::ranges::sort(row, [](const Link& a, const Link& b) {
            return a.gainCdb != b.gainCdb ? a.gainCdb > b.gainCdb : a.gateway < b.gateway;
        });
        row.resize(std::min<size_t>(row.size(), std::min(config.maxLinks, MOST_LINKS)));
        for (const auto& link : row)
        {
            const uint32_t value = LinkRow::Pack(link);
            for (uint32_t i = 0; i < m_width; ++i)
            {
                m_bytes.push_back(static_cast<uint8_t>(value >> 8 * i));
            }
        }
        links += static_cast<uint32_t>(row.size());
        auto& block = m_index[(d + 1) / BLOCK];
        if ((d + 1) % BLOCK == 0)
        {
            block.first = links;
        }
        block.offset[(d + 1) % BLOCK] = static_cast<uint8_t>(links - block.first);
    }
    m_bytes.resize(m_bytes.size() + sizeof(uint32_t));
    m_bytes.shrink_to_fit();
}

} // namespace ns3::iotfleet
