// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/results-source.h"

#include "model/record/results-database.h"

#include <sqlite3.h>

namespace ns3::iotfleet
{

namespace
{

std::string
Text(sqlite3_stmt* row, int column)
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
    return bytes ? std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(row, column))) : "";
}

std::optional<double>
Number(sqlite3_stmt* row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL
               ? std::nullopt
               : std::optional(sqlite3_column_double(row, column));
}

void
ReadRunRow(sqlite3_stmt* row, RunRow& run)
{
    run.runId = sqlite3_column_int64(row, 0);
    run.scenarioSha256 = Text(row, 1);
    run.variant = Text(row, 2);
    run.seed = static_cast<uint64_t>(sqlite3_column_int64(row, 3));
    run.rngRun = static_cast<uint64_t>(sqlite3_column_int64(row, 4));
    run.status = Text(row, 5);
    run.wallS = sqlite3_column_double(row, 6);
}

} // namespace

void
ResultsSource::Closer::operator()(sqlite3* db) const
{
    sqlite3_close(db);
}

void
ResultsSource::Closer::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

ResultsSource::ResultsSource(const std::filesystem::path& file)
    : m_file(file)
{
    sqlite3* db = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    m_db.reset(db);
    if (result != SQLITE_OK)
    {
        Fail();
    }
    int64_t id = 0;
    int64_t version = 0;
    const auto take = [](int64_t& value) {
        return [&value](sqlite3_stmt* row) { value = sqlite3_column_int64(row, 0); };
    };
    ForEachRow("PRAGMA application_id", take(id));
    ForEachRow("PRAGMA user_version", take(version));
    if (id != RESULTS_APPLICATION_ID || version != RESULTS_SCHEMA_VERSION)
    {
        throw DatabaseError(file.string() + ": is not a results database of iot-fleet, version " +
                            std::to_string(RESULTS_SCHEMA_VERSION));
    }
}

void
ResultsSource::Fail() const
{
    throw DatabaseError(m_file.string() + ": cannot read it: " + sqlite3_errmsg(m_db.get()));
}

std::vector<std::string>
ResultsSource::GetTables() const
{
    std::vector<std::string> tables;
    ForEachRow("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid",
               [&](sqlite3_stmt* row) { tables.push_back(Text(row, 0)); });
    return tables;
}

void
ResultsSource::ForEachRow(const std::string& sql,
                          const std::function<void(sqlite3_stmt*)>& visit) const
{
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(m_db.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
    {
        Fail();
    }
    const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
    int result = sqlite3_step(raw);
    for (; result == SQLITE_ROW; result = sqlite3_step(raw))
    {
        visit(raw);
    }
    if (result != SQLITE_DONE)
    {
        Fail();
    }
}

std::optional<RunFile>
ReadRunFile(const std::filesystem::path& file)
try
{
    const ResultsSource source(file);
    RunFile content;
    int runs = 0;
    source.ForEachRow("SELECT run_id, scenario_sha256, variant, seed, rng_run, status, wall_s "
                      "FROM run",
                      [&](sqlite3_stmt* row) {
                          ++runs;
                          ReadRunRow(row, content.run);
                      });
    source.ForEachRow("SELECT name, value FROM metric",
                      [&](sqlite3_stmt* row) { content.metrics[Text(row, 0)] = Number(row, 1); });
    return runs == 1 ? std::optional(std::move(content)) : std::nullopt;
}

catch (const DatabaseError&)
{
    return std::nullopt;
}

std::optional<CampaignRow>
ReadCampaignRow(const std::filesystem::path& file)
try
{
    const ResultsSource source(file);
    std::optional<CampaignRow> campaign;
    source.ForEachRow(
        "SELECT run_id, name, plan_sha256, campaign_json, variants, repetitions, stop_reason "
        "FROM campaign",
        [&](sqlite3_stmt* row) {
            campaign.emplace(CampaignRow{sqlite3_column_int64(row, 0),
                                         Text(row, 1),
                                         Text(row, 2),
                                         Text(row, 3),
                                         static_cast<uint64_t>(sqlite3_column_int64(row, 4)),
                                         static_cast<uint64_t>(sqlite3_column_int64(row, 5)),
                                         Text(row, 6)});
        });
    return campaign;
}

catch (const DatabaseError&)
{
    return std::nullopt;
}

} // namespace ns3::iotfleet
