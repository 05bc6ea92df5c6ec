// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-join.h"
#include "model/wire/lorawan-keys.h"
#include "test/test-support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::wire
{

namespace
{

using nlohmann::json;

std::string
Text(const json& row, const char* field)
{
    return row.at(field).get<std::string>();
}

Block128
Key(const std::string& hex)
{
    Block128 key{};
    const auto bytes = FromHex(hex);
    std::copy_n(bytes.begin(), key.size(), key.begin());
    return key;
}

uint64_t
Number(const std::string& hex)
{
    return std::stoull(hex, nullptr, 16);
}

std::vector<json>
Cases(const std::string& type)
{
    std::vector<json> rows;
    const auto path = SourcePath("test/data/lorawan-join/lorawan_join_vectors.json");
    for (const auto& row : json::parse(ReadText(path)))
    {
        if (Text(row, "type") == type)
        {
            rows.push_back(row);
        }
    }
    EXPECT_FALSE(rows.empty());
    return rows;
}

TEST(LorawanJoin, JoinRequests)
{
    for (const auto& row : Cases("JoinRequest"))
    {
        SCOPED_TRACE(Text(row, "source"));
        const JoinRequest request{.joinEui = Number(Text(row, "join_eui")),
                                  .devEui = Number(Text(row, "dev_eui")),
                                  .devNonce = row.at("dev_nonce").get<uint16_t>()};
        const auto key = Key(Text(row, "key"));
        auto bytes = EncodeJoinRequest(request, key);
        EXPECT_EQ(ToHex(bytes), Text(row, "phypayload"));
        EXPECT_EQ(bytes.size(), JOIN_REQUEST_BYTES);
        EXPECT_EQ(DecodeJoinRequest(bytes), request);
        EXPECT_TRUE(VerifyPlainMic(bytes, key));
        bytes[5] ^= 1;
        EXPECT_FALSE(VerifyPlainMic(bytes, key));
    }
}

TEST(LorawanJoin, JoinAccepts)
{
    for (const auto& row : Cases("JoinAccept"))
    {
        SCOPED_TRACE(Text(row, "source"));
        const auto bytes = FromHex(Text(row, "phypayload"));
        const auto key = Key(Text(row, "key"));
        if (Text(row, "version") != "1.0.x")
        {
            const JoinAcceptContext11 context{.joinReqType = 0xff,
                                              .joinEui = Number(Text(row, "join_eui")),
                                              .devNonce = row.at("dev_nonce").get<uint16_t>()};
            const auto accept = OpenJoinAccept11(bytes, key, key, context);
            ASSERT_TRUE(accept);
            EXPECT_TRUE(accept->optNeg);
            EXPECT_EQ(EncodeJoinAccept11(*accept, key, key, context), bytes);
            EXPECT_FALSE(OpenJoinAccept11(bytes, key, key, {.joinReqType = 0}));
            continue;
        }
        const auto accept = OpenJoinAccept10(bytes, key);
        ASSERT_TRUE(accept);
        EXPECT_EQ(accept->joinNonce, row.at("join_nonce").get<uint32_t>());
        EXPECT_EQ(accept->netId, Number(Text(row, "net_id")));
        EXPECT_EQ(accept->devAddr, Number(Text(row, "dev_addr")));
        EXPECT_EQ(accept->rxDelay, row.at("rxdelay").get<uint8_t>());
        EXPECT_EQ(EncodeJoinAccept10(*accept, key), bytes);
        auto wrongKey = key;
        wrongKey[0] ^= 1;
        EXPECT_FALSE(OpenJoinAccept10(bytes, wrongKey));
    }
}

TEST(LorawanJoin, RejoinType1)
{
    for (const auto& row : Cases("RejoinRequest type1"))
    {
        const auto bytes = FromHex(Text(row, "phypayload"));
        const auto key = Key(Text(row, "key"));
        ASSERT_EQ(bytes.size(), REJOIN_REQUEST_1_BYTES);
        EXPECT_TRUE(VerifyPlainMic(bytes, key));
        const auto request = DecodeRejoinRequest(bytes);
        ASSERT_TRUE(request);
        EXPECT_EQ(EncodeRejoinRequest(*request, key), bytes);
    }
}

// Computed with python3-cryptography from LoRaWAN 1.1 section 6.2.4.
TEST(LorawanJoin, RejoinType0)
{
    const RejoinRequest request{.type = 0,
                                .netId = 0x13,
                                .devEui = 0x0102030405060708,
                                .rjCount = 0x0a0b};
    const auto bytes = EncodeRejoinRequest(request, Key("000102030405060708090a0b0c0d0e0f"));
    EXPECT_EQ(ToHex(bytes), "c00013000008070605040302010b0a7e994af4");
    EXPECT_EQ(bytes.size(), REJOIN_REQUEST_02_BYTES);
    EXPECT_EQ(DecodeRejoinRequest(bytes), request);
    EXPECT_THROW(EncodeRejoinRequest({.type = 3}, {}), std::invalid_argument);
}

// Computed with python3-cryptography from LoRaWAN 1.1 section 6.2.3.
TEST(LorawanJoin, AcceptOfARejoinWithChannelMasks)
{
    JoinAccept accept{.joinNonce = 0xff,
                      .netId = 0x13,
                      .devAddr = 0x26011f22,
                      .optNeg = true,
                      .rx1DrOffset = 2,
                      .rx2DataRate = 8,
                      .rxDelay = 2};
    accept.cfList = EncodeCfListMasks({0x00ff, 0, 0, 0, 0x0002, 0, 0});
    const JoinAcceptContext11 context{.joinReqType = 1,
                                      .joinEui = 0x1122334455667788,
                                      .devNonce = 0xf18e};
    const auto integrityKey = Key("000102030405060708090a0b0c0d0e0f");
    const auto encryptionKey = Key("101112131415161718191a1b1c1d1e1f");
    const auto bytes = EncodeJoinAccept11(accept, integrityKey, encryptionKey, context);
    EXPECT_EQ(ToHex(bytes), "201a98e181703da3f1cbf09afe2d03846f5831756e7d15ef93beb6c260e1921b25");
    EXPECT_EQ(bytes.size(), JOIN_ACCEPT_WITH_CFLIST_BYTES);
    EXPECT_EQ(OpenJoinAccept11(bytes, integrityKey, encryptionKey, context), accept);
    EXPECT_EQ(DecodeCfListMasks(*accept.cfList)->at(4), 0x0002);
    EXPECT_FALSE(DecodeCfListFrequencies(*accept.cfList));
}

// RP002-1.0.4 section 2.4.3: five frequencies of 24 bits in units of 100 Hz, type 0.
TEST(LorawanJoin, CfListOfFrequencies)
{
    const std::array<uint32_t, 5> frequenciesHz{867'100'000,
                                                867'300'000,
                                                867'500'000,
                                                867'700'000,
                                                867'900'000};
    const auto cfList = EncodeCfListFrequencies(frequenciesHz);
    EXPECT_EQ(ToHex(cfList), "184f84e85684b85e84886684586e8400");
    EXPECT_EQ(DecodeCfListFrequencies(cfList), frequenciesHz);
}

TEST(LorawanJoin, SessionKeysOfVersion10)
{
    for (const auto& row : Cases("SessionKeys"))
    {
        const auto keys =
            DeriveSessionKeys10(Key(Text(row, "app_key")),
                                static_cast<uint32_t>(Number(Text(row, "app_nonce"))),
                                static_cast<uint32_t>(Number(Text(row, "net_id"))),
                                static_cast<uint16_t>(Number(Text(row, "dev_nonce"))));
        EXPECT_EQ(ToHex(keys.nwkSKey), Text(row, "nwk_s_key"));
        EXPECT_EQ(ToHex(keys.appSKey), Text(row, "app_s_key"));
    }
}

TEST(LorawanJoin, JoinServerKeys)
{
    for (const auto& row : Cases("JSKeys"))
    {
        const auto keys =
            DeriveJoinServerKeys(Key(Text(row, "nwk_key")), Number(Text(row, "dev_eui")));
        EXPECT_EQ(ToHex(keys.jsIntKey), Text(row, "js_int_key"));
        EXPECT_EQ(ToHex(keys.jsEncKey), Text(row, "js_enc_key"));
    }
}

// Computed with python3-cryptography from LoRaWAN 1.1 section 6.2.5.
TEST(LorawanJoin, SessionKeysOfVersion11)
{
    const auto keys = DeriveSessionKeys11(Key("000102030405060708090a0b0c0d0e0f"),
                                          Key("101112131415161718191a1b1c1d1e1f"),
                                          0x010203,
                                          0x1122334455667788,
                                          0xf18e);
    EXPECT_EQ(ToHex(keys.fNwkSIntKey), "8a7b87db3ac434fb24aa9a547221ea1c");
    EXPECT_EQ(ToHex(keys.sNwkSIntKey), "2c9b98151d735f555aab7619be410f6e");
    EXPECT_EQ(ToHex(keys.nwkSEncKey), "862264f9f32d3732e6700d0e09003ae6");
    EXPECT_EQ(ToHex(keys.appSKey), "edd35943f2a7257452bad9c22058a9ce");
}

TEST(LorawanJoin, WrongLengthsAndTypesAreRefused)
{
    EXPECT_FALSE(DecodeJoinRequest(std::vector<uint8_t>(22)));
    EXPECT_FALSE(DecodeJoinRequest(std::vector<uint8_t>(23, 0x40)));
    EXPECT_FALSE(OpenJoinAccept10(std::vector<uint8_t>(18, 0x20), {}));
    EXPECT_FALSE(DecodeRejoinRequest(std::vector<uint8_t>(19, 0xc0)));
    EXPECT_FALSE(VerifyPlainMic({}, {}));
}

} // namespace

} // namespace ns3::iotfleet::wire
