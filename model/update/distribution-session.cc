// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"

#include "model/update/image-check.h"
#include "model/wire/ts004-parity.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession: life cycle, and the set-up of its members.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("DistributionSession");

namespace ts004 = wire::ts004;
namespace ts005 = wire::ts005;

namespace
{

constexpr uint32_t FIRST_ADDRESS = 0xFF000001; ///< McAddr of the first session
constexpr double BEACON_PERIOD_S = 128;

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

DistributionSession::DistributionSession(UpdateService& service,
                                         uint32_t id,
                                         uint32_t job,
                                         ImageId image,
                                         PlannedSession plan)
    : m_service(service),
      m_job(job),
      m_image(image),
      m_plan(std::move(plan)),
      m_devices(std::move(m_plan.devices)),
      m_version(service.m_config.ts004 == "1.0.0" ? wire::PackageVersion::V1
                                                  : wire::PackageVersion::V2),
      m_members(m_devices.size()),
      m_open(static_cast<uint32_t>(m_devices.size())),
      m_address(FIRST_ADDRESS + id),
      m_fec(FecCodeOf(service.m_config.strategy.fec))
{
    m_record.id = id;
    m_record.kind = m_plan.unicast ? "unicast" : "class-" + service.m_config.sessionClass;
    m_record.dataRate = m_plan.dataRate;
    m_record.devices = m_open;
    m_record.firstMember = m_devices.empty() ? NO_DEVICE : m_devices.front();
    m_record.gateways = static_cast<uint32_t>(m_plan.gateways.size());
}

void
DistributionSession::Begin()
{
    m_stageStart = Now();
    NextStepAfter(0); // the service has pooled
}

void
DistributionSession::NextStepAfter(double seconds)
{
    AddTimer(SESSION_STEP, m_record.id, seconds, ++m_generation);
}

void
DistributionSession::AddTimer(uint16_t kind, uint32_t row, double seconds, uint16_t tag)
{
    m_service.AddTimer({static_cast<ServiceTimerKind>(kind), row, tag, seconds});
}

void
DistributionSession::OnStep(uint16_t generation)
{
    if (generation != m_generation)
    {
        return;
    }
    switch (m_stage)
    {
    case Stage::POOLING:
        if (m_plan.carousel)
        {
            return BeginCarousel();
        }
        return Prepare() ? EnterSetup(m_plan.unicast ? Stage::FRAGMENT_SETUP : Stage::GROUP_SETUP)
                         : EndTransfer();
    case Stage::GROUP_SETUP:
    case Stage::FRAGMENT_SETUP:
    case Stage::SESSION_SETUP:
        return LookAtSetup();
    case Stage::PASS:
        return OnWindowOver();
    case Stage::REKEY:
        return LookAtKeys();
    case Stage::STATUS:
        return OnStatusOver();
    case Stage::UNICAST:
    case Stage::REPORTS:
    case Stage::CLOSED:
        break;
    }
}

std::optional<uint32_t>
DistributionSession::MemberOf(DeviceId device) const
{
    return m_devices.IndexOf(device);
}

/// Cuts the block into fragments and draws the key; false if the block cannot be carried.
bool
DistributionSession::Prepare()
{
    const auto& config = m_service.m_config;
    const auto& image = m_service.m_env.catalog->Get(m_image);
    const int room = m_service.m_env.access->MaxPayload(m_plan.dataRate) -
                     static_cast<int>(ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    int size = room;
    const auto listed = config.fragmentBytesByDataRate.find(m_plan.dataRate);
    if (listed != config.fragmentBytesByDataRate.end())
    {
        size = std::min<int>(room, listed->second);
    }
    else if (config.fragmentBytes)
    {
        size = std::min<int>(room, *config.fragmentBytes);
    }
    const uint64_t bytes = std::max<uint64_t>(image.PayloadBytes(), 1);
    const uint64_t fragments = size > 0 ? (bytes + static_cast<uint64_t>(size) - 1) / size : 0;
    if (fragments == 0 || fragments > wire::TS004_MAX_FRAGMENT_NUMBER)
    {
        for (uint32_t m = 0; m < m_members.size(); ++m)
        {
            Settle(m, UpdateBelief::FAILED, "image-too-large", "more than 16383 fragments");
        }
        return false;
    }
    m_setup.mcGroupBitMask = m_plan.unicast ? 0 : 1;
    m_setup.nbFrag = static_cast<uint16_t>(fragments);
    m_setup.fragSize = static_cast<uint8_t>(size);
    m_setup.padding = static_cast<uint8_t>(fragments * static_cast<uint64_t>(size) - bytes);
    m_setup.fragAlgo = FragAlgoOf(m_fec);
    m_setup.blockAckDelay = config.blockAckDelay;
    const uint32_t code = VersionCode(image.version);
    for (size_t i = 0; i < m_setup.descriptor.size(); ++i)
    {
        m_setup.descriptor[i] = static_cast<uint8_t>(code >> (8 * i));
    }
    if (m_version == wire::PackageVersion::V2)
    {
        m_setup.sessionCnt = static_cast<uint16_t>(m_record.id + 1);
        m_setup.ackReception = config.ackReception;
    }
    DrawKey();
    double redundancy = config.redundancy;
    if (config.strategy.redundancyFrom == "answers")
    {
        redundancy = m_service.m_redundancy.Redundancy(m_plan.dataRate,
                                                       m_setup.nbFrag,
                                                       FecUsualExtra(m_fec),
                                                       config.redundancy);
    }
    const double coded = std::ceil(static_cast<double>(fragments) * redundancy - 1e-9);
    m_coded = static_cast<uint32_t>(
        std::min(coded, static_cast<double>(wire::TS004_MAX_FRAGMENT_NUMBER - fragments)));
    m_coded = m_plan.unicast ? 0 : m_coded;
    m_nextCoded = m_setup.nbFrag + 1U;
    return true;
}

void
DistributionSession::EnterSetup(Stage stage)
{
    m_stage = stage;
    m_stageStart = Now();
    m_awaited = 0;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        Put(m, ANSWERED, (m_plan.carousel || m_windows > 0) && !NeedsSetup(m));
        Put(m, QUIET, false);
        m_members[m].tries = 0;
        if (!Is(m, OUT) && !Is(m, ANSWERED))
        {
            ++m_awaited;
            SendSetup(m);
        }
    }
    NS_LOG_INFO("session " << m_record.id << ": set-up stage " << static_cast<int>(stage) << " of "
                           << m_awaited << " devices");
    if (m_awaited == 0 && stage != Stage::SESSION_SETUP)
    {
        return NextSetupStage();
    }
    const double startS = ToSeconds(m_start - Now());
    const double lookS = LookS();
    NextStepAfter(stage == Stage::SESSION_SETUP ? std::min(lookS, startS) : lookS);
}

void
DistributionSession::SendSetup(uint32_t member)
{
    m_service.Send(m_devices[member], SetupMessage(m_devices[member]));
}

/// Sends again what got no answer, and gives up those that stay silent.
void
DistributionSession::LookAtSetup()
{
    if (m_stage == Stage::SESSION_SETUP && Now() >= m_start)
    {
        if (m_windows > 0)
        {
            return ResumePass();
        }
        return m_plan.carousel ? StartWindow() : StartFirstPass();
    }
    const auto& config = m_service.m_config;
    auto& access = *m_service.m_env.access;
    const bool over = m_plan.carousel ? Now() >= m_setupEnd
                                      : ToSeconds(Now() - m_stageStart) >= config.setupTimeoutS;
    for (uint32_t m = 0; m < m_members.size() && m_awaited > 0; ++m)
    {
        if (Is(m, ANSWERED) || Is(m, OUT))
        {
            continue;
        }
        const DeviceId device = m_devices[m];
        const bool pending = access.PendingToDevice(device) > 0;
        const bool silent = !pending && Is(m, QUIET);
        Put(m, QUIET, !pending);
        if (silent && !over && m_members[m].tries < config.setupRetries)
        {
            ++m_members[m].tries;
            Put(m, QUIET, false);
            SendSetup(m);
        }
        else if ((silent || over) && m_stage != Stage::SESSION_SETUP)
        {
            NS_LOG_INFO("session " << m_record.id << " goes on without device " << Index(device)
                                   << ", which does not answer");
            access.DropPending(device);
            Put(m, OUT, true);
            --m_awaited;
        }
    }
    if (m_stage == Stage::SESSION_SETUP)
    {
        return NextStepAfter(std::min(config.setupRetryS, ToSeconds(m_start - Now())));
    }
    if (m_awaited == 0)
    {
        return NextSetupStage();
    }
    NextStepAfter(LookS());
}

/// Time to the next look at the set-up.
double
DistributionSession::LookS() const
{
    const double lookS = m_service.m_config.setupRetryS;
    if (!m_plan.carousel || m_stage == Stage::SESSION_SETUP)
    {
        return lookS;
    }
    return std::clamp(ToSeconds(m_setupEnd - Now()), 1.0, lookS);
}

void
DistributionSession::OnSetupAnswer(uint32_t member, bool accepted, std::string_view cause)
{
    if (Is(member, ANSWERED) || Is(member, OUT))
    {
        return;
    }
    Put(member, ANSWERED, true);
    if (m_members[member].tries == 0 && m_stage != Stage::SESSION_SETUP)
    {
        m_slowestS = std::max(m_slowestS, ToSeconds(Now() - m_stageStart));
    }
    if (!accepted)
    {
        Put(member, OUT, true);
        if (m_members[member].ready != MAY_HAVE_IT)
        {
            Settle(member, UpdateBelief::FAILED, cause, "the device refused the set-up");
        }
    }
    --m_awaited;
    if (m_awaited == 0)
    {
        NextSetupStage();
    }
}

void
DistributionSession::NextSetupStage()
{
    if (m_stage == Stage::GROUP_SETUP)
    {
        EnterCarouselStage();
        EnterSetup(Stage::FRAGMENT_SETUP);
    }
    else if (m_stage == Stage::FRAGMENT_SETUP)
    {
        m_plan.unicast ? StartUnicast() : PlanSession();
    }
}

/// Fixes start and length of the session and makes the group of those that are set up.
void
DistributionSession::PlanSession()
{
    std::vector<DeviceId> members;
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        const bool isDone = m_plan.carousel && (Is(m, COMPLETE) || Is(m, FINAL));
        if (!Is(m, OUT) && m_members[m].ready == IS_READY && !isDone)
        {
            members.push_back(m_devices[m]);
        }
    }
    if (members.empty())
    {
        return m_plan.carousel ? EndTurn() : EndTransfer();
    }
    PlanWindow();
    NS_LOG_INFO("session " << m_record.id << " of " << members.size() << " devices at DR"
                           << +m_plan.dataRate << ": " << m_setup.nbFrag << " + " << m_coded
                           << " fragments from " << ToSeconds(m_start) << " s");
    if (m_group == NO_GROUP)
    {
        members.shrink_to_fit();
        const bool isEverybody = m_plan.carousel || members.size() == m_devices.size();
        MakeGroup(isEverybody ? m_devices : DeviceList(std::move(members)));
    }
    m_service.m_env.access->AnnounceWindow(m_group, m_start, WindowEnd());
    EnterSetup(Stage::SESSION_SETUP);
}

