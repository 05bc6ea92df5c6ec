// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/update/image-check.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession: what arrives from members, and their reports.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("DistributionReports");

namespace ts004 = wire::ts004;
namespace ts005 = wire::ts005;
namespace ts006 = wire::ts006;

namespace
{

constexpr double LONGEST_REPORT_WAIT_S = 6 * 3600;
constexpr uint8_t MOST_STATUS_REQUESTS = 3; ///< of one member while reports are awaited

/// What a cause tells of a failure.
FailureKind
KindOf(std::string_view cause, bool hadAll)
{
    if (cause.ends_with("-refused") || cause.starts_with("image-") || cause == "not-enough-memory")
    {
        return FailureKind::REJECTED;
    }
    return cause == "old-version" && hadAll ? FailureKind::ROLLED_BACK : FailureKind::FAILED;
}

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

bool
DistributionSession::OnUplink(DeviceId device, const wire::AppPayload& payload)
{
    const auto member = MemberOf(device);
    if (!member)
    {
        return false;
    }
    if (payload.port == ts006::FPORT)
    {
        OnManagement(*member, payload);
    }
    else if (m_stage == Stage::CLOSED)
    {
        return true;
    }
    else if (payload.port == ts005::FPORT)
    {
        OnMulticastSetup(*member, payload);
    }
    else if (payload.port == ts004::FPORT)
    {
        OnFragmentation(*member, payload);
    }
    return true;
}

void
DistributionSession::OnMulticastSetup(uint32_t member, const wire::AppPayload& payload)
{
    for (const auto& command : ts005::DecodeUplink(m_version, payload.View()).commands)
    {
        if (const auto* group = std::get_if<ts005::McGroupSetupAns>(&command))
        {
            Put(member, HAS_KEY, !group->idError);
            if (m_stage == Stage::GROUP_SETUP)
            {
                OnSetupAnswer(member, !group->idError, "group-refused");
            }
            OnKeyAnswer(member);
        }
        if (const auto* classC = std::get_if<ts005::McClassCSessionAns>(&command))
        {
            OnSessionAnswer(member, classC->status);
        }
        else if (const auto* classB = std::get_if<ts005::McClassBSessionAns>(&command))
        {
            OnSessionAnswer(member, classB->status);
        }
    }
}

/// An answer that comes after the start tells all the same whether the device listens.
void
DistributionSession::OnSessionAnswer(uint32_t member, const ts005::McSessionStatus& status)
{
    if (status.IsAccepted())
    {
        m_members[member].hasJoined = 1;
    }
    if (m_stage != Stage::SESSION_SETUP)
    {
        return;
    }
    if (status.IsAccepted() && !Is(member, FINAL) && !Is(member, COMPLETE))
    {
        m_service.m_env.registry->SetUpdate(m_devices[member], UpdateBelief::SET_UP);
    }
    // Who missed the start may still be repaired by unicast.
    OnSetupAnswer(member, status.IsAccepted() || status.startMissed, "session-refused");
}

void
DistributionSession::OnFragmentation(uint32_t member, const wire::AppPayload& payload)
{
    for (const auto& command : ts004::DecodeUplink(m_version, payload.View()).commands)
    {
        if (const auto* setup = std::get_if<ts004::FragSessionSetupAns>(&command))
        {
            OnFragmentSetupAnswer(member, *setup);
        }
        else if (const auto* status = std::get_if<ts004::FragSessionStatusAns>(&command))
        {
            OnStatusAnswer(member, *status);
        }
        else if (const auto* received = std::get_if<ts004::FragDataBlockReceivedReq>(&command))
        {
            m_service.Send(m_devices[member],
                           wire::MakePayload(ts004::FPORT,
                                             m_version,
                                             ts004::FragDataBlockReceivedAns{received->fragIndex}));
            MarkComplete(member);
        }
    }
}

void
DistributionSession::OnFragmentSetupAnswer(uint32_t member,
                                           const ts004::FragSessionSetupAns& answer)
{
    if (!AwaitsFragmentSetup(member))
    {
        return;
    }
    std::string_view cause = "fragmentation-refused";
    if (answer.IsAccepted())
    {
        m_members[member].ready = IS_READY;
    }
    else if (answer.notEnoughMemory && m_service.m_config.rebootBy == "command")
    {
        return AskForHeldImage(member);
    }
    else if (answer.notEnoughMemory)
    {
        cause = "not-enough-memory";
    }
    else if (answer.wrongDescriptor)
    {
        m_members[member].ready = MAY_HAVE_IT;
    }
    OnSetupAnswer(member, answer.IsAccepted(), cause);
}

bool
DistributionSession::AwaitsFragmentSetup(uint32_t member) const
{
    return m_stage == Stage::FRAGMENT_SETUP && !Is(member, ANSWERED) && !Is(member, OUT);
}

/// An image that waits for a command to install it, of a distribution that was stopped, takes the
/// room of the next one (TS006-1.0.0 section 3.5).
void
DistributionSession::AskForHeldImage(uint32_t member)
{
    m_service.Send(m_devices[member],
                   wire::MakePayload(ts006::FPORT, m_version, ts006::DevUpgradeImageReq{}));
}

/// Who holds this image needs no more than the command; another one has to go (section 3.6).
void
DistributionSession::OnHeldImage(uint32_t member, const ts006::DevUpgradeImageAns& held)
{
    if (!AwaitsFragmentSetup(member))
    {
        return;
    }
    const auto& catalog = *m_service.m_env.catalog;
    const auto wanted = VersionCode(catalog.Get(catalog.Installs(m_image)).version);
    if (!held.nextFirmwareVersion)
    {
        return OnSetupAnswer(member, false, "not-enough-memory");
    }
    if (*held.nextFirmwareVersion == wanted)
    {
        m_members[member].ready = MAY_HAVE_IT;
        MarkComplete(member);
        return OnSetupAnswer(member, false, "");
    }
    m_service.Send(m_devices[member],
                   wire::MakePayload(ts006::FPORT,
                                     m_version,
                                     ts006::DevDeleteImageReq{*held.nextFirmwareVersion}));
}

void
DistributionSession::OnImageDeleted(uint32_t member, const ts006::DevDeleteImageAns& answer)
{
    if (!AwaitsFragmentSetup(member))
    {
        return;
    }
    if (answer.errorNoValidImage || answer.errorInvalidVersion)
    {
        return OnSetupAnswer(member, false, "not-enough-memory");
    }
    SendSetup(member);
}

void
DistributionSession::OnManagement(uint32_t member, const wire::AppPayload& payload)
{
    const auto decoded = ts006::DecodeUplink(m_version, payload.View());
    const ts006::DevVersionAns* version = nullptr;
    const ts006::DevUpgradeImageAns* waiting = nullptr;
    for (const auto& command : decoded.commands)
    {
        version = version == nullptr ? std::get_if<ts006::DevVersionAns>(&command) : version;
        waiting = waiting == nullptr ? std::get_if<ts006::DevUpgradeImageAns>(&command) : waiting;
        if (const auto* deleted = std::get_if<ts006::DevDeleteImageAns>(&command))
        {
            OnImageDeleted(member, *deleted);
        }
    }
    if (version != nullptr)
    {
        Is(member, FINAL) ? OnLateVersion(member, version->fwVersion, waiting)
                          : OnVersion(member, version->fwVersion, waiting);
    }
    else if (waiting != nullptr)
    {
        OnHeldImage(member, *waiting);
    }
}

/// What a member that reports the image is believed to be.
UpdateBelief
DistributionSession::Success() const
{
    return m_service.m_jobs[m_job].order.success;
}

/// The operator had given the device up, and was wrong: it runs the image.
void
DistributionSession::OnLateVersion(uint32_t member,
                                   uint32_t version,
                                   const ts006::DevUpgradeImageAns* waiting)
{
    auto& registry = *m_service.m_env.registry;
    const auto& catalog = *m_service.m_env.catalog;
    const ImageId installed = catalog.Installs(m_image);
    const DeviceId device = m_devices[member];
    const auto belief = registry.Update(device);
    const bool isGivenUp = belief == UpdateBelief::FAILED || belief == UpdateBelief::UNREPORTED;
    if (!isGivenUp || version != VersionCode(catalog.Get(installed).version))
    {
        return;
    }
    if (m_service.m_config.confirmBy == "server-contact" && waiting == nullptr)
    {
        return AskVersion(member); // under trial, see OnVersion
    }
    registry.SetFirmware(device, installed);
    registry.SetUpdate(device, Success());
    m_service.m_reported(device, Success());
}

void
DistributionSession::OnVersion(uint32_t member,
                               uint32_t version,
                               const ts006::DevUpgradeImageAns* waiting)
{
    const auto& catalog = *m_service.m_env.catalog;
    const DeviceId device = m_devices[member];
    const ImageId installed = catalog.Installs(m_image);
    if (version == VersionCode(catalog.Get(installed).version))
    {
        // A device under trial announces its version alone and waits to hear us; what it says when
        // asked, with the state of its image slot, is the report.
        if (m_service.m_config.confirmBy == "server-contact" && waiting == nullptr)
        {
            return AskVersion(member);
        }
        m_service.m_env.registry->SetFirmware(device, installed);
        Put(member, COMPLETE, true);
        Settle(member, Success(), "reported", "");
        return OnCarouselReport();
    }
    m_service.m_env.registry->SetFirmware(device, FindByVersionCode(catalog, version));
    if (m_stage == Stage::REPORTS && Is(member, ASKED_VERSION))
    {
        OnOldVersion(member, waiting);
    }
}

void
DistributionSession::OnOldVersion(uint32_t member, const ts006::DevUpgradeImageAns* waiting)
{
    using Status = ts006::UpImageStatus;
    const auto& config = m_service.m_config;
    const DeviceId device = m_devices[member];
    const auto status = waiting == nullptr ? Status::NONE : waiting->upImageStatus;
    if (status == Status::CORRUPT || status == Status::WRONG_HARDWARE)
    {
        const bool corrupt = status == Status::CORRUPT;
        return Settle(member,
                      UpdateBelief::FAILED,
                      corrupt ? "image-corrupt" : "image-wrong-hardware",
                      "the device refused the image");
    }
    if (status == Status::VALID)
    {
        if (config.rebootBy == "command" && !m_stopped)
        {
            const double u = m_service.m_env.random.Uniform(Purpose::REBOOT,
                                                            static_cast<uint32_t>(device),
                                                            m_record.id,
                                                            1);
            const auto countdown = static_cast<uint32_t>(u * config.rebootSpreadS);
            m_service.Send(device,
                           wire::MakePayload(ts006::FPORT,
                                             m_version,
                                             ts006::DevRebootCountdownReq{countdown}));
        }
        return; // asked again later
    }
    if (std::ranges::find(m_repairs, member, &Repair::member) != m_repairs.end())
    {
        return; // still being served
    }
    if (m_members[member].asks == GONE)
    {
        return Settle(member,
                      UpdateBelief::FAILED,
                      "image-gone",
                      "dropped or rolled back the image");
    }
    if (m_members[member].asks >= MOST_STATUS_REQUESTS || !config.repair.unicast || m_stopped ||
        m_members[member].ready != IS_READY)
    {
        return Settle(member, UpdateBelief::FAILED, "old-version", "runs its old version still");
    }
    Put(member, ASKED_STATUS, true);
    m_members[member].asks = (m_members[member].asks + 1U) & 15U; // at most MOST_STATUS_REQUESTS
    m_service.Send(
        device,
        wire::MakePayload(ts004::FPORT, m_version, ts004::FragSessionStatusReq{true, 0}));
}

void
DistributionSession::AskVersion(uint32_t member)
{
    Put(member, ASKED_VERSION, true);
    m_service.Send(m_devices[member],
                   wire::MakePayload(ts006::FPORT,
                                     m_version,
                                     ts006::DevVersionReq{},
                                     ts006::DevUpgradeImageReq{}));
}

/// Asks everybody who took part; who did not, is not heard of again.
void
DistributionSession::StartReports()
{
    const auto& config = m_service.m_config;
    m_reportDeadline = Now() + ToTicks(config.reportTimeoutS);
    const double expectedS = config.installAllowanceS + config.rebootSpreadS + config.trialS;
    // A downlink each: no use in queueing them all at once.
    const double spreadS = std::min(3600.0, 0.01 * static_cast<double>(m_members.size()));
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        m_members[m].tries = 0;
        Put(m, ASKED_STATUS, false);
        if (Is(m, FINAL))
        {
            continue;
        }
        if (m_members[m].ready == 0)
        {
            Settle(m, UpdateBelief::UNREPORTED, "no-answer-to-set-up", "");
            continue;
        }
        const auto device = static_cast<uint32_t>(m_devices[m]);
        const double u = m_service.m_env.random.Uniform(Purpose::REBOOT, device, m_record.id, 2);
        // Who never said that it would listen has nothing, most likely, and needs to be served.
        const bool isLeftBehind = !m_plan.unicast && m_members[m].hasJoined == 0;
        const bool isEarly = isLeftBehind || m_members[m].ready == MAY_HAVE_IT;
        const double waitS = isEarly ? 0 : expectedS;
        AddTimer(REPORT, device, waitS + u * spreadS, static_cast<uint16_t>(m_record.id));
    }
}

