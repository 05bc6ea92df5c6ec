// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_ATTRIBUTE_TEXT_H
#define IOTFLEET_FLEET_ATTRIBUTE_TEXT_H

#include "model/fleet/types.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * Texts of ns-3 attributes: ranges in descriptions, and values that are several numbers.
 */
namespace ns3::iotfleet
{

/// What a number may be; both ends included.
struct AttributeRange
{
    double least{0};
    double most{std::numeric_limits<double>::max()};

    /// @name Usual ranges
    ///@{
    static constexpr AttributeRange Any()
    {
        return {-std::numeric_limits<double>::max()};
    }

    static constexpr AttributeRange NotNegative()
    {
        return {0};
    }

    static constexpr AttributeRange Share()
    {
        return {0, 1};
    }

    ///@}

    /// " (0 to 1)" or " (at least 0)"; empty if any number will do. `unit` follows each number.
    std::string Text(const std::string& unit = "") const;

    /// The upper end as a whole number.
    uint64_t MostWhole() const
    {
        return most < 0x1p32 ? static_cast<uint64_t>(most) : UINT32_MAX;
    }
};

/// @name "3,5": gateways by number, from 0; "0:51,3:115": pairs of numbers.
///@{
std::string NumbersText(const std::vector<GatewayId>& numbers);
std::string NumbersText(const std::map<uint8_t, uint8_t>& numbers);

/// @return false, and `numbers` as it was, if the text is something else or a number too large
bool ParseNumbers(std::string_view text, std::vector<GatewayId>& numbers);
bool ParseNumbers(std::string_view text, std::map<uint8_t, uint8_t>& numbers);
///@}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_ATTRIBUTE_TEXT_H