/// Fixes when the next window begins and how long it is.
void
DistributionSession::PlanWindow()
{
    double startS = std::ceil(ToSeconds(std::max(Now() + ToTicks(MarginS()), m_window)));
    if (m_service.m_config.sessionClass == "B")
    {
        startS = std::ceil(startS / BEACON_PERIOD_S) * BEACON_PERIOD_S;
    }
    m_start = ToTicks(startS);
    ChooseTimeOut();
}

/// The request has to reach the members before the start: as long as the first message took to.
double
DistributionSession::MarginS() const
{
    const auto& config = m_service.m_config;
    const auto& carousel = config.strategy.carousel;
    const double slowestS = m_plan.carousel
                                ? std::min(m_slowestS, (carousel.periodS - carousel.windowS) / 2)
                                : m_slowestS;
    return std::max(config.startMarginS, slowestS);
}

void
DistributionSession::MakeGroup(DeviceList members)
{
    const auto& config = m_service.m_config;
    m_groupMembers = static_cast<uint32_t>(members.size());
    GroupConfig group;
    group.mode = config.sessionClass == "B" ? ListenMode::PERIODIC : ListenMode::CONTINUOUS;
    group.dataRate = m_plan.dataRate;
    group.frequencyHz = config.channelHz;
    group.pingPeriodicity = config.pingPeriodicity;
    group.gatewayMode =
        config.gatewayMode == "staggered" ? GatewayMode::STAGGERED : GatewayMode::SIMULCAST;
    group.gateways = m_plan.gateways;
    group.address = m_address;
    group.key = m_key;
    group.start = m_start;
    group.members = std::move(members);
    m_group = m_service.m_env.access->CreateGroup(group);
    m_record.group = m_group;
    m_service.m_env.directory->Add(m_address, m_group, group.members);
}

