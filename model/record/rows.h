// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_ROWS_H
#define IOTFLEET_RECORD_ROWS_H

#include <cstdint>
#include <optional>
#include <string>

/**
 * @file
 * One plain struct per table of the results database, in the order of its columns. SI units; times
 * are simulated seconds since the start of the run; an empty std::optional is SQL's NULL ("does not
 * apply" or "not known"), never a zero in disguise. The meaning of each column stands once, in the
 * SQL comments of results-schema.cc, which `iot-fleet schema results` prints.
 *
 * The structs carry values; they neither check nor compute them.
 */
namespace ns3::iotfleet
{

/// Table `run`: what was run, with what, and how it ended.
struct RunRow
{
    int64_t runId{0}; ///< 0: AddRun() gives the next free number
    std::string scenario;
    std::string scenarioSha256;
    std::string scenarioJson;
    std::string variant;
    uint64_t seed{1};
    uint64_t rngRun{1};
    std::string status{"interrupted"}; ///< "ok", "failed" or "interrupted"
    uint64_t devices{0};
    double simS{0};
    double wallS{0};
    uint64_t events{0};
    uint64_t peakRssBytes{0};
    std::string toolVersion;
    std::string ns3Version;
    std::string startedAt; ///< wall clock, ISO 8601, UTC
    std::optional<double> rolloutStartS;
    std::optional<std::string> targetFirmware;
    std::optional<std::string> zstdVersion; ///< NULL: written before it was recorded
};

/// What only the end of a run knows; see ResultsDatabase::FinishRun().
struct RunEnd
{
    std::string status{"ok"}; ///< "ok", "failed" or "interrupted"
    double simS{0};
    double wallS{0};
    uint64_t events{0};
    uint64_t peakRssBytes{0};
    std::optional<double> rolloutStartS; ///< when empty the value given to AddRun() stays
};

/// Table `metric`: one number about the whole run (metric-dictionary.h).
struct MetricRow
{
    int64_t runId{0};
    std::string name;
    std::optional<double> value;
    std::string unit;
};

/// Table `device`: one device at the end of the run, truth and belief side by side.
struct DeviceRow
{
    int64_t runId{0};
    uint32_t deviceId{0};
    std::string name;
    std::string grp;
    std::string site;
    double xM{0};
    double yM{0};
    std::string profile;
    std::optional<uint8_t> dataRate;
    std::optional<double> enrolledS;
    std::optional<double> updatedS;
    std::string firmware;
    std::string enrolment;
    std::string updateState;
    std::string health;
    std::string access;
    double energyJ{0};
    uint64_t rxBytes{0};
    uint64_t txBytes{0};
    std::optional<uint32_t> fragmentsReceived;
    std::optional<std::string> believedFirmware;
    std::string believedHealth;
    bool targeted{false};
    std::optional<uint32_t> wave;
    std::optional<double> campaignEnergyJ;
    std::optional<double> dailyEnergyJ;
    std::optional<std::string> believedUpdate;
};

/// Table `transition`: one step of one of a device's four state machines.
struct TransitionRow
{
    int64_t runId{0};
    double tS{0};
    uint32_t deviceId{0};
    std::string machine;
    std::string fromState;
    std::string toState;
    std::string cause;
};

/// Table `device_event`: one instant of a device's story (device-event.h).
struct DeviceEventRow
{
    int64_t runId{0};
    double tS{0};
    uint32_t deviceId{0};
    std::string event; ///< one of DEVICE_EVENT_NAMES
};

/// Table `progress`: counts of devices at one instant.
struct ProgressRow
{
    int64_t runId{0};
    double tS{0};
    uint64_t enrolled{0};
    uint64_t updated{0};
    uint64_t failed{0};
    uint64_t quarantined{0};
    uint64_t compromised{0};
    uint64_t bricked{0};
    uint64_t believedUpdated{0};
    std::optional<uint64_t> notified;
    std::optional<uint64_t> received;
    std::optional<uint64_t> believedEnrolled;
    std::optional<uint64_t> believedFailed;
};

/// Table `wave`: one wave of the rollout, as the operator counted it.
struct WaveRow
{
    int64_t runId{0};
    uint32_t wave{0};
    std::optional<double> startedS;
    std::optional<double> endedS;
    uint64_t targeted{0};
    uint64_t succeeded{0};
    uint64_t failed{0};
    uint64_t unreported{0};
    std::string decision; ///< "running", "advance", "finish", "pause" or "abort"
    std::string reason;
    std::string name;
};

/// Table `gateway`: one gateway over the whole run.
struct GatewayRow
{
    int64_t runId{0};
    uint32_t gatewayId{0};
    double xM{0};
    double yM{0};
    double downlinkAirtimeS{0};
    double uplinkAirtimeS{0};
    uint64_t framesTx{0};
    uint64_t framesRx{0};
    uint64_t framesLostCollision{0};
    uint64_t framesLostDeaf{0};
    std::optional<double> dutyCycleUsed; ///< NULL where no duty cycle applies
    std::optional<std::string> busiestBand;
    std::string name;
};

/// Table `session`: one distribution session.
struct SessionRow
{
    int64_t runId{0};
    uint32_t sessionId{0};
    std::string kind;
    std::optional<uint8_t> dataRate;
    double startedS{0};
    std::optional<double> endedS;
    uint64_t fragmentsSent{0};
    uint64_t devices{0};
    uint64_t completed{0};
    std::optional<uint64_t> fragmentsRepair;
    std::optional<uint32_t> wave;
    std::optional<double> firstFragmentS;
    std::optional<double> lastFragmentS;
    std::optional<uint32_t> gateways;
    double airtimeS{0};
    uint64_t believedCompleted{0};
};

/// Table `alarm`: one alarm that the detector raised.
struct AlarmRow
{
    int64_t runId{0};
    double tS{0};
    uint32_t deviceId{0};
    bool isTrue{false};
};

/// Table `quarantine`: one stay of a device in quarantine.
struct QuarantineRow
{
    int64_t runId{0};
    uint32_t deviceId{0};
    double enteredS{0};
    std::string level;
    std::optional<double> releasedS;
    bool trulyCompromised{false};
};

/// Table `gateway_hour`: a gateway's air in one sub-band during one hour.
struct GatewayHourRow
{
    int64_t runId{0};
    uint32_t gatewayId{0};
    uint32_t hour{0};
    std::string band;
    double downlinkAirtimeS{0};
    std::optional<double> limitS; ///< NULL where no duty cycle applies
};

/// Table `failure`: one failed attempt or lasting harm of one device, truth.
struct FailureRow
{
    int64_t runId{0};
    uint32_t deviceId{0};
    double tS{0};
    std::string cause;
    std::string detail;
};

/// Table `given_up`: the operator's update service closed the case of a device that had not
/// reported the image, belief.
struct GivenUpRow
{
    int64_t runId{0};
    uint32_t deviceId{0};
    double tS{0};
    std::string belief; ///< "failed" or "unreported"
    std::string cause;
    std::string detail;
    std::optional<double> correctedS{}; ///< when the operator came to believe it updated after all
};

/// The operator believes a device updated that the update service had given up.
struct GivenUpCorrection
{
    uint32_t deviceId{0};
    double tS{0};
};

/// Table `expectation`: what the scenario's `expect` asks of a metric, in the metric's unit.
struct ExpectationRow
{
    int64_t runId{0};
    std::string metric;
    std::optional<double> min;
    std::optional<double> max;
    std::optional<double> quantile{};
    std::optional<std::string> baseline{};
    std::optional<double> tolerance{};
};

/// Table `cost`: how much of one thing a run used up, and what that cost where it has a price.
struct CostRow
{
    int64_t runId{0};
    std::string item; ///< air, legal-air, data, battery-years, batteries, truck-rolls, operator
    std::optional<double> quantity;
    std::string unit;
    std::optional<double> unitPrice;
    std::optional<double> cost;
    std::optional<std::string> currency; ///< NULL where the scenario has no price at all
};

/// Table `fault`: what one fault of the scenario did, truth.
struct FaultRow
{
    int64_t runId{0};
    uint32_t fault{0}; ///< index in the scenario's `/faults`
    std::string kind;
    std::string subject; ///< gateway of an outage; else empty
    std::optional<double> startedS;
    std::optional<double> endedS;
    std::optional<uint64_t> devices; ///< struck; NULL for faults that do not strike devices
};

/// Table `run_parameter`: what a campaign's grid gave to one place of the scenario in a run.
struct RunParameterRow
{
    int64_t runId{0};
    std::string pointer; ///< JSON pointer into the scenario
    std::string value;   ///< a text as it is, anything else as JSON
};

/// Table `run_failure`: why a run of a campaign has no results.
struct RunFailureRow
{
    int64_t runId{0};
    std::string reason;
};

/// Table `campaign`: the campaign that made the runs; at most one row.
struct CampaignRow
{
    int64_t runId{0}; ///< the first of its runs
    std::string name;
    std::string planSha256;
    std::string campaignJson;
    uint64_t variants{0};
    uint64_t repetitions{0};
    std::string stopReason;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_ROWS_H
