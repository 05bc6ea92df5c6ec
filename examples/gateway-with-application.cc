// SPDX-License-Identifier: GPL-2.0-only

// A gateway's node runs an ordinary ns-3 application beside the fleet: a camera on the mast sends
// video over the same backhaul that carries the LoRaWAN frames. With a narrow backhaul, frames
// queue behind the video and answers to devices come too late for their receive windows. Prints
// what the video brought through and how long the devices took to join.
//
//     gateway-with-application --backhaul=10Mbps
//     gateway-with-application --backhaul=200kbps

#include "helper/fleet-helper.h"
#include "model/lorawan/ip-backhaul.h"

#include "ns3/application-container.h"
#include "ns3/command-line.h"
#include "ns3/data-rate.h"
#include "ns3/inet-socket-address.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iostream>
#include <vector>

using namespace ns3;
using namespace ns3::iotfleet;

namespace
{

constexpr uint16_t VIDEO_PORT = 5000;

/// Sends video from the gateway to the server for an hour; returns the receiving application.
Ptr<PacketSink>
InstallVideo(const FleetContainer& fleet, const DataRate& rate)
{
    const GatewayId gateway{0};
    const InetSocketAddress server(IpBackhaul::ServerAddress(gateway), VIDEO_PORT);
    OnOffHelper video("ns3::UdpSocketFactory", server);
    video.SetConstantRate(rate, 1200);
    auto sender = video.Install(fleet.GetGateways().Get(0));
    sender.Start(Seconds(0));
    sender.Stop(Hours(1));

    PacketSinkHelper sink("ns3::UdpSocketFactory",
                          InetSocketAddress(Ipv4Address::GetAny(), VIDEO_PORT));
    return DynamicCast<PacketSink>(sink.Install(fleet.GetServer()).Get(0));
}

/// Median time from power-on to the first accepted join, seconds.
double
MedianJoinS(const Fleet& fleet)
{
    std::vector<double> waits;
    for (uint32_t i = 0; i < fleet.Size(); ++i)
    {
        waits.push_back(fleet.EnrolledS(DeviceId{i}) - fleet.PoweredS(DeviceId{i}));
    }
    std::ranges::nth_element(waits, waits.begin() + static_cast<std::ptrdiff_t>(waits.size() / 2));
    return waits[waits.size() / 2];
}

} // namespace

int
main(int argc, char* argv[])
{
    DataRate backhaul("10Mbps");
    DataRate video("250kbps");
    CommandLine command(__FILE__);
    command.AddValue("backhaul", "data rate of the gateway's backhaul", backhaul);
    command.AddValue("video", "data rate of the video", video);
    command.Parse(argc, argv);

    FleetHelper helper;
    helper.AddDevices("meter", 100, 1500).powerOnSpreadS = 1800;
    helper.AddGateway("mast", Vector(0, 0, 30));
    auto& link = helper.GetScenario().lorawan.backhauls["default"];
    link.rateBps = static_cast<double>(backhaul.GetBitRate());
    FleetContainer fleet = helper.Install();
    const auto received = InstallVideo(fleet, video);

    Simulator::Stop(Hours(2));
    Simulator::Run();
    std::cout << "video: " << static_cast<double>(received->GetTotalRx()) / 1e6 << " MB received\n"
              << "joins: " << fleet.GetRegistry().EnrolledCount() << " of "
              << fleet.GetFleet()->Size() << ", median " << MedianJoinS(*fleet.GetFleet())
              << " s\n";
    Simulator::Destroy();
    return 0;
}
