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
/// @name Attributes of the enum E; in ns-3 3.41 and newer they are templates over its type.
///@{
template <class E>
using EnumAttribute = ns3::EnumValue<E>;
template <class E>
using EnumAttributeChecker = ns3::EnumChecker<E>;
template <class E>
using EnumInside = E; ///< what such a value holds
///@}
#else
template <class E>
using EnumAttribute = ns3::EnumValue;
template <class E>
using EnumAttributeChecker = ns3::EnumChecker;
template <class E>
using EnumInside = int;
#endif

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
