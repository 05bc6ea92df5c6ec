// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/server-gate.h"

#include "ns3/log.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("ServerGate");
NS_OBJECT_ENSURE_REGISTERED(ServerGate);

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

TypeId
ServerGate::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::ServerGate")
                            .SetParent<AccessNetwork>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<ServerGate>();
    return tid;
}

ServerGate::ServerGate() = default;
ServerGate::~ServerGate() = default;

void
ServerGate::DoDispose()
{
    m_queue.clear();
    m_idle.clear();
    m_messages.clear();
    m_network = nullptr;
    AccessNetwork::DoDispose();
}

void
ServerGate::Attach(const Ptr<AccessNetwork>& network, std::span<const uint8_t> ports)
{
    m_network = network;
    network->HandleSent([this](const SentFrame& frame) { TellSent(frame); });
    for (const uint8_t port : ports)
    {
        network->HandleAtOperator(port, [this](const UplinkMessage& message) {
            if (m_outages.Holds(Now()))
            {
                ++m_lost;
                NS_LOG_INFO("message of device " << Index(message.device) << " lost, server down");
                return;
            }
            DeliverToOperator(message);
        });
    }
}

void
ServerGate::AddOutage(TimeSpan span)
{
    m_outages.Add(span);
}

void
ServerGate::AddOverload(const ServerOverload& overload)
{
    m_overloads.push_back(overload);
}

bool
ServerGate::Passes()
{
    const Tick now = Now();
    const bool slow = std::ranges::any_of(m_overloads, [now](const ServerOverload& overload) {
        return overload.span.Holds(now);
    });
    return m_queue.empty() && !slow && m_free <= now && !m_outages.Holds(now);
}

void
ServerGate::Queue(Waiter waiter)
{
    if (Passes())
    {
        return Forward(waiter);
    }
    ++(waiter.device == NO_DEVICE ? m_frames[waiter.group]
                                  : m_messages[static_cast<uint32_t>(waiter.device)]);
    m_queue.push_back(std::move(waiter));
    NS_LOG_DEBUG("held back, " << m_queue.size() << " wait");
    Arm(std::max(m_free, Now()));
}

void
ServerGate::Arm(Tick when)
{
    if (!m_armed && !m_queue.empty())
    {
        m_armed = true;
        const Tick start = m_outages.EndOf(when);
        Simulator::Schedule(NanoSeconds(start - Now()), [self = Ptr<ServerGate>(this)] {
            self->m_armed = false;
            self->Pump();
        });
    }
}

void
ServerGate::Pump()
{
    while (!m_queue.empty() && m_free <= Now() && !m_outages.Holds(Now()))
    {
        const Waiter waiter = std::move(m_queue.front());
        m_queue.pop_front();
        if (!TakeOut(waiter))
        {
            continue;
        }
        double slowest = 0;
        for (const auto& overload : m_overloads)
        {
            slowest = std::max(slowest, overload.span.Holds(Now()) ? 1 / overload.ratePerS : 0);
        }
        m_free = Now() + ToTicks(slowest);
        Forward(waiter);
    }
    Arm(std::max(m_free, Now()));
}

/// Counts a message out of the queue; whether it is still to be sent.
bool
ServerGate::TakeOut(const Waiter& waiter)
{
    const auto countDown = [](auto& counts, auto key) {
        const auto count = counts.find(key);
        const bool there = count != counts.end();
        if (there && --count->second == 0)
        {
            counts.erase(count);
        }
        return there;
    };
    if (waiter.device == NO_DEVICE)
    {
        return countDown(m_frames, waiter.group);
    }
    const auto device = static_cast<uint32_t>(waiter.device);
    return !countDown(m_dropped, device) && countDown(m_messages, device);
}

void
ServerGate::Forward(const Waiter& waiter)
{
    if (waiter.device != NO_DEVICE)
    {
        return m_network->SendToDevice(waiter.device, waiter.payload);
    }
    m_network->SendToGroup(waiter.group, waiter.frame);
    const auto idle = m_idle.find(waiter.group);
    if (idle != m_idle.end() && CountFor(waiter.group) == 0)
    {
        auto done = std::move(idle->second);
        m_idle.erase(idle);
        m_network->WhenGroupIdle(waiter.group, std::move(done));
    }
}

uint32_t
ServerGate::CountFor(GroupId group) const
{
    const auto frames = m_frames.find(group);
    return frames == m_frames.end() ? 0 : frames->second;
}

