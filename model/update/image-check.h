// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_IMAGE_CHECK_H
#define IOTFLEET_UPDATE_IMAGE_CHECK_H

#include "model/fleet/firmware-catalog.h"
#include "model/fleet/types.h"
#include "model/wire/crypto-key.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ns3::iotfleet
{

/// What a device's check of an image says.
struct ImageVerdict
{
    bool accepted{true};
    std::string_view cause{"accepted"}; ///< static text, e.g. "bad-signature"
    std::string detail;                 ///< one sentence, empty when accepted
};

/**
 * Checks an image the way a device does before it installs it (SUIT envelope). The answer depends
 * on the image and on what runs now (vendor, class and sequence number of the running firmware), so
 * each pair is worked out once however many devices ask.
 */
class ImageCheck
{
  public:
    using Check =
        std::function<ImageVerdict(const FirmwareImage& image, const FirmwareImage* running)>;

    /**
     * @param catalog all images; must outlive this object
     * @param check what a device with a given running image (nullptr: none known) finds
     */
    ImageCheck(const FirmwareCatalog& catalog, Check check);

    /// The verdict of a device that runs `running` on `image`.
    const ImageVerdict& Of(ImageId image, ImageId running);

  private:
    const FirmwareCatalog& m_catalog;
    Check m_check;
    std::map<std::pair<ImageId, ImageId>, ImageVerdict> m_verdicts;
};

/// The key of the author that devices of a vendor trust.
using TrustedKey = std::function<wire::PublicKey(const std::string& vendor)>;

/**
 * The check of firmware that carries a SUIT envelope: signature, sequence number, vendor, class,
 * digest and size (wire::suit::CheckEnvelope). A device's vendor and class are those of what it
 * runs; where that is not known, those that the image is made for. An image without an envelope is
 * accepted.
 */
ImageCheck::Check SuitCheck(TrustedKey trusted);

/// The same where devices trust one author.
ImageCheck::Check SuitCheck(const wire::PublicKey& key);

/**
 * Version as the 32-bit number that TS006 and our TS004 descriptor carry: dotted numbers packed one
 * a byte ("1.4.2" = 0x01040200), anything else hashed (FNV-1a).
 */
uint32_t VersionCode(std::string_view version);

/// The image with this version code, or NO_IMAGE.
ImageId FindByVersionCode(const FirmwareCatalog& catalog, uint32_t code);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_IMAGE_CHECK_H
