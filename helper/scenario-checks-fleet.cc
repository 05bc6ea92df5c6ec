// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario-checks-fleet.h"

#include "helper/units.h"
#include "model/fleet/device-profile.h"

#include <set>
#include <string>

namespace ns3::iotfleet
{

namespace
{

/// Profiles that devices have.
std::set<std::string>
UsedProfiles(const Scenario& scenario)
{
    std::set<std::string> names;
    for (const auto& group : scenario.fleet.groups)
    {
        if (group.count > 0)
        {
            names.insert(group.profile);
        }
    }
    for (const auto& device : scenario.fleet.devices)
    {
        names.insert(device.profile);
    }
    return names;
}

/// The slot of a profile, bytes; nothing if there is no such profile, which is refused elsewhere.
std::optional<double>
SlotBytes(const Scenario& scenario, const std::string& name)
{
    const auto own = scenario.fleet.profiles.find(name);
    if (own != scenario.fleet.profiles.end())
    {
        const auto change = own->second.changes.find("slot_size");
        if (change != own->second.changes.end())
        {
            return change->second;
        }
    }
    const auto* profile = FindBuiltInProfile(
        own != scenario.fleet.profiles.end() ? std::string_view(own->second.base) : name);
    return profile == nullptr ? std::nullopt : std::optional(profile->slotBytes);
}

/// At least one profile must have room for what the rollout installs.
void
CheckSlots(const Scenario& scenario, const RefuseHandler& refuse)
{
    std::string widest;
    double mostBytes = 0;
    for (const auto& name : UsedProfiles(scenario))
    {
        const auto bytes = SlotBytes(scenario, name);
        if (!bytes)
        {
            return;
        }
        if (*bytes > mostBytes)
        {
            widest = name;
            mostBytes = *bytes;
        }
    }
    const auto& images = scenario.firmware.images;
    for (size_t i = 0; i < images.size() && !widest.empty(); ++i)
    {
        if (images[i].version == scenario.firmware.target &&
            static_cast<double>(images[i].sizeBytes) > mostBytes)
        {
            refuse("/firmware/images/" + std::to_string(i) + (images[i].file ? "/file" : "/size"),
                   "found " + std::to_string(images[i].sizeBytes) + " B, expected at most " +
                       std::to_string(static_cast<uint64_t>(mostBytes)) + " B, the slot_size of " +
                       widest + ", the largest of the fleet's profiles");
        }
    }
}

} // namespace

void
CheckFleetDetails(const Scenario& scenario, const RefuseHandler& refuse)
{
    if (scenario.rollout.enabled)
    {
        CheckSlots(scenario, refuse);
    }
}

} // namespace ns3::iotfleet