double
DistributionSession::FrameIntervalS(uint8_t dataRate) const
{
    const auto& config = m_service.m_config;
    const auto bytes = static_cast<uint8_t>(m_setup.fragSize + ts004::DATA_FRAGMENT_OVERHEAD_BYTES);
    const double airS = m_service.m_env.access->GroupAirtimeS(dataRate, bytes);
    const double slotS =
        config.sessionClass == "B" ? 0.96 * std::ldexp(1.0, config.pingPeriodicity) : 0;
    return std::max(airS / config.dutyCycle, slotS);
}

/// How long the fragments of the first pass take, as far as the duty cycle alone tells.
double
DistributionSession::FirstPassS() const
{
    if (m_plan.ladder.empty())
    {
        return (m_setup.nbFrag + m_coded) * FrameIntervalS(m_plan.dataRate);
    }
    double seconds = 0;
    for (const uint8_t dataRate : m_plan.ladder)
    {
        seconds += StepFragments() * FrameIntervalS(dataRate);
    }
    return seconds;
}

double
DistributionSession::StatusWaitS() const
{
    const auto& config = m_service.m_config;
    return config.repair.statusTimeoutS > 0 ? config.repair.statusTimeoutS
                                            : std::ldexp(1.0, config.blockAckDelay + 4) + 60;
}

