// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_SUIT_MANIFEST_H
#define IOTFLEET_WIRE_SUIT_MANIFEST_H

#include "model/wire/cbor.h"
#include "model/wire/crypto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * The parts of a SUIT envelope and their encoding (draft-ietf-suit-manifest-37, appendix A).
 * What the parts mean to a device stands in suit-interpreter.h, what most callers need in suit.h.
 */

namespace ns3::iotfleet::wire::suit
{

using Bytes = std::vector<uint8_t>;

/** Why a manifest is refused; the order is that of the checks. */
enum class Refusal : uint8_t
{
    NONE,             //!< it is accepted
    MALFORMED,        //!< not CBOR, not an envelope, or a rule of the structure broken
    UNSUPPORTED,      //!< well-formed but with an element this processor does not know
    BAD_SIGNATURE,    //!< not signed, or not by the key trusted here
    DIGEST_MISMATCH,  //!< the manifest or a severable member is not the one signed
    SEQUENCE_TOO_OLD, //!< not newer than what is installed (rollback)
    WRONG_VENDOR,     //!< vendor identifier condition
    WRONG_CLASS,      //!< class identifier condition
    WRONG_DEVICE,     //!< device identifier condition
    WRONG_SLOT,       //!< component slot condition
    IMAGE_MISMATCH,   //!< image match or check content condition
    FETCH_FAILED,     //!< a payload or a source component is not to be had
    ABORTED,          //!< abort condition
};

/**
 * Names a refusal for reports.
 * @param refusal the refusal
 * @return its name in lower case, for example "bad-signature"
 */
std::string_view ToString(Refusal refusal);

/** A manifest that is refused, on its way out of a check. */
class Error : public std::runtime_error
{
  public:
    /** @param refusal the kind @param reason one sentence */
    Error(Refusal refusal, const std::string& reason);

    /** @return the kind; never NONE */
    Refusal GetRefusal() const;

  private:
    Refusal m_refusal; //!< see GetRefusal
};

/** Command codes of conditions and directives; a manifest may hold others. */
enum class CommandCode : int64_t
{
    CONDITION_VENDOR_IDENTIFIER = 1,
    CONDITION_CLASS_IDENTIFIER = 2,
    CONDITION_IMAGE_MATCH = 3,
    CONDITION_COMPONENT_SLOT = 5,
    CONDITION_CHECK_CONTENT = 6,
    DIRECTIVE_SET_COMPONENT_INDEX = 12,
    CONDITION_ABORT = 14,
    DIRECTIVE_TRY_EACH = 15,
    DIRECTIVE_WRITE = 18,
    DIRECTIVE_OVERRIDE_PARAMETERS = 20,
    DIRECTIVE_FETCH = 21,
    DIRECTIVE_COPY = 22,
    DIRECTIVE_INVOKE = 23,
    CONDITION_DEVICE_IDENTIFIER = 24,
    DIRECTIVE_SWAP = 31,
    DIRECTIVE_RUN_SEQUENCE = 32,
};

/** Keys of the parameters that override-parameters sets; a manifest may hold others. */
enum class ParameterKey : int64_t
{
    VENDOR_IDENTIFIER = 1,
    CLASS_IDENTIFIER = 2,
    IMAGE_DIGEST = 3,
    COMPONENT_SLOT = 5,
    STRICT_ORDER = 12,
    SOFT_FAILURE = 13,
    IMAGE_SIZE = 14,
    CONTENT = 18,
    URI = 21,
    SOURCE_COMPONENT = 22,
    INVOKE_ARGUMENTS = 23,
    DEVICE_IDENTIFIER = 24,
    FETCH_ARGUMENTS = 25,
};

/** COSE's number for SHA-256, the digest every processor must know. */
inline constexpr int64_t ALGORITHM_SHA256 = -16;

/** SUIT_Digest: a digest and the algorithm that made it. */
struct Digest
{
    int64_t algorithm = ALGORITHM_SHA256; //!< number in the registry "COSE Algorithms"
    Bytes bytes;                          //!< the digest itself

