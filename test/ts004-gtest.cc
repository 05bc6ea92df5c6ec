// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-keys.h"
#include "model/wire/ts004-fragmentation.h"
#include "test/applayer-vectors.h"

namespace ns3::iotfleet::wire::ts004
{

namespace
{

using test::VectorFields;
constexpr auto V1 = PackageVersion::V1;
constexpr auto V2 = PackageVersion::V2;

test::Builders
MakeBuilders(PackageVersion version)
{
    auto builders = test::CommonBuilders(version);
    const auto add = [&](const char* name, auto make) {
        builders[name] = [=](const VectorFields& f) {
            return MakePayload(FPORT, version, make(f));
        };
    };
    add("FragSessionStatusReq", [](const VectorFields& f) {
        return FragSessionStatusReq{f.Flag({"Participants", "participants"}),
                                    f.Byte({"FragIndex", "frag_index"})};
    });
    add("FragSessionSetupReq", [](const VectorFields& f) {
        return FragSessionSetupReq{.mcGroupBitMask = f.Mask({"mc_group_bit_mask"}),
                                   .fragIndex = f.Byte({"frag_index"}),
                                   .nbFrag = f.Get<uint16_t>({"nb_frag"}),
                                   .fragSize = f.Byte({"frag_size"}),
                                   .blockAckDelay = f.Byte({"block_ack_delay"}),
                                   .fragAlgo = f.Byte({"frag_algo"}),
                                   .ackReception = f.Flag({"ack_reception"}),
                                   .padding = f.Byte({"padding"}),
                                   .descriptor = f.Octets<4>("descriptor"),
                                   .sessionCnt = f.Get<uint16_t>({"session_cnt"}),
                                   .mic = f.Octets<4>("mic")};
    });
    add("FragSessionSetupAns", [](const VectorFields& f) {
        return FragSessionSetupAns{
            .fragAlgoUnsupported = f.Flag({"EncodingUnsupported", "frag_algo_unsupported"}),
            .notEnoughMemory = f.Flag({"NotEnoughMemory", "not_enough_memory"}),
            .fragIndexUnsupported =
                f.Flag({"FragSessionIndexNotSupported", "frag_index_unsupported"}),
            .wrongDescriptor = f.Flag({"WrongDescriptor", "wrong_descriptor"}),
            .sessionCntReplay = f.Flag({"session_cnt_replay"}),
            .fragIndex = f.Byte({"FragIndex", "frag_index"})};
    });
    add("FragSessionDeleteReq",
        [](const VectorFields& f) { return FragSessionDeleteReq{f.Byte({"frag_index"})}; });
    add("FragSessionDeleteAns", [](const VectorFields& f) {
        return FragSessionDeleteAns{f.Byte({"FragIndex"}), f.Flag({"SessionDoesNotExist"})};
    });
    add("FragDataBlockReceivedReq", [](const VectorFields& f) {
        return FragDataBlockReceivedReq{f.Byte({"frag_index"}), f.Flag({"mic_error"})};
    });
    add("FragDataBlockReceivedAns",
        [](const VectorFields& f) { return FragDataBlockReceivedAns{f.Byte({"frag_index"})}; });
    builders["DataFragment"] = [=](const VectorFields& f) {
        const auto data = test::FromHex(f.Get<std::string>({"data"}));
        return MakePayload(FPORT,
                           version,
                           DataFragment{f.Get<uint16_t>({"n"}), f.Byte({"frag_index"}), data});
    };
    return builders;
}

TEST(Ts004, VersionOneVectors)
{
    test::RunVectors("lorawan-applayer-v1/fragmentation_v1.json",
                     V1,
                     DecodeUplink,
                     DecodeDownlink,
                     MakeBuilders(V1));
}

TEST(Ts004, VersionTwoVectors)
{
    test::RunVectors("lorawan-applayer-v2/fragmentation_v2.json",
                     V2,
                     DecodeUplink,
                     DecodeDownlink,
                     MakeBuilders(V2));
}

TEST(Ts004, EveryCommandHasTheSizeItEncodesTo)
{
    for (const auto version : {V1, V2})
    {
        test::ExpectSizesAgree<Uplink>(version, DecodeUplink);
        test::ExpectSizesAgree<Downlink>(version, DecodeDownlink);
    }
}

TEST(Ts004, SizesOfTheStandard)
{
    EXPECT_EQ(EncodedSize(FragSessionSetupReq{}, V1), 11U);
    EXPECT_EQ(EncodedSize(FragSessionSetupReq{}, V2), 17U);
    EXPECT_EQ(EncodedSize(FragSessionStatusAns{}, V1), 5U);
    EXPECT_EQ(EncodedSize(FragSessionStatusAns{}, V2), 5U);
    EXPECT_EQ(EncodedSize(FragSessionStatusAns{.sessionDoesNotExist = true}, V2), 2U);
    EXPECT_EQ(EncodedSize(FragDataBlockReceivedReq{}, V2), 2U);
    const std::array<uint8_t, 48> data{};
    EXPECT_EQ(EncodedSize(DataFragment{1, 0, data}, V1), DATA_FRAGMENT_OVERHEAD_BYTES + 48);
}

// TS004-1.0.0 table "FragSessionStatusAns": counters, missing, status. TS004-2.0.0 tables 6 to 8:
// status, counters, missing, and the status alone when the session does not exist.
TEST(Ts004, StatusAnswersOfTheTwoVersionsDiffer)
{
    const FragSessionStatusAns answer{.nbFragReceived = 0x0102,
                                      .fragIndex = 2,
                                      .missingFrag = 7,
                                      .memoryError = true};
    EXPECT_EQ(test::ToHex(MakePayload(FPORT, V1, answer).View()), "0102810701");
    EXPECT_EQ(test::ToHex(MakePayload(FPORT, V2, answer).View()), "0101028107");
    const auto gone = DecodeUplink(V2, test::FromHex("0104"));
    ASSERT_TRUE(gone);
    EXPECT_TRUE(std::get<FragSessionStatusAns>(gone.commands.at(0)).sessionDoesNotExist);
}

TEST(Ts004, FieldsOfVersionTwoAreRefusedInVersionOne)
{
    EXPECT_THROW(EncodedSize(FragSessionSetupReq{.ackReception = true}, V1), std::invalid_argument);
    EXPECT_THROW(EncodedSize(FragSessionSetupReq{.sessionCnt = 1}, V1), std::invalid_argument);
    EXPECT_THROW(EncodedSize(FragSessionStatusAns{.micError = true}, V1), std::invalid_argument);
    EXPECT_FALSE(DecodeUplink(V1, test::FromHex("0400")));
}

TEST(Ts004, DataFragmentIsAloneInItsMessage)
{
    EXPECT_FALSE(DecodeDownlink(V2, test::FromHex("03000801000102")));
    const auto alone = DecodeDownlink(V2, test::FromHex("0801000102"));
    ASSERT_TRUE(alone);
    EXPECT_EQ(std::get<DataFragment>(alone.commands.at(0)).data.size(), 2U);
}

TEST(Ts004, LargestFragmentFillsThePayload)
{
    const std::array<uint8_t, 239> fits{};
    const std::array<uint8_t, 240> exceeds{};
    EXPECT_EQ(MakePayload(FPORT, V1, DataFragment{1, 0, fits}).size, 242);
    EXPECT_THROW(MakePayload(FPORT, V1, DataFragment{1, 0, exceeds}), std::length_error);
}

} // namespace

} // namespace ns3::iotfleet::wire::ts004
