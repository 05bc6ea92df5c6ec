// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
#define IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H

#include "model/fleet/attribute-text.h"
#include "model/fleet/named-attribute.h"

#include "ns3/attribute.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/nstime.h"
#include "ns3/object-base.h"
#include "ns3/ptr.h"
#include "ns3/string.h"
#include "ns3/type-id.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/**
 * @file
 * ns-3 attributes for members of the configuration structs that an object holds: ns-3's own
 * accessors know members of the object only. Defaults are those of the structs, and each
 * description ends with the range.
 */
namespace ns3::iotfleet
{

/// The object itself, where a path has come to its end.
template <class Object>
auto&
FollowPath(Object& object)
{
    return object;
}

/// The member at the end of a path: `object.*member.*path...`.
template <class Object, class Member, class... Path>
auto&
FollowPath(Object& object, Member member, Path... path)
{
    if constexpr (sizeof...(path) == 0)
    {
        return object.*member;
    }
    else
    {
        return FollowPath(object.*member, path...);
    }
}

/**
 * An attribute whose value `Convert` carries to and from the member that `Locate` finds.
 *
 * @tparam Owner the object
 * @tparam Convert has `Value` (ns-3's attribute value), `bool Store(const Value&, Member&)` and
 *         `bool Load(const Member&, Value&)`
 * @tparam Locate gives a reference to the member of an Owner (const or not)
 */
template <class Owner, class Convert, class Locate>
class ConfigAccessor : public AttributeAccessor
{
  public:
    using Value = typename Convert::Value;

    ConfigAccessor(Convert convert, Locate locate)
        : m_convert(std::move(convert)),
          m_locate(std::move(locate))
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
        return owner != nullptr && value != nullptr && m_convert.Load(m_locate(*owner), *value);
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
    Convert m_convert;
    Locate m_locate;
};

/// For ConfigAccessor: numbers, flags and texts as they are.
template <class AttributeValueType>
struct PlainConfigValue
{
    using Value = AttributeValueType;

    template <class Member>
    bool Store(const Value& value, Member& member) const
    {
        member = static_cast<Member>(value.Get());
        return true;
    }

    template <class Member>
    bool Load(const Member& member, Value& value) const
    {
        value.Set(member);
        return true;
    }
};

/// For ConfigAccessor: a number that may be absent, which another number stands for.
template <class AttributeValueType, class Number>
struct OptionalConfigValue
{
    using Value = AttributeValueType;

    Number none;

    template <class Member>
    bool Store(const Value& value, std::optional<Member>& member) const
    {
        member.reset();
        if (value.Get() != none)
        {
            member = static_cast<Member>(value.Get());
        }
        return true;
    }

    template <class Member>
    bool Load(const std::optional<Member>& member, Value& value) const
    {
        value.Set(member ? static_cast<Number>(*member) : none);
        return true;
    }
};

/// @name Time of an attribute and seconds of a struct. To the nanosecond there and back: a default
/// that passed through an attribute is still the same number.
///@{
inline double
SecondsOf(const TimeValue& value)
{
    return ToSeconds(value.Get().GetNanoSeconds());
}

inline Time
TimeOf(double seconds)
{
    return NanoSeconds(ToTicks(seconds));
}

///@}

/// For ConfigAccessor: seconds, which are a Time outside.
struct SecondsConfigValue
{
    using Value = TimeValue;

    bool Store(const Value& value, double& member) const
    {
        member = SecondsOf(value);
        return true;
    }

    bool Load(double member, Value& value) const
    {
        value.Set(TimeOf(member));
        return true;
    }
};

/// For ConfigAccessor: seconds that may be absent, which another time stands for.
struct OptionalSecondsConfigValue
{
    using Value = TimeValue;

    double noneS;

    bool Store(const Value& value, std::optional<double>& member) const
    {
        member.reset();
        if (value.Get() != TimeOf(noneS))
        {
            member = SecondsOf(value);
        }
        return true;
    }

    bool Load(const std::optional<double>& member, Value& value) const
    {
        value.Set(TimeOf(member.value_or(noneS)));
        return true;
    }
};

/// For ConfigAccessor: whole numbers as a text (attribute-text.h).
struct NumbersConfigValue
{
    using Value = StringValue;

    template <class Member>
    bool Store(const Value& value, Member& member) const
    {
        return ParseNumbers(value.Get(), member);
    }

    template <class Member>
    bool Load(const Member& member, Value& value) const
    {
        value.Set(NumbersText(member));
        return true;
    }
};

/**
 * Adds knobs of a configuration struct to a TypeId, one call a knob. A path leads from the struct
 * to the knob; an empty one means the struct itself, which is an enumeration then.
 *
 * @tparam Owner the object that holds the struct
 * @tparam Config the struct
 */
template <class Owner, class Config>
class ConfigAttributes
{
  public:
    /// @param tid gets the attributes
    /// @param config where the object holds the struct
    /// @param defaults the struct as it is before anything is set
    ConfigAttributes(TypeId& tid, Config Owner::*config, Config defaults = {})
        : m_tid(tid),
          m_config(config),
          m_defaults(std::move(defaults))
    {
    }

