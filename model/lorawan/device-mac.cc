// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/device-mac.h"

#include "ns3/abort.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// After this long an uplink can no longer overlap a frame that ends now.
constexpr Tick KEEP_RECENT = 10 * TICKS_PER_SECOND;

/// Time after the opening of RX2 at which a device is done with an empty window.
constexpr double RX2_WINDOW_S = 0.2;

} // namespace

DeviceMac::DeviceMac(LorawanCore& core, UplinkHandler onUplink, MessageHandler onMessage)
    : m_core(core),
      m_onUplink(std::move(onUplink)),
      m_onMessage(std::move(onMessage)),
      m_timers([this](const Timer& t) { OnTimer(t); }),
      m_ends([this](const Timer& t) { OnUplinkEnd(t.row); })
{
    m_timers.SetPrefetch(
        [this](uint32_t row) {
            __builtin_prefetch(&m_rows[row], 1);
            m_core.links.PrefetchIndex(DeviceId{row});
        },
        [this](uint32_t row) {
            m_core.links.Prefetch(DeviceId{row});
            m_core.fleet->PrefetchTraffic(DeviceId{row});
            if (m_prefetchServer)
            {
                m_prefetchServer(DeviceId{row});
            }
        });
}

void
DeviceMac::Resize(size_t devices)
{
    m_rows.resize(devices);
    m_outbox.Resize(devices);
    m_settings.Resize(devices);
    MeasureWindows();
    MeasureTransmitters();
    m_air = std::make_unique<UplinkAir>(m_core.links,
                                        m_core.gateways,
                                        m_core.channels.size(),
                                        m_core.config,
                                        m_core.random);
    // Devices know at most two duty-cycle bands (EU868: 868.0-868.6 and 865-868).
    std::vector<const SubBand*> bands;
    for (uint16_t i = 0; i < m_core.channels.size(); ++i)
    {
        const auto* band = m_core.region.FindSubBand(m_core.channels[i].frequencyHz);
        const auto known = std::ranges::find(bands, band);
        const auto index = static_cast<size_t>(known - bands.begin());
        NS_ABORT_MSG_IF(index >= m_bandDuty.size(), "uplink channels in more than two sub-bands");
        if (known == bands.end())
        {
            bands.push_back(band);
            m_bandDuty[index] = band == nullptr ? 1 : band->dutyCycle;
        }
        m_bandOfChannel.push_back(static_cast<uint8_t>(index));
        m_dataChannels.push_back(i);
        const auto& channel = m_core.channels[i];
        std::fill(&m_offered[channel.minDataRate], &m_offered[channel.maxDataRate] + 1, true);
    }
}

uint16_t
DeviceMac::AddTelemetry(const TelemetryConfig& config)
{
    m_telemetry.push_back(config);
    return static_cast<uint16_t>(m_telemetry.size() - 1);
}

void
DeviceMac::Install(DeviceId d, const Setup& setup)
{
    auto& row = m_rows[Index(d)];
    const Traits traits{setup.telemetry,
                        setup.fixedRate ? setup.dataRate : NO_RATE,
                        static_cast<uint8_t>(setup.deviceClass - 'A'),
                        setup.volatileSession};
    // Devices come by group, and kinds are few.
    auto known = std::ranges::find(m_traits, traits);
    if (known == m_traits.end())
    {
        known = m_traits.insert(known, traits);
        NS_ABORT_MSG_IF(m_traits.size() > UINT16_MAX, "too many kinds of devices");
    }
    row.traits = static_cast<uint16_t>(known - m_traits.begin());
    row.dataRate = setup.dataRate;
    row.flags = setup.activated ? JOINED | KNOWS_RX2 : 0; // it joined, and was told, before
    if (setup.activated && m_core.SettingsToTell() != 0)
    {
        m_settings.Add(d, SETTINGS);
    }
    if (setup.activated && !m_core.config.macCommands.channels.empty())
    {
        m_settings.AddChannels(d, UINT16_MAX);
    }
    if (setup.firstTelemetry >= 0)
    {
        m_firstTelemetry.resize(m_rows.size(), -1);
        m_firstTelemetry[Index(d)] = setup.firstTelemetry;
        row.flags |= HAS_FIRST;
    }
    m_timers.Add({setup.powerOn, static_cast<uint32_t>(d), POWER_ON, 0});
}

