// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_GROUP_DIRECTORY_H
#define IOTFLEET_UPDATE_GROUP_DIRECTORY_H

#include "model/fleet/device-list.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Which group of the AccessNetwork a multicast address stands for, which of its members a device
 * is, and which of its keys is which. On the air address and key alone do that; the simulator's
 * interface works with indices and numbers.
 * It carries no message and nobody may decide anything from it.
 */
class GroupDirectory
{
  public:
    using Key = std::array<uint8_t, 16>; ///< McKey

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
        m_keys.erase(address);
    }

    /// A further McKey of a group: the first one is number 0. Whoever adds one removes the group in
    /// the end, whether or not it has come to be.
    void AddKey(uint32_t address, const Key& key)
    {
        m_keys[address].push_back(key);
    }

    /// Keys that the group has had.
    uint16_t Keys(uint32_t address) const
    {
        const auto it = m_keys.find(address);
        return static_cast<uint16_t>(it == m_keys.end() ? 0 : it->second.size());
    }

    /// Number of a key; Keys() if the group never had it.
    uint16_t NumberOf(uint32_t address, const Key& key) const
    {
        const auto it = m_keys.find(address);
        return static_cast<uint16_t>(
            it == m_keys.end() ? 0 : std::ranges::find(it->second, key) - it->second.begin());
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
        for (const auto& [address, keys] : m_keys)
        {
            bytes += keys.capacity() * sizeof(Key);
        }
        return bytes;
    }

  private:
    std::unordered_map<uint32_t, Entry> m_entries;
    std::unordered_map<uint32_t, std::vector<Key>> m_keys; ///< by address
    std::function<void(uint32_t)> m_onRemoval;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_GROUP_DIRECTORY_H
