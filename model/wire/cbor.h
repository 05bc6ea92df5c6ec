// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_CBOR_H
#define IOTFLEET_WIRE_CBOR_H

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * CBOR (RFC 8949): a tree of values, a strict reader and a shortest-form writer. An own one,
 * because the JSON library at hand refuses the integer map keys that all of COSE and SUIT use.
 */

namespace ns3::iotfleet::wire::cbor
{

/** The kinds of data item; the first seven are numbered as CBOR's major types. */
enum class Type : uint8_t
{
    UNSIGNED = 0, //!< 0 to 2^64 - 1
    NEGATIVE = 1, //!< -1 to -2^64
    BYTES = 2,    //!< byte string
    TEXT = 3,     //!< UTF-8 string
    ARRAY = 4,    //!< list of items
    MAP = 5,      //!< list of pairs, in the order met
    TAG = 6,      //!< a number and one item
    SIMPLE = 7,   //!< false, true, null, undefined and the unassigned simple values
    FLOAT = 8,    //!< a floating-point number, held as a double
};

/**
 * Names a kind of data item for messages.
 * @param type the kind
 * @return for example "byte string"
 */
std::string_view ToString(Type type);

/** Bytes that are not the CBOR expected: where they are and what was found. */
class Error : public std::runtime_error
{
  public:
    /**
     * @param offset the byte at which the item in question starts; 0 for a value already decoded
     * @param what what was found
     */
    Error(std::size_t offset, const std::string& what);

    /** @return the byte, counted from 0, at which the item in question starts */
    std::size_t GetOffset() const;

  private:
    std::size_t m_offset; //!< see GetOffset
};

/**
 * One data item and everything inside it; a plain value that copies deeply.
 *
 * It holds what an item means and not how it was encoded: lengths definite or not, and integer
 * and float widths, are forgotten. Getters throw Error when the item is of another kind.
 */
class Value
{
  public:
    /** A pair of a map, for construction. */
    using Pair = std::pair<Value, Value>;

    Value(); //!< null

    /** @return an unsigned integer @param number its value */
    static Value Unsigned(uint64_t number);

    /** @return a negative integer @param argument n for the value -1 - n */
    static Value Negative(uint64_t argument);

    /** @return an integer of either sign @param number its value */
    static Value Int(int64_t number);

    /** @return a byte string @param bytes its content */
    static Value Bytes(std::span<const uint8_t> bytes);

    /** @return a text string @param text its content, valid UTF-8 */
    static Value Text(std::string_view text);

    /** @return an array @param items its items in order */
    static Value Array(std::vector<Value> items);

    /** @return a map @param pairs its pairs, written in this order */
    static Value Map(const std::vector<Pair>& pairs);

    /** @return a tagged item @param number the tag @param content the item */
    static Value Tag(uint64_t number, Value content);

    /** @return true or false @param truth which */
    static Value Bool(bool truth);

    /** @return null */
    static Value Null();

    /** @return undefined */
    static Value Undefined();

    /** @return a simple value @param number 0 to 23 or 32 to 255; throws Error otherwise */
    static Value Simple(uint8_t number);

    /** @return a floating-point number @param number its value */
    static Value Float(double number);

    /** @return the kind of item */
    Type GetType() const;

    /** @return whether the item is of this kind @param type the kind */
    bool Is(Type type) const;

    /** @return whether the item is null */
    bool IsNull() const;

    /** @return an unsigned integer's value */
    uint64_t GetUnsigned() const;

    /** @return n of a negative integer -1 - n */
    uint64_t GetNegativeArgument() const;

    /** @return an integer's value; throws Error if it does not fit */
    int64_t GetInt() const;

    /** @return an integer's value if this is an integer that fits, else nothing */
    std::optional<int64_t> TryInt() const;

    /** @return a byte string's content */
    const std::vector<uint8_t>& GetBytes() const;

    /** @return a text string's content */
    std::string GetText() const;

    /** @return a boolean's value */
    bool GetBool() const;

    /** @return the number of a simple value; 20 to 23 are false, true, null, undefined */
    uint8_t GetSimple() const;

    /** @return a floating-point number's value */
    double GetFloat() const;

    /** @return the bits of a floating-point number as a double, which keep a NaN's payload */
    uint64_t GetFloatBits() const;

    /** @return a tag's number */
    uint64_t GetTag() const;

    /** @return a tag's item */
    const Value& GetContent() const;

    /** @return the number of items of an array or of pairs of a map */
    std::size_t Size() const;

    /** @return an item of an array @param index from 0; throws Error past the end */
    const Value& At(std::size_t index) const;

