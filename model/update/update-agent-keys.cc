// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"
#include "model/wire/lorawan-keys.h"

#include <bit>

/**
 * @file
 * Which key of their group devices hold, and what of the group's frames they can read with it.
 * Nothing here costs anything while no group gets a second key.
 */
namespace ns3::iotfleet
{

namespace ts005 = wire::ts005;

/// A key takes the place of the one before at once: what is still sent under that one is lost
/// (TS005 McGroupSetupReq).
void
UpdateAgent::TakeKey(DeviceId device, const ts005::McGroupSetupReq& request)
{
    const auto number = static_cast<uint32_t>(device);
    const uint16_t key = NumberOfKey(device, request);
    if (key == 0)
    {
        m_keys.erase(number);
    }
    else
    {
        m_keys[number] = key;
    }
    uint32_t member = 0;
    if (Session* session = SessionOf(device, member))
    {
        SetDeaf(*session, member, key != session->key);
    }
}

/// What the device decrypts, found among the keys that the group has had.
uint16_t
UpdateAgent::NumberOfKey(DeviceId device, const ts005::McGroupSetupReq& request) const
{
    const uint16_t keys = m_env.directory->Keys(request.mcAddr);
    if (keys <= 1 || !m_env.keyOf)
    {
        return keys == 0 ? keys : static_cast<uint16_t>(keys - 1);
    }
    const auto own = m_env.keyOf(device);
    const auto root = m_config.lorawan11 ? wire::DeriveMcRootKeyFromAppKey(own)
                                         : wire::DeriveMcRootKeyFromGenAppKey(own);
    const auto key = wire::DecryptMcKey(wire::DeriveMcKEKey(root), request.mcKeyEncrypted);
    return m_env.directory->NumberOf(request.mcAddr, key);
}

uint16_t
UpdateAgent::HeldKey(DeviceId device) const
{
    const auto found = m_keys.find(static_cast<uint32_t>(device));
    return found == m_keys.end() ? uint16_t{0} : found->second;
}

/// The sender has begun to use another key.
void
UpdateAgent::SwitchKey(Session& session, uint16_t key)
{
    session.key = key;
    for (uint32_t m = 0; m < session.members.size(); ++m)
    {
        const DeviceId device = session.members[m];
        // Who has been called to another group since holds no key of this one.
        const bool isHere = AddressOf(device) == session.address;
        SetDeaf(session, m, !isHere || HeldKey(device) != key);
    }
}

bool
UpdateAgent::IsDeaf(const Session& session, uint32_t member)
{
    return !session.deaf.empty() && (session.deaf[member / 8] >> (member % 8) & 1) != 0;
}

/// A member that listens but cannot decrypt is, for the block, as one that does not listen.
void
UpdateAgent::SetDeaf(Session& session, uint32_t member, bool isDeaf)
{
    if (isDeaf == IsDeaf(session, member))
    {
        return;
    }
    session.deaf.resize((session.members.size() + 7) / 8);
    session.deaf[member / 8] ^= static_cast<uint8_t>(1U << (member % 8));
    const DeviceId device = session.members[member];
    if (Has(device, LISTENING) && AddressOf(device) == session.address)
    {
        isDeaf ? session.tracker->Close(member) : session.tracker->Open(member);
    }
}

/// Who of those that received a frame can read it.
std::span<const uint8_t>
UpdateAgent::Understand(Session& session, const GroupReception& reception)
{
    if (reception.frame.keyNumber != session.key)
    {
        SwitchKey(session, reception.frame.keyNumber);
    }
    if (session.deaf.empty())
    {
        return reception.heard;
    }
    session.understood.resize(reception.heard.size());
    uint64_t lost = 0;
    for (size_t i = 0; i < reception.heard.size(); ++i)
    {
        const uint32_t heard = reception.heard[i];
        const uint32_t deaf = session.deaf[i];
        session.understood[i] = static_cast<uint8_t>(heard & ~deaf);
        lost += static_cast<uint64_t>(std::popcount(heard & deaf));
    }
    m_undecryptedBytes += lost * reception.frame.sizeBytes;
    return session.understood;
}

} // namespace ns3::iotfleet
