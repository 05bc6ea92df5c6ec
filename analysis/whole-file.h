// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_WHOLE_FILE_H
#define IOTFLEET_ANALYSIS_WHOLE_FILE_H

#include <filesystem>
#include <string_view>

namespace ns3::iotfleet::analysis
{

/**
 * Writes a file beside its place and moves it there when it is whole, so that no half-written file
 * looks finished.
 *
 * @throw std::runtime_error if it cannot be written; the place is as it was then
 */
void WriteWholeFile(const std::filesystem::path& file, std::string_view content);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_WHOLE_FILE_H
