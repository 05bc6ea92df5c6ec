// SPDX-License-Identifier: GPL-2.0-only

// A fleet in thirty lines: three hundred meters around one gateway join, a tenth of them gets a new
// firmware by multicast, then everybody. Prints how many have it, day by day.
//
//     ./ns3 run fleet-in-thirty-lines          (in an ns-3 tree)
//     build/examples/fleet-in-thirty-lines     (stand-alone)

#include "helper/fleet-helper.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <iostream>

using namespace ns3;
using namespace ns3::iotfleet;

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);

    FleetHelper helper;
    helper.AddDevices("meter", 300, 2000).powerOnSpreadS = 3600;
    helper.AddGateway("mast", Vector(0, 0, 30));
    helper.SetFirmware("1.1.0", 4000, Hours(12));
    helper.AddWave("canary", 0.1, Hours(2));
    helper.AddWave("everybody", 1);
    FleetContainer fleet = helper.Install();

    for (int day = 1; day <= 3; ++day)
    {
        Simulator::Stop(Days(1));
        Simulator::Run();
        std::cout << "day " << day << ": " << fleet.GetRegistry().EnrolledCount() << " enrolled, "
                  << fleet.CountUpdated() << " updated\n";
    }
    Simulator::Destroy();
    return 0;
}
