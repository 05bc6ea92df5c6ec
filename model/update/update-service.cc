// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/update-service.h"

#include "model/update/distribution-session.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("UpdateService");
NS_OBJECT_ENSURE_REGISTERED(UpdateService);

namespace
{

/// Takes devices out of those that a job has still to serve; whether any was among them.
template <typename Job, typename Predicate>
bool
TakeOut(Job& job, const Predicate& goes)
{
    auto taken = std::erase_if(job.waiting, [&](const Candidate& c) { return goes(c.device); });
    for (auto& plan : job.planned)
    {
        taken += std::erase_if(plan.devices, goes);
    }
    std::erase_if(job.planned, [](const PlannedSession& plan) { return plan.devices.empty(); });
    return taken > 0;
}

} // namespace

TypeId
UpdateService::GetTypeId()
{
    static TypeId tid = AddAttributes(
        TypeId("ns3::iotfleet::UpdateService")
            .SetParent<Object>()
            .SetGroupName("IotFleet")
            .AddConstructor<UpdateService>()
            .AddTraceSource("Failure",
                            "The operator learned that a device's update failed, and why.",
                            MakeTraceSourceAccessor(&UpdateService::m_failure),
                            "ns3::iotfleet::UpdateService::FailureTracedCallback")
            .AddTraceSource("SessionStarted",
                            "The first pass of a session begins.",
                            MakeTraceSourceAccessor(&UpdateService::m_sessionStarted),
                            "ns3::iotfleet::UpdateService::SessionTracedCallback")
            .AddTraceSource("SessionEnded",
                            "The repair of a session is over; reports follow.",
                            MakeTraceSourceAccessor(&UpdateService::m_sessionEnded),
                            "ns3::iotfleet::UpdateService::SessionTracedCallback")
            .AddTraceSource("Reported",
                            "The belief of a device's update is settled.",
                            MakeTraceSourceAccessor(&UpdateService::m_reported),
                            "ns3::iotfleet::UpdateService::ReportedTracedCallback")
            .AddTraceSource("Settled",
                            "The belief of a device's update is settled, with its cause.",
                            MakeTraceSourceAccessor(&UpdateService::m_settled),
                            "ns3::iotfleet::UpdateService::SettledTracedCallback"));
    return tid;
}

UpdateService::UpdateService() = default;
UpdateService::~UpdateService() = default;

void
UpdateService::DoDispose()
{
    m_timers.reset();
    m_sessions.clear();
    m_jobs.clear();
    m_env = {};
    Object::DoDispose();
}

void
UpdateService::Start(const Environment& environment)
{
    Start(environment, UpdateConfig(m_config));
}

void
UpdateService::Start(const Environment& environment, const UpdateConfig& config)
{
    m_env = environment;
    m_config = config;
    m_redundancy = RedundancyEstimate(config.strategy.redundancyQuantile);
    if (!m_policy)
    {
        m_policy = MakeSessionPolicy(config.policy,
                                     config.thresholdS,
                                     m_env.access->DownlinkDataRate(0),
                                     config.strategy.ladder.fastest);
    }
    if (config.gatewayMode == "set-cover" || config.gatewayMode == "single")
    {
        m_env.registry->Coverage().Track(m_env.registry->Size());
    }
    m_timers = std::make_unique<TimerQueue>([this](const Timer& timer) { OnTimer(timer); });
    m_env.access->HandleSent([this](const SentFrame& frame) { OnSent(frame); });
    for (const uint8_t port : {wire::ts005::FPORT, wire::ts004::FPORT, wire::ts006::FPORT})
    {
        m_env.access->HandleAtOperator(port,
                                       [this](const UplinkMessage& message) { OnUplink(message); });
    }
}

void
UpdateService::SetPolicy(std::unique_ptr<SessionPolicy> policy)
{
    m_policy = std::move(policy);
}

void
UpdateService::Distribute(std::vector<DeviceId> devices,
                          ImageId image,
                          std::function<void()> finished)
{
    Bring(std::move(devices), {image, UpdateBelief::UPDATED}, std::move(finished));
}

void
UpdateService::BringBack(std::vector<DeviceId> devices,
                         ImageId image,
                         std::function<void()> finished)
{
    Bring(std::move(devices), {image, UpdateBelief::WENT_BACK}, std::move(finished));
}

