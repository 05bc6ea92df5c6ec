// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/suit-manifest.h"

#include <algorithm>

namespace ns3::iotfleet::wire::suit
{

namespace
{

using cbor::Type;
using cbor::Value;

constexpr uint64_t TAG_ENVELOPE = 107;

// Keys of the envelope and of the manifest; severable members have the same key in both.
constexpr int64_t KEY_AUTHENTICATION = 2;
constexpr int64_t KEY_MANIFEST = 3;
constexpr int64_t KEY_VERSION = 1;
constexpr int64_t KEY_SEQUENCE_NUMBER = 2;
constexpr int64_t KEY_COMMON = 3;
constexpr int64_t KEY_REFERENCE_URI = 4;
constexpr int64_t KEY_VALIDATE = 7;
constexpr int64_t KEY_LOAD = 8;
constexpr int64_t KEY_INVOKE = 9;
constexpr int64_t KEY_PAYLOAD_FETCH = 16;
constexpr int64_t KEY_INSTALL = 20;
constexpr int64_t KEY_TEXT = 23;

// Keys of SUIT_Common.
constexpr int64_t KEY_COMPONENTS = 2;
constexpr int64_t KEY_SHARED_SEQUENCE = 4;

// Sequences inside sequences; deeper ones would let a small manifest exhaust the stack.
constexpr int MAX_NESTING = 8;

// The four bits of SUIT_Rep_Policy.
constexpr uint64_t MAX_REPORTING_POLICY = 15;

void
Require(bool ok, const std::string& reason)
{
    if (!ok)
    {
        throw Error(Refusal::MALFORMED, reason);
    }
}

const Value&
Member(const Value& map, int64_t key, const char* name)
{
    const Value* const value = map.Find(key);
    Require(value != nullptr, std::string("there is no ") + name);
    return *value;
}

// Extensions of other documents are refused rather than passed over: they may matter.
void
RequireKnownKeys(const Value& map, std::initializer_list<int64_t> known, const char* where)
{
    for (std::size_t i = 0; i < map.Size(); ++i)
    {
        const auto key = map.KeyAt(i).TryInt();
        if (!key || std::ranges::find(known, *key) == known.end())
        {
            throw Error(Refusal::UNSUPPORTED,
                        std::string(where) + " has the unknown element " +
                            cbor::ToDiagnostic(map.KeyAt(i)));
        }
    }
}

Sequence DecodeNested(std::span<const uint8_t> bytes, int nesting);

void
CheckComponentIndex(const Value& argument)
{
    bool isValid = argument.Is(Type::UNSIGNED) || argument == Value::Bool(true);
    if (argument.Is(Type::ARRAY))
    {
        isValid = argument.Size() > 0;
        for (std::size_t i = 0; i < argument.Size(); ++i)
        {
            isValid = isValid && argument.At(i).Is(Type::UNSIGNED);
        }
    }
    Require(isValid, "a component index is not a number, true or a list of numbers");
}

void
CheckTryEach(const Value& argument, int nesting)
{
    Require(argument.Is(Type::ARRAY) && argument.Size() > 0, "try-each without sequences");
    for (std::size_t i = 0; i < argument.Size(); ++i)
    {
        const bool isLast = i + 1 == argument.Size();
        if (!(isLast && argument.At(i).IsNull()))
        {
            DecodeNested(argument.At(i).GetBytes(), nesting + 1);
        }
    }
}

void
CheckArgument(const Command& command, int nesting)
{
    switch (static_cast<CommandCode>(command.code))
    {
    case CommandCode::DIRECTIVE_SET_COMPONENT_INDEX:
        CheckComponentIndex(command.argument);
        break;
    case CommandCode::DIRECTIVE_TRY_EACH:
        CheckTryEach(command.argument, nesting);
        break;
    case CommandCode::DIRECTIVE_RUN_SEQUENCE:
        DecodeNested(command.argument.GetBytes(), nesting + 1);
        break;
    case CommandCode::DIRECTIVE_OVERRIDE_PARAMETERS:
        Require(command.argument.Size() > 0 && command.argument.Is(Type::MAP),
                "override-parameters without parameters");
        break;
    default:
        // Custom commands are negative and free in their argument.
        Require(command.code < 0 || command.argument.GetUnsigned() <= MAX_REPORTING_POLICY,
                "a reporting policy with unknown bits");
        break;
    }
}

Sequence
DecodeNested(std::span<const uint8_t> bytes, int nesting)
{
    Require(nesting <= MAX_NESTING, "sequences nested too deeply");
    const Value list = cbor::Decode(bytes);
    Require(list.Is(Type::ARRAY) && list.Size() > 0 && list.Size() % 2 == 0,
            "a command sequence is not a list of codes and arguments");
    Sequence sequence;
    for (std::size_t i = 0; i < list.Size(); i += 2)
    {
        sequence.push_back({list.At(i).GetInt(), list.At(i + 1)});
        CheckArgument(sequence.back(), nesting);
    }
    return sequence;
}

Digest
ToDigest(const Value& value)
{
    Require(value.Is(Type::ARRAY) && value.Size() == 2, "a digest is not a pair");
    return {value.At(0).GetInt(), value.At(1).GetBytes()};
}

Value
FromDigest(const Digest& digest)
{
    return Value::Array({Value::Int(digest.algorithm), Value::Bytes(digest.bytes)});
}

std::optional<Sequence>
OptionalSequence(const Value& map, int64_t key)
{
    const Value* const value = map.Find(key);
    return value ? std::optional(DecodeSequence(value->GetBytes())) : std::nullopt;
}

std::optional<Severable<Sequence>>
SeverableSequence(const Value& map, int64_t key)
{
    const Value* const value = map.Find(key);
    if (!value)
    {
        return std::nullopt;
    }
    return value->Is(Type::ARRAY) ? Severable<Sequence>(ToDigest(*value))
                                  : Severable<Sequence>(DecodeSequence(value->GetBytes()));
}

std::optional<Severable<Value>>
SeverableText(const Value& map)
{
    const Value* const value = map.Find(KEY_TEXT);
    if (!value)
    {
        return std::nullopt;
    }
    if (value->Is(Type::ARRAY))
    {
        return ToDigest(*value);
    }
    Value text = cbor::Decode(value->GetBytes());
    Require(text.Is(Type::MAP), "the text is not a map of languages");
    return text;
}

void
DecodeCommon(std::span<const uint8_t> bytes, Manifest& manifest)
{
    const Value common = cbor::Decode(bytes);
    Require(common.Is(Type::MAP), "the common part is not a map");
    RequireKnownKeys(common, {KEY_COMPONENTS, KEY_SHARED_SEQUENCE}, "the common part");
    if (const Value* const components = common.Find(KEY_COMPONENTS))
    {
        Require(components->Is(Type::ARRAY) && components->Size() > 0, "no components");
        for (std::size_t i = 0; i < components->Size(); ++i)
        {
            const Value& segments = components->At(i);
            Require(segments.Is(Type::ARRAY), "a component identifier is not a list");
            ComponentId& id = manifest.components.emplace_back();
            for (std::size_t j = 0; j < segments.Size(); ++j)
            {
                id.push_back(segments.At(j).GetBytes());
            }
        }
    }
    manifest.sharedSequence = OptionalSequence(common, KEY_SHARED_SEQUENCE);
}

Bytes
EncodeCommon(const Manifest& manifest)
{
    Value common = Value::Map({});
    if (!manifest.components.empty())
    {
        Value components = Value::Array({});
        for (const ComponentId& id : manifest.components)
        {
            Value segments = Value::Array({});
            for (const Bytes& segment : id)
            {
                segments.Append(Value::Bytes(segment));
            }
            components.Append(std::move(segments));
        }
        common.Insert(Value::Int(KEY_COMPONENTS), std::move(components));
    }
    if (manifest.sharedSequence)
    {
        common.Insert(Value::Int(KEY_SHARED_SEQUENCE),
                      Value::Bytes(EncodeSequence(*manifest.sharedSequence)));
    }
    return cbor::Encode(common);
}

void
InsertSequence(Value& map, int64_t key, const std::optional<Sequence>& sequence)
{
    if (sequence)
    {
        map.Insert(Value::Int(key), Value::Bytes(EncodeSequence(*sequence)));
    }
}

void
InsertSeverable(Value& map, int64_t key, const std::optional<Severable<Sequence>>& member)
{
    if (!member)
    {
        return;
    }
    const Digest* const digest = std::get_if<Digest>(&*member);
    map.Insert(Value::Int(key),
               digest ? FromDigest(*digest)
                      : Value::Bytes(EncodeSequence(std::get<Sequence>(*member))));
}

void
InsertText(Value& map, const std::optional<Severable<Value>>& text)
{
    if (text)
    {
        const Digest* const digest = std::get_if<Digest>(&*text);
        map.Insert(Value::Int(KEY_TEXT),
                   digest ? FromDigest(*digest)
                          : Value::Bytes(cbor::Encode(std::get<Value>(*text))));
    }
}

void
DecodeAuthentication(std::span<const uint8_t> bytes, Envelope& envelope)
{
    const Value list = cbor::Decode(bytes);
    Require(list.Is(Type::ARRAY) && list.Size() > 0, "the authentication wrapper has no digest");
    envelope.digest = list.At(0).GetBytes();
    for (std::size_t i = 1; i < list.Size(); ++i)
    {
        envelope.authenticationBlocks.push_back(list.At(i).GetBytes());
    }
}

std::optional<Bytes>
OptionalBytes(const Value& map, int64_t key)
{
    const Value* const value = map.Find(key);
    return value ? std::optional(value->GetBytes()) : std::nullopt;
}

// Takes the integrated payloads out and leaves the elements with integer keys.
Value
SplitPayloads(const Value& map, Envelope& envelope)
{
    Value rest = Value::Map({});
    for (std::size_t i = 0; i < map.Size(); ++i)
    {
        if (map.KeyAt(i).Is(Type::TEXT))
        {
            envelope.integratedPayloads.emplace_back(map.KeyAt(i).GetText(),
                                                     map.ValueAt(i).GetBytes());
        }
        else
        {
            rest.Insert(map.KeyAt(i), map.ValueAt(i));
        }
    }
    return rest;
}

} // namespace

std::string_view
ToString(Refusal refusal)
{
    static constexpr std::array<std::string_view, 13> NAMES{"none",
                                                            "malformed",
                                                            "unsupported",
                                                            "bad-signature",
                                                            "digest-mismatch",
                                                            "sequence-too-old",
                                                            "wrong-vendor",
                                                            "wrong-class",
                                                            "wrong-device",
                                                            "wrong-slot",
                                                            "image-mismatch",
                                                            "fetch-failed",
                                                            "aborted"};
    return NAMES[static_cast<std::size_t>(refusal)];
}

Error::Error(Refusal refusal, const std::string& reason)
    : std::runtime_error(reason),
      m_refusal(refusal)
{
}

Refusal
Error::GetRefusal() const
{
    return m_refusal;
}

Envelope
DecodeEnvelope(std::span<const uint8_t> bytes)
{
    const Value item = cbor::Decode(bytes);
    Require(item.Is(Type::TAG) && item.GetTag() == TAG_ENVELOPE && item.GetContent().Is(Type::MAP),
            "not a tagged SUIT envelope");
    Envelope envelope;
    const Value map = SplitPayloads(item.GetContent(), envelope);
    RequireKnownKeys(map,
                     {KEY_AUTHENTICATION, KEY_MANIFEST, KEY_PAYLOAD_FETCH, KEY_INSTALL, KEY_TEXT},
                     "the envelope");
    const Value& wrapper = Member(map, KEY_AUTHENTICATION, "authentication wrapper");
    const Value& manifest = Member(map, KEY_MANIFEST, "manifest");
    // Section "Authenticated Manifests": whatever the order of the other elements.
    Require(&wrapper < &manifest, "the authentication wrapper comes after the manifest");
    DecodeAuthentication(wrapper.GetBytes(), envelope);
    envelope.manifest = manifest.GetBytes();
    envelope.payloadFetch = OptionalBytes(map, KEY_PAYLOAD_FETCH);
    envelope.install = OptionalBytes(map, KEY_INSTALL);
    envelope.text = OptionalBytes(map, KEY_TEXT);
    return envelope;
}

Bytes
EncodeEnvelope(const Envelope& envelope)
{
    Value wrapper = Value::Array({Value::Bytes(envelope.digest)});
    for (const Bytes& block : envelope.authenticationBlocks)
    {
        wrapper.Append(Value::Bytes(block));
    }
    Value map = Value::Map({});
    map.Insert(Value::Int(KEY_AUTHENTICATION), Value::Bytes(cbor::Encode(wrapper)));
    map.Insert(Value::Int(KEY_MANIFEST), Value::Bytes(envelope.manifest));
    for (const auto& [key, member] : {std::pair{KEY_PAYLOAD_FETCH, &envelope.payloadFetch},
                                      std::pair{KEY_INSTALL, &envelope.install},
                                      std::pair{KEY_TEXT, &envelope.text}})
    {
        if (*member)
        {
            map.Insert(Value::Int(key), Value::Bytes(**member));
        }
    }
    for (const auto& [key, payload] : envelope.integratedPayloads)
    {
        map.Insert(Value::Text(key), Value::Bytes(payload));
    }
    return cbor::Encode(Value::Tag(TAG_ENVELOPE, std::move(map)));
}

Manifest
DecodeManifest(std::span<const uint8_t> bytes)
{
    const Value map = cbor::Decode(bytes);
    Require(map.Is(Type::MAP), "the manifest is not a map");
    Manifest manifest;
    // An unknown version may have other members, so it is looked at before them.
    manifest.version = Member(map, KEY_VERSION, "manifest version").GetUnsigned();
    if (manifest.version != 1)
    {
        throw Error(Refusal::UNSUPPORTED, "manifest version " + std::to_string(manifest.version));
    }
    RequireKnownKeys(map,
                     {KEY_VERSION,
                      KEY_SEQUENCE_NUMBER,
                      KEY_COMMON,
                      KEY_REFERENCE_URI,
                      KEY_VALIDATE,
                      KEY_LOAD,
                      KEY_INVOKE,
                      KEY_PAYLOAD_FETCH,
                      KEY_INSTALL,
                      KEY_TEXT},
                     "the manifest");
    manifest.sequenceNumber = Member(map, KEY_SEQUENCE_NUMBER, "sequence number").GetUnsigned();
    DecodeCommon(Member(map, KEY_COMMON, "common part").GetBytes(), manifest);
    if (const Value* const uri = map.Find(KEY_REFERENCE_URI))
    {
        manifest.referenceUri = uri->GetText();
    }
    manifest.validate = OptionalSequence(map, KEY_VALIDATE);
    manifest.load = OptionalSequence(map, KEY_LOAD);
    manifest.invoke = OptionalSequence(map, KEY_INVOKE);
    manifest.payloadFetch = SeverableSequence(map, KEY_PAYLOAD_FETCH);
    manifest.install = SeverableSequence(map, KEY_INSTALL);
    manifest.text = SeverableText(map);
    return manifest;
}

Bytes
EncodeManifest(const Manifest& manifest)
{
    Value map = Value::Map({});
    map.Insert(Value::Int(KEY_VERSION), Value::Unsigned(manifest.version));
    map.Insert(Value::Int(KEY_SEQUENCE_NUMBER), Value::Unsigned(manifest.sequenceNumber));
    map.Insert(Value::Int(KEY_COMMON), Value::Bytes(EncodeCommon(manifest)));
    if (manifest.referenceUri)
    {
        map.Insert(Value::Int(KEY_REFERENCE_URI), Value::Text(*manifest.referenceUri));
    }
    InsertSequence(map, KEY_VALIDATE, manifest.validate);
    InsertSequence(map, KEY_LOAD, manifest.load);
    InsertSequence(map, KEY_INVOKE, manifest.invoke);
    InsertSeverable(map, KEY_PAYLOAD_FETCH, manifest.payloadFetch);
    InsertSeverable(map, KEY_INSTALL, manifest.install);
    InsertText(map, manifest.text);
    return cbor::Encode(map);
}

Sequence
DecodeSequence(std::span<const uint8_t> bytes)
{
    return DecodeNested(bytes, 0);
}

Bytes
EncodeSequence(const Sequence& sequence)
{
    cbor::Writer writer;
    writer.Array(2 * sequence.size());
    for (const Command& command : sequence)
    {
        writer.Int(command.code).Item(command.argument);
    }
    return writer.Take();
}

Digest
DecodeDigest(std::span<const uint8_t> bytes)
{
    return ToDigest(cbor::Decode(bytes));
}

Bytes
EncodeDigest(const Digest& digest)
{
    return cbor::Encode(FromDigest(digest));
}

Digest
DigestOfMember(std::span<const uint8_t> member)
{
    const Digest256 digest = Sha256(cbor::Writer().Bytes(member).Take());
    return {ALGORITHM_SHA256, {digest.begin(), digest.end()}};
}

} // namespace ns3::iotfleet::wire::suit
