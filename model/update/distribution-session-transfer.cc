// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/wire/ts004-parity.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession: status and repair.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("DistributionRepair");

namespace ts004 = wire::ts004;

namespace
{

constexpr double REPAIR_POLL_S = 5;
constexpr uint8_t MOST_REPAIR_ROUNDS = 10;

/// A fragment that does not fit RX1 may still fit RX2, or the member's data rate may change: that
/// long it may wait while the member is heard again and again.
constexpr double UNFIT_WAIT_S = 2 * 3600;

/// By then what an uplink brings has left, whatever its windows.
constexpr double AFTER_WINDOWS_S = 60;

/// A member that is silent for so many times what counts as unreported is not waited for.
constexpr double SILENCES = 2;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

/// The smallest of `values` that is not below a share `q` of them; 1 = the largest.
uint32_t
Quantile(std::vector<uint32_t>& values, double q)
{
    const auto rank = std::ceil(q * static_cast<double>(values.size()) - 1e-9);
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
    std::ranges::nth_element(values, place);
    return *place;
}

} // namespace

void
DistributionSession::OnUnicastSent(uint32_t member, uint16_t number, double airtimeS)
{
    m_record.airtimeS += airtimeS;
    m_service.m_totals.unicastFragmentAirtimeS += airtimeS;
    WaitLonger(member);
    const auto repair = std::ranges::find(m_repairs, member, &Repair::member);
    if (repair != m_repairs.end())
    {
        repair->movedAt = Now();
        repair->heardAt = -1;
    }
    const bool firstPass = m_plan.unicast && number <= m_setup.nbFrag &&
                           repair != m_repairs.end() && repair->rounds == 0;
    m_service.m_totals.air.Add(firstPass ? AirPurpose::FIRST_PASS : AirPurpose::REPAIR, airtimeS);
}

bool
DistributionSession::IsRepairing(uint32_t member) const
{
    return std::ranges::find(m_repairs, member, &Repair::member) != m_repairs.end();
}

void
DistributionSession::RequestStatus(bool everybody)
{
    m_stage = Stage::STATUS;
    ++m_round;
    GroupFrame frame;
    frame.port = ts004::FPORT;
    m_askedEverybody = everybody;
    m_silenceIsGood = m_service.m_config.closeWhenDone || m_plan.carousel;
    frame.command =
        wire::MakePayload(ts004::FPORT, m_version, ts004::FragSessionStatusReq{everybody, 0});
    frame.sizeBytes = frame.command.size;
    UseKey(frame);
    m_service.m_env.access->SendToGroup(m_group, frame);
    m_service.m_totals.bytesMulticast += frame.sizeBytes;
    WhenIdle();
}

bool
DistributionSession::IsMissing(uint32_t member) const
{
    return m_members[member].missing > 0 && !Is(member, COMPLETE) && !Is(member, OUT) &&
           !Is(member, FINAL);
}

/// A device that closes its window once complete does not hear the request: silence is good news.
void
DistributionSession::OnStatusOver()
{
    uint32_t missing = 0;
    uint32_t answered = 0;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        answered += m_members[m].answer == m_round || Is(m, COMPLETE) ? 1 : 0;
        missing += m_members[m].answer == m_round && IsMissing(m) ? 1 : 0;
    }
    const uint32_t of = m_silenceIsGood ? m_groupMembers : answered;
    NS_LOG_INFO("session " << m_record.id << ", status " << +m_round << ": " << answered
                           << " answered or are complete, " << missing << " miss fragments");
    if (m_plan.carousel)
    {
        return EndTurn();
    }
    if (m_round == 1)
    {
        LearnLosses();
    }
    if (missing > 0 && SendParityGroup())
    {
        return;
    }
    if (!m_askedEverybody && !m_stopped && Now() < WindowEnd())
    {
        return RequestStatus(true); // silence may be a lost request or a lost answer as well
    }
    const double allowed = (1 - m_service.m_config.repair.successThreshold) * of;
    if (missing > allowed && StartRepairPass())
    {
        return;
    }
    StartUnicast();
}

/// Tells later sessions what the members lost, as far as they say so.
void
DistributionSession::LearnLosses()
{
    std::vector<double> losses;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        if (m_members[m].answer == m_round && IsMissing(m))
        {
            losses.push_back(1 - double(m_members[m].received) / m_record.fragmentsSent);
        }
    }
    m_service.m_redundancy.Learn(m_plan.dataRate, m_groupMembers, std::move(losses));
}

