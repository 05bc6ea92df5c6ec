// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/pcap-tap.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

wire::LoraTapInfo
InfoOf(const DownlinkOnAir& onAir)
{
    wire::LoraTapInfo info;
    info.frequencyHz = onAir.frequencyHz;
    info.bandwidthHz = onAir.bandwidthHz;
    info.spreadingFactor = onAir.spreadingFactor;
    info.rssiDbm = onAir.powerDbm;
    return info;
}

} // namespace

PcapTap::PcapTap(const Ptr<LorawanNetwork>& network,
                 GatewayId gateway,
                 FrameEncoder::Source source,
                 std::ostream& out)
    : m_network(network),
      m_gateway(gateway),
      m_encoder(network->Core(), std::move(source)),
      m_writer(out)
{
    Connect(true);
}

PcapTap::~PcapTap()
{
    Connect(false);
}

void
PcapTap::Connect(bool on)
{
    const auto connect = [&](const char* name, const CallbackBase& callback) {
        on ? m_network->TraceConnectWithoutContext(name, callback)
           : m_network->TraceDisconnectWithoutContext(name, callback);
    };
    connect("UplinkEnd", MakeCallback(&PcapTap::OnUplink, this));
    connect("DownlinkSent", MakeCallback(&PcapTap::OnDownlink, this));
    connect("GroupFrameSent", MakeCallback(&PcapTap::OnGroupFrame, this));
    connect("BeaconSent", MakeCallback(&PcapTap::OnBeacon, this));
}

/// Whatever comes later at this gateway is later on the air too: it hears nothing while it
/// transmits.
void
PcapTap::Write(Tick until)
{
    const auto end = m_waiting.upper_bound(until);
    for (auto it = m_waiting.begin(); it != end; ++it)
    {
        m_writer.Write(it->first, it->second.info, it->second.bytes);
        ++m_frames;
    }
    m_waiting.erase(m_waiting.begin(), end);
}

void
PcapTap::Finish()
{
    Write(LorawanCore::Now());
}

void
PcapTap::OnUplink(const UplinkEnd& uplink)
{
    m_encoder.Note(uplink);
    const auto copy = std::ranges::find(uplink.heard, m_gateway, &HeardBy::gateway);
    if (copy == uplink.heard.end())
    {
        return;
    }
    const auto& core = m_network->Core();
    const auto& rate = core.region.DataRate(uplink.dataRate);
    wire::LoraTapInfo info;
    info.frequencyHz = core.channels[uplink.channel].frequencyHz;
    info.bandwidthHz = rate.bandwidthHz;
    info.spreadingFactor = rate.spreadingFactor;
    info.snrDb = copy->snrDb;
    info.rssiDbm = copy->snrDb + core.gatewayNoiseDbm[uplink.dataRate];
    m_waiting.emplace(uplink.end, Record{info, m_encoder.Encode(uplink)});
    Write(uplink.end);
}

void
PcapTap::OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir& onAir, bool sent)
{
    m_encoder.Note(frame); // a counter is spent even where the backhaul lost the frame
    if (onAir.gateway == m_gateway && sent)
    {
        m_waiting.emplace(onAir.start, Record{InfoOf(onAir), m_encoder.Encode(frame)});
        Write(onAir.start);
    }
}

void
PcapTap::OnGroupFrame(const GroupTransmission& frame)
{
    for (const auto& copy : frame.copies)
    {
        if (copy.gateway == m_gateway)
        {
            m_waiting.emplace(copy.start, Record{InfoOf(copy), m_encoder.Encode(frame)});
        }
    }
}

void
PcapTap::OnBeacon(GatewayId gateway, uint32_t frequencyHz, Tick start)
{
    if (gateway != m_gateway)
    {
        return;
    }
    const auto& region = m_network->Core().region;
    const auto& rate = region.DataRate(region.beacon.dataRate);
    wire::LoraTapInfo info;
    info.frequencyHz = frequencyHz;
    info.bandwidthHz = rate.bandwidthHz;
    info.spreadingFactor = rate.spreadingFactor;
    m_waiting.emplace(start, Record{info, m_encoder.EncodeBeacon(start)});
}

} // namespace ns3::iotfleet
