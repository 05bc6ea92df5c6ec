// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/network-server.h"

#include "model/wire/lorawan-join.h"

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

} // namespace

NetworkServer::NetworkServer(LorawanCore& core,
                             DownlinkAir& air,
                             DeviceMac& mac,
                             MessageHandler onMessage)
    : m_core(core),
      m_air(air),
      m_mac(mac),
      m_onMessage(std::move(onMessage)),
      m_requests(core)
{
}

void
NetworkServer::Configure(const Ptr<Backhaul>& backhaul, size_t devices)
{
    m_backhaul = backhaul;
    m_rows.resize(devices);
    m_queue.Resize(devices);
    m_requests.Resize(devices);
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
    m_rows[Index(d)].deviceClass = static_cast<uint8_t>(deviceClass - 'A') & 3U;
}

bool
NetworkServer::HasDownlinkFor(DeviceId d) const
{
    const auto& row = m_rows[Index(d)];
    return (row.adrDue | row.queued) != 0 || RequestsFor(d) != 0 ||
           m_requests.UntoldChannels(d) != 0;
}

/// Whether the device has to be told where its RX2 is, as far as the server knows.
bool
NetworkServer::LacksRx2(DeviceId d) const
{
    return m_core.windows.MovesRx2() && m_rows[Index(d)].knowsRx2 == 0;
}

/// What the server itself would like to ask.
MacOptions
NetworkServer::RequestsFor(DeviceId d) const
{
    // Class B is no concern of others.
    const MacOptions others = m_rows[Index(d)].deviceClass == 1 ? 0 : PING_SLOT_CHANNEL_REQ;
    const MacOptions due = m_requests.DueFor(d, LorawanCore::Now()) & ~others;
    return static_cast<MacOptions>(due | (LacksRx2(d) ? RX_PARAM_SETUP_REQ : 0));
}

