// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"
#include "model/update/image-check.h"
#include "model/wire/lorawan-class-b.h"
#include "model/wire/ts004-parity.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

/**
 * @file
 * DistributionSession: what is prepared before anything is sent, and the set-up of the members.
 */
namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("DistributionSession");

namespace ts004 = wire::ts004;
namespace ts005 = wire::ts005;

namespace
{

Tick
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

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
        startS = std::ceil(startS / wire::BEACON_PERIOD_S) * wire::BEACON_PERIOD_S;
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
    m_groupMembers = static_cast<uint32_t>(members.size());
    GroupConfig group = GroupPlan();
    group.address = m_address;
    group.key = m_key;
    group.start = m_start;
    group.members = std::move(members);
    m_group = m_service.m_env.access->CreateGroup(group);
    m_record.group = m_group;
    m_service.m_env.directory->Add(m_address, m_group, group.members);
}

} // namespace ns3::iotfleet
