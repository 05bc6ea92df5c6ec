// SPDX-License-Identifier: GPL-2.0-only

// Faults of a run in plain words.

#include "analysis/report/fault-summary.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;

TEST(FaultSummary, OneSentenceAFault)
{
    const std::vector<FaultRow> rows{
        {1, 0, "distribution-outage", "", 11100, 18300, std::nullopt},
        {1, 1, "backhaul-outage", "south", 46800, 86400, std::nullopt},
        {1, 2, "gateway-outage", "north", 3600, 5400, std::nullopt},
        {1, 2, "gateway-outage", "south", 7200, 9000, std::nullopt},
        {1, 2, "gateway-outage", "north", 90000, 91800, std::nullopt},
        {1, 3, "boot-loop", "", 11100, std::nullopt, 26},
        {1, 4, "crash", "", 3600, std::nullopt, 1},
        {1, 5, "slow-leak", "", std::nullopt, std::nullopt, 0},
    };
    EXPECT_EQ(DescribeFaults(rows),
              (std::vector<std::string>{
                  "distribution outage (fault 0): from 3 h 5 min on, for 2 h.",
                  "backhaul outage (fault 1) at south: from 13 h on, for 11 h.",
                  "gateway outage (fault 2): 3 times at 2 gateways, 1 h 30 min in all, the first "
                  "at 1 h.",
                  "boot loop (fault 3): 26 devices were struck, the first at 3 h 5 min.",
                  "crash (fault 4): 1 device was struck, at 1 h.",
                  "slow leak (fault 5): no device was struck.",
              }));
    EXPECT_TRUE(DescribeFaults({}).empty());
}

} // namespace
