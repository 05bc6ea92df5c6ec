// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/suit.h"

#include "model/wire/cose.h"

#include <algorithm>

namespace ns3::iotfleet::wire::suit
{

namespace
{

using cbor::Value;

// Reporting policies of the draft's examples: everything for conditions, failures for fetches.
constexpr uint64_t REPORT_ALL = 15;
constexpr uint64_t REPORT_FAILURE = 2;

// Key of SUIT_Text_Component_Keys.
constexpr int64_t TEXT_COMPONENT_VERSION = 6;

Command
MakeCommand(CommandCode code, Value argument)
{
    return {static_cast<int64_t>(code), std::move(argument)};
}

Command
MakeCommand(CommandCode code, uint64_t policy)
{
    return MakeCommand(code, Value::Unsigned(policy));
}

Value::Pair
MakeParameter(ParameterKey key, Value value)
{
    return {Value::Int(static_cast<int64_t>(key)), std::move(value)};
}

Value
ToValue(const ComponentId& id)
{
    Value segments = Value::Array({});
    for (const Bytes& segment : id)
    {
        segments.Append(Value::Bytes(segment));
    }
    return segments;
}

// The member as it is in the manifest or, moved out, in the envelope.
template <typename T, typename Decoder>
void
Restore(const std::optional<Bytes>& moved,
        std::optional<Severable<T>>& member,
        Decoder decode,
        const char* name)
{
    if (!moved)
    {
        return;
    }
    const Digest* const digest = member ? std::get_if<Digest>(&*member) : nullptr;
    if (!digest)
    {
        throw Error(Refusal::MALFORMED,
                    std::string(name) + " is in the envelope and not digested in the manifest");
    }
    if (digest->algorithm != ALGORITHM_SHA256)
    {
        throw Error(Refusal::UNSUPPORTED, "digest algorithm " + std::to_string(digest->algorithm));
    }
    if (*digest != DigestOfMember(*moved))
    {
        throw Error(Refusal::DIGEST_MISMATCH, std::string(name) + " is not the one signed");
    }
    member = decode(*moved);
}

void
RunMember(Interpreter& interpreter, const std::optional<Severable<Sequence>>& member)
{
    if (!member)
    {
        return;
    }
    const Sequence* const sequence = std::get_if<Sequence>(&*member);
    if (!sequence)
    {
        throw Error(Refusal::UNSUPPORTED, "a section that is needed was severed");
    }
    interpreter.Run(*sequence);
}

// Integrated payloads are in the envelope and everything else is at the caller's.
FetchFunction
WithIntegratedPayloads(const Envelope& envelope, const FetchFunction& fetch)
{
    return
        [&envelope, &fetch](const std::string& uri, std::size_t component) -> std::optional<Image> {
            if (!uri.starts_with('#'))
            {
                return fetch(uri, component);
            }
            const auto entry =
                std::ranges::find_if(envelope.integratedPayloads,
                                     [&uri](const auto& payload) { return payload.first == uri; });
            if (entry == envelope.integratedPayloads.end())
            {
                return std::nullopt;
            }
            return Image{Sha256(entry->second), entry->second.size()};
        };
}

void
CheckSequence(const Manifest& manifest, const DeviceIdentity& device)
{
    if (device.currentSequence && manifest.sequenceNumber <= *device.currentSequence)
    {
        throw Error(Refusal::SEQUENCE_TOO_OLD,
                    "sequence number " + std::to_string(manifest.sequenceNumber) +
                        " is not above " + std::to_string(*device.currentSequence));
    }
}

// Runs the update procedure; the image in place is for manifests that do not fetch.
void
RunUpdate(const Manifest& manifest,
          const DeviceIdentity& device,
          const FetchFunction& fetch,
          const std::optional<Image>& imageInPlace)
{
    if (!manifest.payloadFetch && !manifest.install && !manifest.validate)
    {
        throw Error(Refusal::UNSUPPORTED, "the manifest has no update procedure");
    }
    Interpreter interpreter(manifest, device, fetch);
    if (imageInPlace && !manifest.payloadFetch && !manifest.install)
    {
        interpreter.SetContent(0, *imageInPlace);
    }
    RunMember(interpreter, manifest.payloadFetch);
    RunMember(interpreter, manifest.install);
    if (manifest.validate)
    {
        interpreter.Run(*manifest.validate);
    }
    interpreter.Finish();
}

CheckResult
Check(std::span<const uint8_t> bytes,
      const PublicKey& key,
      const DeviceIdentity& device,
      const FetchFunction& fetch,
      const std::optional<Image>& imageInPlace)
{
    CheckResult result{Refusal::NONE, {}, 0};
    try
    {
        const Envelope envelope = DecodeEnvelope(bytes);
        Authenticate(envelope, key);
        Manifest manifest = DecodeManifest(envelope.manifest);
        result.sequenceNumber = manifest.sequenceNumber;
        RestoreSeverable(envelope, manifest);
        CheckSequence(manifest, device);
        RunUpdate(manifest, device, WithIntegratedPayloads(envelope, fetch), imageInPlace);
    }
    catch (const Error& error)
    {
        result.refusal = error.GetRefusal();
        result.reason = error.what();
    }
    catch (const cbor::Error& error)
    {
        result.refusal = Refusal::MALFORMED;
        result.reason = error.what();
    }
    return result;
}

} // namespace

Manifest
BuildManifest(const UpdateManifestSpec& spec)
{
    const Digest digest{ALGORITHM_SHA256, {spec.imageDigest.begin(), spec.imageDigest.end()}};
    Manifest manifest;
    manifest.sequenceNumber = spec.sequenceNumber;
    manifest.components = {spec.componentId};
    manifest.sharedSequence = {
        MakeCommand(
            CommandCode::DIRECTIVE_OVERRIDE_PARAMETERS,
            Value::Map({
                MakeParameter(ParameterKey::VENDOR_IDENTIFIER, Value::Bytes(spec.vendorId)),
                MakeParameter(ParameterKey::CLASS_IDENTIFIER, Value::Bytes(spec.classId)),
                MakeParameter(ParameterKey::IMAGE_DIGEST, Value::Bytes(EncodeDigest(digest))),
                MakeParameter(ParameterKey::IMAGE_SIZE, Value::Unsigned(spec.imageSize)),
            })),
        MakeCommand(CommandCode::CONDITION_VENDOR_IDENTIFIER, REPORT_ALL),
        MakeCommand(CommandCode::CONDITION_CLASS_IDENTIFIER, REPORT_ALL),
    };
    manifest.validate = {MakeCommand(CommandCode::CONDITION_IMAGE_MATCH, REPORT_ALL)};
    manifest.install = Sequence{
        MakeCommand(CommandCode::DIRECTIVE_OVERRIDE_PARAMETERS,
                    Value::Map({MakeParameter(ParameterKey::URI, Value::Text(spec.uri))})),
        MakeCommand(CommandCode::DIRECTIVE_FETCH, REPORT_FAILURE),
        MakeCommand(CommandCode::CONDITION_IMAGE_MATCH, REPORT_ALL),
    };
    if (!spec.version.empty())
    {
        const Value component =
            Value::Map({{Value::Int(TEXT_COMPONENT_VERSION), Value::Text(spec.version)}});
        manifest.text =
            Value::Map({{Value::Text("en"), Value::Map({{ToValue(spec.componentId), component}})}});
    }
    return manifest;
}

Envelope
Seal(const Manifest& manifest, const SigningKey& key)
{
    Envelope envelope;
    envelope.manifest = EncodeManifest(manifest);
    envelope.digest = EncodeDigest(DigestOfMember(envelope.manifest));
    cose::SignRequest request;
    request.payload = envelope.digest;
    request.isDetached = true;
    envelope.authenticationBlocks.push_back(
        cose::SignSign1(key, key.GetDefaultAlgorithm(), request));
    return envelope;
}

std::vector<uint8_t>
BuildEnvelope(const UpdateManifestSpec& spec, const SigningKey& key)
{
    return EncodeEnvelope(Seal(BuildManifest(spec), key));
}

void
Authenticate(const Envelope& envelope, const PublicKey& key)
{
    cose::VerifyContext context;
    context.detachedPayload = envelope.digest;
    std::string reason = "the manifest is not signed";
    const bool isSigned =
        std::ranges::any_of(envelope.authenticationBlocks, [&](const Bytes& block) {
            const cose::VerifyResult result = cose::VerifySign1(block, key, context);
            reason = result.reason;
            return static_cast<bool>(result);
        });
    if (!isSigned)
    {
        throw Error(Refusal::BAD_SIGNATURE, reason);
    }
    const Digest digest = DecodeDigest(envelope.digest);
    if (digest.algorithm != ALGORITHM_SHA256)
    {
        throw Error(Refusal::UNSUPPORTED, "digest algorithm " + std::to_string(digest.algorithm));
    }
    if (digest != DigestOfMember(envelope.manifest))
    {
        throw Error(Refusal::DIGEST_MISMATCH, "the manifest is not the one signed");
    }
}

void
RestoreSeverable(const Envelope& envelope, Manifest& manifest)
{
    Restore(envelope.payloadFetch, manifest.payloadFetch, DecodeSequence, "payload-fetch");
    Restore(envelope.install, manifest.install, DecodeSequence, "install");
    const auto decodeText = [](const Bytes& bytes) {
        Value text = cbor::Decode(bytes);
        if (!text.Is(cbor::Type::MAP))
        {
            throw Error(Refusal::MALFORMED, "the text is not a map of languages");
        }
        return text;
    };
    Restore(envelope.text, manifest.text, decodeText, "text");
}

CheckResult
CheckEnvelope(std::span<const uint8_t> envelope,
              const PublicKey& key,
              const DeviceIdentity& device,
              const Image& image)
{
    const auto fetch = [&image](const std::string&, std::size_t) { return std::optional(image); };
    return Check(envelope, key, device, fetch, image);
}

CheckResult
CheckEnvelope(std::span<const uint8_t> envelope,
              const PublicKey& key,
              const DeviceIdentity& device,
              const Digest256& imageDigest,
              uint64_t imageSize)
{
    return CheckEnvelope(envelope, key, device, Image{imageDigest, imageSize});
}

CheckResult
CheckEnvelope(std::span<const uint8_t> envelope,
              const PublicKey& key,
              const DeviceIdentity& device,
              const FetchFunction& fetch)
{
    return Check(envelope, key, device, fetch, std::nullopt);
}

} // namespace ns3::iotfleet::wire::suit