/// The next part of the first pass's coded fragments; false if there is none.
bool
DistributionSession::SendParityGroup()
{
    const uint32_t groups = m_service.m_config.strategy.parityGroups;
    const uint32_t count = std::min(m_parityLeft, (m_coded + groups - 1) / groups);
    const bool fits =
        Now() + ToTicks(count * FrameIntervalS(m_plan.dataRate)) <= WindowEnd() || m_isLong;
    if (count == 0 || m_stopped || !fits)
    {
        return false;
    }
    const uint32_t first = m_nextCoded;
    m_parityLeft -= count;
    m_nextCoded += count;
    m_record.firstPass += count;
    SendPass({first, count, m_plan.dataRate});
    return true;
}

/// Sends what the members that answered need, within the round's limit; false if no round is left.
bool
DistributionSession::StartRepairPass()
{
    const auto& repair = m_service.m_config.repair;
    if (m_repairPasses >= repair.multicastRounds || m_stopped)
    {
        return false;
    }
    std::vector<uint32_t> missing;
    uint32_t members = 0;
    uint32_t memoryErrors = 0;
    double received = 0;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        if (m_members[m].answer == m_round && IsMissing(m))
        {
            missing.push_back(m_members[m].missing);
            memoryErrors += m_members[m].memoryError;
            received += m_members[m].received;
            ++members;
        }
    }
    if (members == 0)
    {
        return false;
    }
    const double heard = std::clamp(received / members / m_record.fragmentsSent, 0.05, 1.0);
    const double most = std::ceil(m_setup.nbFrag * repair.redundancyStep);
    const double wanted =
        std::ceil(Quantile(missing, repair.quantile) / heard) + FecUsualExtra(m_fec);
    auto count = static_cast<uint32_t>(std::clamp(wanted, 1.0, std::max(most, 1.0)));
    uint32_t first = m_nextCoded;
    // Coded fragments are lost on devices without memory for them: only uncoded ones help. Without
    // a code nobody says which fragments are missing: all of them go out again.
    const bool resend = 2 * memoryErrors > members && !m_resentUncoded;
    if (resend || m_fec == FecCode::NONE || IsAtEnd(count))
    {
        first = 1;
        count = m_setup.nbFrag;
        m_resentUncoded = true;
    }
    if (Now() + ToTicks(count * FrameIntervalS(m_plan.dataRate)) > WindowEnd() && !m_isLong)
    {
        return false;
    }
    NS_LOG_INFO("session " << m_record.id << ": repair pass " << m_repairPasses + 1 << ", " << count
                           << " fragments from number " << first << " for " << members
                           << " devices");
    m_nextCoded += first == 1 ? 0 : count;
    ++m_repairPasses;
    SendPass({first, count, m_plan.dataRate});
    return true;
}

void
DistributionSession::StartUnicast()
{
    m_stage = Stage::UNICAST;
    if (m_plan.unicast)
    {
        m_record.startedS = ToSeconds(Now());
        m_service.m_sessionStarted(m_record);
    }
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const bool wants = m_plan.unicast ? m_members[m].ready == IS_READY && !Is(m, OUT)
                                          : m_service.m_config.repair.unicast && IsMissing(m);
        if (wants)
        {
            AddRepair(m);
        }
    }
    if (m_repairs.empty())
    {
        EndTransfer();
    }
}

/// Serves a member by unicast unless as many as may be have been.
void
DistributionSession::AddRepair(uint32_t member)
{
    if (m_stopped || (!m_plan.unicast && m_repaired >= m_service.m_config.repair.unicastLimit))
    {
        return;
    }
    ++m_repaired;
    Repair repair;
    repair.member = member;
    repair.coded = m_nextCoded;
    repair.left = m_members[member].missing;
    repair.movedAt = Now();
    repair.heardAt = -1;
    const bool wholeBlock = m_plan.unicast && m_stage == Stage::UNICAST;
    // Version 2 draws floor(M/2) positions a line: where that is even, coded fragments alone never
    // suffice. Who has nothing yet gets the uncoded ones.
    const bool hasNothing = m_members[member].received == 0;
    const bool uncodedOnly = m_fec == FecCode::NONE;
    if (wholeBlock || hasNothing || uncodedOnly || m_members[member].memoryError != 0)
    {
        repair.uncodedLeft = m_setup.nbFrag;
        repair.left = m_setup.nbFrag;
    }
    m_repairs.push_back(repair);
    if (!m_polling)
    {
        m_polling = true;
        AddTimer(REPAIR_POLL, m_record.id, 0, 0);
    }
}

