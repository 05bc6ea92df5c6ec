// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include <algorithm>

/**
 * @file
 * How many fragments each device received, for the results. Nothing here changes what devices do.
 */
namespace ns3::iotfleet
{

namespace
{

constexpr uint16_t NOT_COUNTED = 0xFFFF;

} // namespace

void
UpdateAgent::Record(DeviceId device, uint32_t fragments)
{
    m_fragments.resize(m_rows.size(), NOT_COUNTED);
    m_fragments[Index(device)] = static_cast<uint16_t>(std::min<uint32_t>(fragments, 0xFFFE));
}

/// A group is about to go, and with it the history from which the counts are worked out.
void
UpdateAgent::RecordGroup(uint32_t address)
{
    const auto found = m_sessions.find(address);
    if (!m_countFragments || found == m_sessions.end())
    {
        return;
    }
    const auto& session = found->second;
    for (uint32_t m = 0; m < session.members.size(); ++m)
    {
        const DeviceId device = session.members[m];
        // Who has been called to another group since counts there.
        if (AddressOf(device) == address && session.tracker->TookPart(m))
        {
            Record(device, session.tracker->Held(m));
        }
    }
}

void
UpdateAgent::RecordUnicast(DeviceId device)
{
    const auto found = m_unicast.find(static_cast<uint32_t>(device));
    if (m_countFragments && found != m_unicast.end())
    {
        Record(device, found->second->Held(0));
    }
}

std::optional<uint32_t>
UpdateAgent::FragmentsReceived(DeviceId device)
{
    uint32_t member = 0;
    Session* session = SessionOf(device, member);
    const bool isKnown = m_env.directory->Find(AddressOf(device)) != nullptr;
    if (m_countFragments && isKnown && session != nullptr && session->tracker->TookPart(member))
    {
        return session->tracker->Held(member);
    }
    RecordUnicast(device);
    if (m_fragments.empty() || m_fragments[Index(device)] == NOT_COUNTED)
    {
        return std::nullopt;
    }
    return m_fragments[Index(device)];
}

} // namespace ns3::iotfleet
