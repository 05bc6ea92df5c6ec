// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_LORAWAN_HELPER_H
#define IOTFLEET_HELPER_LORAWAN_HELPER_H

#include "helper/scenario.h"
#include "model/lorawan/lorawan-network.h"

#include "ns3/node-container.h"

namespace ns3::iotfleet
{

/**
 * Builds a LoRaWAN in ns-3's manner: gateway and server nodes, propagation, backhaul, network
 * object. From a scenario with Create(), or piece by piece by C++ users. It does not add devices.
 */
class LorawanHelper
{
  public:
    /// Streams of the backhaul's error models start here if AssignStreams() is not called.
    static constexpr int64_t FIRST_STREAM = 1'000'000;

    LorawanHelper();

    /// What Create() builds; change what you like before. It starts with what the attributes of
    /// LorawanNetwork say; one that Config::SetDefault() changes later counts as well, unless its
    /// member was changed here.
    LorawanSpec spec;

    /**
     * Says which random streams the links of the backhaul draw from. Call it before Create(), with
     * all gateways in `spec`.
     * @param stream the first of them, 0 or more
     * @return how many there are: two a gateway with the backhaul "ip", else none
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * Makes the nodes and the network.
     * @param fleet the devices, already added
     * @param registry the operator's beliefs, as many rows as the fleet
     * @param random source of all counter-based draws
     * @return the network; call Install on it next
     */
    Ptr<LorawanNetwork> Create(const Ptr<Fleet>& fleet,
                               DeviceRegistry* registry,
                               const CounterRandom& random);

    /// Gateway nodes made by Create, in the order of GatewayId. With the backhaul "ip" they and the
    /// server have an IPv4 stack, and applications of ns-3 may be installed on them beside the
    /// fleet.
    const NodeContainer& Gateways() const
    {
        return m_gateways;
    }

    /// The node of the network server made by Create.
    Ptr<Node> Server() const
    {
        return m_server.GetN() == 0 ? nullptr : m_server.Get(0);
    }

    /// The typed settings that `spec` stands for; `config` has the knobs that are not in it.
    static LorawanConfig MakeConfig(const LorawanSpec& spec, LorawanConfig config = {});

  private:
    void MakeGateway(const GatewaySpec& gateway, const Ptr<LorawanNetwork>& network);
    Ptr<PropagationLossModel> MakeLoss() const;
    Ptr<Backhaul> MakeBackhaul(const CounterRandom& random);

    LorawanConfig m_before; ///< what `spec` started from
    int64_t m_stream{FIRST_STREAM};
    NodeContainer m_gateways;
    NodeContainer m_server;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_LORAWAN_HELPER_H
