// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/wire/ts004-parity.h"

#include <algorithm>

/**
 * @file
 * DistributionSession: what its multicast passes send.
 */
namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;

void
DistributionSession::StartFirstPass()
{
    m_stage = Stage::PASS;
    m_record.startedS = ToSeconds(m_start);
    m_service.m_sessionStarted(m_record);
    const auto& strategy = m_service.m_config.strategy;
    if (!m_plan.ladder.empty())
    {
        SendLadder();
    }
    else
    {
        const uint32_t parity = (m_coded + strategy.parityGroups - 1) / strategy.parityGroups;
        m_parityLeft = m_coded - parity;
        m_nextCoded = m_setup.nbFrag + parity + 1;
        m_record.firstPass = m_nextCoded - 1;
        SendFragments(1, m_record.firstPass, m_plan.dataRate);
    }
    if (strategy.deleteAfterS)
    {
        AddTimer(DELETE_GROUP, m_record.id, *strategy.deleteAfterS, 0);
    }
    RunPass();
}

/// Fragments of a step of the ladder.
uint32_t
DistributionSession::StepFragments() const
{
    return m_service.m_config.strategy.ladder.fragments.value_or(m_setup.nbFrag + m_coded);
}

/**
 * The first pass at one data rate after the other. Every member shall be able to decode from one
 * step alone. Codes that count do so from any fragments, so that each step brings new ones; with
 * the others a step begins with the uncoded fragments again.
 */
void
DistributionSession::SendLadder()
{
    const uint32_t frames = StepFragments();
    m_record.firstPass = frames * static_cast<uint32_t>(m_plan.ladder.size());
    m_nextCoded = 1;
    for (const uint8_t dataRate : m_plan.ladder)
    {
        uint32_t left = frames;
        if (!IsCounted(m_fec) && m_nextCoded > m_setup.nbFrag)
        {
            const uint32_t uncoded = std::min<uint32_t>(left, m_setup.nbFrag);
            SendFragments(1, uncoded, dataRate);
            left -= uncoded;
        }
        if (IsAtEnd(left))
        {
            m_nextCoded = 1;
        }
        SendFragments(m_nextCoded, left, dataRate);
        m_nextCoded += left;
    }
}

/// TS004 number of the fragment at a place of the session's order, from 1.
uint16_t
DistributionSession::NumberOf(uint32_t index) const
{
    return static_cast<uint16_t>(m_fec == FecCode::NONE ? (index - 1) % m_setup.nbFrag + 1 : index);
}

/// Whether the numbers do not suffice for `count` more coded fragments.
bool
DistributionSession::IsAtEnd(uint32_t count) const
{
    return m_fec != FecCode::NONE && m_nextCoded + count > wire::TS004_MAX_FRAGMENT_NUMBER;
}

void
DistributionSession::SendFragments(uint32_t first, uint32_t count, uint8_t dataRate)
{
    GroupFrame frame;
    frame.port = ts004::FPORT;
    frame.sizeBytes = static_cast<uint8_t>(m_setup.fragSize + ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    frame.dataRate = dataRate;
    UseKey(frame);
    m_pass.push_back({first, count, dataRate});
    auto& access = *m_service.m_env.access;
    for (uint32_t i = 0; i < count; ++i)
    {
        frame.number = NumberOf(first + i);
        access.SendToGroup(m_group, frame);
    }
    m_record.fragmentsSent += count;
    m_service.m_totals.bytesMulticast += uint64_t{count} * frame.sizeBytes;
}

void
DistributionSession::OnGroupSent(uint16_t number, double airtimeS)
{
    ++m_frames;
    m_aired += number != 0 ? 1 : 0;
    m_record.airtimeS += airtimeS;
    m_service.m_totals.multicastAirtimeS += airtimeS;
    const bool firstPass = number != 0 && m_aired <= m_record.firstPass;
    m_service.m_totals.air.Add(firstPass ? AirPurpose::FIRST_PASS : AirPurpose::REPAIR, airtimeS);
}

/// Takes back what has not gone out of the frames that were counted when they were queued.
void
DistributionSession::DropGroup()
{
    if (m_group == NO_GROUP || m_isGroupDropped)
    {
        return;
    }
    m_isGroupDropped = true;
    auto& access = *m_service.m_env.access;
    const uint32_t dropped = access.DropGroupFrames(m_group);
    if (m_stage != Stage::PASS || dropped == 0)
    {
        return;
    }
    const auto bytes = m_setup.fragSize + ts004::DATA_FRAGMENT_OVERHEAD_BYTES;
    m_record.fragmentsSent -= dropped;
    m_service.m_totals.bytesMulticast -= uint64_t{dropped} * bytes;
}

/// The server forgets the group however much of it is still queued, as ChirpStack may do
/// (chirpstack#1029). The devices are not told and listen on.
void
DistributionSession::OnDeleteGroup()
{
    const bool isBetween = m_stage == Stage::SESSION_SETUP && m_windows > 0;
    if (m_stage == Stage::PASS || m_stage == Stage::REKEY || m_stage == Stage::STATUS || isBetween)
    {
        ++m_generation; // no step is awaited any more
        DropGroup();
        StartUnicast();
    }
}

void
DistributionSession::WhenIdle()
{
    m_service.m_env.access->WhenGroupIdle(m_group, [this](GroupId) { OnPassDone(); });
}

void
DistributionSession::OnPassDone()
{
    if (m_stage == Stage::STATUS)
    {
        return NextStepAfter(StatusWaitS());
    }
    if (m_stage != Stage::PASS)
    {
        return;
    }
    ++m_generation; // the window's end is not awaited any more
    m_pass.clear();
    if (m_plan.carousel)
    {
        return m_service.m_config.statusRequest ? RequestStatus(false) : EndTurn();
    }
    if (!m_service.m_config.statusRequest)
    {
        return EndTransfer();
    }
    // As long as parity is left, only who misses fragments has to say so.
    HasRoom(FrameIntervalS(m_plan.dataRate)) ? RequestStatus(m_parityLeft == 0) : NextWindow();
}

} // namespace ns3::iotfleet
