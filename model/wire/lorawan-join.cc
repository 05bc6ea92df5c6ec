// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lorawan-join.h"

#include "model/wire/little-endian.h"

#include <algorithm>
#include <stdexcept>

namespace ns3::iotfleet::wire
{

namespace
{

constexpr std::size_t MIC_BYTES = 4;

/** Appends little-endian numbers. */
void
Put(std::vector<uint8_t>& bytes, uint64_t value, std::size_t width)
{
    bytes.resize(bytes.size() + width);
    PutLittleEndian(value, std::span(bytes).last(width));
}

/** Takes a little-endian number off the front. */
uint64_t
Take(std::span<const uint8_t>& bytes, std::size_t width)
{
    const auto value = GetLittleEndian(bytes.first(width));
    bytes = bytes.subspan(width);
    return value;
}

void
AppendPlainMic(std::vector<uint8_t>& bytes, const Block128& key)
{
    const auto code = AesCmac(key, bytes);
    bytes.insert(bytes.end(), code.begin(), code.begin() + MIC_BYTES);
}

std::vector<uint8_t>
EncodeJoinAcceptPlain(const JoinAccept& accept)
{
    std::vector<uint8_t> bytes{EncodeMhdr(MType::JOIN_ACCEPT)};
    Put(bytes, accept.joinNonce, 3);
    Put(bytes, accept.netId, 3);
    Put(bytes, accept.devAddr, 4);
    bytes.push_back(static_cast<uint8_t>((accept.optNeg ? 0x80 : 0) |
                                         ((accept.rx1DrOffset & 0x07) << 4) |
                                         (accept.rx2DataRate & 0x0f)));
    bytes.push_back(accept.rxDelay & 0x0f);
    if (accept.cfList)
    {
        bytes.insert(bytes.end(), accept.cfList->begin(), accept.cfList->end());
    }
    return bytes;
}

Mic
JoinAcceptMic11(std::span<const uint8_t> plain,
                const Block128& jsIntKey,
                const JoinAcceptContext11& context)
{
    std::vector<uint8_t> message{context.joinReqType};
    Put(message, context.joinEui, 8);
    Put(message, context.devNonce, 2);
    message.insert(message.end(), plain.begin(), plain.end());
    const auto code = AesCmac(jsIntKey, message);
    return {code[0], code[1], code[2], code[3]};
}

/** Everything behind MHDR is encrypted with AES decryption, block by block. */
std::vector<uint8_t>
EncryptJoinAccept(std::vector<uint8_t> plain, const Mic& mic, const Block128& key)
{
    plain.insert(plain.end(), mic.begin(), mic.end());
    for (std::size_t at = 1; at < plain.size(); at += AES_BLOCK_SIZE)
    {
        const std::span<const uint8_t, AES_BLOCK_SIZE> block(plain.data() + at, AES_BLOCK_SIZE);
        const auto encrypted = AesEcbDecryptBlock(key, block);
        std::copy(encrypted.begin(),
                  encrypted.end(),
                  plain.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return plain;
}

/** @return MHDR and all behind it in plain, MIC included, or nothing when it cannot be one. */
std::optional<std::vector<uint8_t>>
DecryptJoinAccept(std::span<const uint8_t> phyPayload, const Block128& key)
{
    const bool hasLength = phyPayload.size() == JOIN_ACCEPT_BYTES ||
                           phyPayload.size() == JOIN_ACCEPT_WITH_CFLIST_BYTES;
    if (!hasLength || DecodeMhdr(phyPayload[0]) != MType::JOIN_ACCEPT)
    {
        return std::nullopt;
    }
    std::vector<uint8_t> plain{phyPayload[0]};
    for (std::size_t at = 1; at < phyPayload.size(); at += AES_BLOCK_SIZE)
    {
        const std::span<const uint8_t, AES_BLOCK_SIZE> block(phyPayload.data() + at,
                                                             AES_BLOCK_SIZE);
        const auto decrypted = AesEcbEncryptBlock(key, block);
        plain.insert(plain.end(), decrypted.begin(), decrypted.end());
    }
    return plain;
}

JoinAccept
ParseJoinAccept(std::span<const uint8_t> withoutMic)
{
    JoinAccept accept;
    auto rest = withoutMic.subspan(1);
    accept.joinNonce = static_cast<uint32_t>(Take(rest, 3));
    accept.netId = static_cast<uint32_t>(Take(rest, 3));
    accept.devAddr = static_cast<uint32_t>(Take(rest, 4));
    const auto settings = static_cast<uint8_t>(Take(rest, 1));
    accept.optNeg = (settings & 0x80) != 0;
    accept.rx1DrOffset = (settings >> 4) & 0x07;
    accept.rx2DataRate = settings & 0x0f;
    accept.rxDelay = static_cast<uint8_t>(Take(rest, 1) & 0x0f);
    if (!rest.empty())
    {
        std::copy(rest.begin(), rest.end(), accept.cfList.emplace().begin());
    }
    return accept;
}

} // namespace

std::vector<uint8_t>
EncodeJoinRequest(const JoinRequest& request, const Block128& rootKey)
{
    std::vector<uint8_t> bytes{EncodeMhdr(MType::JOIN_REQUEST)};
    Put(bytes, request.joinEui, 8);
    Put(bytes, request.devEui, 8);
    Put(bytes, request.devNonce, 2);
    AppendPlainMic(bytes, rootKey);
    return bytes;
}

std::optional<JoinRequest>
DecodeJoinRequest(std::span<const uint8_t> phyPayload)
{
    if (phyPayload.size() != JOIN_REQUEST_BYTES || DecodeMhdr(phyPayload[0]) != MType::JOIN_REQUEST)
    {
        return std::nullopt;
    }
    JoinRequest request;
    auto rest = phyPayload.subspan(1);
    request.joinEui = Take(rest, 8);
    request.devEui = Take(rest, 8);
    request.devNonce = static_cast<uint16_t>(Take(rest, 2));
    return request;
}

bool
VerifyPlainMic(std::span<const uint8_t> phyPayload, const Block128& key)
{
    if (phyPayload.size() <= MIC_BYTES)
    {
        return false;
    }
    const auto code = AesCmac(key, phyPayload.first(phyPayload.size() - MIC_BYTES));
    return std::equal(phyPayload.end() - MIC_BYTES, phyPayload.end(), code.begin());
}

CfList
EncodeCfListFrequencies(const std::array<uint32_t, 5>& frequenciesHz)
{
    CfList cfList{};
    for (std::size_t i = 0; i < frequenciesHz.size(); i++)
    {
        PutLittleEndian(frequenciesHz[i] / 100, std::span(cfList).subspan(3 * i, 3));
    }
    return cfList;
}

CfList
EncodeCfListMasks(const std::array<uint16_t, 7>& channelMasks)
{
    CfList cfList{};
    for (std::size_t i = 0; i < channelMasks.size(); i++)
    {
        PutLittleEndian(channelMasks[i], std::span(cfList).subspan(2 * i, 2));
    }
    cfList.back() = 1;
    return cfList;
}

std::optional<std::array<uint32_t, 5>>
DecodeCfListFrequencies(const CfList& cfList)
{
    if (cfList.back() != 0)
    {
        return std::nullopt;
    }
    std::array<uint32_t, 5> frequenciesHz{};
    for (std::size_t i = 0; i < frequenciesHz.size(); i++)
    {
        frequenciesHz[i] =
            100 * static_cast<uint32_t>(GetLittleEndian(std::span(cfList).subspan(3 * i, 3)));
    }
    return frequenciesHz;
}

std::optional<std::array<uint16_t, 7>>
DecodeCfListMasks(const CfList& cfList)
{
    if (cfList.back() != 1)
    {
        return std::nullopt;
    }
    std::array<uint16_t, 7> masks{};
    for (std::size_t i = 0; i < masks.size(); i++)
    {
        masks[i] = static_cast<uint16_t>(GetLittleEndian(std::span(cfList).subspan(2 * i, 2)));
    }
    return masks;
}

std::vector<uint8_t>
EncodeJoinAccept10(const JoinAccept& accept, const Block128& appKey)
{
    auto plain = EncodeJoinAcceptPlain(accept);
    const auto code = AesCmac(appKey, plain);
    return EncryptJoinAccept(std::move(plain), {code[0], code[1], code[2], code[3]}, appKey);
}

std::vector<uint8_t>
EncodeJoinAccept11(const JoinAccept& accept,
                   const Block128& jsIntKey,
                   const Block128& encryptionKey,
                   const JoinAcceptContext11& context)
{
    auto plain = EncodeJoinAcceptPlain(accept);
    const auto mic = JoinAcceptMic11(plain, jsIntKey, context);
    return EncryptJoinAccept(std::move(plain), mic, encryptionKey);
}

std::optional<JoinAccept>
OpenJoinAccept10(std::span<const uint8_t> phyPayload, const Block128& appKey)
{
    const auto plain = DecryptJoinAccept(phyPayload, appKey);
    if (!plain || !VerifyPlainMic(*plain, appKey))
    {
        return std::nullopt;
    }
    return ParseJoinAccept(std::span(*plain).first(plain->size() - MIC_BYTES));
}

std::optional<JoinAccept>
OpenJoinAccept11(std::span<const uint8_t> phyPayload,
                 const Block128& jsIntKey,
                 const Block128& encryptionKey,
                 const JoinAcceptContext11& context)
{
    const auto plain = DecryptJoinAccept(phyPayload, encryptionKey);
    if (!plain)
    {
        return std::nullopt;
    }
    const auto withoutMic = std::span(*plain).first(plain->size() - MIC_BYTES);
    const auto accept = ParseJoinAccept(withoutMic);
    if (!accept.optNeg)
    {
        return OpenJoinAccept10(phyPayload, encryptionKey);
    }
    const auto mic = JoinAcceptMic11(withoutMic, jsIntKey, context);
    const bool isGenuine = std::equal(mic.begin(), mic.end(), plain->end() - MIC_BYTES);
    return isGenuine ? std::optional(accept) : std::nullopt;
}

std::vector<uint8_t>
EncodeRejoinRequest(const RejoinRequest& request, const Block128& key)
{
    if (request.type > 2)
    {
        throw std::invalid_argument("RejoinRequest: types are 0, 1 and 2");
    }
    std::vector<uint8_t> bytes{EncodeMhdr(MType::REJOIN_REQUEST), request.type};
    if (request.type == 1)
    {
        Put(bytes, request.joinEui, 8);
    }
    else
    {
        Put(bytes, request.netId, 3);
    }
    Put(bytes, request.devEui, 8);
    Put(bytes, request.rjCount, 2);
    AppendPlainMic(bytes, key);
    return bytes;
}

std::optional<RejoinRequest>
DecodeRejoinRequest(std::span<const uint8_t> phyPayload)
{
    if (phyPayload.size() < 2 || DecodeMhdr(phyPayload[0]) != MType::REJOIN_REQUEST ||
        phyPayload[1] > 2)
    {
        return std::nullopt;
    }
    RejoinRequest request;
    request.type = phyPayload[1];
    const bool isType1 = request.type == 1;
    if (phyPayload.size() != (isType1 ? REJOIN_REQUEST_1_BYTES : REJOIN_REQUEST_02_BYTES))
    {
        return std::nullopt;
    }
    auto rest = phyPayload.subspan(2);
    request.joinEui = isType1 ? Take(rest, 8) : 0;
    request.netId = isType1 ? 0 : static_cast<uint32_t>(Take(rest, 3));
    request.devEui = Take(rest, 8);
    request.rjCount = static_cast<uint16_t>(Take(rest, 2));
    return request;
}

} // namespace ns3::iotfleet::wire
