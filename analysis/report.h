// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_H
#define IOTFLEET_ANALYSIS_REPORT_H

#include <filesystem>
#include <string>

namespace ns3::iotfleet::analysis
{

/**
 * Makes the report on a results database: one HTML page that holds its own data, style and scripts
 * and asks no network for anything. It tells of the database's first run; further runs of the same
 * variant add intervals.
 *
 * @throw InputError if `database` is not a results database or holds no run.
 */
std::string MakeReport(const std::filesystem::path& database);

/**
 * Writes MakeReport() to `html`, all of it or nothing: the file appears under its name when it is
 * whole.
 *
 * @throw InputError as MakeReport(); std::runtime_error if `html` cannot be written.
 */
void WriteReport(const std::filesystem::path& database, const std::filesystem::path& html);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_H
