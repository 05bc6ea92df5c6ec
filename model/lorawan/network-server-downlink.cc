// SPDX-License-Identifier: GPL-2.0-only
// The downlink half of NetworkServer: what a device is to get, through which gateway, in which
// window.
#include "model/lorawan/gateway-watch.h"
#include "model/lorawan/network-server.h"

#include "ns3/nstime.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// Bytes of LinkADRReq in FOpts.
constexpr uint32_t LINK_ADR_BYTES = 5;

/// With the gateway of a class C downlink down, the server looks again after this time.
constexpr double OUTAGE_POLL_S = 10;

} // namespace

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
    row.queued = 1;
    if (row.deviceClass == 1)
    {
        return ArmPingSlot(d, LorawanCore::Now());
    }
    if (row.deviceClass == 2)
    {
        QueueClassC(d);
    }
}

void
NetworkServer::QueueClassC(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    const auto gateway = m_core.registry->Link(d).bestGateway;
    if (row.inQueueC != 0 || m_queue.IsEmpty(d) || gateway == NO_GATEWAY)
    {
        return;
    }
    row.inQueueC = 1;
    if (HoldIfAway(d))
    {
        return;
    }
    m_classC[Index(gateway)].push_back(d);
    if (!m_classCArmed[Index(gateway)])
    {
        m_classCArmed[Index(gateway)] = true;
        Simulator::ScheduleNow(&NetworkServer::ServeClassC, this, gateway);
    }
}

/// During a class C session with parameters of its own a device is served in the windows after its
/// uplinks alone, which is right whether or not it has left the session already; the rest waits for
/// the session's end.
bool
NetworkServer::HoldIfAway(DeviceId d)
{
    const Tick now = LorawanCore::Now();
    const Tick until = m_awayUntil ? m_awayUntil(d) : 0;
    if (until <= now)
    {
        return false;
    }
    auto& waiting = m_away[until];
    if (waiting.empty())
    {
        Simulator::Schedule(NanoSeconds(until - now), &NetworkServer::OnBack, this, until);
    }
    waiting.push_back(d);
    return true;
}

void
NetworkServer::OnBack(Tick until)
{
    const auto back = std::move(m_away[until]);
    m_away.erase(until);
    for (const DeviceId d : back)
    {
        m_rows[Index(d)].inQueueC = 0;
        QueueClassC(d);
    }
}

