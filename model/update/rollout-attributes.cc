// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/string.h"

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(Rollout);

namespace
{

/// The value that `name` stands for; anything else is the user's error.
template <class Enum, size_t N>
Enum
Parse(const std::array<std::string_view, N>& names, const std::string& name)
{
    const auto value = FromName<Enum>(names, name);
    NS_ABORT_MSG_IF(!value, "Rollout: unknown name \"" << name << "\" for an attribute");
    return *value;
}

} // namespace

TypeId
Rollout::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::iotfleet::Rollout")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<Rollout>()
            .AddAttribute("Start",
                          "When the first wave may start.",
                          TimeValue(Seconds(86400)),
                          MakeTimeAccessor(&Rollout::m_start),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Order",
                          "Who is taken first: random, site, data-rate or battery.",
                          StringValue("random"),
                          MakeStringAccessor(&Rollout::SetOrderName, &Rollout::GetOrderName),
                          MakeStringChecker())
            .AddAttribute(
                "Unreported",
                "How silent devices count: failure, success or ignore.",
                StringValue("failure"),
                MakeStringAccessor(&Rollout::SetUnreportedName, &Rollout::GetUnreportedName),
                MakeStringChecker())
            .AddAttribute("OnError",
                          "What happens when a wave misses a threshold: pause or abort.",
                          StringValue("abort"),
                          MakeStringAccessor(&Rollout::SetOnErrorName, &Rollout::GetOnErrorName),
                          MakeStringChecker())
            .AddAttribute("RequireEnrolled",
                          "Take only devices that the operator has seen enrolled.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Rollout::m_requireEnrolled),
                          MakeBooleanChecker())
            .AddAttribute("WindowStart",
                          "Time of the day from which waves may start, 0 s to 24 h.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&Rollout::m_windowStart),
                          MakeTimeChecker(Time(0), Hours(24)))
            .AddAttribute("WindowEnd",
                          "Time of the day until which they may; equal to WindowStart: always.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&Rollout::m_windowEnd),
                          MakeTimeChecker(Time(0), Hours(24)))
            .AddAttribute("CheckInterval",
                          "Smallest spacing of looks at the registry.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&Rollout::m_checkInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("WaveStarted",
                            "A wave has begun.",
                            MakeTraceSourceAccessor(&Rollout::m_waveStarted),
                            "ns3::iotfleet::Rollout::WaveTracedCallback")
            .AddTraceSource("WaveEnded",
                            "A wave has ended, with its decision and reason.",
                            MakeTraceSourceAccessor(&Rollout::m_waveEnded),
                            "ns3::iotfleet::Rollout::WaveTracedCallback")
            .AddTraceSource("RolloutEnded",
                            "The rollout has finished or aborted; its last wave.",
                            MakeTraceSourceAccessor(&Rollout::m_rolloutEnded),
                            "ns3::iotfleet::Rollout::WaveTracedCallback");
    return tid;
}

void
Rollout::Configure(const RolloutConfig& config)
{
    m_start = Seconds(config.startS);
    m_windowStart = Seconds(config.window.startS);
    m_windowEnd = Seconds(config.window.endS);
    m_orderKind = config.order;
    m_unreported = config.unreported;
    m_onError = config.onError;
    m_requireEnrolled = config.requireEnrolled;
    m_waves = config.waves;
}

MaintenanceWindow
Rollout::Window() const
{
    return {m_windowStart.GetSeconds(), m_windowEnd.GetSeconds()};
}

void
Rollout::SetOrderName(std::string name)
{
    m_orderKind = Parse<WaveOrderKind>(WAVE_ORDER_NAMES, name);
}

std::string
Rollout::GetOrderName() const
{
    return std::string(WAVE_ORDER_NAMES[Index(m_orderKind)]);
}

void
Rollout::SetUnreportedName(std::string name)
{
    m_unreported = Parse<UnreportedPolicy>(UNREPORTED_NAMES, name);
}

std::string
Rollout::GetUnreportedName() const
{
    return std::string(UNREPORTED_NAMES[Index(m_unreported)]);
}

void
Rollout::SetOnErrorName(std::string name)
{
    m_onError = Parse<ErrorAction>(ERROR_ACTION_NAMES, name);
}

std::string
Rollout::GetOnErrorName() const
{
    return std::string(ERROR_ACTION_NAMES[Index(m_onError)]);
}

} // namespace ns3::iotfleet
