// SPDX-License-Identifier: GPL-2.0-only
#include "helper/run-metrics.h"

#include "helper/run-costs.h"
#include "model/record/nearest-rank.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr double DAY_S = 86400;
constexpr double HOUR_S = 3600;

/**
 * The smallest value that `share` of `population` do not exceed; nothing when fewer have a value.
 * `values` is sorted.
 */
std::optional<double>
Quantile(const std::vector<double>& values, double share, size_t population)
{
    if (population == 0)
    {
        return std::nullopt;
    }
    const size_t needed = NearestRank(share, population);
    return needed <= values.size() ? std::optional(values[needed - 1]) : std::nullopt;
}

void
AddEnrolment(MetricValues& values, const FleetSimulation& s)
{
    std::vector<double> waits;
    size_t joining = 0;
    for (uint32_t i = 0; i < s.fleet->Size(); ++i)
    {
        const DeviceId d{i};
        if (s.scenario.fleet.groups[s.fleet->GroupIndex(d)].activated)
        {
            continue;
        }
        ++joining;
        const double wait = s.fleet->EnrolledS(d) - s.fleet->PoweredS(d);
        if (!std::isnan(wait))
        {
            waits.push_back(wait);
        }
    }
    std::ranges::sort(waits);
    values["enrol_s_p50"] = Quantile(waits, 0.50, joining);
    values["enrol_s_p95"] = Quantile(waits, 0.95, joining);
    values["enrol_s_max"] = Quantile(waits, 1.00, joining);
}

void
AddUpdateTimes(MetricValues& values,
               const FleetSimulation& s,
               const std::vector<DeviceId>& targeted)
{
    const double start =
        s.rollout && s.rollout->StartedAt() ? ToSeconds(*s.rollout->StartedAt()) : 0;
    std::vector<double> times;
    for (const auto d : targeted)
    {
        if (!std::isnan(s.fleet->UpdatedS(d)) && s.fleet->Firmware(d) == s.target)
        {
            times.push_back(s.fleet->UpdatedS(d) - start);
        }
    }
    std::ranges::sort(times);
    values["time_to_50_updated_s"] = Quantile(times, 0.50, targeted.size());
    values["time_to_95_updated_s"] = Quantile(times, 0.95, targeted.size());
    values["time_to_99_updated_s"] = Quantile(times, 0.99, targeted.size());
    values["time_to_all_updated_s"] = Quantile(times, 1.00, targeted.size());
}

void
AddEnergy(MetricValues& values, const FleetSimulation& s, const std::vector<DeviceId>& targeted)
{
    values["energy_per_device_j_mean"] = std::nullopt;
    values["energy_per_device_j_p95"] = std::nullopt;
    values["battery_days_lost_mean"] = std::nullopt;
    if (targeted.empty())
    {
        return;
    }
    const Tick now = Simulator::Now().GetNanoSeconds();
    std::vector<double> joules;
    double sum = 0;
    double days = 0;
    size_t withBattery = 0;
    for (const auto d : targeted)
    {
        const double campaign = s.fleet->CampaignEnergyJ(d);
        joules.push_back(campaign);
        sum += campaign;
        const double aliveDays = (ToSeconds(now) - s.fleet->PoweredS(d)) / DAY_S;
        const double daily = (s.fleet->TotalEnergyJ(d, now) - campaign) / aliveDays;
        if (s.fleet->Profile(d).HasBattery() && daily > 0)
        {
            ++withBattery;
            days += campaign / daily;
        }
    }
    std::ranges::sort(joules);
    values["energy_per_device_j_mean"] = sum / static_cast<double>(joules.size());
    values["energy_per_device_j_p95"] = Quantile(joules, 0.95, joules.size());
    if (withBattery > 0)
    {
        values["battery_days_lost_mean"] = days / static_cast<double>(withBattery);
    }
}

std::optional<double>
Share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? std::nullopt
                      : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

void
AddTraffic(MetricValues& values, const FleetSimulation& s, const RunObserver& observer)
{
    const TrafficSnapshot end = observer.AtEnd().value_or(observer.Traffic());
    const TrafficSnapshot start = observer.AtStart().value_or(TrafficSnapshot{});
    values["downlink_airtime_s"] = end.downlinkAirtimeS - start.downlinkAirtimeS;
    values["uplink_airtime_s"] = end.uplinkAirtimeS - start.uplinkAirtimeS;
    // An uplink that was under way at the start arrives without having been generated since.
    const uint64_t generated = end.telemetryGenerated - start.telemetryGenerated;
    const uint64_t delivered = end.telemetryDelivered - start.telemetryDelivered;
    const auto during = Share(std::min(delivered, generated), generated);
    const auto before = Share(start.telemetryDelivered, start.telemetryGenerated);
    values["telemetry_delivered_share"] = observer.AtStart() ? during : std::nullopt;
    values["telemetry_delivered_share_before"] = observer.AtStart() ? before : during;

    std::optional<double> duty;
    for (const auto& gateway : s.network->Gateways())
    {
        const bool limited =
            std::ranges::any_of(gateway->Region().subBands,
                                [](const SubBand& band) { return band.dutyCycle < 1; });
        if (limited)
        {
            duty = std::max(duty.value_or(0), gateway->MaxDutyCycleUsed());
        }
    }
    values["max_duty_cycle_used"] = duty;
}