void
NetworkServer::ServeClassC(GatewayId gateway)
{
    auto& queue = m_classC[Index(gateway)];
    m_classCArmed[Index(gateway)] = false;
    while (!queue.empty())
    {
        const DeviceId d = queue.front();
        if (!m_queue.IsEmpty(d) && HoldIfAway(d))
        {
            queue.pop_front();
            continue;
        }
        if (m_core.registry->Link(d).bestGateway != gateway)
        {
            // Another gateway hears it better by now; this one may even be gone.
            queue.pop_front();
            m_rows[Index(d)].inQueueC = 0;
            QueueClassC(d);
            continue;
        }
        const auto [frequency, rate] = Rx2Of(d);
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
        m_rows[Index(d)].inQueueC = 0;
        auto frame = Compose(d, {}, m_core.region.MaxAppPayload(rate, false));
        if (!frame || !frame->hasPayload)
        {
            continue; // empty, or too long for RX2's data rate: it waits for a class A window
        }
        frame->window = 0;
        const HeardBy only{gateway, 0};
        const bool sent = PlanWindow(*frame, {&only, 1}, frequency, rate, start);
        if (!m_queue.IsEmpty(d))
        {
            m_rows[Index(d)].inQueueC = 1;
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

/// Bytes of FOpts beside `bytes` that must be there, such that a message which fits is not put off.
uint32_t
NetworkServer::RoomForRequests(DeviceId d, uint32_t bytes, uint32_t maxPayload) const
{
    const bool fits = !m_queue.IsEmpty(d) && m_queue.FrontSize(d) + bytes <= maxPayload;
    const uint32_t most = fits ? maxPayload - m_queue.FrontSize(d) : MOST_OPTION_BYTES;
    return std::min(most, MOST_OPTION_BYTES) - bytes;
}

/// Answers, and of what the server itself asks as much as `room` bytes hold besides.
MacOptions
NetworkServer::FittingOptions(DeviceId d, MacOptions answers, uint32_t room) const
{
    MacOptions options = answers;
    // What finds no room is still due at the next downlink.
    const auto requests = RequestsFor(d);
    for (MacOptions one = RX_PARAM_SETUP_REQ; one != 0 && one <= requests;
         one = static_cast<MacOptions>(one << 1))
    {
        const auto request = static_cast<MacOptions>(requests & one);
        if (const uint32_t bytes = DownlinkOptionBytes(request); bytes <= room)
        {
            options |= request;
            room -= bytes;
        }
    }
    return options;
}

/// Adds as many NewChannelReq as there is room for.
void
NetworkServer::TellChannels(DownlinkFrame& frame, uint32_t room) const
{
    for (uint16_t left = m_requests.UntoldChannels(frame.device);
         left != 0 && room >= NEW_CHANNEL_REQ_BYTES;
         left &= static_cast<uint16_t>(left - 1))
    {
        frame.newChannels |= static_cast<uint16_t>(left & -left); // the lowest
        frame.phyBytes += NEW_CHANNEL_REQ_BYTES;
        room -= NEW_CHANNEL_REQ_BYTES;
    }
}

/// Fills FOpts: ADR, what the device has asked, and what the server asks and tells as far as there
/// is room.
void
NetworkServer::AddCommands(DownlinkFrame& frame, MacOptions answers, uint32_t maxPayload) const
{
    const DeviceId d = frame.device;
    const auto& row = m_rows[Index(d)];
    uint32_t bytes = 0;
    if (row.adrDue != 0)
    {
        frame.adrDataRate = row.adrDataRate;
        frame.adrPower = row.adrPower;
        bytes = LINK_ADR_BYTES;
    }
    if (bytes + DownlinkOptionBytes(answers) > MOST_OPTION_BYTES)
    {
        answers &= static_cast<MacOptions>(~LINK_CHECK_ANS); // least is lost without it
    }
    bytes += DownlinkOptionBytes(answers);
    const uint32_t room = RoomForRequests(d, bytes, maxPayload);
    frame.options = FittingOptions(d, answers, room);
    const uint32_t requests = DownlinkOptionBytes(frame.options) - DownlinkOptionBytes(answers);
    frame.phyBytes += bytes + requests;
    frame.knowsRx2 = row.knowsRx2 != 0;
    frame.knownChannels = m_requests.KnownChannels(d);
    frame.untold = m_requests.Untold(d);
    TellChannels(frame, room - requests);
}

std::optional<DownlinkFrame>
NetworkServer::Compose(DeviceId d, Demand demand, uint32_t maxPayload, MacOptions answers)
{
    DownlinkFrame frame;
    frame.device = d;
    frame.acknowledges = demand.acknowledgement;
    frame.phyBytes = FRAME_BYTES_WITHOUT_PORT;
    AddCommands(frame, answers, maxPayload);
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
    const bool demanded = demand.acknowledgement || demand.anyDownlink;
    const bool commands = options != 0;
    if (!frame.hasPayload && !demanded && !commands)
    {
        return std::nullopt;
    }
    return frame;
}

void
NetworkServer::AnswerClassA(const Gathered& uplink)
{
    const DeviceId d = uplink.device;
    const auto rx2 = Rx2Of(d);
    const bool told = (m_requests.Untold(d) & RX_TIMING_SETUP_REQ) == 0;

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
         m_core.windows.Rx1DataRate(uplink.dataRate, false),
         m_core.windows.Delay1S(false, told)},
        {2, rx2.frequencyHz, rx2.dataRate, m_core.windows.Delay2S(false, told)},
    };
    bool wanted = false;
    for (const auto& window : windows)
    {
        auto frame = Compose(d,
                             {uplink.confirmed, uplink.adrAckReq},
                             m_core.region.MaxAppPayload(window.dataRate, false),
                             AnswersTo(uplink.options));
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
    const GatewayWatch watch(m_core, *m_backhaul);
    for (const auto& candidate : gateways)
    {
        const auto& gateway = m_core.gateways[Index(candidate.gateway)];
        const Tick arrives = LorawanCore::Now() + m_backhaul->PlannedDelay(candidate.gateway);
        if (arrives + GATEWAY_LEAD > opens ||
            !watch.IsOnline(candidate.gateway, LorawanCore::Now()) ||
            !gateway->CanStart(frequencyHz, opens, frame.airtime))
        {
            continue;
        }
        const DeviceId d = frame.device;
        if (frame.hasPayload)
        {
            m_queue.Pop(d);
            m_rows[Index(d)].queued = m_queue.IsEmpty(d) ? 0 : 1;
            m_counters.bytesUnicast += frame.payload.size;
            if (AccountOf(frame.payload.port) == EnergyAccount::CAMPAIGN)
            {
                m_counters.bytesCampaign += frame.payload.size;
            }
        }
        frame.pendingAccount = AccountOf(m_queue.FrontPort(d)); // OPERATION where nothing waits
        auto& row = m_rows[Index(d)];
        if (frame.adrDataRate != DownlinkFrame::NO_ADR)
        {
            row.adrDue = 0; // what it did to the device tells LinkADRAns
        }
        m_requests.NoteSent(d, frame.options, LorawanCore::Now());
        ++m_counters.downlinksSent;
        if (!watch.Reaches(candidate.gateway, LorawanCore::Now(), opens))
        {
            gateway->Book(frequencyHz, opens, frame.airtime);
            return true; // as far as the server knows
        }
        gateway->Reserve(frequencyHz, opens, frame.airtime);
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
    m_inFlight[index] = {frame, onAir};
    m_inFlight[index].outlasts = frame.window != 0 && !m_mac.IsBusyUntil(frame.device, onAir.end);
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
    const Tick now = LorawanCore::Now();
    if (m_inFlight[index].outlasts)
    {
        Simulator::Schedule(NanoSeconds(onAir.start - now),
                            &NetworkServer::OnDownlinkStart,
                            this,
                            index);
    }
    Simulator::Schedule(NanoSeconds(onAir.end - now), &NetworkServer::OnDownlinkEnd, this, index);
}

/// Whether the frame was sent when or where the device does not listen: one of the two does not
/// know yet what the other knows.
bool
NetworkServer::IsElsewhere(const DownlinkFrame& frame) const
{
    if (frame.joinAccept)
    {
        return false;
    }
    if (!m_mac.IsJoined(frame.device))
    {
        return true; // it has lost the session that the frame belongs to
    }
    const bool inRx2 = frame.window == 2 || (frame.window == 0 && !frame.pingSlot);
    const bool movesRx2 = inRx2 && m_core.windows.MovesRx2();
    if (movesRx2 && m_mac.KnowsRx2(frame.device) != frame.knowsRx2)
    {
        return true;
    }
    const MacOptions differ = m_mac.Lacks(frame.device) ^ frame.untold;
    return (frame.window != 0 && (differ & RX_TIMING_SETUP_REQ) != 0) ||
           (frame.pingSlot && (differ & PING_SLOT_CHANNEL_REQ) != 0);
}

/// A device that finds a preamble in a window stays on the frame to its end, and sends nothing
/// meanwhile (TS001-1.0.4 section 3.3). What it could decode it finds; what ends within its windows
/// anyway needs no such look.
void
NetworkServer::OnDownlinkStart(uint32_t index)
{
    auto& flight = m_inFlight[index];
    const DeviceId d = flight.frame.device;
    flight.locked = flight.arrived && !IsElsewhere(flight.frame) && m_mac.CanHear(d) &&
                    m_mac.ListensAt(d, flight.onAir.start, flight.frame.joinAccept) &&
                    m_air.Receives(d, flight.onAir);
    if (flight.locked)
    {
        m_mac.StayUntil(d, flight.onAir.end);
    }
}

void
NetworkServer::OnDownlinkEnd(uint32_t index)
{
    InFlight flight = m_inFlight[index];
    m_freeInFlight.push_back(index);
    const DeviceId d = flight.frame.device;
    if (m_onSent)
    {
        m_onSent(flight.frame, flight.onAir, flight.arrived);
    }
    const Tick start = flight.onAir.start;
    const bool listens =
        flight.outlasts ? flight.locked : m_mac.ListensAt(d, start, flight.frame.joinAccept);
    const bool deaf = flight.frame.window == 0 ? m_mac.IsTransmittingAt(d, start) : !listens;
    const bool asleep = flight.frame.pingSlot && !m_catchesSlot(d, flight.onAir.start);
    // A class C session overrides frequency and data rate of the open receiver (TS005,
    // McClassCSessionReq).
    const bool inSession = flight.frame.window == 0 && !flight.frame.pingSlot && m_isTuned &&
                           !m_isTuned(d, flight.onAir);
    const bool elsewhere = inSession || IsElsewhere(flight.frame);
    if (flight.arrived && !deaf && !asleep && !elsewhere && m_mac.CanHear(d) &&
        m_air.Receives(d, flight.onAir))
    {
        if ((flight.frame.options & DEV_STATUS_REQ) != 0)
        {
            flight.frame.snrDb = static_cast<float>(m_air.SnrDb(d, flight.onAir));
        }
        m_mac.Receive(flight.frame);
        return;
    }
    ++m_counters.downlinksUnheard;
}

} // namespace ns3::iotfleet
