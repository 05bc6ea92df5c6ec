// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/csv-export.h"

#include "analysis/input-error.h"
#include "model/record/durable-file.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>
#include <stdexcept>

namespace ns3::iotfleet::analysis
{

namespace
{

namespace fs = std::filesystem;

std::string
FormatReal(double value)
{
    if (!std::isfinite(value)) // SQLite keeps infinities, and has no word for them either
    {
        return value > 0 ? "inf" : "-inf";
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string
QuoteText(const std::string& text)
{
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted += c;
        if (c == '"')
        {
            quoted += c;
        }
    }
    return quoted + '"';
}

/// A name as SQL takes it whatever its letters are.
std::string
QuoteName(const std::string& name)
{
    std::string quoted = "\"";
    for (const char c : name)
    {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::vector<std::string>
ListTables(const SqliteFile& file)
{
    SqliteQuery query(file,
                      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT "
                      "LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name");
    std::vector<std::string> names;
    while (query.Next())
    {
        query.Read(names.emplace_back());
    }
    return names;
}

uint64_t
WriteTable(const SqliteFile& file, const std::string& table, const fs::path& path)
{
    SqliteQuery query(file, "SELECT * FROM " + QuoteName(table));
    std::ofstream out(path, std::ios::binary);
    const int columns = query.CountColumns();
    for (int i = 0; i < columns; ++i)
    {
        out << (i > 0 ? "," : "") << QuoteText(query.ColumnName(i));
    }
    out << "\r\n";
    uint64_t rows = 0;
    for (; query.Next(); ++rows)
    {
        for (int i = 0; i < columns; ++i)
        {
            out << (i > 0 ? "," : "") << FormatCsvField(query.GetValue(i));
        }
        out << "\r\n";
    }
    out.close();
    if (!out)
    {
        throw std::runtime_error(path.string() + ": cannot write it");
    }
    return rows;
}

/// Refuses a folder in which something would be mixed up with the export.
void
RequireOwnFolder(const fs::path& folder, const std::set<std::string>& ours)
{
    if (!fs::exists(folder))
    {
        const fs::path above = folder.parent_path();
        if (!above.empty() && !fs::is_directory(above))
        {
            throw InputError(folder.string() + ": found no folder " + above.string() +
                             ", expected one that exists");
        }
        return;
    }
    if (!fs::is_directory(folder))
    {
        throw InputError(folder.string() + ": is no folder; expected one that is absent or empty");
    }
    for (const auto& entry : fs::directory_iterator(folder))
    {
        const std::string name = entry.path().filename().string();
        if (!ours.contains(name) || !entry.is_regular_file())
        {
            throw InputError(folder.string() + ": holds \"" + name +
                             "\", which is no file of an export; expected a folder that is absent, "
                             "empty or of an earlier export");
        }
    }
}

/// A folder for files that are not whole yet; what is left in it goes with it.
class PartialFolder
{
  public:
    explicit PartialFolder(const fs::path& folder)
        : m_path(PartialNameOf(folder))
    {
        fs::remove_all(m_path);
        fs::create_directory(m_path);
    }

    ~PartialFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }

    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;

    const fs::path& GetPath() const
    {
        return m_path;
    }

  private:
    fs::path m_path;
};

/// The folder without a slash at its end, so that a name can be made of it.
fs::path
Normalise(const fs::path& folder)
{
    const fs::path plain = folder.lexically_normal();
    return plain.has_filename() ? plain : plain.parent_path();
}

/// Writes the tables beside the folder and moves them there when all are whole.
std::vector<ExportedTable>
WriteTables(const SqliteFile& file, const std::vector<std::string>& names, const fs::path& target)
{
    const PartialFolder partial(target);
    std::vector<ExportedTable> tables;
    for (const std::string& name : names)
    {
        tables.push_back({name, WriteTable(file, name, partial.GetPath() / (name + ".csv"))});
    }
    if (!fs::exists(target))
    {
        fs::rename(partial.GetPath(), target);
        return tables;
    }
    for (const std::string& name : names)
    {
        fs::rename(partial.GetPath() / (name + ".csv"), target / (name + ".csv"));
    }
    return tables;
}

} // namespace

std::string
FormatCsvField(const SqliteValue& value)
{
    if (const auto* integer = std::get_if<int64_t>(&value))
    {
        return std::to_string(*integer);
    }
    if (const auto* real = std::get_if<double>(&value))
    {
        return FormatReal(*real);
    }
    const auto* text = std::get_if<std::string>(&value);
    return text ? QuoteText(*text) : "";
}

std::vector<ExportedTable>
ExportCsv(const fs::path& database, const fs::path& folder)
{
    const SqliteFile file(database);
    const fs::path target = Normalise(folder);
    const auto names = ListTables(file);
    std::set<std::string> files;
    for (const std::string& name : names)
    {
        files.insert(name + ".csv");
    }
    try
    {
        RequireOwnFolder(target, files);
        return WriteTables(file, names, target);
    }
    catch (const fs::filesystem_error& error)
    {
        throw std::runtime_error(target.string() + ": cannot write it: " + error.code().message());
    }
}

} // namespace ns3::iotfleet::analysis