void
DeviceMac::OnTimer(const Timer& timer)
{
    const DeviceId d{timer.row};
    auto& row = m_rows[timer.row];
    if ((row.flags & SILENT) != 0)
    {
        return;
    }
    switch (timer.kind)
    {
    case POWER_ON:
        PowerOn(d);
        break;
    case JOIN:
        if (timer.tag == JoinTag(d))
        {
            TryJoin(d);
        }
        break;
    case TELEMETRY:
        OnTelemetry(d);
        break;
    case TRY_SEND:
        row.flags &= static_cast<uint16_t>(~SEND_TIMER);
        TrySend(d);
        break;
    case RETRANSMIT:
        OnRetransmit(d, timer.tag);
        break;
    case RESUME:
        EndSuspension(d);
        break;
    case ASK_TIME:
        OnAskTime(d);
        break;
    default:
        NS_ABORT_MSG("unknown timer");
    }
}

void
DeviceMac::PowerOn(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    const Tick now = LorawanCore::Now();
    row.flags |= POWERED;
    m_core.fleet->SetPowered(d, now);
    if ((row.flags & JOINED) != 0)
    {
        m_core.fleet->Set(d, Enrolment::ENROLLED, "personalised");
        m_core.fleet->Set(d, Access::FULL, "personalised");
        m_core.fleet->SetEnrolled(d, now);
        StartClock(d, false);
        StartTelemetry(d);
        return;
    }
    m_core.fleet->Set(d, Enrolment::JOINING, "power-on");
    TryJoin(d);
}

void
DeviceMac::StartTelemetry(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    const auto& telemetry = m_telemetry[TraitsOf(d).telemetry];
    if (m_onJoined)
    {
        m_onJoined(d);
    }
    if (telemetry.periodS <= 0)
    {
        return;
    }
    Tick first = 0;
    if ((row.flags & HAS_FIRST) != 0)
    {
        first = m_firstTelemetry[Index(d)];
    }
    else
    {
        first = ToTicks(telemetry.periodS *
                        m_core.random.Uniform(Purpose::TELEMETRY_PHASE, static_cast<uint32_t>(d)));
    }
    m_timers.Add({LorawanCore::Now() + first, static_cast<uint32_t>(d), TELEMETRY, 0});
}

void
DeviceMac::OnTelemetry(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    const auto& telemetry = m_telemetry[TraitsOf(d).telemetry];
    const double u = m_core.random.Uniform(Purpose::TELEMETRY_JITTER,
                                           static_cast<uint32_t>(d),
                                           row.FrameCounter());
    const double wait = telemetry.periodS * (1 + telemetry.jitter * (u - 0.5));
    const Tick now = LorawanCore::Now();
    m_timers.Add({now + ToTicks(wait), static_cast<uint32_t>(d), TELEMETRY, 0});
    if (telemetry.pauseInSession && m_inSession && m_inSession(d))
    {
        return;
    }
    if (IsTimeDue(d))
    {
        AddOptions(d, DEVICE_TIME_REQ);
    }
    if (telemetry.linkCheck)
    {
        AddOptions(d, LINK_CHECK_REQ);
    }
    ++m_counters.telemetryGenerated;
    row.flags |= TELEMETRY_DUE;
    if ((row.flags & SEND_TIMER) == 0)
    {
        TrySend(d);
    }
}

void
DeviceMac::Send(DeviceId d, const wire::AppPayload& payload, bool confirmed)
{
    m_outbox.Push(d, payload, confirmed);
    auto& row = m_rows[Index(d)];
    row.flags |= HAS_MESSAGE;
    if ((row.flags & (SEND_TIMER | AWAITS_ACK)) == 0)
    {
        SendLater(d, std::max(LorawanCore::Now(), row.busyUntil));
    }
}

bool
DeviceMac::HasToSend(DeviceId d) const
{
    return (m_rows[Index(d)].flags & (TELEMETRY_DUE | POLL_DUE | HAS_MESSAGE)) != 0;
}

void
DeviceMac::SendLater(DeviceId d, Tick when)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & SEND_TIMER) == 0)
    {
        row.flags |= SEND_TIMER;
        m_timers.Add({when, static_cast<uint32_t>(d), TRY_SEND, 0});
    }
}