    bool operator==(const Digest&) const = default;
};

/** One condition or directive with its argument, not interpreted. */
struct Command
{
    int64_t code;         //!< a CommandCode, or a code not known here
    cbor::Value argument; //!< reporting policy or argument block

    bool operator==(const Command&) const = default;
};

/** SUIT_Command_Sequence. */
using Sequence = std::vector<Command>;

/** SUIT_Component_Identifier: the segments of a path. */
using ComponentId = std::vector<Bytes>;

/** A member of the manifest, or its digest if it was moved to the envelope or severed. */
template <typename T>
using Severable = std::variant<T, Digest>;

/** SUIT_Manifest, without the envelope around it. */
struct Manifest
{
    uint64_t version = 1;                            //!< of the manifest format
    uint64_t sequenceNumber = 0;                     //!< grows with every manifest
    std::vector<ComponentId> components;             //!< what the update is about
    std::optional<Sequence> sharedSequence;          //!< runs before every other sequence
    std::optional<std::string> referenceUri;         //!< where the full manifest is
    std::optional<Sequence> validate;                //!< checks the result of the update
    std::optional<Sequence> load;                    //!< prepares for execution
    std::optional<Sequence> invoke;                  //!< starts the image
    std::optional<Severable<Sequence>> payloadFetch; //!< obtains payloads
    std::optional<Severable<Sequence>> install;      //!< installs payloads
    std::optional<Severable<cbor::Value>> text;      //!< SUIT_Text_Map, for people
};

/** SUIT_Envelope, with the manifest and the severable members still encoded. */
struct Envelope
{
    Bytes digest;                            //!< encoded SUIT_Digest of the manifest
    std::vector<Bytes> authenticationBlocks; //!< COSE messages over the digest
    Bytes manifest;                          //!< encoded SUIT_Manifest
    std::optional<Bytes> payloadFetch;       //!< moved out of the manifest
    std::optional<Bytes> install;            //!< moved out of the manifest
    std::optional<Bytes> text;               //!< moved out of the manifest
    std::vector<std::pair<std::string, Bytes>> integratedPayloads; //!< key ("#...") and bytes
};

/** @return the envelope's parts @param bytes a tagged envelope; throws Error, cbor::Error */
Envelope DecodeEnvelope(std::span<const uint8_t> bytes);

/** @return the tagged envelope, members in ascending order @param envelope its parts */
Bytes EncodeEnvelope(const Envelope& envelope);

/** @return the manifest @param bytes its encoding, not wrapped; throws Error, cbor::Error */
Manifest DecodeManifest(std::span<const uint8_t> bytes);

/** @return the encoding, not wrapped, members in ascending order @param manifest the manifest */
Bytes EncodeManifest(const Manifest& manifest);

/**
 * Reads a command sequence and every sequence inside it.
 * @param bytes its encoding, not wrapped
 * @return the commands; throws Error or cbor::Error, also when an argument has a wrong type
 */
Sequence DecodeSequence(std::span<const uint8_t> bytes);

/** @return the encoding, not wrapped @param sequence the commands */
Bytes EncodeSequence(const Sequence& sequence);

/** @return the digest @param bytes its encoding, not wrapped; throws Error, cbor::Error */
Digest DecodeDigest(std::span<const uint8_t> bytes);

/** @return the encoding, not wrapped @param digest the digest */
Bytes EncodeDigest(const Digest& digest);

/**
 * Digests a member as SUIT does: over the byte string that wraps it, its head included.
 * @param member the member's encoding, not wrapped
 * @return its SHA-256 as a SUIT_Digest
 */
Digest DigestOfMember(std::span<const uint8_t> member);

} // namespace ns3::iotfleet::wire::suit

#endif // IOTFLEET_WIRE_SUIT_MANIFEST_H
