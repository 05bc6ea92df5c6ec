// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_CSV_ROWS_H
#define IOTFLEET_TEST_CSV_ROWS_H

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/**
 * @file
 * Tables of measurements: comma-separated, no quotes, names of columns in the first line.
 */
namespace ns3::iotfleet::test
{

/** A row of a CSV by the names of its columns; cells that a short line lacks are absent. */
using CsvRow = std::map<std::string, std::string>;

/** @return the cells of a line. */
inline std::vector<std::string>
SplitCsv(const std::string& line)
{
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');)
    {
        cells.push_back(cell);
    }
    return cells;
}

/**
 * @param path of a table
 * @return its rows in the file's order; commas in the last column belong to its text
 */
inline std::vector<CsvRow>
ReadCsv(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    const auto names = SplitCsv(line);
    std::vector<CsvRow> rows;
    while (std::getline(file, line))
    {
        const auto cells = SplitCsv(line);
        CsvRow row;
        for (std::size_t i = 0; i < cells.size(); ++i)
        {
            if (i < names.size())
            {
                row[names[i]] = cells[i];
            }
            else
            {
                row[names.back()] += "," + cells[i];
            }
        }
        rows.push_back(row);
    }
    return rows;
}

/** @return a cell as a number. */
inline double
Number(const CsvRow& row, const std::string& column)
{
    return std::stod(row.at(column));
}

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_CSV_ROWS_H
