// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MESSAGE_POOL_H
#define IOTFLEET_LORAWAN_MESSAGE_POOL_H

#include "model/fleet/types.h"
#include "model/wire/app-payload.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace ns3::iotfleet
{

/// The last slot of each device's queue, where most devices have one: 4 bytes a device.
class DenseTails
{
  public:
    static constexpr uint32_t NONE = 0x3FFFFFFF;

    void Resize(size_t devices)
    {
        m_tail.resize(devices, NONE);
    }

    uint32_t Get(DeviceId d) const
    {
        return m_tail[Index(d)];
    }

    void Set(DeviceId d, uint32_t tail)
    {
        m_tail[Index(d)] = tail;
    }

    size_t MemoryBytes() const
    {
        return m_tail.capacity() * sizeof(uint32_t);
    }

  private:
    std::vector<uint32_t> m_tail;
};

/// The same where few devices have a queue at a time: nothing for the others.
class SparseTails
{
  public:
    static constexpr uint32_t NONE = DenseTails::NONE;

    void Resize(size_t)
    {
    }

    uint32_t Get(DeviceId d) const
    {
        const auto found = m_tail.find(static_cast<uint32_t>(d));
        return found == m_tail.end() ? NONE : found->second;
    }

    void Set(DeviceId d, uint32_t tail)
    {
        if (tail == NONE)
        {
            m_tail.erase(static_cast<uint32_t>(d));
        }
        else
        {
            m_tail[static_cast<uint32_t>(d)] = tail;
        }
    }

    size_t MemoryBytes() const
    {
        // A node of two words and a pair, in malloc's rounding, and a bucket.
        return m_tail.size() * 32 + m_tail.bucket_count() * sizeof(void*);
    }

  private:
    std::unordered_map<uint32_t, uint32_t> m_tail;
};

/**
 * A first-in first-out queue of small messages for every device, in one pool: 36 bytes for each
 * message of up to 30 bytes (TS005's McGroupSetupReq, which a whole fleet waits for at once) that
 * waits; longer ones chain slots. `Tails` is DenseTails or SparseTails.
 */
template <class Tails>
class BasicMessagePool
{
  public:
    void Resize(size_t devices)
    {
        m_tails.Resize(devices);
    }

    bool IsEmpty(DeviceId d) const
    {
        return m_tails.Get(d) == NONE;
    }

    uint32_t Count(DeviceId d) const
    {
        uint32_t count = 0;
        const uint32_t tail = m_tails.Get(d);
        for (uint32_t slot = tail; slot != NONE;)
        {
            slot = At(slot).next;
            count += At(slot).isHead;
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
            auto& slot = At(index);
            slot.port = payload.port;
            slot.total = payload.size;
            slot.isHead = head ? 1 : 0;
            slot.flag = flag ? 1 : 0;
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
        const uint32_t tail = m_tails.Get(d);
        return tail == NONE ? uint8_t{0} : At(At(tail).next).total;
    }

    uint8_t FrontPort(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        return tail == NONE ? uint8_t{0} : At(At(tail).next).port;
    }

    bool FrontFlag(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        return tail != NONE && At(At(tail).next).flag != 0;
    }

    /// The first message; the queue must not be empty.
    wire::AppPayload Front(DeviceId d) const
    {
        wire::AppPayload payload;
        uint32_t index = At(m_tails.Get(d)).next;
        payload.port = At(index).port;
        payload.size = At(index).total;
        for (size_t at = 0; at < payload.size; at += SLOT_BYTES)
        {
            const auto part = std::min<size_t>(payload.size - at, SLOT_BYTES);
            std::copy_n(At(index).bytes.begin(),
                        part,
                        payload.bytes.begin() + static_cast<ptrdiff_t>(at));
            index = At(index).next;
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
        return m_tails.MemoryBytes() + m_chunks.size() * sizeof(Chunk);
    }

  private:
    static constexpr uint32_t NONE = Tails::NONE;
    static constexpr size_t SLOT_BYTES = 30;
    static constexpr int CHUNK_BITS = 8;

    struct Slot
    {
        uint32_t next : 30;  ///< circular while queued; free list otherwise
        uint32_t isHead : 1; ///< first slot of its message
        uint32_t flag : 1;   ///< the owner's
        uint8_t port;
        uint8_t total; ///< bytes of the whole message
        std::array<uint8_t, SLOT_BYTES> bytes;
    };

    static_assert(sizeof(Slot) == 36);

    /// Slots come in chunks: a vector of a million would be copied as it grows, and be half empty.
    using Chunk = std::array<Slot, size_t{1} << CHUNK_BITS>;

    Slot& At(uint32_t slot)
    {
        return (*m_chunks[slot >> CHUNK_BITS])[slot & ((1U << CHUNK_BITS) - 1)];
    }

    const Slot& At(uint32_t slot) const
    {
        return (*m_chunks[slot >> CHUNK_BITS])[slot & ((1U << CHUNK_BITS) - 1)];
    }

    uint32_t Take()
    {
        ++m_used;
        if (m_free != NONE)
        {
            const uint32_t slot = m_free;
            m_free = At(slot).next;
            return slot;
        }
        if (m_fresh >> CHUNK_BITS == m_chunks.size())
        {
            m_chunks.push_back(std::make_unique<Chunk>());
        }
        return m_fresh++;
    }

    void Link(DeviceId d, uint32_t slot)
    {
        const uint32_t tail = m_tails.Get(d);
        if (tail == NONE)
        {
            At(slot).next = slot & NONE;
        }
        else
        {
            At(slot).next = At(tail).next;
            At(tail).next = slot & NONE;
        }
        m_tails.Set(d, slot);
    }

    void Unlink(DeviceId d)
    {
        const uint32_t tail = m_tails.Get(d);
        const uint32_t head = At(tail).next;
        if (head == tail)
        {
            m_tails.Set(d, NONE);
        }
        else
        {
            At(tail).next = At(head).next;
        }
        At(head).next = m_free & NONE;
        m_free = head;
        if (--m_used == 0)
        {
            // The set-up of a fleet is over: what it needed is given back.
            m_chunks.clear();
            m_fresh = 0;
            m_free = NONE;
        }
    }

    Tails m_tails;
    std::vector<std::unique_ptr<Chunk>> m_chunks;
    uint32_t m_fresh{0}; ///< slots from here on were never used
    uint32_t m_used{0};
    uint32_t m_free{NONE};
};

using MessagePool = BasicMessagePool<DenseTails>;
using SparseMessagePool = BasicMessagePool<SparseTails>;

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MESSAGE_POOL_H
