// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/network-server.h"

#include "ns3/log.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

NS_LOG_COMPONENT_DEFINE("FleetNetworkServer");

namespace
{

/// Uplinks over which ADR looks for the best SNR (Semtech's recommended algorithm).
constexpr uint8_t ADR_WINDOW = 20;
constexpr double ADR_STEP_DB = 3;

/// A gateway wants a downlink this long before it starts.
constexpr Tick GATEWAY_LEAD = TICKS_PER_SECOND / 50;

/// With the gateway of a class C downlink down, the server looks again after this time.
constexpr double OUTAGE_POLL_S = 10;

/// Bytes of LinkADRReq in FOpts.
constexpr uint32_t LINK_ADR_BYTES = 5;

/// What a copy of an uplink weighs on the backhaul besides its PHY payload: UDP/IP and metadata,
/// bytes.
constexpr uint32_t FORWARD_OVERHEAD_BYTES = 200;

} // namespace

NetworkServer::NetworkServer(LorawanCore& core,
                             DownlinkAir& air,
                             DeviceMac& mac,
                             MessageHandler onMessage)
    : m_core(core),
      m_air(air),
      m_mac(mac),
      m_onMessage(std::move(onMessage))
{
}

void
NetworkServer::Configure(const Ptr<Backhaul>& backhaul, size_t devices)
{
    m_backhaul = backhaul;
    m_rows.resize(devices);
    m_queue.Resize(devices);
    m_joinServer.Configure(m_core.config.join, devices);
    m_classC.resize(m_core.gateways.size());
    m_classCArmed.resize(m_core.gateways.size());
}

void
NetworkServer::Admit(DeviceId d)
{
    if (!m_core.registry->IsEnrolled(d))
    {
        m_core.registry->SetEnrolled(d, true);
        m_core.registry->SetAccess(d, Access::FULL);
    }
}

void
NetworkServer::SetClass(DeviceId d, char deviceClass)
{
    m_rows[Index(d)].deviceClass = static_cast<uint8_t>(deviceClass - 'A');
}

bool
NetworkServer::HasDownlinkFor(DeviceId d) const
{
    return m_rows[Index(d)].adrDue || !m_queue.IsEmpty(d);
}

void
NetworkServer::OnUplink(const UplinkEnd& uplink)
{
    static thread_local std::vector<HeardBy> alive;
    alive.clear();
    std::ranges::copy_if(uplink.heard, std::back_inserter(alive), [&](const HeardBy& h) {
        return !m_core.gateways[Index(h.gateway)]->IsDown(uplink.end);
    });
    if (alive.empty())
    {
        ++m_counters.uplinksLost;
        return;
    }
    if (m_backhaul->CanForetell())
    {
        GatherAtOnce(uplink, alive);
        return;
    }
    const uint32_t index = Open(uplink);
    const uint32_t generation = m_generation[index];
    for (const auto& copy : alive)
    {
        m_backhaul->ToServer(copy.gateway, uplink.phyBytes + FORWARD_OVERHEAD_BYTES, [=, this] {
            OnCopy(index, generation, copy);
        });
    }
    // Copies that are lost on the way must not keep the slot for ever.
    Simulator::Schedule(Seconds(30), [=, this] {
        if (m_generation[index] == generation && !m_gathered[index].open)
        {
            ++m_counters.uplinksLost;
            ++m_generation[index];
            m_freeGathered.push_back(index);
        }
    });
}

void
NetworkServer::GatherAtOnce(const UplinkEnd& uplink, std::span<const HeardBy> alive)
{
    static thread_local std::vector<std::pair<Tick, HeardBy>> arrivals;
    arrivals.clear();
    Tick first = std::numeric_limits<Tick>::max();
    for (const auto& copy : alive)
    {
        if (const auto when = m_backhaul->Foretell(copy.gateway))
        {
            arrivals.emplace_back(*when, copy);
            first = std::min(first, *when);
        }
    }
    if (arrivals.empty())
    {
        ++m_counters.uplinksLost;
        return;
    }
    const bool quiet = uplink.kind == UplinkKind::TELEMETRY && !uplink.confirmed;
    if (quiet && !HasDownlinkFor(uplink.device))
    {
        // Nothing will happen at the server: it is noted without an event of its own.
        Note(uplink.device,
             uplink.kind,
             uplink.dataRate,
             first,
             arrivals.front().second,
             TELEMETRY_PORT);
        return;
    }
    const uint32_t index = Open(uplink);
    auto& gathered = m_gathered[index];
    gathered.open = true;
    gathered.arrived = first;
    const Tick closes = first + ToTicks(m_core.config.dedupWindowS);
    for (const auto& [when, copy] : arrivals)
    {
        if (when <= closes)
        {
            gathered.copies.push_back(copy);
        }
    }
    Simulator::Schedule(NanoSeconds(closes - LorawanCore::Now()), [=, this] { Process(index); });
}

