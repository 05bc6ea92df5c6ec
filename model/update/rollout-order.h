// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_ORDER_H
#define IOTFLEET_UPDATE_ROLLOUT_ORDER_H

#include "model/fleet/counter-random.h"
#include "model/fleet/device-registry.h"
#include "model/update/operator-view.h"
#include "model/update/rollout-config.h"

#include <memory>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Who is taken into waves first: a policy from what the operator knows. It gives a rank; it does
 * not know of waves, and equal ranks are put in random order for it.
 */
class WaveOrder
{
  public:
    virtual ~WaveOrder() = default;

    /// Rank of a device now; lower ranks are taken earlier.
    virtual uint32_t Rank(DeviceId device) const = 0;
};

/// Everybody alike, so that the random tie-break decides.
class RandomOrder : public WaveOrder
{
  public:
    uint32_t Rank(DeviceId device) const override;
};

/// Site after site: a wave touches few places, and a technician finds its devices together.
class SiteOrder : public WaveOrder
{
  public:
    explicit SiteOrder(const InventoryColumns& inventory);
    uint32_t Rank(DeviceId device) const override;

  private:
    const InventoryColumns& m_inventory;
};

/// Fastest last-heard data rate first: cheap sessions, and near devices, early.
class DataRateOrder : public WaveOrder
{
  public:
    explicit DataRateOrder(const DeviceRegistry& registry);
    uint32_t Rank(DeviceId device) const override;

  private:
    const DeviceRegistry& m_registry;
};

/// Fullest battery first, as last reported or else as the inventory says: a weak one should not die
/// in an early wave.
class BatteryOrder : public WaveOrder
{
  public:
    BatteryOrder(const DeviceRegistry& registry, const InventoryColumns& inventory);
    uint32_t Rank(DeviceId device) const override;

  private:
    OperatorView m_view;
};

/// The order of that kind; it refers to `registry` and `inventory`.
std::unique_ptr<WaveOrder> MakeWaveOrder(WaveOrderKind kind,
                                         const DeviceRegistry& registry,
                                         const InventoryColumns& inventory);

/**
 * Takes the first `count` of `candidates` in an order.
 * @param candidates any devices
 * @param count how many; all if there are fewer
 * @param order the policy
 * @param random breaks ties (Purpose::WAVE_ORDER by device)
 * @return the devices taken, ascending by id
 *
 * Cost: O(candidates), about 50 ns each.
 */
std::vector<DeviceId> TakeFirst(const std::vector<DeviceId>& candidates,
                                size_t count,
                                const WaveOrder& order,
                                const CounterRandom& random);

/**
 * The same devices in that order, for those who take them one after the other.
 * Cost: O(n log n).
 */
std::vector<DeviceId> InOrder(const std::vector<DeviceId>& devices,
                              const WaveOrder& order,
                              const CounterRandom& random);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_ORDER_H
