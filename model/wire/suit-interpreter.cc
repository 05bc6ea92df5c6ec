// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/suit-interpreter.h"

#include <algorithm>
#include <numeric>

namespace ns3::iotfleet::wire::suit
{

namespace
{

using cbor::Value;

// A condition that does not hold: the one kind of failure that try-each may forgive.
class ConditionFailed : public Error
{
  public:
    using Error::Error;
};

const Value&
Parameter(const std::map<int64_t, Value>& parameters, ParameterKey key)
{
    const auto entry = parameters.find(static_cast<int64_t>(key));
    if (entry == parameters.end())
    {
        throw Error(Refusal::MALFORMED,
                    "parameter " + std::to_string(static_cast<int64_t>(key)) +
                        " is needed and not set");
    }
    return entry->second;
}

bool
HasParameter(const std::map<int64_t, Value>& parameters, ParameterKey key)
{
    return parameters.contains(static_cast<int64_t>(key));
}

bool
IsPrivateEnterpriseNumber(const Value& value)
{
    constexpr uint64_t TAG_PEN = 112;
    return value.Is(cbor::Type::TAG) && value.GetTag() == TAG_PEN;
}

// Checks the type of a parameter by asking for its value, which throws cbor::Error otherwise.
void
CheckParameter(int64_t key, const Value& value)
{
    switch (static_cast<ParameterKey>(key))
    {
    case ParameterKey::VENDOR_IDENTIFIER:
        // No device here has a private enterprise number, so one is well-formed and matches none.
        static_cast<void>(IsPrivateEnterpriseNumber(value) ? value.GetContent().GetBytes()
                                                           : value.GetBytes());
        break;
    case ParameterKey::CLASS_IDENTIFIER:
    case ParameterKey::DEVICE_IDENTIFIER:
    case ParameterKey::CONTENT:
    case ParameterKey::INVOKE_ARGUMENTS:
    case ParameterKey::FETCH_ARGUMENTS:
        static_cast<void>(value.GetBytes());
        break;
    case ParameterKey::IMAGE_DIGEST:
        static_cast<void>(DecodeDigest(value.GetBytes()));
        break;
    case ParameterKey::COMPONENT_SLOT:
    case ParameterKey::IMAGE_SIZE:
    case ParameterKey::SOURCE_COMPONENT:
        static_cast<void>(value.GetUnsigned());
        break;
    case ParameterKey::STRICT_ORDER:
    case ParameterKey::SOFT_FAILURE:
        static_cast<void>(value.GetBool());
        break;
    case ParameterKey::URI:
        static_cast<void>(value.GetText());
        break;
    default:
        throw Error(Refusal::UNSUPPORTED, "parameter " + std::to_string(key));
    }
}

bool
IsAllowedInShared(CommandCode code)
{
    switch (code)
    {
    case CommandCode::DIRECTIVE_WRITE:
    case CommandCode::DIRECTIVE_FETCH:
    case CommandCode::DIRECTIVE_COPY:
    case CommandCode::DIRECTIVE_INVOKE:
    case CommandCode::DIRECTIVE_SWAP:
        return false;
    default:
        return true;
    }
}

} // namespace

Interpreter::Interpreter(const Manifest& manifest,
                         const DeviceIdentity& device,
                         FetchFunction fetch)
    : m_manifest(manifest),
      m_device(device),
      m_fetch(std::move(fetch)),
      m_components(manifest.components.size())
{
    if (m_components.size() > device.maxComponents)
    {
        throw Error(Refusal::UNSUPPORTED,
                    std::to_string(m_components.size()) + " components, room for " +
                        std::to_string(device.maxComponents));
    }
}

void
Interpreter::SetContent(std::size_t component, const Image& image)
{
    if (component < m_components.size())
    {
        m_components[component].content = image;
        m_components[component].isVerified = false;
    }
}

void
Interpreter::Run(const Sequence& section)
{
    if (m_manifest.sharedSequence)
    {
        RunSection(*m_manifest.sharedSequence, true);
    }
    RunSection(section, false);
}

void
Interpreter::RunSection(const Sequence& sequence, bool isShared)
{
    const bool startsWithIndex =
        !sequence.empty() &&
        sequence.front().code == static_cast<int64_t>(CommandCode::DIRECTIVE_SET_COMPONENT_INDEX);
    if (m_components.size() > 1 && !startsWithIndex)
    {
        throw Error(Refusal::MALFORMED,
                    "several components, and a section that does not begin with an index");
    }
    m_current = {0};
    Execute(sequence, {isShared, std::nullopt});
}

void
Interpreter::Finish() const
{
    if (!m_hasCheckedVendor || !m_hasCheckedClass)
    {
        throw Error(Refusal::UNSUPPORTED, "the manifest does not say for which devices it is");
    }
    if (!std::ranges::all_of(m_components, &Component::isVerified))
    {
        throw Error(Refusal::IMAGE_MISMATCH, "a component is left without a check of its digest");
    }
}

void
Interpreter::Execute(const Sequence& sequence, Scope scope)
{
    for (const Command& command : sequence)
    {
        if (command.code == static_cast<int64_t>(CommandCode::DIRECTIVE_SET_COMPONENT_INDEX))
        {
            SetComponentIndex(command.argument);
            continue;
        }
        const std::vector<std::size_t> current = m_current;
        for (const std::size_t index : current)
        {
            if (index >= m_components.size())
            {
                throw Error(Refusal::MALFORMED, "a command without a component");
            }
            ExecuteCommand(command, index, scope);
        }
        m_current = current;
    }
}

void
Interpreter::SetComponentIndex(const Value& argument)
{
    m_current.clear();
    if (argument.Is(cbor::Type::UNSIGNED))
    {
        m_current.push_back(argument.GetUnsigned());
    }
    else if (argument.Is(cbor::Type::ARRAY))
    {
        for (std::size_t i = 0; i < argument.Size(); ++i)
        {
            m_current.push_back(argument.At(i).GetUnsigned());
        }
    }
    else
    {
        m_current.resize(m_components.size());
        std::iota(m_current.begin(), m_current.end(), std::size_t{0});
    }
    for (const std::size_t index : m_current)
    {
        if (index >= m_components.size())
        {
            throw Error(Refusal::MALFORMED, "there is no component " + std::to_string(index));
        }
    }
}

void
Interpreter::ExecuteCommand(const Command& command, std::size_t index, Scope& scope)
{
    const auto code = static_cast<CommandCode>(command.code);
    if (scope.isShared && (command.code < 0 || !IsAllowedInShared(code)))
    {
        throw Error(Refusal::MALFORMED,
                    "command " + std::to_string(command.code) + " in the shared sequence");
    }
    try
    {
        if (!CheckCondition(code, m_components[index]) && !ControlFlow(command, index, scope) &&
            !ExecuteDirective(code, index))
        {
            throw Error(Refusal::UNSUPPORTED, "command " + std::to_string(command.code));
        }
    }
    catch (const ConditionFailed& failure)
    {
        // The enclosing try-each or run-sequence reads from the type whether it may go on.
        if (scope.softFailure.value_or(false))
        {
            throw;
        }
        throw Error(failure.GetRefusal(), failure.what());
    }
}

// Whether the code is a directive's with an argument of its own; throws if it fails.
bool
Interpreter::ControlFlow(const Command& command, std::size_t index, Scope& scope)
{
    switch (static_cast<CommandCode>(command.code))
    {
    case CommandCode::DIRECTIVE_TRY_EACH:
        TryEach(command.argument, index, scope.isShared);
        return true;
    case CommandCode::DIRECTIVE_RUN_SEQUENCE:
        RunSequence(command.argument, index, scope.isShared);
        return true;
    case CommandCode::DIRECTIVE_OVERRIDE_PARAMETERS:
        OverrideParameters(command.argument, m_components[index], scope);
        return true;
    default:
        return false;
    }
}

// The index is the sequence's own: what it sets ends with it.
void
Interpreter::RunNested(const Value& encoded, std::size_t index, Scope scope)
{
    m_current = {index};
    Execute(DecodeSequence(encoded.GetBytes()), scope);
}

void
Interpreter::RunSequence(const Value& argument, std::size_t index, bool isShared)
{
    try
    {
        RunNested(argument, index, {isShared, false});
    }
    catch (const ConditionFailed&)
    {
        // Only failures that the sequence itself made soft arrive here: it halts, no more.
    }
}

void
Interpreter::TryEach(const Value& argument, std::size_t index, bool isShared)
{
    std::optional<ConditionFailed> last;
    for (std::size_t i = 0; i < argument.Size(); ++i)
    {
        if (argument.At(i).IsNull())
        {
            return;
        }
        try
        {
            RunNested(argument.At(i), index, {isShared, true});
            return;
        }
        catch (const ConditionFailed& failure)
        {
            last = failure;
        }
    }
    // All failed: a failure like that of a condition, which an outer try-each may forgive.
    throw last.value();
}

void
Interpreter::OverrideParameters(const Value& argument, Component& component, Scope& scope)
{
    for (std::size_t i = 0; i < argument.Size(); ++i)
    {
        const int64_t key = argument.KeyAt(i).GetInt();
        const Value& value = argument.ValueAt(i);
        CheckParameter(key, value);
        if (key != static_cast<int64_t>(ParameterKey::SOFT_FAILURE))
        {
            component.parameters[key] = value;
        }
        else if (scope.softFailure)
        {
            scope.softFailure = value.GetBool();
        }
        else
        {
            throw Error(Refusal::MALFORMED, "soft failure outside of try-each and run-sequence");
        }
    }
}

// Whether the code is a condition's; throws if the condition does not hold.
bool
Interpreter::CheckCondition(CommandCode code, Component& component)
{
    switch (code)
    {
    case CommandCode::CONDITION_VENDOR_IDENTIFIER:
        CheckIdentity(ParameterKey::VENDOR_IDENTIFIER, component);
        return true;
    case CommandCode::CONDITION_CLASS_IDENTIFIER:
        CheckIdentity(ParameterKey::CLASS_IDENTIFIER, component);
        return true;
    case CommandCode::CONDITION_DEVICE_IDENTIFIER:
        CheckIdentity(ParameterKey::DEVICE_IDENTIFIER, component);
        return true;
    case CommandCode::CONDITION_IMAGE_MATCH:
        CheckImage(component);
        return true;
    case CommandCode::CONDITION_CHECK_CONTENT:
        CheckContent(component);
        return true;
    case CommandCode::CONDITION_COMPONENT_SLOT:
        if (Parameter(component.parameters, ParameterKey::COMPONENT_SLOT).GetUnsigned() !=
            m_device.slot)
        {
            throw ConditionFailed(Refusal::WRONG_SLOT,
                                  "not for slot " + std::to_string(m_device.slot));
        }
        return true;
    case CommandCode::CONDITION_ABORT:
        throw ConditionFailed(Refusal::ABORTED, "the manifest aborts");
    default:
        return false;
    }
}

void
Interpreter::CheckIdentity(ParameterKey key, const Component& component)
{
    const Value& wanted = Parameter(component.parameters, key);
    const auto matches = [&wanted](const Uuid& own) { return wanted == Value::Bytes(own); };
    if (key == ParameterKey::VENDOR_IDENTIFIER)
    {
        if (!matches(m_device.vendorId))
        {
            throw ConditionFailed(Refusal::WRONG_VENDOR,
                                  "not for vendor " + ToString(m_device.vendorId));
        }
        m_hasCheckedVendor = true;
    }
    else if (key == ParameterKey::CLASS_IDENTIFIER)
    {
        if (!matches(m_device.classId))
        {
            throw ConditionFailed(Refusal::WRONG_CLASS,
                                  "not for class " + ToString(m_device.classId));
        }
        m_hasCheckedClass = true;
    }
    else if (!m_device.deviceId || !matches(*m_device.deviceId))
    {
        throw ConditionFailed(Refusal::WRONG_DEVICE, "not for this device");
    }
}

void
Interpreter::CheckImage(Component& component)
{
    const Digest wanted =
        DecodeDigest(Parameter(component.parameters, ParameterKey::IMAGE_DIGEST).GetBytes());
    if (wanted.algorithm != ALGORITHM_SHA256)
    {
        throw Error(Refusal::UNSUPPORTED, "digest algorithm " + std::to_string(wanted.algorithm));
    }
    if (!component.content || !std::ranges::equal(component.content->digest, wanted.bytes))
    {
        throw ConditionFailed(Refusal::IMAGE_MISMATCH,
                              component.content ? "the image's digest is another one"
                                                : "there is no image to compare");
    }
    if (HasParameter(component.parameters, ParameterKey::IMAGE_SIZE) &&
        Parameter(component.parameters, ParameterKey::IMAGE_SIZE).GetUnsigned() !=
            component.content->size)
    {
        throw ConditionFailed(Refusal::IMAGE_MISMATCH,
                              "the image has " + std::to_string(component.content->size) +
                                  " bytes");
    }
    component.isVerified = true;
}

void
Interpreter::CheckContent(Component& component)
{
    const Bytes& wanted = Parameter(component.parameters, ParameterKey::CONTENT).GetBytes();
    if (component.content != Image{Sha256(wanted), wanted.size()})
    {
        throw ConditionFailed(Refusal::IMAGE_MISMATCH, "the content is another one");
    }
    component.isVerified = true;
}

// Whether the code is a directive's; throws if the directive fails.
bool
Interpreter::ExecuteDirective(CommandCode code, std::size_t index)
{
    Component& component = m_components[index];
    switch (code)
    {
    case CommandCode::DIRECTIVE_FETCH:
        Fetch(index);
        return true;
    case CommandCode::DIRECTIVE_WRITE: {
        const Bytes& content = Parameter(component.parameters, ParameterKey::CONTENT).GetBytes();
        // It came inside of the signed manifest, so there is nothing left to compare.
        component.content = Image{Sha256(content), content.size()};
        component.isVerified = true;
        return true;
    }
    case CommandCode::DIRECTIVE_COPY:
    case CommandCode::DIRECTIVE_SWAP:
        CopyOrSwap(index, code == CommandCode::DIRECTIVE_SWAP);
        return true;
    case CommandCode::DIRECTIVE_INVOKE:
        if (!component.content)
        {
            throw Error(Refusal::FETCH_FAILED, "there is nothing to invoke");
        }
        return true;
    default:
        return false;
    }
}

void
Interpreter::Fetch(std::size_t index)
{
    Component& component = m_components[index];
    const std::string uri = Parameter(component.parameters, ParameterKey::URI).GetText();
    component.content = m_fetch(uri, index);
    component.isVerified = false;
    if (!component.content)
    {
        throw Error(Refusal::FETCH_FAILED, "cannot fetch " + uri);
    }
}

void
Interpreter::CopyOrSwap(std::size_t index, bool isSwap)
{
    Component& target = m_components[index];
    const uint64_t source =
        Parameter(target.parameters, ParameterKey::SOURCE_COMPONENT).GetUnsigned();
    if (source >= m_components.size() || !m_components[source].content)
    {
        throw Error(Refusal::FETCH_FAILED,
                    "source component " + std::to_string(source) + " is absent");
    }
    if (isSwap)
    {
        std::swap(target.content, m_components[source].content);
        std::swap(target.isVerified, m_components[source].isVerified);
    }
    else
    {
        target.content = m_components[source].content;
        target.isVerified = m_components[source].isVerified;
    }
}

} // namespace ns3::iotfleet::wire::suit
