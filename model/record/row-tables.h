// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_ROW_TABLES_H
#define IOTFLEET_RECORD_ROW_TABLES_H

#include "model/record/rows.h"

#include <string_view>
#include <tuple>

/**
 * @file
 * Which table of the results database holds which struct of rows.h, and which member each column
 * is, from left to right as results-schema.cc creates them. Writer and reader both go by this list;
 * what the columns mean stands in the schema.
 */
namespace ns3::iotfleet
{

/**
 * The table of a row: NAME, and Columns(), which gives references to the members of a row (const or
 * not) as a tuple in the order of the table's columns.
 */
template <class Row>
struct RowTable;

/// A struct that a table of the database holds.
template <class Row>
concept TableRow = requires(Row& row)
{
    RowTable<Row>::NAME;
    RowTable<Row>::Columns(row);
};

template <>
struct RowTable<RunRow>
{
    static constexpr std::string_view NAME{"run"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.scenario,
                        row.scenarioSha256,
                        row.scenarioJson,
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
                        row.targetFirmware,
                        row.zstdVersion);
    }
};

template <>
struct RowTable<MetricRow>
{
    static constexpr std::string_view NAME{"metric"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.name, row.value, row.unit);
    }
};

template <>
struct RowTable<DeviceRow>
{
    static constexpr std::string_view NAME{"device"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
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
    }
};

template <>
struct RowTable<TransitionRow>
{
    static constexpr std::string_view NAME{"transition"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.tS,
                        row.deviceId,
                        row.machine,
                        row.fromState,
                        row.toState,
                        row.cause);
    }
};

template <>
struct RowTable<DeviceEventRow>
{
    static constexpr std::string_view NAME{"device_event"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.tS, row.deviceId, row.event);
    }
};

template <>
struct RowTable<ProgressRow>
{
    static constexpr std::string_view NAME{"progress"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
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
    }
};

template <>
struct RowTable<WaveRow>
{
    static constexpr std::string_view NAME{"wave"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
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
    }
};

template <>
struct RowTable<GatewayRow>
{
    static constexpr std::string_view NAME{"gateway"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
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
    }
};

template <>
struct RowTable<SessionRow>
{
    static constexpr std::string_view NAME{"session"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
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
                        row.airtimeS,
                        row.believedCompleted);
    }
};

template <>
struct RowTable<AlarmRow>
{
    static constexpr std::string_view NAME{"alarm"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.tS, row.deviceId, row.isTrue);
    }
};

template <>
struct RowTable<QuarantineRow>
{
    static constexpr std::string_view NAME{"quarantine"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.deviceId,
                        row.enteredS,
                        row.level,
                        row.releasedS,
                        row.trulyCompromised);
    }
};

template <>
struct RowTable<GatewayHourRow>
{
    static constexpr std::string_view NAME{"gateway_hour"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.gatewayId,
                        row.hour,
                        row.band,
                        row.downlinkAirtimeS,
                        row.limitS);
    }
};

template <>
struct RowTable<FailureRow>
{
    static constexpr std::string_view NAME{"failure"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.deviceId, row.tS, row.cause, row.detail);
    }
};

template <>
struct RowTable<GivenUpRow>
{
    static constexpr std::string_view NAME{"given_up"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.deviceId,
                        row.tS,
                        row.belief,
                        row.cause,
                        row.detail,
                        row.correctedS);
    }
};

template <>
struct RowTable<ExpectationRow>
{
    static constexpr std::string_view NAME{"expectation"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.metric,
                        row.min,
                        row.max,
                        row.quantile,
                        row.baseline,
                        row.tolerance);
    }
};

template <>
struct RowTable<CostRow>
{
    static constexpr std::string_view NAME{"cost"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.item,
                        row.quantity,
                        row.unit,
                        row.unitPrice,
                        row.cost,
                        row.currency);
    }
};

template <>
struct RowTable<FaultRow>
{
    static constexpr std::string_view NAME{"fault"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.fault,
                        row.kind,
                        row.subject,
                        row.startedS,
                        row.endedS,
                        row.devices);
    }
};

template <>
struct RowTable<RunParameterRow>
{
    static constexpr std::string_view NAME{"run_parameter"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.pointer, row.value);
    }
};

template <>
struct RowTable<RunFailureRow>
{
    static constexpr std::string_view NAME{"run_failure"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId, row.reason);
    }
};

template <>
struct RowTable<CampaignRow>
{
    static constexpr std::string_view NAME{"campaign"};

    static auto Columns(auto& row)
    {
        return std::tie(row.runId,
                        row.name,
                        row.planSha256,
                        row.campaignJson,
                        row.variants,
                        row.repetitions,
                        row.stopReason);
    }
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_ROW_TABLES_H
