// SPDX-License-Identifier: GPL-2.0-only

#include "helper/units.h"

#include <array>
#include <charconv>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr std::array DURATIONS{Unit{"s"},
                               Unit{"us", 1, 1e6},
                               Unit{"ms", 1, 1e3},
                               Unit{"min", 60},
                               Unit{"h", 3600},
                               Unit{"d", 86400}};
constexpr std::array SIZES{Unit{"B"},
                           Unit{"kB", 1000},
                           Unit{"KiB", 1024},
                           Unit{"MB", 1e6},
                           Unit{"MiB", 1048576}};
constexpr std::array POWERS_DBM{Unit{"dBm"}};
constexpr std::array GAINS{Unit{"dBi"}, Unit{"dB"}};
constexpr std::array LOSSES{Unit{"dB"}};
constexpr std::array DATA_RATES{Unit{"bps"},
                                Unit{"kbps", 1e3},
                                Unit{"Mbps", 1e6},
                                Unit{"Gbps", 1e9}};
constexpr std::array FREQUENCIES{Unit{"/s"}, Unit{"/min", 1, 60}, Unit{"/h", 1, 3600}};
constexpr std::array LENGTHS{Unit{"m"}, Unit{"km", 1000}};
constexpr std::array CURRENTS{Unit{"A"},
                              Unit{"mA", 1, 1e3},
                              Unit{"uA", 1, 1e6},
                              Unit{"nA", 1, 1e9}};
constexpr std::array VOLTAGES{Unit{"V"}, Unit{"mV", 1, 1e3}};
constexpr std::array ENERGIES{Unit{"J"},
                              Unit{"mJ", 1, 1e3},
                              Unit{"uJ", 1, 1e6},
                              Unit{"kJ", 1e3},
                              Unit{"MJ", 1e6},
                              Unit{"Wh", 3600}};
constexpr std::array CHARGES{Unit{"C"}, Unit{"mAh", 3.6}, Unit{"Ah", 3600}};
constexpr std::array POWERS{Unit{"W"}, Unit{"mW", 1, 1e3}, Unit{"uW", 1, 1e6}};
constexpr std::array DRIFTS{Unit{"ppm"}};
constexpr std::array CARRIERS{Unit{"Hz"}, Unit{"kHz", 1e3}, Unit{"MHz", 1e6}};

/** One row a kind, in the order of UnitKind. */
struct KindRow
{
    std::span<const Unit> units;
    std::string_view noun;
    std::string_view description;
};

constexpr std::array KINDS{
    KindRow{DURATIONS, "a duration", "a duration with unit such as \"1 h\""},
    KindRow{SIZES, "a size", "a size with unit such as \"51 B\""},
    KindRow{POWERS_DBM, "a power", "a power with unit such as \"14 dBm\""},
    KindRow{GAINS, "a gain", "a gain with unit such as \"2.15 dBi\""},
    KindRow{LOSSES, "a level difference", "a level difference with unit such as \"3 dB\""},
    KindRow{DATA_RATES, "a data rate", "a data rate with unit such as \"10 Mbps\""},
    KindRow{FREQUENCIES, "a rate", "a rate with unit such as \"50 /s\""},
    KindRow{LENGTHS, "a length", "a length with unit such as \"3 km\""},
    KindRow{CURRENTS, "a current", "a current with unit such as \"7.9 mA\""},
    KindRow{VOLTAGES, "a voltage", "a voltage with unit such as \"3 V\""},
    KindRow{ENERGIES, "an energy", "an energy with unit such as \"10 kJ\""},
    KindRow{CHARGES, "a charge", "a charge with unit such as \"2400 mAh\""},
    KindRow{POWERS, "a power", "a power with unit such as \"23.7 mW\""},
    KindRow{DRIFTS, "a clock drift", "a clock drift with unit such as \"20 ppm\""},
    KindRow{CARRIERS, "a frequency", "a frequency with unit such as \"869.525 MHz\""},
};

const KindRow&
RowOf(UnitKind kind)
{
    return KINDS.at(static_cast<std::size_t>(kind));
}

/** Splits "90 s" into the number and the rest without blanks around it. */
std::optional<std::pair<double, std::string_view>>
SplitQuantity(std::string_view text)
{
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || !std::isfinite(number))
    {
        return std::nullopt;
    }
    std::string_view symbol(rest, static_cast<std::size_t>(end - rest));
    while (!symbol.empty() && symbol.front() == ' ')
    {
        symbol.remove_prefix(1);
    }
    return std::pair{number, symbol};
}

} // namespace

std::span<const Unit>
UnitsOf(UnitKind kind)
{
    return RowOf(kind).units;
}

std::string_view
UnitDescription(UnitKind kind)
{
    return RowOf(kind).description;
}

std::string_view
UnitNoun(UnitKind kind)
{
    return RowOf(kind).noun;
}

std::optional<double>
ParseQuantity(UnitKind kind, std::string_view text)
{
    const auto parts = SplitQuantity(text);
    if (!parts)
    {
        return std::nullopt;
    }
    for (const Unit& unit : UnitsOf(kind))
    {
        if (unit.symbol == parts->second)
        {
            const double value = parts->first * unit.multiply / unit.divide;
            return std::isfinite(value) ? std::optional(value) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string
FormatQuantity(UnitKind kind, double value)
{
    std::string best;
    for (const Unit& unit : UnitsOf(kind))
    {
        if (!best.empty() && unit.multiply == unit.divide)
        {
            continue; // another name of the unit inside
        }
        std::string text = FormatNumber(value * unit.divide / unit.multiply);
        text.append(" ").append(unit.symbol);
        // Rounding in another unit may lose the last bit; the unit inside never does.
        if (ParseQuantity(kind, text) == value && (best.empty() || text.size() < best.size()))
        {
            best = text;
        }
    }
    return best;
}

std::optional<double>
ParseNumber(std::string_view text)
{
    const auto parts = SplitQuantity(text);
    return parts && parts->second.empty() && text.back() != ' ' ? std::optional(parts->first)
                                                                : std::nullopt;
}

std::optional<double>
ParsePercentage(std::string_view text)
{
    const auto parts = SplitQuantity(text);
    return parts && parts->second == "%" ? std::optional(parts->first / 100) : std::nullopt;
}

std::string
FormatNumber(double value)
{
    std::array<char, 400> buffer{}; // the longest double in fixed notation has about 330 characters
    const auto [end, error] = std::to_chars(buffer.data(),
                                            buffer.data() + buffer.size(),
                                            value,
                                            std::chars_format::fixed);
    return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0");
}

} // namespace ns3::iotfleet
