// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_CONFIG_BINDING_H
#define IOTFLEET_HELPER_CONFIG_BINDING_H

#include "helper/scenario.h"
#include "model/fleet/enum-names.h"
#include "model/lifecycle/clock-sync-config.h"
#include "model/lorawan/lorawan-config.h"
#include "model/quarantine/detector.h"
#include "model/quarantine/quarantine-config.h"
#include "model/update/rollout-config.h"
#include "model/update/update-config.h"

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

/**
 * @file
 * Which member of a scenario stands for which knob of a model, once, for both ways: from the
 * scenario to the model (CopyToConfig) and from the attributes to the scenario (CopyToSpec).
 *
 * Each Bind function calls `f(member of the spec, member of each config...)`; zero, one or more
 * configs may go along.
 */
namespace ns3::iotfleet
{

/// An enumeration of a model, by its names.
template <class Enum, size_t N>
struct NamedMember
{
    const std::array<std::string_view, N>& names;
    Enum& value;

    NamedMember(const std::array<std::string_view, N>& all, Enum& member)
        : names(all),
          value(member)
    {
    }

    operator std::string() const
    {
        return std::string(names[static_cast<size_t>(value)]);
    }

    void Take(const std::string& name) const
    {
        value = *FromName<std::remove_const_t<Enum>>(names, name);
    }
};

/// A flag of a model that the scenario says as one of two words.
template <class Flag>
struct WordMember
{
    Flag& value;
    const char* yes;
    const char* no;

    WordMember(Flag& member, const char* ifTrue, const char* ifFalse)
        : value(member),
          yes(ifTrue),
          no(ifFalse)
    {
    }

    operator std::string() const
    {
        return value ? yes : no;
    }

    void Take(const std::string& word) const
    {
        value = word == yes;
    }
};

/// One end of a maintenance window, which the scenario leaves out when it is always open.
template <class Window, class Edge>
struct EdgeMember
{
    Window& window;
    Edge edge;

    EdgeMember(Window& all, Edge member)
        : window(all),
          edge(member)
    {
    }

    operator std::optional<double>() const
    {
        return window.startS == window.endS ? std::nullopt : std::optional<double>(window.*edge);
    }

    void Take(const std::optional<double>& value) const
    {
        window.*edge = value.value_or(0);
    }
};

/// A number of a model that the scenario may leave open, which `none` stands for.
template <class Number, class Value>
struct OpenMember
{
    Value& value;
    std::remove_const_t<Value> none;

    OpenMember(Value& member, std::remove_const_t<Value> absent)
        : value(member),
          none(absent)
    {
    }

    operator std::optional<Number>() const
    {
        return value == none ? std::nullopt : std::optional<Number>(value);
    }

    void Take(const std::optional<Number>& number) const
    {
        value = number ? static_cast<std::remove_const_t<Value>>(std::llround(*number)) : none;
    }
};

/// A whole number of a model that is a quantity in the scenario.
template <class Value>
struct WholeMember
{
    Value& value;

    explicit WholeMember(Value& member)
        : value(member)
    {
    }

    operator double() const
    {
        return value;
    }