void
DistributionSession::OnRepairPoll()
{
    m_polling = false;
    GiveUpStuck();
    std::erase_if(m_repairs, [this](Repair& repair) { return !ServeRepair(repair); });
    if (!m_repairs.empty())
    {
        m_polling = true;
        return AddTimer(REPAIR_POLL, m_record.id, REPAIR_POLL_S, 0);
    }
    if (m_stage == Stage::UNICAST)
    {
        EndTransfer();
    }
}

/// Whether a fragment fits the first window after an uplink at the data rate that the member was
/// last heard at.
bool
DistributionSession::FitsRx1(DeviceId device) const
{
    const auto& access = *m_service.m_env.access;
    const uint8_t heard = m_service.m_env.registry->Link(device).dataRate;
    return FrameBytes() <= access.MaxPayload(access.DownlinkDataRate(heard));
}

/// Whether the member was heard after the last fragment that left for it.
bool
DistributionSession::WasHeardSince(const Repair& repair) const
{
    // NaN, of one that was never heard, is not greater.
    return m_service.m_env.registry->LastSeenS(m_devices[repair.member]) >
           ToSeconds(repair.movedAt);
}

/// Whether what is queued for the member has not moved for so long that it will not: it waits for
/// windows that are too short for it, or for a device that is gone.
bool
DistributionSession::IsStuck(const Repair& repair) const
{
    const DeviceId device = m_devices[repair.member];
    const uint32_t pending = m_service.m_env.access->PendingToDevice(device);
    if (Is(repair.member, FINAL) || Is(repair.member, COMPLETE) || Is(repair.member, OUT) ||
        pending == 0)
    {
        return false;
    }
    // It has been heard for long, and the window after its last uplink is over, RX2 too.
    const bool hasFragments = !repair.asked || pending > 1; // the question is the last in the queue
    const double seenS = m_service.m_env.registry->LastSeenS(device);
    const bool isUnserved = repair.heardAt >= 0 &&
                            seenS - ToSeconds(repair.heardAt) > UNFIT_WAIT_S &&
                            ToSeconds(Now()) - seenS > AFTER_WINDOWS_S;
    return ToSeconds(Now() - repair.movedAt) > SILENCES * m_service.m_config.reportTimeoutS ||
           (isUnserved && hasFragments && !FitsRx1(device));
}

/// What is queued for the member is dropped: nothing behind it would ever leave.
void
DistributionSession::GiveUp(const Repair& repair)
{
    const DeviceId device = m_devices[repair.member];
    m_service.m_env.access->DropPending(device);
    if (!WasHeardSince(repair))
    {
        return Settle(repair.member, UpdateBelief::UNREPORTED, CauseOfSilence(repair.member), "");
    }
    const bool fits = FitsRx1(device);
    Settle(repair.member,
           UpdateBelief::FAILED,
           fits ? "unicast-stuck" : "fragment-too-long-for-unicast",
           fits ? "nothing that was queued for it left"
                : std::to_string(FrameBytes()) + " B fit no window after its uplinks");
}

/// Settles the members that unicast does not reach, which would hold up all the others.
void
DistributionSession::GiveUpStuck()
{
    std::vector<Repair> stuck;
    std::erase_if(m_repairs, [&](Repair& repair) {
        if (repair.heardAt < 0 && WasHeardSince(repair))
        {
            repair.heardAt = Now();
        }
        const bool isStuck = IsStuck(repair);
        if (isStuck)
        {
            stuck.push_back(repair);
        }
        return isStuck;
    });
    for (const auto& repair : stuck)
    {
        GiveUp(repair);
    }
}

/// Keeps a member's queue filled; false once it is complete or given up.
bool
DistributionSession::ServeRepair(Repair& repair)
{
    const auto& config = m_service.m_config;
    const DeviceId device = m_devices[repair.member];
    if (Is(repair.member, COMPLETE) || Is(repair.member, OUT) || Is(repair.member, FINAL) ||
        repair.rounds > MOST_REPAIR_ROUNDS)
    {
        return false;
    }
    uint32_t pending = m_service.m_env.access->PendingToDevice(device);
    for (; repair.left > 0 && pending < config.strategy.unicastWindow; ++pending, --repair.left)
    {
        SendUnicastFragment(device, repair);
    }
    if (repair.left > 0 || pending >= config.strategy.unicastWindow)
    {
        return true;
    }
    if (!repair.asked)
    {
        repair.asked = true;
        repair.idleSince = -1;
        m_service.Send(
            device,
            wire::MakePayload(ts004::FPORT, m_version, ts004::FragSessionStatusReq{true, 0}));
        return true;
    }
    if (pending > 0)
    {
        return true;
    }
    if (repair.idleSince < 0)
    {
        repair.idleSince = Now();
    }
    if (ToSeconds(Now() - repair.idleSince) > config.setupRetryS)
    {
        repair.asked = false;
        return ++repair.tries <= config.setupRetries;
    }
    return true;
}

