// SPDX-License-Identifier: GPL-2.0-only

// Uses a class of ns-3 and one of each kind of ours through the installed headers and libraries.

#include "model/fleet/fleet.h"
#include "model/wire/cbor.h"

#include "ns3/simulator.h"

#include <iostream>

int
main()
{
    const auto fleet = ns3::CreateObject<ns3::iotfleet::Fleet>();
    bool hasRun = false;
    ns3::Simulator::Schedule(ns3::Seconds(1), [&hasRun] { hasRun = true; });
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    using namespace ns3::iotfleet::wire;
    const auto bytes = cbor::Encode(cbor::Value::Unsigned(24));
    std::cout << fleet->GetInstanceTypeId().GetName() << ", " << bytes.size() << " bytes\n";
    return hasRun && bytes.size() == 2 ? 0 : 1; // RFC 8949 appendix A: 24 is 0x1818
}