/// Time-outs count in units of this, seconds.
double
DistributionSession::TimeOutUnitS() const
{
    return m_service.m_config.sessionClass == "B" ? BEACON_PERIOD_S : 1;
}

/// How long members are to listen: what is left of the pass, further rounds, and others' share of
/// the air, with a fifth more.
double
DistributionSession::PredictedWindowS() const
{
    const auto& config = m_service.m_config;
    if (m_plan.carousel)
    {
        return 1.2 * (config.strategy.carousel.windowS + StatusWaitS());
    }
    const double rounds = config.statusRequest ? config.repair.multicastRounds : 0;
    const double perRound = m_fec == FecCode::NONE
                                ? m_setup.nbFrag
                                : std::ceil(m_setup.nbFrag * config.repair.redundancyStep);
    const double sendingS = RestS() + rounds * perRound * FrameIntervalS(m_plan.dataRate);
    const double groups = config.strategy.parityGroups;
    const double polls = rounds + groups + (groups > 1 ? 1 : 0); // the last one asks everybody
    return 1.2 * (sendingS + SharedAirS() + polls * StatusWaitS());
}

void
DistributionSession::ChooseTimeOut()
{
    constexpr double LONGEST = 15; // a field of four bits (TS005 McClassCSessionReq)
    if (m_service.m_config.sessionTimeOut)
    {
        m_timeOut = *m_service.m_config.sessionTimeOut;
        return;
    }
    const double exponent = std::ceil(std::log2(PredictedWindowS() / TimeOutUnitS()));
    m_isLong = m_isLong || exponent > LONGEST;
    m_timeOut = static_cast<uint8_t>(std::clamp(exponent, 0.0, LONGEST));
}

Tick
DistributionSession::WindowEnd() const
{
    return m_start + ToTicks(std::ldexp(TimeOutUnitS(), m_timeOut));
}

void
DistributionSession::HandOver(std::span<const DeviceId> devices)
{
    bool wasAwaited = false;
    for (const DeviceId device : devices)
    {
        const auto member = MemberOf(device);
        if (!member || m_stage == Stage::CLOSED || Is(*member, FINAL))
        {
            continue;
        }
        m_service.m_env.access->DropPending(device);
        const bool inSetup = m_stage >= Stage::GROUP_SETUP && m_stage <= Stage::SESSION_SETUP;
        if (inSetup && !Is(*member, ANSWERED) && !Is(*member, OUT))
        {
            --m_awaited;
            wasAwaited = true;
        }
        StopAwaitingKey(*member);
        Put(*member, OUT, true);
        Put(*member, FINAL, true);
        --m_open;
    }
    if (wasAwaited && m_awaited == 0)
    {
        NextSetupStage();
    }
    CloseIfSettled();
}

void
DistributionSession::Remove(DeviceId device)
{
    const auto member = MemberOf(device);
    if (!member || m_stage == Stage::CLOSED || Is(*member, FINAL))
    {
        return;
    }
    m_service.m_env.access->DropPending(device);
    const bool awaited = m_stage >= Stage::GROUP_SETUP && m_stage <= Stage::SESSION_SETUP &&
                         !Is(*member, ANSWERED) && !Is(*member, OUT);
    StopAwaitingKey(*member);
    Put(*member, OUT, true);
    Settle(*member, UpdateBelief::UNREPORTED, "removed", "taken out of the session");
    if (awaited && --m_awaited == 0)
    {
        NextSetupStage();
    }
}

void
DistributionSession::Stop()
{
    m_stopped = true;
    m_repairs.clear();
    if (m_stage >= Stage::REPORTS)
    {
        return;
    }
    const bool notBegun = m_stage <= Stage::SESSION_SETUP && m_record.fragmentsSent == 0;
    DropGroup();
    for (uint32_t m = 0; m < m_members.size(); ++m)
    {
        m_service.m_env.access->DropPending(m_devices[m]);
        if (notBegun && !Is(m, FINAL))
        {
            Put(m, FINAL, true);
            --m_open;
            m_service.m_env.registry->SetUpdate(m_devices[m], UpdateBelief::IDLE);
        }
    }
    DeleteGroup();
    EndTransfer();
}

void
DistributionSession::DeleteGroup()
{
    if (m_group != NO_GROUP)
    {
        m_service.m_env.directory->Remove(m_address);
        m_service.m_env.access->DeleteGroup(m_group);
        m_group = NO_GROUP;
    }
}

} // namespace ns3::iotfleet
