// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/message-templates.h"

#include <algorithm>
#include <optional>

namespace ns3::iotfleet
{

namespace
{

bool
IsSameKind(const wire::AppPayload& a, const wire::AppPayload& b)
{
    return a.size == b.size && a.port == b.port;
}

bool
IsEqual(const wire::AppPayload& a, const wire::AppPayload& b)
{
    return IsSameKind(a, b) && std::ranges::equal(a.View(), b.View());
}

/// Where the bytes begin in which messages of one size differ; nothing if they are too many.
std::optional<uint8_t>
DifferenceOf(const wire::AppPayload& a, const wire::AppPayload& b)
{
    constexpr size_t SPAN = MessageTemplates::DIFFERENCE;
    const size_t first = static_cast<size_t>(
        std::mismatch(a.View().begin(), a.View().end(), b.View().begin()).first - a.View().begin());
    const size_t last = a.size > SPAN ? a.size - SPAN : 0;
    const size_t offset = std::min(first, last);
    const size_t end = std::min<size_t>(offset + SPAN, a.size);
    const bool isRestEqual = std::equal(a.bytes.begin() + static_cast<std::ptrdiff_t>(end),
                                        a.bytes.begin() + a.size,
                                        b.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    return isRestEqual ? std::optional(static_cast<uint8_t>(offset)) : std::nullopt;
}

} // namespace

MessageTemplates::Id
MessageTemplates::FindEqual(const wire::AppPayload& message)
{
    for (Id id = 0; id < m_templates.size(); ++id)
    {
        if (m_templates[id].users > 0 && IsEqual(m_templates[id].message, message))
        {
            return id;
        }
    }
    if (std::ranges::any_of(m_recent, [&](const auto& one) { return IsEqual(one, message); }))
    {
        return Add(message);
    }
    m_recent[m_nextRecent++ % m_recent.size()] = message;
    return NONE;
}

MessageTemplates::Likeness
MessageTemplates::FindLike(const wire::AppPayload& message)
{
    for (Id id = 0; id < m_templates.size(); ++id)
    {
        if (m_templates[id].users > 0 && IsSameKind(m_templates[id].message, message))
        {
            if (const auto offset = DifferenceOf(message, m_templates[id].message))
            {
                return {id, *offset};
            }
        }
    }
    return {Add(message), 0};
}

MessageTemplates::Id
MessageTemplates::Add(const wire::AppPayload& message)
{
    auto place = std::ranges::find(m_templates, 0U, &Template::users);
    if (place == m_templates.end())
    {
        if (m_templates.size() == MOST)
        {
            return NONE;
        }
        place = m_templates.emplace(place);
    }
    place->message = message;
    return static_cast<Id>(place - m_templates.begin());
}

} // namespace ns3::iotfleet