uint32_t
NetworkServer::Open(const UplinkEnd& uplink)
{
    if (m_freeGathered.empty())
    {
        m_freeGathered.push_back(static_cast<uint32_t>(m_gathered.size()));
        m_gathered.emplace_back();
        m_generation.push_back(0);
    }
    const uint32_t index = m_freeGathered.back();
    m_freeGathered.pop_back();
    auto& gathered = m_gathered[index];
    gathered.kind = uplink.kind;
    gathered.device = uplink.device;
    gathered.confirmed = uplink.confirmed;
    gathered.hasPayload = uplink.payload != nullptr;
    gathered.open = false;
    gathered.dataRate = uplink.dataRate;
    gathered.channel = uplink.channel;
    gathered.devNonce = uplink.devNonce;
    gathered.end = uplink.end;
    gathered.copies.clear();
    if (uplink.payload != nullptr)
    {
        gathered.payload = *uplink.payload;
    }
    return index;
}

void
NetworkServer::OnCopy(uint32_t index, uint32_t generation, HeardBy copy)
{
    if (m_generation[index] != generation)
    {
        return; // too late: the uplink has been processed
    }
    auto& gathered = m_gathered[index];
    gathered.copies.push_back(copy);
    if (!gathered.open)
    {
        gathered.open = true;
        gathered.arrived = LorawanCore::Now();
        Simulator::Schedule(Seconds(m_core.config.dedupWindowS), [=, this] { Process(index); });
    }
}

void
NetworkServer::Process(uint32_t index)
{
    Gathered uplink = std::move(m_gathered[index]);
    ++m_generation[index];
    m_freeGathered.push_back(index);
    std::ranges::sort(uplink.copies, [](const HeardBy& a, const HeardBy& b) {
        return a.snrDb != b.snrDb ? a.snrDb > b.snrDb : a.gateway < b.gateway;
    });
    if (uplink.kind == UplinkKind::JOIN_REQUEST)
    {
        ProcessJoin(uplink);
        return;
    }
    const uint8_t port = uplink.hasPayload ? uplink.payload.port : TELEMETRY_PORT;
    const bool forwarded = Note(uplink.device,
                                uplink.kind,
                                uplink.dataRate,
                                uplink.arrived,
                                uplink.copies.front(),
                                port);
    if (forwarded && uplink.hasPayload)
    {
        ++m_counters.messagesDelivered;
        m_onMessage({uplink.device, LorawanCore::Now(), uplink.payload});
    }
    if (m_core.registry->GetAccess(uplink.device) != Access::BLOCKED)
    {
        AnswerClassA(uplink);
    }
}

bool
NetworkServer::Note(DeviceId d,
                    UplinkKind kind,
                    uint8_t dataRate,
                    Tick arrived,
                    HeardBy best,
                    uint8_t port)
{
    const auto access = m_core.registry->GetAccess(d);
    const bool allowed =
        access == Access::FULL || (access == Access::RESTRICTED && IsManagementPort(port));
    if (access == Access::BLOCKED || !m_core.registry->IsEnrolled(d))
    {
        m_counters.telemetryBlocked += kind == UplinkKind::TELEMETRY ? 1 : 0;
        return false;
    }
    const auto snr = static_cast<int8_t>(std::clamp(best.snrDb, -128.0F, 127.0F));
    m_core.registry->Hear(d, arrived, {best.gateway, snr, dataRate});
    CountForAdr(d, dataRate, best.snrDb);
    if (kind == UplinkKind::TELEMETRY)
    {
        ++(allowed ? m_counters.telemetryDelivered : m_counters.telemetryBlocked);
    }
    return allowed;
}

