// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_JOIN_H
#define IOTFLEET_WIRE_LORAWAN_JOIN_H

#include "model/wire/lorawan-frame.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/**
 * @file
 * Over-the-air activation: JoinRequest, JoinAccept and RejoinRequest of LoRaWAN 1.0.x and 1.1
 * (TS001-1.0.4 section 6.2, LoRaWAN 1.1 section 6.2). Session keys are in lorawan-keys.h.
 */

namespace ns3::iotfleet::wire
{

inline constexpr uint32_t JOIN_REQUEST_BYTES = 23;
inline constexpr uint32_t JOIN_ACCEPT_BYTES = 17;             ///< without CFList
inline constexpr uint32_t JOIN_ACCEPT_WITH_CFLIST_BYTES = 33; ///< with CFList
inline constexpr uint32_t REJOIN_REQUEST_02_BYTES = 19;       ///< types 0 and 2
inline constexpr uint32_t REJOIN_REQUEST_1_BYTES = 24;        ///< type 1

/** A device asks to join. */
struct JoinRequest
{
    uint64_t joinEui{0}; ///< JoinEUI (AppEUI in older versions)
    uint64_t devEui{0};
    uint16_t devNonce{0}; ///< counts up and is never used twice (1.0.4)

    bool operator==(const JoinRequest&) const = default;
};

/** @return the PHY payload, signed with AppKey (1.0.x) or NwkKey (1.1). */
std::vector<uint8_t> EncodeJoinRequest(const JoinRequest& request, const Block128& rootKey);

/** @return the request, unchecked, or nothing when type or length are wrong. */
std::optional<JoinRequest> DecodeJoinRequest(std::span<const uint8_t> phyPayload);

/** @return whether the last four bytes are the MIC of all before them (join request, rejoin). */
bool VerifyPlainMic(std::span<const uint8_t> phyPayload, const Block128& key);

/// CFList: sixteen bytes that end with their type.
using CfList = std::array<uint8_t, 16>;

/** @return a CFList of type 0: five more channels, Hz, multiples of 100; 0 leaves one out. */
CfList EncodeCfListFrequencies(const std::array<uint32_t, 5>& frequenciesHz);

/** @return a CFList of type 1: channel masks of groups of sixteen channels. */
CfList EncodeCfListMasks(const std::array<uint16_t, 7>& channelMasks);

/** @return the five frequencies, Hz, or nothing when the type is not 0. */
std::optional<std::array<uint32_t, 5>> DecodeCfListFrequencies(const CfList& cfList);

/** @return the masks, or nothing when the type is not 1. */
std::optional<std::array<uint16_t, 7>> DecodeCfListMasks(const CfList& cfList);

/** The network lets a device in. */
struct JoinAccept
{
    uint32_t joinNonce{0}; ///< 24 bits, counts up
    uint32_t netId{0};     ///< 24 bits
    uint32_t devAddr{0};
    bool optNeg{false};     ///< 1.1: the network speaks 1.1
    uint8_t rx1DrOffset{0}; ///< 0 to 7
    uint8_t rx2DataRate{0}; ///< 0 to 15
    uint8_t rxDelay{0};     ///< RX1 delay, s; 0 means 1
    std::optional<CfList> cfList{};

    bool operator==(const JoinAccept&) const = default;
};

/** What a 1.1 join accept answers; part of its MIC. */
struct JoinAcceptContext11
{
    uint8_t joinReqType{0xff}; ///< 0xff join request; 0, 1, 2 rejoin type
    uint64_t joinEui{0};
    uint16_t devNonce{0}; ///< or RJcount
};

/** @return the encrypted PHY payload of a 1.0.x join accept. */
std::vector<uint8_t> EncodeJoinAccept10(const JoinAccept& accept, const Block128& appKey);

/**
 * @param accept with optNeg set
 * @param jsIntKey signs
 * @param encryptionKey NwkKey when a join request is answered, JSEncKey when a rejoin is
 * @param context what is answered
 * @return the encrypted PHY payload of a 1.1 join accept
 */
std::vector<uint8_t> EncodeJoinAccept11(const JoinAccept& accept,
                                        const Block128& jsIntKey,
                                        const Block128& encryptionKey,
                                        const JoinAcceptContext11& context);

/** @return the join accept, decrypted and checked, or nothing when malformed or forged. */
std::optional<JoinAccept> OpenJoinAccept10(std::span<const uint8_t> phyPayload,
                                           const Block128& appKey);

/**
 * As OpenJoinAccept10(), for a 1.1 device. An accept without OptNeg comes from a 1.0 network and is
 * checked as such, with `encryptionKey` as root key.
 */
std::optional<JoinAccept> OpenJoinAccept11(std::span<const uint8_t> phyPayload,
                                           const Block128& jsIntKey,
                                           const Block128& encryptionKey,
                                           const JoinAcceptContext11& context);

/** A 1.1 device asks for a new session without leaving the old one. */
struct RejoinRequest
{
    uint8_t type{0};     ///< 0, 1 or 2
    uint32_t netId{0};   ///< types 0 and 2, 24 bits
    uint64_t joinEui{0}; ///< type 1
    uint64_t devEui{0};
    uint16_t rjCount{0}; ///< RJcount0 or RJcount1

    bool operator==(const RejoinRequest&) const = default;
};

/**
 * @param request what to send
 * @param key SNwkSIntKey for types 0 and 2, JSIntKey for type 1
 * @return the PHY payload
 * @throws std::invalid_argument when the type is above 2
 */
std::vector<uint8_t> EncodeRejoinRequest(const RejoinRequest& request, const Block128& key);

/** @return the request, unchecked, or nothing when type or length are wrong. */
std::optional<RejoinRequest> DecodeRejoinRequest(std::span<const uint8_t> phyPayload);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORAWAN_JOIN_H
