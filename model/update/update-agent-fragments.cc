// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"

#include "ns3/simulator.h"

#include <cmath>

/**
 * @file
 * The device's side of TS004: the fragmentation session, its status and what completes it.
 */
namespace ns3::iotfleet
{

namespace ts004 = wire::ts004;

namespace
{

constexpr uint8_t ACKNOWLEDGEMENT_REPEATS = 3;

uint32_t
DescriptorCode(const std::array<uint8_t, 4>& descriptor)
{
    return descriptor[0] | uint32_t{descriptor[1]} << 8 | uint32_t{descriptor[2]} << 16 |
           uint32_t{descriptor[3]} << 24;
}

} // namespace

void
UpdateAgent::OnFragmentation(DeviceId device, const wire::AppPayload& payload)
{
    if (!HearsOperator(device))
    {
        return;
    }
    for (const auto& command : ts004::DecodeDownlink(m_version, payload.View()).commands)
    {
        std::visit([this, device](const auto& request) { Handle(device, request); }, command);
    }
}

void
UpdateAgent::OnGroup(const GroupReception& reception)
{
    for (auto& [address, session] : m_sessions)
    {
        if (session.group != reception.group || m_env.directory->Find(address) == nullptr)
        {
            continue;
        }
        session.tracker->SkipTo(reception.sequence);
        auto& completed = session.completed;
        completed.clear();
        const auto heard = Understand(session, reception);
        session.tracker->Hear(reception.frame.number, heard, completed);
        if (reception.frame.number == 0)
        {
            OnGroupCommand(session, reception, heard);
            return;
        }
        for (const uint32_t member : completed)
        {
            BlockComplete(session.members[member]);
        }
        return;
    }
}

void
UpdateAgent::OnGroupCommand(const Session& session,
                            const GroupReception& reception,
                            std::span<const uint8_t> heard)
{
    const auto decoded = ts004::DecodeDownlink(m_version, reception.frame.command.View());
    for (const auto& command : decoded.commands)
    {
        const auto* request = std::get_if<ts004::FragSessionStatusReq>(&command);
        for (size_t m = 0; request != nullptr && m < session.members.size(); ++m)
        {
            const DeviceId device = session.members[m];
            const bool isHeard = (heard[m / 8] >> (m % 8) & 1) != 0;
            // Who has refused the image may listen on, and knows of no block.
            const bool isAsked = request->participants || !Has(device, BLOCK_COMPLETE);
            if (!isHeard || !isAsked || RowOf(device).block == NO_BLOCK)
            {
                continue;
            }
            After(device, STATUS_ANSWER, AnswerDelayS(device, reception.sequence));
        }
    }
}

/// Devices spread their answers to a multicast over 2^(BlockAckDelay + 4) s (TS004 section 3.2).
double
UpdateAgent::AnswerDelayS(DeviceId device, uint32_t salt) const
{
    const auto& block = m_blocks[m_rows[Index(device)].block];
    const double longest = std::ldexp(1.0, block.setup.blockAckDelay + 4);
    return longest * Uniform(device, Purpose::STATUS_DELAY, salt);
}

uint32_t
UpdateAgent::RedundancyMemory(DeviceId device) const
{
    return m_config.redundancyMemory > 0
               ? m_config.redundancyMemory
               : static_cast<uint32_t>(m_env.fleet->Profile(device).redundancyMemory);
}

void
UpdateAgent::Handle(DeviceId device, const ts004::FragSessionSetupReq& request)
{
    const ImageId payload = FindByVersionCode(*m_env.catalog, DescriptorCode(request.descriptor));
    const auto answer = Judge(device, request, payload);
    if (!answer.IsAccepted())
    {
        if (RowOf(device).block == NO_BLOCK &&
            m_env.fleet->GetUpdate(device) == UpdateState::NOTIFIED)
        {
            m_env.fleet->Set(device, UpdateState::IDLE, "set-up-refused");
        }
        if (!Has(device, IGNORES))
        {
            Answer(device, ts004::FPORT, answer);
        }
        return;
    }
    const uint16_t block = Intern(request, m_env.catalog->Installs(payload));
    double delayS = 0;
    if (RowOf(device).block != block)
    {
        TakeBlock(device, block);
        delayS = m_config.fragSetupDelayS;
    }
    if (!Has(device, IGNORES))
    {
        After(device, SETUP_ANSWER, delayS);
    }
    if (request.mcGroupBitMask == 0)
    {
        StartPolling(device);
    }
}

/// Whether a block is of use: not what runs already, and no delta from another version.
bool
UpdateAgent::Wants(DeviceId device, ImageId payload) const
{
    if (payload == NO_IMAGE)
    {
        return false;
    }
    const ImageId source = m_env.catalog->Get(payload).source;
    const ImageId running = RunningImage(device);
    return m_env.catalog->Installs(payload) != running && (source == NO_IMAGE || source == running);
}

ts004::FragSessionSetupAns
UpdateAgent::Judge(DeviceId device,
                   const ts004::FragSessionSetupReq& request,
                   ImageId payload) const
{
    const auto& row = m_rows[Index(device)];
    const auto& profile = m_env.fleet->Profile(device);
    const auto state = m_env.fleet->GetUpdate(device);
    ts004::FragSessionSetupAns answer;
    answer.fragIndex = request.fragIndex;
    answer.fragIndexUnsupported = request.fragIndex != 0;
    answer.fragAlgoUnsupported = request.fragAlgo != FragAlgoOf(m_fec);
    answer.wrongDescriptor = !Wants(device, payload);
    // The slot is taken while an image is being checked, written or tried.
    auto setup = request;
    setup.mic = {};
    const bool same = row.block != NO_BLOCK && m_blocks[row.block].setup == setup;
    const bool busy = state == UpdateState::VERIFYING || state == UpdateState::INSTALLING ||
                      state == UpdateState::TRIAL;
    answer.notEnoughMemory =
        (busy && !same) || double(request.nbFrag) * request.fragSize > profile.slotBytes ||
        (payload != NO_IMAGE &&
         static_cast<double>(m_env.catalog->Get(payload).imageBytes) > profile.slotBytes);
    answer.sessionCntReplay = m_version == wire::PackageVersion::V2 && !same &&
                              request.sessionCnt <= row.sessionCnt && row.sessionCnt != 0;
    return answer;
}

uint16_t
UpdateAgent::Intern(const ts004::FragSessionSetupReq& request, ImageId image)
{
    auto setup = request;
    setup.mic = {};
    for (size_t i = m_blocks.size(); i-- > 0;)
    {
        if (m_blocks[i].setup == setup)
        {
            return static_cast<uint16_t>(i);
        }
    }
    m_blocks.push_back({setup, image, nullptr});
    return static_cast<uint16_t>(m_blocks.size() - 1);
}

void
UpdateAgent::TakeBlock(DeviceId device, uint16_t block)
{
    CloseSession(device);
    m_unicast.erase(static_cast<uint32_t>(device));
    auto& row = RowOf(device);
    row.block = block;
    row.opening = 0;
    row.attempts = 0;
    row.sessionCnt = m_blocks[block].setup.sessionCnt;
    ++row.generation;
    if (!m_isPolling.empty())
    {
        m_isPolling[Index(device)] = false; // its timer belongs to the block before
    }
    row.flags &= IGNORES | LIES;
    m_env.fleet->Set(device, UpdateState::NOTIFIED, "FragSessionSetupReq");
    const auto& profile = m_env.fleet->Profile(device);
    const auto& setup = m_blocks[block].setup;
    const double pages = std::ceil(double(setup.nbFrag) * setup.fragSize / profile.flashPageBytes);
    Busy(device, pages * profile.flashEraseS);
}

void
UpdateAgent::Handle(DeviceId device, const ts004::FragSessionStatusReq& request)
{
    if (request.participants || !Has(device, BLOCK_COMPLETE))
    {
        AnswerStatus(device);
    }
}

/// Fragments that a device with the whole block has received for it, coded and repeated ones too
/// (TS004 section 3.2, NbFragReceived). Of a block that came by unicast, or whose group is gone,
/// the count is gone too: they were as many as the block has, or more.
uint16_t
UpdateAgent::ReceivedOfComplete(DeviceId device)
{
    const uint16_t block = m_rows[Index(device)].block;
    uint32_t received = m_blocks[block].setup.nbFrag;
    uint32_t member = 0;
    const Session* session = SessionOf(device, member);
    const bool isKnown = m_env.directory->Find(AddressOf(device)) != nullptr; // with its history
    if (isKnown && session != nullptr && session->block == block)
    {
        received = std::max(received, session->tracker->ProgressOf(member).received);
    }
    return static_cast<uint16_t>(std::min(received, 16383U)); // a field of 14 bits
}

void
UpdateAgent::AnswerStatus(DeviceId device)
{
    const auto& row = RowOf(device);
    if (Has(device, IGNORES) && !Has(device, LIES))
    {
        return;
    }
    ts004::FragSessionStatusAns answer;
    if (row.block == NO_BLOCK)
    {
        if (m_version == wire::PackageVersion::V1)
        {
            return; // version 1 has no way to say so
        }
        answer.sessionDoesNotExist = true;
        return Answer(device, ts004::FPORT, answer);
    }
    answer.nbFragReceived = m_blocks[row.block].setup.nbFrag;
    if (!Has(device, LIES) && Has(device, BLOCK_COMPLETE))
    {
        answer.nbFragReceived = ReceivedOfComplete(device);
    }
    else if (!Has(device, LIES))
    {
        uint32_t member = 0;
        const auto progress = TrackerOf(device, member).ProgressOf(member);
        answer.nbFragReceived = static_cast<uint16_t>(std::min(progress.received, 16383U));
        answer.missingFrag = static_cast<uint8_t>(std::min(progress.missing, 255U));
        answer.memoryError = progress.memoryError;
    }
    Answer(device, ts004::FPORT, answer);
}

void
UpdateAgent::Handle(DeviceId device, const ts004::FragSessionDeleteReq& request)
{
    if (Has(device, IGNORES))
    {
        return;
    }
    const bool unknown = request.fragIndex != 0 || RowOf(device).block == NO_BLOCK;
    if (!unknown && !Has(device, BLOCK_COMPLETE))
    {
        DropBlock(device, "session-deleted");
    }
    Answer(device, ts004::FPORT, ts004::FragSessionDeleteAns{request.fragIndex, unknown});
}

void
UpdateAgent::Handle(DeviceId device, const ts004::DataFragment& fragment)
{
    const auto state = m_env.fleet->GetUpdate(device);
    if (RowOf(device).block == NO_BLOCK || Has(device, BLOCK_COMPLETE) || Misbehaves(device) ||
        (state != UpdateState::NOTIFIED && state != UpdateState::RECEIVING))
    {
        return;
    }
    if (state == UpdateState::NOTIFIED)
    {
        m_env.fleet->Set(device, UpdateState::RECEIVING, "first-fragment");
        After(device, DROP_BLOCK, m_hold.GetSeconds());
    }
    Put(device, ACTIVE, true);
    uint32_t member = 0;
    if (TrackerOf(device, member).HearUnicast(member, fragment.n))
    {
        BlockComplete(device);
    }
}

void
UpdateAgent::Handle(DeviceId device, const ts004::FragDataBlockReceivedAns&)
{
    Put(device, ACK_PENDING, false);
}

/// The tracker that counts for a device: its group's, or one of its own.
FragTracker&
UpdateAgent::TrackerOf(DeviceId device, uint32_t& member)
{
    const auto& row = RowOf(device);
    const auto* entry = m_env.directory->Find(AddressOf(device));
    if (entry != nullptr && m_blocks[row.block].setup.mcGroupBitMask != 0)
    {
        if (const auto found = entry->members.IndexOf(device))
        {
            auto& session = EnsureSession(AddressOf(device), *entry, row.block);
            member = *found;
            return *session.tracker;
        }
    }
    member = 0;
    auto& own = m_unicast[static_cast<uint32_t>(device)];
    if (!own)
    {
        const uint16_t block = row.block;
        own = std::make_unique<FragTracker>(
            ParityOf(block),
            1,
            nullptr,
            [this, device](uint32_t) { return RedundancyMemory(device); },
            m_fec,
            [this, device, block](uint32_t) { return FecDraw(device, block); });
    }
    return *own;
}

/// The parity matrix of a block, made when it is first needed.
const std::shared_ptr<ParityColumns>&
UpdateAgent::ParityOf(uint16_t block)
{
    auto& parity = m_blocks[block].parity;
    if (!parity)
    {
        parity = std::make_shared<ParityColumns>(m_blocks[block].setup.nbFrag, m_version);
    }
    return parity;
}

/// How lucky a device is with the coded fragments of a block.
double
UpdateAgent::FecDraw(DeviceId device, uint16_t block) const
{
    return m_env.random.Uniform(Purpose::FEC_DECODE, static_cast<uint32_t>(device), block);
}

void
UpdateAgent::BlockComplete(DeviceId device)
{
    Put(device, BLOCK_COMPLETE, true);
    RecordUnicast(device);
    m_unicast.erase(static_cast<uint32_t>(device));
    if (m_config.closeWhenDone)
    {
        CloseSession(device);
    }
    m_received(device);
    if (m_blocks[RowOf(device).block].setup.ackReception)
    {
        Put(device, ACK_PENDING, true);
        RowOf(device).attempts = 0;
        After(device, BLOCK_ANSWER, AnswerDelayS(device, 0xFFFF));
    }
    Verify(device);
}

void
UpdateAgent::AnnounceBlock(DeviceId device)
{
    auto& row = RowOf(device);
    if (!Has(device, ACK_PENDING) || row.block == NO_BLOCK ||
        row.attempts >= ACKNOWLEDGEMENT_REPEATS)
    {
        return;
    }
    ++row.attempts;
    Answer(device, ts004::FPORT, ts004::FragDataBlockReceivedReq{});
    const double longest = std::ldexp(1.0, m_blocks[row.block].setup.blockAckDelay + 4);
    After(device, BLOCK_ANSWER, longest + AnswerDelayS(device, 0x10000U + row.attempts));
}

void
UpdateAgent::OnHoldOver(DeviceId device)
{
    if (m_env.fleet->GetUpdate(device) != UpdateState::RECEIVING || Has(device, LISTENING))
    {
        return;
    }
    const double openAtS = OpenAtS(device);
    const double sinceS = ToSeconds(Simulator::Now().GetNanoSeconds()) - openAtS;
    if (openAtS > 0 && sinceS < m_hold.GetSeconds())
    {
        // Another window has begun, or is to begin, since.
        return After(device,
                     DROP_BLOCK,
                     m_hold.GetSeconds() + std::ldexp(1.0, RowOf(device).timeOut) - sinceS);
    }
    if (Has(device, ACTIVE))
    {
        Put(device, ACTIVE, false);
        After(device, DROP_BLOCK, m_hold.GetSeconds());
        return;
    }
    DropBlock(device, "fragments-missing");
}

/// A device of class A hears unicast fragments only after it has sent something.
void
UpdateAgent::StartPolling(DeviceId device)
{
    if (m_config.strategy.pollPeriodS && !m_isPolling[Index(device)])
    {
        m_isPolling[Index(device)] = true;
        const double u = Uniform(device, Purpose::POLL_PHASE);
        After(device, POLL, u * *m_config.strategy.pollPeriodS);
    }
}

void
UpdateAgent::Poll(DeviceId device)
{
    const auto state = m_env.fleet->GetUpdate(device);
    const bool isWaiting = state == UpdateState::NOTIFIED || state == UpdateState::RECEIVING;
    if (!isWaiting || RowOf(device).block == NO_BLOCK || Has(device, BLOCK_COMPLETE) ||
        Has(device, LISTENING) || Misbehaves(device))
    {
        m_isPolling[Index(device)] = false;
        return;
    }
    if (m_env.access->PendingToOperator(device) == 0) // else that message is as good
    {
        m_env.access->SendToOperator(device,
                                     wire::AppPayload::ForPort(ts004::FPORT),
                                     m_config.strategy.pollConfirmed);
    }
    After(device, POLL, *m_config.strategy.pollPeriodS);
}

void
UpdateAgent::DropBlock(DeviceId device, std::string_view cause)
{
    const auto state = m_env.fleet->GetUpdate(device);
    CloseSession(device);
    RecordUnicast(device);
    m_unicast.erase(static_cast<uint32_t>(device));
    RowOf(device).block = NO_BLOCK;
    if (state == UpdateState::RECEIVING || state == UpdateState::NOTIFIED)
    {
        Fail(device, cause, "the data block was not complete when the device gave it up");
    }
}

} // namespace ns3::iotfleet
