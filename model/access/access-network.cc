// SPDX-License-Identifier: GPL-2.0-only
#include "model/access/access-network.h"

#include "ns3/abort.h"

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(AccessNetwork);

TypeId
AccessNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::iotfleet::AccessNetwork").SetParent<Object>().SetGroupName("IotFleet");
    return tid;
}

AccessNetwork::~AccessNetwork() = default;

void
AccessNetwork::SettleListening(GroupId, uint32_t)
{
}

void
AccessNetwork::DisturbClock(DeviceId, double, double)
{
}

void
AccessNetwork::SetGroupKey(GroupId, const std::array<uint8_t, 16>&)
{
}

void
AccessNetwork::AnnounceWindow(GroupId, Tick, Tick)
{
}

GroupPace
AccessNetwork::PaceOf(const GroupConfig& group, uint8_t payloadBytes) const
{
    const double airS = GroupAirtimeS(group.dataRate, payloadBytes);
    return {airS, airS};
}

void
AccessNetwork::HandleAtOperator(uint8_t port, OperatorHandler handler)
{
    NS_ABORT_MSG_IF(m_operator[port], "two operator services on port " << int{port});
    m_operator[port] = std::move(handler);
}

void
AccessNetwork::HandleAtDevice(uint8_t port, DeviceHandler handler)
{
    NS_ABORT_MSG_IF(m_device[port], "two device agents on port " << int{port});
    m_device[port] = std::move(handler);
}

void
AccessNetwork::AdjustClock(DeviceId, double)
{
}

void
AccessNetwork::CompleteAtDevice(uint8_t port, CompletionHandler handler)
{
    m_complete[port] = std::move(handler);
}

void
AccessNetwork::CompleteMessage(DeviceId device, wire::AppPayload& payload) const
{
    if (const auto& handler = m_complete[payload.port])
    {
        handler(device, payload);
    }
}

void
AccessNetwork::HandleGroup(GroupHandler handler)
{
    m_group = std::move(handler);
}

void
AccessNetwork::HandleSent(SentHandler handler)
{
    m_sent = std::move(handler);
}

void
AccessNetwork::TellSent(const SentFrame& frame) const
{
    if (m_sent)
    {
        m_sent(frame);
    }
}

void
AccessNetwork::DeliverToOperator(const UplinkMessage& message) const
{
    if (const auto& handler = m_operator[message.payload.port])
    {
        handler(message);
    }
}

void
AccessNetwork::DeliverToDevice(DeviceId device, const wire::AppPayload& payload) const
{
    if (const auto& handler = m_device[payload.port])
    {
        handler(device, payload);
    }
}

void
AccessNetwork::DeliverToGroup(const GroupReception& reception) const
{
    if (m_group)
    {
        m_group(reception);
    }
}

} // namespace ns3::iotfleet
