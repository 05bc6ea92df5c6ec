// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_SUIT_UUID_H
#define IOTFLEET_WIRE_SUIT_UUID_H

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/**
 * @file
 * @ingroup iotfleet-wire
 * Name-based UUIDs, from which SUIT derives its vendor and class identifiers.
 */

namespace ns3::iotfleet::wire::suit
{

/** A UUID in the byte order of its text form (RFC 9562 section 4). */
using Uuid = std::array<uint8_t, 16>;

/** The name space of domain names (RFC 9562 section 6.6). */
inline constexpr Uuid NAMESPACE_DNS{0x6b,
                                    0xa7,
                                    0xb8,
                                    0x10,
                                    0x9d,
                                    0xad,
                                    0x11,
                                    0xd1,
                                    0x80,
                                    0xb4,
                                    0x00,
                                    0xc0,
                                    0x4f,
                                    0xd4,
                                    0x30,
                                    0xc8};

/**
 * Makes a UUID of version 5 (RFC 9562 section 5.5).
 * @param nameSpace the name space
 * @param name any bytes
 * @return the UUID; the same for the same arguments
 */
Uuid MakeUuidV5(const Uuid& nameSpace, std::string_view name);

/**
 * Derives a vendor identifier as draft-ietf-suit-manifest-37 recommends ("Constructing UUIDs").
 * @param domain the vendor's domain name, for example "arm.com"
 * @return UUID5(DNS, domain)
 */
Uuid MakeVendorId(std::string_view domain);

/**
 * Derives a class identifier likewise.
 * @param vendorId the vendor
 * @param classInformation what tells devices apart, for example model and hardware revision
 * @return UUID5(vendorId, classInformation)
 */
Uuid MakeClassId(const Uuid& vendorId, std::string_view classInformation);

/**
 * Writes a UUID as people do.
 * @param uuid the UUID
 * @return 36 characters, lower case
 */
std::string ToString(const Uuid& uuid);

} // namespace ns3::iotfleet::wire::suit

#endif // IOTFLEET_WIRE_SUIT_UUID_H
