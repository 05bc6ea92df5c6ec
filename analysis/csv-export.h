// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_CSV_EXPORT_H
#define IOTFLEET_ANALYSIS_CSV_EXPORT_H

#include "analysis/sqlite-query.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// One file that was written.
struct ExportedTable
{
    std::string name; ///< the file is `name`.csv
    uint64_t rows{0};
};

/**
 * Writes every table and view of a results database as CSV (RFC 4180: comma, CRLF, fields in quotes
 * where they need them), with a header line and in UTF-8. It chooses and computes nothing.
 *
 * NULL is an empty field, an empty text is "" in quotes; numbers read back as the very same
 * numbers. Files are written beside `folder` and moved there when all are whole.
 *
 * @param database a results database
 * @param folder where the files go; it may be absent, empty, or hold an earlier export
 * @return the tables in the order of their names
 * @throw InputError if `database` is none, or `folder` holds anything that is no file of an export
 * @throw std::runtime_error if something cannot be written
 */
std::vector<ExportedTable> ExportCsv(const std::filesystem::path& database,
                                     const std::filesystem::path& folder);

/// @return a value as a field of a CSV file.
std::string FormatCsvField(const SqliteValue& value);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_CSV_EXPORT_H
