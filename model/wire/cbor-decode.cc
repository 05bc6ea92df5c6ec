// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cbor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ns3::iotfleet::wire::cbor
{

namespace
{

// Additional information of an initial byte (RFC 8949 section 3).
constexpr uint8_t FIRST_LONG_ARGUMENT = 24;
constexpr uint8_t FIRST_RESERVED = 28;
constexpr uint8_t INDEFINITE = 31;
constexpr uint8_t BREAK = 0xff;
constexpr uint8_t FIRST_TWO_BYTE_SIMPLE = 32;

// Widens by bits and not through float arithmetic, which would quieten signalling NaNs.
uint64_t
WidenFloat(uint64_t bits, int mantissaBits, int exponentBits)
{
    const uint64_t sign = bits >> (mantissaBits + exponentBits);
    const uint64_t maxExponent = (uint64_t{1} << exponentBits) - 1;
    const uint64_t exponent = (bits >> mantissaBits) & maxExponent;
    const uint64_t mantissa = bits & ((uint64_t{1} << mantissaBits) - 1);
    if (exponent == maxExponent)
    {
        return sign << 63 | uint64_t{0x7ff} << 52 | mantissa << (52 - mantissaBits);
    }
    const int bias = static_cast<int>(maxExponent / 2);
    const uint64_t implicit = exponent == 0 ? 0 : uint64_t{1} << mantissaBits;
    const int scale = (exponent == 0 ? 1 : static_cast<int>(exponent)) - bias - mantissaBits;
    const double magnitude = std::ldexp(static_cast<double>(mantissa | implicit), scale);
    return std::bit_cast<uint64_t>(magnitude) | sign << 63;
}

// Length of the UTF-8 sequence that starts the text, or 0 if none does (RFC 3629 section 4).
std::size_t
Utf8SequenceLength(std::span<const uint8_t> text)
{
    const uint8_t lead = text[0];
    if (lead < 0x80)
    {
        return 1;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length ||
        !std::ranges::all_of(text.subspan(1, length - 1),
                             [](uint8_t byte) { return (byte & 0xc0) == 0x80; }))
    {
        return 0;
    }
    const uint8_t second = text[1];
    const bool isOverlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool isSurrogate = lead == 0xed && second > 0x9f;
    const bool isTooLarge = lead == 0xf4 && second > 0x8f;
    return isOverlong || isSurrogate || isTooLarge ? 0 : length;
}

bool
IsUtf8(std::span<const uint8_t> text)
{
    while (!text.empty())
    {
        const std::size_t length = Utf8SequenceLength(text);
        if (length == 0)
        {
            return false;
        }
        text = text.subspan(length);
    }
    return true;
}

} // namespace

// Recursive descent over the bytes; knows where it is for the error messages.
class Decoder
{
  public:
    Decoder(std::span<const uint8_t> bytes, const DecodeOptions& options)
        : m_bytes(bytes),
          m_options(options)
    {
    }

    Value Item(std::size_t depth);

    std::size_t Position() const
    {
        return m_position;
    }

  private:
    struct Head
    {
        std::size_t offset; // where the initial byte stands
        uint8_t major;      // major type
        uint8_t info;       // additional information
        uint64_t argument;  // its value, 0 if the length is indefinite
    };

    Head ReadHead();
    uint64_t ReadBigEndian(std::size_t size, std::size_t offset);
    bool AtBreak();
    void CheckText(std::span<const uint8_t> text, std::size_t offset) const;
    void CheckCount(const Head& head, std::size_t bytesPerItem) const;
    void CheckKeys(const Value& map, std::size_t offset) const;
    Value String(const Head& head);
    Value Sequence(const Head& head, std::size_t depth);
    Value SimpleOrFloat(const Head& head);

    std::size_t Left() const
    {
        return m_bytes.size() - m_position;
    }

    std::span<const uint8_t> m_bytes; //!< everything
    const DecodeOptions& m_options;   //!< what to accept
    std::size_t m_position{0};        //!< next byte
};

uint64_t
Decoder::ReadBigEndian(std::size_t size, std::size_t offset)
{
    if (Left() < size)
    {
        throw Error(offset, "the head of an item is cut off");
    }
    uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i)
    {
        number = number << 8 | m_bytes[m_position++];
    }
    return number;
}

Decoder::Head
Decoder::ReadHead()
{
    Head head{m_position, 0, 0, 0};
    const auto initial = static_cast<uint8_t>(ReadBigEndian(1, m_position));
    head.major = initial >> 5;
    head.info = initial & 0x1f;
    head.argument = head.info;
    if (head.info >= FIRST_LONG_ARGUMENT && head.info < FIRST_RESERVED)
    {
        head.argument =
            ReadBigEndian(std::size_t{1} << (head.info - FIRST_LONG_ARGUMENT), head.offset);
    }
    else if (head.info == INDEFINITE)
    {
        head.argument = 0;
        const bool hasLength = head.major >= 2 && head.major <= 5;
        if (initial == BREAK)
        {
            throw Error(head.offset, "a break outside of an indefinite-length item");
        }
        if (!hasLength)
        {
            throw Error(head.offset, "an indefinite length where none is allowed");
        }
    }
    else if (head.info >= FIRST_RESERVED)
    {
        throw Error(head.offset, "reserved additional information " + std::to_string(head.info));
    }
    return head;
}

bool
Decoder::AtBreak()
{
    if (Left() > 0 && m_bytes[m_position] == BREAK)
    {
        ++m_position;
        return true;
    }
    return false;
}

