// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_FORMAT_H
#define IOTFLEET_ANALYSIS_FORMAT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/**
 * @file
 * Numbers as people read them: three significant digits, SI prefixes, durations in words, digits
 * grouped by commas. Text for people only, never to be read back by a program.
 */
namespace ns3::iotfleet::analysis
{

/// @return a count, exact: 12000 gives "12,000".
std::string FormatCount(uint64_t count);

/// @return a number with three significant digits, digits grouped: 12345 gives "12,300".
std::string FormatNumber(double value);

/// @return a quantity with an SI prefix: (4210, "J") gives "4.21 kJ".
std::string FormatSi(double value, std::string_view unit);

/// @return a duration in s: "0.25 s", "5 min 12 s", "31 h 5 min", "2 d 4 h", "35 d".
std::string FormatDuration(double seconds);

/// The same with a unit more: "74 h 36 min", "12 d 3 h". For durations that FormatDuration does not
/// tell apart.
std::string FormatDurationFinely(double seconds);

/// @return a share as a percentage; one that is not whole is never rounded to 0 % or 100 %.
std::string FormatShare(double share);

/// @return whether a metric without a unit is a share (0 to 1) rather than a count.
bool IsShareMetric(std::string_view name);

/// @return a value of a metric in its unit ("1", "s", "d", "h", "J", "B"); shares are metrics whose
/// name ends in "_share" or that are a share by definition. NULL gives "not applicable".
std::string FormatMetric(std::string_view name,
                         std::string_view unit,
                         const std::optional<double>& value);

/// @return a value of a metric of the dictionary, in its unit; of any other, as a number.
std::string FormatMetric(std::string_view name, const std::optional<double>& value);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_FORMAT_H
