// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/frame-encoder.h"

#include "model/lorawan/mac-command-encoder.h"
#include "model/wire/little-endian.h"
#include "model/wire/lorawan-class-b.h"
#include "model/wire/lorawan-mac-commands.h"

#include "ns3/abort.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// CFList of type 0 holds five frequencies.
constexpr size_t CFLIST_FREQUENCIES = 5;
constexpr uint16_t CHANNELS_PER_MASK = 16;

/// What a sensor says: its number, the frame's and a ramp.
std::vector<uint8_t>
TelemetryContent(DeviceId d, uint32_t frameCounter, size_t size)
{
    std::array<uint8_t, 8> head{};
    wire::PutLittleEndian(static_cast<uint32_t>(d), std::span(head).first<4>());
    wire::PutLittleEndian(frameCounter, std::span(head).last<4>());
    std::vector<uint8_t> content(size);
    for (size_t i = 0; i < size; ++i)
    {
        content[i] = i < head.size() ? head[i] : static_cast<uint8_t>(i);
    }
    return content;
}

} // namespace

FrameEncoder::FrameEncoder(const LorawanCore& core, Source source)
    : m_core(core),
      m_source(std::move(source))
{
}

void
FrameEncoder::Note(const UplinkEnd& uplink)
{
    if (uplink.kind == UplinkKind::JOIN_REQUEST)
    {
        m_sessions[static_cast<uint32_t>(uplink.device)].requested = uplink.devNonce;
    }
    else if (uplink.confirmed || AnswersTo(uplink.options) != 0)
    {
        auto& session = m_sessions[static_cast<uint32_t>(uplink.device)];
        session.confirmedUp = uplink.confirmed ? uplink.frameCounter : session.confirmedUp;
        session.upEnd = uplink.end;
        session.gateways = static_cast<uint8_t>(std::min<size_t>(uplink.heard.size(), 255));
        if (!uplink.heard.empty())
        {
            const double floorDb = SnrFloorDb(m_core.rates[uplink.dataRate]->spreadingFactor);
            const double marginDb = uplink.heard.front().snrDb - floorDb;
            session.marginDb = static_cast<uint8_t>(std::clamp(marginDb, 0.0, 254.0));
        }
    }
}

void
FrameEncoder::Note(const DownlinkFrame& frame)
{
    auto& session = m_sessions[static_cast<uint32_t>(frame.device)];
    if (frame.joinAccept)
    {
        // A request is over before the next one starts: the answer is to the last one.
        session.devNonce = session.requested;
        ++session.joinNonce;
        session.fCntDown = 0;
        session.aFCntDown = 0;
        return;
    }
    ++(m_core.config.version11 && frame.hasPayload ? session.aFCntDown : session.fCntDown);
}

FrameEncoder::Session
FrameEncoder::SessionOf(DeviceId d) const
{
    const auto found = m_sessions.find(static_cast<uint32_t>(d));
    return found == m_sessions.end() ? Session{} : found->second;
}

std::vector<uint8_t>
FrameEncoder::JoinRequest(const UplinkEnd& uplink) const
{
    const auto keys = m_source.keys(uplink.device);
    return wire::EncodeJoinRequest({JOIN_EUI, DevEuiOf(uplink.device), uplink.devNonce},
                                   m_core.config.version11 ? keys.nwkKey : keys.appKey);
}

wire::CfList
FrameEncoder::MakeCfList() const
{
    if (m_core.region.downlinkChannels.empty())
    {
        std::array<uint32_t, CFLIST_FREQUENCIES> frequencies{};
        const size_t known = m_core.joinChannels.size();
        for (size_t i = 0; i < frequencies.size() && known + i < m_core.channels.size(); ++i)
        {
            frequencies[i] = m_core.channels[known + i].frequencyHz;
        }
        return wire::EncodeCfListFrequencies(frequencies);
    }
    std::array<uint16_t, 7> masks{};
    for (const auto& channel : m_core.channels)
    {
        masks.at(channel.index / CHANNELS_PER_MASK) |=
            static_cast<uint16_t>(1U << (channel.index % CHANNELS_PER_MASK));
    }
    return wire::EncodeCfListMasks(masks);
}

std::vector<uint8_t>
FrameEncoder::JoinAccept(DeviceId d, const Session& session) const
{
    wire::JoinAccept accept;
    accept.joinNonce = session.joinNonce;
    accept.netId = NET_ID;
    accept.devAddr = DevAddrOf(d);
    accept.optNeg = m_core.config.version11;
    accept.rx1DrOffset = m_core.config.windows.rx1Offset;
    accept.rx2DataRate = m_core.windows.Rx2(true).dataRate;
    accept.rxDelay = m_core.windows.JoinAcceptDelayS();
    if (m_core.config.join.cfList)
    {
        accept.cfList = MakeCfList();
    }
    const auto keys = m_source.keys(d);
    if (!m_core.config.version11)
    {
        return wire::EncodeJoinAccept10(accept, keys.appKey);
    }
    const auto joinKeys = wire::DeriveJoinServerKeys(keys.nwkKey, DevEuiOf(d));
    wire::JoinAcceptContext11 context;
    context.joinEui = JOIN_EUI;
    context.devNonce = session.devNonce;
    return wire::EncodeJoinAccept11(accept, joinKeys.jsIntKey, keys.nwkKey, context);
}

