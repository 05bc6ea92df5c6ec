// SPDX-License-Identifier: GPL-2.0-only
#include "helper/lorawan-helper.h"

#include "helper/config-binding.h"
#include "model/lorawan/ip-backhaul.h"

#include "ns3/abort.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/okumura-hata-propagation-loss-model.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// The settings of a new network.
LorawanConfig
AttributesNow()
{
    const auto network = CreateObject<LorawanNetwork>();
    const LorawanConfig config = network->GetConfig();
    network->Dispose();
    return config;
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

LorawanHelper::LorawanHelper()
    : m_before(AttributesNow())
{
    BindLorawan(CopyToSpec{}, spec, m_before);
}

LorawanConfig
LorawanHelper::MakeConfig(const LorawanSpec& spec, LorawanConfig config)
{
    BindLorawan(CopyToConfig{}, spec, config);
    if (config.deviceTxPowerDbm == LorawanConfig().deviceTxPowerDbm) // nobody has set it
    {
        config.deviceTxPowerDbm = GetRegion(spec.region).usualDevicePowerDbm;
    }
    std::ranges::transform(spec.macCommands.channels,
                           std::back_inserter(config.macCommands.channels),
                           [](const ChannelSpec& channel) {
                               return ExtraChannel{
                                   static_cast<uint32_t>(std::lround(channel.frequencyHz)),
                                   channel.minDataRate,
                                   channel.maxDataRate};
                           });
    config.deviceTxPowerDbm = spec.deviceTxPowerDbm.value_or(config.deviceTxPowerDbm);
    config.gatewayTxPowerDbm = spec.gatewayTxPowerDbm.value_or(config.gatewayTxPowerDbm);
    return config;
}

int64_t
LorawanHelper::AssignStreams(int64_t stream)
{
    NS_ABORT_MSG_IF(stream < 0, "random streams count from 0");
    m_stream = stream;
    return spec.backhaulModel == "ip" ? 2 * static_cast<int64_t>(spec.gateways.size()) : 0;
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
    backhaul->AssignStreams(m_stream);
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
    const LorawanConfig now = network->GetConfig();
    BindLorawan(Follow{}, spec, m_before, now);
    m_before = now;
    network->Configure(spec.region, MakeConfig(spec, now));
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
