// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/give-back.h"
#include "model/update/distribution-session.h"
#include "model/update/update-service.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

/**
 * @file
 * UpdateService: who shares a session, through which gateways, and how many sessions run at once.
 */
namespace ns3::iotfleet
{

std::vector<Candidate>
UpdateService::CandidatesOf(const std::vector<DeviceId>& devices) const
{
    std::vector<Candidate> candidates;
    for (const DeviceId device : devices)
    {
        const auto& registry = *m_env.registry;
        // A carousel is there for those, too, who come later.
        const bool isHere = registry.IsEnrolled(device) || m_config.policy == "CAROUSEL";
        if (!isHere || registry.GetAccess(device) == Access::BLOCKED)
        {
            m_env.registry->SetUpdate(device, UpdateBelief::UNREPORTED);
            m_settled(device, UpdateBelief::UNREPORTED, isHere ? "blocked" : "not-enrolled", "");
            m_reported(device, UpdateBelief::UNREPORTED);
            continue;
        }
        candidates.push_back({device, BelievedDataRate(device), registry.Link(device).bestGateway});
    }
    return candidates;
}

/// The downlink rate for the link as it was last heard, slower where the margin is not kept.
uint8_t
UpdateService::BelievedDataRate(DeviceId device) const
{
    if (m_config.dataRate)
    {
        return *m_config.dataRate;
    }
    constexpr double STEP_DB = 2.5; // between neighbouring spreading factors
    const auto& link = m_env.registry->Link(device);
    int dataRate = link.dataRate;
    while (dataRate > 0 &&
           link.snrDb < m_config.snrFloorDr0Db + STEP_DB * dataRate + m_config.dataRateMarginDb)
    {
        --dataRate;
    }
    return m_env.access->DownlinkDataRate(static_cast<uint8_t>(dataRate));
}

/// The SNR of an uplink that stands for a downlink data rate, dB, without margin.
double
UpdateService::FloorDb(uint8_t downlinkDataRate) const
{
    constexpr double STEP_DB = 2.5;
    constexpr uint8_t FASTEST = 5; // LoRa at 125 kHz has six spreading factors
    uint8_t dataRate = 0;
    while (dataRate < FASTEST && m_env.access->DownlinkDataRate(dataRate) < downlinkDataRate)
    {
        ++dataRate;
    }
    return m_config.snrFloorDr0Db + STEP_DB * dataRate;
}

/// The gateways that are believed to reach each of `devices` at a data rate with the margin; the
/// best one of a device counts in any case.
ReachLists
UpdateService::ReachOf(const std::vector<DeviceId>& devices, uint8_t dataRate) const
{
    const double leastDb = FloorDb(dataRate) + m_config.dataRateMarginDb;
    ReachLists lists;
    for (const DeviceId device : devices)
    {
        auto& list = lists.emplace_back();
        const auto best = m_env.registry->Link(device).bestGateway;
        if (best != NO_GATEWAY)
        {
            list.push_back(best);
        }
        for (const auto& heard : m_env.registry->Coverage().Of(device))
        {
            if (heard.gateway != NO_GATEWAY && heard.gateway != best && heard.snrDb >= leastDb)
            {
                list.push_back(heard.gateway);
            }
        }
    }
    return lists;
}

/// Names the gateways of a session that the policy has left to us.
void
UpdateService::ChooseGateways(PlannedSession& plan) const
{
    if (plan.unicast || !plan.gateways.empty())
    {
        return;
    }
    if (m_config.gatewayMode == "list")
    {
        plan.gateways = m_config.gateways;
    }
    else if (m_config.gatewayMode == "set-cover")
    {
        plan.gateways =
            CoverGreedily(ReachOf(plan.devices, plan.dataRate), m_config.strategy.gatewayCover);
    }
    else if (m_config.gatewayMode == "single")
    {
        plan.gateways = BestSingleGateway(ReachOf(plan.devices, plan.dataRate));
    }
}

void
UpdateService::StartNextSessions(uint32_t index)
{
    auto& job = m_jobs[index];
    const uint32_t limit = m_config.strategy.concurrentSessions;
    if (job.waiting.empty() && job.planned.empty())
    {
        return FinishIfDone(index);
    }
    while (limit == 0 || m_transferring < limit)
    {
        if (job.planned.empty())
        {
            // Without a limit the policy is asked again when all that it named have ended.
            if (job.waiting.empty() || (limit == 0 && job.transferring > 0))
            {
                return;
            }
            AskPolicy(job);
        }
        auto plan = std::move(job.planned.front());
        job.planned.pop_front();
        StartSession(index, std::move(plan));
    }
}

void
UpdateService::AskPolicy(Job& job)
{
    for (auto& candidate : job.waiting) // links may have been heard anew since
    {
        candidate.dataRate = BelievedDataRate(candidate.device);
        candidate.gateway = m_env.registry->Link(candidate.device).bestGateway;
    }
    const Tick waited = Simulator::Now().GetNanoSeconds() - job.begun;
    for (auto& plan : m_policy->Next(job.waiting, ToSeconds(waited)))
    {
        job.planned.push_back(std::move(plan));
    }
    if (job.waiting.empty())
    {
        GiveBack(job.waiting); // a million candidates weigh 8 MB
    }
}

void
UpdateService::StartSession(uint32_t job, PlannedSession plan)
{
    for (const auto& earlier : m_sessions)
    {
        if (!earlier->IsClosed() && earlier->JobIndex() == job)
        {
            continue; // shares no device with this one
        }
        // A further try, or a roll-back. A device has one group: a later rekey of the earlier one
        // must not pull it out of this one.
        earlier->ForgetKeys(plan.devices);
        earlier->HandOver(plan.devices);
    }
    ChooseGateways(plan);
    ++m_transferring;
    ++m_jobs[job].transferring;
    ++m_jobs[job].reporting;
    const auto id = static_cast<uint32_t>(m_sessions.size());
    m_sessions.push_back(std::make_unique<DistributionSession>(*this,
                                                               id,
                                                               job,
                                                               m_jobs[job].order.image,
                                                               std::move(plan)));
    m_sessions.back()->Begin();
}

const std::vector<SessionRecord>&
UpdateService::Sessions() const
{
    m_records.clear();
    for (const auto& session : m_sessions)
    {
        m_records.push_back(session->Record());
    }
    return m_records;
}

void
UpdateService::SessionEnded(DistributionSession& session)
{
    m_sessionEnded(session.Record());
    --m_transferring;
    --m_jobs[session.JobIndex()].transferring;
    // Where the number of sessions is limited, others may have waited for this one.
    const bool isLimited = m_config.strategy.concurrentSessions > 0;
    for (uint32_t index = 0; index < m_jobs.size(); ++index)
    {
        const auto& job = m_jobs[index];
        const bool isNext = isLimited || (index == session.JobIndex() && job.transferring == 0);
        if (isNext && (!job.waiting.empty() || !job.planned.empty()))
        {
            AddTimer({START_SESSIONS, index, 0, m_config.sessionGapS + m_config.poolingS});
        }
    }
}

} // namespace ns3::iotfleet
