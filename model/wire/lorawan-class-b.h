// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_CLASS_B_H
#define IOTFLEET_WIRE_LORAWAN_CLASS_B_H

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/**
 * @file
 * Class B: the beacon frame and the ping slot offset (TS001-1.0.4 sections 13 to 15). When beacons
 * are sent, and at which frequency, is the business of region.h and of the access network.
 */

namespace ns3::iotfleet::wire
{

inline constexpr uint32_t BEACON_PERIOD_S = 128;
inline constexpr double BEACON_RESERVED_S = 2.120;
inline constexpr double BEACON_GUARD_S = 3.000;
inline constexpr double BEACON_WINDOW_S = 122.880;
inline constexpr uint16_t PING_SLOTS_PER_BEACON = 4096;
inline constexpr double PING_SLOT_S = 0.030;

inline constexpr std::size_t BEACON_BYTES_SF9 = 17;  ///< EU868
inline constexpr std::size_t BEACON_BYTES_SF12 = 23; ///< US915, and regions with SF12 beacons

/** What a beacon says; its length, 17 or 23 bytes, follows from the region's beacon data rate. */
struct Beacon
{
    uint8_t param{0};    ///< Param: precision of the time, 10^(-6+param) s, 2 bits
    uint32_t time{0};    ///< GPS s modulo 2^32, a multiple of 128
    uint8_t infoDesc{0}; ///< 0 to 2: position of antenna 1 to 3; 3: NetID and gateway; see spec
    std::array<uint8_t, 6> info{};

    bool operator==(const Beacon&) const = default;
};

/** CRC-16 of the beacon: polynomial x^16 + x^12 + x^5 + 1, initial value 0. */
uint16_t BeaconCrc(std::span<const uint8_t> bytes);

/**
 * @param beacon content
 * @param sizeBytes BEACON_BYTES_SF9 or BEACON_BYTES_SF12
 * @return the frame, implicit header, without PHY CRC
 * @throws std::invalid_argument for another size
 */
std::vector<uint8_t> EncodeBeacon(const Beacon& beacon, std::size_t sizeBytes);

/** @return the beacon when its size is known and both CRCs are right. */
std::optional<Beacon> DecodeBeacon(std::span<const uint8_t> frame);

/** @return position as Info: latitude and longitude in degrees, each in 24 bits. */
std::array<uint8_t, 6> EncodeBeaconPosition(double latitudeDeg, double longitudeDeg);

/** @return slots between two ping slots, 2^(5+p), for a periodicity p of 0 to 7. */
constexpr uint16_t
PingPeriodSlots(uint8_t periodicity)
{
    return static_cast<uint16_t>(1U << (5U + periodicity));
}

/**
 * First ping slot of a beacon window.
 * @param beaconTimeS time in the beacon, GPS s
 * @param devAddr address of the device, or of the multicast group
 * @param pingPeriodSlots see PingPeriodSlots()
 * @return slot, 0 to pingPeriodSlots - 1; slot i starts BEACON_RESERVED_S + 0.03 i after the beacon
 */
uint16_t PingOffset(uint32_t beaconTimeS, uint32_t devAddr, uint16_t pingPeriodSlots);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORAWAN_CLASS_B_H