std::vector<uint8_t>
FrameEncoder::Secure(DeviceId d,
                     const Session& session,
                     wire::DataFrame frame,
                     const wire::UplinkMic11Context& context) const
{
    const auto root = m_source.keys(d);
    if (!m_core.config.version11)
    {
        const auto keys =
            wire::DeriveSessionKeys10(root.appKey, session.joinNonce, NET_ID, session.devNonce);
        return wire::SecureDataFrame10(frame, keys.nwkSKey, keys.appSKey);
    }
    const auto keys = wire::DeriveSessionKeys11(root.nwkKey,
                                                root.appKey,
                                                session.joinNonce,
                                                JOIN_EUI,
                                                session.devNonce);
    wire::CryptFrmPayload(keys.appSKey, frame, frame.frmPayload);
    wire::CryptFOpts(keys.nwkSEncKey, frame, frame.fOpts);
    auto bytes = wire::EncodeWithoutMic(frame);
    const auto mic =
        wire::IsUplink(frame.mType)
            ? wire::ComputeUplinkMic11(keys.fNwkSIntKey, keys.sNwkSIntKey, context, frame, bytes)
            : wire::ComputeDownlinkMic11(keys.sNwkSIntKey, context.confFCnt, frame, bytes);
    bytes.insert(bytes.end(), mic.begin(), mic.end());
    return bytes;
}

std::vector<uint8_t>
FrameEncoder::Encode(const UplinkEnd& uplink) const
{
    if (uplink.kind == UplinkKind::JOIN_REQUEST)
    {
        return JoinRequest(uplink);
    }
    wire::DataFrame frame;
    frame.mType = uplink.confirmed ? wire::MType::CONFIRMED_UP : wire::MType::UNCONFIRMED_UP;
    frame.devAddr = DevAddrOf(uplink.device);
    frame.adr = m_core.config.adr;
    frame.adrAckReq = uplink.adrAckReq;
    frame.fPending = uplink.classB; // the same bit of FCtrl
    frame.fCnt = uplink.frameCounter;
    frame.fOpts = Options(uplink);
    if (uplink.kind == UplinkKind::TELEMETRY)
    {
        frame.fPort = TELEMETRY_PORT;
        frame.frmPayload =
            TelemetryContent(uplink.device,
                             uplink.frameCounter,
                             uplink.phyBytes - wire::DATA_OVERHEAD_BYTES - frame.fOpts.size());
    }
    else if (uplink.payload != nullptr)
    {
        const auto content = uplink.payload->View();
        frame.fPort = uplink.payload->port;
        frame.frmPayload.assign(content.begin(), content.end());
    }
    wire::UplinkMic11Context context;
    context.txDataRate = uplink.dataRate;
    context.txChannel = static_cast<uint8_t>(m_core.channels[uplink.channel].index);
    auto bytes = Secure(uplink.device, SessionOf(uplink.device), std::move(frame), context);
    NS_ABORT_MSG_IF(bytes.size() != uplink.phyBytes, "size and encoding of an uplink differ");
    return bytes;
}

std::vector<uint8_t>
FrameEncoder::LinkAdr(const DownlinkFrame& frame) const
{
    wire::mac::LinkADRReq request;
    request.txPower = frame.adrPower;
    request.dataRate = frame.adrDataRate;
    request.nbTrans = 1;
    const unsigned group = m_core.channels.front().index / CHANNELS_PER_MASK;
    request.chMaskCntl = static_cast<uint8_t>(group);
    for (size_t i = 0; i < m_core.channels.size(); ++i)
    {
        const auto& channel = m_core.channels[i];
        const size_t first = m_core.firstExtraChannel;
        const bool known = i < first || (frame.knownChannels >> (i - first) & 1) != 0;
        if (known && channel.index / CHANNELS_PER_MASK == group)
        {
            request.chMask |= static_cast<uint16_t>(1U << (channel.index % CHANNELS_PER_MASK));
        }
    }
    const auto bytes = wire::MakePayload(0, wire::PackageVersion::V1, request);
    return {bytes.View().begin(), bytes.View().end()};
}

std::vector<uint8_t>
FrameEncoder::Options(const UplinkEnd& uplink) const
{
    namespace mac = wire::mac;
    constexpr auto VERSION = wire::PackageVersion::V1;
    auto bytes = wire::AppPayload::ForPort(0);
    if ((uplink.options & LINK_ADR_ANS) != 0)
    {
        mac::LinkADRAns answer;
        answer.channelMaskAck = true;
        answer.dataRateAck = true;
        answer.powerAck = true;
        wire::Encode(answer, VERSION, bytes);
    }
    if ((uplink.options & LINK_CHECK_REQ) != 0)
    {
        wire::Encode(mac::LinkCheckReq{}, VERSION, bytes);
    }
    if ((uplink.options & DEVICE_TIME_REQ) != 0)
    {
        wire::Encode(mac::DeviceTimeReq{}, VERSION, bytes);
    }
    if ((uplink.options & PING_SLOT_INFO_REQ) != 0)
    {
        wire::Encode(mac::PingSlotInfoReq{m_source.pingPeriodicity(uplink.device)}, VERSION, bytes);
    }
    if ((uplink.options & REKEY_IND) != 0)
    {
        wire::Encode(mac::RekeyInd{}, VERSION, bytes);
    }
    MacCommandEncoder(m_core).AddAnswers(uplink, bytes);
    return {bytes.View().begin(), bytes.View().end()};
}

