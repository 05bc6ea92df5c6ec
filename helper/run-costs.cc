// SPDX-License-Identifier: GPL-2.0-only
#include "helper/run-costs.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr double HOUR_S = 3600;
constexpr double DAYS_PER_YEAR = 365.25;
constexpr double DAY_S = 86400;
constexpr double MEGABYTE = 1e6;

/// Product of two numbers that may be unknown.
std::optional<double>
Times(const std::optional<double>& a, const std::optional<double>& b)
{
    return a && b ? std::optional(*a * *b) : std::nullopt;
}

/// A metric in a larger unit.
std::optional<double>
In(const std::optional<double>& value, double unit)
{
    return value ? std::optional(*value / unit) : std::nullopt;
}

/// What the campaign took from batteries, in years of life and in whole batteries.
void
AddBatteries(MetricValues& values, const FleetSimulation& s, std::span<const DeviceId> targeted)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    size_t withBattery = 0;
    double days = 0;
    double batteries = 0;
    for (const auto d : targeted)
    {
        const double campaign = s.fleet->CampaignEnergyJ(d);
        const double aliveDays = (ToSeconds(now) - s.fleet->PoweredS(d)) / DAY_S;
        const double daily = (s.fleet->TotalEnergyJ(d, now) - campaign) / aliveDays;
        if (s.fleet->Profile(d).HasBattery() && daily > 0)
        {
            ++withBattery;
            days += campaign / daily;
            batteries += campaign / s.fleet->Profile(d).batteryJ;
        }
    }
    const auto ifAny = [&](double value) {
        return withBattery > 0 ? std::optional(value) : std::nullopt;
    };
    values["battery_years_lost"] = ifAny(days / DAYS_PER_YEAR);
    values["batteries_used"] = ifAny(batteries);
}

bool
NeedsVisit(const FleetSimulation& s, DeviceId d)
{
    return s.fleet->GetHealth(d) == Health::BRICKED ||
           (s.scenario.costs.truckRollFor == "bricked-or-failed" &&
            s.fleet->GetUpdate(d) == UpdateState::FAILED);
}

/// Devices that a person has to look at: failed, rolled back or bricked, each once.
uint64_t
CountTroubled(const FleetSimulation& s)
{
    uint64_t troubled = 0;
    for (uint32_t i = 0; i < s.fleet->Size(); ++i)
    {
        const DeviceId d{i};
        const UpdateState state = s.fleet->GetUpdate(d);
        const bool isTroubled = s.fleet->GetHealth(d) == Health::BRICKED ||
                                state == UpdateState::FAILED || state == UpdateState::ROLLED_BACK;
        troubled += isTroubled ? 1 : 0;
    }
    return troubled;
}

std::optional<double>
OperatorHours(const FleetSimulation& s)
{
    const CostSpec& costs = s.scenario.costs;
    if (!costs.operatorPerWaveS && !costs.operatorPerFailureS)
    {
        return std::nullopt;
    }
    const double waves = s.rollout ? static_cast<double>(s.rollout->Waves().size()) : 0;
    const double seconds =
        costs.operatorPerWaveS.value_or(0) * waves +
        costs.operatorPerFailureS.value_or(0) * static_cast<double>(CountTroubled(s));
    return seconds / HOUR_S;
}

/// Payload of the campaign in 10^6 bytes.
std::optional<double>
DataMb(const MetricValues& values)
{
    const auto multicast = values.at("bytes_sent_multicast");
    const auto unicast = values.at("bytes_sent_unicast");
    return multicast && unicast ? std::optional((*multicast + *unicast) / MEGABYTE) : std::nullopt;
}

} // namespace

void
AddCosts(MetricValues& values, const FleetSimulation& s, std::span<const DeviceId> targeted)
{
    const CostSpec& costs = s.scenario.costs;
    AddBatteries(values, s, targeted);
    uint64_t visits = 0;
    for (uint32_t i = 0; i < s.fleet->Size(); ++i)
    {
        visits += NeedsVisit(s, DeviceId{i}) ? 1 : 0;
    }
    values["truck_rolls"] = static_cast<double>(visits);
    values["operator_hours"] = OperatorHours(s);

    values["cost_air"] = Times(In(values.at("downlink_campaign_s"), HOUR_S), costs.airHour);
    values["cost_data"] = Times(DataMb(values), costs.dataMb);
    values["cost_battery"] = costs.battery
                                 ? Times(values.at("batteries_used"), costs.battery)
                                 : Times(values.at("battery_years_lost"), costs.batteryYear);
    values["cost_truck_rolls"] = Times(values.at("truck_rolls"), costs.truckRoll);
    values["cost_operator"] = Times(values.at("operator_hours"), costs.operatorHour);
    std::optional<double> total;
    for (const auto* part :
         {"cost_air", "cost_data", "cost_battery", "cost_truck_rolls", "cost_operator"})
    {
        if (const auto& cost = values.at(part))
        {
            total = total.value_or(0) + *cost;
        }
    }
    values["cost_total"] = total;
}

std::array<CostRow, 7>
MakeCostRows(const MetricValues& values, const CostSpec& costs, int64_t runId)
{
    const auto currency = costs.IsPriced() ? std::optional(costs.currency) : std::nullopt;
    const auto row = [&](const char* item,
                         const std::optional<double>& quantity,
                         const char* unit,
                         const std::optional<double>& price) {
        return CostRow{runId, item, quantity, unit, price, Times(quantity, price), currency};
    };
    return {row("air", In(values.at("downlink_campaign_s"), HOUR_S), "h", costs.airHour),
            row("legal-air", values.at("max_duty_cycle_used"), "1", std::nullopt),
            row("data", DataMb(values), "MB", costs.dataMb),
            row("battery-years", values.at("battery_years_lost"), "a", costs.batteryYear),
            row("batteries", values.at("batteries_used"), "1", costs.battery),
            row("truck-rolls", values.at("truck_rolls"), "1", costs.truckRoll),
            row("operator", values.at("operator_hours"), "h", costs.operatorHour)};
}

} // namespace ns3::iotfleet
