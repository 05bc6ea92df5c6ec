// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/results-database.h"

#include "model/record/durable-file.h"
#include "model/record/file-kind.h"
#include "model/record/row-tables.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <sqlite3.h>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

int
Bind(sqlite3_stmt* statement, int index, const std::string& text)
{
    // SQLITE_STATIC (a null pointer): the row outlives the step that follows at once.
    return sqlite3_bind_text(statement,
                             index,
                             text.data(),
                             static_cast<int>(text.size()),
                             static_cast<sqlite3_destructor_type>(nullptr));
}

template <class Number>
requires std::is_arithmetic_v<Number>

int
Bind(sqlite3_stmt* statement, int index, Number value)
{
    if constexpr (std::is_floating_point_v<Number>)
    {
        return sqlite3_bind_double(statement, index, value);
    }
    else
    {
        return sqlite3_bind_int64(statement, index, static_cast<sqlite3_int64>(value));
    }
}

template <class Value>
int
Bind(sqlite3_stmt* statement, int index, const std::optional<Value>& value)
{
    return value ? Bind(statement, index, *value) : sqlite3_bind_null(statement, index);
}

} // namespace

void
RefuseForeignFile(const std::filesystem::path& file)
{
    switch (LookAtFile(file))
    {
    case FileKind::ABSENT:
    case FileKind::RESULTS:
        return;
    case FileKind::FOLDER:
    case FileKind::SPECIAL:
        throw DatabaseError(file.string() + ": exists and is not a regular file; choose another " +
                            "name for the results database");
    case FileKind::SQLITE:
    case FileKind::PLAIN:
        throw DatabaseError(file.string() + ": exists and is not a results database of " +
                            "iot-fleet; it is left as it is, choose another name");
    }
}

void
ResultsDatabase::Closer::operator()(sqlite3* db) const
{
    sqlite3_close(db);
}

void
ResultsDatabase::Closer::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

ResultsDatabase::ResultsDatabase(std::filesystem::path file)
    : m_file(std::move(file)),
      m_partial(PartialNameOf(m_file))
{
    if (m_file.filename().empty())
    {
        throw DatabaseError("'" + m_file.string() + "' is not a file name for a results database");
    }
    RefuseForeignFile(m_file);
    std::error_code ignored;
    std::filesystem::remove(m_partial, ignored); // of a killed process that had our number
    try
    {
        Open();
    }
    catch (...)
    {
        Discard();
        throw;
    }
}

ResultsDatabase::~ResultsDatabase()
{
    if (m_db)
    {
        Discard();
    }
}

void
ResultsDatabase::Open()
{
    sqlite3* db = nullptr;
    const int result = sqlite3_open_v2(m_partial.c_str(),
                                       &db,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                       nullptr);
    m_db.reset(db);
    if (result != SQLITE_OK)
    {
        Fail("create it");
    }
    // No journal and no flushing before Commit(): a partial file is worthless to anybody anyway.
    Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
            "PRAGMA cache_size = -16384; PRAGMA application_id = " +
            std::to_string(RESULTS_APPLICATION_ID) +
            "; PRAGMA user_version = " + std::to_string(RESULTS_SCHEMA_VERSION));
    Execute("BEGIN");
    Execute(std::string(ResultsSchemaText()));
}

void
ResultsDatabase::Discard() noexcept
{
    m_inserts.clear();
    m_db.reset();
    std::error_code ignored;
    std::filesystem::remove(m_partial, ignored);
}

void
ResultsDatabase::Fail(const std::string& action) const
{
    std::string reason = sqlite3_errmsg(m_db.get());
    const int code = sqlite3_errcode(m_db.get());
    const int systemErrno = sqlite3_system_errno(m_db.get());
    if (code == SQLITE_FULL)
    {
        reason = "the disk is full";
    }
    else if ((code == SQLITE_CANTOPEN || code == SQLITE_IOERR) && systemErrno != 0)
    {
        reason = std::strerror(systemErrno);
    }
    throw DatabaseError(m_partial.string() + ": cannot " + action + ": " + reason);
}

