// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_COSE_H
#define IOTFLEET_WIRE_COSE_H

#include "model/wire/cbor.h"
#include "model/wire/crypto-key.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * COSE_Sign1 (RFC 9052 section 4.2): one signer, payload inside or detached. The other COSE
 * structures are not here.
 */

namespace ns3::iotfleet::wire::cose
{

/** Tag of a COSE_Sign1 (RFC 9052 table 1). */
inline constexpr uint64_t TAG_SIGN1 = 18;

/** Common header parameters (RFC 9052 table 3). */
enum class Header : int64_t
{
    ALG = 1,          //!< algorithm
    CRIT = 2,         //!< labels that a recipient must understand
    CONTENT_TYPE = 3, //!< of the payload
    KID = 4,          //!< key identifier
    IV = 5,           //!< initialization vector
    PARTIAL_IV = 6,   //!< part of one
};

/** The four parts of a COSE_Sign1 as they stand on the wire; it says nothing about validity. */
struct Sign1
{
    std::vector<uint8_t> protectedHeader;        //!< content of the wrapping byte string
    cbor::Value unprotectedHeader;               //!< a map
    std::optional<std::vector<uint8_t>> payload; //!< nothing if detached (nil on the wire)
    std::vector<uint8_t> signature;              //!< in COSE form
    bool isTagged = true;                        //!< under tag 18
};

/** Why a COSE_Sign1 is not accepted. */
enum class Status : uint8_t
{
    VALID,
    MALFORMED,         //!< not a COSE_Sign1, or header rules broken
    UNKNOWN_ALGORITHM, //!< algorithm missing or not one of SignatureAlgorithm
    UNKNOWN_CRITICAL,  //!< 'crit' names a label that is not understood
    NO_PAYLOAD,        //!< detached, and the caller has none; or present twice
    BAD_SIGNATURE,     //!< forged, damaged, or made with another key
};

/** What came out of checking a COSE_Sign1. */
struct VerifyResult
{
    Status status = Status::MALFORMED; //!< the verdict
    std::string reason;                //!< one sentence, empty if valid
    std::vector<uint8_t> payload;      //!< what was signed, empty unless valid

    /** @return whether the signature is valid */
    explicit operator bool() const
    {
        return status == Status::VALID;
    }
};

/** What the checker knows beside the message. */
struct VerifyContext
{
    std::span<const uint8_t> externalAad{};                    //!< signed along, not sent
    std::optional<std::span<const uint8_t>> detachedPayload{}; //!< sent elsewhere
    std::span<const int64_t> understoodCriticalLabels{};       //!< beside RFC 9052's own
};

/** What to sign and how to wrap it. */
struct SignRequest
{
    std::span<const uint8_t> payload{};                   //!< what to sign
    cbor::Value protectedHeader = cbor::Value::Map({});   //!< map; the algorithm is put in front
    cbor::Value unprotectedHeader = cbor::Value::Map({}); //!< map
    std::span<const uint8_t> externalAad{};               //!< signed along, not sent
    bool isDetached = false;                              //!< leave the payload out
    bool isTagged = true;                                 //!< put tag 18 in front
};

/**
 * Takes a COSE_Sign1 apart, tagged or not, without judging headers or signature.
 * @param bytes the message
 * @return its parts; throws cbor::Error for anything else
 */
Sign1 DecodeSign1(std::span<const uint8_t> bytes);

/**
 * Puts a COSE_Sign1 together.
 * @param message its parts
 * @return the bytes
 */
std::vector<uint8_t> EncodeSign1(const Sign1& message);

/**
 * Builds the Sig_structure, which is what the signature covers (RFC 9052 section 4.4).
 * @param protectedHeader content of the protected header's byte string
 * @param externalAad data signed along
 * @param payload the payload
 * @return the bytes to sign
 */
std::vector<uint8_t> SignatureInput(std::span<const uint8_t> protectedHeader,
                                    std::span<const uint8_t> externalAad,
                                    std::span<const uint8_t> payload);

/**
 * Signs.
 *
 * @param key the signer's key; throws CryptoError if it does not fit the algorithm
 * @param algorithm written into the protected header, unless that has one already
 * @param request what to sign and how to wrap it
 * @return the message
 */
std::vector<uint8_t> SignSign1(const SigningKey& key,
                               SignatureAlgorithm algorithm,
                               const SignRequest& request);

/**
 * Checks headers and signature of a message. Never throws for what a peer may have sent.
 *
 * The algorithm is taken from the protected header, or from the unprotected one if it stands
 * only there. Headers are refused when a label stands in both (RFC 9052 section 3), or when
 * 'crit' is empty, unprotected, names an absent label or one that is not understood (3.1).
 *
 * @param bytes the message, tagged or not
 * @param key the key the signer should have used
 * @param context what is known beside the message
 * @return the verdict
 */
VerifyResult VerifySign1(std::span<const uint8_t> bytes,
                         const PublicKey& key,
                         const VerifyContext& context = {});

} // namespace ns3::iotfleet::wire::cose

#endif // IOTFLEET_WIRE_COSE_H
