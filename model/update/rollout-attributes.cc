// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/config-attribute.h"
#include "model/update/rollout.h"

#include "ns3/boolean.h"

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(Rollout);

namespace
{

using DispatchAttributes = ConfigAttributes<Rollout, DispatchConfig>;

void
AddPace(DispatchAttributes& add)
{
    constexpr auto PACE = &DispatchConfig::pace;
    const auto number = [&](const char* name, const char* help, AttributeRange range, auto member) {
        add.Number(name, help, range, PACE, member);
    };
    const auto duration =
        [&](const char* name, const char* help, AttributeRange range, auto member) {
            add.Duration(name, help, range, PACE, member);
        };
    number("PaceRate",
           "Devices offered a step; 0 = all",
           AttributeRange::NotNegative(),
           &PaceConfig::rate);
    duration("PaceInterval", "Length of a step", {1e-3}, &PaceConfig::intervalS);
    number("PaceFactor", "Growth of the rate; 1 = constant", {1, 100}, &PaceConfig::factor);
    number("PaceMaximum",
           "Largest rate, devices a step; 0 = none",
           AttributeRange::NotNegative(),
           &PaceConfig::maximum);
    duration("PaceJitter",
             "Spread of the offers",
             AttributeRange::NotNegative(),
             &PaceConfig::jitterS);
    add.Count("PaceIncreaseEvery",
              "Devices of progress after which the rate grows; 0 = never",
              AttributeRange::NotNegative(),
              PACE,
              &PaceConfig::increaseEvery);
    add.Count("PaceConcurrent",
              "Devices in progress at once; 0 = no limit",
              AttributeRange::NotNegative(),
              PACE,
              &PaceConfig::concurrent);
    add.Word("PaceIncreaseOn",
             "What progress is: devices offered the image, or that reported success.",
             {"offered", "succeeded"},
             PACE,
             &PaceConfig::increaseOn);
}

void
AddRetry(DispatchAttributes& add)
{
    constexpr auto RETRY = &DispatchConfig::retry;
    constexpr auto PENALTY = &DispatchConfig::penalty;
    add.Count("RetryLimit", "Further tries of a device", {0, 250}, RETRY, &RetryConfig::limit);
    add.Word("RetryOn",
             "Who gets further tries.",
             {"any", "failed", "timed-out"},
             RETRY,
             &RetryConfig::on);
    add.Duration("RetryWait",
                 "Before the first further try",
                 AttributeRange::NotNegative(),
                 RETRY,
                 &RetryConfig::waitS);
    add.Number("RetryFactor", "Growth of that wait", {1, 100}, RETRY, &RetryConfig::factor);
    add.Duration("RetryLongest",
                 "Longest such wait",
                 AttributeRange::NotNegative(),
                 RETRY,
                 &RetryConfig::longestS);
    add.Count("PenaltyFailures",
              "Failures of a device after which it is left alone; 0 = never",
              AttributeRange::NotNegative(),
              PENALTY,
              &PenaltyConfig::failures);
    add.Duration("PenaltyWithin",
                 "Failures of a device count for this long",
                 AttributeRange::NotNegative(),
                 PENALTY,
                 &PenaltyConfig::withinS);
    add.Duration("PenaltyTime",
                 "How long a device is left alone",
                 AttributeRange::NotNegative(),
                 PENALTY,
                 &PenaltyConfig::timeS);
}

} // namespace

TypeId
Rollout::GetTypeId()
{
    static TypeId tid = AddConfigAttributes(
        TypeId("ns3::iotfleet::Rollout")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<Rollout>()
            .AddAttribute("Start",
                          "When the first wave may start.",
                          TimeValue(Seconds(86400)),
                          MakeTimeAccessor(&Rollout::m_start),
                          MakeTimeChecker(Time(0)))
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
Rollout::AddConfigAttributes(TypeId tid)
{
    ConfigAttributes(tid, &Rollout::m_orderKind)
        .Enum("Order", "Who is taken into a wave first.", WAVE_ORDER_NAMES);
    ConfigAttributes(tid, &Rollout::m_unreported)
        .Enum("Unreported", "How silent devices count.", UNREPORTED_NAMES);
    ConfigAttributes(tid, &Rollout::m_onError, ErrorAction::ABORT)
        .Enum("OnError", "What happens when a wave misses a threshold.", ERROR_ACTION_NAMES);
    ConfigAttributes gates(tid, &Rollout::m_gates);
    gates.Number(
        "GateBattery",
        "Smallest battery level, as reported or else in the inventory, of a device that is taken",
        AttributeRange::Share(),
        &GateConfig::battery);
    gates.Word("GatePower",
               "mains: only devices without a battery are taken.",
               {"any", "mains"},
               &GateConfig::power);
    ConfigAttributes dynamic(tid, &Rollout::m_dynamic);
    dynamic.Flag("Dynamic",
                 "Whether devices that come after the last wave make up further ones.",
                 &DynamicConfig::enabled);
    dynamic.Count("DynamicSize",
                  "Dynamic: a wave starts when so many are there",
                  {1},
                  &DynamicConfig::size);
    dynamic.Duration("DynamicWait",
                     "Dynamic: or when the first has waited so long; 0 s = never",
                     AttributeRange::NotNegative(),
                     &DynamicConfig::waitS);
    dynamic.Duration("DynamicUntil",
                     "Dynamic: the rollout is over then; 0 s = never",
                     AttributeRange::NotNegative(),
                     &DynamicConfig::untilS);
    AddDispatchAttributes(tid);
    return tid;
}

void
Rollout::AddDispatchAttributes(TypeId& tid)
{
    ConfigAttributes add(tid, &Rollout::m_dispatch);
    AddPace(add);
    AddRetry(add);
    add.Duration("InProgressTimeout",
                 "A device silent so long after its offer is timed out; 0 s = never",
                 AttributeRange::NotNegative(),
                 &DispatchConfig::inProgressTimeoutS);
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

RolloutConfig
Rollout::GetConfig() const
{
    RolloutConfig config;
    config.startS = m_start.GetSeconds();
    config.order = m_orderKind;
    config.waves = m_waves;
    config.unreported = m_unreported;
    config.onError = m_onError;
    config.requireEnrolled = m_requireEnrolled;
    config.window = Window();
    config.resumeAfterS = m_resumeAfter.GetSeconds();
    config.gates = m_gates;
    config.dispatch = m_dispatch;
    config.stopRules = m_stopRuleConfigs;
    config.actions = m_actions;
    config.dynamic = m_dynamic;
    config.rollBackTimeoutS = m_rollBackTimeout.GetSeconds();
    return config;
}

MaintenanceWindow
Rollout::Window() const
{
    return {m_windowStart.GetSeconds(), m_windowEnd.GetSeconds()};
}

} // namespace ns3::iotfleet