/// Where the server believes that the device's RX2 is.
SecondWindow
NetworkServer::Rx2Of(DeviceId d) const
{
    return m_core.windows.Rx2(!LacksRx2(d));
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
    const bool quiet = uplink.kind == UplinkKind::TELEMETRY && !uplink.confirmed &&
                       AnswersTo(uplink.options) == 0 &&
                       (uplink.options & (SETTINGS | DEV_STATUS_ANS | LINK_ADR_ANS)) == 0 &&
                       uplink.newChannels == 0 && !uplink.classB && !uplink.adrAckReq &&
                       m_rows[Index(uplink.device)].deviceClass != 1;
    if (quiet && !HasDownlinkFor(uplink.device))
    {
        // Nothing will happen at the server: it is noted without an event of its own.
        for (const auto& arrival : arrivals)
        {
            MapCoverage(uplink.device, arrival.second);
        }
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
    gathered.frameCounter = uplink.frameCounter;
    gathered.options = uplink.options;
    gathered.status = uplink.status;
    gathered.newChannels = uplink.newChannels;
    gathered.classB = uplink.classB;
    gathered.adrAckReq = uplink.adrAckReq;
    gathered.pingPeriodicity =
        (uplink.options & PING_SLOT_INFO_REQ) != 0 ? m_periodicityOf(uplink.device) : uint8_t{0};
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
    for (const auto& copy : uplink.copies)
    {
        MapCoverage(uplink.device, copy);
    }
    if ((uplink.options & LINK_ADR_ANS) != 0)
    {
        // Before this uplink counts towards the next request.
        auto& row = m_rows[Index(uplink.device)];
        row.power = row.adrPower;
    }
    const uint8_t port = uplink.hasPayload ? uplink.payload.port : TELEMETRY_PORT;
    // What was heard before is acknowledged again, and is no news.
    const bool repetition = IsRepetition(uplink);
    const bool forwarded = Note(uplink.device,
                                repetition ? UplinkKind::EMPTY : uplink.kind,
                                uplink.dataRate,
                                uplink.arrived,
                                uplink.copies.front(),
                                port);
    if (forwarded && uplink.hasPayload && !repetition)
    {
        ++m_counters.messagesDelivered;
        m_onMessage({uplink.device, LorawanCore::Now(), uplink.payload});
    }
    if (m_core.registry->GetAccess(uplink.device) != Access::BLOCKED)
    {
        NoteClassB(uplink);
        NoteAnswers(uplink);
        AnswerClassA(uplink);
    }
}

/// What the device says to requests of the server.
void
NetworkServer::NoteAnswers(const Gathered& uplink)
{
    const DeviceId d = uplink.device;
    m_requests.NoteAnswers(d, uplink.options, uplink.newChannels);
    if ((uplink.options & RX_PARAM_SETUP_ANS) != 0)
    {
        m_rows[Index(d)].knowsRx2 = 1;
    }
    if ((uplink.options & DEV_STATUS_ANS) != 0)
    {
        m_core.registry->SetBattery(d, uplink.status.battery);
        if (m_onStatus)
        {
            m_onStatus(d, uplink.status);
        }
    }
}

/// Keeps the operator's map of who hears whom, if somebody wants it.
void
NetworkServer::MapCoverage(DeviceId d, const HeardBy& copy)
{
    if (auto& coverage = m_core.registry->Coverage(); coverage.IsTracked())
    {
        const auto snr = static_cast<int8_t>(std::clamp(copy.snrDb, -127.0F, 127.0F));
        coverage.Hear(d, copy.gateway, snr);
    }
}

bool
NetworkServer::IsRepetition(const Gathered& uplink)
{
    if (!uplink.confirmed)
    {
        return false;
    }
    const auto [last, isFirst] =
        m_confirmed.try_emplace(static_cast<uint32_t>(uplink.device), uplink.frameCounter);
    const bool repetition = !isFirst && last->second == uplink.frameCounter;
    last->second = uplink.frameCounter;
    return repetition;
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
    row.uplinks = (row.uplinks + 1U) & 63U;
    if (row.uplinks < ADR_WINDOW)
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
    NS_LOG_DEBUG("ADR: device " << Index(d) << ", margin " << margin << " dB, DR" << +dataRate
                                << " to " << rate << ", power " << +row.power << " to " << power);
    row.uplinks = 0;
    row.maxSnrDb = -128;
    row.adrDue = rate != dataRate || power != row.power ? 1 : 0;
    row.adrDataRate = static_cast<uint8_t>(rate) & 15U;
    row.adrPower = static_cast<uint8_t>(power) & 15U;
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
        const auto& windows = m_core.windows;
        DownlinkFrame frame;
        frame.device = uplink.device;
        frame.joinAccept = true;
        frame.phyBytes = m_core.config.join.cfList ? wire::JOIN_ACCEPT_WITH_CFLIST_BYTES
                                                   : wire::JOIN_ACCEPT_BYTES;
        const auto& channel = m_core.channels[uplink.channel];
        frame.window = 1;
        bool planned = PlanWindow(frame,
                                  uplink.copies,
                                  m_core.region.Rx1FrequencyHz(channel),
                                  windows.Rx1DataRate(uplink.dataRate, true),
                                  uplink.end + ToTicks(windows.Delay1S(true)));
        if (!planned)
        {
            frame.window = 2;
            planned = PlanWindow(frame,
                                 uplink.copies,
                                 windows.Rx2OfJoin().frequencyHz,
                                 windows.Rx2OfJoin().dataRate,
                                 uplink.end + ToTicks(windows.Delay2S(true)));
        }
        if (planned)
        {
            Admit(uplink.device);
            auto& row = m_rows[Index(uplink.device)];
            row.knowsRx2 = 0;
            row.power = 0; // the device begins at full power, and ADR with what it hears now
            row.adrDue = 0;
            row.uplinks = 0;
            row.maxSnrDb = Row{}.maxSnrDb;
            m_requests.NoteJoin(uplink.device);
            // Counters begin anew, and the device is of class A until it says otherwise.
            m_confirmed.erase(static_cast<uint32_t>(uplink.device));
            if (const auto slots = m_classB.find(static_cast<uint32_t>(uplink.device));
                slots != m_classB.end())
            {
                slots->second.active = false;
            }
        }
        else
        {
            NS_LOG_INFO("no legal air or gateway in time for the join-accept of device "
                        << Index(uplink.device));
            ++m_counters.downlinksPostponed; // a join-accept cannot wait: the device will try again
        }
    });
}

size_t
NetworkServer::MemoryBytes() const
{
    return m_rows.capacity() * sizeof(Row) + m_queue.MemoryBytes() + m_requests.MemoryBytes() +
           m_rows.size() * sizeof(uint16_t);
}

} // namespace ns3::iotfleet