/// Each form of the image that these devices need, as the operator believes them to be, has
/// sessions of its own: a delta serves the devices of one version.
void
UpdateService::Bring(std::vector<DeviceId> devices, Order order, std::function<void()> finished)
{
    std::ranges::sort(devices);
    TakeFromEarlierJobs(devices);
    std::map<ImageId, std::vector<DeviceId>> byPayload;
    for (const DeviceId device : devices)
    {
        byPayload[m_env.catalog->PayloadFor(order.image, m_env.registry->Firmware(device))]
            .push_back(device);
    }
    if (byPayload.size() <= 1)
    {
        order.image = byPayload.empty() ? order.image : byPayload.begin()->first;
        return StartJob(std::move(devices), order, std::move(finished));
    }
    const auto open = std::make_shared<size_t>(byPayload.size());
    for (auto& [payload, share] : byPayload)
    {
        StartJob(std::move(share), {payload, order.success}, [open, finished] {
            if (--*open == 0)
            {
                finished();
            }
        });
    }
}

void
UpdateService::StartJob(std::vector<DeviceId> devices, Order order, std::function<void()> finished)
{
    const auto index = static_cast<uint32_t>(m_jobs.size());
    auto& job = m_jobs.emplace_back();
    job.order = order;
    job.finished = std::move(finished);
    job.waiting = CandidatesOf(devices);
    for (const auto& candidate : job.waiting)
    {
        m_env.registry->SetUpdate(candidate.device, UpdateBelief::TARGETED);
    }
    NS_LOG_INFO("job " << index << ": image " << Index(order.image) << " for " << job.waiting.size()
                       << " devices");
    job.begun = Simulator::Now().GetNanoSeconds();
    AddTimer({START_SESSIONS, index, 0, m_config.poolingS});
}

/// Whoever still waited for a session of an earlier distribution is served by the new one.
void
UpdateService::TakeFromEarlierJobs(const std::vector<DeviceId>& devices)
{
    for (uint32_t index = 0; index < m_jobs.size(); ++index)
    {
        if (TakeOut(m_jobs[index],
                    [&](DeviceId device) { return std::ranges::binary_search(devices, device); }))
        {
            FinishIfDone(index);
        }
    }
}

void
UpdateService::SessionClosed(DistributionSession& session)
{
    NS_LOG_INFO("session " << session.Record().id
                           << " closed: " << session.Record().believedCompleted << " of "
                           << session.Record().devices << " devices are taken to have the image");
    --m_jobs[session.JobIndex()].reporting;
    FinishIfDone(session.JobIndex());
}

void
UpdateService::FinishIfDone(uint32_t index)
{
    auto& job = m_jobs[index];
    if (job.done || !job.waiting.empty() || !job.planned.empty() || job.reporting > 0)
    {
        return;
    }
    job.done = true;
    if (const auto finished = std::move(job.finished))
    {
        finished(); // may start another distribution
    }
}

void
UpdateService::StopOffering()
{
    for (uint32_t index = 0; index < m_jobs.size(); ++index)
    {
        for (const auto& candidate : std::exchange(m_jobs[index].waiting, {}))
        {
            m_env.registry->SetUpdate(candidate.device, UpdateBelief::IDLE);
        }
        for (const auto& plan : std::exchange(m_jobs[index].planned, {}))
        {
            for (const DeviceId device : plan.devices)
            {
                m_env.registry->SetUpdate(device, UpdateBelief::IDLE);
            }
        }
    }
    for (size_t i = 0; i < m_sessions.size(); ++i)
    {
        m_sessions[i]->Stop();
    }
    for (uint32_t index = 0; index < m_jobs.size(); ++index)
    {
        FinishIfDone(index);
    }
}

/// Who still waits for a session is settled like a member of one.
void
UpdateService::RemoveFromSessions(DeviceId device)
{
    std::vector<uint32_t> touched;
    for (uint32_t index = 0; index < m_jobs.size(); ++index)
    {
        if (TakeOut(m_jobs[index], [device](DeviceId one) { return one == device; }))
        {
            touched.push_back(index);
            m_env.registry->SetUpdate(device, UpdateBelief::UNREPORTED);
            m_settled(device, UpdateBelief::UNREPORTED, "removed", "taken out before its session");
            m_reported(device, UpdateBelief::UNREPORTED);
        }
    }
    for (size_t i = 0; i < m_sessions.size(); ++i)
    {
        m_sessions[i]->Remove(device);
    }
    std::ranges::for_each(touched, [this](uint32_t index) { FinishIfDone(index); });
}

uint32_t
UpdateService::RekeyWithout(DeviceId device)
{
    uint32_t messages = 0;
    for (const auto& session : m_sessions)
    {
        if (session->HoldsKey(device))
        {
            messages += session->Rekey({&device, 1});
        }
    }
    return messages;
}

void
UpdateService::OnUplink(const UplinkMessage& message)
{
    // The newest session of a device is the one that it talks about.
    for (auto it = m_sessions.rbegin(); it != m_sessions.rend(); ++it)
    {
        if ((*it)->OnUplink(message.device, message.payload))
        {
            return;
        }
    }
}