void
DistributionSession::OnReportTime(DeviceId device)
{
    const auto member = MemberOf(device);
    if (!member || Is(*member, FINAL) || m_stage != Stage::REPORTS)
    {
        return;
    }
    const Tick deadline = DeadlineOf(*member);
    if (Now() >= deadline)
    {
        return Settle(*member, UpdateBelief::UNREPORTED, CauseOfSilence(*member), "");
    }
    auto& state = m_members[*member];
    double waitS = m_service.m_config.reportRetryS;
    if (m_service.m_env.access->PendingToDevice(device) == 0)
    {
        AskVersion(*member);
        waitS = std::min(LONGEST_REPORT_WAIT_S, std::ldexp(waitS, state.tries));
        state.tries = static_cast<uint8_t>(std::min(state.tries + 1, 20));
    }
    waitS = std::min(waitS, ToSeconds(deadline - Now()));
    AddTimer(REPORT, static_cast<uint32_t>(device), waitS, static_cast<uint16_t>(m_record.id));
}

/// The member has just been served or has answered: it is not silent.
void
DistributionSession::WaitLonger(uint32_t member)
{
    if (m_stage != Stage::REPORTS)
    {
        return;
    }
    const Tick until = Now() + ToTicks(m_service.m_config.reportTimeoutS);
    const auto place = std::ranges::lower_bound(m_patience, member, {}, &Patience::member);
    if (place != m_patience.end() && place->member == member)
    {
        place->until = until;
        return;
    }
    m_patience.insert(place, {member, until});
}

