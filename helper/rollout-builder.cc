// SPDX-License-Identifier: GPL-2.0-only
#include "helper/rollout-builder.h"

#include "helper/config-binding.h"

#include <algorithm>
#include <map>

namespace ns3::iotfleet
{

namespace
{

WaveConfig
MakeWave(const WaveSpec& spec)
{
    WaveConfig wave;
    wave.name = spec.name;
    wave.share = spec.share;
    wave.count = spec.count;
    wave.soakS = spec.soakS;
    wave.successThreshold = spec.successThreshold;
    wave.errorThreshold = spec.errorThreshold;
    wave.timeoutS = spec.timeoutS;
    wave.shareOf = *FromName<ShareOf>(SHARE_OF_NAMES, spec.shareOf);
    wave.filter = spec.filter;
    wave.forEach = spec.forEach == "none" ? "" : spec.forEach;
    wave.notBeforeS = spec.notBeforeS;
    wave.waitFor = spec.waitFor;
    wave.successCount = spec.successCount;
    wave.errorCount = spec.errorCount;
    wave.stopAtTimeout = spec.stopAtTimeout;
    wave.thenPause = spec.then == "pause";
    wave.advanceEarly = spec.advance == "successes";
    return wave;
}

/// Whether a policy asks for the devices' value of `key`.
bool
NeedsKey(const RolloutSpec& spec, DeviceKey key)
{
    const std::string name(DEVICE_KEY_NAMES[Index(key)]);
    const auto asks = [key](const FilterConfig& filter) {
        return (key == DeviceKey::SITE && !filter.sites.empty()) ||
               (key == DeviceKey::GROUP && !filter.groups.empty()) ||
               (key == DeviceKey::HARDWARE && !filter.hardware.empty()) ||
               (key == DeviceKey::PROFILE && !filter.profiles.empty());
    };
    const bool inWaves = std::ranges::any_of(spec.waves, [&](const WaveSpec& wave) {
        return wave.forEach == name || asks(wave.filter) ||
               std::ranges::any_of(wave.waitFor,
                                   [&](const WaitConfig& wait) { return asks(wait.where); });
    });
    const bool inBudgets = std::ranges::any_of(spec.budgets, [&](const BudgetConfig& budget) {
        return std::ranges::find(budget.by, name) != budget.by.end();
    });
    const bool isGated = spec.gates.battery > 0 || spec.gates.power != "any";
    return inWaves || inBudgets ||
           (key == DeviceKey::SITE && (spec.order == "site" || !spec.windows.empty())) ||
           (key == DeviceKey::PROFILE && isGated);
}

/// Fills the columns that policies ask for, device by device.
void
FillColumns(InventoryColumns& columns, const RolloutSpec& spec, const Fleet& fleet)
{
    const bool site = NeedsKey(spec, DeviceKey::SITE);
    const bool group = NeedsKey(spec, DeviceKey::GROUP);
    const bool hardware = NeedsKey(spec, DeviceKey::HARDWARE);
    const bool profile = NeedsKey(spec, DeviceKey::PROFILE);
    const bool battery = spec.order == "battery" || spec.gates.battery > 0;
    std::map<std::string, uint8_t> batches;
    for (uint32_t i = 0; i < fleet.Size(); ++i)
    {
        const DeviceId d{i};
        if (site)
        {
            columns.site.push_back(fleet.SiteIndex(d));
            auto& sites = columns.names.sites;
            sites.resize(std::max<size_t>(sites.size(), fleet.SiteIndex(d) + 1U));
            sites[fleet.SiteIndex(d)] = fleet.Site(d);
        }
        if (group)
        {
            columns.group.push_back(fleet.GroupIndex(d));
        }
        if (hardware)
        {
            const auto [batch, isNew] =
                batches.try_emplace(fleet.Hardware(d), static_cast<uint8_t>(batches.size()));
            if (isNew)
            {
                columns.names.hardware.push_back(batch->first);
            }
            columns.hardware.push_back(batch->second);
        }
        if (profile)
        {
            columns.profile.push_back(fleet.ProfileIndex(d));
        }
        if (battery)
        {
            columns.batteryLevel.push_back(static_cast<float>(fleet.BatteryLevel(d, 0)));
        }
    }
}

} // namespace

RolloutConfig
MakeRolloutConfig(const Scenario& scenario, RolloutConfig config)
{
    const auto& spec = scenario.rollout;
    BindRollout(CopyToConfig{}, spec, config);
    config.waves.clear();
    std::ranges::transform(spec.waves, std::back_inserter(config.waves), MakeWave);
    config.dispatch.budgets = spec.budgets;
    config.dispatch.windows = spec.windows;
    const auto day = std::ranges::find(WEEKDAY_NAMES, scenario.fleet.firstDay);
    config.dispatch.firstDay = static_cast<uint32_t>(day - WEEKDAY_NAMES.begin());
    config.stopRules = spec.stopRules;
    config.actions = spec.actions;
    return config;
}

InventoryColumns
MakeInventory(const Scenario& scenario, const Ptr<Fleet>& fleet, const FirmwareCatalog& catalog)
{
    InventoryColumns columns;
    FillColumns(columns, scenario.rollout, *fleet);
    auto& names = columns.names;
    for (const auto& group : scenario.fleet.groups)
    {
        names.groups.push_back(group.name);
    }
    for (const auto& gateway : scenario.lorawan.gateways)
    {
        names.gateways.push_back(gateway.name);
    }
    for (const auto& profile : fleet->Profiles())
    {
        names.profiles.push_back(profile.name);
        columns.mainsProfile.push_back(!profile.HasBattery());
    }
    for (size_t i = 0; i < catalog.Size(); ++i)
    {
        names.firmware.push_back(catalog.Get(static_cast<ImageId>(i)).version);
    }
    names.nameOf = [fleet](DeviceId device) { return fleet->Name(device); };
    return columns;
}

std::vector<Tick>
MakeUtcOffsets(const Scenario& scenario, const InventoryColumns& inventory)
{
    std::vector<Tick> offsets;
    for (const auto& name : inventory.names.sites)
    {
        const auto site = scenario.fleet.sites.find(name);
        offsets.push_back(site == scenario.fleet.sites.end() ? 0
                                                             : ToTicks(site->second.utcOffsetS));
    }
    return offsets;
}

} // namespace ns3::iotfleet