/// Downlink air from the rollout's start to its end by what it was for.
void
AddDownlinkAir(MetricValues& values, const RunObserver& observer)
{
    const auto end = observer.AtEnd().value_or(observer.Traffic());
    const auto start = observer.AtStart().value_or(TrafficSnapshot{});
    const auto air = end.air.Since(start.air);
    const auto ifRolledOut = [&](double value) {
        return observer.AtStart() ? std::optional(value) : std::nullopt;
    };
    values["downlink_campaign_s"] = ifRolledOut(air.TotalS());
    values["downlink_set_up_s"] = ifRolledOut(air.Of(AirPurpose::SET_UP));
    values["downlink_first_pass_s"] = ifRolledOut(air.Of(AirPurpose::FIRST_PASS));
    values["downlink_repair_s"] = ifRolledOut(air.Of(AirPurpose::REPAIR));
    values["downlink_reports_s"] = ifRolledOut(air.Of(AirPurpose::REPORTS));
    const double ownS = end.downlinkAirtimeS - start.downlinkAirtimeS - air.TotalS();
    values["downlink_own_s"] = ifRolledOut(std::max(0.0, ownS)); // rounding apart
    values["repair_share"] = air.TotalS() > 0 ? ifRolledOut(air.RepairShare()) : std::nullopt;
}

void
AddCampaign(MetricValues& values, const FleetSimulation& s, const RunObserver& observer)
{
    const bool rolledOut = s.rollout && s.rollout->StartedAt();
    const auto ifRolledOut = [&](double value) {
        return rolledOut ? std::optional(value) : std::nullopt;
    };
    values["bytes_sent_multicast"] =
        ifRolledOut(static_cast<double>(s.network->Groups().Counters().bytesMulticast));
    values["bytes_sent_unicast"] = ifRolledOut(
        static_cast<double>(observer.Traffic().bytesCampaign -
                            observer.AtStart().value_or(TrafficSnapshot{}).bytesCampaign));
    const bool rekeys = s.scenario.quarantine.enabled && s.scenario.quarantine.level == "rekey";
    values["bytes_undecrypted"] =
        rekeys ? std::optional(static_cast<double>(s.agent->UndecryptedBytes())) : std::nullopt;
}

void
AddQuarantine(MetricValues& values, const FleetSimulation& s)
{
    const auto& accountant = *s.accountant;
    const bool active = s.quarantine != nullptr;
    const auto ifActive = [&](double value) {
        return active ? std::optional(value) : std::nullopt;
    };
    values["compromised_peak"] = accountant.CompromisedPeak();
    values["compromised_final"] = accountant.CompromisedNow();
    values["time_to_contain_s"] = std::nullopt; // nothing spreads, so there is nothing to contain
    values["quarantined_total"] = ifActive(static_cast<double>(accountant.QuarantinedTotal()));
    values["false_quarantine_device_hours"] = ifActive(accountant.FalseQuarantineDeviceHours());
    values["missed_compromised_device_hours"] = ifActive(accountant.MissedCompromisedDeviceHours());
    values["remediated_share"] = accountant.RemediatedShare();
}

/// Devices whose battery ran empty; nothing where batteries do not.
std::optional<double>
BatteriesEmpty(const FleetSimulation& s)
{
    std::optional<double> empty;
    for (const auto& fault : s.faults->Faults())
    {
        if (s.scenario.faults[fault->Number()].kind == "battery-empty")
        {
            empty = empty.value_or(0) + static_cast<double>(fault->Struck().size());
        }
    }
    return empty;
}

} // namespace

MetricValues
ComputeMetrics(const FleetSimulation& s, const RunObserver& observer)
{
    const auto count = [&](Machine machine, auto state) {
        return static_cast<double>(s.fleet->Count(machine, static_cast<uint8_t>(state)));
    };
    const auto targeted = s.rollout ? s.rollout->Targeted() : std::vector<DeviceId>{};
    const bool rolledOut = s.target != NO_IMAGE;
    const auto ifRolledOut = [&](double value) {
        return rolledOut ? std::optional(value) : std::nullopt;
    };
    MetricValues values;
    values["devices_total"] = s.fleet->Size();
    values["devices_enrolled"] = count(Machine::ENROLMENT, Enrolment::ENROLLED);
    values["devices_bricked"] = count(Machine::HEALTH, Health::BRICKED);
    values["devices_faulty"] = count(Machine::HEALTH, Health::FAULTY);
    values["devices_battery_empty"] = BatteriesEmpty(s);
    values["devices_targeted"] = ifRolledOut(static_cast<double>(targeted.size()));
    values["devices_updated"] = ifRolledOut(static_cast<double>(observer.Updated()));
    values["devices_failed"] = ifRolledOut(count(Machine::UPDATE, UpdateState::FAILED) +
                                           count(Machine::UPDATE, UpdateState::ROLLED_BACK));
    values["devices_believed_updated"] = ifRolledOut(s.registry.Count(UpdateBelief::UPDATED));
    values["harmed_before_abort"] = ifRolledOut(static_cast<double>(observer.HarmedBeforeAbort()));
    const bool fixes = rolledOut && s.catalog.Get(s.target).fixesVulnerability;
    // To the scenario's duration: who gives up early is not rewarded for the run's early end.
    const Tick horizon = std::max(Simulator::Now().GetNanoSeconds(), ToTicks(s.scenario.durationS));
    const auto exposureS = observer.ExposureDeviceS(horizon);
    values["exposure_device_days"] =
        fixes && exposureS ? std::optional(*exposureS / DAY_S) : std::nullopt;
    values["config_restored"] = std::nullopt; // nothing keeps or restores configurations
    AddEnrolment(values, s);
    AddUpdateTimes(values, s, targeted);
    AddEnergy(values, s, targeted);
    AddTraffic(values, s, observer);
    AddDownlinkAir(values, observer);
    AddCampaign(values, s, observer);
    AddQuarantine(values, s);
    AddCosts(values, s, targeted);
    return values;
}

} // namespace ns3::iotfleet
