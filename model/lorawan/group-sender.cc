// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/group-sender.h"

#include "model/lorawan/ping-slots.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/nstime.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetGroupSender");

namespace
{

/// With all gateways of a group down, the server looks again after this time.
constexpr Tick OUTAGE_POLL = 10 * TICKS_PER_SECOND;

uint8_t
RateOf(const GroupConfig& config, const GroupFrame& frame)
{
    return frame.dataRate.value_or(config.dataRate);
}

} // namespace

GroupSender::GroupSender(LorawanCore& core,
                         DownlinkAir& air,
                         DeviceMac& mac,
                         BeaconSender& beacons,
                         BeaconReceivers& receivers,
                         ReceptionHandler onReception)
    : m_core(core),
      m_air(air),
      m_mac(mac),
      m_beacons(beacons),
      m_receivers(receivers),
      m_onReception(std::move(onReception))
{
}

GroupSender::~GroupSender() = default;

GroupSender::Group&
GroupSender::Get(GroupId group)
{
    NS_ABORT_MSG_IF(Index(group) >= m_groups.size() || !m_groups[Index(group)],
                    "no group " << Index(group));
    return *m_groups[Index(group)];
}

const GroupSender::Group&
GroupSender::Get(GroupId group) const
{
    return const_cast<GroupSender*>(this)->Get(group);
}

GroupId
GroupSender::Create(const GroupConfig& config)
{
    auto group = std::make_unique<Group>();
    group->id = static_cast<GroupId>(m_groups.size());
    group->config = config;
    if (group->config.gateways.empty())
    {
        for (uint16_t g = 0; g < m_core.gateways.size(); ++g)
        {
            group->config.gateways.push_back(static_cast<GatewayId>(g));
        }
    }
    group->frequencyHz = config.frequencyHz;
    group->dataRate = config.dataRate;
    if (config.frequencyHz == 0 && config.mode == ListenMode::CONTINUOUS)
    {
        group->frequencyHz = m_core.region.rx2FrequencyHz;
    }
    group->reception =
        std::make_unique<GroupReceptionModel>(m_core, m_air, group->id, group->config.members);
    group->listening =
        std::make_unique<GroupListening>(m_core, group->config, *group->reception, m_receivers);
    if (config.mode == ListenMode::PERIODIC)
    {
        m_beacons.Need();
    }
    const GroupId id = group->id;
    NS_LOG_INFO("group " << Index(id) << " of " << config.members.size() << " devices at DR"
                         << +config.dataRate);
    m_groups.push_back(std::move(group));
    return id;
}

void
GroupSender::Send(GroupId id, const GroupFrame& frame)
{
    auto& group = Get(id);
    group.queue.push_back(frame);
    Arm(group, LorawanCore::Now());
}

uint32_t
GroupSender::Pending(GroupId id) const
{
    const auto& group = Get(id);
    return static_cast<uint32_t>(group.queue.size() + (group.onAir ? 1 : 0));
}

uint32_t
GroupSender::DropQueued(GroupId id)
{
    auto& group = Get(id);
    const auto dropped = static_cast<uint32_t>(group.queue.size());
    group.queue.clear();
    return dropped;
}

void
GroupSender::WhenIdle(GroupId id, AccessNetwork::GroupDone done)
{
    auto& group = Get(id);
    group.done = std::move(done);
    Arm(group, LorawanCore::Now());
}

void
GroupSender::Delete(GroupId id)
{
    auto& group = Get(id);
    group.queue.clear();
    group.done = nullptr;
    group.deleted = true;
    FreeIfUnused(id);
}

void
GroupSender::FreeIfUnused(GroupId id)
{
    auto& group = Get(id);
    if (!group.deleted || group.listeners > 0)
    {
        return;
    }
    group.listening->Settle();
    if (group.config.mode == ListenMode::PERIODIC)
    {
        m_beacons.Release();
    }
    m_groups[Index(id)].reset();
    const bool any = std::ranges::any_of(m_groups, [](const auto& g) { return g != nullptr; });
    if (!any)
    {
        m_mac.KeepRecentUplinks(false);
    }
}

