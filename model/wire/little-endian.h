// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LITTLE_ENDIAN_H
#define IOTFLEET_WIRE_LITTLE_ENDIAN_H

#include <cstdint>
#include <span>

namespace ns3::iotfleet::wire
{

/**
 * Writes an unsigned number little-endian.
 * @param value the number; bits beyond the field are dropped
 * @param bytes the field; its size is the width
 */
constexpr void
PutLittleEndian(uint64_t value, std::span<uint8_t> bytes)
{
    for (auto& byte : bytes)
    {
        byte = static_cast<uint8_t>(value & 0xff);
        value >>= 8;
    }
}

/** @return the unsigned little-endian number that fills `bytes` (at most 8). */
constexpr uint64_t
GetLittleEndian(std::span<const uint8_t> bytes)
{
    uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
    {
        value = (value << 8) | bytes[i];
    }
    return value;
}

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LITTLE_ENDIAN_H
