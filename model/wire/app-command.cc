// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/app-command.h"

#include <array>
#include <cstdio>

namespace ns3::iotfleet::wire
{

DecodeError
LengthError(std::string_view name, std::size_t expected, std::size_t found)
{
    DecodeError error{std::string(name), expected, found, {}};
    error.text = error.command + ": " + std::to_string(expected) +
                 " bytes are expected after the command identifier, " + std::to_string(found) +
                 " were found";
    return error;
}

DecodeError
UnknownCommandError(uint8_t identifier, std::size_t found)
{
    std::array<char, 8> hex{};
    std::snprintf(hex.data(), hex.size(), "0x%02x", identifier);
    return {"unknown",
            0,
            found,
            std::string("command identifier ") + hex.data() + " is not known in this direction"};
}

} // namespace ns3::iotfleet::wire