void
GroupSender::StartListening(GroupId id, uint32_t member)
{
    auto& group = Get(id);
    if (!group.reception->IsListening(member))
    {
        group.reception->SetListening(member, true);
        ++group.listeners;
        group.listening->Start(member);
        m_mac.KeepRecentUplinks(true);
    }
}

void
GroupSender::StopListening(GroupId id, uint32_t member)
{
    auto& group = Get(id);
    if (group.reception->IsListening(member))
    {
        group.reception->SetListening(member, false);
        group.listening->Stop(member);
        --group.listeners;
        FreeIfUnused(id);
    }
}

void
GroupSender::SettleListening(GroupId id, uint32_t member)
{
    auto& group = Get(id);
    if (group.reception->IsListening(member))
    {
        group.listening->Stop(member);
        group.listening->Start(member);
    }
}

void
GroupSender::Settle()
{
    for (const auto& group : m_groups)
    {
        if (group)
        {
            group->listening->Settle();
        }
    }
}

void
GroupSender::Arm(Group& group, Tick when)
{
    if (group.armed || group.onAir)
    {
        return;
    }
    group.armed = true;
    Simulator::Schedule(NanoSeconds(std::max<Tick>(0, when - LorawanCore::Now())),
                        &GroupSender::Pump,
                        this,
                        group.id);
}

double
GroupSender::SpacingS(uint8_t dataRate, uint32_t payloadBytes) const
{
    const auto& pacing = m_core.config.pacing;
    if (pacing.kind == PacingKind::INTERVAL)
    {
        return pacing.intervalS;
    }
    if (pacing.kind == PacingKind::GATEWAY)
    {
        return 0;
    }
    auto modulation = m_core.region.Modulation(dataRate, false);
    modulation.crc = pacing.airtimeCrc;
    if (pacing.airtimeLdro != LdroEstimate::AUTO)
    {
        modulation.lowDataRateOptimize = pacing.airtimeLdro == LdroEstimate::ON;
    }
    const auto estimate = wire::LoraAirtimeNs(modulation, payloadBytes + pacing.airtimeExtraBytes);
    return pacing.airtimeFactor * ToSeconds(estimate);
}

Tick
GroupSender::DueByPacing(Group& group)
{
    const auto& pacing = m_core.config.pacing;
    const Tick now = LorawanCore::Now();
    const Tick begin = std::max(now, group.config.start);
    if (!group.pacing)
    {
        group.pacing = true;
        group.nextTick = begin + ToTicks(pacing.tickPhaseS);
        group.paceDue = begin;
    }
    if (pacing.tickS <= 0)
    {
        return std::max(begin, group.paceDue);
    }
    // The server's loop sleeps for a tick, which takes a little longer than it should.
    while (group.nextTick < group.paceDue)
    {
        const double extra =
            pacing.tickExtraMinS + (pacing.tickExtraMaxS - pacing.tickExtraMinS) *
                                       m_core.random.Uniform(Purpose::PACING,
                                                             static_cast<uint32_t>(group.id),
                                                             static_cast<uint32_t>(group.ticks++));
        group.nextTick += ToTicks(pacing.tickS + extra);
    }
    return std::max(begin, group.nextTick);
}

/// Gateways that the server takes for online. What it sends through one that is not gets lost.
std::vector<GatewayId>
GroupSender::Online(const Group& group) const
{
    const GatewayWatch watch(m_core, *m_backhaul);
    std::vector<GatewayId> online;
    std::ranges::copy_if(group.config.gateways, std::back_inserter(online), [&](GatewayId g) {
        return watch.IsOnline(g, LorawanCore::Now());
    });
    return online;
}