void
ResultsDatabase::Execute(const std::string& sql)
{
    if (sqlite3_exec(m_db.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    {
        Fail("write to it");
    }
}

ResultsDatabase::Statement
ResultsDatabase::Prepare(const std::string& sql)
{
    if (!m_db)
    {
        throw DatabaseError(m_file.string() + ": is complete, nothing can be added to it");
    }
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(m_db.get(),
                                          sql.c_str(),
                                          static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT,
                                          &statement,
                                          nullptr);
    if (result != SQLITE_OK)
    {
        Fail("write to it");
    }
    return Statement(statement);
}

void
ResultsDatabase::Step(sqlite3_stmt* statement)
{
    const int result = sqlite3_step(statement);
    if (result != SQLITE_DONE)
    {
        Fail("write to it");
    }
    sqlite3_reset(statement);
}

template <TableRow Row>
void
ResultsDatabase::Insert(const Row& row)
{
    const auto columns = RowTable<Row>::Columns(row);
    Statement& statement = m_inserts[RowTable<Row>::NAME];
    if (!statement)
    {
        std::string marks = "?";
        for (size_t i = 1; i < std::tuple_size_v<decltype(columns)>; ++i)
        {
            marks += ",?";
        }
        statement =
            Prepare("INSERT INTO " + std::string(RowTable<Row>::NAME) + " VALUES (" + marks + ")");
    }
    const auto bind = [&statement](const auto&... values) {
        int index = 0;
        return (... && (Bind(statement.get(), ++index, values) == SQLITE_OK));
    };
    if (!std::apply(bind, columns))
    {
        Fail("write to it");
    }
    Step(statement.get());
}

int64_t
ResultsDatabase::AddRun(const RunRow& row)
{
    RunRow numbered = row;
    numbered.runId = row.runId == 0 ? m_lastRunId + 1 : row.runId;
    Insert(numbered);
    m_lastRunId = std::max(m_lastRunId, numbered.runId);
    return numbered.runId;
}

void
ResultsDatabase::FinishRun(int64_t runId, const RunEnd& end)
{
    const Statement update =
        Prepare("UPDATE run SET status = ?, sim_s = ?, wall_s = ?, events = ?, peak_rss_bytes = ?, "
                "rollout_start_s = coalesce(?, rollout_start_s) WHERE run_id = ?");
    int index = 0;
    const auto bind = [&](const auto& value) { Bind(update.get(), ++index, value); };
    bind(end.status);
    bind(end.simS);
    bind(end.wallS);
    bind(end.events);
    bind(end.peakRssBytes);
    bind(end.rolloutStartS);
    bind(runId);
    Step(update.get());
    if (sqlite3_changes(m_db.get()) != 1)
    {
        throw DatabaseError(m_partial.string() + ": has no run " + std::to_string(runId));
    }
}

void
ResultsDatabase::Correct(int64_t runId, const std::vector<GivenUpCorrection>& corrections)
{
    if (corrections.empty())
    {
        return;
    }
    Execute("CREATE TEMP TABLE correction (device_id INTEGER, t_s REAL, "
            "PRIMARY KEY (device_id, t_s)) WITHOUT ROWID");
    {
        const Statement insert = Prepare("INSERT OR IGNORE INTO temp.correction VALUES (?,?)");
        for (const auto& correction : corrections)
        {
            Bind(insert.get(), 1, correction.deviceId);
            Bind(insert.get(), 2, correction.tS);
            Step(insert.get());
        }
        const Statement update = Prepare(
            "UPDATE given_up SET corrected_s = (SELECT min(t_s) FROM temp.correction AS c "
            "WHERE c.device_id = given_up.device_id AND c.t_s >= given_up.t_s) WHERE run_id = ?");
        Bind(update.get(), 1, runId);
        Step(update.get());
    }
    Execute("DROP TABLE temp.correction");
}

void
ResultsDatabase::Add(const MetricRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const DeviceRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const TransitionRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const DeviceEventRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const ProgressRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const WaveRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const GatewayRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const SessionRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const AlarmRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const QuarantineRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const GatewayHourRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const FailureRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const GivenUpRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const ExpectationRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const CostRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const FaultRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const RunParameterRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const RunFailureRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Add(const CampaignRow& row)
{
    Insert(row);
}

void
ResultsDatabase::Commit()
{
    if (!m_db)
    {
        throw DatabaseError(m_file.string() + ": was completed before");
    }
    Execute("COMMIT");
    m_inserts.clear();
    m_db.reset();
    try
    {
        PublishDurably(m_partial, m_file);
    }
    catch (const DatabaseError&)
    {
        Discard();
        throw;
    }
}

const std::filesystem::path&
ResultsDatabase::GetPartialFile() const
{
    return m_partial;
}

} // namespace ns3::iotfleet
