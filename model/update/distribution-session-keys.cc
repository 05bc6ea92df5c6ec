// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"

#include "ns3/simulator.h"

#include <algorithm>

/**
 * @file
 * DistributionSession: the group's key, and what a change of it does to a pass under way.
 */
namespace ns3::iotfleet
{

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

void
DistributionSession::DrawKey()
{
    // Any purpose that a session has to itself: the key must only differ from draw to draw.
    const auto words =
        m_service.m_env.random.Words(Purpose::SESSION_CLOCK, 0xFFFFFFFF, m_record.id, m_keys++);
    for (size_t i = 0; i < m_key.size(); ++i)
    {
        m_key[i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
    }
    if (!m_plan.unicast && !m_isKeyless)
    {
        m_service.m_env.directory->AddKey(m_address, m_key);
    }
}

/// Protects a frame by the newest key.
void
DistributionSession::UseKey(GroupFrame& frame)
{
    if (m_keyInUse != m_keys)
    {
        m_keyInUse = m_keys;
        m_service.m_env.access->SetGroupKey(m_group, m_key);
    }
    frame.keyNumber = static_cast<uint16_t>(m_keyInUse - 1);
}

/**
 * A member takes the new key in place of the old one, and whoever is evicted has the old one still:
 * a pass under way stops at once and goes on under the new key, when the members have answered or
 * have been waited for long enough. A carousel goes on at once: its fragments come again.
 */
uint32_t
DistributionSession::Rekey(std::span<const DeviceId> without)
{
    DrawKey();
    std::vector<uint32_t> asked;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const DeviceId device = m_devices[m];
        if (std::ranges::find(without, device) != without.end())
        {
            Put(m, HAS_KEY, false);
        }
        else if (Is(m, HAS_KEY))
        {
            m_service.Send(device, GroupSetupMessage(device));
            asked.push_back(m);
        }
        else if (m_stage == Stage::GROUP_SETUP && !Is(m, OUT) && !Is(m, FINAL))
        {
            // Its set-up message names the old key, if it has not left yet.
            m_service.m_env.access->DropPending(device);
            SendSetup(m);
        }
    }
    const bool isSending =
        m_stage == Stage::PASS || m_stage == Stage::REKEY || m_stage == Stage::STATUS;
    if (!isSending || m_isGroupDropped)
    {
        return static_cast<uint32_t>(asked.size());
    }
    if (m_plan.carousel)
    {
        if (m_stage == Stage::PASS && CutPass() > 0)
        {
            ResumePass();
        }
        return static_cast<uint32_t>(asked.size());
    }
    AwaitKeys(asked);
    return static_cast<uint32_t>(asked.size());
}

/// Waits as long as the first message of the set-up took to reach the slowest, and one look more.
void
DistributionSession::AwaitKeys(std::span<const uint32_t> members)
{
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        Put(m, ANSWERED, true);
    }
    m_awaitedKeys = 0;
    for (const uint32_t m : members)
    {
        if (!Is(m, OUT) && !Is(m, FINAL) && !Is(m, COMPLETE))
        {
            Put(m, ANSWERED, false);
            Put(m, QUIET, false);
            m_members[m].tries = 0;
            ++m_awaitedKeys;
        }
    }
    m_keyDeadline = Now() + ToTicks(MarginS() + m_service.m_config.setupRetryS);
    if (m_stage != Stage::STATUS)
    {
        CutPass();
        m_stage = Stage::REKEY;
        LookAtKeys();
    }
}

/// Sends the key again to those that stay silent.
void
DistributionSession::LookAtKeys()
{
    if (m_awaitedKeys == 0 || Now() >= m_keyDeadline)
    {
        return EndRekey();
    }
    const auto& config = m_service.m_config;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        if (Is(m, ANSWERED) || Is(m, FINAL))
        {
            continue;
        }
        const bool pending = m_service.m_env.access->PendingToDevice(m_devices[m]) > 0;
        if (!pending && Is(m, QUIET) && m_members[m].tries < config.setupRetries)
        {
            ++m_members[m].tries;
            m_service.Send(m_devices[m], GroupSetupMessage(m_devices[m]));
        }
        Put(m, QUIET, !pending);
    }
    NextStepAfter(std::min(config.setupRetryS, ToSeconds(m_keyDeadline - Now())));
}

/// The member has answered or leaves; whether it was waited for.
bool
DistributionSession::StopAwaitingKey(uint32_t member)
{
    const bool isAwaited = m_stage == Stage::REKEY || m_stage == Stage::STATUS;
    if (!isAwaited || m_awaitedKeys == 0 || Is(member, ANSWERED))
    {
        return false;
    }
    Put(member, ANSWERED, true);
    --m_awaitedKeys;
    return true;
}

/// The member leaves the session. If the others have answered, the pass need not wait any longer.
void
DistributionSession::LeaveKeyChange(uint32_t member)
{
    if (StopAwaitingKey(member) && m_awaitedKeys == 0 && m_stage == Stage::REKEY)
    {
        NextStepAfter(0);
    }
}

void
DistributionSession::OnKeyAnswer(uint32_t member)
{
    if (!StopAwaitingKey(member))
    {
        return;
    }
    if (m_awaitedKeys == 0 && m_stage == Stage::REKEY)
    {
        EndRekey();
    }
}

/// The pass goes on under the new key: who has not answered has to be served otherwise.
void
DistributionSession::EndRekey()
{
    ++m_generation; // no step is awaited any more
    m_awaitedKeys = 0;
    HasRoom(FrameIntervalS(m_plan.dataRate)) ? ResumePass() : NextWindow();
}

bool
DistributionSession::HoldsKey(DeviceId device) const
{
    const auto member = MemberOf(device);
    return member && Is(*member, HAS_KEY);
}

void
DistributionSession::ForgetKeys(std::span<const DeviceId> devices)
{
    for (const DeviceId device : devices)
    {
        if (const auto member = MemberOf(device))
        {
            Put(*member, HAS_KEY, false);
        }
    }
}

} // namespace ns3::iotfleet
