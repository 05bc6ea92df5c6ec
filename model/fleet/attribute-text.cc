// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/attribute-text.h"

#include <charconv>
#include <iterator>
#include <optional>

namespace ns3::iotfleet
{

namespace
{

/// Takes a number from the beginning of a text.
template <class Number>
std::optional<Number>
TakeNumber(std::string_view& text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{})
    {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return number;
}

/// Takes a character that must stand there.
bool
TakeSign(std::string_view& text, char sign)
{
    const bool isThere = text.starts_with(sign);
    text.remove_prefix(isThere ? 1 : 0);
    return isThere;
}

std::string
ShortNumber(double number)
{
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
    return {std::begin(text), end};
}

} // namespace

std::string
AttributeRange::Text(const std::string& unit) const
{
    if (least <= Any().least)
    {
        return {};
    }
    return most < std::numeric_limits<double>::max()
               ? " (" + ShortNumber(least) + unit + " to " + ShortNumber(most) + unit + ")"
               : " (at least " + ShortNumber(least) + unit + ")";
}

std::string
NumbersText(const std::vector<GatewayId>& numbers)
{
    std::string text;
    for (const auto gateway : numbers)
    {
        text += (text.empty() ? "" : ",") + std::to_string(Index(gateway));
    }
    return text;
}

std::string
NumbersText(const std::map<uint8_t, uint8_t>& numbers)
{
    std::string text;
    for (const auto& [key, value] : numbers)
    {
        text += (text.empty() ? "" : ",") + std::to_string(key) + ":" + std::to_string(value);
    }
    return text;
}

bool
ParseNumbers(std::string_view text, std::vector<GatewayId>& numbers)
{
    std::vector<GatewayId> read;
    while (!text.empty())
    {
        const auto number = TakeNumber<uint16_t>(text);
        if (!number || (!text.empty() && (!TakeSign(text, ',') || text.empty())))
        {
            return false;
        }
        read.push_back(GatewayId{*number});
    }
    numbers = std::move(read);
    return true;
}

bool
ParseNumbers(std::string_view text, std::map<uint8_t, uint8_t>& numbers)
{
    std::map<uint8_t, uint8_t> read;
    while (!text.empty())
    {
        const auto key = TakeNumber<uint8_t>(text);
        const auto value = key && TakeSign(text, ':') ? TakeNumber<uint8_t>(text) : std::nullopt;
        if (!value || (!text.empty() && (!TakeSign(text, ',') || text.empty())))
        {
            return false;
        }
        read[*key] = *value;
    }
    numbers = std::move(read);
    return true;
}

} // namespace ns3::iotfleet
