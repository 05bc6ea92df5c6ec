// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-join.h"
#include "model/wire/lorawan-keys.h"
#include "test/vector-fields.h"

#include <gtest/gtest.h>
#include <set>

namespace ns3::iotfleet::wire
{

namespace
{

using test::json;
using test::VectorFields;

Block128
Key(const std::string& hex)
{
    Block128 key{};
    const auto bytes = FromHex(hex);
    if (bytes.size() != key.size())
    {
        throw std::runtime_error("a key of " + std::to_string(bytes.size()) + " bytes");
    }
    std::ranges::copy(bytes, key.begin());
    return key;
}

/** A key under one of the names. */
Block128
Key(const VectorFields& row, VectorFields::Names names)
{
    return Key(row.Get<std::string>(names));
}

/** A key under one of the names, or else another. */
Block128
KeyOr(const VectorFields& row, VectorFields::Names names, const Block128& otherwise)
{
    return row.Find(names) == nullptr ? otherwise : Key(row, names);
}

/** All vectors. */
const std::vector<json>&
Rows()
{
    static const auto rows = [] {
        std::vector<json> all;
        for (const auto& path : VectorFiles("lorawan-join"))
        {
            for (const auto& row : json::parse(ReadText(path)))
            {
                all.push_back(row);
            }
        }
        return all;
    }();
    return rows;
}

/** Runs a check on the vectors of a type; one that cannot be read is a failure and no more. */
template <class Check>
void
ForEach(const std::string& type, Check check)
{
    int cases = 0;
    for (const auto& item : Rows())
    {
        if (!item.value("type", "").starts_with(type))
        {
            continue;
        }
        ++cases;
        SCOPED_TRACE(item.dump());
        try
        {
            check(VectorFields(item));
        }
        catch (const std::exception& error)
        {
            ADD_FAILURE() << "this vector cannot be read: " << error.what();
        }
    }
    EXPECT_GT(cases, 0) << "there is no " << type;
}

/** Whether both ends speak 1.1; without OptNeg a device of 1.1 works as one of 1.0. */
bool
IsVersion11(const VectorFields& row)
{
    const auto version = row.Get<std::string>({"version"}, "1.0.x");
    return version.starts_with("1.1") && version.find("OptNeg=0") == std::string::npos;
}

TEST(LorawanJoin, EveryTypeOfVectorIsRead)
{
    const std::set<std::string> known{"JoinRequest", "JoinAccept", "SessionKeys", "JSKeys"};
    for (const auto& row : Rows())
    {
        const auto type = row.value("type", "none");
        EXPECT_TRUE(known.contains(type) || type.starts_with("RejoinRequest"))
            << "no test reads vectors of the type " << type << ": " << row;
    }
}

TEST(LorawanJoin, JoinRequests)
{
    ForEach("JoinRequest", [](const VectorFields& row) {
        const JoinRequest request{.joinEui = row.Number({"join_eui", "app_eui"}),
                                  .devEui = row.Number({"dev_eui"}),
                                  .devNonce = static_cast<uint16_t>(row.Number({"dev_nonce"}))};
        const auto key = Key(row, {"key", "nwk_key", "app_key"});
        auto bytes = EncodeJoinRequest(request, key);
        EXPECT_EQ(ToHex(bytes), row.Get<std::string>({"phypayload"}));
        EXPECT_EQ(bytes.size(), JOIN_REQUEST_BYTES);
        EXPECT_EQ(DecodeJoinRequest(bytes), request);
        EXPECT_TRUE(VerifyPlainMic(bytes, key));
        bytes[5] ^= 1;
        EXPECT_FALSE(VerifyPlainMic(bytes, key));
    });
}

/** Fields of a join-accept, as far as the vector names them. */
void
CheckAccept(const JoinAccept& accept, const VectorFields& row)
{
    const auto expect = [&](VectorFields::Names names, uint64_t found) {
        if (row.Find(names) != nullptr)
        {
            EXPECT_EQ(found, row.Number(names)) << *names.begin();
        }
    };
    expect({"join_nonce", "app_nonce"}, accept.joinNonce);
    expect({"net_id"}, accept.netId);
    expect({"dev_addr"}, accept.devAddr);
    expect({"rxdelay"}, accept.rxDelay);
    expect({"dlsettings"},
           (accept.optNeg ? 0x80U : 0U) | accept.rx1DrOffset << 4U | accept.rx2DataRate);
}

void
CheckJoinAccept10(const VectorFields& row)
{
    const auto bytes = row.Octets({"phypayload"});
    const auto key = Key(row, {"key", "app_key", "nwk_key"});
    const auto accept = OpenJoinAccept10(bytes, key);
    ASSERT_TRUE(accept);
    CheckAccept(*accept, row);
    EXPECT_EQ(EncodeJoinAccept10(*accept, key), bytes);
    auto wrongKey = key;
    wrongKey[0] ^= 1;
    EXPECT_FALSE(OpenJoinAccept10(bytes, wrongKey));
}

void
CheckJoinAccept11(const VectorFields& row)
{
    const auto bytes = row.Octets({"phypayload"});
    const auto key = Key(row, {"key", "nwk_key", "js_enc_key"});
    const auto integrityKey = KeyOr(row, {"js_int_key"}, key);
    const bool isRejoin = row.Find({"join_req_type"}) != nullptr;
    const JoinAcceptContext11 context{
        .joinReqType = static_cast<uint8_t>(isRejoin ? row.Number({"join_req_type"}) : 0xff),
        .joinEui = row.Number({"join_eui"}),
        .devNonce = static_cast<uint16_t>(row.Number({"dev_nonce", "rj_count"}))};
    const auto accept = OpenJoinAccept11(bytes, integrityKey, key, context);
    ASSERT_TRUE(accept);
    EXPECT_TRUE(accept->optNeg);
    CheckAccept(*accept, row);
    EXPECT_EQ(EncodeJoinAccept11(*accept, integrityKey, key, context), bytes);
    EXPECT_FALSE(OpenJoinAccept11(bytes, integrityKey, key, {.joinReqType = 3}));
}

TEST(LorawanJoin, JoinAccepts)
{
    ForEach("JoinAccept", [](const VectorFields& row) {
        IsVersion11(row) ? CheckJoinAccept11(row) : CheckJoinAccept10(row);
    });
}

TEST(LorawanJoin, RejoinRequests)
{
    ForEach("RejoinRequest", [](const VectorFields& row) {
        const auto bytes = row.Octets({"phypayload"});
        const auto key = Key(row, {"key", "js_int_key", "s_nwk_s_int_key"});
        EXPECT_TRUE(VerifyPlainMic(bytes, key));
        const auto request = DecodeRejoinRequest(bytes);
        ASSERT_TRUE(request);
        EXPECT_EQ(bytes.size(),
                  request->type == 1 ? REJOIN_REQUEST_1_BYTES : REJOIN_REQUEST_02_BYTES);
        EXPECT_EQ(EncodeRejoinRequest(*request, key), bytes);
    });
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

void
CheckSessionKeys10(const VectorFields& row)
{
    const auto keys =
        DeriveSessionKeys10(Key(row, {"app_key", "key"}),
                            static_cast<uint32_t>(row.Number({"app_nonce", "join_nonce"})),
                            static_cast<uint32_t>(row.Number({"net_id"})),
                            static_cast<uint16_t>(row.Number({"dev_nonce"})));
    EXPECT_EQ(keys.nwkSKey, Key(row, {"nwk_s_key"}));
    EXPECT_EQ(keys.appSKey, Key(row, {"app_s_key"}));
}

void
CheckSessionKeys11(const VectorFields& row)
{
    const auto appKey = Key(row, {"app_key"});
    const auto keys =
        DeriveSessionKeys11(KeyOr(row, {"nwk_key"}, appKey),
                            appKey,
                            static_cast<uint32_t>(row.Number({"join_nonce", "app_nonce"})),
                            row.Number({"join_eui", "app_eui"}),
                            static_cast<uint16_t>(row.Number({"dev_nonce"})));
    EXPECT_EQ(keys.appSKey, KeyOr(row, {"app_s_key"}, keys.appSKey));
    EXPECT_EQ(keys.fNwkSIntKey, KeyOr(row, {"f_nwk_s_int_key"}, keys.fNwkSIntKey));
    EXPECT_EQ(keys.sNwkSIntKey, KeyOr(row, {"s_nwk_s_int_key"}, keys.sNwkSIntKey));
    EXPECT_EQ(keys.nwkSEncKey, KeyOr(row, {"nwk_s_enc_key"}, keys.nwkSEncKey));
    EXPECT_TRUE(row.Find({"app_s_key"}) != nullptr || row.Find({"f_nwk_s_int_key"}) != nullptr)
        << "no key is told";
}

// LoRaWAN 1.0.x section 6.2.5, LoRaWAN 1.1 section 6.2.5.
TEST(LorawanJoin, SessionKeys)
{
    ForEach("SessionKeys", [](const VectorFields& row) {
        IsVersion11(row) ? CheckSessionKeys11(row) : CheckSessionKeys10(row);
    });
}

TEST(LorawanJoin, JoinServerKeys)
{
    ForEach("JSKeys", [](const VectorFields& row) {
        const auto keys =
            DeriveJoinServerKeys(Key(row, {"nwk_key", "key"}), row.Number({"dev_eui"}));
        EXPECT_EQ(keys.jsIntKey, Key(row, {"js_int_key"}));
        EXPECT_EQ(keys.jsEncKey, Key(row, {"js_enc_key"}));
    });
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
