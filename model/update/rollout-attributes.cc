// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/config-attribute.h"
#include "model/update/rollout.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

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
    static TypeId tid = AddDispatchAttributes(
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
                          "What happens when a wave misses a threshold: pause, abort or roll-back.",
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
            .AddAttribute("ResumeAfter",
                          "A pause that a policy made ends by itself after this; 0 = never.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&Rollout::m_resumeAfter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("RollBackTimeout",
                          "A roll-back ends at this age at the latest.",
                          TimeValue(Seconds(7 * 86400)),
                          MakeTimeAccessor(&Rollout::m_rollBackTimeout),
                          MakeTimeChecker(Time(0)))
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
                            "ns3::iotfleet::Rollout::WaveTracedCallback"));
    return tid;
}

TypeId
Rollout::AddDispatchAttributes(TypeId tid)
{
    const auto number =
        [&tid](const char* name, const char* help, auto part, auto member, double least) {
            const DispatchConfig defaults;
            tid.AddAttribute(name,
                             help,
                             DoubleValue((defaults.*part).*member),
                             MakeConfigAccessor<DoubleValue>(&Rollout::m_dispatch, part, member),
                             MakeDoubleChecker<double>(least));
        };
    constexpr auto pace = &DispatchConfig::pace;
    constexpr auto retry = &DispatchConfig::retry;
    constexpr auto penalty = &DispatchConfig::penalty;
    number("PaceRate", "Devices offered a step; 0 = all.", pace, &PaceConfig::rate, 0);
    number("PaceInterval", "Length of a step, seconds.", pace, &PaceConfig::intervalS, 1e-3);
    number("PaceFactor", "Growth of the rate; 1 = constant.", pace, &PaceConfig::factor, 1);
    number("PaceMaximum", "Largest rate, devices a step; 0 = none.", pace, &PaceConfig::maximum, 0);
    number("PaceJitter", "Spread of the offers, seconds.", pace, &PaceConfig::jitterS, 0);
    number("RetryWait", "Before the first further try, seconds.", retry, &RetryConfig::waitS, 0);
    number("RetryFactor", "Growth of that wait.", retry, &RetryConfig::factor, 1);
    number("RetryLongest", "Longest such wait, seconds.", retry, &RetryConfig::longestS, 0);
    number("PenaltyWithin",
           "Failures of a device count for this long, seconds.",
           penalty,
           &PenaltyConfig::withinS,
           0);
    number("PenaltyTime",
           "How long a device is left alone, seconds.",
           penalty,
           &PenaltyConfig::timeS,
           0);
    const auto count = [&tid](const char* name, const char* help, auto part, auto member) {
        tid.AddAttribute(name,
                         help,
                         UintegerValue(0),
                         MakeConfigAccessor<UintegerValue>(&Rollout::m_dispatch, part, member),
                         MakeUintegerChecker<uint32_t>());
    };
    count("PaceIncreaseEvery",
          "Devices of progress after which the rate grows; 0 = never.",
          pace,
          &PaceConfig::increaseEvery);
    count("PaceConcurrent",
          "Devices in progress at once; 0 = no limit.",
          pace,
          &PaceConfig::concurrent);
    count("RetryLimit", "Further tries of a device.", retry, &RetryConfig::limit);
    count("PenaltyFailures",
          "Failures of a device after which it is left alone; 0 = never.",
          penalty,
          &PenaltyConfig::failures);
    const auto word = [&tid](const char* name, const char* help, auto part, auto member) {
        const DispatchConfig defaults;
        tid.AddAttribute(name,
                         help,
                         StringValue((defaults.*part).*member),
                         MakeConfigAccessor<StringValue>(&Rollout::m_dispatch, part, member),
                         MakeStringChecker());
    };
    word("PaceIncreaseOn",
         "What progress is: offered or succeeded.",
         pace,
         &PaceConfig::increaseOn);
    word("RetryOn", "Who gets further tries: failed, timed-out or any.", retry, &RetryConfig::on);
    tid.AddAttribute(
        "InProgressTimeout",
        "A device silent so long after its offer is timed out, seconds; 0 = never.",
        DoubleValue(0),
        MakeConfigAccessor<DoubleValue>(&Rollout::m_dispatch, &DispatchConfig::inProgressTimeoutS),
        MakeDoubleChecker<double>(0));
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
    m_resumeAfter = Seconds(config.resumeAfterS);
    m_rollBackTimeout = Seconds(config.rollBackTimeoutS);
    m_gates = config.gates;
    m_dispatch = config.dispatch;
    m_stopRuleConfigs = config.stopRules;
    m_actions = config.actions;
    m_dynamic = config.dynamic;
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
