// SPDX-License-Identifier: GPL-2.0-only

// A fleet that is powered at once: collisions, the gateway's downlink ceiling, and that all get in.

#include "model/lorawan/region.h"
#include "test/test-support-run.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

/** One gateway, devices with strong links, all at SF7, that wake within a second. */
constexpr const char* STORM = R"({
  "schema": 1,
  "name": "storm",
  "seed": 3,
  "duration": "2 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 1500, "data_rate": 5, "power_on_spread": "1 s",
      "placement": { "kind": "disc", "radius": "300 m" },
      "telemetry": { "period": "0 s" } } ] },
  "access": { "lorawan": { "region": "EU868", "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "20 m" } ] } }
})";

TEST(JoinStorm, AllGetInUnderTheDownlinkCeiling)
{
    const auto run = WholeRun::OfText(STORM);
    ExpectBooksBalance(run);
    ExpectAirWithinLaw(run);
    EXPECT_EQ(run.Metric("devices_enrolled"), 1500);
    EXPECT_GT(run.Number("SELECT frames_lost_collision FROM gateway"), 500);
    EXPECT_GT(run.Metric("enrol_s_p95"), 3600);

    // onboarding.md 1.8: accepts of 33 bytes in 36 s of RX1 (SF7 here) and 360 s of RX2 (SF12) an
    // hour. A device that is enrolled has had an accept.
    const auto& region = GetRegion("EU868");
    const double rx1S = static_cast<double>(region.AirtimeNs(5, 33, false)) * 1e-9;
    const double rx2S = static_cast<double>(region.AirtimeNs(0, 33, false)) * 1e-9;
    const double ceiling = std::ceil(36 / rx1S) + std::ceil(360 / rx2S);
    const auto enrolledS = run.Column("SELECT enrolled_s FROM device ORDER BY enrolled_s");
    double most = 0;
    for (auto first = enrolledS.begin(); first != enrolledS.end(); ++first)
    {
        const auto last = std::upper_bound(first, enrolledS.end(), *first + 3600);
        most = std::max(most, static_cast<double>(last - first));
    }
    EXPECT_LE(most, ceiling);
    EXPECT_GE(most, 0.5 * ceiling) << "the storm never came near the ceiling of " << ceiling;
}

TEST(JoinStorm, SpreadDevicesJoinAtOnce)
{
    const auto run =
        WholeRun::OfText(STORM,
                         {"/fleet/groups/0/count=100", "/fleet/groups/0/power_on_spread=\"6 h\""});
    EXPECT_EQ(run.Metric("devices_enrolled"), 100);
    EXPECT_LT(run.Metric("enrol_s_p50"), 10); // the first request, answered in RX1 or RX2
}

} // namespace
