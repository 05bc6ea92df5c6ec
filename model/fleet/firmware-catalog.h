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

    /// Bytes of the data block that a distribution session carries.
    uint64_t PayloadBytes() const
    {
        return envelope.size() + imageBytes;
    }
};

/// The images of a run, by ImageId. Immutable once the simulation runs.
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

    size_t Size() const
    {
        return m_images.size();
    }

  private:
    std::vector<FirmwareImage> m_images;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_FIRMWARE_CATALOG_H
