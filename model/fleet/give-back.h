// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_GIVE_BACK_H
#define IOTFLEET_FLEET_GIVE_BACK_H

namespace ns3::iotfleet
{

/// Empties a container and gives its room back. `container = {}` would keep the room of a vector:
/// it means an empty list to copy from.
template <class Container>
void
GiveBack(Container& container)
{
    Container().swap(container);
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_GIVE_BACK_H