void
DeviceMac::TrySend(DeviceId d)
{
    auto& row = m_rows[Index(d)];
    if ((row.flags & (POWERED | JOINED | AWAITS_ACK | SUSPENDED)) != (POWERED | JOINED) ||
        !HasToSend(d))
    {
        return;
    }
    const Tick now = LorawanCore::Now();
    if (row.busyUntil > now)
    {
        SendLater(d, row.busyUntil);
        return;
    }
    if (IsLinkLost(d))
    {
        return LoseSession(d, "link-lost");
    }
    const auto outgoing = NextFrame(d);
    if (outgoing.dataRate == NO_RATE)
    {
        DropTooLong(d, outgoing.kind);
        return TrySend(d);
    }
    const auto choice = ChooseChannel(d, DataChannelsOf(d), outgoing.dataRate);
    if (choice.free > now)
    {
        SendLater(d, choice.free);
        return;
    }
    Transmit(d, outgoing, choice.channel);
}

void
DeviceMac::Transmit(DeviceId d, const Outgoing& outgoing, uint16_t channel)
{
    auto& row = m_rows[Index(d)];
    const Tick now = LorawanCore::Now();
    const auto [kind, confirmed, dataRate, phyBytes] = outgoing;
    const Tick airtime = m_core.airtime.Up(dataRate, phyBytes);
    const auto& rate = *m_core.rates[dataRate];
    const bool join = kind == UplinkKind::JOIN_REQUEST;
    const auto account = AccountOfUplink(d, kind);

    const auto slot = m_air->Begin(
        {d,
         join ? 0x80000000U | row.devNonce : row.FrameCounter() ^ uint32_t{row.tries} << 26,
         channel,
         rate.spreadingFactor,
         static_cast<float>(TxPowerDbm(row.power)),
         m_core.gatewayNoiseDbm[dataRate],
         now,
         now + airtime});
    if (m_sending.size() <= slot)
    {
        m_sending.resize(slot + 1);
    }
    auto& sending = m_sending[slot];
    sending.kind = kind;
    sending.confirmed = confirmed;
    sending.dataRate = dataRate;
    sending.devNonce = row.devNonce;
    sending.frameCounter = row.FrameCounter();
    sending.phyBytes = phyBytes;
    const auto& answers = AnswersOf(d);
    sending.options = join ? MacOptions{0} : OptionsOf(d);
    sending.status = answers.status;
    sending.newChannels = join ? uint16_t{0} : answers.newChannels;
    sending.classB = (row.flags & IN_CLASS_B) != 0;
    sending.adrAckReq = !join && WantsAdrAck(d);
    if (!confirmed && !join)
    {
        RemoveAnswers(d, sending.options);
    }
    if (kind == UplinkKind::MESSAGE)
    {
        // A confirmed message stays in the outbox until it is acknowledged or given up.
        sending.payload = confirmed ? m_outbox.Front(d) : PopOutbox(d);
        if (m_complete)
        {
            m_complete(d, sending.payload);
        }
    }
    row.flags &=
        static_cast<uint16_t>(~(POLL_DUE | (kind == UplinkKind::TELEMETRY ? TELEMETRY_DUE : 0)));
    KeepDutyCycle(d, now, airtime, channel);
    row.busyUntil = WindowsEnd(d, now + airtime, join);
    // TS001-1.0.4 section 4.3.1.5: a confirmed frame is repeated with its counter; it counts when
    // it is acknowledged or given up.
    row.counter += join || confirmed ? 0 : 1;

    ChargeUplink(d, outgoing, airtime, account);
    m_core.fleet->AddTxBytes(d, phyBytes);
    m_counters.uplinkAirtimeS += ToSeconds(airtime);
    if (account == EnergyAccount::CAMPAIGN)
    {
        m_counters.campaignAirtimeS += ToSeconds(airtime);
    }
    if (m_keepRecent)
    {
        const Tick end = m_core.config.windowsDeafen ? row.busyUntil : now + airtime;
        m_recent.push_back({d, {now, end}});
    }
    m_ends.Add({now + airtime, slot, 0, 0});
}

Tick
DeviceMac::WindowsEnd(DeviceId d, Tick uplinkEnd, bool join) const
{
    const bool told = (Lacks(d) & RX_TIMING_SETUP_REQ) == 0;
    return uplinkEnd + ToTicks(m_core.windows.Delay2S(join, told) + RX2_WINDOW_S);
}

