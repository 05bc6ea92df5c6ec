// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_MAC_COMMAND_BED_H
#define IOTFLEET_TEST_MAC_COMMAND_BED_H

#include "helper/fleet-simulation.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <map>
#include <string>
#include <vector>

namespace ns3::iotfleet::test
{

/**
 * Sensors 1 km from a gateway with 40 log10(distance / 1 m) of loss, nothing random about it: 120
 * dB. Each has a telemetry frame of 12 B in ten minutes.
 */
inline constexpr const char* SENSORS = R"({
  "schema": 1,
  "name": "sensors",
  "seed": 8,
  "duration": "2 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 5, "data_rate": 5, "clock_drift": "0 ppm", "profile": "mains",
      "power_on_spread": "10 min",
      "placement": { "kind": "point", "center": { "x": "1000 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "join": { "cf_list": false },
    "propagation": { "exponent": 4, "reference_loss": "0 dB", "reference_distance": "1 m" },
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** All frames of a run in the order of their ends. */
struct Exchange
{
    struct Up
    {
        DeviceId device;
        UplinkKind kind;
        MacOptions options;
        uint16_t newChannels;
        DeviceStatus status;
        uint32_t phyBytes;
        uint16_t channel;
        Tick start;
        Tick end;
    };

    struct Down
    {
        DownlinkFrame frame;
        DownlinkOnAir onAir;
    };

    void OnUplink(const UplinkEnd& u)
    {
        ups.push_back({u.device,
                       u.kind,
                       u.options,
                       u.newChannels,
                       u.status,
                       u.phyBytes,
                       u.channel,
                       u.start,
                       u.end});
    }

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool)
    {
        downs.push_back({frame, onAir});
    }

    /// Uplinks of each device, in the order of time.
    std::map<DeviceId, std::vector<Up>> ByDevice() const
    {
        std::map<DeviceId, std::vector<Up>> all;
        for (const auto& up : ups)
        {
            all[up.device].push_back(up);
        }
        return all;
    }

    /// Downlinks of each device that have an option.
    std::map<DeviceId, std::vector<Down>> With(MacOptions option) const
    {
        std::map<DeviceId, std::vector<Down>> all;
        for (const auto& down : downs)
        {
            if ((down.frame.options & option) != 0)
            {
                all[down.frame.device].push_back(down);
            }
        }
        return all;
    }

    std::vector<Up> ups;
    std::vector<Down> downs;
};

/**
 * Runs SENSORS with some changes.
 * @param sets as after --set
 * @param atStart called before the simulation runs
 * @param atEnd called before it goes
 */
template <class AtStart, class AtEnd>
Exchange
RunSensors(const std::vector<std::string>& sets, AtStart atStart, AtEnd atEnd)
{
    const auto scenario = ReadScenarioText(SENSORS, sets);
    Exchange exchange;
    {
        FleetSimulation simulation(scenario, 1);
        simulation.network->TraceConnectWithoutContext(
            "UplinkEnd",
            MakeCallback(&Exchange::OnUplink, &exchange));
        simulation.network->TraceConnectWithoutContext(
            "DownlinkSent",
            MakeCallback(&Exchange::OnDownlink, &exchange));
        atStart(simulation);
        Simulator::Stop(Seconds(scenario.durationS));
        Simulator::Run();
        atEnd(simulation);
    }
    Simulator::Destroy();
    return exchange;
}

template <class AtEnd>
Exchange
RunSensors(const std::vector<std::string>& sets, AtEnd atEnd)
{
    return RunSensors(
        sets,
        [](FleetSimulation&) {},
        atEnd);
}

inline Exchange
RunSensors(const std::vector<std::string>& sets)
{
    return RunSensors(sets, [](FleetSimulation&) {});
}

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_MAC_COMMAND_BED_H
