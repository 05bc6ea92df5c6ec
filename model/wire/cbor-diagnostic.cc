// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cbor.h"

#include <array>
#include <charconv>
#include <cmath>

namespace ns3::iotfleet::wire::cbor
{

namespace
{

constexpr std::string_view HEX_DIGITS = "0123456789abcdef";

std::string
Hex(std::span<const uint8_t> bytes)
{
    std::string out = "h'";
    for (const uint8_t byte : bytes)
    {
        out += HEX_DIGITS[byte >> 4];
        out += HEX_DIGITS[byte & 0x0f];
    }
    return out + "'";
}

// Quoted as JSON does it.
std::string
Quote(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text)
    {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
        {
            out += '\\';
            out += c;
        }
        else if (code < 0x20)
        {
            out += "\\u00";
            out += HEX_DIGITS[code >> 4];
            out += HEX_DIGITS[code & 0x0f];
        }
        else
        {
            out += c;
        }
    }
    return out + "\"";
}

// -1 - argument needs 65 bits; only the very last argument overflows the printable sum.
std::string
Negative(uint64_t argument)
{
    std::string out = "-";
    return out.append(argument == ~uint64_t{0} ? "18446744073709551616"
                                               : std::to_string(argument + 1));
}

std::string
Float(double number)
{
    if (std::isnan(number))
    {
        return "NaN";
    }
    if (std::isinf(number))
    {
        return number < 0 ? "-Infinity" : "Infinity";
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.begin(), buffer.end(), number).ptr;
    std::string out(buffer.begin(), end);
    // A point or an exponent is what tells a float from an integer.
    return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

std::string
Simple(uint8_t number)
{
    switch (number)
    {
    case 20:
        return "false";
    case 21:
        return "true";
    case 22:
        return "null";
    case 23:
        return "undefined";
    default:
        return "simple(" + std::to_string(number) + ")";
    }
}

std::string
List(const Value& value)
{
    const bool isMap = value.Is(Type::MAP);
    std::string out(isMap ? "{" : "[");
    for (std::size_t i = 0; i < value.Size(); ++i)
    {
        out += i == 0 ? "" : ", ";
        out += isMap ? ToDiagnostic(value.KeyAt(i)) + ": " + ToDiagnostic(value.ValueAt(i))
                     : ToDiagnostic(value.At(i));
    }
    return out + (isMap ? "}" : "]");
}

} // namespace

std::string
ToDiagnostic(const Value& value)
{
    switch (value.GetType())
    {
    case Type::UNSIGNED:
        return std::to_string(value.GetUnsigned());
    case Type::NEGATIVE:
        return Negative(value.GetNegativeArgument());
    case Type::BYTES:
        return Hex(value.GetBytes());
    case Type::TEXT:
        return Quote(value.GetText());
    case Type::ARRAY:
    case Type::MAP:
        return List(value);
    case Type::TAG:
        return std::to_string(value.GetTag()) + "(" + ToDiagnostic(value.GetContent()) + ")";
    case Type::SIMPLE:
        return Simple(value.GetSimple());
    case Type::FLOAT:
        return Float(value.GetFloat());
    }
    return {};
}

} // namespace ns3::iotfleet::wire::cbor