std::vector<uint8_t>
FrameEncoder::Options(const DownlinkFrame& frame) const
{
    namespace mac = wire::mac;
    constexpr auto VERSION = wire::PackageVersion::V1;
    auto bytes = wire::AppPayload::ForPort(0);
    if ((frame.options & LINK_CHECK_ANS) != 0)
    {
        const auto session = SessionOf(frame.device);
        wire::Encode(mac::LinkCheckAns{session.marginDb, session.gateways}, VERSION, bytes);
    }
    if ((frame.options & DEVICE_TIME_ANS) != 0)
    {
        // When the uplink ended, in units of 1/256 s (TS001-1.0.4 section 5.10).
        const Tick upEnd = SessionOf(frame.device).upEnd;
        const Tick rest = upEnd % TICKS_PER_SECOND;
        mac::DeviceTimeAns answer;
        answer.seconds = static_cast<uint32_t>(upEnd / TICKS_PER_SECOND);
        answer.fraction = static_cast<uint8_t>(rest * 256 / TICKS_PER_SECOND);
        wire::Encode(answer, VERSION, bytes);
    }
    if ((frame.options & PING_SLOT_INFO_ANS) != 0)
    {
        wire::Encode(mac::PingSlotInfoAns{}, VERSION, bytes);
    }
    if ((frame.options & REKEY_CONF) != 0)
    {
        wire::Encode(mac::RekeyConf{}, VERSION, bytes);
    }
    MacCommandEncoder(m_core).AddRequests(frame, bytes);
    return {bytes.View().begin(), bytes.View().end()};
}

std::vector<uint8_t>
FrameEncoder::Encode(const DownlinkFrame& downlink) const
{
    const DeviceId d = downlink.device;
    const auto session = SessionOf(d);
    std::vector<uint8_t> bytes;
    if (downlink.joinAccept)
    {
        bytes = JoinAccept(d, session);
    }
    else
    {
        wire::DataFrame frame;
        frame.mType = wire::MType::UNCONFIRMED_DOWN;
        frame.devAddr = DevAddrOf(d);
        frame.adr = m_core.config.adr;
        frame.ack = downlink.acknowledges;
        frame.fPending = downlink.pending;
        const bool application = m_core.config.version11 && downlink.hasPayload;
        frame.fCnt = (application ? session.aFCntDown : session.fCntDown) - 1;
        if (downlink.adrDataRate != DownlinkFrame::NO_ADR)
        {
            frame.fOpts = LinkAdr(downlink);
        }
        const auto options = Options(downlink);
        frame.fOpts.insert(frame.fOpts.end(), options.begin(), options.end());
        if (downlink.hasPayload)
        {
            auto payload = downlink.payload;
            if (m_source.complete)
            {
                m_source.complete(d, payload);
            }
            frame.fPort = payload.port;
            frame.frmPayload.assign(payload.View().begin(), payload.View().end());
        }
        wire::UplinkMic11Context context;
        context.confFCnt =
            downlink.acknowledges ? static_cast<uint16_t>(session.confirmedUp) : uint16_t{0};
        bytes = Secure(d, session, std::move(frame), context);
    }
    NS_ABORT_MSG_IF(bytes.size() != downlink.phyBytes, "size and encoding of a downlink differ");
    return bytes;
}

std::vector<uint8_t>
FrameEncoder::Encode(const GroupTransmission& sent) const
{
    const auto& group = sent.config;
    wire::DataFrame frame;
    frame.mType = wire::MType::UNCONFIRMED_DOWN;
    frame.devAddr = group.address;
    frame.fCnt = sent.frameCounter;
    frame.fPort = sent.frame.port;
    if (sent.frame.number != 0)
    {
        frame.frmPayload = m_source.groupFragment(sent.group, sent.frame);
    }
    else
    {
        const auto content = sent.frame.command.View();
        frame.frmPayload.assign(content.begin(), content.end());
    }
    NS_ABORT_MSG_IF(frame.frmPayload.size() != sent.frame.sizeBytes,
                    "size and encoding of a group frame differ");
    return wire::SecureDataFrame10(frame,
                                   wire::DeriveMcNwkSKey(group.key, group.address),
                                   wire::DeriveMcAppSKey(group.key, group.address));
}

std::vector<uint8_t>
FrameEncoder::EncodeBeacon(Tick start) const
{
    wire::Beacon beacon;
    beacon.time = static_cast<uint32_t>(start / TICKS_PER_SECOND);
    return wire::EncodeBeacon(beacon, m_core.region.beacon.sizeBytes);
}

} // namespace ns3::iotfleet
