// SPDX-License-Identifier: GPL-2.0-only
#include "test/test-support.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ns3::iotfleet::test
{

namespace
{

constexpr std::string_view HEX_DIGITS = "0123456789abcdef";

/// The value of one hexadecimal digit.
uint8_t
DigitValue(char digit)
{
    const char lower =
        (digit >= 'A' && digit <= 'F') ? static_cast<char>(digit - 'A' + 'a') : digit;
    const auto position = HEX_DIGITS.find(lower);
    if (position == std::string_view::npos)
    {
        throw std::invalid_argument(std::string("not a hexadecimal digit: '") + digit + "'");
    }
    return static_cast<uint8_t>(position);
}

bool
IsSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

std::filesystem::path
SourcePath(std::string_view relative)
{
    return std::filesystem::path(IOTFLEET_SOURCE_DIR) / relative;
}

std::optional<std::filesystem::path>
SharedPath(std::string_view relative)
{
    const char* directory = std::getenv("IOTFLEET_SHARED");
    const auto base = (directory != nullptr)
                          ? std::filesystem::path(directory)
                          : std::filesystem::path(IOTFLEET_SOURCE_DIR) / ".." / "shared";
    auto path = (base / relative).lexically_normal();
    if (!std::filesystem::exists(path))
    {
        return std::nullopt;
    }
    return path;
}

std::string
ReadText(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
    {
        throw std::runtime_error("cannot read " + path.string());
    }
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<uint8_t>
ReadBytes(const std::filesystem::path& path)
{
    const auto text = ReadText(path);
    return {text.begin(), text.end()};
}

std::vector<uint8_t>
FromHex(std::string_view text)
{
    std::vector<uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (IsSpace(text[i]))
        {
            continue;
        }
        if (i + 1 == text.size())
        {
            throw std::invalid_argument("a hexadecimal digit without its pair");
        }
        const int high = DigitValue(text[i]);
        const int low = DigitValue(text[++i]);
        bytes.push_back(static_cast<uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string
ToHex(std::span<const uint8_t> bytes)
{
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes)
    {
        text += HEX_DIGITS[byte >> 4];
        text += HEX_DIGITS[byte & 0x0f];
    }
    return text;
}

} // namespace ns3::iotfleet::test
