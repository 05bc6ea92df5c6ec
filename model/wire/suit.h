// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_SUIT_H
#define IOTFLEET_WIRE_SUIT_H

#include "model/wire/crypto-key.h"
#include "model/wire/suit-interpreter.h"
#include "model/wire/suit-manifest.h"
#include "model/wire/suit-uuid.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * Firmware manifests as an author makes and a device checks them (draft-ietf-suit-manifest-37).
 */

namespace ns3::iotfleet::wire::suit
{

/** What an author says about one firmware image for one class of devices. */
struct UpdateManifestSpec
{
    uint64_t sequenceNumber = 0;     //!< greater than that of what is to be replaced
    Uuid vendorId{};                 //!< for whom
    Uuid classId{};                  //!< for which model
    Digest256 imageDigest{};         //!< SHA-256 of the image
    uint64_t imageSize = 0;          //!< bytes of the image
    std::string version{};           //!< for people; left out if empty
    ComponentId componentId{{0x00}}; //!< where the image goes
    std::string uri = "/firmware";   //!< names the payload; relative if it comes by multicast
};

/** What came out of a device's check. */
struct CheckResult
{
    Refusal refusal = Refusal::MALFORMED; //!< NONE if accepted
    std::string reason;                   //!< one sentence, empty if accepted
    uint64_t sequenceNumber = 0;          //!< of the manifest, 0 unless it was authentic

    /** @return whether the manifest is accepted */
    explicit operator bool() const
    {
        return refusal == Refusal::NONE;
    }
};

/**
 * Describes the update: shared sequence with identities, digest and size and the checks of
 * vendor and class; install fetches and compares; validate compares. The shape is that of the
 * draft's example 1, plus a text with the version.
 *
 * @param spec what to say
 * @return the manifest
 */
Manifest BuildManifest(const UpdateManifestSpec& spec);

/**
 * Signs a manifest. Members that were moved out of it have to be put into the envelope by the
 * caller; their digests are in the manifest already.
 *
 * @param manifest the manifest
 * @param key the author's key
 * @return an envelope with one COSE_Sign1 in the algorithm usual for the key
 */
Envelope Seal(const Manifest& manifest, const SigningKey& key);

/**
 * Builds and signs an update manifest: EncodeEnvelope(Seal(BuildManifest(spec), key)).
 * @param spec what to say
 * @param key the author's key
 * @return the bytes to distribute; the same for the same arguments if the key is on a curve
 */
std::vector<uint8_t> BuildEnvelope(const UpdateManifestSpec& spec, const SigningKey& key);

/**
 * Checks that the digest is signed by the key and that it is the manifest's. Throws Error
 * with BAD_SIGNATURE or DIGEST_MISMATCH otherwise. Several signatures may stand there; one good
 * one is enough.
 *
 * @param envelope the envelope
 * @param key the key trusted
 */
void Authenticate(const Envelope& envelope, const PublicKey& key);

/**
 * Puts the members that were moved to the envelope back in place of their digests. Throws Error
 * with DIGEST_MISMATCH if one is not the member digested, and MALFORMED if the manifest does
 * not know of it.
 *
 * @param envelope the envelope
 * @param manifest its manifest, changed in place; severed members stay digests
 */
void RestoreSeverable(const Envelope& envelope, Manifest& manifest);

/**
 * What a device does with an update manifest: authenticates it, looks at the sequence number,
 * and executes payload-fetch, install and validate. Load and invoke belong to starting the
 * image and are not executed. Never throws for what a peer may have sent.
 *
 * @param envelope the bytes received
 * @param key the key the device trusts
 * @param device what the device knows of itself
 * @param image what the device received as payload; every fetch of a URI yields it, and it is in
 *        component 0 from the start if the manifest has neither payload-fetch nor install.
 *        URIs beginning with "#" yield the envelope's integrated payloads
 * @return acceptance, or why not
 */
CheckResult CheckEnvelope(std::span<const uint8_t> envelope,
                          const PublicKey& key,
                          const DeviceIdentity& device,
                          const Image& image);

/** As above. @param imageDigest SHA-256 of the payload @param imageSize its bytes */
CheckResult CheckEnvelope(std::span<const uint8_t> envelope,
                          const PublicKey& key,
                          const DeviceIdentity& device,
                          const Digest256& imageDigest,
                          uint64_t imageSize);

/**
 * As above, with several payloads.
 * @param fetch gives the payload at a URI without "#"
 */
CheckResult CheckEnvelope(std::span<const uint8_t> envelope,
                          const PublicKey& key,
                          const DeviceIdentity& device,
                          const FetchFunction& fetch);

} // namespace ns3::iotfleet::wire::suit

#endif // IOTFLEET_WIRE_SUIT_H
