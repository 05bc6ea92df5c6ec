// SPDX-License-Identifier: GPL-2.0-only

#include "test/suit-sample.h"
#include "test/vector-files.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::wire::suit
{

namespace
{

using cbor::Value;
using nlohmann::json;

// The examples of the draft, which may not be copied into the project.
class SuitExamples : public testing::Test
{
  protected:
    void SetUp() override
    {
        const auto folder = SharedPath("vectors/suit-manifest-spec");
        if (!folder)
        {
            GTEST_SKIP() << "the examples of the SUIT draft are not here";
        }
        for (const auto& path : VectorFiles("suit-manifest-spec"))
        {
            const json examples = json::parse(ReadText(path));
            m_examples.insert(m_examples.end(), examples.begin(), examples.end());
        }
        m_key = PublicKey::FromPem(ReadText(*folder / "public_key.pem"));
    }

    Bytes Get(std::size_t example, std::size_t length) const
    {
        for (const json& row : m_examples)
        {
            for (const json& envelope : row.at("envelopes"))
            {
                if (row.at("example") == example && envelope.at("len") == length)
                {
                    return FromHex(envelope.at("hex").get<std::string>());
                }
            }
        }
        throw std::out_of_range("no such example");
    }

    CheckResult Check(std::size_t example, std::size_t length, const Image& image) const
    {
        return CheckEnvelope(Get(example, length), *m_key, ExampleDevice(), image);
    }

    std::vector<json> m_examples;
    std::optional<PublicKey> m_key;
};

TEST_F(SuitExamples, AreEncodedAgainByteForByte)
{
    int count = 0;
    for (const json& example : m_examples)
    {
        for (const json& row : example.at("envelopes"))
        {
            const Bytes bytes = FromHex(row.at("hex").get<std::string>());
            const Envelope envelope = DecodeEnvelope(bytes);
            EXPECT_EQ(ToHex(EncodeEnvelope(envelope)), ToHex(bytes));
            Manifest manifest = DecodeManifest(envelope.manifest);
            EXPECT_EQ(ToHex(EncodeManifest(manifest)), ToHex(envelope.manifest));
            const auto number = example.at("suit_tool_input").at("manifest-sequence-number");
            EXPECT_EQ(manifest.sequenceNumber, number.get<uint64_t>());
            EXPECT_EQ(ToHex(EncodeDigest(DigestOfMember(envelope.manifest))),
                      ToHex(envelope.digest));
            ++count;
        }
    }
    EXPECT_GE(count, 13);
}

TEST_F(SuitExamples, SeverableMembersAreEncodedAgainByteForByte)
{
    const Envelope envelope = DecodeEnvelope(Get(2, 923));
    ASSERT_TRUE(envelope.install && envelope.text);
    Manifest manifest = DecodeManifest(envelope.manifest);
    EXPECT_TRUE(std::holds_alternative<Digest>(*manifest.install));
    RestoreSeverable(envelope, manifest);
    EXPECT_EQ(ToHex(EncodeSequence(std::get<Sequence>(*manifest.install))),
              ToHex(*envelope.install));
    EXPECT_EQ(ToHex(cbor::Encode(std::get<Value>(*manifest.text))), ToHex(*envelope.text));
    EXPECT_EQ(manifest.referenceUri, "https://git.io/JJYoj");
}

TEST_F(SuitExamples, AreAuthenticOnlyWhenSigned)
{
    for (const json& example : m_examples)
    {
        for (const json& row : example.at("envelopes"))
        {
            const Envelope envelope = DecodeEnvelope(FromHex(row.at("hex").get<std::string>()));
            if (envelope.authenticationBlocks.empty())
            {
                EXPECT_THROW(Authenticate(envelope, *m_key), Error);
            }
            else
            {
                EXPECT_NO_THROW(Authenticate(envelope, *m_key)) << example.at("example");
            }
        }
    }
}

// Examples 0 to 3: secure boot, download, severed fields, and A/B images in slot 0.
TEST_F(SuitExamples, WithOneImageAreAccepted)
{
    for (const auto& [example, length] :
         {std::pair{0U, 237U}, std::pair{1U, 272U}, std::pair{2U, 923U}, std::pair{3U, 396U}})
    {
        const CheckResult result = Check(example, length, FIRST_IMAGE);
        EXPECT_EQ(result.refusal, Refusal::NONE) << example << ": " << result.reason;
        EXPECT_EQ(result.sequenceNumber, example);
        EXPECT_EQ(Check(example, length, SECOND_IMAGE).refusal, Refusal::IMAGE_MISMATCH);
    }
    EXPECT_EQ(Check(1, 196, FIRST_IMAGE).refusal, Refusal::BAD_SIGNATURE);
}

TEST_F(SuitExamples, AWrongSizeIsAnotherImage)
{
    Image image = FIRST_IMAGE;
    ++image.size;
    EXPECT_EQ(Check(1, 272, image).refusal, Refusal::IMAGE_MISMATCH);
}

TEST_F(SuitExamples, ASeveredInstallCannotBeRun)
{
    EXPECT_EQ(Check(2, 333, FIRST_IMAGE).refusal, Refusal::UNSUPPORTED);
}

// Example 3 has one image for each of two slots.
TEST_F(SuitExamples, TheSlotChoosesTheImage)
{
    DeviceIdentity device = ExampleDevice();
    device.slot = 1;
    const Bytes bytes = Get(3, 396);
    EXPECT_TRUE(CheckEnvelope(bytes, *m_key, device, SECOND_IMAGE));
    EXPECT_EQ(CheckEnvelope(bytes, *m_key, device, FIRST_IMAGE).refusal, Refusal::IMAGE_MISMATCH);
    device.slot = 2;
    EXPECT_EQ(CheckEnvelope(bytes, *m_key, device, FIRST_IMAGE).refusal, Refusal::WRONG_SLOT);
    std::string uri;
    const FetchFunction fetch = [&uri](const std::string& asked, std::size_t) {
        uri = asked;
        return std::optional(SECOND_IMAGE);
    };
    device.slot = 1;
    EXPECT_TRUE(CheckEnvelope(bytes, *m_key, device, fetch));
    EXPECT_EQ(uri, "http://example.com/file2.bin");
}

// Example 4 fetches into component 1 and copies to component 0.
TEST_F(SuitExamples, ExternalStorageIsCopied)
{
    std::vector<std::size_t> fetched;
    const FetchFunction fetch = [&fetched](const std::string&, std::size_t component) {
        fetched.push_back(component);
        return std::optional(FIRST_IMAGE);
    };
    const auto result = CheckEnvelope(Get(4, 403), *m_key, ExampleDevice(), fetch);
    EXPECT_TRUE(result) << result.reason;
    EXPECT_EQ(fetched, std::vector<std::size_t>{1});
}

TEST_F(SuitExamples, TwoImagesAreBothCompared)
{
    const auto check = [this](const Image& second) {
        const FetchFunction fetch = [&second](const std::string& uri, std::size_t) {
            return std::optional(uri == "http://example.com/file1.bin" ? FIRST_IMAGE : second);
        };
        return CheckEnvelope(Get(5, 382), *m_key, ExampleDevice(), fetch).refusal;
    };
    EXPECT_EQ(check(SECOND_IMAGE), Refusal::NONE);
    EXPECT_EQ(check(FIRST_IMAGE), Refusal::IMAGE_MISMATCH);
    DeviceIdentity small = ExampleDevice();
    small.maxComponents = 1;
    EXPECT_EQ(CheckEnvelope(Get(5, 382), *m_key, small, FIRST_IMAGE).refusal, Refusal::UNSUPPORTED);
}

TEST_F(SuitExamples, TamperedMembersAreNoticed)
{
    Envelope envelope = DecodeEnvelope(Get(2, 923));
    envelope.install->back() ^= 1;
    EXPECT_EQ(CheckEnvelope(EncodeEnvelope(envelope), *m_key, ExampleDevice(), FIRST_IMAGE).refusal,
              Refusal::DIGEST_MISMATCH);
    envelope = DecodeEnvelope(Get(1, 272));
    envelope.manifest[20] ^= 1;
    EXPECT_EQ(CheckEnvelope(EncodeEnvelope(envelope), *m_key, ExampleDevice(), FIRST_IMAGE).refusal,
              Refusal::DIGEST_MISMATCH);
    envelope.digest = EncodeDigest(DigestOfMember(envelope.manifest));
    EXPECT_EQ(CheckEnvelope(EncodeEnvelope(envelope), *m_key, ExampleDevice(), FIRST_IMAGE).refusal,
              Refusal::BAD_SIGNATURE);
    envelope = DecodeEnvelope(Get(1, 272));
    envelope.install = FromHex("82030f");
    EXPECT_EQ(CheckEnvelope(EncodeEnvelope(envelope), *m_key, ExampleDevice(), FIRST_IMAGE).refusal,
              Refusal::MALFORMED);
}

TEST_F(SuitExamples, OurAuthorWritesExample1)
{
    const UpdateManifestSpec spec{.sequenceNumber = 1,
                                  .vendorId = VENDOR,
                                  .classId = CLASS,
                                  .imageDigest = FIRST_IMAGE.digest,
                                  .imageSize = FIRST_IMAGE.size,
                                  .uri = "http://example.com/file.bin"};
    const Bytes expected = Get(1, 272);
    EXPECT_EQ(ToHex(EncodeManifest(BuildManifest(spec))), ToHex(DecodeEnvelope(expected).manifest));
    const SigningKey key = SigningKey::FromSeed(Sha256(AsBytes("vendor")));
    EXPECT_EQ(BuildEnvelope(spec, key).size(), expected.size());
}

} // namespace

} // namespace ns3::iotfleet::wire::suit