Tick
DistributionSession::DeadlineOf(uint32_t member) const
{
    const auto place = std::ranges::lower_bound(m_patience, member, {}, &Patience::member);
    return place != m_patience.end() && place->member == member ? place->until : m_reportDeadline;
}

/// How far a member came that is not heard of any more, as far as the operator can tell.
std::string_view
DistributionSession::CauseOfSilence(uint32_t member) const
{
    if (m_members[member].ready == MAY_HAVE_IT)
    {
        return "silent";
    }
    if (!m_plan.unicast && m_members[member].hasJoined == 0)
    {
        return "missed-session-request";
    }
    return m_members[member].missing > 0 ? "incomplete" : "silent";
}

void
DistributionSession::Settle(uint32_t member,
                            UpdateBelief belief,
                            std::string_view cause,
                            const std::string& detail)
{
    if (Is(member, FINAL))
    {
        return;
    }
    const DeviceId device = m_devices[member];
    Put(member, FINAL, true);
    --m_open;
    NS_LOG_INFO("session " << m_record.id << ", device " << Index(device) << ": "
                           << (belief == Success() ? "updated" : "not updated")
                           << (cause.empty() ? "" : ", ") << cause);
    m_service.m_env.registry->SetUpdate(device, belief);
    if (belief == UpdateBelief::FAILED)
    {
        if (m_service.m_env.failures != nullptr)
        {
            m_service.m_env.failures->Note(device, KindOf(cause, Is(member, COMPLETE)));
        }
        m_service.m_failure(device, cause, detail);
    }
    m_service.m_settled(device, belief, cause, detail);
    m_service.m_reported(device, belief);
    CloseIfSettled();
}

void
DistributionSession::CloseIfSettled()
{
    if (m_stage == Stage::REPORTS && m_open == 0)
    {
        m_stage = Stage::CLOSED;
        DeleteGroup();
        m_repairs.clear();
        m_service.SessionClosed(*this);
    }
}

} // namespace ns3::iotfleet
