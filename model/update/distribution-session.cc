// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/distribution-session.h"

#include "ns3/simulator.h"

#include <utility>

/**
 * @file
 * DistributionSession: its life, from the timers that drive it to members who leave and its end.
 */
namespace ns3::iotfleet
{

namespace
{

constexpr uint32_t FIRST_ADDRESS = 0xFF000001; ///< McAddr of the first session

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
        LeaveKeyChange(*member);
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
    LeaveKeyChange(*member);
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
    m_isKeyless = true;
    m_service.m_env.directory->Remove(m_address);
    if (m_group != NO_GROUP)
    {
        m_service.m_env.access->DeleteGroup(m_group);
        m_group = NO_GROUP;
    }
}

} // namespace ns3::iotfleet
