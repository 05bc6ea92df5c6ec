// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report/not-updated.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Why a device was left behind.
struct Why
{
    std::string cause;
    WhyKnown known;
};

/// What the tables say of devices: the last row of `failure`, or else of `given_up`.
std::map<uint32_t, Why>
ReadReasons(const ResultsReader& reader, int64_t runId)
{
    std::map<uint32_t, Why> reasons;
    reader.ForEachGivenUp(runId, [&](const GivenUpRow& row) {
        const bool unheard = row.belief == "unreported";
        reasons[row.deviceId] = {row.cause, unheard ? WhyKnown::UNREPORTED : WhyKnown::GIVEN_UP};
    });
    reader.ForEachFailure(runId, [&](const FailureRow& row) {
        reasons[row.deviceId] = {row.cause, WhyKnown::TRUTH};
    });
    return reasons;
}

Why
WhyByState(const DeviceRow& device)
{
    if (device.believedUpdate == "unreported")
    {
        return {std::string(CAUSE_TIMEOUT), WhyKnown::UNREPORTED};
    }
    if (device.enrolment != "enrolled")
    {
        return {std::string(CAUSE_NOT_ENROLLED), WhyKnown::STATE};
    }
    // Not `targeted`, which devices of waves that never began are as well.
    return {std::string(device.wave ? CAUSE_UNDER_WAY : CAUSE_NOT_OFFERED), WhyKnown::STATE};
}

Why
FindWhy(const std::map<uint32_t, Why>& reasons, const DeviceRow& device)
{
    const auto known = reasons.find(device.deviceId);
    const bool hasFailed = known != reasons.end() && known->second.known == WhyKnown::TRUTH;
    if (!hasFailed && device.health == "bricked")
    {
        return {std::string(CAUSE_BRICKED), WhyKnown::STATE};
    }
    return known == reasons.end() ? WhyByState(device) : known->second;
}

} // namespace

std::vector<NotUpdatedGroup>
GroupNotUpdated(const ResultsReader& reader, int64_t runId, const std::string& target)
{
    if (target.empty())
    {
        return {};
    }
    const auto reasons = ReadReasons(reader, runId);
    std::map<std::pair<WhyKnown, std::string>, NotUpdatedGroup> groups;
    SqliteQuery query(
        reader.GetFile(),
        "SELECT device_id, enrolment, health, wave, believed_update FROM device JOIN run USING "
        "(run_id) WHERE run_id = ? AND (updated_s IS NULL OR firmware <> target_firmware) ORDER BY "
        "device_id",
        runId);
    DeviceRow device;
    while (query.Next())
    {
        query.Read(device.deviceId,
                   device.enrolment,
                   device.health,
                   device.wave,
                   device.believedUpdate);
        const Why why = FindWhy(reasons, device);
        auto& group = groups[{why.known, why.cause}];
        group.cause = why.cause;
        group.known = why.known;
        group.devices.push_back(device.deviceId);
    }
    std::vector<NotUpdatedGroup> sorted;
    for (auto& [key, group] : groups)
    {
        sorted.push_back(std::move(group));
    }
    std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const NotUpdatedGroup& group) {
        return group.devices.size();
    });
    return sorted;
}

} // namespace ns3::iotfleet::analysis
