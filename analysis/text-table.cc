// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/text-table.h"

#include <algorithm>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Characters that a terminal shows: all bytes of UTF-8 but continuations.
size_t
Width(const std::string& text)
{
    return static_cast<size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace

TextTable::TextTable(std::vector<std::string> head)
    : m_rows{std::move(head)}
{
}

void
TextTable::Add(std::vector<std::string> cells)
{
    cells.resize(m_rows.front().size());
    m_rows.push_back(std::move(cells));
}

std::string
TextTable::Text() const
{
    std::vector<size_t> widths(m_rows.front().size(), 0);
    for (const auto& row : m_rows)
    {
        for (size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], Width(row[i]));
        }
    }
    std::string text;
    for (const auto& row : m_rows)
    {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i)
        {
            line += row[i] + std::string(widths[i] - Width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace ns3::iotfleet::analysis
