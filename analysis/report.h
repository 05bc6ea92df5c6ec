// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_H
#define IOTFLEET_ANALYSIS_REPORT_H

#include <filesystem>
#include <string>

namespace ns3::iotfleet::analysis
{

/**
 * Makes the report on a results database: one HTML page that holds its own data, style and scripts
 * and asks no network for anything. It tells of the first run of one variant; further runs of it
 * add intervals and bands, other variants are compared with it.
 *
 * @param variant the one; the database's first where it is empty.
 * @throw InputError if `database` is not a results database, holds no run or no such variant.
 */
std::string MakeReport(const std::filesystem::path& database, const std::string& variant = "");

/**
 * Writes MakeReport() to `html`, all of it or nothing: the file appears under its name when it is
 * whole.
 *
 * @throw InputError as MakeReport(); std::runtime_error if `html` cannot be written.
 */
void WriteReport(const std::filesystem::path& database,
                 const std::filesystem::path& html,
                 const std::string& variant = "");

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_H
