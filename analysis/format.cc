// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"

#include "model/record/metric-dictionary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace ns3::iotfleet::analysis
{

namespace
{

constexpr double MINUTE_S{60};
constexpr double HOUR_S{3600};
constexpr double DAY_S{86400};

std::string
GroupDigits(std::string digits)
{
    const size_t start = digits.starts_with('-') ? 1 : 0;
    const size_t end = std::min(digits.find('.'), digits.size());
    for (size_t at = end; at > start + 3;)
    {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string
Fixed(double value, int decimals)
{
    std::array<char, 400> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    return buffer.data();
}

/// Rounds to three significant digits.
double
RoundToThree(double value)
{
    if (value == 0 || !std::isfinite(value))
    {
        return value;
    }
    const double scale = std::pow(10.0, 2 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

/// "2 d 4 h": a whole number of the large unit and the rest in the small one, if any.
std::string
TwoUnits(double seconds, double large, double small, std::string_view names)
{
    const double total = std::round(seconds / small);
    const double perLarge = large / small;
    const double whole = std::floor(total / perLarge);
    const double rest = total - whole * perLarge;
    const size_t comma = names.find(',');
    std::string text = Fixed(whole, 0) + " " + std::string(names.substr(0, comma));
    if (rest > 0)
    {
        text += ' ';
        text += Fixed(rest, 0);
        text += ' ';
        text += names.substr(comma + 1);
    }
    return text;
}

} // namespace

std::string
FormatCount(uint64_t count)
{
    return GroupDigits(std::to_string(count));
}

std::string
FormatNumber(double value)
{
    if (!std::isfinite(value))
    {
        return value > 0 ? "infinite" : "undefined";
    }
    const double rounded = RoundToThree(value);
    if (rounded == 0)
    {
        return "0";
    }
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(rounded))));
    std::string text = Fixed(rounded, std::max(0, 2 - magnitude));
    if (text.find('.') != std::string::npos)
    {
        text.erase(text.find_last_not_of('0') + 1);
        text.erase(text.find_last_not_of('.') + 1);
    }
    return GroupDigits(text);
}

std::string
FormatSi(double value, std::string_view unit)
{
    constexpr std::array<std::string_view, 9> PREFIXES{"n", "µ", "m", "", "k", "M", "G", "T", "P"};
    constexpr int NO_PREFIX = 3;
    if (value == 0 || !std::isfinite(value))
    {
        return FormatNumber(value) + " " + std::string(unit);
    }
    const double rounded = RoundToThree(value);
    const int thousands = static_cast<int>(std::floor(std::log10(std::abs(rounded)) / 3));
    const int lowest = unit == "B" ? NO_PREFIX : 0; // there is no milli-byte
    const int index =
        std::clamp(thousands + NO_PREFIX, lowest, static_cast<int>(PREFIXES.size()) - 1);
    return FormatNumber(rounded / std::pow(1000.0, index - NO_PREFIX)) + " " +
           std::string(PREFIXES[static_cast<size_t>(index)]) + std::string(unit);
}

std::string
FormatDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
    {
        return FormatNumber(seconds) + " s";
    }
    if (seconds < MINUTE_S - 0.05)
    {
        return FormatNumber(seconds) + " s";
    }
    if (seconds < HOUR_S - 0.5)
    {
        return TwoUnits(seconds, MINUTE_S, 1, "min,s");
    }
    if (seconds < 2 * DAY_S - HOUR_S / 2)
    {
        return TwoUnits(seconds, HOUR_S, MINUTE_S, "h,min");
    }
    if (seconds < 10 * DAY_S)
    {
        return TwoUnits(seconds, DAY_S, HOUR_S, "d,h");
    }
    return FormatNumber(seconds / DAY_S) + " d";
}

std::string
FormatDurationFinely(double seconds)
{
    if (!std::isfinite(seconds) || seconds < HOUR_S - 0.5)
    {
        return FormatDuration(seconds);
    }
    return seconds < 10 * DAY_S ? TwoUnits(seconds, HOUR_S, MINUTE_S, "h,min")
                                : TwoUnits(seconds, DAY_S, HOUR_S, "d,h");
}

std::string
FormatShare(double share)
{
    double percent = RoundToThree(100 * share);
    if (share < 1 && percent >= 100)
    {
        percent = 99.9;
    }
    if (share > 0 && share < 0.0001)
    {
        return "< 0.01 %";
    }
    return FormatNumber(percent) + " %";
}

bool
IsShareMetric(std::string_view name)
{
    return name.find("_share") != std::string_view::npos || name == "max_duty_cycle_used";
}

std::string
FormatMetric(std::string_view name, std::string_view unit, const std::optional<double>& value)
{
    if (!value)
    {
        return "not applicable";
    }
    if (unit == "s")
    {
        return FormatDuration(*value);
    }
    if (unit == "J" || unit == "B")
    {
        return FormatSi(*value, unit);
    }
    if (unit == "a")
    {
        return FormatNumber(*value) + (*value == 1 ? " year" : " years");
    }
    if (unit != "1")
    {
        return FormatNumber(*value) + " " + std::string(unit);
    }
    if (IsShareMetric(name))
    {
        return FormatShare(*value);
    }
    return *value >= 0 && *value == std::floor(*value) && *value < 1e15
               ? FormatCount(static_cast<uint64_t>(*value))
               : FormatNumber(*value);
}

std::string
FormatMetric(std::string_view name, const std::optional<double>& value)
{
    const auto metric = FindMetric(name);
    return FormatMetric(name, metric ? metric->unit : "1", value);
}

} // namespace ns3::iotfleet::analysis