Tick
GroupSender::NextStart(const Group& group, Tick from) const
{
    return group.config.mode == ListenMode::PERIODIC
               ? NextPingSlot(group.config.address, group.config.pingPeriodicity, from)
               : from;
}

/// Where members listen at `start`: a channel of the group, or the ping slots' one
/// (RP002-1.0.4: it hops in US915, (McAddr + floor(beacon time / 128)) mod 8).
uint32_t
GroupSender::FrequencyHz(const Group& group, Tick start) const
{
    if (group.frequencyHz != 0)
    {
        return group.frequencyHz;
    }
    return m_core.region.PingSlotFrequencyHz(BeaconTimeS(BeaconBefore(start)),
                                             group.config.address);
}

Tick
GroupSender::EarliestForAll(const Group& group,
                            std::span<const GatewayId> gateways,
                            Tick from,
                            Tick airtime) const
{
    Tick start = NextStart(group, from);
    for (bool settled = false; !settled;)
    {
        settled = true;
        for (const auto g : gateways)
        {
            const Tick own =
                m_core.gateways[Index(g)]->EarliestStart(FrequencyHz(group, start), start, airtime);
            if (own > start)
            {
                start = NextStart(group, own);
                settled = false;
            }
        }
    }
    return start;
}

void
GroupSender::Pump(GroupId id)
{
    if (!m_groups[Index(id)])
    {
        return; // deleted meanwhile
    }
    auto& group = Get(id);
    group.armed = false;
    if (group.queue.empty())
    {
        group.pacing = false;
        if (group.done)
        {
            const auto done = std::exchange(group.done, nullptr);
            done(id);
        }
        return;
    }
    const Tick now = LorawanCore::Now();
    const Tick due = DueByPacing(group);
    if (due > now)
    {
        Arm(group, due);
        return;
    }
    Tick lead = 0;
    for (const auto g : group.config.gateways)
    {
        lead = std::max(lead, m_backhaul->PlannedDelay(g));
    }
    const auto online = Online(group);
    if (online.empty())
    {
        Arm(group, now + OUTAGE_POLL);
        return;
    }
    const Tick airtime =
        m_core.airtime.Down(RateOf(group.config, group.queue.front()),
                            FRAME_BYTES_WITHOUT_PORT + 1U + group.queue.front().sizeBytes);
    const bool staggered = group.config.gatewayMode == GatewayMode::STAGGERED;
    const Tick start = EarliestForAll(group,
                                      staggered ? std::span(online).first(1) : std::span(online),
                                      now + lead,
                                      airtime);
    if (start > now + lead + PING_SLOT)
    {
        Arm(group, start - lead); // look again then: others share these gateways
        return;
    }
    Transmit(group, online, start, airtime);
}

void
GroupSender::Transmit(Group& group, std::span<const GatewayId> gateways, Tick start, Tick airtime)
{
    const GroupFrame frame = group.queue.front();
    group.queue.pop_front();
    group.paceDue += ToTicks(SpacingS(RateOf(group.config, frame), frame.sizeBytes));
    group.nextTick += ToTicks(m_core.config.pacing.sendTimeS);
    group.onAir = true;
    group.dataRate = RateOf(group.config, frame);
    m_windows.Follow(group.id, group.dataRate);
    const auto& rate = m_core.region.DataRate(group.dataRate);
    const uint32_t content = m_air.NextContent();
    const GatewayWatch watch(m_core, *m_backhaul);
    std::vector<DownlinkOnAir> copies;
    Tick at = start;
    for (const auto g : gateways)
    {
        if (group.config.gatewayMode == GatewayMode::STAGGERED && g != gateways.front())
        {
            const GatewayId only[]{g};
            at = EarliestForAll(group, only, at + airtime, airtime);
        }
        const uint32_t frequencyHz = FrequencyHz(group, at);
        m_counters.bytesMulticast += frame.sizeBytes;
        if (!watch.Reaches(g, LorawanCore::Now(), at))
        {
            m_core.gateways[Index(g)]->Book(frequencyHz, at, airtime);
            continue;
        }
        m_core.gateways[Index(g)]->Reserve(frequencyHz, at, airtime);
        copies.push_back({g,
                          frequencyHz,
                          rate.spreadingFactor,
                          rate.bandwidthHz,
                          static_cast<float>(m_air.PowerDbm(g, frequencyHz)),
                          at,
                          at + airtime,
                          content});
        m_counters.airtimeS += ToSeconds(airtime);
    }
    ++m_counters.framesSent;
    if (!copies.empty())
    {
        m_air.Add(copies); // other groups and answers on this channel disturb it and are disturbed
        if (m_onSent)
        {
            m_onSent({group.id, group.config, group.reception->Frames(), frame, copies});
        }
    }
    const TimeSpan span{start, at + airtime};
    Simulator::Schedule(NanoSeconds(span.end - LorawanCore::Now()),
                        [=, this, id = group.id] { OnFrameEnd(id, frame, span, copies); });
}