void
DeviceMac::OnUplinkEnd(UplinkAir::Slot slot)
{
    const AirFrame frame = m_air->Get(slot);
    const auto heard = m_air->End(slot);
    const auto& sending = m_sending[slot];
    switch (sending.kind)
    {
    case UplinkKind::JOIN_REQUEST:
        ++m_counters.joinRequests;
        break;
    case UplinkKind::TELEMETRY:
        ++m_counters.telemetrySent;
        break;
    case UplinkKind::MESSAGE:
        ++m_counters.messagesSent;
        break;
    case UplinkKind::EMPTY:
        break;
    }
    m_onUplink({frame.device,
                sending.kind,
                sending.confirmed,
                sending.dataRate,
                frame.channel,
                sending.devNonce,
                sending.frameCounter,
                sending.phyBytes,
                frame.start,
                frame.end,
                sending.kind == UplinkKind::MESSAGE ? &sending.payload : nullptr,
                heard,
                sending.options,
                sending.newChannels,
                sending.status,
                sending.classB,
                sending.adrAckReq});
    AfterUplink(sending, frame);
}

void
DeviceMac::AfterUplink(const Sending& sending, const AirFrame& frame)
{
    const DeviceId d = frame.device;
    auto& row = m_rows[Index(d)];
    if (sending.kind == UplinkKind::JOIN_REQUEST)
    {
        ScheduleJoinRetry(d);
        return;
    }
    if (sending.confirmed)
    {
        row.flags |= AWAITS_ACK;
        if (sending.kind == UplinkKind::TELEMETRY)
        {
            row.flags |= CONFIRMS_TELEMETRY;
        }
        const auto& defaults = m_core.region.defaults;
        const double u = m_core.random.Uniform(Purpose::RETRANSMIT,
                                               static_cast<uint32_t>(d),
                                               sending.frameCounter,
                                               row.tries);
        const double wait =
            defaults.retransmitTimeoutS + defaults.retransmitTimeoutSpreadS * (2 * u - 1);
        m_timers.Add(
            {row.busyUntil + ToTicks(wait), static_cast<uint32_t>(d), RETRANSMIT, AckTag(d)});
    }
    else if (HasToSend(d))
    {
        SendLater(d, row.busyUntil);
    }
    BackOffDataRate(d);
}

void
DeviceMac::Suspend(DeviceId d, Tick until)
{
    auto& flags = m_rows[Index(d)].flags;
    if ((flags & SUSPENDED) != 0)
    {
        ++m_furtherSuspensions[static_cast<uint32_t>(d)];
    }
    flags |= SUSPENDED;
    // What happens to the device at that very instant may take it off the air again: a tick later.
    m_timers.Add({until + 1, static_cast<uint32_t>(d), RESUME, 0});
}

/// The end of one suspension; the device is back when that of the last one has come.
void
DeviceMac::EndSuspension(DeviceId d)
{
    const auto further = m_furtherSuspensions.find(static_cast<uint32_t>(d));
    if (further != m_furtherSuspensions.end())
    {
        if (--further->second == 0)
        {
            m_furtherSuspensions.erase(further);
        }
        return;
    }
    OnResume(d);
}

void
DeviceMac::Silence(DeviceId d)
{
    auto& flags = m_rows[Index(d)].flags;
    flags = static_cast<uint16_t>((flags | SILENT) & ~HAS_MESSAGE);
    m_outbox.Clear(d);
}

void
DeviceMac::KeepRecentUplinks(bool keep)
{
    m_keepRecent = keep;
    const Tick old = LorawanCore::Now() - KEEP_RECENT;
    std::erase_if(m_recent,
                  [=](const auto& uplink) { return !keep || uplink.second.second < old; });
}

size_t
DeviceMac::MemoryBytes() const
{
    const auto bytesOf = [](const auto& map) {
        constexpr size_t NODE_BYTES = 32; // links, colour or hash, allocator
        return map.size() * (NODE_BYTES + sizeof(*map.begin()));
    };
    return m_rows.capacity() * sizeof(Row) + m_outbox.MemoryBytes() +
           bytesOf(m_furtherSuspensions) + bytesOf(m_rejoins) + bytesOf(m_options) +
           m_firstTelemetry.capacity() * sizeof(Tick) + m_settings.MemoryBytes() +
           m_timers.MemoryBytes() + m_ends.MemoryBytes();
}

} // namespace ns3::iotfleet
