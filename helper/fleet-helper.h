// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_FLEET_HELPER_H
#define IOTFLEET_HELPER_FLEET_HELPER_H

#include "helper/fleet-simulation.h"
#include "helper/model-settings.h"
#include "helper/scenario.h"

#include "ns3/node-container.h"
#include "ns3/vector.h"

#include <memory>
#include <string>

namespace ns3::iotfleet
{

/**
 * What FleetHelper::Install made: the fleet, its network, and the operator's services. It owns
 * them; keep it until after Simulator::Run(). It does not run the simulator and records nothing.
 */
class FleetContainer
{
  public:
    /** @param scenario a complete scenario without errors
     *  @param run number of the run
     *  @param stream first random stream of the models, as FleetHelper::AssignStreams() says */
    FleetContainer(Scenario scenario, uint64_t run, int64_t stream = LorawanHelper::FIRST_STREAM);

    /** @return the devices, truth */
    Ptr<Fleet> GetFleet() const;

    /** @return what the operator believes of the devices */
    const DeviceRegistry& GetRegistry() const;

    /** @return the network that carries their messages */
    Ptr<LorawanNetwork> GetNetwork() const;

    /** @return gateway nodes, in the order in which they were added; they have IPv4 stacks */
    const NodeContainer& GetGateways() const;

    /** @return node of the network server */
    Ptr<Node> GetServer() const;

    /** @return the operator's side of updates, for SetPolicy and traces */
    Ptr<UpdateService> GetUpdateService() const;

    /** @return the devices' side of updates, for traces */
    Ptr<UpdateAgent> GetUpdateAgent() const;

    /** @return the devices' side of TS003, for traces; null but with clock_sync/method ts003 */
    Ptr<ClockSyncAgent> GetClockSyncAgent() const;

    /** @return the operator's side of TS003, for traces; null but with clock_sync/method ts003 */
    Ptr<ClockSyncService> GetClockSyncService() const;

    /** @return the rollout, for SetOrder, SetGate and traces; null without a firmware */
    Ptr<Rollout> GetRollout() const;

    /** @return the quarantine controller; null unless the scenario has quarantine */
    Ptr<QuarantineController> GetQuarantine() const;

    /** @return devices that run the target image and have confirmed it, truth */
    uint32_t CountUpdated() const;

  private:
    std::unique_ptr<Scenario> m_scenario; //!< m_simulation refers to it
    std::unique_ptr<FleetSimulation> m_simulation;
};

/**
 * Builds a fleet in C++ in ns-3's manner, without a scenario file: say what there is, then call
 * Install(). Everything that has no method here stands in GetScenario(), whose members are the keys
 * of doc/scenario.md.
 *
 * Attributes of the models are set by Config::SetDefault() or NS_ATTRIBUTE_DEFAULT before
 * Install(). A member of GetScenario() that was changed goes before its attribute.
 *
 * Seed and run are ns-3's own (RngSeedManager, `--RngRun` on the command line).
 */
class FleetHelper
{
  public:
    /** @param name name of the scenario in messages */
    explicit FleetHelper(const std::string& name = "fleet");

    /**
     * Adds devices that are alike, spread over a disc around the origin.
     *
     * @param name of the group; its devices are called NAME-000001 and so on
     * @param count how many, above 0
     * @param radiusM radius of the disc, metres
     * @return the group, to say more about it; valid until the next AddDevices()
     */
    FleetGroupSpec& AddDevices(const std::string& name, uint32_t count, double radiusM);

    /**
     * @param name of the gateway
     * @param position of its antenna, metres; z above ground
     * @return the gateway, to say more about it; valid until the next AddGateway()
     */
    GatewaySpec& AddGateway(const std::string& name, const Vector& position);

    /**
     * Adds a firmware image and makes it the target of the rollout.
     *
     * @param version such as "1.1.0"
     * @param sizeBytes of the image, above 0
     * @param start when the rollout begins
     * @return the image, to say more about it; valid until the next SetFirmware()
     */
    ImageSpec& SetFirmware(const std::string& version, uint64_t sizeBytes, Time start);

    /**
     * Adds a wave; without one, everybody is in the first.
     *
     * @param name of the wave
     * @param share of the fleet that has the image or gets it once the wave is taken, above 0 to 1
     * @param soak wait after the wave's reports are in
     * @return the wave, to say more about it; valid until the next AddWave()
     */
    WaveSpec& AddWave(const std::string& name, double share, Time soak = Time(0));

    /** @return everything that Install() will build, to be changed at will */
    Scenario& GetScenario();

    /**
     * Builds all objects. Call once; then Simulator::Stop and Simulator::Run.
     *
     * @return what was built
     * @throws ScenarioError with all that is wrong with what was said
     */
    FleetContainer Install() const;

    /**
     * Says where the fleet's randomness starts. Several fleets in a program need a range of streams
     * each, or they make the same draws; one fleet needs no call. Call it before Install(), with
     * all gateways added.
     *
     * @param stream first of ns-3's random streams for the fleet, 0 or more; it also tells the
     *        draws of its devices from those of other fleets
     * @return how many streams it takes, at least 1: the next fleet may start that much later
     */
    int64_t AssignStreams(int64_t stream);

  private:
    ModelSettings m_before; //!< attributes that m_scenario started from
    Scenario m_scenario;    //!< so far
    int64_t m_stream{LorawanHelper::FIRST_STREAM};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FLEET_HELPER_H
