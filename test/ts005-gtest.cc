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
    // One source lists identifiers and addresses, the other pairs of them.
    const auto ids = f.Get<json>({"McGroupID"}, json::array());
    const auto addresses = f.Get<json>({"McAddr"}, json::array());
    for (std::size_t i = 0; i < ids.size(); i++)
    {
        answer.groups.at(i) = {ids[i].get<uint8_t>(), Address(addresses.at(i).get<std::string>())};
    }
    const auto items = f.Get<json>({"Items"}, json::array());
    for (std::size_t i = 0; i < items.size(); i++)
    {
        const VectorFields item(items[i]);
        answer.groups.at(i) = {item.Byte({"McGroupID"}),
                               Address(item.Get<std::string>({"McAddr"}))};
    }
    return answer;
}

McSessionStatus
MakeStatus(const VectorFields& f)
{
    return {.mcGroupId = f.Byte({"McGroupID"}),
            .drError = f.Flag({"DRError"}),
            .freqError = f.Flag({"FreqError"}),
            .mcGroupUndefined = f.Flag({"McGroupUndefined"}),
            .startMissed = f.Flag({"StartMissed"}),
            .timeToStart = f.Maybe({"TimeToStart"})};
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
    add("McGroupStatusReq", [](const VectorFields& f) {
        return McGroupStatusReq{f.Mask({"ReqGroupMask", "RegGroupMask"})};
    });
    add("McGroupStatusAns", MakeStatusAns);
    add("McGroupSetupReq", [](const VectorFields& f) {
        return McGroupSetupReq{f.Byte({"McGroupID"}),
                               Address(f.Get<std::string>({"McAddr"})),
                               f.Array<16>({"McKeyEncrypted"}),
                               f.Get({"MinMcFCount", "MinMcFCnt"}),
                               f.Get({"MaxMcFCount", "MaxMcFCnt"})};
    });
    add("McGroupSetupAns", [](const VectorFields& f) {
        return McGroupSetupAns{f.Byte({"McGroupID"}), f.Flag({"IDError"})};
    });
    add("McGroupDeleteReq",
        [](const VectorFields& f) { return McGroupDeleteReq{f.Byte({"McGroupID"})}; });
    add("McGroupDeleteAns", [](const VectorFields& f) {
        return McGroupDeleteAns{f.Byte({"McGroupID"}), f.Flag({"McGroupUndefined"})};
    });
    add("McClassCSessionReq", [](const VectorFields& f) {
        return McClassCSessionReq{f.Byte({"McGroupID"}),
                                  f.Get({"SessionTime"}),
                                  f.Byte({"TimeOut"}),
                                  f.Get({"DLFrequency", "DlFrequ"}),
                                  f.Byte({"DR"})};
    });
    add("McClassCSessionAns",
        [](const VectorFields& f) { return McClassCSessionAns{MakeStatus(f)}; });
    add("McClassBSessionReq", [](const VectorFields& f) {
        return McClassBSessionReq{f.Byte({"McGroupID"}),
                                  f.Get({"SessionTime"}),
                                  f.Byte({"TimeOut"}),
                                  f.Byte({"Periodicity"}),
                                  f.Get({"DLFrequency", "DlFrequ"}),
                                  f.Byte({"DR"})};
    });
    add("McClassBSessionAns",
        [](const VectorFields& f) { return McClassBSessionAns{MakeStatus(f)}; });
    return builders;
}

TEST(Ts005, VersionOneVectors)
{
    const auto builders = MakeBuilders(PackageVersion::V1);
    test::RunVectors("TS005-1", PackageVersion::V1, DecodeUplink, DecodeDownlink, builders);
}

TEST(Ts005, VersionTwoVectors)
{
    const auto builders = MakeBuilders(PackageVersion::V2);
    test::RunVectors("TS005-2", PackageVersion::V2, DecodeUplink, DecodeDownlink, builders);
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

/** One key that a file of key derivations expects, by its name there. */
void
CheckKey(const VectorFields& file, const std::string& name, const Block128& expected)
{
    const auto from = [&](const char* input) { return file.Array<16>({input}); };
    const auto address = [&] { return Address(file.Get<std::string>({"mc_addr_be"})); };
    const auto plain = test::PlainName(name);
    if (plain == "mcrootkeyfromgenappkey")
    {
        EXPECT_EQ(DeriveMcRootKeyFromGenAppKey(from("gen_app_key")), expected);
    }
    else if (plain == "mcrootkeyfromappkey")
    {
        EXPECT_EQ(DeriveMcRootKeyFromAppKey(from("app_key")), expected);
    }
    else if (plain == "mckekey")
    {
        EXPECT_EQ(DeriveMcKEKey(from("mc_root_key_in")), expected);
    }
    else if (plain == "mcappskey")
    {
        EXPECT_EQ(DeriveMcAppSKey(from("mc_key"), address()), expected);
    }
    else if (plain == "mcnetskey" || plain == "mcnwkskey")
    {
        EXPECT_EQ(DeriveMcNwkSKey(from("mc_key"), address()), expected);
    }
    else if (plain.starts_with("datablockintkey"))
    {
        // TS004-2.0.0: of GenAppKey (LoRaWAN 1.0.x) or of AppKey (1.1), which the name may say.
        const bool isGen = DeriveDataBlockIntKey(from("gen_app_key")) == expected;
        const bool isApp = DeriveDataBlockIntKey(from("app_key")) == expected;
        EXPECT_TRUE(plain.ends_with("fromgenappkey") ? isGen
                    : plain.ends_with("fromappkey")  ? isApp
                                                     : isGen || isApp);
    }
    else
    {
        ADD_FAILURE() << "no test derives a key of this name";
    }
}

TEST(Ts005, KeyDerivation)
{
    const auto files = test::VectorFiles("ts005-keys");
    EXPECT_FALSE(files.empty());
    for (const auto& path : files)
    {
        const auto document = json::parse(test::ReadText(path));
        json inputs = document;
        inputs.erase("expect");
        const VectorFields file(inputs);
        const VectorFields expected(document.at("expect"));
        for (const auto& [name, value] : document.at("expect").items())
        {
            SCOPED_TRACE(path.string() + ": " + name);
            EXPECT_NO_THROW(CheckKey(file, name, expected.Array<16>({name.c_str()})));
        }
    }
}

// TS005 section 3.3: the server decrypts, so that the device has only to encrypt.
TEST(Ts005, TheDeviceEncryptsWhatTheServerDecrypted)
{
    Block128 keKey{};
    Block128 mcKey{};
    keKey.fill(0x24);
    mcKey.fill(0x42);
    EXPECT_EQ(DecryptMcKey(keKey, EncryptMcKey(keKey, mcKey)), mcKey);
    EXPECT_EQ(DecryptMcKey(keKey, mcKey), AesEcbEncryptBlock(keKey, mcKey));
}

} // namespace

} // namespace ns3::iotfleet::wire::ts005
