// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_TEXT_FILE_H
#define IOTFLEET_HELPER_TEXT_FILE_H

#include <filesystem>
#include <optional>
#include <string>

namespace ns3::iotfleet
{

/**
 * Reads a whole regular file as bytes.
 *
 * @param path the file
 * @return its bytes; empty when it does not exist, is a folder or cannot be read
 */
std::optional<std::string> ReadTextFile(const std::filesystem::path& path);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_TEXT_FILE_H
