// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FIRMWARE_BUILDER_H
#define IOTFLEET_HELPER_FIRMWARE_BUILDER_H

#include "helper/scenario.h"
#include "model/fleet/firmware-catalog.h"
#include "model/wire/crypto-key.h"

namespace ns3::iotfleet
{

/**
 * Makes the images of a scenario: content from the file or, where only a size is given,
 * pseudo-random bytes of that size; digest; and a signed SUIT envelope, spoilt on purpose where the
 * scenario says so (`tamper`).
 *
 * The versions that devices run at the start and that are not listed get an empty entry each.
 *
 * @throws std::runtime_error if a file cannot be read
 */
FirmwareCatalog BuildFirmware(const Scenario& scenario);

/**
 * How the image of /rollout/roll_back is called once it travels again: SUIT devices refuse a
 * manifest whose sequence number is not higher than that of what they run
 * (draft-ietf-suit-manifest, suit-manifest-sequence-number), so that the same content needs a new
 * manifest, one above all others. Empty without a roll-back.
 */
std::string RollBackVersion(const Scenario& scenario);

/// What the scenario says of the image that is called `version`, RollBackVersion included; nullptr
/// if nothing.
const ImageSpec* FindImageSpec(const Scenario& scenario, const std::string& version);

/**
 * The content of an image, without its envelope; BuildFirmware() keeps no more of it than size and
 * digest.
 *
 * @throws std::runtime_error if its file cannot be read
 */
std::vector<uint8_t> ImageContent(const ImageSpec& spec);

/// The key with which BuildFirmware() signs a vendor's manifests.
wire::PublicKey VendorPublicKey(const std::string& vendor);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FIRMWARE_BUILDER_H
