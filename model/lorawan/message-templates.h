// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_MESSAGE_TEMPLATES_H
#define IOTFLEET_LORAWAN_MESSAGE_TEMPLATES_H

#include "model/fleet/give-back.h"
#include "model/wire/app-payload.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::iotfleet
{

/**
 * Messages that others repeat, or nearly repeat: an operator sends a fleet the same request, or one
 * that differs in a key or a MIC alone. A queue then need not store them whole. It keeps no message
 * that nobody uses, and only a few at a time.
 *
 * Cost: O(templates) a search, a few ns where sizes differ.
 */
class MessageTemplates
{
  public:
    using Id = uint8_t;

    static constexpr Id NONE = 0xFF;

    /// Bytes in a row in which a message may differ from its template: a wrapped key.
    static constexpr size_t DIFFERENCE = 16;

    /// A template, and where a message may differ from it.
    struct Likeness
    {
        Id id{NONE};
        uint8_t offset{0}; ///< of the DIFFERENCE bytes, or of what is left of the message
    };

    /// The template that equals a message, which becomes one if it has been seen lately; or NONE.
    Id FindEqual(const wire::AppPayload& message);

    /// The template that a message is like; it becomes one if there is none; NONE if there is no
    /// room.
    Likeness FindLike(const wire::AppPayload& message);

    const wire::AppPayload& Get(Id id) const
    {
        return m_templates[id].message;
    }

    /// One more message refers to a template.
    void Hold(Id id)
    {
        m_live += m_templates[id].users++ == 0 ? 1 : 0;
    }

    /// One fewer; without any, it is forgotten.
    void Release(Id id)
    {
        m_live -= --m_templates[id].users == 0 ? 1 : 0;
        if (m_live == 0)
        {
            GiveBack(m_templates);
        }
    }

    size_t MemoryBytes() const
    {
        return m_templates.capacity() * sizeof(Template);
    }

  private:
    static constexpr size_t MOST = 64;

    struct Template
    {
        wire::AppPayload message;
        uint32_t users{0};
    };

    Id Add(const wire::AppPayload& message);

    std::vector<Template> m_templates; ///< those without users are free
    size_t m_live{0};
    std::array<wire::AppPayload, 4> m_recent{};
    size_t m_nextRecent{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_MESSAGE_TEMPLATES_H
