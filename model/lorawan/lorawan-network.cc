// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/lorawan-network.h"

#include "ns3/abort.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"

#include <algorithm>

namespace ns3::iotfleet
{

NS_OBJECT_ENSURE_REGISTERED(LorawanNetwork);

namespace
{

/// Channels that operators in Europe usually add to the three default ones by the CFList, Hz.
constexpr std::array<uint32_t, 5> EU868_CFLIST{867'100'000,
                                               867'300'000,
                                               867'500'000,
                                               867'700'000,
                                               867'900'000};

/// A device has room for so many where channels are created (TS001-1.0.4 section 5.6).
constexpr size_t MOST_CHANNELS = 16;

} // namespace

TypeId
LorawanNetwork::GetTypeId()
{
    static TypeId tid = AddAttributes(
        TypeId("ns3::iotfleet::LorawanNetwork")
            .SetParent<AccessNetwork>()
            .SetGroupName("IotFleet")
            .AddConstructor<LorawanNetwork>()
            .AddTraceSource("UplinkEnd",
                            "An uplink has ended on the air, heard or not.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_uplinkTrace),
                            "ns3::iotfleet::LorawanNetwork::UplinkTracedCallback")
            .AddTraceSource("GroupFrame",
                            "A multicast frame has ended on the air.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_groupTrace),
                            "ns3::iotfleet::LorawanNetwork::GroupFrameTracedCallback")
            .AddTraceSource("DownlinkSent",
                            "A downlink to one device has ended on the air.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_downlinkTrace),
                            "ns3::iotfleet::LorawanNetwork::DownlinkTracedCallback")
            .AddTraceSource("GroupFrameSent",
                            "A multicast frame is about to go on the air.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_groupSentTrace),
                            "ns3::iotfleet::LorawanNetwork::GroupSentTracedCallback")
            .AddTraceSource("BeaconSent",
                            "A gateway begins to send a beacon.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_beaconTrace),
                            "ns3::iotfleet::LorawanNetwork::BeaconTracedCallback")
            .AddTraceSource("DeviceStatus",
                            "A DevStatusAns has arrived at the server.",
                            MakeTraceSourceAccessor(&LorawanNetwork::m_statusTrace),
                            "ns3::iotfleet::LorawanNetwork::StatusTracedCallback"));
    return tid;
}

LorawanNetwork::LorawanNetwork() = default;
LorawanNetwork::~LorawanNetwork() = default;

void
LorawanNetwork::DoDispose()
{
    m_groups.reset();
    m_classB.reset();
    m_receivers.reset();
    m_beacons.reset();
    m_server.reset();
    m_mac.reset();
    m_downlinks.reset();
    m_core.reset();
    m_sites.clear();
    m_loss = nullptr;
    m_backhaul = nullptr;
    AccessNetwork::DoDispose();
}

void
LorawanNetwork::Configure(const std::string& region, const LorawanConfig& config)
{
    m_config = config;
    Configure(region);
}

void
LorawanNetwork::Configure(const std::string& region)
{
    m_core = std::make_unique<LorawanCore>(GetRegion(region), m_config);
    MakeChannels();
    m_downlinks = std::make_unique<DownlinkAir>(*m_core);
    m_mac = std::make_unique<DeviceMac>(
        *m_core,
        [this](const UplinkEnd& uplink) {
            m_uplinkTrace(uplink);
            m_server->OnUplink(uplink);
        },
        [this](DeviceId d, const wire::AppPayload& payload) { DeliverToDevice(d, payload); });
    m_server = std::make_unique<NetworkServer>(
        *m_core,
        *m_downlinks,
        *m_mac,
        [this](const UplinkMessage& message) { DeliverToOperator(message); });
    m_mac->SetPrefetchServer([server = m_server.get()](DeviceId d) { server->Prefetch(d); });
    MakeClassB();
    m_groups = std::make_unique<GroupSender>(*m_core,
                                             *m_downlinks,
                                             *m_mac,
                                             *m_beacons,
                                             *m_receivers,
                                             [this](const GroupReception& reception) {
                                                 m_groupTrace(reception);
                                                 DeliverToGroup(reception);
                                             });
    m_server->SetSessionQueries(
        [this](DeviceId d) { return m_groups->AwayUntil(d); },
        [this](DeviceId d, const DownlinkOnAir& frame) { return m_groups->IsTunedTo(d, frame); });
    m_mac->SetCompletion(
        [this](DeviceId d, wire::AppPayload& payload) { CompleteMessage(d, payload); });
    ConnectTraces();
}

void
LorawanNetwork::MakeClassB()
{
    m_beacons = std::make_unique<BeaconSender>(*m_core);
    m_receivers =
        std::make_unique<BeaconReceivers>(*m_core, *m_downlinks, [mac = m_mac.get()](DeviceId d) {
            return mac->ClockDriftPpm(d);
        });
    m_classB = std::make_unique<ClassBDevices>(*m_core, *m_mac, *m_receivers);
    m_beacons->SetEndHandler([this](const BeaconOnAir& beacon) {
        m_groups->OnBeacon();
        m_classB->OnBeacon();
        m_receivers->OnBeacon(beacon);
    });
    m_receivers->SetChangeHandler(
        [this](DeviceId d, bool locked) { m_classB->OnChange(d, locked); });
    m_server->SetClassBQueries(
        [this](DeviceId d) { return m_classB->Periodicity(d); },
        [this](DeviceId d, Tick start) { return m_classB->CatchesSlot(d, start); });
}

void
LorawanNetwork::ConnectTraces()
{
    m_server->SetSentHandler(
        [this](const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool sent) {
            m_downlinkTrace(frame, onAir, sent);
            if (sent && frame.hasPayload)
            {
                TellSent({NO_GROUP, frame.device, 0, &frame.payload, ToSeconds(frame.airtime)});
            }
        });
    m_server->SetStatusHandler(
        [this](DeviceId d, const DeviceStatus& status) { m_statusTrace(d, status); });
    m_groups->SetSentHandler([this](const GroupTransmission& frame) {
        m_groupSentTrace(frame);
        double airtimeS = 0;
        for (const auto& copy : frame.copies)
        {
            airtimeS += ToSeconds(copy.end - copy.start);
        }
        TellSent({frame.group, NO_DEVICE, frame.frame.number, nullptr, airtimeS});
    });
    m_beacons->SetSentHandler([this](GatewayId gateway, uint32_t frequencyHz, Tick start) {
        m_beaconTrace(gateway, frequencyHz, start);
    });
}

void
LorawanNetwork::MakeChannels()
{
    auto& core = *m_core;
    core.channels = core.config.subBand == 0 ? core.region.UplinkChannels()
                                             : core.region.UplinkChannels(core.config.subBand);
    for (uint16_t i = 0; i < core.channels.size(); ++i)
    {
        const auto& joins = core.region.joinChannels;
        const bool mayJoin =
            joins.empty() || std::ranges::find(joins, core.channels[i].index) != joins.end();
        const auto& joinRates = core.region.joinDataRates;
        const uint8_t rate = core.channels[i].minDataRate;
        const bool hasRate = joinRates.empty()
                                 ? rate == core.channels.front().minDataRate
                                 : std::ranges::find(joinRates, rate) != joinRates.end();
        if (mayJoin && hasRate)
        {
            core.joinChannels.push_back(i);
        }
    }
    if (core.region.name == "EU868" && core.config.join.cfList)
    {
        auto channel = core.channels.front();
        for (const auto frequency : EU868_CFLIST)
        {
            channel.index = static_cast<uint16_t>(core.channels.size());
            channel.frequencyHz = frequency;
            core.channels.push_back(channel);
        }
    }
    core.firstExtraChannel = static_cast<uint16_t>(core.channels.size());
    for (const auto& extra : core.config.macCommands.channels)
    {
        NS_ABORT_MSG_IF(!core.region.downlinkChannels.empty(),
                        "channels of " << core.region.name << " cannot be created");
        core.channels.push_back({static_cast<uint16_t>(core.channels.size()),
                                 extra.frequencyHz,
                                 extra.minDataRate,
                                 extra.maxDataRate});
        NS_ABORT_MSG_IF(core.channels.size() > MOST_CHANNELS, "more than 16 channels");
    }
}

void
LorawanNetwork::Attach(const Ptr<Fleet>& fleet,
                       DeviceRegistry* registry,
                       const CounterRandom& random)
{
    m_core->fleet = fleet;
    m_core->registry = registry;
    m_core->random = random;
}

void
LorawanNetwork::AddGateway(const Ptr<Node>& node, double antennaGainDbi)
{
    const auto gateway = node->GetObject<LoraGateway>();
    const auto mobility = node->GetObject<MobilityModel>();
    NS_ABORT_MSG_IF(!gateway || !mobility,
                    "a gateway node needs a LoraGateway and a MobilityModel");
    m_core->gateways.push_back(gateway);
    m_core->gatewayAntennaDbi.push_back(antennaGainDbi);
    m_sites.push_back({mobility, antennaGainDbi});
}

void
LorawanNetwork::SetPropagation(const Ptr<PropagationLossModel>& loss)
{
    m_loss = loss;
}

void
LorawanNetwork::SetBackhaul(const Ptr<Backhaul>& backhaul)
{
    m_backhaul = backhaul;
}

void
LorawanNetwork::Install(const std::function<LorawanDevice(DeviceId)>& describe)
{
    const uint32_t n = m_core->fleet->Size();
    m_core->links.Build(
        m_sites,
        n,
        [&](DeviceId d) -> DeviceSite {
            const auto device = describe(d);
            return {m_core->fleet->X(d), m_core->fleet->Y(d), device.z, device.indoor};
        },
        m_loss,
        m_core->config,
        m_core->random);
    m_mac->Resize(n);
    m_server->Configure(m_backhaul, n);
    m_groups->Configure(m_backhaul);
    for (uint32_t i = 0; i < n; ++i)
    {
        const DeviceId d{i};
        auto device = describe(d);
        if (device.rateFromLink)
        {
            device.setup.dataRate = DataRateByLink(d);
        }
        m_mac->Install(d, device.setup);
        m_server->SetClass(d, device.setup.deviceClass);
        if (device.setup.activated)
        {
            m_server->AdmitActivated(d);
        }
        if (device.setup.deviceClass == 'C')
        {
            m_core->fleet->SetAlwaysListening(m_core->fleet->GroupIndex(d));
        }
        if (device.setup.deviceClass == 'B')
        {
            m_classB->Add(d, device.pingPeriodicity);
        }
    }
    if (!m_classB->IsEmpty())
    {
        m_beacons->Need();
        m_mac->SetSessionHandlers(
            [this](DeviceId d) { m_classB->OnJoined(d); },
            [this](DeviceId d, MacOptions options) { m_classB->OnOptions(d, options); });
    }
}

uint8_t
LorawanNetwork::DataRateByLink(DeviceId d) const
{
    const auto& channel = m_core->channels.front();
    const auto links = m_core->links.Of(d);
    if (links.empty())
    {
        return channel.minDataRate;
    }
    const double powerDbm = m_core->config.deviceTxPowerDbm + links.front().GainDb();
    for (uint8_t rate = channel.maxDataRate; rate > channel.minDataRate; --rate)
    {
        const auto& parameters = m_core->region.DataRate(rate);
        const double snr = powerDbm - m_core->gatewayNoiseDbm[rate];
        if (snr - SnrFloorDb(parameters.spreadingFactor) >= m_core->config.adrMarginDb)
        {
            return rate;
        }
    }
    return channel.minDataRate;
}

void
LorawanNetwork::SendToDevice(DeviceId device, const wire::AppPayload& payload)
{
    m_server->Send(device, payload);
}

uint32_t
LorawanNetwork::PendingToDevice(DeviceId device) const
{
    return m_server->Pending(device);
}

void
LorawanNetwork::DropPending(DeviceId device)
{
    m_server->DropPending(device);
}

GroupId
LorawanNetwork::CreateGroup(const GroupConfig& config)
{
    return m_groups->Create(config);
}

void
LorawanNetwork::SendToGroup(GroupId group, const GroupFrame& frame)
{
    m_groups->Send(group, frame);
}

uint32_t
LorawanNetwork::PendingToGroup(GroupId group) const
{
    return m_groups->Pending(group);
}

uint32_t
LorawanNetwork::DropGroupFrames(GroupId group)
{
    return m_groups->DropQueued(group);
}

uint32_t
LorawanNetwork::PendingToOperator(DeviceId device) const
{
    return m_mac->Pending(device);
}

void
LorawanNetwork::WhenGroupIdle(GroupId group, GroupDone done)
{
    m_groups->WhenIdle(group, std::move(done));
}

void
LorawanNetwork::SetGroupKey(GroupId group, const std::array<uint8_t, 16>& key)
{
    m_groups->SetKey(group, key);
}

void
LorawanNetwork::AnnounceWindow(GroupId group, Tick start, Tick end)
{
    m_groups->Announce(group, start, end);
}

void
LorawanNetwork::DeleteGroup(GroupId group)
{
    m_groups->Delete(group);
}

void
LorawanNetwork::SetAccess(DeviceId device, Access level)
{
    m_core->registry->SetAccess(device, level);
    m_core->fleet->Set(device, level, "operator");
    if (level == Access::BLOCKED)
    {
        m_server->DropPending(device);
    }
}

uint8_t
LorawanNetwork::MaxPayload(uint8_t dataRate) const
{
    return static_cast<uint8_t>(m_core->region.MaxAppPayload(dataRate, false));
}

uint8_t
LorawanNetwork::DownlinkDataRate(uint8_t uplinkDataRate) const
{
    return m_core->windows.Rx1DataRate(uplinkDataRate, false);
}

double
LorawanNetwork::GroupAirtimeS(uint8_t dataRate, uint8_t payloadBytes) const
{
    return ToSeconds(m_core->airtime.Down(dataRate, FRAME_BYTES_WITHOUT_PORT + 1U + payloadBytes));
}

GroupPace
LorawanNetwork::PaceOf(const GroupConfig& group, uint8_t payloadBytes) const
{
    return m_groups->PaceOf(group, payloadBytes);
}

void
LorawanNetwork::SendToOperator(DeviceId device, const wire::AppPayload& payload, bool confirmed)
{
    m_mac->Send(device, payload, confirmed);
}

void
LorawanNetwork::StartListening(GroupId group, uint32_t member)
{
    m_groups->StartListening(group, member);
}

void
LorawanNetwork::StopListening(GroupId group, uint32_t member)
{
    m_groups->StopListening(group, member);
}

void
LorawanNetwork::SettleListening(GroupId group, uint32_t member)
{
    m_groups->SettleListening(group, member);
}

void
LorawanNetwork::Replay(GroupId group, uint32_t block, std::vector<uint8_t>& heard) const
{
    m_groups->Replay(group, block, heard);
}

void
LorawanNetwork::Suspend(DeviceId device, Tick until)
{
    m_mac->Suspend(device, until);
}

void
LorawanNetwork::Silence(DeviceId device)
{
    m_classB->Silence(device);
    m_mac->Silence(device);
}

double
LorawanNetwork::ClockErrorS(DeviceId device) const
{
    return m_mac->ClockErrorS(device);
}

void
LorawanNetwork::Settle()
{
    m_groups->Settle();
    m_classB->Settle();
    m_receivers->Settle();
}

void
LorawanNetwork::AdjustClock(DeviceId device, double seconds)
{
    m_mac->AdjustClock(device, seconds);
}

void
LorawanNetwork::DisturbClock(DeviceId device, double offsetS, double driftPpm)
{
    m_mac->DisturbClock(device, offsetS, driftPpm);
}

size_t
LorawanNetwork::MemoryBytes() const
{
    return m_core->links.MemoryBytes() + m_mac->MemoryBytes() + m_server->MemoryBytes() +
           m_groups->MemoryBytes() + m_receivers->MemoryBytes() + m_classB->MemoryBytes();
}

} // namespace ns3::iotfleet
