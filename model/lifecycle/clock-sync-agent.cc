// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/clock-sync-agent.h"

#include "model/fleet/config-attribute.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(ClockSyncAgent);

namespace ts003 = wire::ts003;

namespace
{

/// After its join a device asks within this, so that fleets do not ask at once.
constexpr double FIRST_ASK_S = 60;

/// Spacing of the requests that ForceDeviceResyncCmd orders: this and as much again, at random.
constexpr double REPEAT_S = 30;

/// DeviceAppTimePeriodicityReq: 128 s * 2^n, give or take this (TS003-2.0.0 section 3.3).
constexpr double PERIODICITY_UNIT_S = 128;
constexpr double PERIODICITY_SPREAD_S = 30;

double
NowS()
{
    return ToSeconds(Simulator::Now().GetNanoSeconds());
}

} // namespace

TypeId
ClockSyncAgent::GetTypeId()
{
    static TypeId tid = AddConfigAttributes(
        TypeId("ns3::iotfleet::ClockSyncAgent")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<ClockSyncAgent>()
            .AddTraceSource("Adjusted",
                            "A device has set its clock by an answer.",
                            MakeTraceSourceAccessor(&ClockSyncAgent::m_adjusted),
                            "ns3::iotfleet::ClockSyncAgent::AdjustedTracedCallback"));
    return tid;
}

TypeId
ClockSyncAgent::AddConfigAttributes(TypeId tid)
{
    ConfigAttributes add(tid, &ClockSyncAgent::m_config);
    add.Duration("Period", "How often a device asks for the time", {1}, &ClockSyncConfig::periodS);
    add.Flag("AnswerRequired",
             "Whether devices want an answer even when their clock is right.",
             &ClockSyncConfig::answerRequired);
    return tid;
}

void
ClockSyncAgent::DoDispose()
{
    m_timers.reset();
    m_env = {};
    Object::DoDispose();
}

void
ClockSyncAgent::Start(const Environment& environment,
                      const ClockSyncConfig& config,
                      std::vector<bool> drifts)
{
    m_config = config;
    Start(environment, std::move(drifts));
}

void
ClockSyncAgent::Start(const Environment& environment, std::vector<bool> drifts)
{
    m_env = environment;
    m_drifts = std::move(drifts);
    m_rows.resize(m_env.fleet->Size());
    m_timers = std::make_unique<TimerQueue>([this](const Timer& timer) {
        const DeviceId device{timer.row};
        if (timer.tag == m_rows[timer.row].generation && m_env.fleet->IsAlive(device))
        {
            Ask(device);
        }
    });
    m_env.fleet->TraceConnectWithoutContext("Transition",
                                            MakeCallback(&ClockSyncAgent::OnTransition, this));
    m_env.access->HandleAtDevice(
        ts003::FPORT,
        [this](DeviceId device, const wire::AppPayload& payload) { OnDownlink(device, payload); });
    m_env.access->CompleteAtDevice(
        ts003::FPORT,
        [this](DeviceId device, wire::AppPayload& payload) { Complete(device, payload); });
}

void
ClockSyncAgent::OnTransition(const Transition& step)
{
    const uint16_t group = m_env.fleet->GroupIndex(step.device);
    if (step.machine != Machine::ENROLMENT ||
        step.to != static_cast<uint8_t>(Enrolment::ENROLLED) || !m_drifts.at(group))
    {
        return;
    }
    // Who has joined does not know the time; who has been in the field asks when its turn comes.
    const bool joined = step.from == static_cast<uint8_t>(Enrolment::JOINING);
    m_rows[Index(step.device)].periodS = static_cast<float>(m_config.periodS);
    AskAfter(step.device, (joined ? FIRST_ASK_S : m_config.periodS) * Uniform(step.device));
}

double
ClockSyncAgent::Uniform(DeviceId device) const
{
    const auto& row = m_rows[Index(device)];
    return m_env.random.Uniform(Purpose::CLOCK_SYNC,
                                static_cast<uint32_t>(device),
                                uint32_t{row.generation} << 16 | row.token,
                                static_cast<uint32_t>(NowS()));
}

