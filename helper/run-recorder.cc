// SPDX-License-Identifier: GPL-2.0-only
#include "helper/run-recorder.h"

#include "helper/fault-record.h"
#include "helper/run-costs.h"
#include "model/record/metric-dictionary.h"

#include "ns3/abort.h"
#include "ns3/mobility-model.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr std::array<std::string_view, 8> UPDATE_BELIEF_NAMES{"idle",
                                                              "targeted",
                                                              "set-up",
                                                              "received",
                                                              "updated",
                                                              "failed",
                                                              "unreported",
                                                              "went-back"};

std::optional<double>
IfKnown(float value)
{
    return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

DeviceRow
MakeDeviceRow(const FleetSimulation& s, DeviceId d, int64_t runId, Tick now)
{
    const auto& fleet = *s.fleet;
    DeviceRow row;
    row.runId = runId;
    row.deviceId = static_cast<uint32_t>(d);
    row.name = fleet.Name(d);
    row.grp = fleet.Group(d);
    row.site = fleet.Site(d);
    row.xM = fleet.X(d);
    row.yM = fleet.Y(d);
    row.profile = fleet.Profile(d).name;
    row.dataRate = s.network->Mac().DataRate(d);
    row.enrolledS = IfKnown(fleet.EnrolledS(d));
    row.updatedS = IfKnown(fleet.UpdatedS(d));
    row.firmware = s.catalog.Get(fleet.Firmware(d)).version;
    row.enrolment = ENROLMENT_NAMES[Index(fleet.GetEnrolment(d))];
    row.updateState = UPDATE_NAMES[Index(fleet.GetUpdate(d))];
    row.health = HEALTH_NAMES[Index(fleet.GetHealth(d))];
    row.access = ACCESS_NAMES[Index(fleet.GetAccess(d))];
    row.energyJ = fleet.TotalEnergyJ(d, now);
    row.rxBytes = fleet.RxBytes(d);
    row.txBytes = fleet.TxBytes(d);
    row.fragmentsReceived = s.agent->FragmentsReceived(d);
    const auto believed = s.registry.Firmware(d);
    row.believedFirmware =
        believed == NO_IMAGE ? std::nullopt : std::optional(s.catalog.Get(believed).version);
    row.believedHealth = HEALTH_BELIEF_NAMES[Index(s.registry.Health(d))];
    row.wave = s.rollout ? s.rollout->WaveOf(d) : std::nullopt;
    row.campaignEnergyJ = fleet.CampaignEnergyJ(d);
    const double days = (ToSeconds(now) - fleet.PoweredS(d)) / 86400;
    if (days > 0)
    {
        row.dailyEnergyJ = (row.energyJ - fleet.CampaignEnergyJ(d)) / days;
    }
    row.believedUpdate = UPDATE_BELIEF_NAMES[Index(s.registry.Update(d))];
    return row;
}

void
RecordWaves(const FleetSimulation& s, ResultsDatabase& database, int64_t runId)
{
    if (!s.rollout)
    {
        return;
    }
    for (const auto& wave : s.rollout->Waves())
    {
        WaveRow row;
        row.runId = runId;
        row.wave = wave.wave;
        row.name = wave.name;
        row.startedS = ToSeconds(wave.started);
        row.endedS = wave.ended ? std::optional(ToSeconds(*wave.ended)) : std::nullopt;
        row.targeted = wave.counts.targeted;
        row.succeeded = wave.counts.succeeded;
        row.failed = wave.counts.failed;
        row.unreported = wave.counts.unreported;
        row.decision = WAVE_DECISION_NAMES[Index(wave.decision)];
        row.reason = wave.reason;
        database.Add(row);
    }
}

void
RecordGatewayHours(const LoraGateway& gateway,
                   uint32_t id,
                   ResultsDatabase& database,
                   int64_t runId)
{
    const auto& bands = gateway.Region().subBands;
    const auto& hourly = gateway.HourlyAirtime();
    for (uint32_t hour = 0; hour < hourly.size(); ++hour)
    {
        for (size_t band = 0; band < bands.size(); ++band)
        {
            if (hourly[hour][band] > 0)
            {
                const double share = bands[band].dutyCycle;
                database.Add(
                    GatewayHourRow{runId,
                                   id,
                                   hour,
                                   std::string(bands[band].name),
                                   ToSeconds(hourly[hour][band]),
                                   share < 1 ? std::optional(3600 * share) : std::nullopt});
            }
        }
    }
}

void
RecordGateways(const FleetSimulation& s, ResultsDatabase& database, int64_t runId)
{
    const auto& gateways = s.network->Gateways();
    for (uint32_t id = 0; id < gateways.size(); ++id)
    {
        const auto& gateway = *gateways[id];
        const auto position = gateway.GetObject<MobilityModel>()->GetPosition();
        const bool limited = gateway.Region().subBands.front().dutyCycle < 1;
        GatewayRow row;
        row.runId = runId;
        row.gatewayId = id;
        row.name = gateway.GetName();
        row.xM = position.x;
        row.yM = position.y;
        row.downlinkAirtimeS = gateway.DownlinkAirtimeS();
        row.uplinkAirtimeS = gateway.counters.uplinkAirtimeS;
        row.framesTx = gateway.counters.framesTx;
        row.framesRx = gateway.counters.framesRx;
        row.framesLostCollision = gateway.counters.lostCollision;
        row.framesLostDeaf = gateway.counters.lostDeaf;
        row.dutyCycleUsed = limited ? std::optional(gateway.MaxDutyCycleUsed()) : std::nullopt;
        const auto busiest = gateway.BusiestBand();
        row.busiestBand = busiest.empty() ? std::nullopt : std::optional(busiest);
        database.Add(row);
        RecordGatewayHours(gateway, id, database, runId);
    }
}

void
RecordSessions(const FleetSimulation& s,
               const RunObserver& observer,
               ResultsDatabase& database,
               int64_t runId)
{
    for (const auto& session : s.service->Sessions())
    {
        SessionRow row;
        row.runId = runId;
        row.sessionId = session.id;
        row.kind = session.kind;
        row.dataRate = session.dataRate;
        row.startedS = session.startedS;
        row.endedS = session.endedS > 0 ? std::optional(session.endedS) : std::nullopt;
        row.fragmentsSent = session.fragmentsSent;
        row.devices = session.devices;
        row.completed = observer.CompletedIn(session);
        row.believedCompleted = session.believedCompleted;
        row.wave = observer.WaveOf(session);
        row.fragmentsRepair =
            session.fragmentsSent - std::min(session.fragmentsSent, session.firstPass);
        if (const auto span = observer.Fragments(session.group))
        {
            row.firstFragmentS = ToSeconds(span->first);
            row.lastFragmentS = ToSeconds(span->last);
        }
        const size_t all = s.scenario.lorawan.gateways.size();
        const size_t used = session.gateways == 0 ? all : session.gateways;
        if (session.kind != "unicast")
        {
            row.gateways = static_cast<uint32_t>(used);
        }
        row.airtimeS = session.airtimeS;
        database.Add(row);
    }
}

void
RecordQuarantine(const FleetSimulation& s, ResultsDatabase& database, int64_t runId)
{
    for (const auto& stay : s.accountant->Records())
    {
        QuarantineRow row;
        row.runId = runId;
        row.deviceId = static_cast<uint32_t>(stay.device);
        row.enteredS = ToSeconds(stay.entered);
        row.level = QUARANTINE_LEVEL_NAMES[Index(stay.level)];
        row.releasedS = stay.released ? std::optional(ToSeconds(*stay.released)) : std::nullopt;
        row.trulyCompromised = stay.trulyCompromised;
        database.Add(row);
    }
}

} // namespace

