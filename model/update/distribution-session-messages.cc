// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/wire/lorawan-keys.h"

#include <algorithm>

/**
 * @file
 * DistributionSession: its set-up messages.
 */
namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;
namespace ts005 = wire::ts005;

wire::AppPayload
DistributionSession::SetupMessage(DeviceId device) const
{
    if (m_stage == Stage::GROUP_SETUP)
    {
        return GroupSetupMessage(device);
    }
    return m_stage == Stage::FRAGMENT_SETUP ? FragmentSetupMessage(device) : SessionRequest();
}

wire::AppPayload
DistributionSession::GroupSetupMessage(DeviceId device) const
{
    const auto appKey = m_service.m_env.keyOf(device);
    const auto root = m_service.m_config.lorawan11 ? wire::DeriveMcRootKeyFromAppKey(appKey)
                                                   : wire::DeriveMcRootKeyFromGenAppKey(appKey);
    ts005::McGroupSetupReq request;
    request.mcAddr = m_address;
    request.mcKeyEncrypted = wire::EncryptMcKey(wire::DeriveMcKEKey(root), m_key);
    request.maxMcFCount = 0xFFFFFFFF;
    return wire::MakePayload(ts005::FPORT, m_version, request);
}

/// The MIC of version 2 is over the image's digest: the block's bytes do not travel in the
/// simulator.
wire::AppPayload
DistributionSession::FragmentSetupMessage(DeviceId device) const
{
    auto request = m_setup;
    if (m_version == wire::PackageVersion::V2)
    {
        const auto key = wire::DeriveDataBlockIntKey(m_service.m_env.keyOf(device));
        request.mic = wire::DataBlockMic(key,
                                         request.sessionCnt,
                                         request.fragIndex,
                                         request.descriptor,
                                         m_service.m_env.catalog->Get(m_image).digest);
    }
    return wire::MakePayload(ts004::FPORT, m_version, request);
}

wire::AppPayload
DistributionSession::SessionRequest() const
{
    const auto& config = m_service.m_config;
    const auto startS = static_cast<uint32_t>(m_start / TICKS_PER_SECOND);
    if (config.sessionClass == "B")
    {
        ts005::McClassBSessionReq request;
        request.sessionTime = startS;
        request.timeOut = m_timeOut;
        request.periodicity = config.pingPeriodicity;
        request.dlFrequencyHz = config.channelHz != 0 ? config.channelHz : config.pingFrequencyHz;
        request.dr = m_plan.dataRate;
        return wire::MakePayload(ts005::FPORT, m_version, request);
    }
    ts005::McClassCSessionReq request;
    request.sessionTime = startS;
    request.sessionTimeOut = m_timeOut;
    request.dlFrequencyHz = config.channelHz != 0 ? config.channelHz : config.frequencyHz;
    request.dr = m_plan.dataRate;
    return wire::MakePayload(ts005::FPORT, m_version, request);
}

} // namespace ns3::iotfleet
