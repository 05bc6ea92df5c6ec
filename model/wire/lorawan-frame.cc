// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lorawan-frame.h"

#include "model/wire/little-endian.h"

#include <algorithm>
#include <stdexcept>

namespace ns3::iotfleet::wire
{

namespace
{

constexpr std::size_t FHDR_BYTES = 7;
constexpr std::size_t MIC_BYTES = 4;
constexpr uint8_t FCTRL_ADR = 0x80;
constexpr uint8_t FCTRL_ADR_ACK_REQ = 0x40;
constexpr uint8_t FCTRL_ACK = 0x20;
constexpr uint8_t FCTRL_F_PENDING = 0x10;

bool
IsData(MType type)
{
    return type >= MType::UNCONFIRMED_UP && type <= MType::CONFIRMED_DOWN;
}

/** The block that A_i and B_0 have in common: direction, address, counter. */
Block128
FrameBlock(uint8_t first, const DataFrame& frame)
{
    Block128 block{};
    const std::span<uint8_t> bytes(block);
    bytes[0] = first;
    bytes[5] = IsUplink(frame.mType) ? 0 : 1;
    PutLittleEndian(frame.devAddr, bytes.subspan(6, 4));
    PutLittleEndian(frame.fCnt, bytes.subspan(10, 4));
    return block;
}

void
XorKeyStream(const Block128& key, Block128 block, std::span<uint8_t> bytes)
{
    for (std::size_t done = 0; done < bytes.size(); done += block.size())
    {
        block[15] = static_cast<uint8_t>(done / block.size() + 1);
        const auto stream = AesEcbEncryptBlock(key, block);
        const std::size_t count = std::min(stream.size(), bytes.size() - done);
        for (std::size_t i = 0; i < count; i++)
        {
            bytes[done + i] ^= stream[i];
        }
    }
}

Block128
CmacWithBlock(const Block128& key, Block128 block, std::span<const uint8_t> withoutMic)
{
    block[15] = static_cast<uint8_t>(withoutMic.size());
    std::vector<uint8_t> message(block.begin(), block.end());
    message.insert(message.end(), withoutMic.begin(), withoutMic.end());
    return AesCmac(key, message);
}

uint8_t
EncodeFCtrl(const DataFrame& frame)
{
    return static_cast<uint8_t>(
        (frame.adr ? FCTRL_ADR : 0) | (frame.adrAckReq ? FCTRL_ADR_ACK_REQ : 0) |
        (frame.ack ? FCTRL_ACK : 0) | (frame.fPending ? FCTRL_F_PENDING : 0) | frame.fOpts.size());
}

void
CheckEncodable(const DataFrame& frame)
{
    if (!IsData(frame.mType))
    {
        throw std::invalid_argument("LoRaWAN frame: the message type is not a data type");
    }
    if (frame.fOpts.size() > MAX_FOPTS_BYTES)
    {
        throw std::invalid_argument("LoRaWAN frame: FOpts exceed 15 bytes");
    }
    if (!frame.fOpts.empty() && frame.fPort == uint8_t{0})
    {
        throw std::invalid_argument("LoRaWAN frame: FOpts and FPort 0 exclude each other");
    }
    if (!frame.frmPayload.empty() && !frame.fPort)
    {
        throw std::invalid_argument("LoRaWAN frame: a payload needs an FPort");
    }
}

} // namespace

void
CryptFrmPayload(const Block128& key, const DataFrame& frame, std::span<uint8_t> payload)
{
    XorKeyStream(key, FrameBlock(0x01, frame), payload);
}

void
CryptFOpts(const Block128& nwkSEncKey, const DataFrame& frame, std::span<uint8_t> fOpts)
{
    auto block = FrameBlock(0x01, frame);
    const bool countsApplication = !IsUplink(frame.mType) && frame.fPort.value_or(0) > 0;
    block[4] = countsApplication ? 0x02 : 0x01;
    XorKeyStream(nwkSEncKey, block, fOpts);
}

std::vector<uint8_t>
EncodeWithoutMic(const DataFrame& frame)
{
    CheckEncodable(frame);
    std::vector<uint8_t> bytes(1 + FHDR_BYTES);
    const std::span<uint8_t> header(bytes);
    header[0] = EncodeMhdr(frame.mType);
    PutLittleEndian(frame.devAddr, header.subspan(1, 4));
    header[5] = EncodeFCtrl(frame);
    PutLittleEndian(frame.fCnt, header.subspan(6, 2));
    bytes.insert(bytes.end(), frame.fOpts.begin(), frame.fOpts.end());
    if (frame.fPort)
    {
        bytes.push_back(*frame.fPort);
        bytes.insert(bytes.end(), frame.frmPayload.begin(), frame.frmPayload.end());
    }
    return bytes;
}

Mic
ComputeMic10(const Block128& nwkSKey, const DataFrame& frame, std::span<const uint8_t> withoutMic)
{
    const auto code = CmacWithBlock(nwkSKey, FrameBlock(0x49, frame), withoutMic);
    return {code[0], code[1], code[2], code[3]};
}

Mic
ComputeUplinkMic11(const Block128& fNwkSIntKey,
                   const Block128& sNwkSIntKey,
                   const UplinkMic11Context& context,
                   const DataFrame& frame,
                   std::span<const uint8_t> withoutMic)
{
    auto block = FrameBlock(0x49, frame);
    const auto forwarding = CmacWithBlock(fNwkSIntKey, block, withoutMic);
    PutLittleEndian(context.confFCnt, std::span(block).subspan(1, 2));
    block[3] = context.txDataRate;
    block[4] = context.txChannel;
    const auto serving = CmacWithBlock(sNwkSIntKey, block, withoutMic);
    return {serving[0], serving[1], forwarding[0], forwarding[1]};
}

Mic
ComputeDownlinkMic11(const Block128& sNwkSIntKey,
                     uint16_t confFCnt,
                     const DataFrame& frame,
                     std::span<const uint8_t> withoutMic)
{
    auto block = FrameBlock(0x49, frame);
    PutLittleEndian(confFCnt, std::span(block).subspan(1, 2));
    const auto code = CmacWithBlock(sNwkSIntKey, block, withoutMic);
    return {code[0], code[1], code[2], code[3]};
}

std::vector<uint8_t>
SecureDataFrame10(const DataFrame& plain, const Block128& nwkSKey, const Block128& appSKey)
{
    DataFrame frame = plain;
    CryptFrmPayload(frame.fPort == uint8_t{0} ? nwkSKey : appSKey, frame, frame.frmPayload);
    auto bytes = EncodeWithoutMic(frame);
    const auto mic = ComputeMic10(nwkSKey, frame, bytes);
    bytes.insert(bytes.end(), mic.begin(), mic.end());
    return bytes;
}

std::optional<ReceivedDataFrame>
DecodeDataFrame(std::span<const uint8_t> phyPayload)
{
    if (phyPayload.size() < EMPTY_DATA_FRAME_BYTES ||
        !IsData(DecodeMhdr(phyPayload[0]).value_or(MType::PROPRIETARY)))
    {
        return std::nullopt;
    }
    const auto body = phyPayload.first(phyPayload.size() - MIC_BYTES);
    const uint8_t fCtrl = body[5];
    const std::size_t optionsEnd = 1 + FHDR_BYTES + (fCtrl & 0x0fU);
    if (optionsEnd > body.size())
    {
        return std::nullopt;
    }
    ReceivedDataFrame received;
    auto& frame = received.frame;
    frame.mType = *DecodeMhdr(body[0]);
    frame.devAddr = static_cast<uint32_t>(GetLittleEndian(body.subspan(1, 4)));
    frame.adr = (fCtrl & FCTRL_ADR) != 0;
    frame.adrAckReq = (fCtrl & FCTRL_ADR_ACK_REQ) != 0;
    frame.ack = (fCtrl & FCTRL_ACK) != 0;
    frame.fPending = (fCtrl & FCTRL_F_PENDING) != 0;
    frame.fCnt = static_cast<uint32_t>(GetLittleEndian(body.subspan(6, 2)));
    const auto options = body.subspan(1 + FHDR_BYTES, optionsEnd - 1 - FHDR_BYTES);
    frame.fOpts.assign(options.begin(), options.end());
    if (optionsEnd < body.size())
    {
        frame.fPort = body[optionsEnd];
        const auto payload = body.subspan(optionsEnd + 1);
        frame.frmPayload.assign(payload.begin(), payload.end());
    }
    std::copy_n(phyPayload.end() - MIC_BYTES, MIC_BYTES, received.mic.begin());
    return received;
}

std::optional<DataFrame>
OpenDataFrame10(std::span<const uint8_t> phyPayload,
                uint16_t fCntHigh,
                const Block128& nwkSKey,
                const Block128& appSKey)
{
    auto received = DecodeDataFrame(phyPayload);
    if (!received)
    {
        return std::nullopt;
    }
    auto& frame = received->frame;
    frame.fCnt |= static_cast<uint32_t>(fCntHigh) << 16;
    if (ComputeMic10(nwkSKey, frame, phyPayload.first(phyPayload.size() - MIC_BYTES)) !=
        received->mic)
    {
        return std::nullopt;
    }
    CryptFrmPayload(frame.fPort == uint8_t{0} ? nwkSKey : appSKey, frame, frame.frmPayload);
    return frame;
}

} // namespace ns3::iotfleet::wire
