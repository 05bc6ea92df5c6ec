// SPDX-License-Identifier: GPL-2.0-only
#include "model/quarantine/quarantine-controller.h"

#include "model/fleet/config-attribute.h"
#include "model/ns3-compat.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("QuarantineController");
NS_OBJECT_ENSURE_REGISTERED(QuarantineController);

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

TypeId
QuarantineController::GetTypeId()
{
    static TypeId tid = AddConfigAttributes(
        TypeId("ns3::iotfleet::QuarantineController")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<QuarantineController>()
            .AddAttribute("K",
                          "Alarms that put a device into quarantine.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&QuarantineController::m_k),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("N",
                          "Windows within which these alarms must fall, the newest included.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&QuarantineController::m_n),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Probation",
                          "Quiet time after a reported update until the release.",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&QuarantineController::m_probation),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ReleaseAfter",
                          "Quiet time that releases a device without update; 0 s for never.",
                          TimeValue(Hours(72)),
                          MakeTimeAccessor(&QuarantineController::m_releaseAfter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("PollInterval",
                          "Spacing of looks for reports of quarantined devices.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&QuarantineController::m_pollInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("Belief",
                            "The operator's belief about a device's health took a step.",
                            MakeTraceSourceAccessor(&QuarantineController::m_belief),
                            "ns3::iotfleet::QuarantineController::BeliefTracedCallback"));
    return tid;
}

TypeId
QuarantineController::AddConfigAttributes(TypeId tid)
{
    ConfigAttributes(tid, &QuarantineController::m_level)
        .Enum("Level", "How devices are held.", QUARANTINE_LEVEL_NAMES);
    return tid;
}

QuarantineController::QuarantineController()
    : m_timers([this](const Timer& timer) { OnTimer(timer); })
{
}

QuarantineController::~QuarantineController() = default;

void
QuarantineController::DoDispose()
{
    m_poll.Cancel();
    m_registry = nullptr;
    m_network = nullptr;
    m_rekey = nullptr;
    m_alarms.clear();
    m_held.clear();
    Object::DoDispose();
}

void
QuarantineController::Configure(const QuarantineConfig& config)
{
    NS_ABORT_MSG_IF(config.k < 1 || config.k > config.n,
                    "quarantine after k of n windows needs 1 <= k <= n");
    m_k = config.k;
    m_n = config.n;
    m_level = config.level;
    m_probation = Seconds(config.probationS);
    m_releaseAfter = Seconds(config.releaseAfterS);
}

QuarantineConfig
QuarantineController::GetConfig() const
{
    return {m_k, m_n, m_level, m_probation.GetSeconds(), m_releaseAfter.GetSeconds()};
}

void
QuarantineController::SetRegistry(DeviceRegistry* registry)
{
    m_registry = registry;
}

void
QuarantineController::SetNetwork(Ptr<AccessNetwork> network)
{
    m_network = network;
}

void
QuarantineController::SetRekey(RekeyWithout rekey)
{
    m_rekey = std::move(rekey);
}

void
QuarantineController::Watch(Ptr<Detector> detector)
{
    m_window = detector->WindowTicks();
    detector->SetHandler([controller = Ptr<QuarantineController>(this)](const Alarm& alarm) {
        controller->HandleAlarm(alarm);
    });
}

void
QuarantineController::SetWindow(Time length)
{
    m_window = length.GetNanoSeconds();
}

void
QuarantineController::HandleAlarm(const Alarm& alarm)
{
    if (!m_registry)
    {
        return; // disposed of while an alarm was under way
    }
    const auto held = m_held.find(alarm.device);
    if (held != m_held.end())
    {
        AlarmWhileHeld(alarm.device, held->second);
        return;
    }
    auto& windows = m_alarms[alarm.device];
    if (windows.empty() || windows.back() < alarm.window)
    {
        windows.push_back(alarm.window);
    }
    // Windows alarm.window - n + 1 to alarm.window count.
    std::erase_if(windows, [&](uint32_t window) { return window + m_n <= alarm.window; });
    if (windows.size() >= m_k)
    {
        Enter(alarm.device);
        return;
    }
    SetBelief(alarm.device, HealthBelief::SUSPECT, "alarm");
    // By then the alarms of n later windows would be here.
    AddTimer(Now() + m_window * m_n, alarm.device, TimerKind::SUSPICION, alarm.window);
}

void
QuarantineController::Enter(DeviceId device)
{
    m_alarms.erase(device);
    m_held[device] = {Now(), m_registry->Update(device) == UpdateBelief::UPDATED};
    SetBelief(device, HealthBelief::QUARANTINED, "alarms");
    SetAccess(device,
              m_level == QuarantineLevel::RESTRICTED ? Access::RESTRICTED : Access::BLOCKED);
    if (m_level == QuarantineLevel::REKEY && m_rekey)
    {
        m_rekey(device);
    }
    ArmRelease(device);
    ArmPoll();
}

void
QuarantineController::AlarmWhileHeld(DeviceId device, Stay& stay)
{
    stay.quietSince = Now();
    if (m_registry->Health(device) == HealthBelief::PROBATION)
    {
        SetBelief(device, HealthBelief::QUARANTINED, "alarm on probation");
        ArmPoll();
    }
    ArmRelease(device);
}

void
QuarantineController::StartProbation(DeviceId device, Stay& stay)
{
    stay.quietSince = Now();
    SetBelief(device, HealthBelief::PROBATION, "reported update");
    AddTimer(Now() + m_probation.GetNanoSeconds(), device, TimerKind::PROBATION);
}

void
QuarantineController::ArmRelease(DeviceId device)
{
    if (m_releaseAfter > Time(0))
    {
        AddTimer(Now() + m_releaseAfter.GetNanoSeconds(), device, TimerKind::RELEASE);
    }
}

void
QuarantineController::Release(DeviceId device, std::string_view cause)
{
    m_held.erase(device);
    SetBelief(device, HealthBelief::FINE, cause);
    SetAccess(device, Access::FULL);
}

void
QuarantineController::AddTimer(Tick due, DeviceId device, TimerKind kind, uint32_t tag)
{
    m_timers.Add({due,
                  static_cast<uint32_t>(device),
                  static_cast<uint16_t>(kind),
                  static_cast<uint16_t>(tag)});
}

void
QuarantineController::OnTimer(const Timer& timer)
{
    if (!m_registry)
    {
        return;
    }
    const auto device = static_cast<DeviceId>(timer.row);
    const auto kind = static_cast<TimerKind>(timer.kind);
    if (kind == TimerKind::SUSPICION)
    {
        OnSuspicionTimer(device, timer.tag);
    }
    else
    {
        OnQuietTimer(device, kind);
    }
}

void
QuarantineController::OnSuspicionTimer(DeviceId device, uint16_t window)
{
    // A later alarm has brought a later timer.
    const auto suspect = m_alarms.find(device);
    if (suspect != m_alarms.end() && static_cast<uint16_t>(suspect->second.back()) == window)
    {
        m_alarms.erase(suspect);
        SetBelief(device, HealthBelief::FINE, "no further alarm");
    }
}

void
QuarantineController::OnQuietTimer(DeviceId device, TimerKind kind)
{
    const auto held = m_held.find(device);
    if (held == m_held.end())
    {
        return;
    }
    const bool onProbation = m_registry->Health(device) == HealthBelief::PROBATION;
    const bool mine = onProbation == (kind == TimerKind::PROBATION);
    const Time& needed = onProbation ? m_probation : m_releaseAfter;
    if (mine && Now() - held->second.quietSince >= needed.GetNanoSeconds())
    {
        Release(device, onProbation ? "quiet probation" : "quiet in quarantine");
    }
}

void
QuarantineController::ArmPoll()
{
    if (!compat::IsPending(m_poll))
    {
        m_poll = Simulator::Schedule(m_pollInterval, &QuarantineController::OnPoll, this);
    }
}

bool
QuarantineController::HasNews()
{
    std::array<uint32_t, 7> seen{};
    for (size_t i = 0; i < seen.size(); ++i)
    {
        seen[i] = m_registry->Count(static_cast<UpdateBelief>(i));
    }
    return std::exchange(m_seen, seen) != seen;
}

void
QuarantineController::OnPoll()
{
    // Thousands may be held for weeks in which nothing is reported.
    if (HasNews())
    {
        CheckReports();
    }
    if (!m_held.empty())
    {
        ArmPoll();
    }
}

void
QuarantineController::CheckReports()
{
    for (auto& [device, stay] : m_held)
    {
        const bool updated = m_registry->Update(device) == UpdateBelief::UPDATED;
        const bool isNews = updated && !stay.claimedUpdate;
        stay.claimedUpdate = updated;
        if (isNews && m_registry->Health(device) == HealthBelief::QUARANTINED)
        {
            StartProbation(device, stay);
        }
    }
}

void
QuarantineController::SetBelief(DeviceId device, HealthBelief to, std::string_view cause)
{
    const auto from = m_registry->Health(device);
    if (from != to)
    {
        NS_LOG_INFO("device " << Index(device) << ": " << HEALTH_BELIEF_NAMES[Index(from)] << " to "
                              << HEALTH_BELIEF_NAMES[Index(to)] << ", " << cause);
        m_registry->SetHealth(device, to);
        m_belief({Now(), device, from, to, cause});
    }
}

void
QuarantineController::SetAccess(DeviceId device, Access level)
{
    m_registry->SetAccess(device, level);
    if (m_network)
    {
        m_network->SetAccess(device, level);
    }
}

} // namespace ns3::iotfleet