void
ClockSyncAgent::AskAfter(DeviceId device, double seconds)
{
    auto& row = m_rows[Index(device)];
    ++row.generation;
    m_timers->Add({Simulator::Now().GetNanoSeconds() + ToTicks(seconds),
                   static_cast<uint32_t>(device),
                   0,
                   row.generation});
}

uint32_t
ClockSyncAgent::DeviceTimeS(DeviceId device) const
{
    const double clockS = std::max(0.0, NowS() + m_env.access->ClockErrorS(device));
    return static_cast<uint32_t>(static_cast<uint64_t>(clockS));
}

template <class Command>
void
ClockSyncAgent::Send(DeviceId device, const Command& command)
{
    m_env.access->SendToOperator(device,
                                 wire::MakePayload(ts003::FPORT, wire::PackageVersion::V2, command),
                                 false);
}

void
ClockSyncAgent::Ask(DeviceId device)
{
    auto& row = m_rows[Index(device)];
    ++m_requests;
    Send(device, ts003::AppTimeReq{DeviceTimeS(device), row.token, m_config.answerRequired});
    if (row.repeats > 0)
    {
        --row.repeats;
        return AskAfter(device, REPEAT_S * (1 + Uniform(device)));
    }
    AskAfter(device, row.periodS + PERIODICITY_SPREAD_S * (2 * Uniform(device) - 1));
}

/// A request may wait for its turn on the air: the time it tells is put in when it leaves.
void
ClockSyncAgent::Complete(DeviceId device, wire::AppPayload& payload) const
{
    auto decoded = ts003::DecodeUplink(wire::PackageVersion::V2, payload.View());
    if (decoded.commands.size() != 1)
    {
        return;
    }
    if (auto* request = std::get_if<ts003::AppTimeReq>(&decoded.commands.front()))
    {
        request->deviceTime = DeviceTimeS(device);
        payload = wire::MakePayload(ts003::FPORT, wire::PackageVersion::V2, *request);
    }
}

void
ClockSyncAgent::OnDownlink(DeviceId device, const wire::AppPayload& payload)
{
    if (!m_env.fleet->IsAlive(device))
    {
        return;
    }
    const auto decoded = ts003::DecodeDownlink(wire::PackageVersion::V2, payload.View());
    for (const auto& command : decoded.commands)
    {
        std::visit([this, device](const auto& request) { Handle(device, request); }, command);
    }
}

void
ClockSyncAgent::Handle(DeviceId device, const wire::PackageVersionReq&)
{
    Send(
        device,
        wire::PackageVersionAns{ts003::PACKAGE_ID, static_cast<uint8_t>(wire::PackageVersion::V2)});
}

void
ClockSyncAgent::Handle(DeviceId device, const ts003::AppTimeAns& answer)
{
    auto& row = m_rows[Index(device)];
    if (answer.tokenAns != row.token)
    {
        return; // to a request before the last correction
    }
    row.token = static_cast<uint8_t>((row.token + 1) % 16);
    m_env.access->AdjustClock(device, answer.timeCorrection);
    m_adjusted(device, answer.timeCorrection);
    if (row.repeats > 0)
    {
        row.repeats = 0;
        AskAfter(device, row.periodS);
    }
}

void
ClockSyncAgent::Handle(DeviceId device, const ts003::DeviceAppTimePeriodicityReq& request)
{
    auto& row = m_rows[Index(device)];
    row.periodS = static_cast<float>(std::ldexp(PERIODICITY_UNIT_S, request.period));
    AskAfter(device, row.periodS * Uniform(device));
    Send(device, ts003::DeviceAppTimePeriodicityAns{false, DeviceTimeS(device)});
}

void
ClockSyncAgent::Handle(DeviceId device, const ts003::ForceDeviceResyncCmd& command)
{
    if (command.nbTransmissions > 0)
    {
        m_rows[Index(device)].repeats = static_cast<uint8_t>(command.nbTransmissions - 1);
        Ask(device);
    }
}

} // namespace ns3::iotfleet
