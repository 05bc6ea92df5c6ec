// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/ip-backhaul.h"

#include "model/wire/little-endian.h"

#include "ns3/abort.h"
#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue-size.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(IpBackhaul);

namespace
{

constexpr uint32_t IP_AND_UDP_BYTES = 20 + 8;
constexpr uint32_t PPP_BYTES = 2;
constexpr uint32_t ID_BYTES = 8;

/// The longest datagram of a network server: 255 bytes of frame and 200 around it.
constexpr uint32_t LONGEST_BYTES = 455;

/// ns-3's own defaults of a link: a queue of 100 packets of at most 1500 bytes.
constexpr uint32_t QUEUE_PACKETS = 100;
constexpr uint32_t MTU_BYTES = 1500;

constexpr uint32_t FIRST_ADDRESS = 10U << 24; ///< 10.0.0.0

double
SerialisationS(const BackhaulLink& link, uint32_t bytes)
{
    return 8.0 * (bytes + PPP_BYTES) / link.rateBps;
}

Ptr<RateErrorModel>
MakeLoss(const Ptr<NetDevice>& receiver, double loss)
{
    const auto model = CreateObject<RateErrorModel>();
    model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    model->SetRate(loss);
    if (loss > 0)
    {
        DynamicCast<PointToPointNetDevice>(receiver)->SetReceiveErrorModel(model);
    }
    return model;
}

void
InstallStack(const Ptr<Node>& node)
{
    if (node->GetObject<Ipv4>())
    {
        return;
    }
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.Install(node);
}

uint32_t
AddInterface(const Ptr<NetDevice>& device, Ipv4Address address)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    const auto interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask("255.255.255.252")));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
    return interface;
}

} // namespace

TypeId
IpBackhaul::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::IpBackhaul")
                            .SetParent<Backhaul>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<IpBackhaul>();
    return tid;
}

IpBackhaul::IpBackhaul() = default;

IpBackhaul::~IpBackhaul()
{
    CloseSockets();
}

void
IpBackhaul::DoDispose()
{
    CloseSockets();
    m_links.clear();
    Backhaul::DoDispose();
}

void
IpBackhaul::CloseSockets()
{
    const auto close = [](Ptr<Socket>& socket) {
        if (socket)
        {
            // Sockets outlive us in their nodes and must not call us any more.
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            socket->Close();
            socket = nullptr;
        }
    };
    for (auto& link : m_links)
    {
        close(link.gatewaySocket);
    }
    close(m_server);
}

Ipv4Address
IpBackhaul::GatewayAddress(GatewayId gateway)
{
    return Ipv4Address(FIRST_ADDRESS + 4 * static_cast<uint32_t>(gateway) + 1);
}

Ipv4Address
IpBackhaul::ServerAddress(GatewayId gateway)
{
    return Ipv4Address(FIRST_ADDRESS + 4 * static_cast<uint32_t>(gateway) + 2);
}

void
IpBackhaul::Configure(const NodeContainer& gateways,
                      const Ptr<Node>& server,
                      std::vector<BackhaulLink> links,
                      const CounterRandom& random)
{
    NS_ABORT_MSG_IF(links.size() != gateways.GetN(), "one backhaul link for each gateway");
    NS_ABORT_MSG_IF(!m_links.empty(), "the backhaul is built already");
    m_random = random;
    m_links.resize(links.size());
    InstallStack(server);
    for (uint32_t i = 0; i < gateways.GetN(); ++i)
    {
        m_links[i].properties = links[i];
        Connect(static_cast<GatewayId>(i), gateways.Get(i), server);
    }
    m_server = Open(server);
}

void
IpBackhaul::Connect(GatewayId gateway, const Ptr<Node>& node, const Ptr<Node>& server)
{
    auto& link = m_links[Index(gateway)];
    const auto& properties = link.properties;
    InstallStack(node);
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate",
                              DataRateValue(DataRate(static_cast<uint64_t>(properties.rateBps))));
    helper.SetDeviceAttribute("Mtu", UintegerValue(MTU_BYTES));
    helper.SetChannelAttribute("Delay", TimeValue(NanoSeconds(ToTicks(properties.delayS))));
    helper.SetQueue("ns3::DropTailQueue",
                    "MaxSize",
                    QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, QUEUE_PACKETS)));
    const auto devices = helper.Install(node, server);
    const uint32_t outward = AddInterface(devices.Get(0), GatewayAddress(gateway));
    AddInterface(devices.Get(1), ServerAddress(gateway));
    const auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
    if (routing)
    {
        routing->SetDefaultRoute(ServerAddress(gateway), outward);
    }
    link.lossDown = MakeLoss(devices.Get(0), properties.loss);
    link.lossUp = MakeLoss(devices.Get(1), properties.loss);
    link.gatewayDevice = devices.Get(0);
    link.serverDevice = devices.Get(1);
    link.gatewaySocket = Open(node);
    link.longest =
        ToTicks(properties.delayS + (QUEUE_PACKETS + 2) * SerialisationS(properties, MTU_BYTES));
}

Ptr<Socket>
IpBackhaul::Open(const Ptr<Node>& node)
{
    const auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    const int refused = socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    NS_ABORT_MSG_IF(refused != 0, "UDP port " << PORT << " is taken on a backhaul node");
    socket->SetRecvCallback(MakeCallback(&IpBackhaul::OnDatagram, this));
    return socket;
}