    void Take(double number) const
    {
        value = static_cast<std::remove_const_t<Value>>(std::llround(number));
    }
};

/// `f` of the Bind functions: the model gets what the scenario says.
struct CopyToConfig
{
    template <class Spec, class Config>
    void operator()(const Spec& spec, Config&& config) const
    {
        if constexpr (requires { config.Take(spec); })
        {
            config.Take(spec);
        }
        else
        {
            config = spec;
        }
    }
};

/// `f` of the Bind functions: the scenario gets what the model has.
struct CopyToSpec
{
    template <class Spec, class Config>
    void operator()(Spec& spec, const Config& config) const
    {
        spec = static_cast<Spec>(config);
    }
};

/// `f` of the Bind functions: where the scenario still has the first value it gets the second.
struct Follow
{
    template <class Spec, class Before, class Now>
    void operator()(Spec& spec, const Before& before, const Now& now) const
    {
        if (spec == static_cast<Spec>(before))
        {
            spec = static_cast<Spec>(now);
        }
    }
};

template <class F, class Spec, class... Config>
void
BindPropagation(F f, Spec& s, Config&... c)
{
    f(s.fading, NamedMember(FADING_NAMES, c.fading)...);
    f(s.fadingDb, c.fadingDb...);
    f(s.frameLoss, c.frameLoss...);
    f(s.interferenceReachDb, c.interferenceReachDb...);
    f(s.shadowingDb, c.shadowingDb...);
    f(s.buildingLossDb, c.buildingLossDb...);
    f(s.buildingSpreadDb, c.buildingSpreadDb...);
}

template <class F, class Spec, class... Config>
void
BindJoin(F f, Spec& s, Config&... c)
{
    f(s.serverRate, c.serverRate...);
    f(s.serverQueue, c.serverQueue...);
    f(s.serverDelayS, c.serverDelayS...);
    f(s.backoff, WordMember(c.loramacBackoff, "loramac-node", "spec")...);
    f(s.retryMinS, c.retryMinS...);
    f(s.retryMaxS, c.retryMaxS...);
    f(s.cfList, c.cfList...);
    f(s.linkLostUplinks,
      OpenMember<uint8_t, std::remove_reference_t<decltype((c.linkLostUplinks))>>(c.linkLostUplinks,
                                                                                  0)...);
}

template <class F, class Spec, class... Config>
void
BindPacing(F f, Spec& s, Config&... c)
{
    f(s.kind, NamedMember(PACING_KIND_NAMES, c.kind)...);
    f(s.intervalS, c.intervalS...);
    f(s.airtimeFactor, c.airtimeFactor...);
    f(s.airtimeExtraBytes, c.airtimeExtraBytes...);
    f(s.airtimeCrc, c.airtimeCrc...);
    f(s.airtimeLdro, NamedMember(LDRO_ESTIMATE_NAMES, c.airtimeLdro)...);
    f(s.tickS, c.tickS...);
    f(s.tickPhaseS, c.tickPhaseS...);
    f(s.tickExtraMinS, c.tickExtraMinS...);
    f(s.tickExtraMaxS, c.tickExtraMaxS...);
    f(s.sendTimeS, c.sendTimeS...);
}

template <class F, class Spec, class... Config>
void
BindWindows(F f, Spec& s, Config&... c)
{
    f(s.rx1DelayS, WholeMember(c.rx1DelayS)...);
    f(s.rx1Offset, c.rx1Offset...);
    f(s.rx1DelayBy, WordMember(c.rx1DelayByCommand, "command", "join-accept")...);
    f(s.rx2DataRate,
      OpenMember<uint8_t, std::remove_reference_t<decltype((c.rx2DataRate))>>(
          c.rx2DataRate,
          ReceiveWindowConfig::REGION_RATE)...);
    f(s.rx2FrequencyHz,
      OpenMember<double, std::remove_reference_t<decltype((c.rx2FrequencyHz))>>(c.rx2FrequencyHz,
                                                                                0)...);
}

/// MacCommandsSpec and MacCommandConfig.
template <class F, class Spec, class... Config>
void
BindMacCommands(F f, Spec& s, Config&... c)
{
    f(s.deviceStatusS,
      OpenMember<double, std::remove_reference_t<decltype((c.deviceStatusS))>>(c.deviceStatusS,
                                                                               0)...);
    f(s.maxDutyCycle, c.maxDutyCycle...);
    f(s.pingFrequencyHz,
      OpenMember<double, std::remove_reference_t<decltype((c.pingFrequencyHz))>>(c.pingFrequencyHz,
                                                                                 0)...);
    f(s.pingDataRate,
      OpenMember<uint8_t, std::remove_reference_t<decltype((c.pingDataRate))>>(
          c.pingDataRate,
          MacCommandConfig::REGION_RATE)...);
}

/// LorawanSpec and LorawanConfig. Powers are not among them: a scenario may leave them to the
/// model.
template <class F, class Spec, class... Config>
void
BindLorawan(F f, Spec& s, Config&... c)
{
    BindPropagation(f, s.propagation, c...);
    BindJoin(f, s.join, c.join...);
    BindPacing(f, s.pacing, c.pacing...);
    BindWindows(f, s.receiveWindows, c.windows...);
    BindMacCommands(f, s.macCommands, c.macCommands...);
    f(s.version, WordMember(c.version11, "1.1", "1.0.4")...);
    f(s.clockSync.method, NamedMember(CLOCK_SYNC_NAMES, c.clockSync)...);
    f(s.clockSync.periodS, c.clockSyncS...);
    f(s.adr, c.adr...);
    f(s.adrMarginDb, c.adrMarginDb...);
    f(s.gatewayStatsIntervalS, c.gatewayStatsIntervalS...);
    f(s.deviceAntennaGainDbi, c.deviceAntennaGainDbi...);
    f(s.deviceNoiseFigureDb, c.deviceNoiseFigureDb...);
    f(s.gatewayNoiseFigureDb, c.gatewayNoiseFigureDb...);
    f(s.deviceDutyCycle, c.deviceDutyCycle...);
    f(s.dutyCycleRule, NamedMember(DUTY_CYCLE_RULE_NAMES, c.dutyCycleRule)...);
    f(s.dedupWindowS, c.dedupWindowS...);
    f(s.confirmedRetries, c.confirmedRetries...);
    f(s.subBand, c.subBand...);
    f(s.classAPreempts, WordMember(c.windowsDeafen, "windows", "transmission")...);
    f(s.classBBeaconLoss, c.classBBeaconLoss...);
    f(s.assumedDriftPpm, c.classBAssumedDriftPpm...);
}

/// ClockSyncSpec and ClockSyncConfig: attributes of ClockSyncAgent and ClockSyncService. The period
/// is not among them: it is LorawanConfig's as well (SettleClockSync).
template <class F, class Spec, class... Config>
void
BindClockSync(F f, Spec& s, Config&... c)
{
    f(s.answerRequired, c.answerRequired...);
    f(s.periodicity, c.periodicity...);
    f(s.resyncAtS, c.resyncAtS...);
    f(s.resyncTransmissions, c.resyncTransmissions...);
}

/// RepairSpec and RepairConfig.
template <class F, class Spec, class... Config>
void
BindRepair(F f, Spec& s, Config&... c)
{
    f(s.multicastRounds, c.multicastRounds...);
    f(s.redundancyStep, c.redundancyStep...);
    f(s.unicast, c.unicast...);
    f(s.unicastLimit, c.unicastLimit...);
    f(s.successThreshold, c.successThreshold...);
    f(s.statusTimeoutS, c.statusTimeoutS...);
    f(s.quantile, c.quantile...);
}

/// Both are a StrategyConfig.
template <class F, class Spec, class... Config>
void
BindStrategy(F f, Spec& s, Config&... c)
{
    f(s.fec, c.fec...);
    f(s.parityGroups, c.parityGroups...);
    f(s.redundancyFrom, c.redundancyFrom...);
    f(s.redundancyQuantile, c.redundancyQuantile...);
    f(s.gatewayNames, c.gatewayNames...);
    f(s.gatewayCover, c.gatewayCover...);
    f(s.concurrentSessions, c.concurrentSessions...);
    f(s.unicastWindow, c.unicastWindow...);
    f(s.pollPeriodS, c.pollPeriodS...);
    f(s.pollConfirmed, c.pollConfirmed...);
    f(s.deleteAfterS, c.deleteAfterS...);
    f(s.ladder.fastest, c.ladder.fastest...);
    f(s.ladder.fragments, c.ladder.fragments...);
    f(s.carousel.periodS, c.carousel.periodS...);
    f(s.carousel.windowS, c.carousel.windowS...);
    f(s.carousel.threshold, c.carousel.threshold...);
    f(s.carousel.durationS, c.carousel.durationS...);
}

/// The devices' part of DistributionSpec and UpdateConfig: attributes of UpdateAgent.
template <class F, class Spec, class... Config>
void
BindInstallation(F f, Spec& s, Config&... c)
{
    f(s.fragSetupDelayS, c.fragSetupDelayS...);
    f(s.closeWhenDone, c.closeWhenDone...);
    f(s.redundancyMemory, c.redundancyMemory...);
    f(s.rebootBy, c.rebootBy...);
    f(s.rebootSpreadS, c.rebootSpreadS...);
    f(s.confirmBy, c.confirmBy...);
    f(s.trialS, c.trialS...);
    f(s.strategy.pollPeriodS, c.strategy.pollPeriodS...);
    f(s.strategy.pollConfirmed, c.strategy.pollConfirmed...);
}

/// DistributionSpec and UpdateConfig.
template <class F, class Spec, class... Config>
void
BindDistribution(F f, Spec& s, Config&... c)
{
    BindStrategy(f, s.strategy, c.strategy...);
    BindInstallation(f, s, c...);
    BindRepair(f, s.repair, c.repair...);
    f(s.policy, c.policy...);
    f(s.thresholdS, c.thresholdS...);
    f(s.sessionClass, c.sessionClass...);
    f(s.ts004, c.ts004...);
    f(s.dataRate, c.dataRate...);
    f(s.fragmentBytes, c.fragmentBytes...);
    f(s.fragmentBytesByDataRate, c.fragmentBytesByDataRate...);
    f(s.redundancy, c.redundancy...);
    f(s.dataRateMarginDb, c.dataRateMarginDb...);
    f(s.gatewayMode, c.gatewayMode...);
    f(s.frequencyHz,
      OpenMember<double, std::remove_reference_t<decltype((c.channelHz))>>(c.channelHz, 0)...);
    f(s.pingPeriodicity, c.pingPeriodicity...);
    f(s.timeOutRule, c.timeOutRule...);
    f(s.timeOut, c.timeOut...);
    f(s.poolingS, c.poolingS...);
    f(s.startMarginS, c.startMarginS...);
    f(s.setupTimeoutS, c.setupTimeoutS...);
    f(s.setupRetries, c.setupRetries...);
    f(s.sessionGapS, c.sessionGapS...);
    f(s.blockAckDelay, c.blockAckDelay...);
    f(s.statusRequest, c.statusRequest...);
    f(s.reportTimeoutS, c.reportTimeoutS...);
}

/// PaceConfig, RetryConfig and PenaltyConfig of RolloutSpec and DispatchConfig.
template <class F, class Spec, class... Config>
void
BindDispatch(F f, Spec& s, Config&... c)
{
    f(s.pace.rate, c.pace.rate...);
    f(s.pace.intervalS, c.pace.intervalS...);
    f(s.pace.factor, c.pace.factor...);
    f(s.pace.increaseEvery, c.pace.increaseEvery...);
    f(s.pace.increaseOn, c.pace.increaseOn...);
    f(s.pace.maximum, c.pace.maximum...);
    f(s.pace.concurrent, c.pace.concurrent...);
    f(s.pace.jitterS, c.pace.jitterS...);
    f(s.retry.limit, c.retry.limit...);
    f(s.retry.on, c.retry.on...);
    f(s.retry.waitS, c.retry.waitS...);
    f(s.retry.factor, c.retry.factor...);
    f(s.retry.longestS, c.retry.longestS...);
    f(s.penalty.failures, c.penalty.failures...);
    f(s.penalty.withinS, c.penalty.withinS...);
    f(s.penalty.timeS, c.penalty.timeS...);
    f(s.inProgressTimeoutS, c.inProgressTimeoutS...);
}

/// RolloutSpec and RolloutConfig, but for the lists.
template <class F, class Spec, class... Config>
void
BindRollout(F f, Spec& s, Config&... c)
{
    BindDispatch(f, s, c.dispatch...);
    f(s.startS, c.startS...);
    f(s.order, NamedMember(WAVE_ORDER_NAMES, c.order)...);
    f(s.unreported, NamedMember(UNREPORTED_NAMES, c.unreported)...);
    f(s.onError, NamedMember(ERROR_ACTION_NAMES, c.onError)...);
    f(s.requireEnrolled, c.requireEnrolled...);
    f(s.windowStartS, EdgeMember(c.window, &MaintenanceWindow::startS)...);
    f(s.windowEndS, EdgeMember(c.window, &MaintenanceWindow::endS)...);
    f(s.resumeAfterS, c.resumeAfterS...);
    f(s.gates.battery, c.gates.battery...);
    f(s.gates.power, c.gates.power...);
    f(s.dynamic.enabled, c.dynamic.enabled...);
    f(s.dynamic.size, c.dynamic.size...);
    f(s.dynamic.waitS, c.dynamic.waitS...);
    f(s.dynamic.untilS, c.dynamic.untilS...);
    f(s.rollBackTimeoutS, c.rollBackTimeoutS...);
}

/// DetectorSpec and DetectorConfig.
template <class F, class Spec, class... Config>
void
BindDetector(F f, Spec& s, Config&... c)
{
    f(s.windowS, c.windowS...);
    f(s.truePositiveRate, c.truePositiveRate...);
    f(s.falsePositiveRate, c.falsePositiveRate...);
    f(s.latencyS, c.latencyS...);
    f(s.startS, c.startS...);
}

/// QuarantineSpec and QuarantineConfig.
template <class F, class Spec, class... Config>
void
BindQuarantine(F f, Spec& s, Config&... c)
{
    f(s.detector.k, c.k...);
    f(s.detector.n, c.n...);
    f(s.level, NamedMember(QUARANTINE_LEVEL_NAMES, c.level)...);
    f(s.probationS, c.probationS...);
    f(s.falseReleaseS, c.releaseAfterS...);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CONFIG_BINDING_H
