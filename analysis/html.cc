// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/html.h"

#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

/// JSON's own writer is the validated UTF-8 decoder at hand: it replaces what is not UTF-8.
std::string
ToValidUtf8(std::string_view text)
{
    const nlohmann::json value = std::string(text);
    const std::string dumped = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return nlohmann::json::parse(dumped).get<std::string>();
}

std::string_view
AlignClass(HtmlTable::Align align)
{
    return align == HtmlTable::Align::LEFT ? " class=\"text\"" : "";
}

/// A cell's text, with what follows a line feed under the rest.
std::string
CellHtml(std::string_view cell)
{
    const size_t feed = cell.find('\n');
    if (feed == std::string_view::npos)
    {
        return EscapeHtml(cell);
    }
    return "<div>" + EscapeHtml(cell.substr(0, feed)) + "<span class=\"more\">" +
           EscapeHtml(cell.substr(feed + 1)) + "</span></div>";
}

} // namespace

std::string
EscapeHtml(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 16);
    for (const char c : ToValidUtf8(text))
    {
        switch (c)
        {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string
Unbroken(std::string_view quantity)
{
    std::string out;
    for (const char c : quantity)
    {
        if (c == ' ')
        {
            out += "\u00a0";
        }
        else
        {
            out += c;
        }
    }
    return out;
}

std::string
EscapeScriptJson(std::string_view json)
{
    // In JSON a "<" can only stand inside a string, where its escape means the same.
    std::string out;
    out.reserve(json.size());
    for (const char c : json)
    {
        if (c == '<')
        {
            out += "\\u003c";
        }
        else
        {
            out += c;
        }
    }
    return out;
}

HtmlTable::HtmlTable(std::string_view caption)
    : m_caption(EscapeHtml(caption))
{
}

void
HtmlTable::AddColumn(std::string_view heading, Align align)
{
    m_headings.push_back(EscapeHtml(heading));
    m_head +=
        "<th scope=\"col\"" + std::string(AlignClass(align)) + ">" + m_headings.back() + "</th>";
    m_aligns.push_back(align);
}

void
HtmlTable::FoldWhenNarrow()
{
    m_folds = true;
}

void
HtmlTable::AddRow(const std::vector<std::string>& cells)
{
    m_body += "<tr>";
    for (size_t i = 0; i < m_aligns.size(); ++i)
    {
        const std::string text = i < cells.size() ? CellHtml(cells[i]) : "";
        const std::string align(AlignClass(m_aligns[i]));
        const std::string label = m_folds ? " data-label=\"" + m_headings[i] + "\"" : "";
        m_body += i == 0 ? "<th scope=\"row\"" + align + ">" + text + "</th>"
                         : "<td" + align + label + ">" + text + "</td>";
    }
    m_body += "</tr>\n";
}

bool
HtmlTable::IsEmpty() const
{
    return m_body.empty();
}

std::string
HtmlTable::ToHtml() const
{
    return "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"" + m_caption +
           "\"><table" + (m_folds ? " class=\"cards\"" : "") + "><caption>" + m_caption +
           "</caption><thead><tr>" + m_head + "</tr></thead><tbody>\n" + m_body +
           "</tbody></table></div>\n";
}

std::string
Paragraph(std::string_view text)
{
    return "<p>" + EscapeHtml(text) + "</p>\n";
}

std::string
Folded(std::string_view summary, std::string_view html)
{
    return "<details><summary>" + EscapeHtml(summary) + "</summary>" + std::string(html) +
           "</details>\n";
}

std::string
FillTemplate(std::string_view page, const std::map<std::string, std::string>& values)
{
    std::string out;
    size_t at = 0;
    for (size_t open = page.find("{{"); open != std::string_view::npos; open = page.find("{{", at))
    {
        const size_t close = page.find("}}", open);
        out += page.substr(at, open - at);
        out += values.at(std::string(page.substr(open + 2, close - open - 2)));
        at = close + 2;
    }
    out += page.substr(at);
    return out;
}

} // namespace ns3::iotfleet::analysis
