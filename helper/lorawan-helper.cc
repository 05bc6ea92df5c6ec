// SPDX-License-Identifier: GPL-2.0-only
#include "helper/lorawan-helper.h"

#include "model/fleet/enum-names.h"
#include "model/lorawan/ip-backhaul.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/okumura-hata-propagation-loss-model.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// First random stream of the backhaul's error models; a user's own models take lower ones.
constexpr int64_t BACKHAUL_STREAM = 1'000'000;

PacingConfig
MakePacing(const PacingSpec& spec)
{
    PacingConfig pacing;
    pacing.kind = *FromName<PacingKind>(PACING_KIND_NAMES, spec.kind);
    pacing.intervalS = spec.intervalS;
    pacing.airtimeFactor = spec.airtimeFactor;
    pacing.airtimeExtraBytes = spec.airtimeExtraBytes;
    pacing.airtimeCrc = spec.airtimeCrc;
    pacing.airtimeLdro = *FromName<LdroEstimate>(LDRO_ESTIMATE_NAMES, spec.airtimeLdro);
    pacing.tickS = spec.tickS;
    pacing.tickPhaseS = spec.tickPhaseS;
    pacing.tickExtraMinS = spec.tickExtraMinS;
    pacing.tickExtraMaxS = spec.tickExtraMaxS;
    pacing.sendTimeS = spec.sendTimeS;
    return pacing;
}

ReceiveWindowConfig
MakeWindows(const ReceiveWindowsSpec& spec)
{
    ReceiveWindowConfig windows;
    windows.rx1DelayS = static_cast<uint8_t>(spec.rx1DelayS);
    windows.rx1Offset = spec.rx1Offset;
    windows.rx2DataRate = spec.rx2DataRate.value_or(ReceiveWindowConfig::REGION_RATE);
    windows.rx2FrequencyHz = static_cast<uint32_t>(std::lround(spec.rx2FrequencyHz.value_or(0)));
    return windows;
}

JoinConfig
MakeJoin(const JoinSpec& spec)
{
    JoinConfig join;
    join.serverRate = spec.serverRate;
    join.serverQueue = spec.serverQueue;
    join.serverDelayS = spec.serverDelayS;
    join.loramacBackoff = spec.backoff == "loramac-node";
    join.retryMinS = spec.retryMinS;
    join.retryMaxS = spec.retryMaxS;
    join.cfList = spec.cfList;
    return join;
}

/// Middle of the region's uplink band, for models that depend on the frequency.
double
CarrierHz(const RegionParameters& region)
{
    const auto channels = region.UplinkChannels();
    return (static_cast<double>(channels.front().frequencyHz) +
            static_cast<double>(channels.back().frequencyHz)) /
           2;
}

} // namespace

LorawanConfig
LorawanHelper::MakeConfig(const LorawanSpec& spec)
{
    LorawanConfig config;
    config.gatewayStatsIntervalS = spec.gatewayStatsIntervalS;
    config.version11 = spec.version == "1.1";
    config.deviceTxPowerDbm =
        spec.deviceTxPowerDbm.value_or(GetRegion(spec.region).usualDevicePowerDbm);
    config.gatewayTxPowerDbm = spec.gatewayTxPowerDbm.value_or(27);
    config.deviceAntennaGainDbi = spec.deviceAntennaGainDbi;
    config.deviceNoiseFigureDb = spec.deviceNoiseFigureDb;
    config.gatewayNoiseFigureDb = spec.gatewayNoiseFigureDb;
    config.fading = *FromName<Fading>(FADING_NAMES, spec.propagation.fading);
    config.fadingDb = spec.propagation.fadingDb;
    config.frameLoss = spec.propagation.frameLoss;
    config.interferenceReachDb = spec.propagation.interferenceReachDb;
    config.shadowingDb = spec.propagation.shadowingDb;
    config.buildingLossDb = spec.propagation.buildingLossDb;
    config.buildingSpreadDb = spec.propagation.buildingSpreadDb;
    config.adr = spec.adr;
    config.adrMarginDb = spec.adrMarginDb;
    config.deviceDutyCycle = spec.deviceDutyCycle;
    config.dutyCycleRule = *FromName<DutyCycleRule>(DUTY_CYCLE_RULE_NAMES, spec.dutyCycleRule);
    config.dedupWindowS = spec.dedupWindowS;
    config.confirmedRetries = spec.confirmedRetries;
    config.subBand = spec.subBand;
    config.clockSync = *FromName<ClockSync>(CLOCK_SYNC_NAMES, spec.clockSync.method);
    config.clockSyncS = spec.clockSync.periodS;
    config.classBBeaconLoss = spec.classBBeaconLoss;
    config.classBAssumedDriftPpm = spec.assumedDriftPpm;
    config.windowsDeafen = spec.classAPreempts == "windows";
    config.join = MakeJoin(spec.join);
    config.pacing = MakePacing(spec.pacing);
    config.windows = MakeWindows(spec.receiveWindows);
    return config;
}

