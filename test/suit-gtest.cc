// SPDX-License-Identifier: GPL-2.0-only

#include "test/suit-sample.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet::wire::suit
{

namespace
{

using cbor::Value;

Command
Set(int64_t parameter, Value value)
{
    return {20, Value::Map({{Value::Int(parameter), std::move(value)}})};
}

Command
SoftFailure(bool isSoft)
{
    return Set(13, Value::Bool(isSoft));
}

Command
Index(uint64_t component)
{
    return {12, Value::Unsigned(component)};
}

Command
RunSequence(const Sequence& sequence)
{
    return {32, Value::Bytes(EncodeSequence(sequence))};
}

Command
TryEach(const std::vector<Sequence>& sequences, bool endsWithNil = false)
{
    Value list = Value::Array({});
    for (const Sequence& sequence : sequences)
    {
        list.Append(Value::Bytes(EncodeSequence(sequence)));
    }
    if (endsWithNil)
    {
        list.Append(Value::Null());
    }
    return {15, std::move(list)};
}

// Asks for a slot; the device of the tests is in slot 0.
Sequence
SlotCheck(uint64_t slot)
{
    return {Set(5, Value::Unsigned(slot)), {5, Value::Unsigned(0)}};
}

const Command IMAGE_MATCH{3, Value::Unsigned(15)};
const Command ABORT{14, Value::Unsigned(0)};
const Command FETCH{21, Value::Unsigned(2)};
const Command COPY{22, Value::Unsigned(2)};
const Command UNKNOWN{99, Value::Unsigned(0)};
const Sequence INSTALL{Set(21, Value::Text("a")), FETCH, IMAGE_MATCH};

// An author, a device and an envelope between them.
class Suit : public testing::Test
{
  protected:
    UpdateManifestSpec Spec() const
    {
        return {.sequenceNumber = 7,
                .vendorId = VENDOR,
                .classId = CLASS,
                .imageDigest = FIRST_IMAGE.digest,
                .imageSize = FIRST_IMAGE.size,
                .version = "1.2.3"};
    }

    Refusal Check(std::span<const uint8_t> envelope) const
    {
        return CheckEnvelope(envelope, m_key.GetPublicKey(), m_device, FIRST_IMAGE).refusal;
    }

    // A manifest like the author's, but with commands of the test's own.
    Refusal CheckCommands(const Sequence& moreShared, const Sequence& install) const
    {
        Manifest manifest = BuildManifest(Spec());
        manifest.sharedSequence->insert(manifest.sharedSequence->end(),
                                        moreShared.begin(),
                                        moreShared.end());
        manifest.install = install;
        return Check(EncodeEnvelope(Seal(manifest, m_key)));
    }

    SigningKey m_key = SigningKey::FromSeed(Sha256(AsBytes("vendor")));
    DeviceIdentity m_device = ExampleDevice();
};

TEST_F(Suit, AnUpdateIsAccepted)
{
    m_device.currentSequence = 6;
    const auto envelope = BuildEnvelope(Spec(), m_key);
    const auto result = CheckEnvelope(envelope,
                                      m_key.GetPublicKey(),
                                      m_device,
                                      FIRST_IMAGE.digest,
                                      FIRST_IMAGE.size);
    EXPECT_TRUE(result) << result.reason;
    EXPECT_EQ(result.sequenceNumber, 7U);
    EXPECT_EQ(envelope, BuildEnvelope(Spec(), m_key)) << "signing must not depend on chance";
}

TEST_F(Suit, TheVersionIsInTheText)
{
    const Manifest manifest = DecodeManifest(DecodeEnvelope(BuildEnvelope(Spec(), m_key)).manifest);
    EXPECT_EQ(cbor::ToDiagnostic(std::get<Value>(*manifest.text)),
              "{\"en\": {[h'00']: {6: \"1.2.3\"}}}");
}

TEST_F(Suit, ForeignDevicesRefuse)
{
    const auto envelope = BuildEnvelope(Spec(), m_key);
    m_device.vendorId[0] ^= 1;
    EXPECT_EQ(Check(envelope), Refusal::WRONG_VENDOR);
    m_device = ExampleDevice();
    m_device.classId[15] ^= 1;
    EXPECT_EQ(Check(envelope), Refusal::WRONG_CLASS);
}

TEST_F(Suit, RollbackIsRefused)
{
    const auto envelope = BuildEnvelope(Spec(), m_key);
    m_device.currentSequence = 7;
    EXPECT_EQ(Check(envelope), Refusal::SEQUENCE_TOO_OLD);
    m_device.currentSequence = 8;
    EXPECT_EQ(Check(envelope), Refusal::SEQUENCE_TOO_OLD);
}

TEST_F(Suit, AnotherAuthorIsRefused)
{
    const SigningKey other = SigningKey::FromSeed(Sha256(AsBytes("attacker")));
    EXPECT_EQ(Check(BuildEnvelope(Spec(), other)), Refusal::BAD_SIGNATURE);
}

TEST_F(Suit, OneGoodSignatureOfSeveralIsEnough)
{
    const SigningKey other = SigningKey::FromSeed(Sha256(AsBytes("second signer")));
    Envelope envelope = Seal(BuildManifest(Spec()), other);
    envelope.authenticationBlocks.push_back(
        Seal(BuildManifest(Spec()), m_key).authenticationBlocks.front());
    EXPECT_EQ(Check(EncodeEnvelope(envelope)), Refusal::NONE);
}

TEST_F(Suit, EveryFlippedBitIsRefused)
{
    auto envelope = BuildEnvelope(Spec(), m_key);
    ASSERT_EQ(Check(envelope), Refusal::NONE);
    for (std::size_t bit = 0; bit < 8 * envelope.size(); ++bit)
    {
        envelope[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
        EXPECT_NE(Check(envelope), Refusal::NONE) << "bit " << bit;
        envelope[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    }
}

TEST_F(Suit, EveryTruncationIsMalformed)
{
    const auto envelope = BuildEnvelope(Spec(), m_key);
    for (std::size_t size = 0; size < envelope.size(); ++size)
    {
        EXPECT_EQ(Check(std::span(envelope).first(size)), Refusal::MALFORMED) << size;
    }
}

TEST_F(Suit, TryEachTakesTheFirstThatHolds)
{
    EXPECT_EQ(CheckCommands({TryEach({{ABORT}, SlotCheck(1), SlotCheck(0)})}, INSTALL),
              Refusal::NONE);
    EXPECT_EQ(CheckCommands({TryEach({{ABORT}, SlotCheck(1)})}, INSTALL), Refusal::WRONG_SLOT);
    EXPECT_EQ(CheckCommands({TryEach({SlotCheck(1), {ABORT}})}, INSTALL), Refusal::ABORTED);
    // An empty last sequence lets all the others fail.
    EXPECT_EQ(CheckCommands({TryEach({{ABORT}}, true)}, INSTALL), Refusal::NONE);
    // The sequences after one that holds are not run.
    EXPECT_EQ(CheckCommands({TryEach({SlotCheck(0), {UNKNOWN}})}, INSTALL), Refusal::NONE);
}

TEST_F(Suit, TryEachInsideOfTryEachMayFail)
{
    EXPECT_EQ(CheckCommands({TryEach({{TryEach({{ABORT}, SlotCheck(1)})}, SlotCheck(0)})}, INSTALL),
              Refusal::NONE);
}

TEST_F(Suit, SoftFailureIsBoundToItsSequence)
{
    EXPECT_EQ(CheckCommands({RunSequence({ABORT})}, INSTALL), Refusal::ABORTED);
    EXPECT_EQ(CheckCommands({RunSequence({SoftFailure(true), ABORT, UNKNOWN})}, INSTALL),
              Refusal::NONE);
    EXPECT_EQ(CheckCommands({RunSequence({SoftFailure(true)}), ABORT}, INSTALL), Refusal::ABORTED);
    EXPECT_EQ(CheckCommands({RunSequence({SoftFailure(true), RunSequence({ABORT})})}, INSTALL),
              Refusal::ABORTED);
    EXPECT_EQ(CheckCommands({TryEach({{SoftFailure(false), ABORT}}, true)}, INSTALL),
              Refusal::ABORTED);
    EXPECT_EQ(CheckCommands({SoftFailure(true)}, INSTALL), Refusal::MALFORMED);
}

TEST_F(Suit, DirectivesThatFailAreNeverForgiven)
{
    EXPECT_EQ(CheckCommands({}, {TryEach({{FETCH}}, true)}), Refusal::MALFORMED);
    EXPECT_EQ(CheckCommands({}, {TryEach({{Set(22, Value::Unsigned(3)), COPY}}, true)}),
              Refusal::FETCH_FAILED);
}

TEST_F(Suit, UnknownCommandsAndParametersAreUnsupported)
{
    EXPECT_EQ(CheckCommands({}, {UNKNOWN}), Refusal::UNSUPPORTED);
    EXPECT_EQ(CheckCommands({}, {{-257, Value::Null()}}), Refusal::UNSUPPORTED);
    EXPECT_EQ(CheckCommands({}, {Set(99, Value::Unsigned(0))}), Refusal::UNSUPPORTED);
    EXPECT_EQ(CheckCommands({}, {Set(14, Value::Text("big"))}), Refusal::MALFORMED);
    // The shared sequence is for devices that may not be meant: no custom commands, no effects.
    EXPECT_EQ(CheckCommands({{-257, Value::Null()}}, INSTALL), Refusal::MALFORMED);
    EXPECT_EQ(CheckCommands({FETCH}, INSTALL), Refusal::MALFORMED);
}

TEST_F(Suit, ArgumentsHaveTypes)
{
    for (const char* hex : {"8103",
                            "830300f6",
                            "82030f03",
                            "820310",
                            "820c20",
                            "820c80",
                            "820cf4",
                            "820f80",
                            "820f00",
                            "821820a0",
                            "8214a0",
                            "821480",
                            "80",
                            "a0",
                            "82416100"})
    {
        EXPECT_ANY_THROW(DecodeSequence(FromHex(hex))) << hex;
    }
    for (const char* hex : {"82030f", "820cf5", "820c820001", "82391000f6"})
    {
        EXPECT_NO_THROW(DecodeSequence(FromHex(hex))) << hex;
    }
}

TEST_F(Suit, DeepNestingIsRefused)
{
    Sequence sequence{ABORT};
    for (int i = 0; i < 20; ++i)
    {
        sequence = {RunSequence(sequence)};
    }
    EXPECT_THROW(DecodeSequence(EncodeSequence(sequence)), Error);
}

TEST_F(Suit, ComponentIndexMustExist)
{
    const auto withIndex = [](Value index) {
        Sequence sequence{{12, std::move(index)}};
        sequence.insert(sequence.end(), INSTALL.begin(), INSTALL.end());
        return sequence;
    };
    EXPECT_EQ(CheckCommands({}, withIndex(Value::Unsigned(0))), Refusal::NONE);
    EXPECT_EQ(CheckCommands({}, withIndex(Value::Bool(true))), Refusal::NONE);
    EXPECT_EQ(CheckCommands({}, withIndex(Value::Array({Value::Unsigned(0)}))), Refusal::NONE);
    EXPECT_EQ(CheckCommands({}, withIndex(Value::Unsigned(1))), Refusal::MALFORMED);
    EXPECT_EQ(CheckCommands({}, withIndex(Value::Array({Value::Unsigned(7)}))), Refusal::MALFORMED);
}

TEST_F(Suit, ContentInTheManifestIsWritten)
{
    const Bytes content{1, 2, 3};
    const Command set = Set(18, Value::Bytes(content));
    Manifest manifest = BuildManifest(Spec());
    manifest.validate = Sequence{set, {6, Value::Unsigned(0)}};
    manifest.install = Sequence{set, {18, Value::Unsigned(0)}};
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::NONE);
    manifest.validate = Sequence{Set(18, Value::Bytes(Bytes{1, 2})), {6, Value::Unsigned(0)}};
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::IMAGE_MISMATCH);
}

TEST_F(Suit, SwapMovesBothWays)
{
    Manifest manifest = BuildManifest(Spec());
    manifest.components.push_back({{0x01}});
    manifest.sharedSequence->insert(manifest.sharedSequence->begin(), Index(0));
    // Component 1 has another image; after the swap each is found in the other's place.
    manifest.install = Sequence{Index(1),
                                Set(21, Value::Text("second")),
                                FETCH,
                                Index(0),
                                Set(21, Value::Text("first")),
                                FETCH,
                                Set(22, Value::Unsigned(1)),
                                {31, Value::Unsigned(0)}};
    manifest.validate = Sequence{Index(0), IMAGE_MATCH, Index(1)};
    manifest.validate->push_back(
        Set(3,
            Value::Bytes(EncodeDigest(
                {ALGORITHM_SHA256, {SECOND_IMAGE.digest.begin(), SECOND_IMAGE.digest.end()}}))));
    manifest.validate->push_back(Set(14, Value::Unsigned(SECOND_IMAGE.size)));
    manifest.validate->push_back(IMAGE_MATCH);
    const FetchFunction fetch = [](const std::string& uri, std::size_t) {
        return std::optional(uri == "first" ? SECOND_IMAGE : FIRST_IMAGE);
    };
    const auto result =
        CheckEnvelope(EncodeEnvelope(Seal(manifest, m_key)), m_key.GetPublicKey(), m_device, fetch);
    EXPECT_EQ(result.refusal, Refusal::NONE) << result.reason;
}

TEST_F(Suit, SeveralComponentsNeedAnIndexFirst)
{
    Manifest manifest = BuildManifest(Spec());
    manifest.components.push_back({{0x01}});
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::MALFORMED);
}

TEST_F(Suit, DeviceIdentifierIsCompared)
{
    const Uuid own = MakeClassId(CLASS, "device 1");
    const Sequence shared{Set(24, Value::Bytes(own)), {24, Value::Unsigned(0)}};
    EXPECT_EQ(CheckCommands(shared, INSTALL), Refusal::WRONG_DEVICE);
    m_device.deviceId = own;
    EXPECT_EQ(CheckCommands(shared, INSTALL), Refusal::NONE);
    m_device.deviceId = MakeClassId(CLASS, "device 2");
    EXPECT_EQ(CheckCommands(shared, INSTALL), Refusal::WRONG_DEVICE);
}

TEST_F(Suit, NothingIsInstalledUnchecked)
{
    Manifest manifest = BuildManifest(Spec());
    manifest.validate.reset();
    manifest.install = Sequence{INSTALL[0], FETCH};
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::IMAGE_MISMATCH);
    manifest = BuildManifest(Spec());
    manifest.sharedSequence->pop_back();
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::UNSUPPORTED);
}

