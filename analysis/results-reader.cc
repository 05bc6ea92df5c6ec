// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/results-reader.h"

#include "analysis/input-error.h"

#include <string>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Reads all rows of a query; `read` copies the columns of one into a row.
template <class Row, class Read>
std::vector<Row>
ReadAll(SqliteQuery query, const Read& read)
{
    std::vector<Row> rows;
    while (query.Next())
    {
        read(query, rows.emplace_back());
    }
    return rows;
}

/// All columns of `table` for one run; the order is that of the table's key.
std::string
SelectRun(const std::string& table, const std::string& order)
{
    return "SELECT * FROM " + table + " WHERE run_id = ? ORDER BY " + order;
}

} // namespace

ResultsReader::ResultsReader(const std::filesystem::path& file)
    : m_file(file)
{
    m_runs = ReadAll<RunRow>(
        SqliteQuery(m_file,
                    "SELECT run_id, scenario, scenario_sha256, variant, seed, rng_run, status, "
                    "devices, sim_s, wall_s, events, peak_rss_bytes, tool_version, ns3_version, "
                    "started_at, rollout_start_s, target_firmware FROM run ORDER BY run_id"),
        [](const SqliteQuery& query, RunRow& row) {
            query.Read(row.runId,
                       row.scenario,
                       row.scenarioSha256,
                       row.variant,
                       row.seed,
                       row.rngRun,
                       row.status,
                       row.devices,
                       row.simS,
                       row.wallS,
                       row.events,
                       row.peakRssBytes,
                       row.toolVersion,
                       row.ns3Version,
                       row.startedAt,
                       row.rolloutStartS,
                       row.targetFirmware);
        });
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
    return ReadAll<MetricRow>(SqliteQuery(m_file, SelectRun("metric", "name"), runId),
                              [](const SqliteQuery& query, MetricRow& row) {
                                  query.Read(row.runId, row.name, row.value, row.unit);
                              });
}

std::vector<ProgressRow>
ResultsReader::ReadProgress(int64_t runId) const
{
    return ReadAll<ProgressRow>(SqliteQuery(m_file, SelectRun("progress", "t_s"), runId),
                                [](const SqliteQuery& query, ProgressRow& row) {
                                    query.Read(row.runId,
                                               row.tS,
                                               row.enrolled,
                                               row.updated,
                                               row.failed,
                                               row.quarantined,
                                               row.compromised,
                                               row.bricked,
                                               row.believedUpdated,
                                               row.notified,
                                               row.received,
                                               row.believedEnrolled,
                                               row.believedFailed);
                                });
}

std::vector<WaveRow>
ResultsReader::ReadWaves(int64_t runId) const
{
    return ReadAll<WaveRow>(SqliteQuery(m_file, SelectRun("wave", "wave"), runId),
                            [](const SqliteQuery& query, WaveRow& row) {
                                query.Read(row.runId,
                                           row.wave,
                                           row.startedS,
                                           row.endedS,
                                           row.targeted,
                                           row.succeeded,
                                           row.failed,
                                           row.unreported,
                                           row.decision,
                                           row.reason,
                                           row.name);
                            });
}

std::vector<GatewayRow>
ResultsReader::ReadGateways(int64_t runId) const
{
    return ReadAll<GatewayRow>(SqliteQuery(m_file, SelectRun("gateway", "gateway_id"), runId),
                               [](const SqliteQuery& query, GatewayRow& row) {
                                   query.Read(row.runId,
                                              row.gatewayId,
                                              row.xM,
                                              row.yM,
                                              row.downlinkAirtimeS,
                                              row.uplinkAirtimeS,
                                              row.framesTx,
                                              row.framesRx,
                                              row.framesLostCollision,
                                              row.framesLostDeaf,
                                              row.dutyCycleUsed,
                                              row.busiestBand,
                                              row.name);
                               });
}

std::vector<SessionRow>
ResultsReader::ReadSessions(int64_t runId) const
{
    return ReadAll<SessionRow>(SqliteQuery(m_file, SelectRun("session", "session_id"), runId),
                               [](const SqliteQuery& query, SessionRow& row) {
                                   query.Read(row.runId,
                                              row.sessionId,
                                              row.kind,
                                              row.dataRate,
                                              row.startedS,
                                              row.endedS,
                                              row.fragmentsSent,
                                              row.devices,
                                              row.completed,
                                              row.fragmentsRepair,
                                              row.wave,
                                              row.firstFragmentS,
                                              row.lastFragmentS,
                                              row.gateways,
                                              row.airtimeS);
                               });
}

std::vector<QuarantineRow>
ResultsReader::ReadQuarantine(int64_t runId) const
{
    return ReadAll<QuarantineRow>(
        SqliteQuery(m_file, SelectRun("quarantine", "device_id, entered_s"), runId),
        [](const SqliteQuery& query, QuarantineRow& row) {
            query.Read(row.runId,
                       row.deviceId,
                       row.enteredS,
                       row.level,
                       row.releasedS,
                       row.trulyCompromised);
        });
}