Ptr<PropagationLossModel>
LorawanHelper::MakeLoss() const
{
    const auto& p = spec.propagation;
    if (p.model == "okumura-hata")
    {
        const auto loss = CreateObject<OkumuraHataPropagationLossModel>();
        loss->SetAttribute("Frequency", DoubleValue(CarrierHz(GetRegion(spec.region))));
        loss->SetAttribute("Environment",
                           StringValue(p.environment == "urban"      ? "Urban"
                                       : p.environment == "suburban" ? "SubUrban"
                                                                     : "OpenAreas"));
        loss->SetAttribute("CitySize",
                           StringValue(p.citySize == "small"    ? "Small"
                                       : p.citySize == "medium" ? "Medium"
                                                                : "Large"));
        return loss;
    }
    const auto loss = CreateObject<LogDistancePropagationLossModel>();
    loss->SetAttribute("Exponent", DoubleValue(p.exponent));
    loss->SetAttribute("ReferenceLoss", DoubleValue(p.referenceLossDb));
    loss->SetAttribute("ReferenceDistance", DoubleValue(p.referenceDistanceM));
    return loss;
}

Ptr<Backhaul>
LorawanHelper::MakeBackhaul(const CounterRandom& random)
{
    std::vector<BackhaulLink> links;
    for (const auto& gateway : spec.gateways)
    {
        const auto named = spec.backhauls.find(gateway.backhaul);
        const BackhaulSpec link = named == spec.backhauls.end() ? BackhaulSpec{} : named->second;
        links.push_back({link.delayS, link.jitterS, link.loss, link.rateBps});
    }
    if (spec.backhaulModel == "delay")
    {
        const auto backhaul = CreateObject<DelayBackhaul>();
        backhaul->Configure(std::move(links), random);
        return backhaul;
    }
    const auto backhaul = CreateObject<IpBackhaul>();
    backhaul->Configure(m_gateways, Server(), std::move(links), random);
    backhaul->AssignStreams(BACKHAUL_STREAM);
    return backhaul;
}

void
LorawanHelper::MakeGateway(const GatewaySpec& gateway, const Ptr<LorawanNetwork>& network)
{
    const auto node = CreateObject<Node>();
    const auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(Vector(gateway.position.x, gateway.position.y, gateway.position.z));
    node->AggregateObject(mobility);
    const auto radio = CreateObject<LoraGateway>();
    radio->Configure(gateway.name, network->Core().region, network->Core().config.dutyCycleRule);
    for (const auto& outage : spec.outages)
    {
        if (outage.gateway == "*" || outage.gateway == gateway.name)
        {
            radio->AddOutage(ToTicks(outage.startS), ToTicks(outage.endS));
        }
    }
    node->AggregateObject(radio);
    m_gateways.Add(node);
    network->AddGateway(node, gateway.antennaGainDbi - gateway.feederLossDb);
}

Ptr<LorawanNetwork>
LorawanHelper::Create(const Ptr<Fleet>& fleet,
                      DeviceRegistry* registry,
                      const CounterRandom& random)
{
    const auto network = CreateObject<LorawanNetwork>();
    network->Configure(spec.region, MakeConfig(spec));
    network->Attach(fleet, registry, random);
    for (const auto& gateway : spec.gateways)
    {
        MakeGateway(gateway, network);
    }
    m_server.Create(1);
    network->SetPropagation(MakeLoss());
    network->SetBackhaul(MakeBackhaul(random));
    return network;
}

} // namespace ns3::iotfleet
