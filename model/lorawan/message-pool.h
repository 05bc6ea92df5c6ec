// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MESSAGE_POOL_H
#define IOTFLEET_LORAWAN_MESSAGE_POOL_H

#include "model/fleet/types.h"
#include "model/wire/app-payload.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/**
 * A first-in first-out queue of small messages for every device, in one pool: 4 bytes for a device
 * that has none, 48 bytes for each message of up to 34 bytes that waits (longer ones chain slots).
 */
class MessagePool
{
  public:
    void Resize(size_t devices)
    {
        m_tail.resize(devices, NONE);
    }

    bool IsEmpty(DeviceId d) const
    {
        return m_tail[Index(d)] == NONE;
    }

    void Prefetch(DeviceId d) const
    {
        __builtin_prefetch(&m_tail[Index(d)]);
    }

    uint32_t Count(DeviceId d) const
    {
        uint32_t count = 0;
        const uint32_t tail = m_tail[Index(d)];
        for (uint32_t slot = tail; slot != NONE;)
        {
            slot = m_slots[slot].next;
            count += m_slots[slot].isHead ? 1 : 0;
            slot = slot == tail ? NONE : slot;
        }
        return count;
    }

    /// Appends a message; `flag` is the owner's.
    void Push(DeviceId d, const wire::AppPayload& payload, bool flag = false)
    {
        size_t at = 0;
        bool head = true;
        do
        {
            const auto part = std::min<size_t>(payload.size - at, SLOT_BYTES);
            const uint32_t index = Take();
            auto& slot = m_slots[index];
            slot.port = payload.port;
            slot.total = payload.size;
            slot.isHead = head;
            slot.flag = flag;
            std::copy_n(payload.bytes.begin() + static_cast<ptrdiff_t>(at),
                        part,
                        slot.bytes.begin());
            Link(d, index);
            at += part;
            head = false;
        } while (at < payload.size);
    }

    /// Application bytes of the first message; 0 if there is none.
    uint8_t FrontSize(DeviceId d) const
    {
        const uint32_t tail = m_tail[Index(d)];
        return tail == NONE ? uint8_t{0} : m_slots[m_slots[tail].next].total;
    }

    uint8_t FrontPort(DeviceId d) const
    {
        const uint32_t tail = m_tail[Index(d)];
        return tail == NONE ? uint8_t{0} : m_slots[m_slots[tail].next].port;
    }

    bool FrontFlag(DeviceId d) const
    {
        const uint32_t tail = m_tail[Index(d)];
        return tail != NONE && m_slots[m_slots[tail].next].flag;
    }

    /// The first message; the queue must not be empty.
    wire::AppPayload Front(DeviceId d) const
    {
        wire::AppPayload payload;
        uint32_t index = m_slots[m_tail[Index(d)]].next;
        payload.port = m_slots[index].port;
        payload.size = m_slots[index].total;
        for (size_t at = 0; at < payload.size; at += SLOT_BYTES)
        {
            const auto part = std::min<size_t>(payload.size - at, SLOT_BYTES);
            std::copy_n(m_slots[index].bytes.begin(),
                        part,
                        payload.bytes.begin() + static_cast<ptrdiff_t>(at));
            index = m_slots[index].next;
        }
        return payload;
    }

    /// Takes the first message out; the queue must not be empty.
    wire::AppPayload Pop(DeviceId d)
    {
        const wire::AppPayload payload = Front(d);
        size_t at = 0;
        do
        {
            Unlink(d);
            at += SLOT_BYTES;
        } while (at < payload.size);
        return payload;
    }

    void Clear(DeviceId d)
    {
        while (!IsEmpty(d))
        {
            Unlink(d);
        }
    }

    size_t MemoryBytes() const
    {
        return m_tail.capacity() * sizeof(uint32_t) + m_slots.capacity() * sizeof(Slot);
    }

  private:
    static constexpr uint32_t NONE = 0xFFFFFFFF;
    static constexpr size_t SLOT_BYTES = 34;

    struct Slot
    {
        uint32_t next; ///< circular while queued; free list otherwise
        uint8_t port;
        uint8_t total; ///< bytes of the whole message
        bool isHead;   ///< first slot of its message
        bool flag;
        std::array<uint8_t, SLOT_BYTES> bytes;
    };

    uint32_t Take()
    {
        if (m_free == NONE)
        {
            m_slots.push_back({});
            return static_cast<uint32_t>(m_slots.size() - 1);
        }
        const uint32_t slot = m_free;
        m_free = m_slots[slot].next;
        return slot;
    }

    void Link(DeviceId d, uint32_t slot)
    {
        uint32_t& tail = m_tail[Index(d)];
        if (tail == NONE)
        {
            m_slots[slot].next = slot;
        }
        else
        {
            m_slots[slot].next = m_slots[tail].next;
            m_slots[tail].next = slot;
        }
        tail = slot;
    }

    void Unlink(DeviceId d)
    {
        uint32_t& tail = m_tail[Index(d)];
        const uint32_t head = m_slots[tail].next;
        if (head == tail)
        {
            tail = NONE;
        }
        else
        {
            m_slots[tail].next = m_slots[head].next;
        }
        m_slots[head].next = m_free;
        m_free = head;
    }

    std::vector<uint32_t> m_tail; ///< last slot of a device's circular list
    std::vector<Slot> m_slots;
    uint32_t m_free{NONE};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MESSAGE_POOL_H
