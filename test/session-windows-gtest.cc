// SPDX-License-Identifier: GPL-2.0-only

// Passes that are longer than a session can be, or than was foreseen.

#include "test/scenario-text.h"
#include "test/test-support-run.h"
#include "test/update-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;
using test::WholeRun;

constexpr double LONGEST_S = 32768; ///< 2^15 s: TS005, SessionTimeOut is a field of four bits

uint32_t
Uncoded(const UpdateBed& bed)
{
    return static_cast<uint32_t>(
        std::ceil(double(bed.catalog.Get(bed.target).PayloadBytes()) / 112));
}

TEST(SessionWindows, FollowEachOtherWhereNoTimeOutIsLongEnough)
{
    constexpr double INTERVAL_S = 2000;
    UpdateBed bed(20);
    bed.config.repair.unicast = false; // nothing but the multicast serves them
    bed.network->frameIntervalS = INTERVAL_S;
    bed.config.dutyCycle = bed.network->GroupAirtimeS(5, 112 + 3) / INTERVAL_S;
    ASSERT_GT(Uncoded(bed) * INTERVAL_S, LONGEST_S);
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 20U);
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, Uncoded(bed) + std::ceil(0.3 * Uncoded(bed)))
        << "nothing is sent twice";
    EXPECT_GT(session.endedS - session.startedS, LONGEST_S);
    // Between the windows nobody listens: from one to the next frame is a bit more than once more
    // the interval, all the same.
    EXPECT_LT(bed.network->listenedS[3], (Uncoded(bed) + 1) * INTERVAL_S);
}

/// The air was slower than foreseen: what does not fit into the window goes out in others.
TEST(SessionWindows, TakeWhatDidNotFit)
{
    UpdateBed bed(20);
    bed.network->frameIntervalS = 300; // foreseen are 1.15 s
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 20U);
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, Uncoded(bed) + std::ceil(0.3 * Uncoded(bed)));
    EXPECT_EQ(bed.service->Totals().unicastFragmentAirtimeS, 0) << "no repair was needed";
}

/// 100 kB at data rate 0: 2,084 fragments and their parity, 27.9 s apart at a duty cycle of 10 %.
TEST(SessionWindows, BringALargeImageAtTheSlowestRate)
{
    const auto run = WholeRun::OfText(R"({
      "schema": 1, "name": "big", "duration": "6 d", "stop": { "when": "rollout-finished" },
      "fleet": { "groups": [ { "name": "m", "count": 5, "activated": true,
        "telemetry": { "period": "2 h" }, "placement": { "radius": "500 m" } } ] },
      "access": { "lorawan": { "adr": false, "gateways": [ { "name": "g", "z": "30 m" } ] } },
      "firmware": { "images": [ { "version": "1.1.0", "size": "100 kB", "sequence": 2 } ] },
      "distribution": { "policy": "BASELINE", "repair": { "unicast": false } },
      "rollout": { "start": "1 h", "waves": [ { "share": 1, "error_threshold": 1 } ] }
    })");
    EXPECT_EQ(run.Metric("devices_updated"), 5);
    EXPECT_EQ(run.Number("SELECT completed FROM session"), 5);
}

/// Three sessions on the air of one gateway take longer than each alone, and serve as many.
TEST(SessionWindows, ReckonWithSharedAir)
{
    const auto run = WholeRun::OfText(R"({
      "schema": 1, "name": "shared", "duration": "8 d", "stop": { "when": "rollout-finished" },
      "fleet": { "groups": [
        { "name": "slow", "count": 5, "activated": true, "data_rate": 0,
          "telemetry": { "period": "10 min" }, "placement": { "radius": "300 m" } },
        { "name": "fast", "count": 5, "activated": true, "data_rate": 5,
          "telemetry": { "period": "10 min" }, "placement": { "radius": "300 m" } },
        { "name": "mid", "count": 5, "activated": true, "data_rate": 1,
          "telemetry": { "period": "10 min" }, "placement": { "radius": "300 m" } } ] },
      "access": { "lorawan": { "adr": false, "gateways": [ { "name": "g", "z": "30 m" } ] } },
      "firmware": { "images": [ { "version": "1.1.0", "size": "38 kB", "sequence": 2 } ] },
      "distribution": { "policy": "FASTEST", "repair": { "unicast": false },
        "start_margin": "20 min", "concurrent_sessions": 3 },
      "rollout": { "start": "2 h",
        "waves": [ { "share": 1, "error_threshold": 1, "success_threshold": 0 } ] }
    })");
    EXPECT_EQ(run.Metric("devices_updated"), 15);
}

/// How far a device came that is not heard of any more is told apart.
TEST(SilentMembers, AreToldApartByHowFarTheyCame)
{
    constexpr DeviceId UNCALLED{3};   ///< not heard of since it was set up
    constexpr DeviceId INCOMPLETE{5}; ///< not heard of since it said what it lacks
    UpdateBed bed(10);
    for (uint16_t number = 1; number < 30; ++number)
    {
        bed.network->deafTo[static_cast<uint32_t>(INCOMPLETE)].insert(number);
    }
    const auto silence = [&bed](DeviceId device) {
        bed.network->Suspend(device, Days(60).GetNanoSeconds());
    };
    // The distribution begins at 10 s; two set-up messages take 6 s each, and the call 5 s more.
    Simulator::Schedule(Seconds(24), [&] { silence(UNCALLED); });
    // 24 fragments at two seconds from about 83 s on; then answers within 2^8 s (TS004).
    Simulator::Schedule(Seconds(83 + 24 * 2 + 10 + 256), [&] { silence(INCOMPLETE); });
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 8U);
    EXPECT_EQ(bed.unreported["missed-session-request"], 1U);
    EXPECT_EQ(bed.unreported["incomplete"], 1U);
    EXPECT_EQ(bed.unreported.size(), 2U);
}

} // namespace
} // namespace ns3::iotfleet
