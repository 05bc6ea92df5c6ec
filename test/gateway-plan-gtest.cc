// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/counter-random.h"
#include "model/fleet/coverage-beliefs.h"
#include "model/update/gateway-plan.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using Gateways = std::vector<GatewayId>;

Gateways
Make(std::initializer_list<int> numbers)
{
    Gateways gateways;
    for (const int number : numbers)
    {
        gateways.push_back(static_cast<GatewayId>(number));
    }
    return gateways;
}

/// How often `chosen` reaches a member.
uint32_t
Reached(const Gateways& list, const Gateways& chosen)
{
    return static_cast<uint32_t>(std::ranges::count_if(list, [&](GatewayId gateway) {
        return std::ranges::find(chosen, gateway) != chosen.end();
    }));
}

/// Size of the smallest choice that reaches every member `fold` times, by trying all.
uint32_t
SmallestCover(const ReachLists& members, uint32_t gateways, uint32_t fold)
{
    uint32_t best = gateways;
    for (uint32_t mask = 0; mask < 1U << gateways; ++mask)
    {
        Gateways chosen;
        for (uint32_t g = 0; g < gateways; ++g)
        {
            if ((mask >> g & 1U) != 0)
            {
                chosen.push_back(static_cast<GatewayId>(g));
            }
        }
        const bool isCover = std::ranges::all_of(members, [&](const Gateways& list) {
            return Reached(list, chosen) >= std::min<size_t>(fold, list.size());
        });
        best = isCover ? std::min(best, static_cast<uint32_t>(chosen.size())) : best;
    }
    return best;
}

TEST(GatewayPlan, OneGatewayThatReachesAllIsEnough)
{
    const ReachLists members{Make({0, 2}), Make({1, 2}), Make({2}), Make({3, 2})};
    EXPECT_EQ(CoverGreedily(members, 1), Make({2}));
    EXPECT_EQ(BestSingleGateway(members), Make({2}));
}

TEST(GatewayPlan, DisjointCellsNeedEveryGateway)
{
    const ReachLists members{Make({0}), Make({1}), Make({2}), Make({})};
    EXPECT_EQ(CoverGreedily(members, 1), Make({0, 1, 2}));
}

TEST(GatewayPlan, MembersWithTooFewGatewaysGetAllTheyHave)
{
    const ReachLists members{Make({0, 1, 2}), Make({3})};
    const auto chosen = CoverGreedily(members, 2);
    EXPECT_EQ(chosen, Make({0, 1, 3}));
}

TEST(GatewayPlan, NobodyReachedMeansNoGateway)
{
    EXPECT_TRUE(CoverGreedily({Make({}), Make({})}, 1).empty());
    EXPECT_TRUE(BestSingleGateway({Make({})}).empty());
}

/// Chvatal's bound for greedy covers, ln(n) + 1 times the optimum, against exhaustive search.
TEST(GatewayPlan, IsACoverAndNotFarFromTheSmallest)
{
    const CounterRandom random(3, 1);
    for (uint32_t trial = 0; trial < 60; ++trial)
    {
        ReachLists members(12);
        for (uint32_t m = 0; m < members.size(); ++m)
        {
            for (uint32_t g = 0; g < 9; ++g)
            {
                if (random.Uniform(Purpose::PLACEMENT, trial, m, g) < 0.3)
                {
                    members[m].push_back(static_cast<GatewayId>(g));
                }
            }
        }
        for (const uint32_t fold : {1U, 2U})
        {
            const auto chosen = CoverGreedily(members, fold);
            for (const auto& list : members)
            {
                EXPECT_GE(Reached(list, chosen), std::min<size_t>(fold, list.size()));
            }
            const double bound = 1 + std::log(members.size() * fold);
            EXPECT_LE(static_cast<double>(chosen.size()), bound * SmallestCover(members, 9, fold));
        }
    }
}

TEST(CoverageBeliefs, KeepsTheBestAndTheNewestOfEach)
{
    CoverageBeliefs beliefs;
    EXPECT_FALSE(beliefs.IsTracked());
    beliefs.Track(2);
    const DeviceId d{1};
    for (int g = 0; g < 6; ++g)
    {
        beliefs.Hear(d, static_cast<GatewayId>(g), static_cast<int8_t>(g - 10));
    }
    beliefs.Hear(d, GatewayId{5}, -12); // heard worse since
    std::vector<int> snr(8, 99);
    for (const auto& heard : beliefs.Of(d))
    {
        snr[Index(heard.gateway)] = heard.snrDb;
    }
    EXPECT_EQ(snr, (std::vector<int>{99, 99, -8, -7, -6, -12, 99, 99}));
    EXPECT_EQ(beliefs.Of(DeviceId{0})[0].gateway, NO_GATEWAY);
}

} // namespace
} // namespace ns3::iotfleet
