// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_NS3_COMPAT_H
#define IOTFLEET_NS3_COMPAT_H

#include "ns3/enum.h"
#include "ns3/event-id.h"

/**
 * @file
 * @ingroup iotfleet
 * The only place that knows which release of ns-3 we are built against (3.37 to the newest).
 *
 * ns-3 has no version macro in its default build, so that releases are told apart by a header of
 * the core module that each of them introduced. What is the same on all releases does not belong
 * here.
 */
namespace ns3::iotfleet::compat
{

#if __has_include("ns3/uniform-random-bit-generator.h")
/// ns-3 3.41 and newer: EnumValue and its accessor are templates over the type of the enum.
inline constexpr bool TYPED_ENUM_VALUE = true;
#else
inline constexpr bool TYPED_ENUM_VALUE = false;
#endif

/**
 * MakeEnumAccessor() that names the type of the enum, on every release.
 * @tparam E the enum: unscoped up to 3.40, where its value travels as an int
 * @tparam Members pointers to a member variable, or to a setter and a getter
 * @param members the same
 * @return an accessor for TypeId::AddAttribute()
 */
template <class E, class... Members>
Ptr<const AttributeAccessor>
MakeEnumAccessor(Members... members)
{
    if constexpr (TYPED_ENUM_VALUE)
    {
        return ns3::MakeEnumAccessor<E>(members...);
    }
    else
    {
        return ns3::MakeEnumAccessor(members...);
    }
}

/**
 * Whether an event has neither run nor been cancelled; EventId::IsRunning() went away in 3.46.
 * @param event any event
 * @return true until it runs or is cancelled
 */
inline bool
IsPending(const EventId& event)
{
    return !event.IsExpired();
}

} // namespace ns3::iotfleet::compat

#endif // IOTFLEET_NS3_COMPAT_H
