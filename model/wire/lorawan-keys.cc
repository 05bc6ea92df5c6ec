// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lorawan-keys.h"

#include "model/wire/little-endian.h"

#include <algorithm>
#include <vector>

namespace ns3::iotfleet::wire
{

namespace
{

/** One block that starts with a purpose byte and continues with little-endian numbers. */
class DerivationBlock
{
  public:
    explicit DerivationBlock(uint8_t purpose)
    {
        m_block[0] = purpose;
    }

    DerivationBlock& Add(uint64_t value, std::size_t bytes)
    {
        PutLittleEndian(value, std::span(m_block).subspan(m_used, bytes));
        m_used += bytes;
        return *this;
    }

    Block128 EncryptedWith(const Block128& key) const
    {
        return AesEcbEncryptBlock(key, m_block);
    }

  private:
    Block128 m_block{};
    std::size_t m_used{1};
};

} // namespace

SessionKeys10
DeriveSessionKeys10(const Block128& appKey, uint32_t joinNonce, uint32_t netId, uint16_t devNonce)
{
    const auto derive = [&](uint8_t purpose) {
        return DerivationBlock(purpose)
            .Add(joinNonce, 3)
            .Add(netId, 3)
            .Add(devNonce, 2)
            .EncryptedWith(appKey);
    };
    return {.nwkSKey = derive(0x01), .appSKey = derive(0x02)};
}

SessionKeys11
DeriveSessionKeys11(const Block128& nwkKey,
                    const Block128& appKey,
                    uint32_t joinNonce,
                    uint64_t joinEui,
                    uint16_t devNonce)
{
    const auto derive = [&](const Block128& key, uint8_t purpose) {
        return DerivationBlock(purpose)
            .Add(joinNonce, 3)
            .Add(joinEui, 8)
            .Add(devNonce, 2)
            .EncryptedWith(key);
    };
    return {.fNwkSIntKey = derive(nwkKey, 0x01),
            .sNwkSIntKey = derive(nwkKey, 0x03),
            .nwkSEncKey = derive(nwkKey, 0x04),
            .appSKey = derive(appKey, 0x02)};
}

JoinServerKeys
DeriveJoinServerKeys(const Block128& nwkKey, uint64_t devEui)
{
    return {.jsIntKey = DerivationBlock(0x06).Add(devEui, 8).EncryptedWith(nwkKey),
            .jsEncKey = DerivationBlock(0x05).Add(devEui, 8).EncryptedWith(nwkKey)};
}

Block128
DeriveMcRootKeyFromGenAppKey(const Block128& genAppKey)
{
    return DerivationBlock(0x00).EncryptedWith(genAppKey);
}

Block128
DeriveMcRootKeyFromAppKey(const Block128& appKey)
{
    return DerivationBlock(0x20).EncryptedWith(appKey);
}

Block128
DeriveMcKEKey(const Block128& mcRootKey)
{
    return DerivationBlock(0x00).EncryptedWith(mcRootKey);
}

Block128
EncryptMcKey(const Block128& mcKEKey, const Block128& mcKey)
{
    // The device has only AES encryption, so the server uses decryption.
    return AesEcbDecryptBlock(mcKEKey, mcKey);
}

Block128
DecryptMcKey(const Block128& mcKEKey, const Block128& mcKeyEncrypted)
{
    return AesEcbEncryptBlock(mcKEKey, mcKeyEncrypted);
}

Block128
DeriveMcAppSKey(const Block128& mcKey, uint32_t mcAddr)
{
    return DerivationBlock(0x01).Add(mcAddr, 4).EncryptedWith(mcKey);
}

Block128
DeriveMcNwkSKey(const Block128& mcKey, uint32_t mcAddr)
{
    return DerivationBlock(0x02).Add(mcAddr, 4).EncryptedWith(mcKey);
}

Block128
DeriveDataBlockIntKey(const Block128& rootKey)
{
    return DerivationBlock(0x30).EncryptedWith(rootKey);
}

std::array<uint8_t, 4>
DataBlockMic(const Block128& dataBlockIntKey,
             uint16_t sessionCnt,
             uint8_t fragIndex,
             const std::array<uint8_t, 4>& descriptor,
             std::span<const uint8_t> data)
{
    Block128 first{};
    const std::span<uint8_t> b0(first);
    b0[0] = 0x49;
    PutLittleEndian(sessionCnt, b0.subspan(1, 2));
    b0[3] = fragIndex;
    std::copy(descriptor.begin(), descriptor.end(), first.begin() + 4);
    PutLittleEndian(data.size(), b0.subspan(12, 4));
    std::vector<uint8_t> message(first.begin(), first.end());
    message.insert(message.end(), data.begin(), data.end());
    const auto code = AesCmac(dataBlockIntKey, message);
    return {code[0], code[1], code[2], code[3]};
}

} // namespace ns3::iotfleet::wire
