// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
#define IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H

#include "model/fleet/enum-names.h"

#include "ns3/attribute.h"
#include "ns3/object-base.h"
#include "ns3/ptr.h"
#include "ns3/string.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

/**
 * @file
 * ns-3 attributes for members of a configuration struct that an object holds: ns-3's own accessors
 * know members of the object only.
 */
namespace ns3::iotfleet
{

/**
 * An attribute whose value `Convert` carries to and from the member that `Locate` finds.
 *
 * @tparam Value ns-3's attribute value
 * @tparam Owner the object
 * @tparam Locate gives a reference to the member of an Owner (const or not)
 * @tparam Convert has `bool Store(const Value&, Member&)` and `void Load(const Member&, Value&)`
 */
template <class Value, class Owner, class Locate, class Convert>
class ConfigAccessor : public AttributeAccessor
{
  public:
    ConfigAccessor(Locate locate, Convert convert)
        : m_locate(std::move(locate)),
          m_convert(std::move(convert))
    {
    }

    bool Set(ObjectBase* object, const AttributeValue& attribute) const override
    {
        auto* owner = dynamic_cast<Owner*>(object);
        const auto* value = dynamic_cast<const Value*>(&attribute);
        return owner != nullptr && value != nullptr && m_convert.Store(*value, m_locate(*owner));
    }

    bool Get(const ObjectBase* object, AttributeValue& attribute) const override
    {
        const auto* owner = dynamic_cast<const Owner*>(object);
        auto* value = dynamic_cast<Value*>(&attribute);
        if (owner == nullptr || value == nullptr)
        {
            return false;
        }
        m_convert.Load(m_locate(*owner), *value);
        return true;
    }

    bool HasGetter() const override
    {
        return true;
    }

    bool HasSetter() const override
    {
        return true;
    }

  private:
    Locate m_locate;
    Convert m_convert;
};

/// For ConfigAccessor: numbers, flags and texts as they are.
template <class Value>
struct PlainConfigValue
{
    template <class Member>
    bool Store(const Value& value, Member& member) const
    {
        member = static_cast<Member>(value.Get());
        return true;
    }

    template <class Member>
    void Load(const Member& member, Value& value) const
    {
        value.Set(member);
    }
};

/// For ConfigAccessor: an enumeration by its names; another name is refused.
template <size_t N>
struct NamedConfigValue
{
    std::array<std::string_view, N> names; ///< by value of the enumeration

    template <class Enum>
    bool Store(const StringValue& value, Enum& member) const
    {
        const auto found = FromName<Enum>(names, value.Get());
        member = found.value_or(member);
        return found.has_value();
    }

    template <class Enum>
    void Load(const Enum& member, StringValue& value) const
    {
        value.Set(std::string(names[static_cast<size_t>(member)]));
    }
};

/// The accessor of a number, flag or text: `config` is the struct in the object, `member` the knob
/// in the struct.
template <class Value, class Owner, class Config, class Member>
Ptr<const AttributeAccessor>
MakeConfigAccessor(Config Owner::*config, Member Config::*member)
{
    const auto locate = [=](auto& owner) -> auto&
    {
        return (owner.*config).*member;
    };
    using Accessor = ConfigAccessor<Value, Owner, decltype(locate), PlainConfigValue<Value>>;
    return Ptr<const AttributeAccessor>(new Accessor(locate, {}), false);
}

/// The same for a knob of a struct within the struct.
template <class Value, class Owner, class Config, class Part, class Member>
Ptr<const AttributeAccessor>
MakeConfigAccessor(Config Owner::*config, Part Config::*part, Member Part::*member)
{
    const auto locate = [=](auto& owner) -> auto&
    {
        return ((owner.*config).*part).*member;
    };
    using Accessor = ConfigAccessor<Value, Owner, decltype(locate), PlainConfigValue<Value>>;
    return Ptr<const AttributeAccessor>(new Accessor(locate, {}), false);
}

/// The accessor of an enumeration, which users set by name (StringValue).
template <class Owner, class Config, class Enum, size_t N>
Ptr<const AttributeAccessor>
MakeConfigNameAccessor(Config Owner::*config,
                       Enum Config::*member,
                       const std::array<std::string_view, N>& names)
{
    const auto locate = [=](auto& owner) -> auto&
    {
        return (owner.*config).*member;
    };
    using Accessor = ConfigAccessor<StringValue, Owner, decltype(locate), NamedConfigValue<N>>;
    return Ptr<const AttributeAccessor>(new Accessor(locate, {names}), false);
}

/// The same for an enumeration of a struct within the struct.
template <class Owner, class Config, class Part, class Enum, size_t N>
Ptr<const AttributeAccessor>
MakeConfigNameAccessor(Config Owner::*config,
                       Part Config::*part,
                       Enum Part::*member,
                       const std::array<std::string_view, N>& names)
{
    const auto locate = [=](auto& owner) -> auto&
    {
        return ((owner.*config).*part).*member;
    };
    using Accessor = ConfigAccessor<StringValue, Owner, decltype(locate), NamedConfigValue<N>>;
    return Ptr<const AttributeAccessor>(new Accessor(locate, {names}), false);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
