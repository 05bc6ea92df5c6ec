// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_RESULTS_SCHEMA_H
#define IOTFLEET_RECORD_RESULTS_SCHEMA_H

#include <string_view>

namespace ns3::iotfleet
{

/// Marks an SQLite file as ours in its header ("iotF"); a file without it is never replaced.
inline constexpr int RESULTS_APPLICATION_ID = 0x696F7446;

/// Version of the tables; raised when a column changes its meaning or goes.
inline constexpr int RESULTS_SCHEMA_VERSION = 1;

/// @return the SQL that creates every table; its comments are the documentation of every column.
std::string_view ResultsSchemaText();

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_RESULTS_SCHEMA_H
