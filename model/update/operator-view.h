// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_OPERATOR_VIEW_H
#define IOTFLEET_UPDATE_OPERATOR_VIEW_H

#include "model/fleet/device-registry.h"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// By what devices can be told apart.
enum class DeviceKey : uint8_t
{
    FLEET, ///< all alike
    SITE,
    GROUP,
    GATEWAY,   ///< best gateway of the last uplink
    HARDWARE,  ///< batch or revision
    PROFILE,   ///< model
    FIRMWARE,  ///< version that the device is believed to run
    DATA_RATE, ///< of the last uplink
};

inline constexpr std::array<std::string_view, 8> DEVICE_KEY_NAMES{"fleet",
                                                                  "site",
                                                                  "group",
                                                                  "gateway",
                                                                  "hardware",
                                                                  "profile",
                                                                  "firmware",
                                                                  "data-rate"};

/// Names behind the numbers of the inventory and the registry; a list may be empty.
struct InventoryNames
{
    std::vector<std::string> sites{};
    std::vector<std::string> groups{};
    std::vector<std::string> gateways{}; ///< by GatewayId
    std::vector<std::string> hardware{};
    std::vector<std::string> profiles{};
    std::vector<std::string> firmware{};           ///< versions by ImageId
    std::function<std::string(DeviceId)> nameOf{}; ///< of a device
};

/// What the operator's inventory says of each device, by DeviceId; a column may be empty.
struct InventoryColumns
{
    std::vector<uint16_t> site{};
    std::vector<float> batteryLevel{}; ///< 0..1, as it was when the inventory was written
    std::vector<uint16_t> group{};
    std::vector<uint8_t> hardware{};
    std::vector<uint8_t> profile{};
    std::vector<bool> mainsProfile{}; ///< by profile: whether it needs no battery
    InventoryNames names{};
};

/**
 * What the operator can know of a device: its inventory and the beliefs of the registry under one
 * roof. Never the Fleet.
 */
class OperatorView
{
  public:
    /// Both must outlive it.
    OperatorView(const DeviceRegistry& registry, const InventoryColumns& inventory)
        : m_registry(registry),
          m_inventory(inventory)
    {
    }

    /// Number of the device's value of `key`; 0 where the inventory does not tell.
    uint32_t Value(DeviceKey key, DeviceId device) const;

    /// That number as the user calls it.
    std::string ValueName(DeviceKey key, uint32_t value) const;

    /// The number of a name; nothing if no device can have it.
    std::optional<uint32_t> FindValue(DeviceKey key, std::string_view name) const;

    /// Whether the device needs no battery, as its profile or its last report tells.
    bool IsMains(DeviceId device) const;

    /// Battery level, 0..1: as the device reported it last, or else as the inventory says; nothing
    /// where neither tells.
    std::optional<float> BatteryLevel(DeviceId device) const;

    std::string DeviceName(DeviceId device) const;

    const DeviceRegistry& Registry() const
    {
        return m_registry;
    }

  private:
    const std::vector<std::string>* NamesOf(DeviceKey key) const;

    const DeviceRegistry& m_registry;
    const InventoryColumns& m_inventory;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_OPERATOR_VIEW_H