void
NetworkServer::CountForAdr(DeviceId d, uint8_t dataRate, float snrDb)
{
    if (!m_core.config.adr)
    {
        return;
    }
    auto& row = m_rows[Index(d)];
    row.maxSnrDb =
        static_cast<int8_t>(std::max<float>(row.maxSnrDb, std::clamp(snrDb, -127.0F, 127.0F)));
    if (++row.uplinks < ADR_WINDOW)
    {
        return;
    }
    const auto& channel = m_core.channels.front();
    const double margin = row.maxSnrDb -
                          SnrFloorDb(m_core.region.DataRate(dataRate).spreadingFactor) -
                          m_core.config.adrMarginDb;
    int steps = static_cast<int>(std::floor(margin / ADR_STEP_DB));
    int rate = dataRate;
    int power = row.power;
    for (; steps > 0 && rate < channel.maxDataRate; --steps)
    {
        ++rate;
    }
    for (; steps > 0 && power < m_core.region.maxTxPower; --steps)
    {
        ++power;
    }
    for (; steps < 0 && power > 0; ++steps)
    {
        --power;
    }
    row.uplinks = 0;
    row.maxSnrDb = -128;
    row.adrDue = rate != dataRate || power != row.power;
    row.adrDataRate = static_cast<uint8_t>(rate);
    row.adrPower = static_cast<uint8_t>(power);
}

void
NetworkServer::ProcessJoin(const Gathered& uplink)
{
    const auto answer = m_joinServer.Handle(uplink.device, uplink.devNonce, LorawanCore::Now());
    if (!answer)
    {
        return;
    }
    Simulator::Schedule(NanoSeconds(*answer) - Simulator::Now(), [=, this] {
        const auto& defaults = m_core.region.defaults;
        DownlinkFrame frame;
        frame.device = uplink.device;
        frame.joinAccept = true;
        frame.phyBytes = m_core.config.join.cfList ? JOIN_ACCEPT_CFLIST_BYTES : JOIN_ACCEPT_BYTES;
        const auto& channel = m_core.channels[uplink.channel];
        frame.window = 1;
        bool planned = PlanWindow(frame,
                                  uplink.copies,
                                  m_core.region.Rx1FrequencyHz(channel),
                                  m_core.region.Rx1DataRate(uplink.dataRate, 0),
                                  uplink.end + ToTicks(defaults.joinAcceptDelay1S));
        if (!planned)
        {
            frame.window = 2;
            planned = PlanWindow(frame,
                                 uplink.copies,
                                 m_core.region.rx2FrequencyHz,
                                 m_core.region.rx2DataRate,
                                 uplink.end + ToTicks(defaults.joinAcceptDelay2S));
        }
        if (planned)
        {
            Admit(uplink.device);
        }
        else
        {
            ++m_counters.downlinksPostponed; // a join-accept cannot wait: the device will try again
        }
    });
}

void
NetworkServer::Send(DeviceId d, const wire::AppPayload& payload)
{
    const auto access = m_core.registry->GetAccess(d);
    if (access == Access::BLOCKED ||
        (access == Access::RESTRICTED && !IsManagementPort(payload.port)))
    {
        return; // enforced here: the device is not to get it
    }
    m_queue.Push(d, payload);
    auto& row = m_rows[Index(d)];
    const auto gateway = m_core.registry->Link(d).bestGateway;
    if (row.deviceClass == 2 && !row.inQueueC && gateway != NO_GATEWAY)
    {
        row.inQueueC = true;
        m_classC[Index(gateway)].push_back(d);
        if (!m_classCArmed[Index(gateway)])
        {
            m_classCArmed[Index(gateway)] = true;
            Simulator::ScheduleNow(&NetworkServer::ServeClassC, this, gateway);
        }
    }
}

