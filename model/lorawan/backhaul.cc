// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/backhaul.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(Backhaul);
NS_OBJECT_ENSURE_REGISTERED(DelayBackhaul);

TypeId
Backhaul::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::iotfleet::Backhaul").SetParent<Object>().SetGroupName("IotFleet");
    return tid;
}

TypeId
DelayBackhaul::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::DelayBackhaul")
                            .SetParent<Backhaul>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<DelayBackhaul>();
    return tid;
}

std::optional<Tick>
Backhaul::Foretell(GatewayId)
{
    NS_ABORT_MSG("this backhaul cannot tell arrivals ahead");
}

void
Backhaul::AddOutage(GatewayId gateway, TimeSpan span)
{
    m_outages.resize(std::max(m_outages.size(), Index(gateway) + 1));
    m_outages[Index(gateway)].Add(span);
}

DelayBackhaul::DelayBackhaul() = default;
DelayBackhaul::~DelayBackhaul() = default;

void
DelayBackhaul::Configure(std::vector<BackhaulLink> links, const CounterRandom& random)
{
    m_links = std::move(links);
    m_random = random;
    m_sent.assign(m_links.size(), 0);
}

std::optional<Tick>
DelayBackhaul::Foretell(GatewayId gateway)
{
    const auto& link = m_links[Index(gateway)];
    const Tick now = Simulator::Now().GetNanoSeconds();
    if (IsCut(gateway, now))
    {
        return std::nullopt;
    }
    if (link.loss <= 0 && link.jitterS <= 0)
    {
        return now + ToTicks(link.delayS);
    }
    const auto words =
        m_random.Words(Purpose::BACKHAUL, static_cast<uint32_t>(gateway), m_sent[Index(gateway)]++);
    if (words[2] * 0x1p-32 < link.loss)
    {
        return std::nullopt;
    }
    return now + ToTicks(link.delayS + link.jitterS * CounterRandom::ToUnit(words));
}

void
DelayBackhaul::Send(GatewayId gateway, Arrival arrival)
{
    if (const auto when = Foretell(gateway))
    {
        Simulator::Schedule(NanoSeconds(*when) - Simulator::Now(), std::move(arrival));
    }
}

void
DelayBackhaul::ToServer(GatewayId from, uint32_t, Arrival arrival)
{
    Send(from, std::move(arrival));
}

void
DelayBackhaul::ToGateway(GatewayId to, uint32_t, Arrival arrival)
{
    Send(to, std::move(arrival));
}

Tick
DelayBackhaul::PlannedDelay(GatewayId gateway) const
{
    const auto& link = m_links[Index(gateway)];
    return ToTicks(link.delayS + link.jitterS);
}

} // namespace ns3::iotfleet
