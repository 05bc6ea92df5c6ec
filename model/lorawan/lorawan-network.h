// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LORAWAN_NETWORK_H
#define IOTFLEET_LORAWAN_LORAWAN_NETWORK_H

#include "model/access/access-network.h"
#include "model/lorawan/class-b-devices.h"
#include "model/lorawan/group-sender.h"
#include "model/lorawan/network-server.h"

#include "ns3/node-container.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <string>

namespace ns3::iotfleet
{

/// A device as the network needs to know it before the start. Devices of a group of the fleet are
/// of one class.
struct LorawanDevice
{
    float z{1.5F}; ///< antenna height, metres
    bool indoor{false};
    DeviceMac::Setup setup;
    bool rateFromLink{true};    ///< setup.dataRate is taken from the link budget
    uint8_t pingPeriodicity{7}; ///< class B: a slot every 0.96 * 2^n seconds, 0..7
};

/**
 * A LoRaWAN as an access network: devices as rows, gateways as ns-3 Nodes with a LoraGateway each.
 * This class puts the parts together and offers them as AccessNetwork; what happens stands in
 * DeviceMac, NetworkServer, GroupSender and the two halves of the air.
 */
class LorawanNetwork : public AccessNetwork
{
  public:
    /// Signature of the trace source UplinkEnd.
    using UplinkTracedCallback = void (*)(const UplinkEnd& uplink);
    /// Signature of the trace source GroupFrame.
    using GroupFrameTracedCallback = void (*)(const GroupReception& reception);
    /// Signature of the trace source DownlinkSent; `sent`: its gateway had it in time.
    using DownlinkTracedCallback = void (*)(const DownlinkFrame& frame,
                                            const DownlinkOnAir& onAir,
                                            bool sent);
    /// Signature of the trace source GroupFrameSent.
    using GroupSentTracedCallback = void (*)(const GroupTransmission& frame);
    /// Signature of the trace source BeaconSent.
    using BeaconTracedCallback = void (*)(GatewayId gateway, uint32_t frequencyHz, Tick start);

    /// Signature of the trace source DeviceStatus.
    using StatusTracedCallback = void (*)(DeviceId device, const DeviceStatus& status);

    static TypeId GetTypeId();

    LorawanNetwork();
    ~LorawanNetwork() override;

    /// Region and all settings at once; first of all calls.
    void Configure(const std::string& region, const LorawanConfig& config);

    /// Region, settings as the attributes say.
    void Configure(const std::string& region);

    /// The settings, which are attributes as well.
    const LorawanConfig& GetConfig() const
    {
        return m_config;
    }

    /// Truth, belief and randomness to work on.
    void Attach(const Ptr<Fleet>& fleet, DeviceRegistry* registry, const CounterRandom& random);

    /// Adds a gateway node: it must carry a MobilityModel and a LoraGateway.
    void AddGateway(const Ptr<Node>& node, double antennaGainDbi);

    void SetPropagation(const Ptr<PropagationLossModel>& loss);
    void SetBackhaul(const Ptr<Backhaul>& backhaul);

    /// Makes rows for all devices of the fleet; `describe` is asked once for each.
    void Install(const std::function<LorawanDevice(DeviceId)>& describe);

    /// Fastest uplink data rate whose floor the strongest link clears by the ADR margin.
    uint8_t DataRateByLink(DeviceId d) const;

    LorawanCore& Core()
    {
        return *m_core;
    }

    DeviceMac& Mac()
    {
        return *m_mac;
    }

    const NetworkServer& Server() const
    {
        return *m_server;
    }

    /// The link of a gateway to the server is cut in this time.
    void AddBackhaulOutage(GatewayId gateway, TimeSpan span)
    {
        m_backhaul->AddOutage(gateway, span);
    }

    /// The join server is out of order in this time: it answers nothing.
    void AddJoinServerOutage(TimeSpan span)
    {
        m_server->GetJoinServer().AddOutage(span);
    }

    const GroupSender& Groups() const
    {
        return *m_groups;
    }

    const ClassBDevices& ClassB() const
    {
        return *m_classB;
    }

    const std::vector<Ptr<LoraGateway>>& Gateways() const
    {
        return m_core->gateways;
    }

    /// Puts what devices have heard and paid up to now into their accounts. Ask for it before the
    /// fleet's energies and bytes are read while multicast sessions run.
    void Settle();

    /// Bytes of all per-device state of the network.
    size_t MemoryBytes() const;

    // AccessNetwork
    void SendToDevice(DeviceId device, const wire::AppPayload& payload) override;
    uint32_t PendingToDevice(DeviceId device) const override;
    void DropPending(DeviceId device) override;
    GroupId CreateGroup(const GroupConfig& config) override;
    void SendToGroup(GroupId group, const GroupFrame& frame) override;
    uint32_t PendingToGroup(GroupId group) const override;
    uint32_t DropGroupFrames(GroupId group) override;
    uint32_t PendingToOperator(DeviceId device) const override;
    void WhenGroupIdle(GroupId group, GroupDone done) override;
    void SetGroupKey(GroupId group, const std::array<uint8_t, 16>& key) override;
    void AnnounceWindow(GroupId group, Tick start, Tick end) override;
    void DeleteGroup(GroupId group) override;
    void SetAccess(DeviceId device, Access level) override;
    uint8_t MaxPayload(uint8_t dataRate) const override;
    uint8_t DownlinkDataRate(uint8_t uplinkDataRate) const override;
    double GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const override;
    GroupPace PaceOf(const GroupConfig& group, uint8_t payloadBytes) const override;
    void SendToOperator(DeviceId device, const wire::AppPayload& payload, bool confirmed) override;
    void StartListening(GroupId group, uint32_t member) override;
    void StopListening(GroupId group, uint32_t member) override;
    void SettleListening(GroupId group, uint32_t member) override;
    void Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const override;
    void Suspend(DeviceId device, Tick until) override;
    void Silence(DeviceId device) override;
    double ClockErrorS(DeviceId device) const override;
    void DisturbClock(DeviceId device, double offsetS, double driftPpm) override;
    void AdjustClock(DeviceId device, double seconds) override;

  protected:
    void DoDispose() override;

  private:
    static TypeId AddAttributes(TypeId tid);
    void MakeChannels();
    void MakeClassB();
    void ConnectTraces();

    LorawanConfig m_config; ///< set by attributes, used by Configure
    std::unique_ptr<LorawanCore> m_core;
    std::unique_ptr<DownlinkAir> m_downlinks;
    std::unique_ptr<DeviceMac> m_mac;
    std::unique_ptr<NetworkServer> m_server;
    std::unique_ptr<BeaconSender> m_beacons;
    std::unique_ptr<BeaconReceivers> m_receivers;
    std::unique_ptr<ClassBDevices> m_classB;
    std::unique_ptr<GroupSender> m_groups;
    std::vector<GatewaySite> m_sites;
    Ptr<PropagationLossModel> m_loss;
    Ptr<Backhaul> m_backhaul;
    TracedCallback<const UplinkEnd&> m_uplinkTrace;
    TracedCallback<const GroupReception&> m_groupTrace;
    TracedCallback<const DownlinkFrame&, const DownlinkOnAir&, bool> m_downlinkTrace;
    TracedCallback<const GroupTransmission&> m_groupSentTrace;
    TracedCallback<GatewayId, uint32_t, Tick> m_beaconTrace;
    TracedCallback<DeviceId, const DeviceStatus&> m_statusTrace;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LORAWAN_NETWORK_H
