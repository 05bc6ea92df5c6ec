// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H
#define IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H

#include "analysis/report/device-summary.h"
#include "analysis/report/failure-summary.h"
#include "analysis/report/not-updated.h"
#include "analysis/report/variants.h"
#include "analysis/results-reader.h"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::iotfleet::analysis
{

/// Everything that the parts of one report read. The report tells of one run, the first of a
/// variant; the other runs of that variant add intervals and bands, the other variants are compared
/// with it.
struct ReportContext
{
    RunRow run;
    std::vector<RunRow> sameVariant; ///< runs of run.variant that ended well, `run` the first
    std::vector<Variant> variants;   ///< of the whole database
    std::string scenarioJson;
    std::map<std::string, std::vector<std::optional<double>>> metrics; ///< a value per run
    std::vector<ProgressRow> progress;
    std::vector<WaveRow> waves;
    std::vector<GatewayRow> gateways;
    std::vector<GatewayHourRow> gatewayHours;
    std::vector<SessionRow> sessions;
    std::vector<QuarantineRow> quarantine;
    std::vector<ExpectationRow> expectations;
    std::vector<CostRow> costs;
    std::vector<FailureGroup> failures;
    std::vector<NotUpdatedGroup> notUpdated;
    std::vector<FaultRow> faults; ///< what the scenario made to break
    DeviceSummary devices;
    uint64_t trueAlarms{0};
    uint64_t falseAlarms{0};

    /// @return the variant of `run`.
    const Variant& Own() const;

    /// @return the value of a metric in the first run; nothing if it is NULL or not there.
    std::optional<double> Metric(std::string_view name) const;

    /// @return version that the rollout installs; empty without a rollout.
    std::string Target() const;
};

/**
 * Reads what a report needs.
 *
 * @param variant whose first run the report tells of; the first variant where it is empty.
 * @throw InputError if there is no such variant.
 */
ReportContext ReadReportContext(const ResultsReader& reader, const std::string& variant = "");

/// @name The parts of a report: each gives the HTML of its section and adds what its charts draw to
/// `data`. The map reads each device.
///@{
std::string MakeAnswerSection(const ReportContext& context);

/// The answer to a comparison; empty where there is but one variant.
std::string MakeComparisonAnswer(const ReportContext& context);
std::string MakeProgressSection(const ReportContext& context, nlohmann::json& data);
std::string MakeMapSection(const ReportContext& context,
                           const ResultsReader& reader,
                           nlohmann::json& data);
std::string MakeWavesSection(const ReportContext& context);
std::string MakeCostSection(const ReportContext& context, nlohmann::json& data);
std::string MakeTroubleSection(const ReportContext& context, nlohmann::json& data);
std::string MakeMethodSection(const ReportContext& context);

/// Empty where there is but one variant.
std::string MakeStrategiesSection(const ReportContext& context,
                                  const ResultsReader& reader,
                                  nlohmann::json& data);
///@}

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_REPORT_REPORT_CONTEXT_H
