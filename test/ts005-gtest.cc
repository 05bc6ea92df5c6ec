// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-keys.h"
#include "model/wire/ts005-multicast-setup.h"
#include "test/applayer-vectors.h"

namespace ns3::iotfleet::wire::ts005
{

namespace
{

using test::json;
using test::VectorFields;

uint32_t
Address(const std::string& bigEndianHex)
{
    return static_cast<uint32_t>(std::stoul(bigEndianHex.substr(0, 8), nullptr, 16));
}

McGroupStatusAns
MakeStatusAns(const VectorFields& f)
{
    McGroupStatusAns answer{.ansGroupMask = f.Mask({"AnsGroupMask"}),
                            .nbTotalGroups = f.Byte({"NbTotalGroups"})};
    const auto& ids = f.Raw().at("McGroupID").at("_list");
    for (std::size_t i = 0; i < ids.size(); i++)
    {
        const auto address = f.Raw().at("McAddr").at("_list").at(i).get<std::string>();
        answer.groups.at(i) = {ids[i].get<uint8_t>(), Address(address)};
    }
    return answer;
}

McSessionStatus
MakeStatus(const VectorFields& f)
{
    return {.mcGroupId = f.Byte({"McGroupID", "mc_group_id"}),
            .drError = f.Flag({"DRError", "dr_error"}),
            .freqError = f.Flag({"FreqError", "freq_error"}),
            .mcGroupUndefined = f.Flag({"McGroupUndefined", "mc_group_undefined"}),
            .startMissed = f.Flag({"start_missed"}),
            .timeToStart = f.Maybe({"TimeToStart", "time_to_start"})};
}

test::Builders
MakeBuilders(PackageVersion version)
{
    auto builders = test::CommonBuilders(version);
    const auto add = [&](const char* name, auto make) {
        builders[name] = [=](const VectorFields& f) {
            return MakePayload(FPORT, version, make(f));
        };
    };
    add("McGroupStatusReq",
        [](const VectorFields& f) { return McGroupStatusReq{f.Mask({"req_group_mask"})}; });
    add("McGroupStatusAns", MakeStatusAns);
    add("McGroupSetupReq", [](const VectorFields& f) {
        return McGroupSetupReq{f.Byte({"mc_group_id"}),
                               Address(f.Get<std::string>({"mc_addr"})),
                               f.Octets<16>("mc_key_encrypted"),
                               f.Get({"min_mc_f_count"}),
                               f.Get({"max_mc_f_count"})};
    });
    add("McGroupSetupAns", [](const VectorFields& f) {
        return McGroupSetupAns{f.Byte({"McGroupID", "mc_group_id"}),
                               f.Flag({"IDError", "id_error"})};
    });
    add("McGroupDeleteReq",
        [](const VectorFields& f) { return McGroupDeleteReq{f.Byte({"mc_group_id"})}; });
    add("McGroupDeleteAns", [](const VectorFields& f) {
        return McGroupDeleteAns{f.Byte({"McGroupID"}), f.Flag({"McGroupUndefined"})};
    });
    add("McClassCSessionReq", [](const VectorFields& f) {
        return McClassCSessionReq{f.Byte({"McGroupID", "mc_group_id"}),
                                  f.Get({"SessionTime", "session_time"}),
                                  f.Byte({"TimeOut", "time_out"}),
                                  f.Get({"DLFrequency", "dl_frequ"}),
                                  f.Byte({"DR", "dr"})};
    });
    add("McClassCSessionAns",
        [](const VectorFields& f) { return McClassCSessionAns{MakeStatus(f)}; });
    add("McClassBSessionReq", [](const VectorFields& f) {
        return McClassBSessionReq{f.Byte({"McGroupID"}),
                                  f.Get({"SessionTime"}),
                                  f.Byte({"TimeOut"}),
                                  f.Byte({"Periodicity"}),
                                  f.Get({"DLFrequency"}),
                                  f.Byte({"DR"})};
    });
    add("McClassBSessionAns",
        [](const VectorFields& f) { return McClassBSessionAns{MakeStatus(f)}; });
    return builders;
}

TEST(Ts005, VersionOneVectors)
{
    test::RunVectors("lorawan-applayer-v1/multicastsetup_v1.json",
                     PackageVersion::V1,
                     DecodeUplink,
                     DecodeDownlink,
                     MakeBuilders(PackageVersion::V1));
}

TEST(Ts005, VersionTwoVectors)
{
    test::RunVectors("lorawan-applayer-v2/multicastsetup_v2.json",
                     PackageVersion::V2,
                     DecodeUplink,
                     DecodeDownlink,
                     MakeBuilders(PackageVersion::V2));
}

TEST(Ts005, EveryCommandHasTheSizeItEncodesTo)
{
    for (const auto version : {PackageVersion::V1, PackageVersion::V2})
    {
        test::ExpectSizesAgree<Uplink>(version, DecodeUplink);
        test::ExpectSizesAgree<Downlink>(version, DecodeDownlink);
    }
}

TEST(Ts005, SizesOfTheStandard)
{
    const auto v2 = PackageVersion::V2;
    EXPECT_EQ(EncodedSize(McGroupStatusReq{}, v2), 2U);
    EXPECT_EQ(EncodedSize(McGroupSetupReq{}, v2), 30U);
    EXPECT_EQ(EncodedSize(McGroupDeleteReq{}, v2), 2U);
    EXPECT_EQ(EncodedSize(McClassCSessionReq{}, v2), 11U);
    EXPECT_EQ(EncodedSize(McClassBSessionReq{}, v2), 11U);
    EXPECT_EQ(EncodedSize(McClassCSessionAns{{.timeToStart = 0}}, v2), 5U);
    EXPECT_EQ(EncodedSize(McClassCSessionAns{{.startMissed = true}}, v2), 2U);
    McGroupStatusAns all{.ansGroupMask = 0x0f, .nbTotalGroups = 4};
    EXPECT_EQ(EncodedSize(all, v2), 22U);
}

TEST(Ts005, StartMissedIsBitFiveOfVersionTwoOnly)
{
    const McClassCSessionAns missed{{.mcGroupId = 1, .startMissed = true}};
    EXPECT_EQ(test::ToHex(MakePayload(FPORT, PackageVersion::V2, missed).View()), "0421");
    EXPECT_THROW(MakePayload(FPORT, PackageVersion::V1, missed), std::invalid_argument);
}

TEST(Ts005, FrequenciesAreMultiplesOfAHundredHertz)
{
    const McClassCSessionReq request{.dlFrequencyHz = 868'100'050};
    EXPECT_THROW(EncodedSize(request, PackageVersion::V1), std::invalid_argument);
}

TEST(Ts005, KeyDerivation)
{
    const auto keys =
        json::parse(test::ReadText(test::SourcePath("test/data/ts005-keys/keys.json")));
    const auto key = [](const json& value) {
        Block128 block{};
        const auto bytes = test::FromHex(value.get<std::string>());
        std::copy_n(bytes.begin(), block.size(), block.begin());
        return block;
    };
    const auto& expected = keys.at("expect");
    const auto address = Address(keys.at("mc_addr_be").get<std::string>());
    EXPECT_EQ(DeriveMcRootKeyFromGenAppKey(key(keys.at("gen_app_key"))),
              key(expected.at("McRootKey_from_GenAppKey")));
    EXPECT_EQ(DeriveMcRootKeyFromAppKey(key(keys.at("app_key"))),
              key(expected.at("McRootKey_from_AppKey")));
    const auto mcKEKey = DeriveMcKEKey(key(keys.at("mc_root_key_in")));
    EXPECT_EQ(mcKEKey, key(expected.at("McKEKey")));
    const auto mcKey = key(keys.at("mc_key"));
    EXPECT_EQ(DeriveMcAppSKey(mcKey, address), key(expected.at("McAppSKey")));
    EXPECT_EQ(DeriveMcNwkSKey(mcKey, address), key(expected.at("McNetSKey")));
    EXPECT_EQ(DecryptMcKey(mcKEKey, EncryptMcKey(mcKEKey, mcKey)), mcKey);
    EXPECT_EQ(DecryptMcKey(mcKEKey, mcKey), AesEcbEncryptBlock(mcKEKey, mcKey));
}

} // namespace

} // namespace ns3::iotfleet::wire::ts005
