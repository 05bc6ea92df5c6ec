// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_DEVICE_SUMMARY_H
#define IOTFLEET_ANALYSIS_REPORT_DEVICE_SUMMARY_H

#include "analysis/report/device-state.h"
#include "analysis/results-reader.h"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// Devices of one group or one site, counted.
struct DeviceCounts
{
    uint64_t devices{0};
    uint64_t targeted{0};
    uint64_t updated{0};
    std::array<uint64_t, REPORT_STATES> states{};
};

/// A device that the operator believes fine and that is not.
struct HiddenTrouble
{
    uint32_t deviceId{0};
    std::string name;
    std::string health;
    std::string firmware;
    std::string believedFirmware;
};

/// What the report needs of a device's place and state when it counts rather than draws devices.
struct DevicePoint
{
    float xM{0};
    float yM{0};
    ReportState state{ReportState::WAITING};
};

/// What the report knows of all devices after one pass over the table; no list in it grows with the
/// fleet but those of numbers.
struct DeviceSummary
{
    DeviceCounts all;
    std::map<std::string, DeviceCounts> groups;
    std::map<std::string, DeviceCounts> sites;
    uint64_t bricked{0};
    uint64_t brickedUnknown{0}; ///< of these, those that the operator believes fine
    uint64_t hiddenTroubles{0};
    std::vector<HiddenTrouble> firstHiddenTroubles; ///< at most MAX_LISTED
    std::vector<double> campaignEnergyJ; ///< of targeted devices that a wave took, ascending
    std::vector<double> batteryDays;     ///< the same over daily use, ascending
    uint64_t neverTaken{0};              ///< targeted devices with an energy that no wave took
    std::vector<DevicePoint> points;
    std::map<uint32_t, std::string> names;  ///< of the devices asked for
    std::set<uint32_t> updatedWanted;       ///< of the devices asked for, those updated at the end
    std::vector<uint32_t> neverQuarantined; ///< compromised at the end and never in quarantine
    std::vector<uint32_t> wronglyGivenUp;   ///< see IsWronglyGivenUp

    static constexpr size_t MAX_LISTED{200};
};

/**
 * Reads the devices of a run.
 *
 * @param wanted devices whose names are needed.
 * @param quarantined devices that were in quarantine at least once.
 * @param target version that the rollout installs; empty without a rollout.
 */
DeviceSummary SummarizeDevices(const ResultsReader& reader,
                               int64_t runId,
                               const std::set<uint32_t>& wanted,
                               const std::set<uint32_t>& quarantined,
                               const std::string& target);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_DEVICE_SUMMARY_H
