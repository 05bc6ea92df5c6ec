// SPDX-License-Identifier: GPL-2.0-only

// LoRaWAN bytes against a second implementation with random keys, addresses and contents: see
// test/data/wire-independent/make-vectors.py, which made the vectors and uses nothing of ours.

#include "model/wire/lorawan-class-b.h"
#include "model/wire/lorawan-frame.h"
#include "model/wire/lorawan-join.h"
#include "model/wire/lorawan-keys.h"
#include "model/wire/ts004-parity.h"
#include "test/vector-files.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numeric>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::wire;
using nlohmann::json;
using ns3::iotfleet::test::FromHex;
using ns3::iotfleet::test::ToHex;

/** The vectors of a type; there must be some. */
std::vector<json>
Cases(const std::string& type)
{
    static const auto all = [] {
        std::vector<json> documents;
        for (const auto& path : test::VectorFiles("wire-independent"))
        {
            documents.push_back(json::parse(test::ReadText(path)));
        }
        return documents;
    }();
    std::vector<json> cases;
    for (const auto& document : all)
    {
        std::ranges::copy_if(document, std::back_inserter(cases), [&](const json& row) {
            return row.at("type") == type;
        });
    }
    EXPECT_FALSE(cases.empty());
    return cases;
}

template <class T>
T
Number(const json& row, const char* name)
{
    return static_cast<T>(row.at(name).get<uint64_t>());
}

std::vector<uint8_t>
Bytes(const json& row, const char* name)
{
    return FromHex(row.at(name).get<std::string>());
}

Block128
Key(const json& row, const char* name)
{
    Block128 key{};
    const auto bytes = Bytes(row, name);
    std::copy_n(bytes.begin(), key.size(), key.begin());
    return key;
}

JoinAccept
AcceptOf(const json& row)
{
    JoinAccept accept;
    accept.joinNonce = Number<uint32_t>(row, "join_nonce");
    accept.netId = Number<uint32_t>(row, "net_id");
    accept.devAddr = Number<uint32_t>(row, "dev_addr");
    accept.rx1DrOffset = Number<uint8_t>(row, "rx1_offset");
    accept.rx2DataRate = Number<uint8_t>(row, "rx2_data_rate");
    accept.rxDelay = Number<uint8_t>(row, "rx_delay");
    if (row.contains("frequencies"))
    {
        accept.cfList =
            EncodeCfListFrequencies(row.at("frequencies").get<std::array<uint32_t, 5>>());
    }
    if (row.contains("masks"))
    {
        accept.cfList = EncodeCfListMasks(row.at("masks").get<std::array<uint16_t, 7>>());
    }
    return accept;
}

TEST(WireIndependent, JoinAccepts)
{
    for (const auto& row : Cases("join-accept"))
    {
        SCOPED_TRACE(row.dump());
        auto accept = AcceptOf(row);
        const auto appKey = Key(row, "app_key");
        EXPECT_EQ(EncodeJoinAccept10(accept, appKey), Bytes(row, "bytes_10"));
        EXPECT_EQ(OpenJoinAccept10(Bytes(row, "bytes_10"), appKey), accept);
        accept.optNeg = true;
        const JoinAcceptContext11 context{Number<uint8_t>(row, "join_request_type"),
                                          Number<uint64_t>(row, "join_eui"),
                                          Number<uint16_t>(row, "dev_nonce")};
        const auto jsIntKey = Key(row, "js_int_key");
        const auto encryptionKey = Key(row, "encryption_key");
        EXPECT_EQ(EncodeJoinAccept11(accept, jsIntKey, encryptionKey, context),
                  Bytes(row, "bytes_11"));
        EXPECT_EQ(OpenJoinAccept11(Bytes(row, "bytes_11"), jsIntKey, encryptionKey, context),
                  accept);
    }
}

TEST(WireIndependent, RejoinRequests)
{
    for (const auto& row : Cases("rejoin"))
    {
        SCOPED_TRACE(row.dump());
        RejoinRequest request;
        request.type = Number<uint8_t>(row, "rejoin_type");
        request.netId = row.contains("net_id") ? Number<uint32_t>(row, "net_id") : 0;
        request.joinEui = row.contains("join_eui") ? Number<uint64_t>(row, "join_eui") : 0;
        request.devEui = Number<uint64_t>(row, "dev_eui");
        request.rjCount = Number<uint16_t>(row, "rj_count");
        EXPECT_EQ(EncodeRejoinRequest(request, Key(row, "key")), Bytes(row, "bytes"));
        EXPECT_EQ(DecodeRejoinRequest(Bytes(row, "bytes")), request);
    }
}

DataFrame
FrameOf(const json& row)
{
    DataFrame frame;
    frame.mType = Number<MType>(row, "m_type");
    frame.devAddr = Number<uint32_t>(row, "dev_addr");
    frame.adr = Number<bool>(row, "adr");
    frame.adrAckReq = Number<bool>(row, "adr_ack_req");
    frame.ack = Number<bool>(row, "ack");
    frame.fPending = Number<bool>(row, "f_pending");
    frame.fCnt = Number<uint32_t>(row, "f_cnt");
    frame.fOpts = Bytes(row, "f_opts");
    if (row.contains("f_port"))
    {
        frame.fPort = Number<uint8_t>(row, "f_port");
        frame.frmPayload = Bytes(row, "payload");
    }
    return frame;
}

