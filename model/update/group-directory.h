// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_GROUP_DIRECTORY_H
#define IOTFLEET_UPDATE_GROUP_DIRECTORY_H

#include "model/fleet/device-list.h"

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace ns3::iotfleet
{

/**
 * Which group of the AccessNetwork a multicast address stands for, and which of its members a
 * device is. On the air the address alone does that; the simulator's interface works with indices.
 * It carries no message and nobody may decide anything from it.
 */
class GroupDirectory
{
  public:
    /// A group by its address.
    struct Entry
    {
        GroupId group{NO_GROUP};
        DeviceList members;
    };

    void Add(uint32_t address, GroupId group, DeviceList members)
    {
        m_entries[address] = {group, std::move(members)};
    }

    void Remove(uint32_t address)
    {
        if (m_onRemoval && m_entries.contains(address))
        {
            m_onRemoval(address);
        }
        m_entries.erase(address);
    }

    /// Who is told of a group that is about to go, while its receptions can still be asked for.
    void SetRemovalHandler(std::function<void(uint32_t address)> handler)
    {
        m_onRemoval = std::move(handler);
    }

    /// The group with this address, or nullptr.
    const Entry* Find(uint32_t address) const
    {
        const auto it = m_entries.find(address);
        return it == m_entries.end() ? nullptr : &it->second;
    }

    size_t MemoryBytes() const
    {
        size_t bytes = 0;
        for (const auto& [address, entry] : m_entries)
        {
            bytes += entry.members.MemoryBytes();
        }
        return bytes;
    }

  private:
    std::unordered_map<uint32_t, Entry> m_entries;
    std::function<void(uint32_t)> m_onRemoval;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_GROUP_DIRECTORY_H
