// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_ENUM_NAMES_H
#define IOTFLEET_FLEET_ENUM_NAMES_H

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace ns3::iotfleet
{

/// The value of an enumeration whose name stands at that place of `names`; nothing if none does.
template <class Enum, size_t N>
constexpr std::optional<Enum>
FromName(const std::array<std::string_view, N>& names, std::string_view name)
{
    for (size_t i = 0; i < N; ++i)
    {
        if (names[i] == name)
        {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_ENUM_NAMES_H
