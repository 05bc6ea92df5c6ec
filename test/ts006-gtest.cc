// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/ts006-firmware-management.h"
#include "test/applayer-vectors.h"

namespace ns3::iotfleet::wire::ts006
{

namespace
{

using test::VectorFields;
constexpr auto V1 = PackageVersion::V1;

/** The vectors leave the status out of the fields; where an error is expected it is not VALID. */
UpImageStatus
StatusOf(const VectorFields& f)
{
    const auto otherwise = f.Bytes().size() > 1 ? f.Bytes()[1] : uint8_t{1};
    return static_cast<UpImageStatus>(f.Get<uint8_t>({"UpImageStatus"}, otherwise));
}

test::Builders
MakeBuilders()
{
    auto builders = test::CommonBuilders(V1);
    const auto add = [&](const char* name, auto make) {
        builders[name] = [=](const VectorFields& f) { return MakePayload(FPORT, V1, make(f)); };
    };
    add("DevVersionReq", [](const VectorFields&) { return DevVersionReq{}; });
    add("DevVersionAns", [](const VectorFields& f) {
        return DevVersionAns{f.Get({"FWversion"}), f.Get({"HWversion"})};
    });
    add("DevRebootTimeReq",
        [](const VectorFields& f) { return DevRebootTimeReq{f.Get({"RebootTime"})}; });
    add("DevRebootTimeAns",
        [](const VectorFields& f) { return DevRebootTimeAns{f.Get({"RebootTime"})}; });
    add("DevRebootCountdownReq",
        [](const VectorFields& f) { return DevRebootCountdownReq{f.Get({"Countdown"})}; });
    add("DevRebootCountdownAns",
        [](const VectorFields& f) { return DevRebootCountdownAns{f.Get({"Countdown"})}; });
    add("DevUpgradeImageReq", [](const VectorFields&) { return DevUpgradeImageReq{}; });
    add("DevUpgradeImageAns", [](const VectorFields& f) {
        return DevUpgradeImageAns{StatusOf(f), f.Maybe({"NextFirmwareVersion"})};
    });
    add("DevDeleteImageReq", [](const VectorFields& f) {
        return DevDeleteImageReq{f.Get({"FirmwareToDeleteVersion"})};
    });
    add("DevDeleteImageAns", [](const VectorFields& f) {
        return DevDeleteImageAns{.errorNoValidImage = f.Flag({"ErrorNoValidImage"}),
                                 .errorInvalidVersion = f.Flag({"ErrorInvalidVersion"})};
    });
    return builders;
}

TEST(Ts006, Vectors)
{
    test::RunVectors("TS006-1", V1, DecodeUplink, DecodeDownlink, MakeBuilders());
}

TEST(Ts006, EveryCommandHasTheSizeItEncodesTo)
{
    test::ExpectSizesAgree<Uplink>(V1, DecodeUplink);
    test::ExpectSizesAgree<Downlink>(V1, DecodeDownlink);
}

TEST(Ts006, SizesOfTheStandard)
{
    EXPECT_EQ(EncodedSize(DevVersionReq{}, V1), 1U);
    EXPECT_EQ(EncodedSize(DevVersionAns{}, V1), 9U);
    EXPECT_EQ(EncodedSize(DevRebootTimeReq{}, V1), 5U);
    EXPECT_EQ(EncodedSize(DevRebootTimeAns{}, V1), 5U);
    EXPECT_EQ(EncodedSize(DevRebootCountdownReq{}, V1), 4U);
    EXPECT_EQ(EncodedSize(DevRebootCountdownAns{}, V1), 4U);
    EXPECT_EQ(EncodedSize(DevUpgradeImageReq{}, V1), 1U);
    EXPECT_EQ(EncodedSize(DevUpgradeImageAns{}, V1), 2U);
    EXPECT_EQ(EncodedSize(DevUpgradeImageAns{UpImageStatus::VALID, 1}, V1), 6U);
    EXPECT_EQ(EncodedSize(DevDeleteImageReq{}, V1), 5U);
    EXPECT_EQ(EncodedSize(DevDeleteImageAns{}, V1), 2U);
}

// From the self-test of Semtech's LoRa Basics Modem (lorawan_fmp_package.c): a delete request for
// another version is answered with 2.
TEST(Ts006, WrongVersionIsBitOneOfDevDeleteImageAns)
{
    const auto payload = MakePayload(FPORT, V1, DevDeleteImageAns{.errorInvalidVersion = true});
    EXPECT_EQ(test::ToHex(payload.View()), "0502");
}

TEST(Ts006, CountdownHasTwentyFourBits)
{
    auto payload = AppPayload::ForPort(FPORT);
    EXPECT_THROW(Encode(DevRebootCountdownReq{0x1000000}, V1, payload), std::invalid_argument);
    Encode(DevRebootCountdownReq{CANCEL_REBOOT_COUNTDOWN}, V1, payload);
    EXPECT_EQ(test::ToHex(payload.View()), "03ffffff");
}

} // namespace

} // namespace ns3::iotfleet::wire::ts006