TEST(WireIndependent, DataFrames10)
{
    for (const auto& row : Cases("data-frame"))
    {
        SCOPED_TRACE(row.dump());
        const auto frame = FrameOf(row);
        const auto nwkSKey = Key(row, "nwk_s_key");
        const auto appSKey = Key(row, "app_s_key");
        const auto bytes = Bytes(row, "bytes_10");
        EXPECT_EQ(SecureDataFrame10(frame, nwkSKey, appSKey), bytes);
        const auto high = static_cast<uint16_t>(frame.fCnt >> 16);
        EXPECT_EQ(OpenDataFrame10(bytes, high, nwkSKey, appSKey), frame);
    }
}

TEST(WireIndependent, DataFrames11)
{
    for (const auto& row : Cases("data-frame"))
    {
        SCOPED_TRACE(row.dump());
        auto frame = FrameOf(row);
        const bool isMac = frame.fPort == 0;
        CryptFrmPayload(Key(row, isMac ? "nwk_s_enc_key" : "app_s_key"), frame, frame.frmPayload);
        CryptFOpts(Key(row, "nwk_s_enc_key"), frame, frame.fOpts);
        auto bytes = EncodeWithoutMic(frame);
        const UplinkMic11Context context{Number<uint16_t>(row, "conf_f_cnt"),
                                         Number<uint8_t>(row, "tx_data_rate"),
                                         Number<uint8_t>(row, "tx_channel")};
        const auto fKey = Key(row, "f_nwk_s_int_key");
        const auto sKey = Key(row, "s_nwk_s_int_key");
        const auto mic = IsUplink(frame.mType)
                             ? ComputeUplinkMic11(fKey, sKey, context, frame, bytes)
                             : ComputeDownlinkMic11(sKey, context.confFCnt, frame, bytes);
        bytes.insert(bytes.end(), mic.begin(), mic.end());
        EXPECT_EQ(bytes, Bytes(row, "bytes_11"));
    }
}

TEST(WireIndependent, MulticastKeys)
{
    for (const auto& row : Cases("multicast-keys"))
    {
        SCOPED_TRACE(row.dump());
        const auto root = Key(row, "root");
        const auto mcKey = Key(row, "mc_key");
        const auto address = Number<uint32_t>(row, "mc_addr");
        const auto mcRoot = DeriveMcRootKeyFromGenAppKey(root);
        EXPECT_EQ(mcRoot, Key(row, "from_gen_app_key"));
        EXPECT_EQ(DeriveMcRootKeyFromAppKey(root), Key(row, "from_app_key"));
        const auto keKey = DeriveMcKEKey(mcRoot);
        EXPECT_EQ(keKey, Key(row, "mc_ke_key"));
        EXPECT_EQ(EncryptMcKey(keKey, mcKey), Key(row, "mc_key_encrypted"));
        EXPECT_EQ(DecryptMcKey(keKey, Key(row, "mc_key_encrypted")), mcKey);
        EXPECT_EQ(DeriveMcAppSKey(mcKey, address), Key(row, "mc_app_s_key"));
        EXPECT_EQ(DeriveMcNwkSKey(mcKey, address), Key(row, "mc_nwk_s_key"));
        EXPECT_EQ(DeriveDataBlockIntKey(root), Key(row, "data_block_int_key"));
    }
}

TEST(WireIndependent, DataBlockMics)
{
    for (const auto& row : Cases("data-block"))
    {
        SCOPED_TRACE(row.dump());
        std::array<uint8_t, 4> descriptor{};
        std::ranges::copy(Bytes(row, "descriptor"), descriptor.begin());
        const auto mic = DataBlockMic(Key(row, "key"),
                                      Number<uint16_t>(row, "session_cnt"),
                                      Number<uint8_t>(row, "frag_index"),
                                      descriptor,
                                      Bytes(row, "data"));
        EXPECT_EQ(ToHex(mic), row.at("mic").get<std::string>());
    }
}

TEST(WireIndependent, PingOffsets)
{
    for (const auto& row : Cases("ping-offset"))
    {
        EXPECT_EQ(PingOffset(Number<uint32_t>(row, "beacon_time"),
                             Number<uint32_t>(row, "address"),
                             Number<uint16_t>(row, "period")),
                  Number<uint16_t>(row, "offset"))
            << row;
    }
}

TEST(WireIndependent, ParityRows)
{
    for (const auto& row : Cases("parity-row"))
    {
        SCOPED_TRACE(row.dump());
        const bool isFirst = Number<unsigned>(row, "version") == 1;
        const ParityMatrix matrix(Number<uint16_t>(row, "size"),
                                  isFirst ? PackageVersion::V1 : PackageVersion::V2);
        std::vector<uint64_t> words(matrix.WordsPerRow());
        matrix.Row(Number<uint32_t>(row, "line"), words);
        std::vector<unsigned> ones;
        for (unsigned i = 0; i < matrix.NbFrag(); ++i)
        {
            if ((words[i / 64] >> (i % 64) & 1) != 0)
            {
                ones.push_back(i);
            }
        }
        EXPECT_EQ(ones.size(), Number<size_t>(row, "count"));
        EXPECT_EQ(std::accumulate(ones.begin(), ones.end(), 0U), Number<unsigned>(row, "sum"));
        if (const auto& listed = row.at("ones"); !listed.empty())
        {
            EXPECT_EQ(ones, listed.get<std::vector<unsigned>>());
        }
    }
}

} // namespace
