// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/crypto-key.h"
#include "model/wire/crypto.h"
#include "test/vector-files.h"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::wire
{

namespace
{

using nlohmann::json;

// What a group of a whole file says once, beside each of its cases.
json
WithGroup(json row, const json& group)
{
    const json key = group.value("publicKey", json::object());
    row.update(key);
    row["x"] = key.value("wx", "");
    row["y"] = key.value("wy", "");
    row["sha"] = group.value("sha", "");
    return row;
}

// The cases of the project's selection and those of whole Wycheproof files, in one form; a whole
// file is known by its algorithm and by what its schema's name begins with.
std::vector<json>
Wycheproof(const std::string& selection, const std::string& algorithm, const std::string& schema)
{
    std::vector<json> rows;
    for (const auto& path : VectorFiles("wycheproof"))
    {
        const json file = json::parse(ReadText(path));
        if (file.is_array() && path.stem() == selection)
        {
            rows.insert(rows.end(), file.begin(), file.end());
        }
        if (file.is_array() || file.at("algorithm") != algorithm ||
            !file.at("schema").get<std::string>().starts_with(schema))
        {
            continue;
        }
        for (const json& group : file.at("testGroups"))
        {
            for (const json& row : group.at("tests"))
            {
                rows.push_back(WithGroup(row, group));
            }
        }
    }
    std::erase_if(rows, [](const json& row) { return row.at("result") == "acceptable"; });
    EXPECT_GE(rows.size(), 40U);
    return rows;
}

// Whether a code is that of a case, which may be cut short.
bool
IsTag(std::string_view code, const json& row)
{
    const auto tag = row.at("tag").get<std::string>();
    return code.substr(0, tag.size()) == tag;
}

std::vector<uint8_t>
HexField(const json& row, const char* field)
{
    return FromHex(row.at(field).get<std::string>());
}

std::span<const uint8_t>
AsBytes(std::string_view text)
{
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Block128
ToBlock(std::string_view hex)
{
    Block128 block{};
    const auto bytes = FromHex(hex);
    std::copy_n(bytes.begin(), block.size(), block.begin());
    return block;
}

// FIPS 197 appendix C.1.
TEST(Crypto, EncryptsAndDecryptsTheBlockOfFips197)
{
    const Block128 key = ToBlock("000102030405060708090a0b0c0d0e0f");
    const Block128 plain = ToBlock("00112233445566778899aabbccddeeff");
    const Block128 cipher = ToBlock("69c4e0d86a7b0430d8cdb78070b4c55a");
    EXPECT_EQ(AesEcbEncryptBlock(key, plain), cipher);
    EXPECT_EQ(AesEcbDecryptBlock(key, cipher), plain);
}

// The key schedule is kept between calls; NIST SP 800-38A appendix F.1.1 is the second key.
TEST(Crypto, ChangesKeyBetweenBlocks)
{
    const Block128 first = ToBlock("000102030405060708090a0b0c0d0e0f");
    const Block128 second = ToBlock("2b7e151628aed2a6abf7158809cf4f3c");
    for (int i = 0; i < 2; ++i)
    {
        EXPECT_EQ(AesEcbEncryptBlock(first, ToBlock("00112233445566778899aabbccddeeff")),
                  ToBlock("69c4e0d86a7b0430d8cdb78070b4c55a"));
        EXPECT_EQ(AesEcbEncryptBlock(second, ToBlock("6bc1bee22e409f96e93d7e117393172a")),
                  ToBlock("3ad77bb40d7a3660a89ecaf32466ef97"));
        EXPECT_EQ(AesEcbEncryptBlock(second, ToBlock("ae2d8a571e03ac9c9eb76fac45af8e51")),
                  ToBlock("f5d3d58503b9699de785895a96fdbaaf"));
    }
}

// RFC 4493 section 4.
TEST(Crypto, CmacOfRfc4493)
{
    const Block128 key = ToBlock("2b7e151628aed2a6abf7158809cf4f3c");
    const auto message =
        FromHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    const std::span<const uint8_t> all(message);
    EXPECT_EQ(ToHex(AesCmac(key, {})), "bb1d6929e95937287fa37d129b756746");
    EXPECT_EQ(ToHex(AesCmac(key, all.first(16))), "070a16b46b4d4144f79bdd9dd04a287c");
    EXPECT_EQ(ToHex(AesCmac(key, all.first(40))), "dfa66747de9ae63030ca32611497c827");
    EXPECT_EQ(ToHex(AesCmac(key, all)), "51f0bebf7e3b9d92fc49741779363cfe");
}

TEST(Crypto, CmacAgreesWithWycheproof)
{
    for (const json& row : Wycheproof("aes_cmac_128", "AES-CMAC", "mac_test"))
    {
        if (HexField(row, "key").size() == std::tuple_size_v<Block128>) // ours is AES-128
        {
            const auto key = ToBlock(row.at("key").get<std::string>());
            const auto tag = ToHex(AesCmac(key, HexField(row, "msg")));
            EXPECT_EQ(IsTag(tag, row), row.at("result") == "valid") << row;
        }
    }
}

TEST(Crypto, HmacAgreesWithWycheproof)
{
    for (const json& row : Wycheproof("hmac_sha256", "HMACSHA256", "mac_test"))
    {
        const auto tag = ToHex(HmacSha256(HexField(row, "key"), HexField(row, "msg")));
        EXPECT_EQ(IsTag(tag, row), row.at("result") == "valid") << row;
    }
}

// HMAC with an empty key and message, as computed by Python's hmac module.
TEST(Crypto, HmacTakesAnEmptyKeyAfterAnother)
{
    const std::vector<uint8_t> key(40, 0x5a);
    static_cast<void>(HmacSha256(key, {}));
    EXPECT_EQ(ToHex(HmacSha256({}, {})),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// FIPS 180-2 appendix B.1 and B.2, and the empty message.
TEST(Crypto, Sha256InOneGoAndInPieces)
{
    EXPECT_EQ(ToHex(Sha256({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const std::string_view text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    Sha256Hasher hasher;
    for (std::size_t cut : {0U, 1U, 31U, 56U})
    {
        hasher.Update(AsBytes(text.substr(0, cut)));
        hasher.Update(AsBytes(text.substr(cut)));
        EXPECT_EQ(ToHex(hasher.Finish()),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
}

struct Rfc6979Case
{
    Curve curve;
    SignatureAlgorithm algorithm;
    const char* scalar;
    const char* message;
    const char* signature;
};

class Rfc6979 : public testing::TestWithParam<Rfc6979Case>
{
};

// RFC 6979 appendices A.2.5, A.2.6 and A.2.7.
const Rfc6979Case RFC6979_CASES[] = {
    {Curve::P256,
     SignatureAlgorithm::ES256,
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "sample",
     "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
     "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    {Curve::P256,
     SignatureAlgorithm::ESP256,
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "test",
     "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
     "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
    {Curve::P384,
     SignatureAlgorithm::ES384,
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
     "96D5724E4C70A825F872C9EA60D2EDF5",
     "sample",
     "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
     "81a648152e44acf96e36dd1e80fabe46"
     "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
     "a329c145786e679e7b82c71a38628ac8"},
    {Curve::P521,
     SignatureAlgorithm::ES512,
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75"
     "CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B8"
     "3538",
     "sample",
     "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f"
     "174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e3"
     "77fa"
     "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af"
     "282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4"
     "a67a"},
};

TEST_P(Rfc6979, SignsDeterministically)
{
    const Rfc6979Case& row = GetParam();
    const SigningKey key = SigningKey::FromEcScalar(row.curve, FromHex(row.scalar));
    const auto signature = key.Sign(row.algorithm, AsBytes(row.message));
    EXPECT_EQ(ToHex(signature), row.signature);
    EXPECT_TRUE(key.GetPublicKey().Verify(row.algorithm, AsBytes(row.message), signature));
    EXPECT_FALSE(key.GetPublicKey().Verify(row.algorithm, AsBytes("Sample"), signature));
}

INSTANTIATE_TEST_SUITE_P(Appendix, Rfc6979, testing::ValuesIn(RFC6979_CASES));

// Signatures as COSE writes them: r and s one after the other. DER is not ours.
TEST(Crypto, EcdsaVerdictsAgreeWithWycheproof)
{
    const std::map<std::string, Curve> curves{{"secp256r1", Curve::P256},
                                              {"secp384r1", Curve::P384},
                                              {"secp521r1", Curve::P521}};
    const std::map<std::string, SignatureAlgorithm> algorithms{
        {"SHA-256", SignatureAlgorithm::ES256},
        {"SHA-384", SignatureAlgorithm::ES384},
        {"SHA-512", SignatureAlgorithm::ES512}};
    for (const json& row : Wycheproof("ecdsa_p256_sha256_p1363", "ECDSA", "ecdsa_p1363"))
    {
        const auto curve = curves.find(row.value("curve", "secp256r1"));
        const auto algorithm = algorithms.find(row.value("sha", "SHA-256"));
        if (curve != curves.end() && algorithm != algorithms.end())
        {
            const auto key =
                PublicKey::FromEcPoint(curve->second, HexField(row, "x"), HexField(row, "y"));
            EXPECT_EQ(key.Verify(algorithm->second, HexField(row, "msg"), HexField(row, "sig")),
                      row.at("result") == "valid")
                << row;
        }
    }
}

TEST(Crypto, EdwardsVerdictsAgreeWithWycheproof)
{
    for (const json& row : Wycheproof("ed25519", "EDDSA", "eddsa_verify"))
    {
        const bool is448 = row.value("curve", "edwards25519") == "edwards448";
        const auto key = PublicKey::FromEdwards(is448 ? EdwardsCurve::ED448 : EdwardsCurve::ED25519,
                                                HexField(row, "pk"));
        EXPECT_EQ(key.Verify(SignatureAlgorithm::EDDSA, HexField(row, "msg"), HexField(row, "sig")),
                  row.at("result") == "valid")
            << row;
    }
}

TEST(Crypto, RefusesAPointOffTheCurve)
{
    const std::vector<uint8_t> one{1};
    EXPECT_THROW(PublicKey::FromEcPoint(Curve::P256, one, one), CryptoError);
    const std::vector<uint8_t> tooLong(33, 1);
    EXPECT_THROW(PublicKey::FromEcPoint(Curve::P256, tooLong, one), CryptoError);
}

// The order of P-256 (SEC 2 section 2.4.2) is the first seed that gives no key.
TEST(Crypto, SeedIsTakenModuloTheOrder)
{
    auto seed = FromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const auto make = [&seed] {
        return SigningKey::FromSeed(std::span<const uint8_t, 32>(seed.data(), 32));
    };
    EXPECT_THROW(make(), CryptoError);
    seed.back() = 0x52;
    const std::vector<uint8_t> one{1};
    EXPECT_EQ(make().GetPublicKey().ToPem(),
              SigningKey::FromEcScalar(Curve::P256, one).GetPublicKey().ToPem());
}

TEST(Crypto, AlgorithmAndKeyMustFit)
{
    const std::vector<uint8_t> scalar{7};
    const SigningKey p256 = SigningKey::FromEcScalar(Curve::P256, scalar);
    const SigningKey p384 = SigningKey::FromEcScalar(Curve::P384, scalar);
    EXPECT_THROW(p256.Sign(SignatureAlgorithm::PS256, {}), CryptoError);
    EXPECT_THROW(p256.Sign(SignatureAlgorithm::EDDSA, {}), CryptoError);
    EXPECT_THROW(p384.Sign(SignatureAlgorithm::ESP256, {}), CryptoError);
    // ES256 names the digest only (RFC 9053 section 2.1), ESP256 the curve too (RFC 9864).
    const auto signature = p384.Sign(SignatureAlgorithm::ES256, {});
    EXPECT_TRUE(p384.GetPublicKey().Verify(SignatureAlgorithm::ES256, {}, signature));
    EXPECT_FALSE(p384.GetPublicKey().Verify(SignatureAlgorithm::ESP256, {}, signature));
    EXPECT_FALSE(p256.GetPublicKey().Verify(SignatureAlgorithm::ES256, {}, signature));
}

TEST(Crypto, ReadsPemOfBothHalves)
{
    const SigningKey key = SigningKey::FromSeed(Sha256(AsBytes("vendor")));
    const PublicKey copy = PublicKey::FromPem(key.GetPublicKey().ToPem());
    EXPECT_TRUE(copy.Verify(SignatureAlgorithm::ES256,
                            AsBytes("x"),
                            key.Sign(SignatureAlgorithm::ES256, AsBytes("x"))));
    EXPECT_EQ(copy.GetCurve(), Curve::P256);
    EXPECT_THROW(PublicKey::FromPem("nothing"), CryptoError);
    EXPECT_THROW(SigningKey::FromPem(copy.ToPem()), CryptoError);
}

TEST(Crypto, KnowsOnlyTheAlgorithmsOfTheTable)
{
    EXPECT_EQ(ToSignatureAlgorithm(-7), SignatureAlgorithm::ES256);
    EXPECT_EQ(ToSignatureAlgorithm(-9), SignatureAlgorithm::ESP256);
    EXPECT_FALSE(ToSignatureAlgorithm(-999));
    EXPECT_FALSE(ToSignatureAlgorithm(5));
}

} // namespace

} // namespace ns3::iotfleet::wire
