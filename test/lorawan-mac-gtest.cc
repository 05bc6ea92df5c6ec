// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-mac-commands.h"
#include "test/applayer-vectors.h"

namespace ns3::iotfleet::wire::mac
{

namespace
{

template <class Command>
std::string
Hex(const Command& command)
{
    return test::ToHex(MakePayload(0, PackageVersion::V1, command).View());
}

DecodeResult<Uplink>
DecodeUp(PackageVersion, std::span<const uint8_t> bytes)
{
    return DecodeUplink(bytes);
}

DecodeResult<Downlink>
DecodeDown(PackageVersion, std::span<const uint8_t> bytes)
{
    return DecodeDownlink(bytes);
}

TEST(LorawanMac, EveryCommandHasTheSizeItEncodesTo)
{
    test::ExpectSizesAgree<Uplink>(PackageVersion::V1, DecodeUp);
    test::ExpectSizesAgree<Downlink>(PackageVersion::V1, DecodeDown);
}

// Lengths with the command identifier, TS001-1.0.4 tables 4 and 59 (LoRaWAN 1.1 for the rest).
TEST(LorawanMac, SizesOfTheStandard)
{
    const auto v1 = PackageVersion::V1;
    EXPECT_EQ(EncodedSize(LinkCheckReq{}, v1), 1U);
    EXPECT_EQ(EncodedSize(LinkCheckAns{}, v1), 3U);
    EXPECT_EQ(EncodedSize(LinkADRReq{}, v1), 5U);
    EXPECT_EQ(EncodedSize(LinkADRAns{}, v1), 2U);
    EXPECT_EQ(EncodedSize(DutyCycleReq{}, v1), 2U);
    EXPECT_EQ(EncodedSize(RXParamSetupReq{}, v1), 5U);
    EXPECT_EQ(EncodedSize(DevStatusAns{}, v1), 3U);
    EXPECT_EQ(EncodedSize(NewChannelReq{}, v1), 6U);
    EXPECT_EQ(EncodedSize(DlChannelReq{}, v1), 5U);
    EXPECT_EQ(EncodedSize(DeviceTimeAns{}, v1), 6U);
    EXPECT_EQ(EncodedSize(ForceRejoinReq{}, v1), 3U);
    EXPECT_EQ(EncodedSize(PingSlotChannelReq{}, v1), 5U);
    EXPECT_EQ(EncodedSize(BeaconFreqReq{}, v1), 4U);
}

// Field layouts of TS001-1.0.4 section 5 (and 12 for class B), written out by hand.
TEST(LorawanMac, FieldsStandWhereTheStandardPutsThem)
{
    EXPECT_EQ(Hex(LinkADRReq{.txPower = 2,
                             .dataRate = 5,
                             .chMask = 0x0007,
                             .nbTrans = 1,
                             .chMaskCntl = 6}),
              "0352070061");
    EXPECT_EQ(Hex(LinkADRAns{.channelMaskAck = true, .powerAck = true}), "0305");
    EXPECT_EQ(Hex(RXParamSetupReq{.rx2DataRate = 3, .rx1DrOffset = 2, .frequencyHz = 869'525'000}),
              "0523d2ad84");
    EXPECT_EQ(Hex(DevStatusAns{.battery = 200, .radioStatus = -5}), "06c83b");
    EXPECT_EQ(Hex(NewChannelReq{.chIndex = 3, .frequencyHz = 867'100'000, .minDr = 0, .maxDr = 5}),
              "0703184f8450");
    EXPECT_EQ(
        Hex(TxParamSetupReq{.maxEirp = 5, .uplinkDwellTime = true, .downlinkDwellTime = true}),
        "0935");
    EXPECT_EQ(Hex(DeviceTimeAns{.seconds = 0x01020304, .fraction = 0x80}), "0d0403020180");
    EXPECT_EQ(Hex(PingSlotChannelReq{.frequencyHz = 869'525'000, .dataRate = 3}), "11d2ad8403");
    EXPECT_EQ(Hex(ADRParamSetupReq{.delayExp = 5, .limitExp = 6}), "0c65");
    EXPECT_EQ(Hex(ForceRejoinReq{.dataRate = 4, .rejoinType = 2, .maxRetries = 1, .period = 3}),
              "0e2419");
}

TEST(LorawanMac, SequencesStopAtTheFirstUnknownCommand)
{
    const auto result = DecodeUplink(test::FromHex("0307"
                                                   "06c83b"
                                                   "80ff"));
    ASSERT_EQ(result.commands.size(), 2U);
    EXPECT_EQ(std::get<DevStatusAns>(result.commands[1]).radioStatus, -5);
    EXPECT_FALSE(result);
}

} // namespace

} // namespace ns3::iotfleet::wire::mac
