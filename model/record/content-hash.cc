// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/content-hash.h"

#include "model/record/results-database.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <openssl/evp.h>
#include <span>
#include <sqlite3.h>
#include <string_view>
#include <vector>

namespace ns3::iotfleet
{

namespace
{

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

/// SHA-256 over values that are each preceded by their type and length, so that no two different
/// sequences of values are the same sequence of bytes.
class ValueHasher
{
  public:
    ValueHasher()
        : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr);
    }

    void Add(char type, std::string_view bytes)
    {
        AddInteger(type, static_cast<int64_t>(bytes.size()));
        EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
    }

    void AddInteger(char type, int64_t value)
    {
        std::array<unsigned char, 9> bytes{static_cast<unsigned char>(type)};
        for (size_t i = 1; i < bytes.size(); ++i)
        {
            bytes[i] = static_cast<unsigned char>(static_cast<uint64_t>(value) >> (8 * (i - 1)));
        }
        EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
    }

    std::string Finish()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(m_context.get(), digest.data(), &size);
        std::string text;
        for (const unsigned char byte : std::span(digest).first(size))
        {
            constexpr std::string_view DIGITS = "0123456789abcdef";
            text += DIGITS[byte >> 4U];
            text += DIGITS[byte & 15U];
        }
        return text;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};

[[noreturn]] void
Fail(const std::filesystem::path& file, sqlite3* db)
{
    throw DatabaseError(file.string() + ": cannot read it: " + sqlite3_errmsg(db));
}

Connection
OpenResults(const std::filesystem::path& file)
{
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    Connection db(raw, &sqlite3_close);
    if (result != SQLITE_OK)
    {
        Fail(file, db.get());
    }
    return db;
}

Statement
Prepare(const std::filesystem::path& file, sqlite3* db, const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    {
        Fail(file, db);
    }
    return {statement, &sqlite3_finalize};
}

/// Runs `sql` and calls `row(statement)` for each row of its result.
template <class Row>
void
ForEachRow(const std::filesystem::path& file, sqlite3* db, const std::string& sql, const Row& row)
{
    const Statement statement = Prepare(file, db, sql);
    int result = sqlite3_step(statement.get());
    for (; result == SQLITE_ROW; result = sqlite3_step(statement.get()))
    {
        row(statement.get());
    }
    if (result != SQLITE_DONE)
    {
        Fail(file, db);
    }
}

std::string
Text(sqlite3_stmt* statement, int column)
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
    return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement, column))};
}

void
AddValue(ValueHasher& hasher, sqlite3_stmt* statement, int column)
{
    switch (sqlite3_column_type(statement, column))
    {
    case SQLITE_NULL:
        hasher.AddInteger('n', 0);
        break;
    case SQLITE_INTEGER:
        hasher.AddInteger('i', sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT:
        hasher.AddInteger('r',
                          std::bit_cast<int64_t>(sqlite3_column_double(statement, column) + 0.0));
        break;
    default:
        hasher.Add('t', Text(statement, column));
    }
}

bool
IsLeftOut(const std::string& table, const std::string& column, HashScope scope)
{
    if (table != "run")
    {
        return false;
    }
    const bool isText = column == "scenario_json" || column == "scenario_sha256";
    return column == "wall_s" || column == "peak_rss_bytes" || column == "started_at" ||
           (scope != HashScope::ALL && isText) ||
           (scope == HashScope::BEHAVIOUR && column.ends_with("_version"));
}

/// The query that gives what counts of one table. Rows without a key of their own (`transition`,
/// `alarm`, `failure`) come in the order of all their columns.
std::string
MakeQuery(const std::filesystem::path& file, sqlite3* db, const std::string& table, HashScope scope)
{
    std::string columns;
    ForEachRow(file,
               db,
               "SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid",
               [&](sqlite3_stmt* row) {
                   const std::string name = Text(row, 0);
                   if (!IsLeftOut(table, name, scope))
                   {
                       columns += (columns.empty() ? "\"" : ", \"") + name + "\"";
                   }
               });
    const std::string_view where =
        table == "metric" ? " WHERE name NOT IN ('wall_s', 'peak_rss_bytes')" : "";
    // The large table with a key is read in its own order, without sorting.
    const std::string order = table == "device" ? "run_id, device_id" : columns;
    return "SELECT " + columns + " FROM \"" + table + "\"" + std::string(where) + " ORDER BY " +
           order;
}

} // namespace

std::string
ContentSha256(const std::filesystem::path& database, HashScope scope)
{
    const Connection db = OpenResults(database);
    bool ours = false;
    ForEachRow(database, db.get(), "PRAGMA application_id", [&](sqlite3_stmt* row) {
        ours = sqlite3_column_int(row, 0) == RESULTS_APPLICATION_ID;
    });
    if (!ours)
    {
        throw DatabaseError(database.string() + ": is not a results database of iot-fleet");
    }
    std::vector<std::string> tables;
    ForEachRow(database,
               db.get(),
               "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
               [&](sqlite3_stmt* row) { tables.push_back(Text(row, 0)); });
    if (scope == HashScope::WITHOUT_TRANSITIONS)
    {
        std::erase(tables, "transition");
    }
    if (scope == HashScope::BEHAVIOUR)
    {
        std::erase(tables, "expectation");
    }
    ValueHasher hasher;
    for (const std::string& table : tables)
    {
        hasher.Add('T', table);
        ForEachRow(database,
                   db.get(),
                   MakeQuery(database, db.get(), table, scope),
                   [&](sqlite3_stmt* row) {
                       hasher.AddInteger('R', sqlite3_column_count(row));
                       for (int i = 0; i < sqlite3_column_count(row); ++i)
                       {
                           AddValue(hasher, row, i);
                       }
                   });
    }
    return hasher.Finish();
}

} // namespace ns3::iotfleet