void
GroupSender::OnFrameEnd(GroupId id,
                        const GroupFrame& frame,
                        TimeSpan span,
                        const std::vector<DownlinkOnAir>& copies)
{
    if (!m_groups[Index(id)])
    {
        return;
    }
    auto& group = Get(id);
    group.onAir = false;
    auto& model = *group.reception;
    if (group.config.mode == ListenMode::PERIODIC && !copies.empty())
    {
        UpdateSteps(group, copies.front());
    }
    const auto heard = model.OnFrame(copies);
    const auto [start, end] = span;
    m_mac.KeepRecentUplinks(true);
    for (const auto& [device, busy] : m_mac.RecentUplinks())
    {
        if (busy.first < end && start < busy.second)
        {
            if (const auto member = model.MemberOf(device))
            {
                model.Revoke(*member);
            }
        }
    }
    group.listening->Count(heard,
                           FRAME_BYTES_WITHOUT_PORT + 1U + frame.sizeBytes,
                           copies.empty() ? 0 : copies.front().end - copies.front().start);
    m_onReception({id, model.Frames() - 1, frame, start, end, heard});
    if (m_groups[Index(id)])
    {
        Arm(*m_groups[Index(id)], LorawanCore::Now());
    }
}

/// Tells the reception model whose window of this slot is where the slot is.
void
GroupSender::UpdateSteps(Group& group, const DownlinkOnAir& frame)
{
    const double symbolS = std::ldexp(1.0, frame.spreadingFactor) / frame.bandwidthHz;
    auto& model = *group.reception;
    for (uint32_t block = 0; block * 8 < model.Members(); ++block)
    {
        uint32_t inStep = 0;
        for (uint32_t i = 0; i < 8 && block * 8 + i < model.Members(); ++i)
        {
            const bool catches = group.listening->CatchesSlot(block * 8 + i, frame.start, symbolS);
            inStep |= static_cast<uint32_t>(catches) << i;
        }
        model.SetInStep(block, static_cast<uint8_t>(inStep));
    }
}

void
GroupSender::OnBeacon()
{
    for (const auto& group : m_groups)
    {
        if (group && group->config.mode == ListenMode::PERIODIC)
        {
            group->listening->ChargeSlots();
        }
    }
}

void
GroupSender::Replay(GroupId id, uint32_t block, std::vector<uint8_t>& heard) const
{
    Get(id).reception->Replay(block, heard);
}

size_t
GroupSender::MemoryBytes() const
{
    size_t bytes = m_windows.MemoryBytes();
    for (const auto& group : m_groups)
    {
        if (group)
        {
            bytes += group->reception->MemoryBytes() + group->listening->MemoryBytes() +
                     group->config.members.MemoryBytes();
        }
    }
    return bytes;
}

} // namespace ns3::iotfleet
