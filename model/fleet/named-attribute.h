// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_NAMED_ATTRIBUTE_H
#define IOTFLEET_FLEET_NAMED_ATTRIBUTE_H

#include "model/ns3-compat.h"

#include "ns3/string.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/**
 * @file
 * Attributes whose values have names. Users set them by name (StringValue) or as EnumValue, and
 * TypeId's documentation lists the names.
 */
namespace ns3::iotfleet
{

/**
 * The checker of an attribute with names: EnumChecker, but an unknown name is refused, where ns-3's
 * own asserts.
 *
 * @tparam E the enumeration, whose values count from 0; int where names are all there is
 */
template <class E>
class NameChecker : public compat::EnumAttributeChecker<E>
{
  public:
    /// @param names by value of the enumeration
    explicit NameChecker(std::vector<std::string> names)
        : m_names(std::move(names))
    {
        for (size_t i = 0; i < m_names.size(); ++i)
        {
            this->Add(static_cast<compat::EnumInside<E>>(i), m_names[i]);
        }
    }

    const std::vector<std::string>& Names() const
    {
        return m_names;
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<Value>();
    }

  private:
    class Value : public compat::EnumAttribute<E>
    {
      public:
        Ptr<AttributeValue> Copy() const override
        {
            return ns3::Create<Value>(*this);
        }

        bool DeserializeFromString(std::string text, Ptr<const AttributeChecker> checker) override
        {
            const auto& names = dynamic_cast<const NameChecker&>(*checker).Names();
            const auto found = std::ranges::find(names, text);
            if (found == names.end())
            {
                return false;
            }
            this->Set(static_cast<compat::EnumInside<E>>(found - names.begin()));
            return true;
        }
    };

    std::vector<std::string> m_names;
};

/// For ConfigAccessor: an enumeration.
template <class E>
struct EnumConfigValue
{
    using Value = compat::EnumAttribute<E>;

    bool Store(const Value& value, E& member) const
    {
        member = static_cast<E>(value.Get());
        return true;
    }

    bool Load(const E& member, Value& value) const
    {
        value.Set(static_cast<compat::EnumInside<E>>(member));
        return true;
    }
};

/// For ConfigAccessor: a text that is one of some words; the value is the word's place among them.
struct WordConfigValue
{
    using Value = compat::EnumAttribute<int>;

    std::vector<std::string> words;

    bool Store(const Value& value, std::string& member) const
    {
        member = words.at(static_cast<size_t>(value.Get()));
        return true;
    }

    bool Load(const std::string& member, Value& value) const
    {
        const auto found = std::ranges::find(words, member);
        value.Set(static_cast<int>(found - words.begin()));
        return found != words.end();
    }
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_NAMED_ATTRIBUTE_H
