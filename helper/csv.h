// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CSV_H
#define IOTFLEET_HELPER_CSV_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

/** One record of a CSV file. */
struct CsvRecord
{
    std::size_t line{0};             //!< line of the file on which it begins, from 1
    std::vector<std::string> fields; //!< without quotes and outer blanks
    bool openQuote{false};           //!< the file ends inside quotes
};

/**
 * Reads comma-separated values (RFC 4180: quotes, doubled quotes, line breaks inside quotes, LF or
 * CRLF). Empty lines and lines that begin with `#` are left out, as is a byte order mark.
 *
 * @param text the file
 * @return its records, the header included
 */
std::vector<CsvRecord> ParseCsv(std::string_view text);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CSV_H
