// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_BIT_CODEC_H
#define IOTFLEET_WIRE_BIT_CODEC_H

#include "model/wire/app-payload.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

/**
 * @file
 * A writer and a reader with the same interface, for LoRaWAN's little-endian bit fields.
 *
 * LoRaWAN sends multi-byte fields little-endian and numbers bits from the least significant one, so
 * a message is a plain sequence of fields, bit 0 of byte 0 first. A command lists its fields once,
 * in that order, and is counted, encoded and decoded from that list.
 */

namespace ns3::iotfleet::wire
{

/**
 * Writes fields behind the end of a payload, or only counts them when there is none.
 *
 * Every function throws std::invalid_argument when a value cannot be sent, and
 * std::length_error when the payload is full.
 */
class BitWriter
{
  public:
    static constexpr bool READS = false;

    /**
     * @param version version of the package, for messages that depend on it
     * @param name name of the message, for errors
     * @param out where to write, or nullptr to count only
     */
    BitWriter(PackageVersion version, std::string_view name, AppPayload* out);

    /** @return the package version the message is written in. */
    PackageVersion Version() const
    {
        return m_version;
    }

    /** @return bytes seen so far, rounded up. */
    std::size_t Bytes() const
    {
        return (m_bits + 7) / 8;
    }

    /** A field of `width` bits; signed types are sent in two's complement. */
    template <class T>
    void Bits(const T& value, unsigned width)
    {
        if constexpr (std::is_signed_v<T>)
        {
            Write(static_cast<std::make_unsigned_t<T>>(value), width);
        }
        else
        {
            Write(static_cast<uint64_t>(value), width);
        }
    }

    /** A signed field narrower than its type, in two's complement. */
    void Signed(int8_t value, unsigned width);

    /** A field that is sent in units of `unit`. */
    void Scaled(uint32_t value, unsigned width, uint32_t unit);

    /** A field that is there exactly when `present`. */
    template <class T>
    void Optional(const std::optional<T>& value, bool present, unsigned width)
    {
        RequirePresence(value.has_value(), present);
        if (present)
        {
            Bits(*value, width);
        }
    }

    /** Reserved bits, sent as zero. */
    void Reserved(unsigned width)
    {
        Write(0, width);
    }

    /** Bytes that are sent as they stand. */
    void Octets(std::span<const uint8_t> octets);

    /** All that remains of the message. */
    void Rest(std::span<const uint8_t> octets)
    {
        Octets(octets);
    }

    /** Refuses a message whose fields contradict each other. */
    void Require(bool condition, std::string_view what) const;

  private:
    void Write(uint64_t value, unsigned width);
    void RequirePresence(bool has, bool shall) const;

    PackageVersion m_version;
    std::string_view m_name;
    AppPayload* m_out;
    std::size_t m_bits{0};
    uint64_t m_pending{0}; ///< bits of the byte that is not full yet
};

/**
 * Reads fields from the front of a message.
 *
 * Past the end it yields zeros and goes on counting, so that Bytes() tells how many bytes the
 * message should have had.
 */
class BitReader
{
  public:
    static constexpr bool READS = true;

    /**
     * @param version version of the package, for messages that depend on it
     * @param bytes the message; must outlive what Rest() yields
     */
    BitReader(PackageVersion version, std::span<const uint8_t> bytes)
        : m_version(version),
          m_bytes(bytes)
    {
    }

    /** @return the package version the message is read in. */
    PackageVersion Version() const
    {
        return m_version;
    }

    /** @return bytes asked for so far, rounded up; may exceed what the message has. */
    std::size_t Bytes() const
    {
        return (m_bits + 7) / 8;
    }

    /** See BitWriter. */
    template <class T>
    void Bits(T& value, unsigned width)
    {
        value = static_cast<T>(Read(width));
    }

    /** See BitWriter. */
    void Signed(int8_t& value, unsigned width);

    /** See BitWriter. */
    void Scaled(uint32_t& value, unsigned width, uint32_t unit)
    {
        value = static_cast<uint32_t>(Read(width)) * unit;
    }

    /** See BitWriter. */
    template <class T>
    void Optional(std::optional<T>& value, bool present, unsigned width)
    {
        value.reset();
        if (present)
        {
            value = static_cast<T>(Read(width));
        }
    }

    /** Reserved bits, whatever they are: receivers ignore them. */
    void Reserved(unsigned width)
    {
        m_bits += width;
    }

    /** See BitWriter. */
    void Octets(std::span<uint8_t> octets);

    /** All that remains, as a view into the message. */
    void Rest(std::span<const uint8_t>& octets);

    /** Nothing: a received message is what it is, and callers look at its fields. */
    void Require(bool, std::string_view) const
    {
    }

  private:
    uint64_t Read(unsigned width);

    PackageVersion m_version;
    std::span<const uint8_t> m_bytes;
    std::size_t m_bits{0};
};

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_BIT_CODEC_H