int64_t
IpBackhaul::AssignStreams(int64_t stream)
{
    const int64_t first = stream;
    for (auto& link : m_links)
    {
        stream += link.lossUp->AssignStreams(stream);
        stream += link.lossDown->AssignStreams(stream);
    }
    return stream - first;
}

void
IpBackhaul::ToServer(GatewayId from, uint32_t bytes, Arrival arrival)
{
    AfterJitter(from, true, bytes, std::move(arrival));
}

void
IpBackhaul::ToGateway(GatewayId to, uint32_t bytes, Arrival arrival)
{
    AfterJitter(to, false, bytes, std::move(arrival));
}

void
IpBackhaul::AfterJitter(GatewayId gateway, bool up, uint32_t bytes, Arrival arrival)
{
    auto& link = m_links[Index(gateway)];
    if (link.properties.jitterS <= 0)
    {
        Send(gateway, up, bytes, std::move(arrival));
        return;
    }
    const double share =
        m_random.Uniform(Purpose::BACKHAUL, static_cast<uint32_t>(gateway), link.jittered++);
    Simulator::Schedule(
        NanoSeconds(ToTicks(share * link.properties.jitterS)),
        [self = Ptr<IpBackhaul>(this), gateway, up, bytes, call = std::move(arrival)]() mutable {
            if (!self->m_links.empty())
            {
                self->Send(gateway, up, bytes, std::move(call));
            }
        });
}

void
IpBackhaul::Send(GatewayId gateway, bool up, uint32_t bytes, Arrival arrival)
{
    auto& link = m_links[Index(gateway)];
    auto& queue = up ? link.up : link.down;
    const Tick now = Simulator::Now().GetNanoSeconds();
    while (!queue.empty() && queue.front().sent + link.longest < now)
    {
        queue.pop_front(); // lost, and nothing behind it has arrived to tell so
    }
    std::array<uint8_t, ID_BYTES> id{};
    wire::PutLittleEndian(m_sent, id);
    queue.push_back({m_sent++, now, std::move(arrival)});
    const auto packet = Create<Packet>(id.data(), static_cast<uint32_t>(id.size()));
    packet->AddPaddingAtEnd(std::max(bytes, IP_AND_UDP_BYTES + ID_BYTES) - IP_AND_UDP_BYTES -
                            ID_BYTES);
    const auto& socket = up ? link.gatewaySocket : m_server;
    const auto address = up ? ServerAddress(gateway) : GatewayAddress(gateway);
    socket->SendTo(packet, 0, InetSocketAddress(address, PORT));
}

void
IpBackhaul::OnDatagram(Ptr<Socket> socket)
{
    Address from;
    while (const auto packet = socket->RecvFrom(from))
    {
        std::array<uint8_t, ID_BYTES> bytes{};
        const auto sender = InetSocketAddress::ConvertFrom(from);
        const uint32_t index = (sender.GetIpv4().Get() - FIRST_ADDRESS) / 4;
        if (packet->CopyData(bytes.data(), ID_BYTES) < ID_BYTES || sender.GetPort() != PORT ||
            index >= m_links.size())
        {
            continue; // some other program's
        }
        const bool up = socket == m_server;
        const uint64_t id = wire::GetLittleEndian(bytes);
        auto& queue = up ? m_links[index].up : m_links[index].down;
        const auto found = std::ranges::lower_bound(queue, id, {}, &Datagram::id);
        if (found == queue.end() || found->id != id)
        {
            continue;
        }
        const Arrival arrival = std::move(found->arrival);
        queue.erase(queue.begin(), found + 1);
        arrival();
        if (m_links.empty())
        {
            return; // disposed of meanwhile
        }
    }
}

void
IpBackhaul::AddOutage(GatewayId gateway, TimeSpan span)
{
    Backhaul::AddOutage(gateway, span);
    const auto& link = m_links[Index(gateway)];
    DynamicCast<PointToPointNetDevice>(link.gatewayDevice)->SetReceiveErrorModel(link.lossDown);
    DynamicCast<PointToPointNetDevice>(link.serverDevice)->SetReceiveErrorModel(link.lossUp);
    for (const Tick when : {span.start, span.end})
    {
        Simulator::Schedule(NanoSeconds(when) - Simulator::Now(),
                            [self = Ptr<IpBackhaul>(this), gateway, when] {
                                if (!self->m_links.empty())
                                {
                                    // Another outage may hold on.
                                    self->Cut(gateway, self->IsCut(gateway, when));
                                }
                            });
    }
}

void
IpBackhaul::Cut(GatewayId gateway, bool cut)
{
    auto& link = m_links[Index(gateway)];
    // A rate of 1 draws as any other does, so that losses after the outage are those without it.
    link.lossUp->SetRate(cut ? 1 : link.properties.loss);
    link.lossDown->SetRate(cut ? 1 : link.properties.loss);
}

Tick
IpBackhaul::PlannedDelay(GatewayId gateway) const
{
    const auto& link = m_links[Index(gateway)].properties;
    return ToTicks(link.delayS + link.jitterS + SerialisationS(link, LONGEST_BYTES));
}

size_t
IpBackhaul::Awaited() const
{
    size_t sum = 0;
    for (const auto& link : m_links)
    {
        sum += link.up.size() + link.down.size();
    }
    return sum;
}

} // namespace ns3::iotfleet