void
ServerGate::SendToDevice(DeviceId device, const wire::AppPayload& payload)
{
    Waiter waiter;
    waiter.device = device;
    waiter.payload = payload;
    Queue(std::move(waiter));
}

uint32_t
ServerGate::PendingToDevice(DeviceId device) const
{
    const auto here = m_messages.find(static_cast<uint32_t>(device));
    return (here == m_messages.end() ? 0 : here->second) + m_network->PendingToDevice(device);
}

void
ServerGate::DropPending(DeviceId device)
{
    const auto here = m_messages.find(static_cast<uint32_t>(device));
    if (here != m_messages.end())
    {
        m_dropped[here->first] += here->second; // thrown away when their turn comes
        m_messages.erase(here);
    }
    m_network->DropPending(device);
}

GroupId
ServerGate::CreateGroup(const GroupConfig& config)
{
    return m_network->CreateGroup(config);
}

void
ServerGate::SendToGroup(GroupId group, const GroupFrame& frame)
{
    Waiter waiter;
    waiter.group = group;
    waiter.frame = frame;
    Queue(std::move(waiter));
}

uint32_t
ServerGate::PendingToGroup(GroupId group) const
{
    return CountFor(group) + m_network->PendingToGroup(group);
}

void
ServerGate::SetGroupKey(GroupId group, const std::array<uint8_t, 16>& key)
{
    m_network->SetGroupKey(group, key);
}

void
ServerGate::AnnounceWindow(GroupId group, Tick start, Tick end)
{
    m_network->AnnounceWindow(group, start, end);
}

uint32_t
ServerGate::DropGroupFrames(GroupId group)
{
    std::erase_if(m_queue, [group](const Waiter& waiter) {
        return waiter.device == NO_DEVICE && waiter.group == group;
    });
    const uint32_t dropped = CountFor(group) + m_network->DropGroupFrames(group);
    m_frames.erase(group);
    if (auto idle = m_idle.extract(group))
    {
        m_network->WhenGroupIdle(group, std::move(idle.mapped()));
    }
    return dropped;
}

uint32_t
ServerGate::PendingToOperator(DeviceId device) const
{
    return m_network->PendingToOperator(device);
}

void
ServerGate::WhenGroupIdle(GroupId group, GroupDone done)
{
    if (CountFor(group) == 0)
    {
        return m_network->WhenGroupIdle(group, std::move(done));
    }
    m_idle[group] = std::move(done);
}

void
ServerGate::DeleteGroup(GroupId group)
{
    std::erase_if(m_queue, [group](const Waiter& waiter) {
        return waiter.device == NO_DEVICE && waiter.group == group;
    });
    m_frames.erase(group);
    m_idle.erase(group);
    m_network->DeleteGroup(group);
}

void
ServerGate::SetAccess(DeviceId device, Access level)
{
    m_network->SetAccess(device, level);
}

uint8_t
ServerGate::MaxPayload(uint8_t dataRate) const
{
    return m_network->MaxPayload(dataRate);
}

uint8_t
ServerGate::DownlinkDataRate(uint8_t uplinkDataRate) const
{
    return m_network->DownlinkDataRate(uplinkDataRate);
}

double
ServerGate::GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const
{
    return m_network->GroupAirtimeS(dataRate, payloadBytes);
}

GroupPace
ServerGate::PaceOf(const GroupConfig& group, uint8_t payloadBytes) const
{
    return m_network->PaceOf(group, payloadBytes);
}

void
ServerGate::SendToOperator(DeviceId device, const wire::AppPayload& payload, bool confirmed)
{
    m_network->SendToOperator(device, payload, confirmed);
}

void
ServerGate::StartListening(GroupId group, uint32_t member)
{
    m_network->StartListening(group, member);
}

void
ServerGate::StopListening(GroupId group, uint32_t member)
{
    m_network->StopListening(group, member);
}

void
ServerGate::Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const
{
    m_network->Replay(group, block, heard);
}

void
ServerGate::Suspend(DeviceId device, Tick until)
{
    m_network->Suspend(device, until);
}

void
ServerGate::Silence(DeviceId device)
{
    m_network->Silence(device);
}

double
ServerGate::ClockErrorS(DeviceId device) const
{
    return m_network->ClockErrorS(device);
}

} // namespace ns3::iotfleet
