// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H
#define IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H

#include "analysis/report/device-summary.h"
#include "analysis/report/failure-summary.h"
#include "analysis/results-reader.h"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// Everything that the parts of one report read. The report tells of the first run; the other runs
/// of the same variant add intervals to its estimates.
struct ReportContext
{
    RunRow run;
    std::vector<RunRow> sameVariant; ///< all runs of run.variant, `run` the first
    std::string scenarioJson;
    std::map<std::string, std::vector<std::optional<double>>> metrics; ///< a value per run
    std::vector<ProgressRow> progress;
    std::vector<WaveRow> waves;
    std::vector<GatewayRow> gateways;
    std::vector<GatewayHourRow> gatewayHours;
    std::vector<SessionRow> sessions;
    std::vector<QuarantineRow> quarantine;
    std::vector<ExpectationRow> expectations;
    std::vector<FailureGroup> failures;
    std::vector<FaultRow> faults; ///< what the scenario made to break
    DeviceSummary devices;
    uint64_t trueAlarms{0};
    uint64_t falseAlarms{0};

    /// @return the value of a metric in the first run; nothing if it is NULL or not there.
    std::optional<double> Metric(std::string_view name) const;

    /// @return version that the rollout installs; empty without a rollout.
    std::string Target() const;
};

/// Reads what a report needs.
ReportContext ReadReportContext(const ResultsReader& reader);

/// @name The parts of a report: each gives the HTML of its section and adds what its charts draw to
/// `data`. The map reads each device.
///@{
std::string MakeAnswerSection(const ReportContext& context);
std::string MakeProgressSection(const ReportContext& context, nlohmann::json& data);
std::string MakeMapSection(const ReportContext& context,
                           const ResultsReader& reader,
                           nlohmann::json& data);
std::string MakeWavesSection(const ReportContext& context);
std::string MakeCostSection(const ReportContext& context, nlohmann::json& data);
std::string MakeTroubleSection(const ReportContext& context, nlohmann::json& data);
std::string MakeMethodSection(const ReportContext& context);
///@}

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H
