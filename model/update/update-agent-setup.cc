// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-agent.h"
#include "model/wire/lorawan-class-b.h"

#include "ns3/simulator.h"

#include <cmath>

/**
 * @file
 * The device's side of TS005: groups, and the opening and closing of their sessions.
 */
namespace ns3::iotfleet
{

namespace ts005 = wire::ts005;

namespace
{

/// Before a session of class B a device needs a beacon: it goes on the guard time of 3 s before the
/// last one (TS001-1.0.4 section 12.1).
constexpr double BEACON_LEAD_S = wire::BEACON_PERIOD_S + wire::BEACON_GUARD_S;

double
NowS()
{
    return ToSeconds(Simulator::Now().GetNanoSeconds());
}

} // namespace

void
UpdateAgent::OnMulticastSetup(DeviceId device, const wire::AppPayload& payload)
{
    if (!HearsOperator(device) || Has(device, IGNORES))
    {
        return;
    }
    for (const auto& command : ts005::DecodeDownlink(m_version, payload.View()).commands)
    {
        std::visit([this, device](const auto& request) { Handle(device, request); }, command);
    }
}

void
UpdateAgent::Handle(DeviceId device, const wire::PackageVersionReq&)
{
    Answer(device,
           ts005::FPORT,
           wire::PackageVersionAns{ts005::PACKAGE_ID, static_cast<uint8_t>(m_version)});
}

void
UpdateAgent::Handle(DeviceId device, const ts005::McGroupStatusReq& request)
{
    const uint32_t address = AddressOf(device);
    ts005::McGroupStatusAns answer;
    answer.nbTotalGroups = address == 0 ? 0 : 1;
    if (address != 0 && (request.reqGroupMask & 1) != 0)
    {
        answer.ansGroupMask = 1;
        answer.groups[0] = {0, address};
    }
    Answer(device, ts005::FPORT, answer);
}

void
UpdateAgent::Handle(DeviceId device, const ts005::McGroupSetupReq& request)
{
    ts005::McGroupSetupAns answer{request.mcGroupId, request.mcGroupId != 0};
    auto& row = RowOf(device);
    // A set-up of the group that it is in already brings a new key and leaves the session alone.
    if (!answer.idError && AddressOf(device) != request.mcAddr)
    {
        if (Has(device, LISTENING))
        {
            CloseSession(device);
        }
        row.group = m_addresses.PlaceOf(request.mcAddr);
        row.opening = 0;
        // How an earlier update ended stands until the device takes a block.
        if (m_env.fleet->GetUpdate(device) == UpdateState::IDLE)
        {
            m_env.fleet->Set(device, UpdateState::NOTIFIED, "McGroupSetupReq");
        }
    }
    if (!answer.idError)
    {
        TakeKey(device, request);
    }
    Answer(device, ts005::FPORT, answer);
}

void
UpdateAgent::Handle(DeviceId device, const ts005::McGroupDeleteReq& request)
{
    auto& row = RowOf(device);
    const bool undefined = request.mcGroupId != 0 || row.group == 0;
    if (!undefined)
    {
        if (Has(device, LISTENING))
        {
            OnSessionTimeOut(device);
        }
        row.group = 0;
    }
    Answer(device, ts005::FPORT, ts005::McGroupDeleteAns{request.mcGroupId, undefined});
}

void
UpdateAgent::Handle(DeviceId device, const ts005::McClassCSessionReq& request)
{
    const auto status = AcceptSession(device,
                                      request.mcGroupId,
                                      request.sessionTime,
                                      request.sessionTimeOut,
                                      false);
    Answer(device, ts005::FPORT, ts005::McClassCSessionAns{status});
}

void
UpdateAgent::Handle(DeviceId device, const ts005::McClassBSessionReq& request)
{
    // Time-outs of class B count in beacon periods of 2^7 s.
    const auto timeOut = static_cast<uint8_t>(request.timeOut + 7);
    const auto status =
        AcceptSession(device, request.mcGroupId, request.sessionTime, timeOut, true);
    Answer(device, ts005::FPORT, ts005::McClassBSessionAns{status});
}

ts005::McSessionStatus
UpdateAgent::AcceptSession(DeviceId device,
                           uint8_t group,
                           uint32_t startS,
                           uint8_t timeOut,
                           bool classB)
{
    auto& row = RowOf(device);
    ts005::McSessionStatus status;
    status.mcGroupId = group;
    status.mcGroupUndefined = group != 0 || row.group == 0;
    const double clockS = m_env.access->ClockErrorS(device);
    const double waitS = startS - (NowS() + clockS);
    status.startMissed =
        !status.mcGroupUndefined && m_version == wire::PackageVersion::V2 && waitS < 0;
    if (!status.IsAccepted())
    {
        return status;
    }
    status.timeToStart = static_cast<uint32_t>(std::clamp(waitS, 0.0, 16777215.0));
    if (OpenAtS(device) != startS)
    {
        row.opening = m_openings.PlaceOf(startS);
        row.timeOut = timeOut & 31U;
        const uint16_t fleetGroup = m_env.fleet->GroupIndex(device);
        const double earlyS = fleetGroup < m_earlyS.size() ? m_earlyS[fleetGroup] : 0;
        const double early = earlyS * Uniform(device, Purpose::SESSION_CLOCK, startS);
        Put(device, FINDS_BEACON, classB);
        After(device, OPEN_SESSION, waitS - early - (classB ? BEACON_LEAD_S : 0));
    }
    return status;
}

void
UpdateAgent::OpenSession(DeviceId device)
{
    auto& row = RowOf(device);
    const auto state = m_env.fleet->GetUpdate(device);
    const auto* entry = m_env.directory->Find(AddressOf(device));
    if (entry == nullptr || row.block == NO_BLOCK || Misbehaves(device) ||
        Has(device, BLOCK_COMPLETE) ||
        (state != UpdateState::NOTIFIED && state != UpdateState::RECEIVING))
    {
        return;
    }
    const auto member = entry->members.IndexOf(device);
    if (!member)
    {
        return;
    }
    const double leadS = Has(device, FINDS_BEACON) ? BEACON_LEAD_S : 0;
    After(device, CLOSE_SESSION, leadS + std::ldexp(1.0, row.timeOut));
    if (Has(device, LISTENING))
    {
        return; // the next window of a session that it has not left
    }
    auto& session = EnsureSession(AddressOf(device), *entry, row.block);
    if (!IsDeaf(session, *member))
    {
        session.tracker->Open(*member);
    }
    ++session.listeners;
    m_env.access->StartListening(entry->group, *member);
    Put(device, LISTENING, true);
    Put(device, PARTICIPATING, true);
    m_env.fleet->Set(device, UpdateState::RECEIVING, "session-opened");
}

/// Whether a time-out belongs to an earlier window than the one that the device listens to: clocks
/// are wrong by less than half a window.
bool
UpdateAgent::IsStale(DeviceId device) const
{
    const auto& row = m_rows[Index(device)];
    const double halfS = std::ldexp(0.5, row.timeOut);
    const double sinceS = NowS() - OpenAtS(device);
    return m_config.policy == "CAROUSEL" && sinceS > -halfS && sinceS < halfS;
}

bool
UpdateAgent::IsHeldBySession(DeviceId device) const
{
    return IsInSession(device) || OpenAtS(device) > NowS();
}

void
UpdateAgent::CloseSession(DeviceId device)
{
    if (!Has(device, LISTENING))
    {
        return;
    }
    Put(device, LISTENING, false);
    uint32_t member = 0;
    if (Session* session = SessionOf(device, member))
    {
        if (!IsDeaf(*session, member))
        {
            session->tracker->Close(member);
        }
        --session->listeners;
        m_env.access->StopListening(session->group, member);
    }
}

/// The multicast window is over; the fragmentation session is not (TS004 knows no such end, TS005
/// does not speak of it). Another window may follow, or fragments by unicast: the operator does not
/// tell.
void
UpdateAgent::OnSessionTimeOut(DeviceId device)
{
    CloseSession(device);
    const auto state = m_env.fleet->GetUpdate(device);
    if (Has(device, HELD) && m_config.rebootBy == "device")
    {
        ScheduleInstall(device);
    }
    if (state != UpdateState::RECEIVING || Has(device, BLOCK_COMPLETE))
    {
        return;
    }
    if (m_hold.IsZero())
    {
        return DropBlock(device, "fragments-missing");
    }
    After(device, DROP_BLOCK, m_hold.GetSeconds());
    if (m_config.repair.unicast || m_config.policy == "CAROUSEL")
    {
        StartPolling(device);
    }
}

/// The session of the device's group; the operator may have forgotten the group meanwhile.
UpdateAgent::Session*
UpdateAgent::SessionOf(DeviceId device, uint32_t& member)
{
    const auto it = m_sessions.find(AddressOf(device));
    if (it == m_sessions.end())
    {
        return nullptr;
    }
    const auto found = it->second.members.IndexOf(device);
    member = found.value_or(0);
    return found ? &it->second : nullptr;
}

UpdateAgent::Session&
UpdateAgent::EnsureSession(uint32_t address, const GroupDirectory::Entry& entry, uint16_t block)
{
    if (const auto it = m_sessions.find(address); it != m_sessions.end())
    {
        return it->second;
    }
    ForgetEndedSessions();
    auto& session = m_sessions[address];
    session.address = address;
    session.group = entry.group;
    session.block = block;
    session.members = entry.members;
    session.tracker = std::make_unique<FragTracker>(
        ParityOf(block),
        static_cast<uint32_t>(session.members.size()),
        [access = m_env.access, group = entry.group](uint32_t eight, std::vector<uint8_t>& heard) {
            access->Replay(group, eight, heard);
        },
        [this, address](uint32_t member) {
            return RedundancyMemory(m_sessions.at(address).members[member]);
        },
        m_fec,
        [this, address, block](uint32_t member) {
            return FecDraw(m_sessions.at(address).members[member], block);
        });
    return session;
}

void
UpdateAgent::ForgetEndedSessions()
{
    std::erase_if(m_sessions, [this](const auto& item) {
        return item.second.listeners == 0 && m_env.directory->Find(item.first) == nullptr;
    });
    for (uint16_t i = 0; i < m_blocks.size(); ++i)
    {
        // Whoever needs the matrix later makes it again.
        const auto uses = [i](const auto& item) { return item.second.block == i; };
        if (m_blocks[i].parity.use_count() == 1 && std::ranges::none_of(m_sessions, uses))
        {
            m_blocks[i].parity.reset();
        }
    }
}

} // namespace ns3::iotfleet