    /** @return the key of a pair @param index from 0; throws Error past the end */
    const Value& KeyAt(std::size_t index) const;

    /** @return the value of a pair @param index from 0; throws Error past the end */
    const Value& ValueAt(std::size_t index) const;

    /** @return the value under a key of a map, or null if there is none @param key the key */
    const Value* Find(const Value& key) const;

    /** @return the value under an integer key, or null if there is none @param key the key */
    const Value* Find(int64_t key) const;

    /** @return the value under a text key, or null if there is none @param key the key */
    const Value* Find(std::string_view key) const;

    /** Adds an item to an array. @param item the item */
    void Append(Value item);

    /** Adds a pair to a map without looking for its key. @param key the key @param value the value
     */
    void Insert(Value key, Value value);

    /** @return whether both are the same item, maps in the same order, NaN equal to itself */
    bool operator==(const Value&) const = default;

  private:
    friend class Decoder;

    explicit Value(Type type);
    void Expect(Type type) const;

    Type m_type;                  //!< kind
    uint64_t m_number;            //!< integer argument, tag, simple value or bits of a double
    std::vector<uint8_t> m_bytes; //!< content of a string
    std::vector<Value> m_items;   //!< items; key, value, key, value of a map; content of a tag
};

/** What a reader accepts beyond well-formed items. */
struct DecodeOptions
{
    std::size_t maxDepth = 64;       //!< arrays, maps and tags inside each other; deeper is refused
    bool allowDuplicateKeys = false; //!< else a map with equal keys is refused (RFC 8949 5.6)
    bool allowInvalidText = false;   //!< else text that is not UTF-8 is refused (RFC 8949 5.3.1)
};

/**
 * Reads exactly one item; bytes after it are refused.
 *
 * @param bytes the encoded item
 * @param options what to accept
 * @return the item; throws Error for anything that is not well-formed
 */
Value Decode(std::span<const uint8_t> bytes, const DecodeOptions& options = {});

/**
 * Reads the first item of a sequence (RFC 8742).
 *
 * @param bytes the rest of the sequence; moved past the item
 * @param options what to accept
 * @return the item; throws Error for anything that is not well-formed
 */
Value DecodeFirst(std::span<const uint8_t>& bytes, const DecodeOptions& options = {});

/**
 * Writes an item in preferred serialization (RFC 8949 section 4.1): shortest heads and floats,
 * definite lengths. Maps keep their order, so it is deterministic but does not sort keys.
 *
 * @param value the item
 * @return the encoded item
 */
std::vector<uint8_t> Encode(const Value& value);

/**
 * Prints an item in diagnostic notation (RFC 8949 section 8), for messages and for people.
 *
 * @param value the item
 * @return one line
 */
std::string ToDiagnostic(const Value& value);

/**
 * Writes items one after the other without building a tree. It trusts its caller that as many
 * items follow Array() and Map() as announced.
 */
class Writer
{
  public:
    Writer& Unsigned(uint64_t number);               //!< unsigned integer @param number value
    Writer& Negative(uint64_t argument);             //!< -1 - n @param argument n
    Writer& Int(int64_t number);                     //!< integer @param number value
    Writer& Bytes(std::span<const uint8_t> bytes);   //!< byte string @param bytes content
    Writer& Text(std::string_view text);             //!< text string @param text content
    Writer& Array(uint64_t count);                   //!< array head @param count items to follow
    Writer& Map(uint64_t count);                     //!< map head @param count pairs to follow
    Writer& Tag(uint64_t number);                    //!< tag head @param number tag
    Writer& Bool(bool truth);                        //!< true or false @param truth which
    Writer& Null();                                  //!< null
    Writer& Undefined();                             //!< undefined
    Writer& Simple(uint8_t number);                  //!< simple value @param number not 24 to 31
    Writer& Float(double number);                    //!< shortest exact float @param number value
    Writer& Item(const Value& value);                //!< a whole tree @param value its root
    Writer& Encoded(std::span<const uint8_t> bytes); //!< an item already encoded @param bytes it

    /** @return what was written; the writer is empty afterwards */
    std::vector<uint8_t> Take();

    /** @return the number of bytes written */
    std::size_t Size() const;

  private:
    void Head(uint8_t major, uint64_t argument);
    void BigEndian(uint64_t number, int size);
    void FloatBits(uint64_t bits);

    std::vector<uint8_t> m_bytes; //!< what was written
};

} // namespace ns3::iotfleet::wire::cbor

#endif // IOTFLEET_WIRE_CBOR_H
