// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_TEXT_TABLE_H
#define IOTFLEET_ANALYSIS_TEXT_TABLE_H

#include <string>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// A table for a terminal: columns as wide as their widest cell, two blanks between them.
class TextTable
{
  public:
    /// @param head titles of the columns
    explicit TextTable(std::vector<std::string> head);

    /// @param cells as many as there are columns
    void Add(std::vector<std::string> cells);

    /// @return the lines, each with its end of line and without trailing blanks
    std::string Text() const;

  private:
    std::vector<std::vector<std::string>> m_rows; ///< the head first
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_TEXT_TABLE_H
