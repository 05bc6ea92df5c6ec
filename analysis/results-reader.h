// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_RESULTS_READER_H
#define IOTFLEET_ANALYSIS_RESULTS_READER_H

#include "analysis/sqlite-query.h"
#include "model/record/rows.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/**
 * Reads the tables of a results database as typed rows (model/record/rows.h), each in the order of
 * its key. Tables that may hold millions of rows are visited row by row and not held in memory. It
 * computes nothing.
 */
class ResultsReader
{
  public:
    /// @throw InputError if `file` is not a results database, or holds no run.
    explicit ResultsReader(const std::filesystem::path& file);

    /// @return all runs, without their scenario text (GetScenarioJson()); at least one.
    const std::vector<RunRow>& GetRuns() const;

    std::string GetScenarioJson(int64_t runId) const;

    std::vector<MetricRow> ReadMetrics(int64_t runId) const;
    std::vector<ProgressRow> ReadProgress(int64_t runId) const;
    std::vector<WaveRow> ReadWaves(int64_t runId) const;
    std::vector<GatewayRow> ReadGateways(int64_t runId) const;
    std::vector<SessionRow> ReadSessions(int64_t runId) const;
    std::vector<QuarantineRow> ReadQuarantine(int64_t runId) const;
    std::vector<GatewayHourRow> ReadGatewayHours(int64_t runId) const;
    std::vector<ExpectationRow> ReadExpectations(int64_t runId) const;
    std::vector<FaultRow> ReadFaults(int64_t runId) const; ///< by fault and start
    std::vector<CostRow> ReadCosts(int64_t runId) const;   ///< in the order of run-costs.h

    /// @return JSON pointers and values of a campaign's grid in that run; empty for other runs.
    std::vector<std::pair<std::string, std::string>> ReadParameters(int64_t runId) const;

    /// @return why runs of a campaign have no results, by run.
    std::vector<RunFailureRow> ReadRunFailures() const;

    /// @return the campaign that made the runs; nothing where none did.
    std::optional<CampaignRow> ReadCampaign() const;

    /// @return the file, for queries of one's own.
    const SqliteFile& GetFile() const
    {
        return m_file;
    }

    /// Calls `visit` for each device in the order of its id; the row is valid during the call.
    void ForEachDevice(int64_t runId, const std::function<void(const DeviceRow&)>& visit) const;

    /// Calls `visit` for each instant in the life of a device, in the order in which they happened;
    /// for none where the database was written before there was such a table.
    void ForEachDeviceEvent(int64_t runId,
                            const std::function<void(const DeviceEventRow&)>& visit) const;

    /// Calls `visit` for each failure in the order of time and device.
    void ForEachFailure(int64_t runId, const std::function<void(const FailureRow&)>& visit) const;

    /// The same for each device that the update service gave up; none in databases that were
    /// written before that was recorded.
    void ForEachGivenUp(int64_t runId, const std::function<void(const GivenUpRow&)>& visit) const;

    /// @return alarms raised on devices that were compromised (true) or were not (false).
    uint64_t CountAlarms(int64_t runId, bool isTrue) const;

  private:
    bool HasTable(const std::string& name) const;

    SqliteFile m_file;
    std::vector<RunRow> m_runs;
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_RESULTS_READER_H
