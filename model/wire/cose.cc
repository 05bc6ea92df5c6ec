// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cose.h"

#include <algorithm>
#include <array>

namespace ns3::iotfleet::wire::cose
{

namespace
{

using cbor::Type;
using cbor::Value;

// A verdict on its way out of a check.
struct Refused
{
    Status status;
    std::string reason;
};

const Value*
Find(const Value& header, Header label)
{
    return header.Find(static_cast<int64_t>(label));
}

// An empty protected header may come as no bytes or as an empty map (RFC 9052 section 3).
Value
DecodeProtected(std::span<const uint8_t> bytes)
{
    Value header = bytes.empty() ? Value::Map({}) : cbor::Decode(bytes);
    if (!header.Is(Type::MAP))
    {
        throw Refused{Status::MALFORMED, "the protected header is not a map"};
    }
    return header;
}

// Labels are integers or text; the common ones have types of their own (RFC 9052 section 3.1).
void
CheckLabels(const Value& header)
{
    for (std::size_t i = 0; i < header.Size(); ++i)
    {
        const Value& label = header.KeyAt(i);
        if (!label.TryInt() && !label.Is(Type::TEXT))
        {
            throw Refused{Status::MALFORMED, "a header label is neither integer nor text"};
        }
    }
    const Value* const contentType = Find(header, Header::CONTENT_TYPE);
    if (contentType && !contentType->Is(Type::UNSIGNED) && !contentType->Is(Type::TEXT))
    {
        throw Refused{Status::MALFORMED, "the content type is neither unsigned nor text"};
    }
    for (const Header label : {Header::KID, Header::IV, Header::PARTIAL_IV})
    {
        const Value* const value = Find(header, label);
        if (value && !value->Is(Type::BYTES))
        {
            throw Refused{Status::MALFORMED,
                          "header " + std::to_string(static_cast<int64_t>(label)) +
                              " is not a byte string"};
        }
    }
}

void
CheckNoLabelTwice(const Value& protectedHeader, const Value& unprotectedHeader)
{
    for (std::size_t i = 0; i < unprotectedHeader.Size(); ++i)
    {
        if (protectedHeader.Find(unprotectedHeader.KeyAt(i)))
        {
            throw Refused{Status::MALFORMED,
                          "header " + cbor::ToDiagnostic(unprotectedHeader.KeyAt(i)) +
                              " is both protected and unprotected"};
        }
    }
}

bool
IsUnderstood(const Value& label, std::span<const int64_t> understood)
{
    const auto number = label.TryInt();
    const bool isCommon = number && *number >= static_cast<int64_t>(Header::ALG) &&
                          *number <= static_cast<int64_t>(Header::PARTIAL_IV);
    return isCommon || (number && std::ranges::find(understood, *number) != understood.end());
}

void
CheckCritical(const Value& protectedHeader,
              const Value& unprotectedHeader,
              std::span<const int64_t> understood)
{
    if (Find(unprotectedHeader, Header::CRIT))
    {
        throw Refused{Status::MALFORMED, "'crit' is not protected"};
    }
    const Value* const critical = Find(protectedHeader, Header::CRIT);
    if (!critical)
    {
        return;
    }
    if (!critical->Is(Type::ARRAY) || critical->Size() == 0)
    {
        throw Refused{Status::MALFORMED, "'crit' is not a list of labels"};
    }
    for (std::size_t i = 0; i < critical->Size(); ++i)
    {
        const Value& label = critical->At(i);
        if (!label.TryInt() && !label.Is(Type::TEXT))
        {
            throw Refused{Status::MALFORMED, "'crit' holds something that is not a label"};
        }
        if (!IsUnderstood(label, understood))
        {
            throw Refused{Status::UNKNOWN_CRITICAL,
                          "critical header " + cbor::ToDiagnostic(label) + " is not understood"};
        }
        if (!protectedHeader.Find(label))
        {
            throw Refused{Status::MALFORMED,
                          "critical header " + cbor::ToDiagnostic(label) + " is absent"};
        }
    }
}

SignatureAlgorithm
FindAlgorithm(const Value& protectedHeader, const Value& unprotectedHeader)
{
    const Value* algorithm = Find(protectedHeader, Header::ALG);
    if (!algorithm)
    {
        algorithm = Find(unprotectedHeader, Header::ALG);
    }
    if (!algorithm)
    {
        throw Refused{Status::UNKNOWN_ALGORITHM, "no algorithm is named"};
    }
    const auto number = algorithm->TryInt();
    const auto known = number ? ToSignatureAlgorithm(*number) : std::nullopt;
    if (!known)
    {
        throw Refused{Status::UNKNOWN_ALGORITHM,
                      "algorithm " + cbor::ToDiagnostic(*algorithm) + " is not known"};
    }
    return *known;
}

std::span<const uint8_t>
FindPayload(const Sign1& message, const VerifyContext& context)
{
    if (message.payload.has_value() == context.detachedPayload.has_value())
    {
        throw Refused{Status::NO_PAYLOAD,
                      message.payload ? "the payload is both attached and detached"
                                      : "the payload is detached and not at hand"};
    }
    return message.payload ? std::span<const uint8_t>(*message.payload) : *context.detachedPayload;
}

VerifyResult
Check(std::span<const uint8_t> bytes, const PublicKey& key, const VerifyContext& context)
{
    const Sign1 message = DecodeSign1(bytes);
    const Value protectedHeader = DecodeProtected(message.protectedHeader);
    CheckLabels(protectedHeader);
    CheckLabels(message.unprotectedHeader);
    CheckNoLabelTwice(protectedHeader, message.unprotectedHeader);
    CheckCritical(protectedHeader, message.unprotectedHeader, context.understoodCriticalLabels);
    const auto algorithm = FindAlgorithm(protectedHeader, message.unprotectedHeader);
    const auto payload = FindPayload(message, context);
    const std::span<const uint8_t> header =
        protectedHeader.Size() == 0 ? std::span<const uint8_t>{} : message.protectedHeader;
    if (!key.Verify(algorithm,
                    SignatureInput(header, context.externalAad, payload),
                    message.signature))
    {
        throw Refused{Status::BAD_SIGNATURE, "the signature does not match"};
    }
    return {Status::VALID, {}, {payload.begin(), payload.end()}};
}

} // namespace

Sign1
DecodeSign1(std::span<const uint8_t> bytes)
{
    const Value item = cbor::Decode(bytes);
    Sign1 message;
    message.isTagged = item.Is(Type::TAG);
    if (message.isTagged && item.GetTag() != TAG_SIGN1)
    {
        throw cbor::Error(0, "tag " + std::to_string(item.GetTag()) + " is not COSE_Sign1's");
    }
    const Value& parts = message.isTagged ? item.GetContent() : item;
    if (!parts.Is(Type::ARRAY) || parts.Size() != 4)
    {
        throw cbor::Error(0, "a COSE_Sign1 is an array of four items");
    }
    message.protectedHeader = parts.At(0).GetBytes();
    message.unprotectedHeader = parts.At(1);
    if (!message.unprotectedHeader.Is(Type::MAP))
    {
        throw cbor::Error(0, "the unprotected header is not a map");
    }
    if (!parts.At(2).IsNull())
    {
        message.payload = parts.At(2).GetBytes();
    }
    message.signature = parts.At(3).GetBytes();
    return message;
}

std::vector<uint8_t>
EncodeSign1(const Sign1& message)
{
    cbor::Writer writer;
    if (message.isTagged)
    {
        writer.Tag(TAG_SIGN1);
    }
    writer.Array(4).Bytes(message.protectedHeader).Item(message.unprotectedHeader);
    if (message.payload)
    {
        writer.Bytes(*message.payload);
    }
    else
    {
        writer.Null();
    }
    return writer.Bytes(message.signature).Take();
}

std::vector<uint8_t>
SignatureInput(std::span<const uint8_t> protectedHeader,
               std::span<const uint8_t> externalAad,
               std::span<const uint8_t> payload)
{
    return cbor::Writer()
        .Array(4)
        .Text("Signature1")
        .Bytes(protectedHeader)
        .Bytes(externalAad)
        .Bytes(payload)
        .Take();
}

std::vector<uint8_t>
SignSign1(const SigningKey& key, SignatureAlgorithm algorithm, const SignRequest& request)
{
    Value header = Value::Map({});
    if (!Find(request.protectedHeader, Header::ALG))
    {
        header.Insert(Value::Int(static_cast<int64_t>(Header::ALG)),
                      Value::Int(static_cast<int64_t>(algorithm)));
    }
    for (std::size_t i = 0; i < request.protectedHeader.Size(); ++i)
    {
        header.Insert(request.protectedHeader.KeyAt(i), request.protectedHeader.ValueAt(i));
    }
    Sign1 message;
    message.protectedHeader = cbor::Encode(header);
    message.unprotectedHeader = request.unprotectedHeader;
    message.isTagged = request.isTagged;
    message.signature =
        key.Sign(algorithm,
                 SignatureInput(message.protectedHeader, request.externalAad, request.payload));
    if (!request.isDetached)
    {
        message.payload.emplace(request.payload.begin(), request.payload.end());
    }
    return EncodeSign1(message);
}

VerifyResult
VerifySign1(std::span<const uint8_t> bytes, const PublicKey& key, const VerifyContext& context)
{
    try
    {
        return Check(bytes, key, context);
    }
    catch (const Refused& refused)
    {
        return {refused.status, refused.reason, {}};
    }
    catch (const cbor::Error& error)
    {
        return {Status::MALFORMED, error.what(), {}};
    }
}

} // namespace ns3::iotfleet::wire::cose