void
DistributionSession::SendUnicastFragment(DeviceId device, Repair& repair)
{
    static constexpr std::array<uint8_t, wire::MAX_APP_PAYLOAD_BYTES> CONTENT{};
    ts004::DataFragment fragment;
    if (repair.uncodedLeft > 0 || repair.coded > wire::TS004_MAX_FRAGMENT_NUMBER)
    {
        fragment.n = static_cast<uint16_t>(repair.uncoded);
        repair.uncoded = repair.uncoded % m_setup.nbFrag + 1;
        repair.uncodedLeft -= repair.uncodedLeft > 0 ? 1 : 0;
    }
    else
    {
        fragment.n = static_cast<uint16_t>(repair.coded++);
    }
    fragment.data = std::span(CONTENT).first(m_setup.fragSize);
    const auto payload = wire::MakePayload(ts004::FPORT, m_version, fragment);
    m_service.Send(device, payload);
    ++m_record.fragmentsSent;
}

void
DistributionSession::OnStatusAnswer(uint32_t member, const ts004::FragSessionStatusAns& answer)
{
    if (Is(member, FINAL))
    {
        return;
    }
    auto& state = m_members[member];
    state.answer = m_round;
    const bool asked = Is(member, ASKED_STATUS);
    if (answer.sessionDoesNotExist)
    {
        if (asked)
        {
            // Dropped, rolled back, or installed since the question was sent: its version tells.
            state.asks = GONE;
            AskVersion(member);
        }
        return;
    }
    WaitLonger(member);
    state.missing = answer.missingFrag;
    state.received = answer.nbFragReceived;
    state.memoryError = answer.memoryError ? 1 : 0;
    if (answer.missingFrag == 0)
    {
        return MarkComplete(member);
    }
    const auto repair = std::ranges::find(m_repairs, member, &Repair::member);
    if (repair != m_repairs.end())
    {
        ContinueRepair(*repair, answer);
    }
    else if (asked)
    {
        const auto before = m_repairs.size();
        AddRepair(member);
        if (m_repairs.size() == before)
        {
            Settle(member, UpdateBelief::FAILED, "fragments-missing", "beyond the repair limit");
        }
    }
}

/// Plans the next fragments of a member that is still incomplete.
void
DistributionSession::ContinueRepair(Repair& repair, const ts004::FragSessionStatusAns& answer)
{
    const bool stuck = repair.lastMissing > 0 && answer.missingFrag >= repair.lastMissing;
    repair.lastMissing = answer.missingFrag;
    repair.movedAt = Now();
    repair.heardAt = -1;
    repair.asked = false;
    repair.tries = 0;
    ++repair.rounds;
    repair.left = answer.missingFrag;
    if (answer.memoryError || m_fec == FecCode::NONE)
    {
        repair.uncodedLeft = m_setup.nbFrag;
        repair.left = m_setup.nbFrag;
    }
    else if (stuck && repair.rounds % 2 == 0)
    {
        // The coded lines may lie in a space that excludes what it lacks; an uncoded one does not.
        repair.left = std::max<uint32_t>(repair.left, m_setup.nbFrag / 4U);
        repair.uncodedLeft = repair.left;
    }
}

void
DistributionSession::MarkComplete(uint32_t member)
{
    Put(member, COMPLETE, true);
    m_members[member].missing = 0;
    if (!Is(member, FINAL))
    {
        m_service.m_env.registry->SetUpdate(m_devices[member], UpdateBelief::RECEIVED);
    }
}

void
DistributionSession::EndTransfer()
{
    ++m_generation; // no step is awaited any more
    m_record.endedS = ToSeconds(Now());
    if (m_record.fragmentsSent == 0)
    {
        m_record.startedS = m_record.endedS;
    }
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const bool silent = m_silenceIsGood && !m_plan.unicast && m_round > 0 &&
                            m_members[m].hasJoined != 0 && !Is(m, OUT) && !IsMissing(m);
        m_record.believedCompleted += Is(m, COMPLETE) || silent ? 1 : 0;
    }
    StartReports();
    m_stage = Stage::REPORTS;
    m_service.SessionEnded(*this);
    CloseIfSettled();
}

} // namespace ns3::iotfleet