/// What a frame took of the air is known when a gateway has sent it.
void
UpdateService::OnSent(const SentFrame& frame)
{
    if (frame.group != NO_GROUP)
    {
        const auto session =
            std::find_if(m_sessions.rbegin(), m_sessions.rend(), [&](const auto& one) {
                return one->Group() == frame.group;
            });
        if (session != m_sessions.rend())
        {
            (*session)->OnGroupSent(frame.number, frame.airtimeS);
        }
        return;
    }
    switch (frame.payload->port)
    {
    case wire::ts005::FPORT:
        return m_totals.air.Add(AirPurpose::SET_UP, frame.airtimeS);
    case wire::ts004::FPORT:
        return OnFragmentationSent(frame);
    case wire::ts006::FPORT:
        return m_totals.air.Add(AirPurpose::REPORTS, frame.airtimeS);
    default:
        return; // others use the network, too
    }
}

void
UpdateService::OnFragmentationSent(const SentFrame& frame)
{
    const auto content = frame.payload->View();
    const uint8_t command = content.empty() ? uint8_t{0} : content.front();
    if (command == wire::ts004::FragSessionSetupReq::CID)
    {
        return m_totals.air.Add(AirPurpose::SET_UP, frame.airtimeS);
    }
    const bool isFragment = command == wire::ts004::DataFragment::CID && content.size() >= 3;
    for (auto it = m_sessions.rbegin(); it != m_sessions.rend(); ++it)
    {
        const auto member = (*it)->IsClosed() ? std::nullopt : (*it)->MemberOf(frame.device);
        if (member && isFragment)
        {
            const auto number = static_cast<uint16_t>((content[1] | content[2] << 8) & 0x3FFF);
            return (*it)->OnUnicastSent(*member, number, frame.airtimeS);
        }
        if (member && (*it)->IsRepairing(*member))
        {
            return m_totals.air.Add(AirPurpose::REPAIR, frame.airtimeS);
        }
    }
    m_totals.air.Add(AirPurpose::REPORTS, frame.airtimeS);
}

void
UpdateService::AddTimer(const ServiceTimer& timer)
{
    const Tick now = Simulator::Now().GetNanoSeconds();
    m_timers->Add({now + ToTicks(std::max(0.0, timer.seconds)),
                   timer.row,
                   static_cast<uint16_t>(timer.kind),
                   timer.tag});
}

void
UpdateService::OnTimer(const Timer& timer)
{
    switch (static_cast<ServiceTimerKind>(timer.kind))
    {
    case START_SESSIONS:
        return StartNextSessions(timer.row);
    case SESSION_STEP:
        return m_sessions[timer.row]->OnStep(timer.tag);
    case REPAIR_POLL:
        return m_sessions[timer.row]->OnRepairPoll();
    case DELETE_GROUP:
        return m_sessions[timer.row]->OnDeleteGroup();
    case REPORT:
        return m_sessions[timer.tag]->OnReportTime(static_cast<DeviceId>(timer.row));
    }
}

void
UpdateService::Send(DeviceId device, const wire::AppPayload& payload)
{
    m_totals.bytesUnicast += payload.size;
    m_env.access->SendToDevice(device, payload);
}

std::optional<TransferContent>
UpdateService::ContentOf(GroupId group) const
{
    const auto found = std::ranges::find(m_sessions, group, &DistributionSession::Group);
    return found == m_sessions.end() ? std::nullopt : std::optional((*found)->Content());
}

std::optional<TransferContent>
UpdateService::ContentOf(DeviceId device) const
{
    const auto found =
        std::find_if(m_sessions.rbegin(), m_sessions.rend(), [&](const auto& session) {
            return !session->IsClosed() && session->MemberOf(device);
        });
    return found == m_sessions.rend() ? std::nullopt : std::optional((*found)->Content());
}

std::optional<uint32_t>
UpdateService::NewestSessionOf(DeviceId device) const
{
    for (size_t i = m_sessions.size(); i-- > 0;)
    {
        if (m_sessions[i]->MemberOf(device))
        {
            return static_cast<uint32_t>(i);
        }
    }
    return std::nullopt;
}

bool
UpdateService::IsBusy() const
{
    return std::ranges::any_of(m_jobs, [](const Job& job) { return !job.done; });
}

size_t
UpdateService::MemoryBytes() const
{
    size_t bytes = m_timers ? m_timers->MemoryBytes() : 0;
    bytes += m_env.directory != nullptr ? m_env.directory->MemoryBytes() : 0;
    for (const auto& session : m_sessions)
    {
        bytes += session->MemoryBytes();
    }
    for (const auto& job : m_jobs)
    {
        bytes += job.waiting.capacity() * sizeof(Candidate);
    }
    return bytes;
}

} // namespace ns3::iotfleet
