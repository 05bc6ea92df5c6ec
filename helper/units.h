// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_UNITS_H
#define IOTFLEET_HELPER_UNITS_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/**
 * @file
 * @ingroup iotfleet-helper
 * Quantities as users write them ("90 s", "100 kB", "14 dBm") and as the simulator counts them (SI
 * units). This is the only place that knows the symbols.
 */

namespace ns3::iotfleet
{

/** What a quantity measures; each kind has its own symbols and its own unit inside. */
enum class UnitKind : uint8_t
{
    DURATION,  //!< seconds
    SIZE,      //!< bytes
    POWER_DBM, //!< dBm
    GAIN,      //!< dBi
    LOSS,      //!< dB
    DATA_RATE, //!< bit/s
    FREQUENCY, //!< events per second
    LENGTH,    //!< metres
    CURRENT,   //!< amperes
    VOLTAGE,   //!< volts
    ENERGY,    //!< joules
    CHARGE,    //!< coulombs
    POWER,     //!< watts
    DRIFT,     //!< ppm
    CARRIER,   //!< Hz
};

/** A symbol and what one of it is worth: a value in it counts `value * multiply / divide`. */
struct Unit
{
    std::string_view symbol; //!< as written after the number
    double multiply{1};      //!< factor of units larger than the one inside
    double divide{1};        //!< factor of smaller ones; a division keeps "35 ms" the nearest 0.035
};

/**
 * @param kind the kind of quantity
 * @return its symbols, the one counted inside first
 */
std::span<const Unit> UnitsOf(UnitKind kind);

/**
 * @param kind the kind of quantity
 * @return words for messages, such as `a duration with unit such as "1 h"`
 */
std::string_view UnitDescription(UnitKind kind);

/**
 * @param kind the kind of quantity
 * @return the bare noun, such as `a duration`
 */
std::string_view UnitNoun(UnitKind kind);

/**
 * Reads a number and its unit; blanks between them are allowed.
 *
 * @param kind the kind of quantity
 * @param text such as "90 s"
 * @return the value in the kind's unit inside; empty when the text is not such a quantity
 */
std::optional<double> ParseQuantity(UnitKind kind, std::string_view text);

/**
 * Writes a quantity in the unit that makes it shortest. Reading the text gives the very same
 * number.
 *
 * @param kind the kind of quantity
 * @param value in the kind's unit inside; finite
 * @return such as "1.5 h"
 */
std::string FormatQuantity(UnitKind kind, double value);

/**
 * Reads a plain decimal number that fills the whole text.
 *
 * @param text the text
 * @return the number; empty for anything else, infinities and NaN included
 */
std::optional<double> ParseNumber(std::string_view text);

/**
 * Reads a percentage such as "10 %".
 *
 * @param text the text
 * @return the share it means (0.1), not yet checked for its range
 */
std::optional<double> ParsePercentage(std::string_view text);

/**
 * @param value any finite number
 * @return the shortest decimal text that reads back as the same number, without exponent
 */
std::string FormatNumber(double value);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_UNITS_H
