// SPDX-License-Identifier: GPL-2.0-only

// Strategies that contradict themselves: one error at the key that is to blame.

#include "helper/scenario-reader.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

/** JSON pointers of the problems of the minimal scenario after some changes below /distribution. */
std::vector<std::string>
Blamed(const std::vector<std::string>& changes)
{
    std::vector<std::string> sets;
    for (const auto& change : changes)
    {
        sets.push_back("/distribution/" + change);
    }
    std::vector<std::string> keys;
    try
    {
        ReadScenario(SourcePath("test/data/scenarios/minimal.json"), sets);
    }
    catch (const ScenarioError& error)
    {
        for (const auto& problem : error.GetProblems())
        {
            keys.push_back(problem.where);
        }
    }
    return keys;
}

std::vector<std::string>
At(const std::string& key)
{
    return {"/distribution/" + key};
}

TEST(StrategyValidator, AcceptsWhatFitsTogether)
{
    EXPECT_TRUE(Blamed({"policy=LADDER", "fec=rlnc-256", "ladder/fastest=5"}).empty());
    EXPECT_TRUE(Blamed({"policy=CAROUSEL", "class=B"}).empty());
    EXPECT_TRUE(Blamed({"gateways=set-cover", "gateway_cover=2"}).empty());
    EXPECT_TRUE(Blamed({"redundancy_from=answers", "parity_groups=5"}).empty());
}

TEST(StrategyValidator, ParityAndAnswersNeedStatusRequests)
{
    EXPECT_EQ(Blamed({"parity_groups=2", "status_request=false"}), At("parity_groups"));
    EXPECT_EQ(Blamed({"redundancy_from=answers", "status_request=false"}), At("redundancy_from"));
    EXPECT_EQ(Blamed({"parity_groups=0"}), At("parity_groups"));
}

TEST(StrategyValidator, GatewaysAreNamedIfAndOnlyIfListed)
{
    EXPECT_EQ(Blamed({"gateways=list"}), At("gateway_names"));
    EXPECT_EQ(Blamed({R"(gateway_names=["gw-1"])"}).front(), "/distribution/gateway_names");
    EXPECT_EQ(Blamed({"gateways=list", R"(gateway_names=["nowhere"])"}), At("gateway_names"));
    EXPECT_EQ(Blamed({"gateway_cover=2"}), At("gateway_cover"));
    EXPECT_EQ(Blamed({"policy=PER-GATEWAY", "gateways=single"}), At("gateways"));
}

TEST(StrategyValidator, PoliciesThatOrderTheirFragments)
{
    EXPECT_EQ(Blamed({"policy=LADDER", "class=B"}), At("class"));
    EXPECT_EQ(Blamed({"policy=LADDER", "parity_groups=3"}), At("parity_groups"));
    EXPECT_EQ(Blamed({"policy=LADDER", "ladder/fastest=8"}), At("ladder/fastest"));
    EXPECT_EQ(Blamed({"policy=CAROUSEL", R"(delete_after="60 s")"}), At("delete_after"));
    EXPECT_EQ(Blamed({"policy=CAROUSEL", "session_timeout_exponent=12"}),
              At("session_timeout_exponent"));
    EXPECT_EQ(Blamed({"policy=LADDER", "session_timeout=chirpstack"}), At("session_timeout"));
    EXPECT_EQ(Blamed({"policy=CAROUSEL", R"(carousel/window="2 d")", "class=B"}),
              At("carousel/window"));
    EXPECT_EQ(Blamed({"policy=CAROUSEL", R"(carousel/window="8 h")"}), At("carousel/window"));
}

} // namespace
