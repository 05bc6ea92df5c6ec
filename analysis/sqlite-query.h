// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_SQLITE_QUERY_H
#define IOTFLEET_ANALYSIS_SQLITE_QUERY_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace ns3::iotfleet::analysis
{

/// A results database opened for reading. It checks that the file is one of ours, in the version of
/// the tables that this program knows; it does not know the tables (results-reader.h does).
class SqliteFile
{
  public:
    /// @throw InputError if `file` is not there or not a results database of this version.
    explicit SqliteFile(const std::filesystem::path& file);

    /// @return the file, as the user named it.
    const std::filesystem::path& Path() const
    {
        return m_file;
    }

  private:
    friend class SqliteQuery;

    struct Closer
    {
        void operator()(sqlite3* db) const;
    };

    std::filesystem::path m_file;
    std::unique_ptr<sqlite3, Closer> m_db;
};

/// A value as SQLite holds it: NULL, integer, real or text.
using SqliteValue = std::variant<std::monostate, int64_t, double, std::string>;

/**
 * A query under way: Next() steps to the next row, Read() copies its columns from left to right
 * into typed variables, where std::optional takes NULL. Errors of the database are
 * std::runtime_error.
 */
class SqliteQuery
{
  public:
    /// `runId` fills the one parameter of `sql`, if it has one.
    SqliteQuery(const SqliteFile& file, const std::string& sql, int64_t runId = 0);

    /// @return false after the last row.
    bool Next();

    template <class... Values>
    void Read(Values&... values) const
    {
        int column = 0;
        (Get(column++, values), ...);
    }

    /// @name For those who do not know the columns.
    ///@{
    int CountColumns() const;
    std::string ColumnName(int column) const;
    SqliteValue GetValue(int column) const;
    ///@}

  private:
    struct Finalizer
    {
        void operator()(sqlite3_stmt* statement) const;
    };

    bool IsNull(int column) const;
    int64_t GetInteger(int column) const;
    void Get(int column, std::string& value) const;
    void Get(int column, double& value) const;

    template <class Integer>
    requires std::is_integral_v<Integer>

    void Get(int column, Integer& value) const
    {
        value = static_cast<Integer>(GetInteger(column));
    }

    template <class Value>
    void Get(int column, std::optional<Value>& value) const
    {
        if (IsNull(column))
        {
            value.reset();
            return;
        }
        Get(column, value.emplace());
    }

    const SqliteFile& m_file;
    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_SQLITE_QUERY_H
