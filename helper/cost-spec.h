// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_COST_SPEC_H
#define IOTFLEET_HELPER_COST_SPEC_H

#include <optional>
#include <string>

namespace ns3::iotfleet
{

/**
 * `/costs`: what an operator pays for a unit of each quantity that a rollout uses up. A price that
 * is not given leaves its cost unknown (NULL), never zero. It prices; it does not count.
 */
struct CostSpec
{
    std::string currency{"EUR"};            ///< label of all prices
    std::optional<double> airHour;          ///< `air_hour`: an hour of downlink airtime
    std::optional<double> dataMb;           ///< `data_mb`: 10^6 bytes of payload sent by gateways
    std::optional<double> batteryYear;      ///< `battery_year`: a year of one device's battery life
    std::optional<double> battery;          ///< `battery`: the energy of one full battery
    std::optional<double> truckRoll;        ///< `truck_roll`: a visit to one device
    std::string truckRollFor{"bricked"};    ///< `truck_roll_for`: "bricked" or "bricked-or-failed"
    std::optional<double> operatorHour;     ///< `operator_hour`: an hour of a person
    std::optional<double> operatorPerWaveS; ///< `operator_per_wave`: time of a started wave
    std::optional<double> operatorPerFailureS; ///< `operator_per_failure`: time of a failed device

    /// @return whether anything has a price
    bool IsPriced() const
    {
        return airHour || dataMb || batteryYear || battery || truckRoll || operatorHour;
    }
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_COST_SPEC_H
