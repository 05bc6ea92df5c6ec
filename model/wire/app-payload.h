// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_APP_PAYLOAD_H
#define IOTFLEET_WIRE_APP_PAYLOAD_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace ns3::iotfleet::wire
{

/// Largest application payload of any LoRaWAN region and data rate, bytes (RP002-1.0.4).
inline constexpr std::size_t MAX_APP_PAYLOAD_BYTES = 242;

/**
 * Version of an application package, as carried in PackageVersionAns.
 *
 * TS003, TS004 and TS005 exist as versions 1 and 2; TS006 exists as version 1 only and reads the
 * same under both values.
 */
enum class PackageVersion : uint8_t
{
    V1 = 1,
    V2 = 2,
};

/**
 * One LoRaWAN application payload (FPort and FRMPayload, before encryption), held in place.
 *
 * It is a buffer to write commands into; it does not know what they mean and never allocates.
 */
struct AppPayload
{
    uint8_t port{0};                                  ///< FPort, 1 to 223 for applications
    uint8_t size{0};                                  ///< bytes used, at most 242
    std::array<uint8_t, MAX_APP_PAYLOAD_BYTES> bytes; ///< content; undefined from size on

    /** @return an empty payload for a port, without clearing the 242 bytes. */
    static AppPayload ForPort(uint8_t fPort)
    {
        AppPayload payload;
        payload.port = fPort;
        return payload;
    }

    /** @return the bytes in use; valid as long as the payload lives. */
    std::span<const uint8_t> View() const
    {
        return {bytes.data(), size};
    }

    /** @return the room that is left, bytes. */
    std::size_t Room() const
    {
        return MAX_APP_PAYLOAD_BYTES - size;
    }

    /**
     * Appends bytes.
     * @param more what to append
     * @throws std::length_error when they do not fit; nothing is written then
     */
    void Append(std::span<const uint8_t> more)
    {
        if (more.size() > Room())
        {
            throw std::length_error("application payload would exceed 242 bytes");
        }
        std::copy(more.begin(), more.end(), bytes.begin() + size);
        size = static_cast<uint8_t>(size + more.size());
    }
};

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_APP_PAYLOAD_H