void
NetworkServer::ServeClassC(GatewayId gateway)
{
    auto& queue = m_classC[Index(gateway)];
    m_classCArmed[Index(gateway)] = false;
    const uint8_t rate = m_core.region.rx2DataRate;
    const uint32_t frequency = m_core.region.rx2FrequencyHz;
    while (!queue.empty())
    {
        const DeviceId d = queue.front();
        const uint32_t bytes = FRAME_BYTES_WITHOUT_PORT + 1 + m_queue.FrontSize(d);
        const Tick now = LorawanCore::Now();
        const Tick earliest = now + m_backhaul->PlannedDelay(gateway) + GATEWAY_LEAD;
        const Tick start =
            m_core.gateways[Index(gateway)]->EarliestStart(frequency,
                                                           earliest,
                                                           m_core.airtime.Down(rate, bytes));
        if (!m_queue.IsEmpty(d) && start > earliest)
        {
            m_classCArmed[Index(gateway)] = true;
            Simulator::Schedule(NanoSeconds(start - earliest),
                                &NetworkServer::ServeClassC,
                                this,
                                gateway);
            return;
        }
        queue.pop_front();
        m_rows[Index(d)].inQueueC = false;
        auto frame = Compose(d, false, m_core.region.DataRate(rate).maxAppPayloadBytes);
        if (!frame || !frame->hasPayload)
        {
            continue; // empty, or too long for RX2's data rate: it waits for a class A window
        }
        frame->window = 0;
        const HeardBy only{gateway, 0};
        const bool sent = PlanWindow(*frame, {&only, 1}, frequency, rate, start);
        if (!m_queue.IsEmpty(d))
        {
            m_rows[Index(d)].inQueueC = true;
            queue.push_back(d);
        }
        if (!sent)
        {
            // The gateway is down: look again later.
            m_classCArmed[Index(gateway)] = true;
            Simulator::Schedule(Seconds(OUTAGE_POLL_S), &NetworkServer::ServeClassC, this, gateway);
            return;
        }
    }
}

std::optional<DownlinkFrame>
NetworkServer::Compose(DeviceId d, bool acknowledge, uint32_t maxPayload)
{
    auto& row = m_rows[Index(d)];
    DownlinkFrame frame;
    frame.device = d;
    frame.acknowledges = acknowledge;
    frame.phyBytes = FRAME_BYTES_WITHOUT_PORT;
    if (row.adrDue)
    {
        frame.adrDataRate = row.adrDataRate;
        frame.adrPower = row.adrPower;
        frame.phyBytes += LINK_ADR_BYTES;
    }
    const uint32_t options = frame.phyBytes - FRAME_BYTES_WITHOUT_PORT;
    if (!m_queue.IsEmpty(d) && m_queue.FrontSize(d) + options <= maxPayload)
    {
        frame.hasPayload = true;
        frame.payload = m_queue.Front(d);
        frame.phyBytes += 1U + frame.payload.size;
        frame.pending = m_queue.Count(d) > 1;
    }
    else
    {
        frame.pending = !m_queue.IsEmpty(d);
    }
    if (!frame.hasPayload && !acknowledge && !row.adrDue)
    {
        return std::nullopt;
    }
    return frame;
}

void
NetworkServer::AnswerClassA(const Gathered& uplink)
{
    const auto& defaults = m_core.region.defaults;
    const DeviceId d = uplink.device;

    struct Window
    {
        uint8_t number;
        uint32_t frequencyHz;
        uint8_t dataRate;
        double delayS;
    };

    const Window windows[]{
        {1,
         m_core.region.Rx1FrequencyHz(m_core.channels[uplink.channel]),
         m_core.region.Rx1DataRate(uplink.dataRate, 0),
         defaults.receiveDelay1S},
        {2, m_core.region.rx2FrequencyHz, m_core.region.rx2DataRate, defaults.receiveDelay2S},
    };
    bool wanted = false;
    for (const auto& window : windows)
    {
        auto frame = Compose(d,
                             uplink.confirmed,
                             m_core.region.DataRate(window.dataRate).maxAppPayloadBytes);
        wanted = wanted || frame.has_value();
        if (!frame)
        {
            continue;
        }
        frame->window = window.number;
        if (PlanWindow(*frame,
                       uplink.copies,
                       window.frequencyHz,
                       window.dataRate,
                       uplink.end + ToTicks(window.delayS)))
        {
            return;
        }
    }
    m_counters.downlinksPostponed += wanted ? 1 : 0;
}

