// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/results-reader.h"

#include "analysis/input-error.h"
#include "model/record/row-tables.h"

#include <string>
#include <tuple>

namespace ns3::iotfleet::analysis
{

namespace
{

template <TableRow Row>
void
ReadColumns(const SqliteQuery& query, Row& row)
{
    std::apply([&query](auto&... columns) { query.Read(columns...); }, RowTable<Row>::Columns(row));
}

/// Reads all rows of a query that gives a table's columns in their order.
template <TableRow Row>
std::vector<Row>
ReadAll(SqliteQuery query)
{
    std::vector<Row> rows;
    while (query.Next())
    {
        ReadColumns(query, rows.emplace_back());
    }
    return rows;
}

/// One run's rows of a table; the order is that of the table's key.
template <TableRow Row>
SqliteQuery
SelectRun(const SqliteFile& file, int64_t runId, const std::string& order)
{
    return {file,
            "SELECT * FROM " + std::string(RowTable<Row>::NAME) + " WHERE run_id = ? ORDER BY " +
                order,
            runId};
}

template <TableRow Row>
std::vector<Row>
ReadRun(const SqliteFile& file, int64_t runId, const std::string& order)
{
    return ReadAll<Row>(SelectRun<Row>(file, runId, order));
}

template <TableRow Row>
void
ForEachOfRun(const SqliteFile& file,
             int64_t runId,
             const std::string& order,
             const std::function<void(const Row&)>& visit)
{
    auto query = SelectRun<Row>(file, runId, order);
    Row row;
    while (query.Next())
    {
        ReadColumns(query, row);
        visit(row);
    }
}

/// The name of a column, or NULL in databases that were written before it was added.
std::string
NameOrNull(const SqliteFile& file, const std::string& table, const std::string& column)
{
    SqliteQuery query(file,
                      "SELECT 1 FROM pragma_table_info('" + table + "') WHERE name = '" + column +
                          "'");
    return query.Next() ? column : "NULL";
}

} // namespace

ResultsReader::ResultsReader(const std::filesystem::path& file)
    : m_file(file)
{
    // Without the scenario's text, which may be long: GetScenarioJson() reads it.
    m_runs = ReadAll<RunRow>(SqliteQuery(
        m_file,
        std::string("SELECT run_id, scenario, scenario_sha256, '', variant, seed, rng_run, status, "
                    "devices, "
                    "sim_s, wall_s, events, peak_rss_bytes, tool_version, ns3_version, started_at, "
                    "rollout_start_s, target_firmware, ") +
            NameOrNull(m_file, "run", "zstd_version") + " FROM run ORDER BY run_id"));
    if (m_runs.empty())
    {
        throw InputError(file.string() + ": holds no run");
    }
}

const std::vector<RunRow>&
ResultsReader::GetRuns() const
{
    return m_runs;
}

std::string
ResultsReader::GetScenarioJson(int64_t runId) const
{
    SqliteQuery query(m_file, "SELECT scenario_json FROM run WHERE run_id = ?", runId);
    std::string text;
    if (query.Next())
    {
        query.Read(text);
    }
    return text;
}

std::vector<MetricRow>
ResultsReader::ReadMetrics(int64_t runId) const
{
    return ReadRun<MetricRow>(m_file, runId, "name");
}

std::vector<ProgressRow>
ResultsReader::ReadProgress(int64_t runId) const
{
    return ReadRun<ProgressRow>(m_file, runId, "t_s");
}

std::vector<WaveRow>
ResultsReader::ReadWaves(int64_t runId) const
{
    return ReadRun<WaveRow>(m_file, runId, "wave");
}

std::vector<GatewayRow>
ResultsReader::ReadGateways(int64_t runId) const
{
    return ReadRun<GatewayRow>(m_file, runId, "gateway_id");
}

std::vector<SessionRow>
ResultsReader::ReadSessions(int64_t runId) const
{
    return ReadRun<SessionRow>(m_file, runId, "session_id");
}

std::vector<QuarantineRow>
ResultsReader::ReadQuarantine(int64_t runId) const
{
    return ReadRun<QuarantineRow>(m_file, runId, "device_id, entered_s");
}

std::vector<GatewayHourRow>
ResultsReader::ReadGatewayHours(int64_t runId) const
{
    return ReadRun<GatewayHourRow>(m_file, runId, "gateway_id, hour, band");
}

std::vector<ExpectationRow>
ResultsReader::ReadExpectations(int64_t runId) const
{
    return ReadRun<ExpectationRow>(m_file, runId, "rowid");
}

std::vector<FaultRow>
ResultsReader::ReadFaults(int64_t runId) const
{
    if (!HasTable("fault")) // written before scenarios composed faults
    {
        return {};
    }
    return ReadRun<FaultRow>(m_file, runId, "fault, started_s, subject");
}

std::vector<CostRow>
ResultsReader::ReadCosts(int64_t runId) const
{
    if (!HasTable("cost")) // written before runs counted costs
    {
        return {};
    }
    return ReadRun<CostRow>(m_file, runId, "rowid");
}

std::vector<RunFailureRow>
ResultsReader::ReadRunFailures() const
{
    return ReadAll<RunFailureRow>(SqliteQuery(m_file, "SELECT * FROM run_failure ORDER BY run_id"));
}

std::optional<CampaignRow>
ResultsReader::ReadCampaign() const
{
    const auto rows = ReadAll<CampaignRow>(SqliteQuery(m_file, "SELECT * FROM campaign"));
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::vector<std::pair<std::string, std::string>>
ResultsReader::ReadParameters(int64_t runId) const
{
    std::vector<std::pair<std::string, std::string>> parameters;
    if (!HasTable("run_parameter"))
    {
        return parameters;
    }
    SqliteQuery query(m_file,
                      "SELECT pointer, value FROM run_parameter WHERE run_id = ? ORDER BY pointer",
                      runId);
    while (query.Next())
    {
        auto& [pointer, value] = parameters.emplace_back();
        query.Read(pointer, value);
    }
    return parameters;
}

void
ResultsReader::ForEachDevice(int64_t runId,
                             const std::function<void(const DeviceRow&)>& visit) const
{
    ForEachOfRun<DeviceRow>(m_file, runId, "device_id", visit);
}

bool
ResultsReader::HasTable(const std::string& name) const
{
    return SqliteQuery(m_file, "SELECT 1 FROM sqlite_schema WHERE name = '" + name + "'").Next();
}

void
ResultsReader::ForEachDeviceEvent(int64_t runId,
                                  const std::function<void(const DeviceEventRow&)>& visit) const
{
    if (!HasTable("device_event"))
    {
        return;
    }
    ForEachOfRun<DeviceEventRow>(m_file, runId, "rowid", visit);
}

void
ResultsReader::ForEachFailure(int64_t runId,
                              const std::function<void(const FailureRow&)>& visit) const
{
    ForEachOfRun<FailureRow>(m_file, runId, "t_s, device_id", visit);
}

void
ResultsReader::ForEachGivenUp(int64_t runId,
                              const std::function<void(const GivenUpRow&)>& visit) const
{
    if (HasTable("given_up"))
    {
        SqliteQuery query(m_file,
                          "SELECT run_id, device_id, t_s, belief, cause, detail, " +
                              NameOrNull(m_file, "given_up", "corrected_s") +
                              " FROM given_up WHERE run_id = ? ORDER BY t_s, device_id",
                          runId);
        GivenUpRow row;
        while (query.Next())
        {
            ReadColumns(query, row);
            visit(row);
        }
    }
}

uint64_t
ResultsReader::CountAlarms(int64_t runId, bool isTrue) const
{
    SqliteQuery query(m_file,
                      std::string("SELECT count(*) FROM alarm WHERE run_id = ? AND is_true = ") +
                          (isTrue ? "1" : "0"),
                      runId);
    uint64_t count = 0;
    if (query.Next())
    {
        query.Read(count);
    }
    return count;
}

} // namespace ns3::iotfleet::analysis
