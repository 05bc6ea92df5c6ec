// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/clock-sync-service.h"

#include "model/fleet/config-attribute.h"

#include "ns3/nstime.h"
#include "ns3/simulator.h"

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(ClockSyncService);

namespace ts003 = wire::ts003;

TypeId
ClockSyncService::GetTypeId()
{
    static TypeId tid = AddConfigAttributes(
        TypeId("ns3::iotfleet::ClockSyncService")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<ClockSyncService>()
            .AddTraceSource("Request",
                            "A device has told its clock.",
                            MakeTraceSourceAccessor(&ClockSyncService::m_request),
                            "ns3::iotfleet::ClockSyncService::RequestTracedCallback"));
    return tid;
}

TypeId
ClockSyncService::AddConfigAttributes(TypeId tid)
{
    ConfigAttributes add(tid, &ClockSyncService::m_config);
    add.OptionalCount("Periodicity",
                      "Devices are told to ask every 128 s * 2^n; -1 = they are told nothing",
                      -1,
                      {0, 15},
                      &ClockSyncConfig::periodicity);
    add.OptionalDuration("ResyncAt",
                         "When all enrolled devices are ordered to ask; -1 s = never",
                         -1,
                         AttributeRange::NotNegative(),
                         &ClockSyncConfig::resyncAtS);
    add.Count("ResyncTransmissions",
              "Requests that this order asks for at most",
              {1, 7},
              &ClockSyncConfig::resyncTransmissions);
    return tid;
}

void
ClockSyncService::DoDispose()
{
    m_resync.Cancel();
    m_access = nullptr;
    Object::DoDispose();
}

void
ClockSyncService::Start(const Ptr<AccessNetwork>& access,
                        const DeviceRegistry* registry,
                        const ClockSyncConfig& config)
{
    m_config = config;
    Start(access, registry);
}

void
ClockSyncService::Start(const Ptr<AccessNetwork>& access, const DeviceRegistry* registry)
{
    m_access = access;
    m_registry = registry;
    m_access->HandleAtOperator(ts003::FPORT,
                               [this](const UplinkMessage& message) { OnUplink(message); });
    if (m_config.resyncAtS)
    {
        m_resync =
            Simulator::Schedule(Seconds(*m_config.resyncAtS), &ClockSyncService::ResyncAll, this);
    }
}

template <class Command>
void
ClockSyncService::Send(DeviceId device, const Command& command)
{
    m_access->SendToDevice(device,
                           wire::MakePayload(ts003::FPORT, wire::PackageVersion::V2, command));
}

void
ClockSyncService::OnUplink(const UplinkMessage& message)
{
    const auto decoded = ts003::DecodeUplink(wire::PackageVersion::V2, message.payload.View());
    for (const auto& command : decoded.commands)
    {
        std::visit([&](const auto& request) { Handle(message, request); }, command);
    }
}

void
ClockSyncService::Handle(const UplinkMessage&, const wire::PackageVersionAns&)
{
    // Nobody asked.
}

void
ClockSyncService::Handle(const UplinkMessage& message, const ts003::AppTimeReq& request)
{
    const auto arrivedS = static_cast<uint32_t>(message.arrived / TICKS_PER_SECOND);
    const auto correctionS = static_cast<int32_t>(arrivedS - request.deviceTime); // modulo 2^32
    m_request(message.device, correctionS);
    if (correctionS != 0 || request.ansRequired)
    {
        ++m_answers;
        Send(message.device, ts003::AppTimeAns{correctionS, request.tokenReq});
    }
    if (m_config.periodicity)
    {
        m_told.resize(m_registry->Size());
        if (!m_told[Index(message.device)])
        {
            Send(message.device, ts003::DeviceAppTimePeriodicityReq{*m_config.periodicity});
        }
    }
}

void
ClockSyncService::Handle(const UplinkMessage& message,
                         const ts003::DeviceAppTimePeriodicityAns& answer)
{
    m_told.resize(m_registry->Size());
    m_told[Index(message.device)] = !answer.notSupported;
}

void
ClockSyncService::ForceResync(DeviceId device, uint8_t transmissions)
{
    Send(device, ts003::ForceDeviceResyncCmd{transmissions});
}

void
ClockSyncService::ResyncAll()
{
    for (uint32_t i = 0; i < m_registry->Size(); ++i)
    {
        if (m_registry->IsEnrolled(DeviceId{i}))
        {
            ForceResync(DeviceId{i}, m_config.resyncTransmissions);
        }
    }
}

} // namespace ns3::iotfleet
