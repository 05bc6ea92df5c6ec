// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_BATTERY_SHARE_H
#define IOTFLEET_ANALYSIS_REPORT_BATTERY_SHARE_H

#include "analysis/report/report-context.h"

#include <optional>

namespace ns3::iotfleet::analysis
{

/**
 * What the campaign took from the mean battery, as a share of a full one: days lost say little
 * without it, since they are many where devices use next to nothing.
 *
 * @return 0 to 1 or more; nothing where no targeted device has a battery
 */
inline std::optional<double>
GetBatteryShareLost(const ReportContext& context)
{
    constexpr double DAYS_PER_YEAR{365.25};
    const auto batteries = context.Metric("batteries_used");
    const auto years = context.Metric("battery_years_lost");
    const auto meanDays = context.Metric("battery_days_lost_mean");
    if (!batteries || !meanDays || years.value_or(0) <= 0 || *meanDays <= 0)
    {
        return std::nullopt;
    }
    const double devices = *years * DAYS_PER_YEAR / *meanDays;
    return *batteries / devices;
}

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_BATTERY_SHARE_H
