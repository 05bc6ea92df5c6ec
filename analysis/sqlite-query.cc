// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/sqlite-query.h"

#include "analysis/input-error.h"
#include "model/record/results-schema.h"

#include <sqlite3.h>

namespace ns3::iotfleet::analysis
{

namespace
{

int
ReadPragma(sqlite3* db, const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    int value = 0;
    // A file that is not SQLite's fails here; the 0 that is left then is nobody's number.
    if (sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
    {
        value = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

} // namespace

void
SqliteFile::Closer::operator()(sqlite3* db) const
{
    sqlite3_close(db);
}

SqliteFile::SqliteFile(const std::filesystem::path& file)
    : m_file(file)
{
    if (!std::filesystem::exists(file))
    {
        throw InputError(file.string() + ": there is no such file");
    }
    sqlite3* db = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    m_db.reset(db);
    if (result != SQLITE_OK)
    {
        throw InputError(file.string() + ": cannot open it: " + sqlite3_errmsg(db));
    }
    if (ReadPragma(db, "PRAGMA application_id") != RESULTS_APPLICATION_ID)
    {
        throw InputError(file.string() + ": is not a results database of iot-fleet");
    }
    const int version = ReadPragma(db, "PRAGMA user_version");
    if (version != RESULTS_SCHEMA_VERSION)
    {
        throw InputError(file.string() + ": has tables of version " + std::to_string(version) +
                         ", this program reads version " + std::to_string(RESULTS_SCHEMA_VERSION));
    }
    if (ReadPragma(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'run'") == 0)
    {
        throw InputError(file.string() + ": has no tables: it is what a run that was stopped left, "
                                         "or one that is under way");
    }
}

void
SqliteQuery::Finalizer::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

SqliteQuery::SqliteQuery(const SqliteFile& file, const std::string& sql, int64_t runId)
    : m_file(file)
{
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v2(file.m_db.get(), sql.c_str(), -1, &statement, nullptr);
    m_statement.reset(statement);
    if (result != SQLITE_OK)
    {
        throw std::runtime_error(file.m_file.string() +
                                 ": cannot read it: " + sqlite3_errmsg(file.m_db.get()));
    }
    if (sqlite3_bind_parameter_count(statement) > 0)
    {
        sqlite3_bind_int64(statement, 1, runId);
    }
}

bool
SqliteQuery::Next()
{
    const int result = sqlite3_step(m_statement.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE)
    {
        throw std::runtime_error(m_file.m_file.string() +
                                 ": cannot read it: " + sqlite3_errmsg(m_file.m_db.get()));
    }
    return result == SQLITE_ROW;
}

bool
SqliteQuery::IsNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

int64_t
SqliteQuery::GetInteger(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

int
SqliteQuery::CountColumns() const
{
    return sqlite3_column_count(m_statement.get());
}

std::string
SqliteQuery::ColumnName(int column) const
{
    return sqlite3_column_name(m_statement.get(), column);
}

SqliteValue
SqliteQuery::GetValue(int column) const
{
    switch (sqlite3_column_type(m_statement.get(), column))
    {
    case SQLITE_NULL:
        return {};
    case SQLITE_INTEGER:
        return GetInteger(column);
    case SQLITE_FLOAT:
        return sqlite3_column_double(m_statement.get(), column);
    default: {
        std::string text;
        Get(column, text);
        return text;
    }
    }
}

void
SqliteQuery::Get(int column, std::string& value) const
{
    const void* bytes = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    value.assign(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

void
SqliteQuery::Get(int column, double& value) const
{
    value = sqlite3_column_double(m_statement.get(), column);
}

} // namespace ns3::iotfleet::analysis
