// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_OUTPUT_FILE_H
#define IOTFLEET_CLI_OUTPUT_FILE_H

#include <filesystem>

namespace ns3::iotfleet
{

/**
 * Finds a mistyped folder before the work rather than after it.
 *
 * @param option as the user wrote it, such as `-o`
 * @param file to be written; may be empty
 * @throws ScenarioError where its folder does not exist
 */
void RequireFolder(const char* option, const std::filesystem::path& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_OUTPUT_FILE_H
