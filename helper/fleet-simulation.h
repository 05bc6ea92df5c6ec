// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_FLEET_SIMULATION_H
#define IOTFLEET_HELPER_FLEET_SIMULATION_H

#include "helper/lorawan-helper.h"
#include "helper/scenario.h"
#include "model/fleet/device-registry.h"
#include "model/fleet/firmware-catalog.h"
#include "model/fleet/fleet.h"
#include "model/lifecycle/clock-sync-agent.h"
#include "model/lifecycle/clock-sync-service.h"
#include "model/lifecycle/fault-model.h"
#include "model/lifecycle/server-gate.h"
#include "model/lifecycle/threat-model.h"
#include "model/lorawan/lorawan-network.h"
#include "model/quarantine/detector.h"
#include "model/quarantine/quarantine-accountant.h"
#include "model/quarantine/quarantine-controller.h"
#include "model/update/rollout.h"
#include "model/update/update-agent.h"
#include "model/update/update-service.h"

#include <memory>

namespace ns3::iotfleet
{

/// AppKey of a simulated device: AES-128 of its number. It protects nothing.
wire::Block128 AppKeyOf(DeviceId d);

/// NwkKey of a simulated device, LoRaWAN 1.1.
wire::Block128 NwkKeyOf(DeviceId d);

/**
 * All objects of one run of a scenario, put together and ready for Simulator::Run(). It neither
 * runs the simulator nor records anything: see scenario-runner.h for both.
 */
class FleetSimulation
{
  public:
    /**
     * @param scenario what to simulate; must outlive the object
     * @param run number of the run: another set of draws for the same seed
     * @param stream first of ns-3's random streams that the models take; fleets that share a
     *        program draw independently of each other if their streams differ
     */
    FleetSimulation(const Scenario& scenario,
                    uint64_t run,
                    int64_t stream = LorawanHelper::FIRST_STREAM);
    ~FleetSimulation();

    FleetSimulation(const FleetSimulation&) = delete;
    FleetSimulation& operator=(const FleetSimulation&) = delete;

    /// The image that the rollout installs; NO_IMAGE without a rollout.
    ImageId target{NO_IMAGE};

    const Scenario& scenario;
    CounterRandom random;
    FirmwareCatalog catalog;
    Ptr<Fleet> fleet;
    DeviceRegistry registry;
    LorawanHelper lorawan;
    Ptr<LorawanNetwork> network;
    GroupDirectory directory;
    FailureBook failures;
    std::unique_ptr<ImageCheck> check;
    Ptr<UpdateAgent> agent;
    Ptr<UpdateService> service;
    Ptr<Rollout> rollout;
    Ptr<Detector> detector;
    Ptr<QuarantineController> quarantine;
    Ptr<QuarantineAccountant> accountant;
    Ptr<ThreatModel> threats;
    Ptr<FaultModel> faults;
    Ptr<ServerGate> gate;               ///< null unless the distributor's server has a fault
    Ptr<ClockSyncAgent> clockAgent;     ///< with /access/lorawan/clock_sync/method ts003 only
    Ptr<ClockSyncService> clockService; ///< the same

  private:
    void MakeFleet();
    void MakeNetwork();
    void MakeClockSync();
    void MakeUpdate();
    void MakeRollout();
    void MakeQuarantine();
    void MakeThreats();
    void MakeFaults();

    int64_t m_stream;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FLEET_SIMULATION_H