void
RecordEnd(const FleetSimulation& s,
          const RunObserver& observer,
          ResultsDatabase& database,
          int64_t runId)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    std::vector<bool> targeted(s.fleet->Size(), false);
    for (const auto d : s.rollout ? s.rollout->Targeted() : std::vector<DeviceId>{})
    {
        targeted[Index(d)] = true;
    }
    for (uint32_t i = 0; s.scenario.record.devices && i < s.fleet->Size(); ++i)
    {
        auto row = MakeDeviceRow(s, DeviceId{i}, runId, now);
        row.targeted = targeted[i];
        database.Add(row);
    }
    RecordWaves(s, database, runId);
    RecordGateways(s, database, runId);
    RecordSessions(s, observer, database, runId);
    RecordQuarantine(s, database, runId);
    RecordFaults(s, database, runId);
    for (const auto& expectation : s.scenario.expect)
    {
        database.Add(ExpectationRow{runId,
                                    expectation.metric,
                                    expectation.min,
                                    expectation.max,
                                    expectation.quantile,
                                    expectation.baseline,
                                    expectation.tolerance});
    }
}

void
RecordMetrics(const MetricValues& values,
              const CostSpec& costs,
              ResultsDatabase& database,
              int64_t runId)
{
    for (const auto& definition : METRICS)
    {
        const auto value = values.find(definition.name);
        NS_ABORT_MSG_IF(value == values.end(), "no value for metric " << definition.name);
        database.Add(MetricRow{runId,
                               std::string(definition.name),
                               value->second,
                               definition.unit == "currency" ? costs.currency
                                                             : std::string(definition.unit)});
    }
    for (const CostRow& row : MakeCostRows(values, costs, runId))
    {
        database.Add(row);
    }
}

} // namespace ns3::iotfleet