bool
NetworkServer::PlanWindow(DownlinkFrame& frame,
                          std::span<const HeardBy> gateways,
                          uint32_t frequencyHz,
                          uint8_t dataRate,
                          Tick opens)
{
    frame.airtime = m_core.airtime.Down(dataRate, frame.phyBytes);
    const auto& rate = m_core.region.DataRate(dataRate);
    for (const auto& candidate : gateways)
    {
        const auto& gateway = m_core.gateways[Index(candidate.gateway)];
        const Tick arrives = LorawanCore::Now() + m_backhaul->PlannedDelay(candidate.gateway);
        if (arrives + GATEWAY_LEAD > opens || !gateway->CanStart(frequencyHz, opens, frame.airtime))
        {
            continue;
        }
        const DeviceId d = frame.device;
        if (frame.hasPayload)
        {
            m_queue.Pop(d);
            m_counters.bytesUnicast += frame.payload.size;
            m_counters.campaignAirtimeS += ToSeconds(frame.airtime);
        }
        auto& row = m_rows[Index(d)];
        if (frame.adrDataRate != DownlinkFrame::NO_ADR)
        {
            row.adrDue = false;
            row.power = frame.adrPower;
        }
        gateway->Reserve(frequencyHz, opens, frame.airtime);
        ++m_counters.downlinksSent;
        m_counters.unicastAirtimeS += ToSeconds(frame.airtime);
        Launch(frame,
               {candidate.gateway,
                frequencyHz,
                rate.spreadingFactor,
                rate.bandwidthHz,
                static_cast<float>(m_air.PowerDbm(candidate.gateway, frequencyHz)),
                opens,
                opens + frame.airtime,
                m_air.NextContent()});
        return true;
    }
    return false;
}

void
NetworkServer::Launch(const DownlinkFrame& frame, const DownlinkOnAir& onAir)
{
    if (m_freeInFlight.empty())
    {
        m_freeInFlight.push_back(static_cast<uint32_t>(m_inFlight.size()));
        m_inFlight.emplace_back();
    }
    const uint32_t index = m_freeInFlight.back();
    m_freeInFlight.pop_back();
    m_inFlight[index] = {frame, onAir, false};
    m_air.Add({&onAir, 1});
    // The datagram may be lost or late; the air stays planned, as at a real server that gets no
    // TX_ACK.
    if (m_backhaul->CanForetell())
    {
        const auto arrives = m_backhaul->Foretell(onAir.gateway);
        m_inFlight[index].arrived = arrives && *arrives <= onAir.start;
    }
    else
    {
        m_backhaul->ToGateway(onAir.gateway,
                              frame.phyBytes + FORWARD_OVERHEAD_BYTES,
                              [this, index, content = onAir.content] {
                                  auto& flight = m_inFlight[index];
                                  flight.arrived = flight.onAir.content == content &&
                                                   LorawanCore::Now() <= flight.onAir.start;
                              });
    }
    Simulator::Schedule(NanoSeconds(onAir.end - LorawanCore::Now()),
                        &NetworkServer::OnDownlinkEnd,
                        this,
                        index);
}

void
NetworkServer::OnDownlinkEnd(uint32_t index)
{
    const InFlight flight = m_inFlight[index];
    m_freeInFlight.push_back(index);
    const DeviceId d = flight.frame.device;
    if (m_onSent)
    {
        m_onSent(flight.frame, flight.onAir, flight.arrived);
    }
    const bool deaf = flight.frame.window == 0 && m_mac.IsTransmittingAt(d, flight.onAir.start);
    if (flight.arrived && !deaf && m_mac.CanHear(d) && m_air.Receives(d, flight.onAir))
    {
        m_mac.Receive(flight.frame);
        return;
    }
    ++m_counters.downlinksUnheard;
}

size_t
NetworkServer::MemoryBytes() const
{
    return m_rows.capacity() * sizeof(Row) + m_queue.MemoryBytes() +
           m_rows.size() * sizeof(uint16_t);
}

} // namespace ns3::iotfleet
