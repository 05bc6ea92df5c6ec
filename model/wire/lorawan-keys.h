// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_KEYS_H
#define IOTFLEET_WIRE_LORAWAN_KEYS_H

#include "model/wire/crypto.h"

#include <array>
#include <cstdint>
#include <span>

/**
 * @file
 * Key derivation of LoRaWAN (TS001-1.0.4 section 6.2.5, LoRaWAN 1.1 sections 6.1.1 and 6.2.5),
 * TS005 and TS004. EUIs, nonces and addresses are numbers; their byte order is settled here.
 */

namespace ns3::iotfleet::wire
{

/** Session keys of LoRaWAN 1.0.x. */
struct SessionKeys10
{
    Block128 nwkSKey{};
    Block128 appSKey{};
};

/** Session keys of LoRaWAN 1.1. */
struct SessionKeys11
{
    Block128 fNwkSIntKey{};
    Block128 sNwkSIntKey{};
    Block128 nwkSEncKey{};
    Block128 appSKey{};
};

/** Keys a 1.1 join server derives from NwkKey and DevEUI. */
struct JoinServerKeys
{
    Block128 jsIntKey{}; ///< MIC of rejoin type 1 and of join accepts
    Block128 jsEncKey{}; ///< encrypts join accepts that answer rejoins
};

/**
 * Session keys of LoRaWAN 1.0.x; also of a 1.1 device in a 1.0 network, from its NwkKey.
 * @param appKey root key
 * @param joinNonce JoinNonce (AppNonce), 24 bits
 * @param netId NetID, 24 bits
 * @param devNonce DevNonce of the join request
 */
SessionKeys10 DeriveSessionKeys10(const Block128& appKey,
                                  uint32_t joinNonce,
                                  uint32_t netId,
                                  uint16_t devNonce);

/**
 * Session keys of LoRaWAN 1.1 (OptNeg set).
 * @param nwkKey root key of the network
 * @param appKey root key of the application
 * @param joinNonce JoinNonce, 24 bits
 * @param joinEui JoinEUI
 * @param devNonce DevNonce, or the RJcount of the rejoin request
 */
SessionKeys11 DeriveSessionKeys11(const Block128& nwkKey,
                                  const Block128& appKey,
                                  uint32_t joinNonce,
                                  uint64_t joinEui,
                                  uint16_t devNonce);

/** @return JSIntKey and JSEncKey of a device. */
JoinServerKeys DeriveJoinServerKeys(const Block128& nwkKey, uint64_t devEui);

/** @return McRootKey of a 1.0.x device (TS005: from GenAppKey). */
Block128 DeriveMcRootKeyFromGenAppKey(const Block128& genAppKey);

/** @return McRootKey of a 1.1 device (TS005: from AppKey). */
Block128 DeriveMcRootKeyFromAppKey(const Block128& appKey);

/** @return McKEKey, which protects group keys in McGroupSetupReq. */
Block128 DeriveMcKEKey(const Block128& mcRootKey);

/** @return McKey_encrypted as the server sends it: aes128_decrypt(McKEKey, McKey). */
Block128 EncryptMcKey(const Block128& mcKEKey, const Block128& mcKey);

/** @return McKey as the device finds it: aes128_encrypt(McKEKey, McKey_encrypted). */
Block128 DecryptMcKey(const Block128& mcKEKey, const Block128& mcKeyEncrypted);

/** @return key that encrypts a group's payloads. */
Block128 DeriveMcAppSKey(const Block128& mcKey, uint32_t mcAddr);

/** @return key of a group's message integrity codes. */
Block128 DeriveMcNwkSKey(const Block128& mcKey, uint32_t mcAddr);

/** @return DataBlockIntKey (TS004-2.0.0), from GenAppKey (1.0.x) or AppKey (1.1). */
Block128 DeriveDataBlockIntKey(const Block128& rootKey);

/**
 * Integrity code of a data block (TS004-2.0.0, field MIC of FragSessionSetupReq).
 * @param dataBlockIntKey see DeriveDataBlockIntKey()
 * @param sessionCnt SessionCnt of the set-up
 * @param fragIndex FragIndex, 0 to 3
 * @param descriptor Descriptor of the set-up, in the order of the air
 * @param data the block, without padding
 * @return the four bytes, in the order of the air
 */
std::array<uint8_t, 4> DataBlockMic(const Block128& dataBlockIntKey,
                                    uint16_t sessionCnt,
                                    uint8_t fragIndex,
                                    const std::array<uint8_t, 4>& descriptor,
                                    std::span<const uint8_t> data);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORAWAN_KEYS_H
