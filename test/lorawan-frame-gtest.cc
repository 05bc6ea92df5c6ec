// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-class-b.h"
#include "model/wire/lorawan-frame.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet::wire
{

namespace
{

Block128
Key(std::string_view hex)
{
    Block128 key{};
    const auto bytes = FromHex(hex);
    std::copy_n(bytes.begin(), key.size(), key.begin());
    return key;
}

std::vector<uint8_t>
Bytes(std::string_view text)
{
    return {text.begin(), text.end()};
}

const auto NWK_S_KEY = Key("44024241ed4ce9a68c6a8bc055233fd3");
const auto APP_S_KEY = Key("ec925802ae430ca77fd3dd73cb2cc588");

// The example of the lora-packet project's manual (MIT).
TEST(LorawanFrame, PublishedUplink)
{
    const auto bytes = FromHex("40f17dbe4900020001954378762b11ff0d");
    const auto frame = OpenDataFrame10(bytes, 0, NWK_S_KEY, APP_S_KEY);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->mType, MType::UNCONFIRMED_UP);
    EXPECT_EQ(frame->devAddr, 0x49be7df1U);
    EXPECT_EQ(frame->fCnt, 2U);
    EXPECT_EQ(frame->fPort, 1);
    EXPECT_EQ(frame->frmPayload, Bytes("test"));
    EXPECT_EQ(SecureDataFrame10(*frame, NWK_S_KEY, APP_S_KEY), bytes);
    EXPECT_EQ(bytes.size(), DATA_OVERHEAD_BYTES + 4);
}

TEST(LorawanFrame, ForgeriesAndWrongCountersAreRefused)
{
    auto bytes = FromHex("40f17dbe4900020001954378762b11ff0d");
    EXPECT_FALSE(OpenDataFrame10(bytes, 1, NWK_S_KEY, APP_S_KEY));
    bytes[9] ^= 1;
    EXPECT_FALSE(OpenDataFrame10(bytes, 0, NWK_S_KEY, APP_S_KEY));
    EXPECT_FALSE(DecodeDataFrame(std::span(bytes).first(11)));
    bytes[5] = 0x0f; // more FOpts than there are bytes
    EXPECT_FALSE(DecodeDataFrame(bytes));
    bytes[0] = 0x00;
    EXPECT_FALSE(DecodeDataFrame(bytes));
}

TEST(LorawanFrame, HeaderBitsSurvive)
{
    for (const auto type : {MType::UNCONFIRMED_UP,
                            MType::CONFIRMED_UP,
                            MType::UNCONFIRMED_DOWN,
                            MType::CONFIRMED_DOWN})
    {
        const DataFrame plain{.mType = type,
                              .devAddr = 0x26011f22,
                              .adr = true,
                              .adrAckReq = IsUplink(type),
                              .ack = true,
                              .fPending = true,
                              .fCnt = 0x00050607,
                              .fOpts = {0x02, 0x03, 0x07},
                              .fPort = 42,
                              .frmPayload = std::vector<uint8_t>(50, 0x5a)};
        const auto bytes = SecureDataFrame10(plain, NWK_S_KEY, APP_S_KEY);
        EXPECT_EQ(bytes.size(), DataFrameBytes(50, 3));
        EXPECT_EQ(OpenDataFrame10(bytes, 5, NWK_S_KEY, APP_S_KEY), plain);
    }
}

TEST(LorawanFrame, ContradictionsAreRefused)
{
    EXPECT_THROW(EncodeWithoutMic({.mType = MType::JOIN_REQUEST}), std::invalid_argument);
    EXPECT_THROW(EncodeWithoutMic({.fOpts = std::vector<uint8_t>(16)}), std::invalid_argument);
    EXPECT_THROW(EncodeWithoutMic({.fOpts = {2}, .fPort = 0}), std::invalid_argument);
    EXPECT_THROW(EncodeWithoutMic({.frmPayload = {1}}), std::invalid_argument);
    EXPECT_EQ(EncodeWithoutMic({}).size() + 4, EMPTY_DATA_FRAME_BYTES);
}

// The next two were computed with python3-cryptography from LoRaWAN 1.1 sections 4.3 and 4.4.
TEST(LorawanFrame, UplinkOfVersion11)
{
    const auto forwarding = Key("000102030405060708090a0b0c0d0e0f");
    const auto serving = Key("101112131415161718191a1b1c1d1e1f");
    const auto appSKey = Key("202122232425262728292a2b2c2d2e2f");
    DataFrame frame{.mType = MType::CONFIRMED_UP,
                    .devAddr = 0x26011f22,
                    .adr = true,
                    .ack = true,
                    .fCnt = 0x00010203,
                    .fOpts = {0x03, 0x02},
                    .fPort = 10,
                    .frmPayload = Bytes("hello world 1.1!x")};
    CryptFrmPayload(appSKey, frame, frame.frmPayload);
    CryptFOpts(serving, frame, frame.fOpts);
    auto bytes = EncodeWithoutMic(frame);
    const UplinkMic11Context context{.confFCnt = 0x0405, .txDataRate = 3, .txChannel = 7};
    const auto mic = ComputeUplinkMic11(forwarding, serving, context, frame, bytes);
    bytes.insert(bytes.end(), mic.begin(), mic.end());
    EXPECT_EQ(ToHex(bytes), "80221f0126a203028ed30adf9afde188af1aa6364646d472a26e9540a1eebc57");
}

TEST(LorawanFrame, DownlinkOfVersion11)
{
    const auto serving = Key("101112131415161718191a1b1c1d1e1f");
    DataFrame frame{.mType = MType::UNCONFIRMED_DOWN,
                    .devAddr = 0x26011f22,
                    .ack = true,
                    .fPending = true,
                    .fCnt = 7,
                    .fOpts = {0x06},
                    .fPort = 5,
                    .frmPayload = Bytes("down")};
    CryptFrmPayload(Key("202122232425262728292a2b2c2d2e2f"), frame, frame.frmPayload);
    CryptFOpts(serving, frame, frame.fOpts);
    auto bytes = EncodeWithoutMic(frame);
    const auto mic = ComputeDownlinkMic11(serving, 0x0809, frame, bytes);
    bytes.insert(bytes.end(), mic.begin(), mic.end());
    EXPECT_EQ(ToHex(bytes), "60221f01263107002d05368ef84d23598882");
}

// TS001-1.0.4 section 13.4, tables 80 and 81.
TEST(LorawanClassB, BeaconExamplesOfTheStandard)
{
    const Beacon beacon{.time = 0xcc020000, .info = {0x01, 0x20, 0x00, 0x00, 0x81, 0x03}};
    const auto frame = EncodeBeacon(beacon, BEACON_BYTES_SF9);
    EXPECT_EQ(ToHex(frame), "0000000002cca27e00012000008103de55");
    EXPECT_EQ(DecodeBeacon(frame), beacon);
    EXPECT_EQ(BeaconCrc(FromHex("0001200000810300")), 0xd450);
}

// RP002-1.0.4 section 2.5.8: RFU 4, Param 1, Time 4, CRC 2, GwSpecific 7, RFU 3, CRC 2.
TEST(LorawanClassB, LongBeacon)
{
    const Beacon beacon{.param = 1, .time = 1280, .infoDesc = 2, .info = {1, 2, 3, 4, 5, 6}};
    auto frame = EncodeBeacon(beacon, BEACON_BYTES_SF12);
    EXPECT_EQ(ToHex(std::span(frame).first(9)), "000000000100050000");
    EXPECT_EQ(ToHex(std::span(frame).subspan(11, 10)), "02010203040506000000");
    EXPECT_EQ(DecodeBeacon(frame), beacon);
    frame[7] ^= 1;
    EXPECT_FALSE(DecodeBeacon(frame));
    EXPECT_THROW(EncodeBeacon(beacon, 19), std::invalid_argument);
}

TEST(LorawanClassB, BeaconPositionIsScaledToTheSphere)
{
    EXPECT_EQ(ToHex(EncodeBeaconPosition(45, -90)), "0000400000c0");
    EXPECT_EQ(ToHex(EncodeBeaconPosition(90, 180)), "ffff7fffff7f");
}

// Computed with python3-cryptography from TS001-1.0.4 section 13.2 (beacon time, address).
TEST(LorawanClassB, PingOffsets)
{
    EXPECT_EQ(PingOffset(1303776384, 0x26011f22, PingPeriodSlots(0)), 17);
    EXPECT_EQ(PingOffset(1303776384, 0x26011f22, PingPeriodSlots(7)), 1297);
    EXPECT_EQ(PingOffset(128, 1, PingPeriodSlots(5)), 738);
    EXPECT_EQ(PingPeriodSlots(7), PING_SLOTS_PER_BEACON);
    EXPECT_NEAR(BEACON_WINDOW_S, PING_SLOTS_PER_BEACON * PING_SLOT_S, 1e-9);
}

} // namespace

} // namespace ns3::iotfleet::wire
