// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/find-devices.h"

#include <set>
#include <stdexcept>
#include <unordered_map>

namespace ns3::iotfleet
{

std::vector<DeviceId>
FindDevices(const Fleet& fleet, const std::vector<std::string>& names)
{
    std::unordered_map<std::string, DeviceId> ids;
    for (const auto& name : names)
    {
        ids.emplace(name, NO_DEVICE);
    }
    for (uint32_t i = 0; !names.empty() && i < fleet.Size(); ++i)
    {
        const auto wanted = ids.find(fleet.Name(DeviceId{i}));
        if (wanted != ids.end())
        {
            wanted->second = DeviceId{i};
        }
    }
    std::set<DeviceId> devices;
    for (const auto& name : names)
    {
        const auto device = ids.at(name);
        if (device == NO_DEVICE)
        {
            throw std::invalid_argument("a threat or fault names the device \"" + name +
                                        "\", which does not exist");
        }
        devices.insert(device);
    }
    return {devices.begin(), devices.end()};
}

} // namespace ns3::iotfleet
