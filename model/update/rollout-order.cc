// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout-order.h"

#include <algorithm>
#include <limits>

namespace ns3::iotfleet
{

namespace
{

/// A device's place in an order; equal ranks are put in random order.
struct Place
{
    uint32_t rank;
    uint32_t lot;
    DeviceId device;

    auto operator<=>(const Place&) const = default;
};

std::vector<Place>
Places(const std::vector<DeviceId>& devices, const WaveOrder& order, const CounterRandom& random)
{
    std::vector<Place> places;
    places.reserve(devices.size());
    for (const auto device : devices)
    {
        const auto lot = random.Words(Purpose::WAVE_ORDER, static_cast<uint32_t>(device))[0];
        places.push_back({order.Rank(device), lot, device});
    }
    return places;
}

} // namespace

uint32_t
RandomOrder::Rank(DeviceId /* device */) const
{
    return 0;
}

SiteOrder::SiteOrder(const InventoryColumns& inventory)
    : m_inventory(inventory)
{
}

uint32_t
SiteOrder::Rank(DeviceId device) const
{
    const auto& sites = m_inventory.site;
    return Index(device) < sites.size() ? sites[Index(device)]
                                        : std::numeric_limits<uint32_t>::max();
}

DataRateOrder::DataRateOrder(const DeviceRegistry& registry)
    : m_registry(registry)
{
}

uint32_t
DataRateOrder::Rank(DeviceId device) const
{
    return 255U - m_registry.Link(device).dataRate;
}

BatteryOrder::BatteryOrder(const DeviceRegistry& registry, const InventoryColumns& inventory)
    : m_view(registry, inventory)
{
}

uint32_t
BatteryOrder::Rank(DeviceId device) const
{
    // Per mille: finer differences say nothing about a battery, and ties are then spread at random.
    const float level = m_view.BatteryLevel(device).value_or(0);
    return 1000U - static_cast<uint32_t>(std::clamp(level, 0.0F, 1.0F) * 1000);
}

std::unique_ptr<WaveOrder>
MakeWaveOrder(WaveOrderKind kind, const DeviceRegistry& registry, const InventoryColumns& inventory)
{
    switch (kind)
    {
    case WaveOrderKind::SITE:
        return std::make_unique<SiteOrder>(inventory);
    case WaveOrderKind::DATA_RATE:
        return std::make_unique<DataRateOrder>(registry);
    case WaveOrderKind::BATTERY:
        return std::make_unique<BatteryOrder>(registry, inventory);
    case WaveOrderKind::RANDOM:
        break;
    }
    return std::make_unique<RandomOrder>();
}

std::vector<DeviceId>
TakeFirst(const std::vector<DeviceId>& candidates,
          size_t count,
          const WaveOrder& order,
          const CounterRandom& random)
{
    if (count >= candidates.size())
    {
        auto all = candidates;
        std::ranges::sort(all);
        return all;
    }

    auto places = Places(candidates, order, random);
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(places.begin(), end, places.end());

    std::vector<DeviceId> taken;
    taken.reserve(count);
    std::transform(places.begin(), end, std::back_inserter(taken), [](const Place& place) {
        return place.device;
    });
    std::ranges::sort(taken);
    return taken;
}

std::vector<DeviceId>
InOrder(const std::vector<DeviceId>& devices, const WaveOrder& order, const CounterRandom& random)
{
    auto places = Places(devices, order, random);
    std::ranges::sort(places);
    std::vector<DeviceId> ordered;
    ordered.reserve(places.size());
    std::ranges::transform(places, std::back_inserter(ordered), &Place::device);
    return ordered;
}

} // namespace ns3::iotfleet
