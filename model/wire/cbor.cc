// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cbor.h"

#include <array>
#include <bit>
#include <limits>

namespace ns3::iotfleet::wire::cbor
{

namespace
{

constexpr uint8_t SIMPLE_FALSE = 20;
constexpr uint8_t SIMPLE_TRUE = 21;
constexpr uint8_t SIMPLE_NULL = 22;
constexpr uint8_t SIMPLE_UNDEFINED = 23;

} // namespace

std::string_view
ToString(Type type)
{
    static constexpr std::array<std::string_view, 9> NAMES{"unsigned integer",
                                                           "negative integer",
                                                           "byte string",
                                                           "text string",
                                                           "array",
                                                           "map",
                                                           "tag",
                                                           "simple value",
                                                           "floating-point number"};
    return NAMES[static_cast<std::size_t>(type)];
}

Error::Error(std::size_t offset, const std::string& what)
    : std::runtime_error("CBOR at byte " + std::to_string(offset) + ": " + what),
      m_offset(offset)
{
}

std::size_t
Error::GetOffset() const
{
    return m_offset;
}

Value::Value()
    : m_type(Type::SIMPLE),
      m_number(SIMPLE_NULL)
{
}

Value::Value(Type type)
    : m_type(type),
      m_number(0)
{
}

Value
Value::Unsigned(uint64_t number)
{
    Value value(Type::UNSIGNED);
    value.m_number = number;
    return value;
}

Value
Value::Negative(uint64_t argument)
{
    Value value(Type::NEGATIVE);
    value.m_number = argument;
    return value;
}

Value
Value::Int(int64_t number)
{
    // The complement of a negative number is -1 - number.
    return number < 0 ? Negative(~static_cast<uint64_t>(number))
                      : Unsigned(static_cast<uint64_t>(number));
}

Value
Value::Bytes(std::span<const uint8_t> bytes)
{
    Value value(Type::BYTES);
    value.m_bytes.assign(bytes.begin(), bytes.end());
    return value;
}

Value
Value::Text(std::string_view text)
{
    Value value(Type::TEXT);
    value.m_bytes.assign(text.begin(), text.end());
    return value;
}

Value
Value::Array(std::vector<Value> items)
{
    Value value(Type::ARRAY);
    value.m_items = std::move(items);
    return value;
}

Value
Value::Map(const std::vector<Pair>& pairs)
{
    Value value(Type::MAP);
    for (const Pair& pair : pairs)
    {
        value.Insert(pair.first, pair.second);
    }
    return value;
}

Value
Value::Tag(uint64_t number, Value content)
{
    Value value(Type::TAG);
    value.m_number = number;
    value.m_items.push_back(std::move(content));
    return value;
}

Value
Value::Bool(bool truth)
{
    return Simple(truth ? SIMPLE_TRUE : SIMPLE_FALSE);
}

Value
Value::Null()
{
    return {};
}

Value
Value::Undefined()
{
    return Simple(SIMPLE_UNDEFINED);
}

Value
Value::Simple(uint8_t number)
{
    // The numbers between stand for longer heads (RFC 8949 section 3.3).
    if (number >= 24 && number < 32)
    {
        throw Error(0, "simple value " + std::to_string(number) + " does not exist");
    }
    Value value;
    value.m_number = number;
    return value;
}

Value
Value::Float(double number)
{
    Value value(Type::FLOAT);
    value.m_number = std::bit_cast<uint64_t>(number);
    return value;
}

void
Value::Expect(Type type) const
{
    if (m_type != type)
    {
        throw Error(0,
                    "expected " + std::string(ToString(type)) + ", found " +
                        std::string(ToString(m_type)));
    }
}

Type
Value::GetType() const
{
    return m_type;
}

bool
Value::Is(Type type) const
{
    return m_type == type;
}

bool
Value::IsNull() const
{
    return m_type == Type::SIMPLE && m_number == SIMPLE_NULL;
}

uint64_t
Value::GetUnsigned() const
{
    Expect(Type::UNSIGNED);
    return m_number;
}

uint64_t
Value::GetNegativeArgument() const
{
    Expect(Type::NEGATIVE);
    return m_number;
}

std::optional<int64_t>
Value::TryInt() const
{
    const bool isInteger = m_type == Type::UNSIGNED || m_type == Type::NEGATIVE;
    if (!isInteger || m_number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    {
        return std::nullopt;
    }
    return static_cast<int64_t>(m_type == Type::NEGATIVE ? ~m_number : m_number);
}

int64_t
Value::GetInt() const
{
    const auto number = TryInt();
    if (!number)
    {
        throw Error(0, "expected an integer of 64 bits, found " + std::string(ToString(m_type)));
    }
    return *number;
}

const std::vector<uint8_t>&
Value::GetBytes() const
{
    Expect(Type::BYTES);
    return m_bytes;
}

std::string
Value::GetText() const
{
    Expect(Type::TEXT);
    return {m_bytes.begin(), m_bytes.end()};
}

bool
Value::GetBool() const
{
    if (m_type != Type::SIMPLE || (m_number != SIMPLE_FALSE && m_number != SIMPLE_TRUE))
    {
        throw Error(0, "expected true or false, found " + ToDiagnostic(*this));
    }
    return m_number == SIMPLE_TRUE;
}

uint8_t
Value::GetSimple() const
{
    Expect(Type::SIMPLE);
    return static_cast<uint8_t>(m_number);
}

double
Value::GetFloat() const
{
    return std::bit_cast<double>(GetFloatBits());
}

uint64_t
Value::GetFloatBits() const
{
    Expect(Type::FLOAT);
    return m_number;
}

uint64_t
Value::GetTag() const
{
    Expect(Type::TAG);
    return m_number;
}

const Value&
Value::GetContent() const
{
    Expect(Type::TAG);
    return m_items.front();
}

std::size_t
Value::Size() const
{
    if (m_type == Type::MAP)
    {
        return m_items.size() / 2;
    }
    Expect(Type::ARRAY);
    return m_items.size();
}

const Value&
Value::At(std::size_t index) const
{
    Expect(Type::ARRAY);
    if (index >= m_items.size())
    {
        throw Error(0, "an array of only " + std::to_string(m_items.size()) + " items");
    }
    return m_items[index];
}

const Value&
Value::KeyAt(std::size_t index) const
{
    Expect(Type::MAP);
    if (index >= Size())
    {
        throw Error(0, "a map of only " + std::to_string(Size()) + " pairs");
    }
    return m_items[2 * index];
}

const Value&
Value::ValueAt(std::size_t index) const
{
    static_cast<void>(KeyAt(index));
    return m_items[2 * index + 1];
}

const Value*
Value::Find(const Value& key) const
{
    Expect(Type::MAP);
    for (std::size_t i = 0; i < m_items.size(); i += 2)
    {
        if (m_items[i] == key)
        {
            return &m_items[i + 1];
        }
    }
    return nullptr;
}

const Value*
Value::Find(int64_t key) const
{
    return Find(Int(key));
}

const Value*
Value::Find(std::string_view key) const
{
    return Find(Text(key));
}

void
Value::Append(Value item)
{
    Expect(Type::ARRAY);
    m_items.push_back(std::move(item));
}

void
Value::Insert(Value key, Value value)
{
    Expect(Type::MAP);
    m_items.push_back(std::move(key));
    m_items.push_back(std::move(value));
}

} // namespace ns3::iotfleet::wire::cbor
