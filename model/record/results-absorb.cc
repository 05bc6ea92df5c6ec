// SPDX-License-Identifier: GPL-2.0-only

// Joins results databases: ResultsDatabase::Absorb().

#include "model/record/results-database.h"
#include "model/record/results-source.h"

#include <sqlite3.h>

namespace ns3::iotfleet
{

namespace
{

std::string
InsertText(const std::string& table, int columns)
{
    std::string marks = "?";
    for (int i = 1; i < columns; ++i)
    {
        marks += ",?";
    }
    return "INSERT INTO \"" + table + "\" VALUES (" + marks + ")";
}

} // namespace

void
ResultsDatabase::Absorb(const std::filesystem::path& file)
{
    const ResultsSource source(file);
    for (const std::string& table : source.GetTables())
    {
        Statement insert;
        // The order of the rows is the source's own, which is that of the key where there is one.
        source.ForEachRow("SELECT * FROM \"" + table + "\"", [&](sqlite3_stmt* row) {
            const int columns = sqlite3_column_count(row);
            if (!insert)
            {
                insert = Prepare(InsertText(table, columns));
            }
            for (int i = 0; i < columns; ++i)
            {
                sqlite3_bind_value(insert.get(), i + 1, sqlite3_column_value(row, i));
            }
            Step(insert.get());
        });
    }
}

} // namespace ns3::iotfleet