    /// A number with or without unit, which `help` names.
    template <class... Path>
    void Number(const char* name, const std::string& help, AttributeRange range, Path... path)
    {
        Add(name,
            help + range.Text(),
            MakeDoubleChecker<double>(range.least, range.most),
            PlainConfigValue<DoubleValue>{},
            path...);
    }

    /// A time, which the struct holds in seconds; `range` is in seconds and open above.
    template <class... Path>
    void Duration(const char* name, const std::string& help, AttributeRange range, Path... path)
    {
        Add(name,
            help + range.Text(" s"),
            MakeTimeChecker(TimeOf(range.least)),
            SecondsConfigValue{},
            path...);
    }

    /// A time that may be absent: `noneS`, outside of the range, stands for that.
    template <class... Path>
    void OptionalDuration(const char* name,
                          const std::string& help,
                          double noneS,
                          AttributeRange range,
                          Path... path)
    {
        Add(name,
            help + range.Text(" s"),
            MakeTimeChecker(TimeOf(std::min(noneS, range.least))),
            OptionalSecondsConfigValue{noneS},
            path...);
    }

    /// A whole number that is not negative.
    template <class... Path>
    void Count(const char* name, const std::string& help, AttributeRange range, Path... path)
    {
        Add(name,
            help + range.Text(),
            MakeUintegerChecker<uint64_t>(static_cast<uint64_t>(range.least), range.MostWhole()),
            PlainConfigValue<UintegerValue>{},
            path...);
    }

    template <class... Path>
    void Flag(const char* name, const std::string& help, Path... path)
    {
        Add(name, help, MakeBooleanChecker(), PlainConfigValue<BooleanValue>{}, path...);
    }

    /// A number that may be absent: `none`, outside of the range, stands for that.
    template <class... Path>
    void OptionalNumber(const char* name,
                        const std::string& help,
                        double none,
                        AttributeRange range,
                        Path... path)
    {
        Add(name,
            help + range.Text(),
            MakeDoubleChecker<double>(std::min(none, range.least), range.most),
            OptionalConfigValue<DoubleValue, double>{none},
            path...);
    }

    /// A whole number that may be absent: `none`, outside of the range, stands for that.
    template <class... Path>
    void OptionalCount(const char* name,
                       const std::string& help,
                       int64_t none,
                       AttributeRange range,
                       Path... path)
    {
        const auto least = std::min(none, static_cast<int64_t>(range.least));
        Add(name,
            help + range.Text(),
            MakeIntegerChecker<int64_t>(least, static_cast<int64_t>(range.MostWhole())),
            OptionalConfigValue<IntegerValue, int64_t>{none},
            path...);
    }

    /// An enumeration, whose values are named in their order.
    template <size_t N, class... Path>
    void Enum(const char* name,
              const std::string& help,
              const std::array<std::string_view, N>& names,
              Path... path)
    {
        using E = std::remove_cvref_t<decltype(FollowPath(m_defaults, path...))>;
        Add(name,
            help,
            Ptr<const AttributeChecker>(
                Create<NameChecker<E>>(std::vector<std::string>(names.begin(), names.end()))),
            EnumConfigValue<E>{},
            path...);
    }

    /// A text that is one of some words.
    template <class... Path>
    void Word(const char* name,
              const std::string& help,
              std::vector<std::string> words,
              Path... path)
    {
        Add(name,
            help,
            Ptr<const AttributeChecker>(Create<NameChecker<int>>(words)),
            WordConfigValue{words}, // no move: the checker reads them too
            path...);
    }

    /// Several whole numbers, or pairs of them, as a text (attribute-text.h).
    template <class... Path>
    void Numbers(const char* name, const std::string& help, Path... path)
    {
        Add(name, help, MakeStringChecker(), NumbersConfigValue{}, path...);
    }

  private:
    template <class Convert, class... Path>
    void Add(const char* name,
             const std::string& help,
             const Ptr<const AttributeChecker>& checker,
             Convert convert,
             Path... path)
    {
        typename Convert::Value value;
        convert.Load(FollowPath(m_defaults, path...), value);
        const auto config = m_config;
        const auto locate = [=](auto& owner) -> auto&
        {
            return FollowPath(owner, config, path...);
        };
        using Accessor = ConfigAccessor<Owner, Convert, decltype(locate)>;
        m_tid.AddAttribute(
            name,
            help,
            value,
            Ptr<const AttributeAccessor>(new Accessor(std::move(convert), locate), false),
            checker);
    }

    TypeId& m_tid;
    Config Owner::*m_config;
    Config m_defaults;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
