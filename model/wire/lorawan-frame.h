// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_LORAWAN_FRAME_H
#define IOTFLEET_WIRE_LORAWAN_FRAME_H

#include "model/wire/crypto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/**
 * @file
 * LoRaWAN data frames (TS001-1.0.4 section 4, LoRaWAN 1.1 section 4): header, encryption, MIC.
 * Joins are in lorawan-join.h, MAC commands in lorawan-mac-commands.h.
 */

namespace ns3::iotfleet::wire
{

/// MHDR 1 + FHDR 7 + FPort 1 + MIC 4: what a data frame adds to its application payload.
inline constexpr std::size_t DATA_OVERHEAD_BYTES = 13;
/// MHDR 1 + FHDR 7 + MIC 4: a data frame without payload, such as a bare acknowledgement.
inline constexpr std::size_t EMPTY_DATA_FRAME_BYTES = 12;
inline constexpr std::size_t MAX_FOPTS_BYTES = 15;        ///< FOptsLen has four bits
inline constexpr std::size_t MAX_PHY_PAYLOAD_BYTES = 255; ///< LoRa length byte

/// Message integrity code, in the order of the air.
using Mic = std::array<uint8_t, 4>;

/** Message type, bits 7..5 of MHDR. */
enum class MType : uint8_t
{
    JOIN_REQUEST = 0,
    JOIN_ACCEPT = 1,
    UNCONFIRMED_UP = 2,
    UNCONFIRMED_DOWN = 3,
    CONFIRMED_UP = 4,
    CONFIRMED_DOWN = 5,
    REJOIN_REQUEST = 6,
    PROPRIETARY = 7,
};

/** @return MHDR of a type; major version is LoRaWAN R1. */
constexpr uint8_t
EncodeMhdr(MType type)
{
    return static_cast<uint8_t>(static_cast<uint8_t>(type) << 5);
}

/** @return the type in a MHDR, or nothing when its major version is not LoRaWAN R1. */
constexpr std::optional<MType>
DecodeMhdr(uint8_t mhdr)
{
    return (mhdr & 0x03) == 0 ? std::optional(static_cast<MType>(mhdr >> 5)) : std::nullopt;
}

/** @return whether a device sends that type. */
constexpr bool
IsUplink(MType type)
{
    return type == MType::JOIN_REQUEST || type == MType::UNCONFIRMED_UP ||
           type == MType::CONFIRMED_UP || type == MType::REJOIN_REQUEST;
}

/**
 * A data frame, up or down, without its MIC.
 *
 * It holds the payload as it stands, encrypted or not; the functions below say which they expect.
 */
struct DataFrame
{
    MType mType{MType::UNCONFIRMED_UP}; ///< one of the four data types
    uint32_t devAddr{0};
    bool adr{false};
    bool adrAckReq{false}; ///< uplink only
    bool ack{false};
    bool fPending{false};           ///< downlink: more is waiting; uplink: the device is in class B
    uint32_t fCnt{0};               ///< whole counter; 16 bits of it travel
    std::vector<uint8_t> fOpts{};   ///< MAC commands, at most 15 bytes
    std::optional<uint8_t> fPort{}; ///< absent: no payload
    std::vector<uint8_t> frmPayload{};

    bool operator==(const DataFrame&) const = default;
};

/** A data frame as received. */
struct ReceivedDataFrame
{
    DataFrame frame; ///< fCnt holds the 16 bits that travelled
    Mic mic{};
};

/**
 * Size of a data frame on the air.
 * @param payloadBytes FRMPayload with FPort; empty: neither
 * @param fOptsBytes MAC commands in the header
 */
constexpr std::size_t
DataFrameBytes(std::optional<std::size_t> payloadBytes, std::size_t fOptsBytes = 0)
{
    return EMPTY_DATA_FRAME_BYTES + fOptsBytes + (payloadBytes ? 1 + *payloadBytes : 0);
}

/**
 * Encrypts or decrypts FRMPayload in place (the same operation).
 * @param key AppSKey, or NwkSKey / NwkSEncKey when FPort is 0
 * @param frame gives direction, address and whole counter
 * @param payload what to change
 */
void CryptFrmPayload(const Block128& key, const DataFrame& frame, std::span<uint8_t> payload);

/**
 * Encrypts or decrypts FOpts in place, LoRaWAN 1.1.
 * @param nwkSEncKey key
 * @param frame gives direction, address, counter and whether AFCntDown counts (downlink, FPort > 0)
 * @param fOpts what to change
 */
void CryptFOpts(const Block128& nwkSEncKey, const DataFrame& frame, std::span<uint8_t> fOpts);

/**
 * MHDR, FHDR, FPort and FRMPayload as they stand, without MIC.
 * @throws std::invalid_argument when the type is no data type, FOpts exceed 15 bytes, FOpts come
 *         with FPort 0, or there is a payload without FPort
 */
std::vector<uint8_t> EncodeWithoutMic(const DataFrame& frame);

/** @return MIC of LoRaWAN 1.0.x over an encoded frame without MIC. */
Mic ComputeMic10(const Block128& nwkSKey,
                 const DataFrame& frame,
                 std::span<const uint8_t> withoutMic);

/** What goes into the MIC of a LoRaWAN 1.1 uplink besides the frame. */
struct UplinkMic11Context
{
    uint16_t confFCnt{0}; ///< counter of the confirmed downlink that this frame acknowledges, or 0
    uint8_t txDataRate{0};
    uint8_t txChannel{0};
};

/** @return MIC of a LoRaWAN 1.1 uplink. */
Mic ComputeUplinkMic11(const Block128& fNwkSIntKey,
                       const Block128& sNwkSIntKey,
                       const UplinkMic11Context& context,
                       const DataFrame& frame,
                       std::span<const uint8_t> withoutMic);

/** @return MIC of a LoRaWAN 1.1 downlink; confFCnt as above, of the uplink acknowledged. */
Mic ComputeDownlinkMic11(const Block128& sNwkSIntKey,
                         uint16_t confFCnt,
                         const DataFrame& frame,
                         std::span<const uint8_t> withoutMic);

/**
 * Encrypts, signs and encodes a LoRaWAN 1.0.x frame given in plain.
 * @param nwkSKey signs, and encrypts when FPort is 0
 * @param appSKey encrypts otherwise; McNwkSKey and McAppSKey for multicast
 * @return the PHY payload
 */
std::vector<uint8_t> SecureDataFrame10(const DataFrame& plain,
                                       const Block128& nwkSKey,
                                       const Block128& appSKey);

/**
 * Splits a PHY payload, without checking or decrypting it.
 * @return the frame, or nothing when it is too short or no data frame
 */
std::optional<ReceivedDataFrame> DecodeDataFrame(std::span<const uint8_t> phyPayload);

/**
 * Decodes, checks and decrypts a LoRaWAN 1.0.x frame.
 * @param phyPayload as received
 * @param fCntHigh upper 16 bits of the counter, which do not travel
 * @param nwkSKey see SecureDataFrame10()
 * @param appSKey see SecureDataFrame10()
 * @return the frame in plain with its whole counter, or nothing when malformed or forged
 */
std::optional<DataFrame> OpenDataFrame10(std::span<const uint8_t> phyPayload,
                                         uint16_t fCntHigh,
                                         const Block128& nwkSKey,
                                         const Block128& appSKey);

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_LORAWAN_FRAME_H
