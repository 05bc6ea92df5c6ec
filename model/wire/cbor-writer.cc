// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cbor.h"

#include <bit>
#include <utility>

namespace ns3::iotfleet::wire::cbor
{

namespace
{

// The lengths of a floating-point format (IEEE 754 table 3.5).
struct FloatFormat
{
    int mantissaBits; // without the implicit one
    int exponentBits; // biased by 2^(n-1) - 1
};

constexpr FloatFormat HALF{10, 5};
constexpr FloatFormat SINGLE{23, 8};
constexpr int DOUBLE_MANTISSA_BITS = 52;
constexpr int DOUBLE_BIAS = 1023;
constexpr uint64_t DOUBLE_MAX_EXPONENT = 0x7ff;

// A shift that must not lose a bit.
std::optional<uint64_t>
ShiftExactly(uint64_t number, int shift)
{
    if (shift > DOUBLE_MANTISSA_BITS || (number & ((uint64_t{1} << shift) - 1)) != 0)
    {
        return number == 0 ? std::optional<uint64_t>(0) : std::nullopt;
    }
    return number >> shift;
}

// The same number in a narrower format, if no bit is lost.
std::optional<uint64_t>
NarrowFloat(uint64_t bits, FloatFormat to)
{
    const uint64_t sign = bits >> 63 << (to.mantissaBits + to.exponentBits);
    const uint64_t maxExponent = (uint64_t{1} << to.exponentBits) - 1;
    const uint64_t exponent = bits >> DOUBLE_MANTISSA_BITS & DOUBLE_MAX_EXPONENT;
    const uint64_t mantissa = bits & ((uint64_t{1} << DOUBLE_MANTISSA_BITS) - 1);
    const int rebiased =
        static_cast<int>(exponent) - DOUBLE_BIAS + static_cast<int>(maxExponent / 2);
    const int shift = DOUBLE_MANTISSA_BITS - to.mantissaBits;
    uint64_t newExponent = 0;
    std::optional<uint64_t> newMantissa;
    if (exponent == DOUBLE_MAX_EXPONENT ||
        (rebiased > 0 && rebiased < static_cast<int>(maxExponent)))
    {
        // Infinities and NaNs keep the highest exponent, normal numbers change its bias.
        newExponent =
            exponent == DOUBLE_MAX_EXPONENT ? maxExponent : static_cast<uint64_t>(rebiased);
        newMantissa = ShiftExactly(mantissa, shift);
    }
    else if (exponent == 0)
    {
        // Zero; a double's own subnormal numbers are below every narrower format.
        newMantissa = mantissa == 0 ? std::optional<uint64_t>(0) : std::nullopt;
    }
    else if (rebiased <= 0)
    {
        // Subnormal in the narrower format: the implicit one becomes explicit.
        newMantissa =
            ShiftExactly(mantissa | uint64_t{1} << DOUBLE_MANTISSA_BITS, shift + 1 - rebiased);
    }
    if (!newMantissa)
    {
        return std::nullopt;
    }
    return sign | newExponent << to.mantissaBits | *newMantissa;
}

} // namespace

std::vector<uint8_t>
Encode(const Value& value)
{
    return Writer().Item(value).Take();
}

void
Writer::BigEndian(uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
    {
        m_bytes.push_back(static_cast<uint8_t>(number >> shift));
    }
}

void
Writer::Head(uint8_t major, uint64_t argument)
{
    const auto initial = static_cast<uint8_t>(major << 5);
    if (argument < 24)
    {
        m_bytes.push_back(static_cast<uint8_t>(initial | argument));
        return;
    }
    const int power = argument <= 0xff         ? 0
                      : argument <= 0xffff     ? 1
                      : argument <= 0xffffffff ? 2
                                               : 3;
    m_bytes.push_back(static_cast<uint8_t>(initial | (24 + power)));
    BigEndian(argument, 1 << power);
}

Writer&
Writer::Unsigned(uint64_t number)
{
    Head(0, number);
    return *this;
}

Writer&
Writer::Negative(uint64_t argument)
{
    Head(1, argument);
    return *this;
}

Writer&
Writer::Int(int64_t number)
{
    return number < 0 ? Negative(~static_cast<uint64_t>(number))
                      : Unsigned(static_cast<uint64_t>(number));
}

Writer&
Writer::Bytes(std::span<const uint8_t> bytes)
{
    Head(2, bytes.size());
    return Encoded(bytes);
}

Writer&
Writer::Text(std::string_view text)
{
    Head(3, text.size());
    m_bytes.insert(m_bytes.end(), text.begin(), text.end());
    return *this;
}

Writer&
Writer::Array(uint64_t count)
{
    Head(4, count);
    return *this;
}

Writer&
Writer::Map(uint64_t count)
{
    Head(5, count);
    return *this;
}

Writer&
Writer::Tag(uint64_t number)
{
    Head(6, number);
    return *this;
}

Writer&
Writer::Bool(bool truth)
{
    return Item(Value::Bool(truth));
}

Writer&
Writer::Null()
{
    return Item(Value::Null());
}

Writer&
Writer::Undefined()
{
    return Item(Value::Undefined());
}

Writer&
Writer::Simple(uint8_t number)
{
    return Item(Value::Simple(number));
}

Writer&
Writer::Float(double number)
{
    FloatBits(std::bit_cast<uint64_t>(number));
    return *this;
}

void
Writer::FloatBits(uint64_t bits)
{
    if (const auto half = NarrowFloat(bits, HALF))
    {
        m_bytes.push_back(0xf9);
        BigEndian(*half, 2);
    }
    else if (const auto single = NarrowFloat(bits, SINGLE))
    {
        m_bytes.push_back(0xfa);
        BigEndian(*single, 4);
    }
    else
    {
        m_bytes.push_back(0xfb);
        BigEndian(bits, 8);
    }
}

Writer&
Writer::Item(const Value& value)
{
    switch (value.GetType())
    {
    case Type::UNSIGNED:
        return Unsigned(value.GetUnsigned());
    case Type::NEGATIVE:
        return Negative(value.GetNegativeArgument());
    case Type::BYTES:
        return Bytes(value.GetBytes());
    case Type::TEXT:
        return Text(value.GetText());
    case Type::ARRAY:
        Array(value.Size());
        for (std::size_t i = 0; i < value.Size(); ++i)
        {
            Item(value.At(i));
        }
        return *this;
    case Type::MAP:
        Map(value.Size());
        for (std::size_t i = 0; i < value.Size(); ++i)
        {
            Item(value.KeyAt(i)).Item(value.ValueAt(i));
        }
        return *this;
    case Type::TAG:
        return Tag(value.GetTag()).Item(value.GetContent());
    case Type::SIMPLE:
        Head(7, value.GetSimple());
        return *this;
    case Type::FLOAT:
        FloatBits(value.GetFloatBits());
        return *this;
    }
    return *this;
}

Writer&
Writer::Encoded(std::span<const uint8_t> bytes)
{
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    return *this;
}

std::vector<uint8_t>
Writer::Take()
{
    return std::exchange(m_bytes, {});
}

std::size_t
Writer::Size() const
{
    return m_bytes.size();
}

} // namespace ns3::iotfleet::wire::cbor
