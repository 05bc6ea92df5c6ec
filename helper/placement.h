// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_PLACEMENT_H
#define IOTFLEET_HELPER_PLACEMENT_H

#include "helper/scenario-fields.h"
#include "model/fleet/counter-random.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * Rows of devices and gateways from a description of where they stand. Random positions are a
 * function of the scenario's seed and the device's index alone, so every machine draws the same.
 */

namespace ns3::iotfleet
{

/** What a network needs to know of a device: DeviceSpec without its texts. */
struct DevicePlacement
{
    uint32_t group{0}; //!< index into FleetSpec::groups
    PositionM position;
    bool indoor{false};
    std::optional<uint8_t> dataRate;
    std::optional<double> telemetryFirstS;
};

/**
 * The devices of a scenario, worked out one by one when asked for: a million rows of texts would
 * weigh more than the fleet itself.
 */
class DevicePlan
{
  public:
    /** @param scenario a scenario that ReadScenario returned; must outlive the plan */
    explicit DevicePlan(const Scenario& scenario);

    /** @return how many devices there are */
    uint32_t Size() const
    {
        return m_size;
    }

    /**
     * @param index a device, as its DeviceId
     * @return all of its row
     */
    DeviceSpec At(uint32_t index) const;

    /**
     * @param index a device, as its DeviceId
     * @return where it stands and what depends on that
     */
    DevicePlacement PlacementOf(uint32_t index) const;

  private:
    uint32_t GroupOf(uint32_t index) const;

    const Scenario& m_scenario;
    CounterRandom m_random;        //!< of the scenario's seed: placement does not belong to the run
    std::vector<uint32_t> m_first; //!< by group: its first generated device
    uint32_t m_size{0};
};

/**
 * Makes the whole fleet: the rows of the inventory, then the generated devices group by group,
 * named `GROUP-000001` and so on.
 *
 * @param scenario a scenario that ReadScenario returned
 * @return one row a device; its index is its DeviceId
 */
std::vector<DeviceSpec> GenerateDevices(const Scenario& scenario);

/**
 * @param scenario a scenario that ReadScenario returned
 * @return how many devices GenerateDevices makes
 */
uint64_t CountDevices(const Scenario& scenario);

/**
 * Places gateways without randomness, named `gw-1` and so on.
 *
 * @param plan number, pattern and common settings
 * @return the gateways
 */
std::vector<GatewaySpec> PlaceGateways(const GatewayPlan& plan);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PLACEMENT_H
