// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_PAYLOAD_CODEC_H
#define IOTFLEET_HELPER_PAYLOAD_CODEC_H

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/**
 * @file
 * Smaller forms of a firmware image, made by Zstandard at its level 19: what the program `zstd -19`
 * and `zstd -19 --patch-from` would make. Devices may use other codecs; sizes are of the same order
 * (doc/scope.md).
 */
namespace ns3::iotfleet
{

/// @return the image compressed
std::vector<uint8_t> CompressImage(std::span<const uint8_t> image);

/// @return what turns `source` into `image`
std::vector<uint8_t> MakeDelta(std::span<const uint8_t> image, std::span<const uint8_t> source);

/// @return version of the Zstandard library that is linked; sizes may differ between versions
std::string ZstdVersion();

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PAYLOAD_CODEC_H
