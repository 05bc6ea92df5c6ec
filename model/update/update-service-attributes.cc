// SPDX-License-Identifier: GPL-2.0-only
// The knobs of UpdateService as ns-3 attributes. Defaults are those of UpdateConfig.
#include "model/fleet/config-attribute.h"
#include "model/update/update-service.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::iotfleet
{

TypeId
UpdateService::AddStrategyAttributes(TypeId tid)
{
    const StrategyConfig defaults;
    const auto add =
        [&](const char* name, const char* help, const auto& value, auto member, auto checker) {
            using Value = std::remove_cvref_t<decltype(value)>;
            tid.AddAttribute(name,
                             help,
                             value,
                             MakeConfigAccessor<Value>(&UpdateService::m_config,
                                                       &UpdateConfig::strategy,
                                                       member),
                             checker);
        };
    add("Fec",
        "Code of the fragments: none, ts004, rlnc-256, raptorq or ideal.",
        StringValue(defaults.fec),
        &StrategyConfig::fec,
        MakeStringChecker());
    add("ParityGroups",
        "Parts of the coded fragments of the first pass, with a status request after each.",
        UintegerValue(defaults.parityGroups),
        &StrategyConfig::parityGroups,
        MakeUintegerChecker<uint32_t>(1, 1000));
    add("RedundancyFrom",
        "fixed, or answers: from what members of earlier sessions lost.",
        StringValue(defaults.redundancyFrom),
        &StrategyConfig::redundancyFrom,
        MakeStringChecker());
    add("RedundancyQuantile",
        "Share of the members that a redundancy from answers serves, 0..1.",
        DoubleValue(defaults.redundancyQuantile),
        &StrategyConfig::redundancyQuantile,
        MakeDoubleChecker<double>(0, 1));
    add("GatewayCover",
        "Gateways that reach each member where GatewayMode is set-cover.",
        UintegerValue(defaults.gatewayCover),
        &StrategyConfig::gatewayCover,
        MakeUintegerChecker<uint32_t>(1, 4));
    add("ConcurrentSessions",
        "Sessions that send at the same time; 0 = as the policy says.",
        UintegerValue(defaults.concurrentSessions),
        &StrategyConfig::concurrentSessions,
        MakeUintegerChecker<uint32_t>());
    add("UnicastWindow",
        "Unicast fragments that wait in the network for a device.",
        UintegerValue(defaults.unicastWindow),
        &StrategyConfig::unicastWindow,
        MakeUintegerChecker<uint32_t>(1, 1000));
    return tid;
}

TypeId
UpdateService::AddAttributes(TypeId tid)
{
    AddStrategyAttributes(tid);
    const UpdateConfig defaults;
    tid.AddAttribute(
        "Policy",
        "Session policy: ALL, BASELINE, FASTEST, THRESHOLD, PER-GATEWAY, LADDER, CAROUSEL or "
        "UNICAST.",
        StringValue(defaults.policy),
        MakeConfigAccessor<StringValue>(&UpdateService::m_config, &UpdateConfig::policy),
        MakeStringChecker());
    tid.AddAttribute(
        "Threshold",
        "THRESHOLD: waiting time after which devices are pooled, seconds.",
        DoubleValue(defaults.thresholdS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::thresholdS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "SessionClass",
        "Class of multicast sessions: B or C.",
        StringValue(defaults.sessionClass),
        MakeConfigAccessor<StringValue>(&UpdateService::m_config, &UpdateConfig::sessionClass),
        MakeStringChecker());
    tid.AddAttribute(
        "Redundancy",
        "Coded per uncoded fragment in the first pass.",
        DoubleValue(defaults.redundancy),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::redundancy),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "DataRateMargin",
        "Link margin kept when choosing the data rate, dB.",
        DoubleValue(defaults.dataRateMarginDb),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::dataRateMarginDb),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "GatewayMode",
        "simulcast, staggered, list, set-cover or single.",
        StringValue(defaults.gatewayMode),
        MakeConfigAccessor<StringValue>(&UpdateService::m_config, &UpdateConfig::gatewayMode),
        MakeStringChecker());
    tid.AddAttribute(
        "PingPeriodicity",
        "Class B multicast: a ping slot every 0.96 s * 2^n.",
        UintegerValue(defaults.pingPeriodicity),
        MakeConfigAccessor<UintegerValue>(&UpdateService::m_config, &UpdateConfig::pingPeriodicity),
        MakeUintegerChecker<uint32_t>(0, 7));
    tid.AddAttribute(
        "SessionFrequency",
        "Frequency of multicast sessions, Hz; 0: the region's.",
        UintegerValue(defaults.channelHz),
        MakeConfigAccessor<UintegerValue>(&UpdateService::m_config, &UpdateConfig::channelHz),
        MakeUintegerChecker<uint32_t>());
    tid.AddAttribute(
        "Pooling",
        "Wait before the set-up of a session, seconds.",
        DoubleValue(defaults.poolingS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::poolingS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "StartMargin",
        "Least time from the end of set-up to the start, seconds.",
        DoubleValue(defaults.startMarginS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::startMarginS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "SetupTimeout",
        "Set-up ends without the missing devices after this, seconds.",
        DoubleValue(defaults.setupTimeoutS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::setupTimeoutS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "SetupRetries",
        "Repetitions of an unanswered set-up message.",
        UintegerValue(defaults.setupRetries),
        MakeConfigAccessor<UintegerValue>(&UpdateService::m_config, &UpdateConfig::setupRetries),
        MakeUintegerChecker<uint32_t>(0, 255));
    tid.AddAttribute(
        "SetupRetry",
        "Spacing of the looks for unanswered set-up messages, seconds.",
        DoubleValue(defaults.setupRetryS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::setupRetryS),
        MakeDoubleChecker<double>(1));
    tid.AddAttribute(
        "SessionGap",
        "Pause between sessions of one policy, seconds.",
        DoubleValue(defaults.sessionGapS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::sessionGapS),
        MakeDoubleChecker<double>(0));
    tid.AddAttribute(
        "BlockAckDelay",
        "TS004: members answer within 2^(n+4) s.",
        UintegerValue(defaults.blockAckDelay),
        MakeConfigAccessor<UintegerValue>(&UpdateService::m_config, &UpdateConfig::blockAckDelay),
        MakeUintegerChecker<uint32_t>(0, 7));
    tid.AddAttribute(
        "StatusRequest",
        "Whether members are asked for FragSessionStatusAns.",
        BooleanValue(defaults.statusRequest),
        MakeConfigAccessor<BooleanValue>(&UpdateService::m_config, &UpdateConfig::statusRequest),
        MakeBooleanChecker());
    tid.AddAttribute(
        "ReportTimeout",
        "Silence that counts as unreported, seconds.",
        DoubleValue(defaults.reportTimeoutS),
        MakeConfigAccessor<DoubleValue>(&UpdateService::m_config, &UpdateConfig::reportTimeoutS),
        MakeDoubleChecker<double>(0));
    return tid;
}

} // namespace ns3::iotfleet
