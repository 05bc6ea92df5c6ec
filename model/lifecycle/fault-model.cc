// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/fault-model.h"

#include "ns3/abort.h"
#include "ns3/callback.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FaultModel");
NS_OBJECT_ENSURE_REGISTERED(FaultModel);

TypeId
FaultModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::iotfleet::FaultModel")
                            .SetParent<Object>()
                            .SetGroupName("IotFleet")
                            .AddConstructor<FaultModel>()
                            .AddTraceSource("Failure",
                                            "A fault struck a device outside of its update: the "
                                            "truth, with its cause.",
                                            MakeTraceSourceAccessor(&FaultModel::m_failure),
                                            "ns3::iotfleet::FaultModel::FailureTracedCallback");
    return tid;
}

FaultModel::FaultModel() = default;
FaultModel::~FaultModel() = default;

void
FaultModel::DoDispose()
{
    if (m_context.agent)
    {
        m_context.agent->SetHazards(nullptr);
    }
    m_timers.reset();
    m_faults.clear();
    m_context = {};
    Object::DoDispose();
}

void
FaultModel::Add(std::unique_ptr<Fault> fault)
{
    m_faults.push_back(std::move(fault));
}

void
FaultModel::Start(FaultContext context)
{
    if (m_faults.empty())
    {
        return;
    }
    m_timers = std::make_unique<TimerQueue>(
        [this](const Timer& timer) { ByNumber(timer.tag).OnTimer(DeviceId{timer.row}); });
    context.after = [this](uint32_t fault, DeviceId device, double seconds) {
        const Tick now = Simulator::Now().GetNanoSeconds();
        m_timers->Add({now + ToTicks(std::max(0.0, seconds)),
                       static_cast<uint32_t>(device),
                       0,
                       static_cast<uint16_t>(fault)});
    };
    context.note = [this](DeviceId device, std::string_view cause, const std::string& detail) {
        NS_LOG_INFO("device " << Index(device) << ", " << cause << ": " << detail);
        m_failure(device, cause, detail);
    };
    m_context = context;
    context.agent->SetHazards(this);
    context.agent->TraceConnectWithoutContext("Failure",
                                              MakeCallback(&FaultModel::OnFailure, this));
    context.fleet->TraceConnectWithoutContext("Transition",
                                              MakeCallback(&FaultModel::OnTransition, this));
    for (const auto& fault : m_faults)
    {
        fault->Start(context);
    }
}

Fault&
FaultModel::ByNumber(uint32_t number)
{
    const auto fault = std::ranges::find(m_faults, number, &Fault::Number);
    NS_ABORT_MSG_IF(fault == m_faults.end(), "no fault " << number);
    return **fault;
}

void
FaultModel::OnTransition(const Transition& step)
{
    if (step.machine != Machine::UPDATE || step.to != static_cast<uint8_t>(UpdateState::CONFIRMED))
    {
        return;
    }
    for (const auto& fault : m_faults)
    {
        fault->OnConfirmed(step.device, m_context.fleet->Firmware(step.device));
    }
}

void
FaultModel::OnFailure(DeviceId device, std::string_view cause, const std::string&)
{
    for (const auto& fault : m_faults)
    {
        fault->OnFailure(device, cause);
    }
}

std::optional<BootFate>
FaultModel::AtFirstBoot(DeviceId device, ImageId image)
{
    for (const auto& fault : m_faults)
    {
        if (const auto fate = fault->AtFirstBoot(device, image))
        {
            return fate;
        }
    }
    return std::nullopt;
}

PowerLossOdds
FaultModel::AtInstallation(DeviceId device) const
{
    for (const auto& fault : m_faults)
    {
        const auto odds = fault->AtInstallation(device);
        if (odds.probability > 0)
        {
            return odds;
        }
    }
    return {};
}

ReportFate
FaultModel::AtReport(DeviceId device)
{
    ReportFate fate;
    for (const auto& fault : m_faults)
    {
        fault->AtReport(device, fate);
    }
    return fate;
}

} // namespace ns3::iotfleet
