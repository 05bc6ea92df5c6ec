// SPDX-License-Identifier: GPL-2.0-only

// A multicast update with a session policy of one's own. Devices that hear well share a fast
// session and are done in minutes; the others share a slow one. FASTEST would make a session of
// each data rate, ALL would make everybody wait at the slowest; this one makes two. Prints the
// sessions.

#include "helper/fleet-helper.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iostream>

using namespace ns3;
using namespace ns3::iotfleet;

namespace
{

/// Two sessions one after the other: who hears `limit` or faster, then the rest.
class TwoSpeedPolicy : public SessionPolicy
{
  public:
    explicit TwoSpeedPolicy(uint8_t limit)
        : m_limit(limit)
    {
    }

    std::vector<PlannedSession> Next(std::vector<Candidate>& waiting, double) const override
    {
        const auto isSlow = [this](const Candidate& c) { return c.dataRate < m_limit; };
        const bool anyFast = !std::ranges::all_of(waiting, isSlow);
        PlannedSession session;
        session.dataRate = m_limit;
        for (const auto& candidate : waiting)
        {
            if (isSlow(candidate) != anyFast)
            {
                session.devices.push_back(candidate.device);
                session.dataRate = std::min(session.dataRate, candidate.dataRate);
            }
        }
        std::erase_if(waiting, [&](const Candidate& c) { return isSlow(c) != anyFast; });
        return {session};
    }

  private:
    uint8_t m_limit; ///< slowest data rate that counts as fast
};

void
PrintSession(const SessionRecord& session)
{
    std::cout << "session " << session.id << " at data rate " << +session.dataRate << ": "
              << session.devices << " devices, " << session.fragmentsSent << " fragments in "
              << (session.endedS - session.startedS) / 60 << " min\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);

    FleetHelper helper;
    helper.AddDevices("meter", 200, 3000).activated = true;
    helper.AddGateway("mast", Vector(0, 0, 30));
    helper.SetFirmware("1.1.0", 4000, Hours(12));
    FleetContainer fleet = helper.Install();

    fleet.GetUpdateService()->SetPolicy(std::make_unique<TwoSpeedPolicy>(3));
    fleet.GetUpdateService()->TraceConnectWithoutContext("SessionEnded",
                                                         MakeCallback(&PrintSession));

    Simulator::Stop(Days(3));
    Simulator::Run();
    std::cout << fleet.CountUpdated() << " of " << fleet.GetFleet()->Size() << " updated\n";
    Simulator::Destroy();
    return 0;
}
