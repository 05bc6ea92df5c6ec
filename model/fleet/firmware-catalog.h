// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_FIRMWARE_CATALOG_H
#define IOTFLEET_FLEET_FIRMWARE_CATALOG_H

#include "model/fleet/types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/// What a bad image does to a device that runs it.
enum class DefectEffect : uint8_t
{
    NONE,
    CRASH,        ///< fails its self-test; the boot loader reverts
    SILENT_BRICK, ///< never comes back and says nothing
    BOOT_LOOP,    ///< reboots until the watchdog reverts it
};

/// A firmware image as it exists: truth. What the operator knows of it is its version.
struct FirmwareImage
{
    std::string version;
    uint64_t imageBytes{0};           ///< the image alone
    std::vector<uint8_t> envelope;    ///< SUIT envelope that travels before the image; may be empty
    std::array<uint8_t, 32> digest{}; ///< SHA-256 of the image
    uint64_t sequence{0};             ///< SUIT sequence number
    std::string vendor;
    std::string deviceClass;
    bool fixesVulnerability{false};
    double defectProbability{0}; ///< share of devices hit
    DefectEffect defectEffect{DefectEffect::NONE};
    std::string defectHardware; ///< only this hardware batch; empty = all

    /// @name Of a payload only: another form in which an image travels (compressed, delta)
    ///@{
    ImageId installs{NO_IMAGE};    ///< what a device has once it has unpacked it
    ImageId source{NO_IMAGE};      ///< delta: what must run on the device; NO_IMAGE = any
    uint64_t transferBytes{0};     ///< what travels after the envelope
    std::vector<uint8_t> transfer; ///< its bytes, where they are known

    ///@}

    bool IsPayload() const
    {
        return installs != NO_IMAGE;
    }

    /// Bytes of the data block that a distribution session carries.
    uint64_t PayloadBytes() const
    {
        return envelope.size() + (IsPayload() ? transferBytes : imageBytes);
    }
};

/**
 * The images of a run, by ImageId, and the payloads in which they travel: entries of their own,
 * named "VERSION from SOURCE" or "VERSION compressed". Immutable once the simulation runs.
 */
class FirmwareCatalog
{
  public:
    ImageId Add(FirmwareImage image)
    {
        m_images.push_back(std::move(image));
        return static_cast<ImageId>(m_images.size() - 1);
    }

    const FirmwareImage& Get(ImageId id) const
    {
        return m_images.at(Index(id));
    }

    std::optional<ImageId> Find(std::string_view version) const
    {
        for (size_t i = 0; i < m_images.size(); ++i)
        {
            if (m_images[i].version == version)
            {
                return static_cast<ImageId>(i);
            }
        }
        return std::nullopt;
    }

    /// The image that a device has after an entry was installed: itself, or what it is a payload
    /// of.
    ImageId Installs(ImageId id) const
    {
        const auto installs = Get(id).installs;
        return installs == NO_IMAGE ? id : installs;
    }

    /// The smallest form of `target` that a device that runs `running` can use: the image itself
    /// where no payload fits.
    ImageId PayloadFor(ImageId target, ImageId running) const
    {
        ImageId best = target;
        for (size_t i = 0; i < m_images.size(); ++i)
        {
            const auto& image = m_images[i];
            if (image.installs == target && (image.source == NO_IMAGE || image.source == running) &&
                image.PayloadBytes() < Get(best).PayloadBytes())
            {
                best = static_cast<ImageId>(i);
            }
        }
        return best;
    }

    size_t Size() const
    {
        return m_images.size();
    }

  private:
    std::vector<FirmwareImage> m_images;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_FIRMWARE_CATALOG_H
