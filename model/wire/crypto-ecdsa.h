// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_CRYPTO_ECDSA_H
#define IOTFLEET_WIRE_CRYPTO_ECDSA_H

#include "model/wire/crypto-key.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * The arithmetic of deterministic ECDSA, which OpenSSL 3.0 does not offer: RFC 6979 nonces and
 * the signature equation, on OpenSSL's big numbers and curves. Used by crypto-key.cc only.
 */

namespace ns3::iotfleet::wire
{

/** What a NIST curve is called and how long its field and its order are. */
struct CurveInfo
{
    Curve curve;           //!< the curve
    const char* name;      //!< OpenSSL's group name
    std::size_t fieldSize; //!< bytes of a coordinate, and of the order
};

/**
 * Looks a curve up in the table of curves.
 * @param curve the curve
 * @return its row
 */
const CurveInfo& GetCurveInfo(Curve curve);

/**
 * Brings a scalar into the range of the curve's order.
 * @param curve the curve
 * @param number any big-endian integer
 * @return number mod order, as long as the order
 */
std::vector<uint8_t> ReduceModuloOrder(Curve curve, std::span<const uint8_t> number);

/**
 * Multiplies the curve's base point.
 * @param curve the curve
 * @param scalar big-endian; throws CryptoError outside 1 to order - 1
 * @return the uncompressed point (0x04, x, y; SEC 1 section 2.3.3)
 */
std::vector<uint8_t> MultiplyBasePoint(Curve curve, std::span<const uint8_t> scalar);

/**
 * Signs with the nonce of RFC 6979 section 3.2.
 * @param curve the curve
 * @param digest OpenSSL's name of the digest, for the message and for the nonce's HMAC
 * @param scalar the private key, big-endian
 * @param message the message itself
 * @return r||s, each as long as the order
 */
std::vector<uint8_t> SignDeterministicEcdsa(Curve curve,
                                            const std::string& digest,
                                            std::span<const uint8_t> scalar,
                                            std::span<const uint8_t> message);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_CRYPTO_ECDSA_H
