// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/update/session-time-out.h"
#include "model/wire/ts004-fragmentation.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession: how fast its frames can follow each other, and the time-out that follows
 * from it.
 */
namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;

/// The group as far as it is known before its members are.
GroupConfig
DistributionSession::GroupPlan() const
{
    const auto& config = m_service.m_config;
    GroupConfig group;
    group.mode = config.sessionClass == "B" ? ListenMode::PERIODIC : ListenMode::CONTINUOUS;
    group.dataRate = m_plan.dataRate;
    group.frequencyHz = config.channelHz;
    group.pingPeriodicity = config.pingPeriodicity;
    group.gatewayMode =
        config.gatewayMode == "staggered" ? GatewayMode::STAGGERED : GatewayMode::SIMULCAST;
    group.gateways = m_plan.gateways;
    return group;
}

/// Application payload of a fragment.
uint8_t
DistributionSession::FrameBytes() const
{
    return static_cast<uint8_t>(m_setup.fragSize + ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
}

/// What the network tells of fragments at a data rate.
GroupPace
DistributionSession::PaceOf(uint8_t dataRate) const
{
    GroupConfig group = GroupPlan();
    group.dataRate = dataRate;
    return m_service.m_env.access->PaceOf(group, FrameBytes());
}

/// What a frame costs of the gateways' time: at the duty cycle, and of ping slots.
double
DistributionSession::AirIntervalS(uint8_t dataRate) const
{
    const auto& config = m_service.m_config;
    const double airS = m_service.m_env.access->GroupAirtimeS(dataRate, FrameBytes());
    const double slotS =
        config.sessionClass == "B" ? 0.96 * std::ldexp(1.0, config.pingPeriodicity) : 0;
    return std::max(airS / config.dutyCycle, slotS);
}

/// From frame to frame of this session while it has the gateways for itself.
double
DistributionSession::FrameIntervalS(uint8_t dataRate) const
{
    const double intervalS = std::max(AirIntervalS(dataRate), PaceOf(dataRate).spacingS);
    const auto& config = m_service.m_config;
    if (config.sessionClass != "B")
    {
        return intervalS;
    }
    // Frames wait for a ping slot. There is one every 0.96 s * 2^n, but for the beacon's own time:
    // in the mean 2^n s.
    const double meanSlotS = std::ldexp(1.0, config.pingPeriodicity);
    return std::ceil(intervalS / (0.96 * meanSlotS) - 1e-9) * meanSlotS;
}

/// The length of the first window by ChirpStack's rule, in units of the time-out.
double
DistributionSession::ChirpstackUnits() const
{
    const auto& config = m_service.m_config;
    const uint32_t frames = m_setup.nbFrag + m_coded;
    if (config.sessionClass == "B")
    {
        return ChirpstackClassBPeriods(frames, config.pingPeriodicity);
    }
    GroupConfig one = GroupPlan();
    one.gatewayMode = GatewayMode::SIMULCAST;
    return ChirpstackClassCSeconds(frames,
                                   m_service.m_env.access->PaceOf(one, FrameBytes()).spacingS);
}

void
DistributionSession::ChooseTimeOut()
{
    const auto& config = m_service.m_config;
    if (config.timeOut)
    {
        m_timeOut = *config.timeOut;
        return;
    }
    // ChirpStack has no further windows.
    const bool isChirpstack = config.timeOutRule == "chirpstack" && m_windows == 0;
    const double units = isChirpstack ? ChirpstackUnits() : PredictedWindowS() / TimeOutUnitS();
    const uint32_t exponent = TimeOutExponent(units);
    m_isLong = m_isLong || exponent > LONGEST_TIME_OUT;
    m_timeOut = static_cast<uint8_t>(std::min<uint32_t>(exponent, LONGEST_TIME_OUT));
}

} // namespace ns3::iotfleet
