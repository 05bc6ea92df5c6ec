// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cose.h"
#include "test/vector-files.h"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace ns3::iotfleet::wire::cose
{

namespace
{

using cbor::Value;
using nlohmann::json;
using Bytes = std::vector<uint8_t>;

std::span<const uint8_t>
AsBytes(std::string_view text)
{
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Bytes
FromBase64Url(std::string_view text)
{
    static constexpr std::string_view DIGITS =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    Bytes out;
    uint32_t bits = 0;
    int count = 0;
    for (const char c : text)
    {
        bits = bits << 6 | static_cast<uint32_t>(DIGITS.find(c));
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            out.push_back(static_cast<uint8_t>(bits >> count));
        }
    }
    return out;
}

// A number of a JWK, which the COSE working group's files also write as <name>_hex.
Bytes
KeyField(const json& jwk, const std::string& name)
{
    if (jwk.contains(name + "_hex"))
    {
        return FromHex(jwk.at(name + "_hex").get<std::string>());
    }
    return jwk.contains(name) ? FromBase64Url(jwk.at(name).get<std::string>()) : Bytes{};
}

RsaNumbers
RsaFields(const json& jwk)
{
    return {KeyField(jwk, "n"),
            KeyField(jwk, "e"),
            KeyField(jwk, "d"),
            KeyField(jwk, "p"),
            KeyField(jwk, "q"),
            KeyField(jwk, "dp"),
            KeyField(jwk, "dq"),
            KeyField(jwk, "qi")};
}

const std::map<std::string, Curve> CURVES{{"P-256", Curve::P256},
                                          {"P-384", Curve::P384},
                                          {"P-521", Curve::P521}};
const std::map<std::string, EdwardsCurve> EDWARDS{{"Ed25519", EdwardsCurve::ED25519},
                                                  {"Ed448", EdwardsCurve::ED448}};
const std::map<std::string, SignatureAlgorithm> ALGORITHMS{
    {"ES256", SignatureAlgorithm::ES256},
    {"ES384", SignatureAlgorithm::ES384},
    {"ES512", SignatureAlgorithm::ES512},
    {"EdDSA", SignatureAlgorithm::EDDSA},
    {"PS256", SignatureAlgorithm::PS256},
    {"PS384", SignatureAlgorithm::PS384},
    {"PS512", SignatureAlgorithm::PS512},
};

PublicKey
ToPublicKey(const json& jwk)
{
    if (jwk.at("kty") == "RSA")
    {
        return PublicKey::FromRsa(RsaFields(jwk));
    }
    const auto curve = jwk.at("crv").get<std::string>();
    return jwk.at("kty") == "OKP"
               ? PublicKey::FromEdwards(EDWARDS.at(curve), KeyField(jwk, "x"))
               : PublicKey::FromEcPoint(CURVES.at(curve), KeyField(jwk, "x"), KeyField(jwk, "y"));
}

SigningKey
ToSigningKey(const json& jwk)
{
    if (jwk.at("kty") == "RSA")
    {
        return SigningKey::FromRsa(RsaFields(jwk));
    }
    const auto curve = jwk.at("crv").get<std::string>();
    return jwk.at("kty") == "OKP" ? SigningKey::FromEdwards(EDWARDS.at(curve), KeyField(jwk, "d"))
                                  : SigningKey::FromEcScalar(CURVES.at(curve), KeyField(jwk, "d"));
}

Bytes
HexField(const json& object, const char* name)
{
    return FromHex(object.value(name, std::string()));
}

Bytes
CborField(const json& object, const char* name)
{
    return object.contains(name) ? HexField(object.at(name), "cborHex") : Bytes{};
}

void
CheckGluecoseVerify(const json& file)
{
    const json& test = file.at("sign1::verify");
    const Bytes external = HexField(test, "external");
    const Bytes detached = HexField(test, "detachedPayload");
    VerifyContext context;
    context.externalAad = external;
    if (test.contains("detachedPayload"))
    {
        context.detachedPayload = detached;
    }
    const auto result =
        VerifySign1(CborField(test, "taggedCOSESign1"), ToPublicKey(file.at("key")), context);
    EXPECT_EQ(static_cast<bool>(result), test.at("shouldVerify").get<bool>()) << result.reason;
}

void
CheckGluecoseSign(const json& file)
{
    const json& test = file.at("sign1::sign");
    const Bytes external = HexField(test, "external");
    const Bytes payload = HexField(test, "payload");
    const Bytes header = CborField(test, "protectedHeaders");
    EXPECT_EQ(ToHex(SignatureInput(header, external, payload)),
              test.at("tbsHex").at("cborHex").get<std::string>());
    SignRequest request;
    request.payload = payload;
    request.protectedHeader = cbor::Decode(header);
    request.unprotectedHeader = cbor::Decode(CborField(test, "unprotectedHeaders"));
    request.externalAad = external;
    request.isDetached = test.at("detached").get<bool>();
    const auto algorithm = ALGORITHMS.at(file.at("alg").get<std::string>());
    const auto signedMessage = SignSign1(ToSigningKey(file.at("key")), algorithm, request);
    const auto expected = CborField(test, "expectedOutput");
    const auto fixed = test.at("fixedOutputLength").get<std::size_t>();
    ASSERT_EQ(signedMessage.size(), expected.size());
    EXPECT_TRUE(std::equal(expected.begin(),
                           expected.begin() + static_cast<std::ptrdiff_t>(fixed),
                           signedMessage.begin()));
    VerifyContext context;
    context.externalAad = external;
    const PublicKey publicKey = ToPublicKey(file.at("key"));
    EXPECT_TRUE(VerifySign1(signedMessage, publicKey, context));
    EXPECT_TRUE(VerifySign1(expected, publicKey, context));
}

TEST(Cose, GluecoseCases)
{
    int cases = 0;
    for (const auto& path : VectorFiles("gluecose-cose-sign1"))
    {
        SCOPED_TRACE(path.string());
        const json file = json::parse(ReadText(path));
        const bool verify = file.contains("sign1::verify");
        if (!verify && !file.contains("sign1::sign"))
        {
            EXPECT_TRUE(file.contains("implementation")) << "neither a case nor a result of one";
            continue;
        }
        ++cases;
        EXPECT_NO_THROW(verify ? CheckGluecoseVerify(file) : CheckGluecoseSign(file));
    }
    EXPECT_GE(cases, 14);
}

// What the working group's example says of its message.
void
CheckExample(const json& file)
{
    const json& input = file.at("input");
    const json& signer = input.at("sign0");
    const Bytes external = HexField(signer, "external");
    VerifyContext context;
    context.externalAad = external;
    const auto result =
        VerifySign1(HexField(file.at("output"), "cbor"), ToPublicKey(signer.at("key")), context);
    EXPECT_EQ(static_cast<bool>(result), !file.value("fail", false)) << result.reason;
    if (result && input.contains("plaintext"))
    {
        EXPECT_EQ(ToHex(result.payload), ToHex(AsBytes(input.at("plaintext").get<std::string>())));
    }
    if (result && input.contains("plaintext_hex"))
    {
        EXPECT_EQ(ToHex(result.payload), ToHex(HexField(input, "plaintext_hex")));
    }
}

// Signatures by hashes (RFC 8778) are not of our algorithms; with any key they are refused.
void
CheckForeignAlgorithm(const json& file)
{
    const std::vector<uint8_t> scalar{7};
    const auto key = SigningKey::FromEcScalar(Curve::P256, scalar).GetPublicKey();
    const auto result = VerifySign1(HexField(file.at("output"), "cbor"), key);
    EXPECT_EQ(result.status, Status::UNKNOWN_ALGORITHM) << result.reason;
    EXPECT_TRUE(result.payload.empty());
}

// Whatever else COSE defines (COSE_Mac0, COSE_Encrypt, ...) is no COSE_Sign1 that one could trust.
void
CheckOtherStructure(const json& file)
{
    const std::vector<uint8_t> scalar{7};
    const auto key = SigningKey::FromEcScalar(Curve::P256, scalar).GetPublicKey();
    const auto result = VerifySign1(HexField(file.at("output"), "cbor"), key);
    EXPECT_FALSE(result);
    EXPECT_FALSE(result.reason.empty());
}

TEST(Cose, WorkingGroupExamples)
{
    const std::set<std::string> ours{"EC2", "EC", "OKP", "RSA"};
    int cases = 0;
    for (const auto& path : VectorFiles("cose-examples"))
    {
        SCOPED_TRACE(path.string());
        const json file = json::parse(ReadText(path));
        if (!file.contains("input") || !file.contains("output"))
        {
            continue; // a set of keys
        }
        const json& input = file.at("input");
        const bool isSign1 = input.contains("sign0");
        cases += isSign1 ? 1 : 0;
        EXPECT_NO_THROW({
            if (!isSign1)
            {
                CheckOtherStructure(file);
            }
            else if (ours.contains(input.at("sign0").at("key").at("kty").get<std::string>()))
            {
                CheckExample(file);
            }
            else
            {
                CheckForeignAlgorithm(file);
            }
        });
    }
    EXPECT_GE(cases, 14);
}

// The kinds of refusal that the working group's failing examples stand for, by what their member
// "failures" did to a good message.
Status
ExpectedRefusal(const json& failures)
{
    for (const auto& [name, detail] : failures.items())
    {
        if (name == "ChangeCBORTag")
        {
            return Status::MALFORMED;
        }
        if (name == "ChangeAttr" || name == "AddProtected")
        {
            return detail.contains("alg") ? Status::UNKNOWN_ALGORITHM : Status::BAD_SIGNATURE;
        }
    }
    return Status::BAD_SIGNATURE;
}

TEST(Cose, FailingExamplesSayWhy)
{
    int cases = 0;
    for (const auto& path : VectorFiles("cose-examples/sign1-tests"))
    {
        const json file = json::parse(ReadText(path));
        if (!file.value("fail", false))
        {
            continue;
        }
        ++cases;
        const json& input = file.at("input");
        const auto expected = ExpectedRefusal(input.at("failures"));
        const auto result = VerifySign1(HexField(file.at("output"), "cbor"),
                                        ToPublicKey(input.at("sign0").at("key")));
        EXPECT_EQ(result.status, expected) << path << ": " << result.reason;
        EXPECT_FALSE(result.reason.empty());
        EXPECT_TRUE(result.payload.empty());
    }
    EXPECT_GE(cases, 4);
}

// EdDSA is deterministic, so the working group's signature must come out byte for byte.
TEST(Cose, Ed448ExampleIsReproduced)
{
    const json file = json::parse(
        ReadText(SourcePath("test/data/cose-examples/eddsa-examples/eddsa-sig-02.json")));
    SignRequest request;
    request.payload = AsBytes("This is the content.");
    request.unprotectedHeader = Value::Map({{Value::Int(4), Value::Bytes(AsBytes("ed448"))}});
    EXPECT_EQ(ToHex(SignSign1(ToSigningKey(file.at("input").at("sign0").at("key")),
                              SignatureAlgorithm::EDDSA,
                              request)),
              ToHex(HexField(file.at("output"), "cbor")));
}

// A signed message whose headers the test chooses.
class CoseHeaders : public testing::Test
{
  protected:
    VerifyResult Check(std::string_view protectedHeader,
                       std::string_view unprotectedHeader,
                       std::span<const int64_t> understood = {}) const
    {
        Sign1 message;
        message.protectedHeader = FromHex(protectedHeader);
        message.unprotectedHeader = cbor::Decode(FromHex(unprotectedHeader));
        message.payload = FromHex("01");
        message.signature =
            m_key.Sign(SignatureAlgorithm::ES256,
                       SignatureInput(message.protectedHeader, {}, *message.payload));
        VerifyContext context;
        context.understoodCriticalLabels = understood;
        return VerifySign1(EncodeSign1(message), m_key.GetPublicKey(), context);
    }

    SigningKey m_key = SigningKey::FromSeed(Sha256(AsBytes("signer")));
};

TEST_F(CoseHeaders, AlgorithmMayStandInEither)
{
    EXPECT_TRUE(Check("a10126", "a0"));
    EXPECT_TRUE(Check("", "a10126"));
    EXPECT_EQ(Check("", "a0").status, Status::UNKNOWN_ALGORITHM);
    EXPECT_EQ(Check("a10126", "a10126").status, Status::MALFORMED);
    EXPECT_TRUE(Check("a10128", "a0"));
    EXPECT_EQ(Check("a1013822", "a0").status, Status::BAD_SIGNATURE);
}

TEST_F(CoseHeaders, ProtectedHeaderIsAMap)
{
    EXPECT_EQ(Check("80", "a10126").status, Status::MALFORMED);
    EXPECT_EQ(Check("26", "a10126").status, Status::MALFORMED);
    EXPECT_EQ(Check("a1", "a10126").status, Status::MALFORMED);
    EXPECT_EQ(Check("a1012600", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a201260126", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a20126410100", "a0").status, Status::MALFORMED);
}

// RFC 9052 section 3.1.
TEST_F(CoseHeaders, CriticalLabelsMustBeUnderstood)
{
    EXPECT_TRUE(Check("a30126028104044131", "a0"));
    EXPECT_EQ(Check("a301260281186418640a", "a0").status, Status::UNKNOWN_CRITICAL);
    const int64_t known[] = {100};
    EXPECT_TRUE(Check("a301260281186418640a", "a0", known));
    EXPECT_EQ(Check("a201260281187b", "a0").status, Status::UNKNOWN_CRITICAL);
    EXPECT_EQ(Check("a20126028104", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a201260280", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a201260204", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a3012602816178617801", "a0").status, Status::UNKNOWN_CRITICAL);
    EXPECT_EQ(Check("a10126", "a1028104").status, Status::MALFORMED);
}

TEST_F(CoseHeaders, CommonHeadersHaveTheirTypes)
{
    EXPECT_EQ(Check("a2012604613a", "a0").status, Status::MALFORMED);
    EXPECT_EQ(Check("a10126", "a10401").status, Status::MALFORMED);
    EXPECT_EQ(Check("a201260320", "a0").status, Status::MALFORMED);
    EXPECT_TRUE(Check("a201260318ff", "a0"));
}

TEST(Cose, DetachedPayloadAndExternalData)
{
    const SigningKey key = SigningKey::FromSeed(Sha256(AsBytes("signer")));
    SignRequest request;
    request.payload = AsBytes("firmware");
    request.externalAad = AsBytes("context");
    request.isDetached = true;
    request.isTagged = false;
    const auto message = SignSign1(key, SignatureAlgorithm::ESP256, request);
    EXPECT_EQ(message.front(), 0x84);
    const PublicKey publicKey = key.GetPublicKey();
    VerifyContext context;
    EXPECT_EQ(VerifySign1(message, publicKey, context).status, Status::NO_PAYLOAD);
    context.detachedPayload = request.payload;
    EXPECT_EQ(VerifySign1(message, publicKey, context).status, Status::BAD_SIGNATURE);
    context.externalAad = request.externalAad;
    EXPECT_TRUE(VerifySign1(message, publicKey, context));
    request.isDetached = false;
    const auto attached = SignSign1(key, SignatureAlgorithm::ESP256, request);
    EXPECT_EQ(VerifySign1(attached, publicKey, context).status, Status::NO_PAYLOAD);
}

TEST(Cose, EveryFlippedBitIsRefused)
{
    const SigningKey key = SigningKey::FromSeed(Sha256(AsBytes("signer")));
    SignRequest request;
    request.payload = AsBytes("payload");
    auto message = SignSign1(key, SignatureAlgorithm::ES256, request);
    const PublicKey publicKey = key.GetPublicKey();
    ASSERT_TRUE(VerifySign1(message, publicKey));
    for (std::size_t bit = 0; bit < 8 * message.size(); ++bit)
    {
        message[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
        EXPECT_FALSE(VerifySign1(message, publicKey)) << "bit " << bit;
        message[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    }
}

TEST(Cose, AnythingElseIsMalformed)
{
    const PublicKey key = SigningKey::FromSeed(Sha256(AsBytes("signer"))).GetPublicKey();
    for (const char* hex : {"",
                            "00",
                            "80",
                            "d283",
                            "d28340a040",
                            "8440a040",
                            "8540a0404000",
                            "8440804040",
                            "84a0a04040",
                            "8440a0f440",
                            "8440a04000",
                            "d8628440a04040"})
    {
        EXPECT_EQ(VerifySign1(FromHex(hex), key).status, Status::MALFORMED) << hex;
    }
}

} // namespace

} // namespace ns3::iotfleet::wire::cose
