// SPDX-License-Identifier: GPL-2.0-only
#include "helper/firmware-builder.h"

#include "helper/payload-builder.h"
#include "model/fleet/counter-random.h"
#include "model/wire/suit.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ns3::iotfleet
{

namespace
{

namespace suit = wire::suit;

/// Seed of the simulated vendors' signing keys: a key of a simulation protects nothing.
wire::SigningKey
VendorKey(std::string_view name)
{
    const auto seed = wire::Sha256({reinterpret_cast<const uint8_t*>(name.data()), name.size()});
    return wire::SigningKey::FromSeed(seed);
}

/// SHA-256 and size of an image's content.
suit::Image
ReadFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
    {
        throw std::runtime_error(file.string() + ": cannot be read");
    }
    wire::Sha256Hasher hasher;
    std::array<char, 65536> buffer{};
    uint64_t size = 0;
    while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0)
    {
        const auto count = static_cast<size_t>(stream.gcount());
        hasher.Update({reinterpret_cast<const uint8_t*>(buffer.data()), count});
        size += count;
    }
    return {hasher.Finish(), size};
}

/// The draws that make the content of an image of which only the size is known: named by the
/// version.
CounterRandom
ContentRandom(const ImageSpec& spec)
{
    const auto name =
        wire::Sha256({reinterpret_cast<const uint8_t*>(spec.version.data()), spec.version.size()});
    const uint64_t key = uint64_t{name[0]} | uint64_t{name[1]} << 8 | uint64_t{name[2]} << 16;
    return {key, 1};
}

/// Calls `use` with every 16 bytes of that content; the last span may be shorter.
template <class Use>
void
ForContent(const ImageSpec& spec, Use use)
{
    const auto random = ContentRandom(spec);
    for (uint64_t at = 0; at < spec.sizeBytes; at += 16)
    {
        const auto words = random.Words(Purpose::PLACEMENT, static_cast<uint32_t>(at / 16));
        std::array<uint8_t, 16> bytes{};
        for (size_t i = 0; i < bytes.size(); ++i)
        {
            bytes[i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
        }
        use(std::span(bytes).first(std::min<uint64_t>(16, spec.sizeBytes - at)));
    }
}

suit::Image
MakeContent(const ImageSpec& spec)
{
    wire::Sha256Hasher hasher;
    ForContent(spec, [&](std::span<const uint8_t> bytes) { hasher.Update(bytes); });
    return {hasher.Finish(), spec.sizeBytes};
}

std::vector<uint8_t>
MakeEnvelope(const ImageSpec& spec, const suit::Image& content)
{
    const auto vendor = suit::MakeVendorId(spec.tamper == "vendor" ? "other.example" : spec.vendor);
    suit::UpdateManifestSpec manifest;
    manifest.sequenceNumber = spec.tamper == "sequence" ? 0 : spec.sequence;
    manifest.vendorId = vendor;
    manifest.classId =
        suit::MakeClassId(vendor, spec.tamper == "class" ? "other-class" : spec.deviceClass);
    manifest.imageDigest = content.digest;
    manifest.imageSize = content.size;
    manifest.version = spec.version;
    if (spec.tamper == "digest")
    {
        manifest.imageDigest[0] ^= 1;
    }
    return suit::BuildEnvelope(manifest,
                               VendorKey(spec.tamper == "signature" ? "forger" : spec.vendor));
}

DefectEffect
EffectByName(const std::string& name)
{
    return name == "crash"          ? DefectEffect::CRASH
           : name == "silent-brick" ? DefectEffect::SILENT_BRICK
           : name == "boot-loop"    ? DefectEffect::BOOT_LOOP
                                    : DefectEffect::NONE;
}

/// @param original whose content it is
FirmwareImage
BuildImage(const ImageSpec& spec, const ImageSpec& original)
{
    const auto content = original.file ? ReadFile(*original.file) : MakeContent(original);
    FirmwareImage image;
    image.version = spec.version;
    image.imageBytes = content.size;
    image.digest = content.digest;
    image.sequence = spec.sequence;
    image.vendor = spec.vendor;
    image.deviceClass = spec.deviceClass;
    image.fixesVulnerability = spec.fixesVulnerability;
    image.defectProbability = spec.defect.probability;
    image.defectEffect = EffectByName(spec.defect.effect);
    image.defectHardware = spec.defect.hardware;
    if (spec.manifest)
    {
        image.envelope = MakeEnvelope(spec, content);
    }
    return image;
}

/// The image that devices go back to, in its new manifest.
FirmwareImage
BuildRollBack(const Scenario& scenario)
{
    const auto& images = scenario.firmware.images;
    const auto* original = FindImageSpec(scenario, scenario.rollout.rollBackTo);
    ImageSpec spec = *original;
    spec.version = RollBackVersion(scenario);
    spec.sequence = std::ranges::max_element(images, {}, &ImageSpec::sequence)->sequence + 1;
    return BuildImage(spec, *original);
}

} // namespace

std::string
RollBackVersion(const Scenario& scenario)
{
    const auto& to = scenario.rollout.rollBackTo;
    return to.empty() ? to : to + "+rollback";
}

const ImageSpec*
FindImageSpec(const Scenario& scenario, const std::string& version)
{
    const auto& images = scenario.firmware.images;
    const bool goesBack = !version.empty() && version == RollBackVersion(scenario);
    const auto found = std::ranges::find(images,
                                         goesBack ? scenario.rollout.rollBackTo : version,
                                         &ImageSpec::version);
    return found == images.end() ? nullptr : &*found;
}

std::vector<uint8_t>
ImageContent(const ImageSpec& spec)
{
    std::vector<uint8_t> content;
    if (!spec.file)
    {
        content.reserve(spec.sizeBytes);
        ForContent(spec, [&](std::span<const uint8_t> bytes) {
            content.insert(content.end(), bytes.begin(), bytes.end());
        });
        return content;
    }
    std::ifstream stream(*spec.file, std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream)
    {
        throw std::runtime_error(spec.file->string() + ": cannot be read");
    }
    return content;
}

FirmwareCatalog
BuildFirmware(const Scenario& scenario)
{
    FirmwareCatalog catalog;
    for (const auto& spec : scenario.firmware.images)
    {
        catalog.Add(BuildImage(spec, spec));
    }
    const auto addRunning = [&](const std::string& version) {
        if (!catalog.Find(version))
        {
            FirmwareImage image;
            image.version = version;
            // What runs at the start is of the vendor and class that the target is made for.
            if (const auto target = catalog.Find(scenario.firmware.target))
            {
                image.vendor = catalog.Get(*target).vendor;
                image.deviceClass = catalog.Get(*target).deviceClass;
            }
            catalog.Add(std::move(image));
        }
    };
    for (const auto& group : scenario.fleet.groups)
    {
        addRunning(group.firmware);
    }
    for (const auto& device : scenario.fleet.devices)
    {
        addRunning(device.firmware);
    }
    if (!scenario.rollout.rollBackTo.empty())
    {
        catalog.Add(BuildRollBack(scenario));
    }
    AddPayloads(scenario, catalog);
    return catalog;
}

wire::PublicKey
VendorPublicKey(const std::string& vendor)
{
    return VendorKey(vendor).GetPublicKey();
}

} // namespace ns3::iotfleet
