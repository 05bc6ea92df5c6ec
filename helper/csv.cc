// SPDX-License-Identifier: GPL-2.0-only

#include "helper/csv.h"

namespace ns3::iotfleet
{

namespace
{

/** Reads one CSV text from front to back. */
class CsvScanner
{
  public:
    explicit CsvScanner(std::string_view text)
        : m_rest(text)
    {
        if (m_rest.starts_with("\xEF\xBB\xBF"))
        {
            m_rest.remove_prefix(3);
        }
    }

    bool AtEnd() const
    {
        return m_rest.empty();
    }

    /** Skips a comment line if one begins here. */
    bool SkipComment()
    {
        if (!m_rest.starts_with('#'))
        {
            return false;
        }
        const std::size_t end = m_rest.find('\n');
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        ++m_line;
        return true;
    }

    CsvRecord ReadRecord()
    {
        CsvRecord record{m_line, {}, false};
        bool more = true;
        while (more)
        {
            record.fields.push_back(ReadField(record.openQuote));
            more = !m_rest.empty() && m_rest.front() == ',';
            if (!m_rest.empty())
            {
                m_line += m_rest.front() == '\n' ? 1 : 0;
                m_rest.remove_prefix(1);
            }
        }
        return record;
    }

  private:
    static bool IsBlank(char c)
    {
        return c == ' ' || c == '\t' || c == '\r';
    }

    void SkipBlanks()
    {
        while (!m_rest.empty() && IsBlank(m_rest.front()))
        {
            m_rest.remove_prefix(1);
        }
    }

    /** Reads up to the next comma, line break or end, which stays. */
    std::string ReadField(bool& openQuote)
    {
        SkipBlanks();
        std::string field;
        if (!m_rest.empty() && m_rest.front() == '"')
        {
            field = ReadQuoted(openQuote);
        }
        while (!m_rest.empty() && m_rest.front() != ',' && m_rest.front() != '\n')
        {
            field += m_rest.front();
            m_rest.remove_prefix(1);
        }
        while (!field.empty() && IsBlank(field.back()))
        {
            field.pop_back();
        }
        return field;
    }

    std::string ReadQuoted(bool& openQuote)
    {
        m_rest.remove_prefix(1);
        std::string field;
        while (!m_rest.empty())
        {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '"')
            {
                if (m_rest.empty() || m_rest.front() != '"')
                {
                    return field;
                }
                m_rest.remove_prefix(1);
            }
            m_line += c == '\n' ? 1 : 0;
            field += c;
        }
        openQuote = true;
        return field;
    }

    std::string_view m_rest; //!< not read yet
    std::size_t m_line{1};   //!< line at which it begins
};

} // namespace

std::vector<CsvRecord>
ParseCsv(std::string_view text)
{
    std::vector<CsvRecord> records;
    CsvScanner scanner(text);
    while (!scanner.AtEnd())
    {
        if (scanner.SkipComment())
        {
            continue;
        }
        CsvRecord record = scanner.ReadRecord();
        const bool empty = record.fields.size() == 1 && record.fields.front().empty();
        if (!empty || record.openQuote)
        {
            records.push_back(std::move(record));
        }
    }
    return records;
}

} // namespace ns3::iotfleet
