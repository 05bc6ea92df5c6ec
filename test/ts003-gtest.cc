// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/ts003-clock-sync.h"
#include "test/applayer-vectors.h"

namespace ns3::iotfleet::wire::ts003
{

namespace
{

using test::VectorFields;

test::Builders
MakeBuilders(PackageVersion version)
{
    auto builders = test::CommonBuilders(version);
    builders["AppTimeReq"] = [=](const VectorFields& f) {
        return MakePayload(FPORT,
                           version,
                           AppTimeReq{.deviceTime = f.Get({"DeviceTime"}),
                                      .tokenReq = f.Byte({"TokenReq"}),
                                      .ansRequired = f.Flag({"AnsRequired"})});
    };
    builders["AppTimeAns"] = [=](const VectorFields& f) {
        return MakePayload(FPORT,
                           version,
                           AppTimeAns{.timeCorrection = f.Get<int32_t>({"TimeCorrection"}),
                                      .tokenAns = f.Byte({"TokenAns"})});
    };
    builders["DeviceAppTimePeriodicityReq"] = [=](const VectorFields& f) {
        return MakePayload(FPORT,
                           version,
                           DeviceAppTimePeriodicityReq{.period = f.Byte({"Period"})});
    };
    builders["DeviceAppTimePeriodicityAns"] = [=](const VectorFields& f) {
        return MakePayload(FPORT,
                           version,
                           DeviceAppTimePeriodicityAns{.notSupported = f.Flag({"NotSupported"}),
                                                       .time = f.Get({"Time"})});
    };
    // The second source misspells the commands.
    builders["DeviceAppTimePeropdicityReq"] = builders["DeviceAppTimePeriodicityReq"];
    builders["DeviceAppTimePeropdicityAns"] = builders["DeviceAppTimePeriodicityAns"];
    builders["ForceDeviceResyncReq"] = [=](const VectorFields& f) {
        return MakePayload(FPORT,
                           version,
                           ForceDeviceResyncReq{.nbTransmissions = f.Byte({"NbTransmissions"})});
    };
    builders["ForceDeviceResyncCmd"] = builders["ForceDeviceResyncReq"];
    return builders;
}

TEST(Ts003, VersionOneVectors)
{
    const auto builders = MakeBuilders(PackageVersion::V1);
    test::RunVectors("TS003-1", PackageVersion::V1, DecodeUplink, DecodeDownlink, builders);
}

TEST(Ts003, VersionTwoVectors)
{
    const auto builders = MakeBuilders(PackageVersion::V2);
    test::RunVectors("TS003-2", PackageVersion::V2, DecodeUplink, DecodeDownlink, builders);
}

TEST(Ts003, EveryCommandHasTheSizeItEncodesTo)
{
    test::ExpectSizesAgree<Uplink>(PackageVersion::V1, DecodeUplink);
    test::ExpectSizesAgree<Downlink>(PackageVersion::V1, DecodeDownlink);
}

TEST(Ts003, SizesOfTheStandard)
{
    EXPECT_EQ(EncodedSize(AppTimeReq{}, PackageVersion::V1), 6U);
    EXPECT_EQ(EncodedSize(AppTimeAns{}, PackageVersion::V1), 6U);
    EXPECT_EQ(EncodedSize(DeviceAppTimePeriodicityReq{}, PackageVersion::V1), 2U);
    EXPECT_EQ(EncodedSize(DeviceAppTimePeriodicityAns{}, PackageVersion::V1), 6U);
    EXPECT_EQ(EncodedSize(ForceDeviceResyncCmd{}, PackageVersion::V1), 2U);
}

TEST(Ts003, SeveralCommandsInOneMessageAreReadInOrder)
{
    const auto payload = MakePayload(FPORT,
                                     PackageVersion::V2,
                                     PackageVersionReq{},
                                     AppTimeAns{.timeCorrection = -3, .tokenAns = 9},
                                     ForceDeviceResyncCmd{.nbTransmissions = 2});
    const auto result = DecodeDownlink(PackageVersion::V2, payload.View());
    ASSERT_TRUE(result);
    ASSERT_EQ(result.commands.size(), 3U);
    EXPECT_EQ(std::get<AppTimeAns>(result.commands[1]).timeCorrection, -3);
    EXPECT_EQ(std::get<ForceDeviceResyncCmd>(result.commands[2]).nbTransmissions, 2);
}

TEST(Ts003, ValuesThatDoNotFitAreRefusedAndNothingIsWritten)
{
    auto payload = AppPayload::ForPort(FPORT);
    EXPECT_THROW(Encode(AppTimeReq{.tokenReq = 16}, PackageVersion::V1, payload),
                 std::invalid_argument);
    EXPECT_EQ(payload.size, 0);
}

TEST(Ts003, UnknownCommandsAndMissingBytesAreNamed)
{
    const auto unknown = DecodeUplink(PackageVersion::V1, test::FromHex("7f"));
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error->text.find("0x7f"), std::string::npos);
    const auto cut = DecodeUplink(PackageVersion::V1, test::FromHex("0100"));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error->command, "AppTimeReq");
}

} // namespace

} // namespace ns3::iotfleet::wire::ts003
