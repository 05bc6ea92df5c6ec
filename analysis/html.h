// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_HTML_H
#define IOTFLEET_ANALYSIS_HTML_H

#include <map>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * Pieces of HTML from data. Everything that comes from a scenario or an inventory goes through
 * EscapeHtml() or EscapeScriptJson(), without exception.
 */
namespace ns3::iotfleet::analysis
{

/// @return text with the five characters that HTML gives a meaning replaced; bytes that are not
/// UTF-8 become the replacement character.
std::string EscapeHtml(std::string_view text);

/// @return a quantity that no line is broken in: its blanks become no-break spaces.
std::string Unbroken(std::string_view quantity);

/// @return JSON that can stand inside a script element: no "</", "<!--" or "<script" is left.
std::string EscapeScriptJson(std::string_view json);

/// A table whose cells are text (escaped) and whose first column heads the rows. It does not know
/// what the cells mean.
class HtmlTable
{
  public:
    /// Where a column's text stands: words on the left, numbers on the right.
    enum class Align
    {
        LEFT,
        RIGHT
    };

    /// `caption` is text; it tells screen readers what the table is.
    explicit HtmlTable(std::string_view caption);

    void AddColumn(std::string_view heading, Align align = Align::RIGHT);

    /// In a narrow window each row becomes a card that names its cells, instead of a row to scroll
    /// in. Before the first row.
    void FoldWhenNarrow();

    /// One row; fewer cells than columns leave the rest empty. What follows a line feed in a cell
    /// stands under the rest, smaller, such as the interval of a mean.
    void AddRow(const std::vector<std::string>& cells);

    bool IsEmpty() const;
    std::string ToHtml() const;

  private:
    std::string m_caption;
    std::string m_head;
    std::string m_body;
    std::vector<Align> m_aligns;
    std::vector<std::string> m_headings; ///< escaped
    bool m_folds{false};
};

/// @return "<p>text</p>" with the text escaped.
std::string Paragraph(std::string_view text);

/// @return a part that is folded until the reader opens it; `html` is inserted as it is.
std::string Folded(std::string_view summary, std::string_view html);

/// @return `page` with each {{name}} replaced by values.at(name), in one pass: braces inside a
/// value stay as they are.
std::string FillTemplate(std::string_view page, const std::map<std::string, std::string>& values);

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_HTML_H
