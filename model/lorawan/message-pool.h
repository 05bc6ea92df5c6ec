// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MESSAGE_POOL_H
#define IOTFLEET_LORAWAN_MESSAGE_POOL_H

#include "model/fleet/give-back.h"
#include "model/fleet/types.h"
#include "model/lorawan/message-templates.h"
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
 * A first-in first-out queue of messages for every device, in one pool. What many devices are sent
 * alike is stored once (MessageTemplates): a request that waits alone in its queue and equals
 * others needs nothing but the queue's tail, and one that differs in a key of 16 bytes (TS005's
 * McGroupSetupReq, which a whole fleet waits for at once), like any message of up to 18 bytes, a
 * slot of 24 bytes; other long ones chain slots. `Tails` is DenseTails or SparseTails.
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
        const uint32_t tail = m_tails.Get(d);
        if (tail == NONE || IsAlone(tail))
        {
            return tail == NONE ? 0 : 1;
        }
        uint32_t count = 0;
        uint32_t slot = tail;
        do
        {
            slot = At(slot).next;
            count += At(slot).isHead;
        } while (slot != tail);
        return count;
    }

    /// Appends a message; `flag` is the owner's.
    void Push(DeviceId d, const wire::AppPayload& payload, bool flag = false)
    {
        const uint32_t tail = m_tails.Get(d);
        if (tail == NONE)
        {
            if (const auto id = m_templates.FindEqual(payload); id != MessageTemplates::NONE)
            {
                m_templates.Hold(id);
                m_tails.Set(d, ALONE | (flag ? ALONE_FLAG : 0U) | id);
                return;
            }
        }
        else if (IsAlone(tail))
        {
            m_tails.Set(d, NONE);
            Store(d, m_templates.Get(IdOf(tail)), (tail & ALONE_FLAG) != 0);
            m_templates.Release(IdOf(tail));
        }
        Store(d, payload, flag);
    }

    /// Application bytes of the first message; 0 if there is none.
    uint8_t FrontSize(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        return tail == NONE    ? uint8_t{0}
               : IsAlone(tail) ? m_templates.Get(IdOf(tail)).size
                               : At(At(tail).next).total;
    }

    uint8_t FrontPort(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        return tail == NONE    ? uint8_t{0}
               : IsAlone(tail) ? m_templates.Get(IdOf(tail)).port
                               : At(At(tail).next).port;
    }

    bool FrontFlag(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        return tail != NONE &&
               (IsAlone(tail) ? (tail & ALONE_FLAG) != 0 : At(At(tail).next).flag != 0);
    }

    /// The first message; the queue must not be empty.
    wire::AppPayload Front(DeviceId d) const
    {
        const uint32_t tail = m_tails.Get(d);
        if (IsAlone(tail))
        {
            return m_templates.Get(IdOf(tail));
        }
        uint32_t index = At(tail).next;
        const auto& head = At(index);
        if (head.isLike != 0)
        {
            auto payload = m_templates.Get(head.bytes[0]);
            std::copy_n(head.bytes.begin() + LIKE_HEAD,
                        LikeBytes(head),
                        payload.bytes.begin() + head.bytes[1]);
            return payload;
        }
        wire::AppPayload payload;
        payload.port = head.port;
        payload.size = head.total;
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
        const uint32_t tail = m_tails.Get(d);
        if (IsAlone(tail))
        {
            m_templates.Release(IdOf(tail));
            m_tails.Set(d, NONE);
            return payload;
        }
        const bool isLike = At(At(tail).next).isLike != 0;
        size_t at = 0;
        do
        {
            Unlink(d);
            at += SLOT_BYTES;
        } while (!isLike && at < payload.size);
        return payload;
    }

    void Clear(DeviceId d)
    {
        while (!IsEmpty(d))
        {
            Pop(d);
        }
    }

    size_t MemoryBytes() const
    {
        return m_tails.MemoryBytes() + m_templates.MemoryBytes() +
               m_chunks.capacity() * sizeof(Chunk) + m_allocated * sizeof(Slots) +
               m_open.capacity() * sizeof(uint32_t);
    }

  private:
    static constexpr uint32_t NONE = Tails::NONE;
    static constexpr size_t SLOT_BYTES = 18;
    static constexpr ptrdiff_t LIKE_HEAD = 2; ///< bytes of a slot before what differs
    static constexpr int CHUNK_BITS = 6;
    static constexpr uint32_t CHUNK_SLOTS = 1U << CHUNK_BITS;

    /// A tail with this bit is no slot: the queue holds one message, equal to a template.
    static constexpr uint32_t ALONE = 0x20000000;
    static constexpr uint32_t ALONE_FLAG = 0x100; ///< the owner's flag of that message

    struct Slot
    {
        uint32_t next : 29;  ///< circular while queued; place in its chunk's free list otherwise
        uint32_t isHead : 1; ///< first slot of its message
        uint32_t flag : 1;   ///< the owner's
        uint32_t isLike : 1; ///< holds a template's id, an offset and what differs from there on
        uint8_t port;
        uint8_t total; ///< bytes of the whole message
        std::array<uint8_t, SLOT_BYTES> bytes;
    };

    static_assert(sizeof(Slot) == 24);
    static_assert(SLOT_BYTES == LIKE_HEAD + MessageTemplates::DIFFERENCE);

    using Slots = std::array<Slot, CHUNK_SLOTS>;

    /// Slots come in chunks, whose room is given back one by one as the set-up of a fleet goes on.
    struct Chunk
    {
        std::unique_ptr<Slots> slots;
        uint8_t used{0};
        uint8_t fresh{0};          ///< slots from here on were never used
        uint8_t free{CHUNK_SLOTS}; ///< first of the free list
        bool isOpen{false};        ///< stands in m_open
    };

    static bool IsAlone(uint32_t tail)
    {
        return (tail & ALONE) != 0;
    }

    static MessageTemplates::Id IdOf(uint32_t tail)
    {
        return static_cast<MessageTemplates::Id>(tail);
    }

    static size_t LikeBytes(const Slot& slot)
    {
        return std::min<size_t>(MessageTemplates::DIFFERENCE, size_t{slot.total} - slot.bytes[1]);
    }

    Slot& At(uint32_t slot)
    {
        return (*m_chunks[slot >> CHUNK_BITS].slots)[slot & (CHUNK_SLOTS - 1)];
    }

    const Slot& At(uint32_t slot) const
    {
        return (*m_chunks[slot >> CHUNK_BITS].slots)[slot & (CHUNK_SLOTS - 1)];
    }

    void Store(DeviceId d, const wire::AppPayload& payload, bool flag)
    {
        if (payload.size > SLOT_BYTES)
        {
            if (const auto like = m_templates.FindLike(payload); like.id != MessageTemplates::NONE)
            {
                m_templates.Hold(like.id);
                auto& slot = Append(d, payload, flag, true);
                slot.isLike = 1;
                slot.bytes[0] = like.id;
                slot.bytes[1] = like.offset;
                std::copy_n(payload.bytes.begin() + like.offset,
                            LikeBytes(slot),
                            slot.bytes.begin() + LIKE_HEAD);
                return;
            }
        }
        size_t at = 0;
        do
        {
            const auto part = std::min<size_t>(payload.size - at, SLOT_BYTES);
            std::copy_n(payload.bytes.begin() + static_cast<ptrdiff_t>(at),
                        part,
                        Append(d, payload, flag, at == 0).bytes.begin());
            at += part;
        } while (at < payload.size);
    }

    /// A new slot at the end of the device's queue, all set but for its bytes.
    Slot& Append(DeviceId d, const wire::AppPayload& payload, bool flag, bool isHead)
    {
        const uint32_t index = Take();
        auto& slot = At(index);
        slot.port = payload.port;
        slot.total = payload.size;
        slot.isHead = isHead ? 1 : 0;
        slot.flag = flag ? 1 : 0;
        slot.isLike = 0;
        const uint32_t tail = m_tails.Get(d);
        slot.next = (tail == NONE ? index : At(tail).next) & SLOT_MASK;
        if (tail != NONE)
        {
            At(tail).next = index & SLOT_MASK;
        }
        m_tails.Set(d, index);
        return slot;
    }

    uint32_t Take()
    {
        while (!m_open.empty() && m_chunks[m_open.back()].used == CHUNK_SLOTS)
        {
            m_chunks[m_open.back()].isOpen = false;
            m_open.pop_back();
        }
        if (m_open.empty())
        {
            m_open.push_back(static_cast<uint32_t>(m_chunks.size()));
            m_chunks.emplace_back().isOpen = true;
        }
        const uint32_t number = m_open.back();
        auto& chunk = m_chunks[number];
        if (!chunk.slots)
        {
            chunk.slots = std::make_unique_for_overwrite<Slots>();
            ++m_allocated;
        }
        ++chunk.used;
        uint32_t place = chunk.free;
        if (place == CHUNK_SLOTS)
        {
            place = chunk.fresh++;
        }
        else
        {
            chunk.free = static_cast<uint8_t>((*chunk.slots)[place].next);
        }
        return number << CHUNK_BITS | place;
    }

    /// Takes the first slot out of a queue.
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
        if (At(head).isLike != 0)
        {
            m_templates.Release(At(head).bytes[0]);
        }
        Free(head);
    }

    void Free(uint32_t index)
    {
        const uint32_t number = index >> CHUNK_BITS;
        auto& chunk = m_chunks[number];
        const uint32_t place = index & (CHUNK_SLOTS - 1);
        (*chunk.slots)[place].next = chunk.free;
        chunk.free = static_cast<uint8_t>(place);
        if (!chunk.isOpen)
        {
            chunk.isOpen = true;
            m_open.push_back(number);
        }
        if (--chunk.used == 0)
        {
            chunk.slots.reset();
            chunk.fresh = 0;
            chunk.free = CHUNK_SLOTS;
            --m_allocated;
        }
        if (m_allocated == 0)
        {
            GiveBack(m_chunks);
            GiveBack(m_open);
        }
    }

    static constexpr uint32_t SLOT_MASK = ALONE - 1;

    Tails m_tails;
    MessageTemplates m_templates;
    std::vector<Chunk> m_chunks;
    std::vector<uint32_t> m_open; ///< chunks that have or had room; the last one is used next
    size_t m_allocated{0};        ///< chunks that hold slots
};

using MessagePool = BasicMessagePool<DenseTails>;
using SparseMessagePool = BasicMessagePool<SparseTails>;

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MESSAGE_POOL_H
