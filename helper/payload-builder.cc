// SPDX-License-Identifier: GPL-2.0-only
#include "helper/payload-builder.h"

#include "helper/firmware-builder.h"
#include "helper/payload-codec.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace ns3::iotfleet
{

namespace
{

/// The image of a version as the scenario describes it; nothing for one that only runs somewhere.
const ImageSpec*
FindSpec(const Scenario& scenario, const std::string& version)
{
    const auto& images = scenario.firmware.images;
    const auto spec = std::ranges::find(images, version, &ImageSpec::version);
    return spec == images.end() ? nullptr : &*spec;
}

bool
HasFile(const Scenario& scenario, const std::string& version)
{
    const auto* spec = FindSpec(scenario, version);
    return spec != nullptr && spec->file.has_value();
}

/// Versions that run in the fleet at the start, other than the target.
std::set<std::string>
RunningVersions(const Scenario& scenario)
{
    std::set<std::string> versions;
    if (scenario.fleet.devices.empty())
    {
        for (const auto& group : scenario.fleet.groups)
        {
            versions.insert(group.firmware);
        }
    }
    for (const auto& device : scenario.fleet.devices)
    {
        versions.insert(device.firmware);
    }
    versions.erase(scenario.firmware.target);
    return versions;
}

std::set<std::string>
DeltaSources(const Scenario& scenario)
{
    const auto& from = scenario.firmware.payload.from;
    return from.empty() ? RunningVersions(scenario) : std::set(from.begin(), from.end());
}

uint64_t
Scaled(uint64_t bytes, double ratio)
{
    return std::max<uint64_t>(1,
                              static_cast<uint64_t>(std::ceil(static_cast<double>(bytes) * ratio)));
}

/// An entry that installs `target`, with everything but its size set.
FirmwareImage
MakePayload(const FirmwareCatalog& catalog, ImageId target, const std::string& form)
{
    FirmwareImage payload = catalog.Get(target);
    payload.version += " " + form;
    payload.installs = target;
    return payload;
}

void
SetTransfer(FirmwareImage& payload,
            std::optional<double> ratio,
            const std::function<std::vector<uint8_t>()>& make)
{
    if (ratio)
    {
        payload.transferBytes = Scaled(payload.imageBytes, *ratio);
        return;
    }
    payload.transfer = make();
    payload.transferBytes = payload.transfer.size();
}

void
AddCompressed(const Scenario& scenario, FirmwareCatalog& catalog, ImageId target)
{
    auto payload = MakePayload(catalog, target, "compressed");
    SetTransfer(payload, scenario.firmware.payload.compressedRatio, [&] {
        return CompressImage(ImageContent(*FindSpec(scenario, scenario.firmware.target)));
    });
    catalog.Add(std::move(payload));
}

void
AddDelta(const Scenario& scenario,
         FirmwareCatalog& catalog,
         ImageId target,
         const std::string& source)
{
    auto payload = MakePayload(catalog, target, "from " + source);
    payload.source = *catalog.Find(source);
    SetTransfer(payload, scenario.firmware.payload.deltaRatio, [&] {
        return MakeDelta(ImageContent(*FindSpec(scenario, scenario.firmware.target)),
                         ImageContent(*FindSpec(scenario, source)));
    });
    catalog.Add(std::move(payload));
}

} // namespace

void
AddPayloads(const Scenario& scenario, FirmwareCatalog& catalog)
{
    const auto& spec = scenario.firmware.payload;
    const auto target = catalog.Find(scenario.firmware.target);
    if (!target || spec.kind == "full")
    {
        return;
    }
    if (spec.kind == "compressed" || spec.otherwise == "compressed")
    {
        AddCompressed(scenario, catalog, *target);
    }
    if (spec.kind == "delta")
    {
        for (const auto& source : DeltaSources(scenario))
        {
            AddDelta(scenario, catalog, *target, source);
        }
    }
}

std::vector<ScenarioProblem>
CheckPayload(const Scenario& scenario, const std::string& file)
{
    const auto& spec = scenario.firmware.payload;
    const std::string& target = scenario.firmware.target;
    std::vector<ScenarioProblem> problems;
    const auto refuse = [&](const std::string& key, const std::string& message) {
        problems.push_back({file, "/firmware/payload" + key, message});
    };
    const bool compresses =
        spec.kind == "compressed" || (spec.kind == "delta" && spec.otherwise == "compressed");
    if (compresses && !spec.compressedRatio && !HasFile(scenario, target))
    {
        refuse("/compressed_ratio",
               "found none and no file of version " + target +
                   ", expected a ratio or the file of the image");
    }
    if (spec.kind != "delta")
    {
        return problems;
    }
    const auto running = RunningVersions(scenario);
    for (std::size_t i = 0; i < spec.from.size(); ++i)
    {
        if (!running.contains(spec.from[i]) && FindSpec(scenario, spec.from[i]) == nullptr)
        {
            refuse(
                "/from/" + std::to_string(i),
                "found \"" + spec.from[i] +
                    "\", expected a version of /firmware/images or one that runs in the fleet: " +
                    JoinWords({running.begin(), running.end()}));
            return problems;
        }
    }
    for (const auto& source : DeltaSources(scenario))
    {
        if (!spec.deltaRatio && !(HasFile(scenario, source) && HasFile(scenario, target)))
        {
            refuse("/delta_ratio",
                   "found none and no files of both " + source + " and " + target +
                       ", expected a ratio or the files of both images");
            break;
        }
    }
    return problems;
}

} // namespace ns3::iotfleet
