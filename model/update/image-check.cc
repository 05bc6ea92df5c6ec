// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/image-check.h"

#include "model/wire/suit.h"

#include <charconv>

namespace ns3::iotfleet
{

ImageCheck::ImageCheck(const FirmwareCatalog& catalog, Check check)
    : m_catalog(catalog),
      m_check(std::move(check))
{
}

const ImageVerdict&
ImageCheck::Of(ImageId image, ImageId running)
{
    const auto key = std::pair{image, running};
    auto it = m_verdicts.find(key);
    if (it == m_verdicts.end())
    {
        const auto* now = running == NO_IMAGE ? nullptr : &m_catalog.Get(running);
        it = m_verdicts.emplace(key, m_check(m_catalog.Get(image), now)).first;
    }
    return it->second;
}

ImageCheck::Check
SuitCheck(TrustedKey trusted)
{
    return
        [trusted = std::move(trusted)](const FirmwareImage& image, const FirmwareImage* running) {
            namespace suit = wire::suit;
            if (image.envelope.empty())
            {
                return ImageVerdict{}; // distributed without a manifest
            }
            const auto& own = running == nullptr || running->vendor.empty() ? image : *running;
            suit::DeviceIdentity device;
            device.vendorId = suit::MakeVendorId(own.vendor);
            device.classId = suit::MakeClassId(device.vendorId, own.deviceClass);
            if (running != nullptr)
            {
                device.currentSequence = running->sequence;
            }
            const auto result = suit::CheckEnvelope(image.envelope,
                                                    trusted(own.vendor),
                                                    device,
                                                    image.digest,
                                                    image.imageBytes);
            return result ? ImageVerdict{}
                          : ImageVerdict{false, suit::ToString(result.refusal), result.reason};
        };
}

ImageCheck::Check
SuitCheck(const wire::PublicKey& key)
{
    return SuitCheck([key](const std::string&) { return key; });
}

uint32_t
VersionCode(std::string_view version)
{
    uint32_t code = 0;
    int parts = 0;
    const char* at = version.data();
    const char* const end = at + version.size();
    while (parts < 4)
    {
        uint8_t part = 0;
        const auto [next, error] = std::from_chars(at, end, part);
        if (error != std::errc{})
        {
            break;
        }
        code |= uint32_t{part} << (24 - 8 * parts);
        ++parts;
        at = next;
        if (at == end)
        {
            return code;
        }
        if (*at++ != '.')
        {
            break;
        }
    }
    code = 2166136261U;
    for (const char c : version)
    {
        code = (code ^ static_cast<uint8_t>(c)) * 16777619U;
    }
    return code;
}

ImageId
FindByVersionCode(const FirmwareCatalog& catalog, uint32_t code)
{
    for (size_t i = 0; i < catalog.Size(); ++i)
    {
        const auto id = static_cast<ImageId>(i);
        if (VersionCode(catalog.Get(id).version) == code)
        {
            return id;
        }
    }
    return NO_IMAGE;
}

} // namespace ns3::iotfleet