void
Decoder::CheckText(std::span<const uint8_t> text, std::size_t offset) const
{
    if (!m_options.allowInvalidText && !IsUtf8(text))
    {
        throw Error(offset, "a text string that is not UTF-8");
    }
}

// Every item takes a byte at least, so a length that cannot be met is refused before the work.
void
Decoder::CheckCount(const Head& head, std::size_t bytesPerItem) const
{
    if (head.argument > Left() / bytesPerItem)
    {
        throw Error(head.offset,
                    std::string(ToString(static_cast<Type>(head.major))) + " of length " +
                        std::to_string(head.argument) + " with only " + std::to_string(Left()) +
                        " bytes left");
    }
}

Value
Decoder::String(const Head& head)
{
    Value value(static_cast<Type>(head.major));
    const bool isText = value.Is(Type::TEXT);
    const auto take = [this, &value, isText](const Head& chunk) {
        CheckCount(chunk, 1);
        const auto bytes = m_bytes.subspan(m_position, static_cast<std::size_t>(chunk.argument));
        if (isText)
        {
            CheckText(bytes, chunk.offset);
        }
        value.m_bytes.insert(value.m_bytes.end(), bytes.begin(), bytes.end());
        m_position += bytes.size();
    };
    if (head.info != INDEFINITE)
    {
        take(head);
        return value;
    }
    while (!AtBreak())
    {
        const Head chunk = ReadHead();
        if (chunk.major != head.major || chunk.info == INDEFINITE)
        {
            throw Error(chunk.offset,
                        "a chunk of an indefinite-length string that is not a definite-length " +
                            std::string(ToString(value.m_type)));
        }
        take(chunk);
    }
    return value;
}

void
Decoder::CheckKeys(const Value& map, std::size_t offset) const
{
    if (m_options.allowDuplicateKeys || map.Size() < 2)
    {
        return;
    }
    // Encoded and not as trees, because 1 is the same key however many bytes it was written in.
    std::vector<std::string> keys;
    keys.reserve(map.Size());
    for (std::size_t i = 0; i < map.Size(); ++i)
    {
        const std::vector<uint8_t> key = Encode(map.KeyAt(i));
        keys.emplace_back(key.begin(), key.end());
    }
    std::ranges::sort(keys);
    if (std::ranges::adjacent_find(keys) != keys.end())
    {
        throw Error(offset, "a map with the same key twice");
    }
}

Value
Decoder::Sequence(const Head& head, std::size_t depth)
{
    if (depth >= m_options.maxDepth)
    {
        throw Error(head.offset, "items nested deeper than " + std::to_string(m_options.maxDepth));
    }
    Value value(static_cast<Type>(head.major));
    const std::size_t step = value.Is(Type::MAP) ? 2 : 1;
    if (value.Is(Type::TAG))
    {
        value.m_number = head.argument;
        value.m_items.push_back(Item(depth + 1));
        return value;
    }
    if (head.info == INDEFINITE)
    {
        // A break is only looked for in front of a key, so it cannot stand for a map's value.
        while (!AtBreak())
        {
            for (std::size_t i = 0; i < step; ++i)
            {
                value.m_items.push_back(Item(depth + 1));
            }
        }
    }
    else
    {
        CheckCount(head, step);
        for (uint64_t i = 0; i < head.argument * step; ++i)
        {
            value.m_items.push_back(Item(depth + 1));
        }
    }
    if (value.Is(Type::MAP))
    {
        CheckKeys(value, head.offset);
    }
    return value;
}

Value
Decoder::SimpleOrFloat(const Head& head)
{
    Value value(head.info > FIRST_LONG_ARGUMENT ? Type::FLOAT : Type::SIMPLE);
    value.m_number = head.argument;
    switch (head.info)
    {
    case FIRST_LONG_ARGUMENT:
        if (head.argument < FIRST_TWO_BYTE_SIMPLE)
        {
            throw Error(head.offset,
                        "simple value " + std::to_string(head.argument) + " in two bytes");
        }
        break;
    case 25:
        value.m_number = WidenFloat(head.argument, 10, 5);
        break;
    case 26:
        value.m_number = WidenFloat(head.argument, 23, 8);
        break;
    default:
        break;
    }
    return value;
}

Value
Decoder::Item(std::size_t depth)
{
    const Head head = ReadHead();
    switch (static_cast<Type>(head.major))
    {
    case Type::UNSIGNED:
        return Value::Unsigned(head.argument);
    case Type::NEGATIVE:
        return Value::Negative(head.argument);
    case Type::BYTES:
    case Type::TEXT:
        return String(head);
    case Type::ARRAY:
    case Type::MAP:
    case Type::TAG:
        return Sequence(head, depth);
    default:
        return SimpleOrFloat(head);
    }
}

Value
DecodeFirst(std::span<const uint8_t>& bytes, const DecodeOptions& options)
{
    Decoder decoder(bytes, options);
    Value value = decoder.Item(0);
    bytes = bytes.subspan(decoder.Position());
    return value;
}

Value
Decode(std::span<const uint8_t> bytes, const DecodeOptions& options)
{
    const std::size_t size = bytes.size();
    Value value = DecodeFirst(bytes, options);
    if (!bytes.empty())
    {
        throw Error(size - bytes.size(),
                    std::to_string(bytes.size()) + " bytes after the end of the item");
    }
    return value;
}

} // namespace ns3::iotfleet::wire::cbor