TEST_F(Suit, IntegratedPayloadsAreFetchedFromTheEnvelope)
{
    const Bytes payload{'h', 'e', 'l', 'l', 'o'};
    UpdateManifestSpec spec = Spec();
    spec.uri = "#file";
    spec.imageDigest = Sha256(payload);
    spec.imageSize = payload.size();
    Envelope envelope = Seal(BuildManifest(spec), m_key);
    EXPECT_EQ(Check(EncodeEnvelope(envelope)), Refusal::FETCH_FAILED);
    envelope.integratedPayloads.emplace_back("#file", payload);
    const Bytes bytes = EncodeEnvelope(envelope);
    EXPECT_EQ(Check(bytes), Refusal::NONE);
    EXPECT_EQ(EncodeEnvelope(DecodeEnvelope(bytes)), bytes);
    envelope.integratedPayloads.front().second[0] = 'H';
    EXPECT_EQ(Check(EncodeEnvelope(envelope)), Refusal::IMAGE_MISMATCH);
}

TEST_F(Suit, FormatVersionMustBeOne)
{
    Manifest manifest = BuildManifest(Spec());
    manifest.version = 2;
    EXPECT_EQ(Check(EncodeEnvelope(Seal(manifest, m_key))), Refusal::UNSUPPORTED);
}

// Vendor of the draft's examples; class from Python's uuid.uuid5(vendor, "sensor-mk2").
TEST(SuitUuid, IdentifiersAreDerivedFromNames)
{
    EXPECT_EQ(MakeVendorId("arm.com"), VENDOR);
    EXPECT_EQ(ToString(MakeVendorId("arm.com")), "fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe");
    EXPECT_EQ(ToString(MakeClassId(VENDOR, "sensor-mk2")), "3a3846b0-e835-595c-a6ed-8c87cadf6094");
}

} // namespace

} // namespace ns3::iotfleet::wire::suit
