// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/device-state.h"

namespace ns3::iotfleet::analysis
{

ReportState
GetReportState(const DeviceRow& device, std::string_view target)
{
    if (device.health == "bricked")
    {
        return ReportState::BRICKED;
    }
    const bool isHeld = device.access == "restricted" || device.access == "blocked";
    if (device.health == "compromised")
    {
        return isHeld ? ReportState::COMPROMISED_HELD : ReportState::COMPROMISED;
    }
    if (device.health == "faulty" || device.updateState == "failed" ||
        device.updateState == "rolled-back")
    {
        return ReportState::FAILED;
    }
    if (isHeld)
    {
        return ReportState::QUARANTINED;
    }
    if (device.enrolment != "enrolled")
    {
        return ReportState::NOT_ENROLLED;
    }
    if (device.updatedS && (target.empty() || device.firmware == target))
    {
        return ReportState::UPDATED;
    }
    const bool idle = device.updateState == "idle" || device.updateState == "confirmed";
    return idle ? ReportState::WAITING : ReportState::IN_PROGRESS;
}

bool
IsBelievedFine(const DeviceRow& device)
{
    const std::string update = device.believedUpdate.value_or("");
    return device.believedHealth != "suspect" && device.believedHealth != "quarantined" &&
           update != "failed" && update != "unreported";
}

bool
IsNotFine(const DeviceRow& device, std::string_view target)
{
    if (device.health == "bricked" || device.health == "compromised" || device.health == "faulty")
    {
        return true;
    }
    return !target.empty() && device.believedFirmware == target && device.firmware != target;
}

bool
IsWronglyGivenUp(const DeviceRow& device, std::string_view target)
{
    const bool isGivenUp =
        device.believedUpdate == "failed" || device.believedUpdate == "unreported";
    return isGivenUp && GetReportState(device, target) == ReportState::UPDATED;
}

} // namespace ns3::iotfleet::analysis