std::vector<GatewayHourRow>
ResultsReader::ReadGatewayHours(int64_t runId) const
{
    return ReadAll<GatewayHourRow>(
        SqliteQuery(m_file, SelectRun("gateway_hour", "gateway_id, hour, band"), runId),
        [](const SqliteQuery& query, GatewayHourRow& row) {
            query.Read(row.runId,
                       row.gatewayId,
                       row.hour,
                       row.band,
                       row.downlinkAirtimeS,
                       row.limitS);
        });
}

std::vector<ExpectationRow>
ResultsReader::ReadExpectations(int64_t runId) const
{
    return ReadAll<ExpectationRow>(SqliteQuery(m_file, SelectRun("expectation", "rowid"), runId),
                                   [](const SqliteQuery& query, ExpectationRow& row) {
                                       query.Read(row.runId,
                                                  row.metric,
                                                  row.min,
                                                  row.max,
                                                  row.quantile,
                                                  row.baseline,
                                                  row.tolerance);
                                   });
}

std::vector<FaultRow>
ResultsReader::ReadFaults(int64_t runId) const
{
    if (!HasTable("fault")) // written before scenarios composed faults
    {
        return {};
    }
    return ReadAll<FaultRow>(
        SqliteQuery(m_file, SelectRun("fault", "fault, started_s, subject"), runId),
        [](const SqliteQuery& query, FaultRow& row) {
            query.Read(row.runId,
                       row.fault,
                       row.kind,
                       row.subject,
                       row.startedS,
                       row.endedS,
                       row.devices);
        });
}

std::vector<CostRow>
ResultsReader::ReadCosts(int64_t runId) const
{
    if (!HasTable("cost")) // written before runs counted costs
    {
        return {};
    }
    return ReadAll<CostRow>(SqliteQuery(m_file, SelectRun("cost", "rowid"), runId),
                            [](const SqliteQuery& query, CostRow& row) {
                                query.Read(row.runId,
                                           row.item,
                                           row.quantity,
                                           row.unit,
                                           row.unitPrice,
                                           row.cost,
                                           row.currency);
                            });
}

std::vector<RunFailureRow>
ResultsReader::ReadRunFailures() const
{
    return ReadAll<RunFailureRow>(
        SqliteQuery(m_file, "SELECT * FROM run_failure ORDER BY run_id"),
        [](const SqliteQuery& query, RunFailureRow& row) { query.Read(row.runId, row.reason); });
}

std::optional<CampaignRow>
ResultsReader::ReadCampaign() const
{
    const auto rows = ReadAll<CampaignRow>(SqliteQuery(m_file, "SELECT * FROM campaign"),
                                           [](const SqliteQuery& query, CampaignRow& row) {
                                               query.Read(row.runId,
                                                          row.name,
                                                          row.planSha256,
                                                          row.campaignJson,
                                                          row.variants,
                                                          row.repetitions,
                                                          row.stopReason);
                                           });
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::vector<std::pair<std::string, std::string>>
ResultsReader::ReadParameters(int64_t runId) const
{
    SqliteQuery known(m_file, "SELECT 1 FROM sqlite_master WHERE name = 'run_parameter'");
    std::vector<std::pair<std::string, std::string>> parameters;
    if (!known.Next())
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
    SqliteQuery query(m_file, SelectRun("device", "device_id"), runId);
    DeviceRow row;
    while (query.Next())
    {
        query.Read(row.runId,
                   row.deviceId,
                   row.name,
                   row.grp,
                   row.site,
                   row.xM,
                   row.yM,
                   row.profile,
                   row.dataRate,
                   row.enrolledS,
                   row.updatedS,
                   row.firmware,
                   row.enrolment,
                   row.updateState,
                   row.health,
                   row.access,
                   row.energyJ,
                   row.rxBytes,
                   row.txBytes,
                   row.fragmentsReceived,
                   row.believedFirmware,
                   row.believedHealth,
                   row.targeted,
                   row.wave,
                   row.campaignEnergyJ,
                   row.dailyEnergyJ,
                   row.believedUpdate);
        visit(row);
    }
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
    SqliteQuery query(m_file, SelectRun("device_event", "rowid"), runId);
    DeviceEventRow row;
    while (query.Next())
    {
        query.Read(row.runId, row.tS, row.deviceId, row.event);
        visit(row);
    }
}

void
ResultsReader::ForEachFailure(int64_t runId,
                              const std::function<void(const FailureRow&)>& visit) const
{
    SqliteQuery query(m_file, SelectRun("failure", "t_s, device_id"), runId);
    FailureRow row;
    while (query.Next())
    {
        query.Read(row.runId, row.deviceId, row.tS, row.cause, row.detail);
        visit(row);
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
