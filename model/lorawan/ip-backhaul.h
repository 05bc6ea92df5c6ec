// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_IP_BACKHAUL_H
#define IOTFLEET_LORAWAN_IP_BACKHAUL_H

#include "model/lorawan/backhaul.h"

#include "ns3/ipv4-address.h"
#include "ns3/node-container.h"

#include <deque>

namespace ns3
{
class NetDevice;
class RateErrorModel;
class Socket;
} // namespace ns3

namespace ns3::iotfleet
{

/**
 * A backhaul of real ns-3 links: one point-to-point link per gateway to the server's node, IPv4 and
 * UDP over it. Datagrams queue, share the link with whatever else the user sends over these nodes,
 * and get lost in a RateErrorModel. It carries sizes and identities, not the frames' bytes.
 *
 * Costs two events (three with jitter) and about 10 us a datagram; DelayBackhaul costs one event or
 * none.
 */
class IpBackhaul : public Backhaul
{
  public:
    /// UDP port at both ends, that of Semtech's packet forwarder.
    static constexpr uint16_t PORT = 1700;

    static TypeId GetTypeId();

    IpBackhaul();
    ~IpBackhaul() override;

    /**
     * Builds links, stacks, addresses and sockets; once, before the simulation starts. Gateway g
     * and the server become hosts .1 and .2 of the g-th /30 in 10.0.0.0/8, and the server is the
     * gateways' default route. A node that has an IPv4 stack already keeps it.
     *
     * @param gateways the gateways' nodes in the order of GatewayId
     * @param server the network server's node
     * @param links one for each gateway
     * @param random source of the jitter; losses have ns-3 random streams, see AssignStreams()
     */
    void Configure(const NodeContainer& gateways,
                   const Ptr<Node>& server,
                   std::vector<BackhaulLink> links,
                   const CounterRandom& random);

    /**
     * Gives the error models fixed streams.
     * @param stream the first one
     * @return how many were used: two for each gateway
     */
    int64_t AssignStreams(int64_t stream);

    /// `bytes` counts the headers of IP and UDP, and is at least 36.
    void ToServer(GatewayId from, uint32_t bytes, Arrival arrival) override;
    void ToGateway(GatewayId to, uint32_t bytes, Arrival arrival) override;

    /// The link itself loses everything, other applications' packets too.
    void AddOutage(GatewayId gateway, TimeSpan span) override;

    /// Of a datagram with the longest frame that meets no other one.
    Tick PlannedDelay(GatewayId gateway) const override;

    /// Datagrams that have left and have neither arrived nor been given up.
    size_t Awaited() const;

    static Ipv4Address GatewayAddress(GatewayId gateway);

    /// The server has one address on each link.
    static Ipv4Address ServerAddress(GatewayId gateway);

  protected:
    void DoDispose() override;

  private:
    struct Datagram
    {
        uint64_t id;
        Tick sent;
        Arrival arrival;
    };

    /// Datagrams under way in one direction of one link, in the order of sending. A link keeps that
    /// order, so that an arrival also tells that whatever stands before it was lost.
    using Queue = std::deque<Datagram>;

    struct Link
    {
        BackhaulLink properties;
        Ptr<Socket> gatewaySocket;
        Ptr<NetDevice> gatewayDevice;
        Ptr<NetDevice> serverDevice;
        Ptr<RateErrorModel> lossUp;
        Ptr<RateErrorModel> lossDown;
        Queue up;
        Queue down;
        uint32_t jittered{0}; ///< the jitter draws' counter
        Tick longest{0};      ///< nothing arrives later than this after it was sent
    };

    void Cut(GatewayId gateway, bool cut);
    void Connect(GatewayId gateway, const Ptr<Node>& node, const Ptr<Node>& server);
    Ptr<Socket> Open(const Ptr<Node>& node);
    void AfterJitter(GatewayId gateway, bool up, uint32_t bytes, Arrival arrival);
    void Send(GatewayId gateway, bool up, uint32_t bytes, Arrival arrival);
    void OnDatagram(Ptr<Socket> socket);
    void CloseSockets();

    std::vector<Link> m_links;
    Ptr<Socket> m_server;
    CounterRandom m_random;
    uint64_t m_sent{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_IP_BACKHAUL_H
