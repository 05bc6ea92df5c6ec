// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/device-summary.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

void
Count(DeviceCounts& counts, const DeviceRow& device, ReportState state)
{
    ++counts.devices;
    counts.targeted += device.targeted ? 1U : 0U;
    counts.updated += device.updatedS ? 1U : 0U;
    ++counts.states[static_cast<size_t>(state)];
}

void
AddTroubles(DeviceSummary& summary, const DeviceRow& device, const std::string& target)
{
    const bool believedFine = IsBelievedFine(device);
    if (device.health == "bricked")
    {
        ++summary.bricked;
        summary.brickedUnknown += believedFine ? 1U : 0U;
    }
    if (!believedFine || !IsNotFine(device, target))
    {
        return;
    }
    ++summary.hiddenTroubles;
    if (summary.firstHiddenTroubles.size() < DeviceSummary::MAX_LISTED)
    {
        summary.firstHiddenTroubles.push_back({device.deviceId,
                                               device.name,
                                               device.health,
                                               device.firmware,
                                               device.believedFirmware.value_or("")});
    }
}

void
AddEnergy(DeviceSummary& summary, const DeviceRow& device)
{
    if (!device.targeted || !device.campaignEnergyJ)
    {
        return;
    }
    if (!device.wave)
    {
        ++summary.neverTaken; // nothing was sent to it, and its energy of 0 J hides the others'
        return;
    }
    summary.campaignEnergyJ.push_back(*device.campaignEnergyJ);
    if (device.dailyEnergyJ.value_or(0) > 0)
    {
        summary.batteryDays.push_back(*device.campaignEnergyJ / *device.dailyEnergyJ);
    }
}

} // namespace

DeviceSummary
SummarizeDevices(const ResultsReader& reader,
                 int64_t runId,
                 const std::set<uint32_t>& wanted,
                 const std::set<uint32_t>& quarantined,
                 const std::string& target)
{
    DeviceSummary summary;
    reader.ForEachDevice(runId, [&](const DeviceRow& device) {
        const ReportState state = GetReportState(device, target);
        Count(summary.all, device, state);
        Count(summary.groups[device.grp], device, state);
        Count(summary.sites[device.site], device, state);
        AddTroubles(summary, device, target);
        AddEnergy(summary, device);
        summary.points.push_back(
            {static_cast<float>(device.xM), static_cast<float>(device.yM), state});
        const bool missed =
            device.health == "compromised" && !quarantined.contains(device.deviceId);
        if (missed)
        {
            summary.neverQuarantined.push_back(device.deviceId);
        }
        const bool isWronglyGivenUp = IsWronglyGivenUp(device, target);
        if (isWronglyGivenUp)
        {
            summary.wronglyGivenUp.push_back(device.deviceId);
        }
        const bool listed =
            (missed && summary.neverQuarantined.size() <= DeviceSummary::MAX_LISTED) ||
            (isWronglyGivenUp && summary.wronglyGivenUp.size() <= DeviceSummary::MAX_LISTED);
        if (listed || wanted.contains(device.deviceId))
        {
            summary.names[device.deviceId] = device.name;
        }
        if (device.updatedS && wanted.contains(device.deviceId))
        {
            summary.updatedWanted.insert(device.deviceId);
        }
    });
    std::ranges::sort(summary.campaignEnergyJ);
    std::ranges::sort(summary.batteryDays);
    return summary;
}

} // namespace ns3::iotfleet::analysis
