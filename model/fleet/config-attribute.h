// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
#define IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H

#include "ns3/attribute.h"
#include "ns3/object-base.h"
#include "ns3/ptr.h"

namespace ns3::iotfleet
{

/**
 * An ns-3 attribute for a member of a configuration struct that an object holds: ns-3's own
 * accessors know members of the object only.
 */
template <class Value, class Owner, class Config, class Member>
class ConfigAccessor : public AttributeAccessor
{
  public:
    ConfigAccessor(Config Owner::*config, Member Config::*member)
        : m_config(config),
          m_member(member)
    {
    }

    bool Set(ObjectBase* object, const AttributeValue& attribute) const override
    {
        auto* owner = dynamic_cast<Owner*>(object);
        const auto* value = dynamic_cast<const Value*>(&attribute);
        if (owner == nullptr || value == nullptr)
        {
            return false;
        }
        (owner->*m_config).*m_member = static_cast<Member>(value->Get());
        return true;
    }

    bool Get(const ObjectBase* object, AttributeValue& attribute) const override
    {
        const auto* owner = dynamic_cast<const Owner*>(object);
        auto* value = dynamic_cast<Value*>(&attribute);
        if (owner == nullptr || value == nullptr)
        {
            return false;
        }
        value->Set((owner->*m_config).*m_member);
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
    Config Owner::*m_config;
    Member Config::*m_member;
};

/// An accessor for AddAttribute: `config` is the struct in the object, `member` the knob in the
/// struct.
template <class Value, class Owner, class Config, class Member>
Ptr<const AttributeAccessor>
MakeConfigAccessor(Config Owner::*config, Member Config::*member)
{
    return Ptr<const AttributeAccessor>(
        new ConfigAccessor<Value, Owner, Config, Member>(config, member),
        false);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_CONFIG_ATTRIBUTE_H
