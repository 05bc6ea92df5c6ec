// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/redundancy-estimate.h"
#include "test/update-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

TEST(RedundancyEstimate, FramesSolveTheEquation)
{
    EXPECT_DOUBLE_EQ(FramesForLoss(100, 0), 100);
    for (const double loss : {0.05, 0.2, 0.5, 0.9})
    {
        const double n = FramesForLoss(120, loss);
        EXPECT_NEAR((1 - loss) * n - 2 * std::sqrt(n * loss * (1 - loss)), 120, 1e-6);
    }
}

TEST(RedundancyEstimate, TakesTheQuantileOfAllMembers)
{
    RedundancyEstimate estimate(0.9);
    EXPECT_EQ(estimate.Redundancy(5, 100, 0, 0.3), 0.3);
    // Five of 100 missed something: nine in ten were served.
    estimate.Learn(5, 100, {0.5, 0.4, 0.3, 0.2, 0.1});
    EXPECT_EQ(estimate.Redundancy(5, 100, 0, 0.3), 0.3);
    // All but 80 of 100 missed something; the 90th has the tenth of twenty losses.
    std::vector<double> losses;
    for (int i = 1; i <= 20; ++i)
    {
        losses.push_back(0.01 * i);
    }
    estimate.Learn(5, 100, losses);
    EXPECT_DOUBLE_EQ(estimate.Redundancy(5, 100, 2, 0.3), FramesForLoss(102, 0.1) / 100 - 1);
    EXPECT_EQ(estimate.Redundancy(4, 100, 2, 0.3), 0.3); // other data rates learn for themselves
}

/// A first wave without redundancy tells how much the second one needs.
TEST(RedundancyEstimate, SecondWaveSendsWhatTheFirstOneLost)
{
    UpdateBed bed(2000);
    bed.config.strategy.fec = "ideal";
    bed.config.strategy.redundancyFrom = "answers";
    bed.config.redundancy = 0;
    bed.config.fragmentBytes = 20;
    bed.config.repair.unicastLimit = 1000;
    bed.network->groupLoss = 0.2;
    auto second = bed.everybody;
    second.erase(second.begin(), second.begin() + 1000);
    bed.everybody.resize(1000);
    bed.Start();
    Simulator::Schedule(Days(2), [&] { bed.service->Distribute(second, bed.target, [] {}); });
    Simulator::Stop(Days(6));
    Simulator::Run();
    const auto& sessions = bed.service->Sessions();
    ASSERT_EQ(sessions.size(), 2U);
    const double n = sessions[0].firstPass;
    // The 90 % quantile of binomial losses at 20 %, 1.28 standard deviations above the mean; its
    // estimate from 1000 members varies by 1.7 / sqrt(1000) standard deviations, rounding aside.
    const double deviation = std::sqrt(0.2 * 0.8 / n);
    const double quantile = 0.2 + 1.28 * deviation;
    const double expected = FramesForLoss(n, quantile);
    const double tolerance = FramesForLoss(n, quantile + 0.35 * deviation + 1 / n) - expected;
    EXPECT_NEAR(sessions[1].firstPass, expected, tolerance);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 2000U);
}

/// Ten devices at each of DR2 ... DR5.
void
SpreadDataRates(UpdateBed& bed)
{
    for (uint32_t i = 0; i < 40; ++i)
    {
        bed.registry.Hear(DeviceId{i}, 0, {GatewayId{0}, 20, static_cast<uint8_t>(2 + i % 4)});
    }
}

/// Most sessions that overlap in time.
uint32_t
MostAtOnce(const std::vector<SessionRecord>& sessions)
{
    uint32_t most = 0;
    for (const auto& one : sessions)
    {
        uint32_t overlapping = 0;
        for (const auto& other : sessions)
        {
            overlapping += other.startedS <= one.startedS && one.startedS < other.endedS ? 1U : 0U;
        }
        most = std::max(most, overlapping);
    }
    return most;
}

TEST(ConcurrentSessions, RunAsManyAsAllowed)
{
    for (const uint32_t limit : {0U, 1U, 2U, 4U})
    {
        UpdateBed bed(40);
        bed.config.policy = "FASTEST";
        bed.config.strategy.concurrentSessions = limit;
        SpreadDataRates(bed);
        bed.Run();
        ASSERT_EQ(bed.service->Sessions().size(), 4U) << limit;
        EXPECT_EQ(MostAtOnce(bed.service->Sessions()), std::max(limit, 1U));
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
        EXPECT_EQ(bed.finished, 1U);
    }
}

TEST(ConcurrentSessions, LimitHoldsForPoliciesThatStartAllAtOnce)
{
    UpdateBed bed(40);
    bed.config.policy = "PER-GATEWAY";
    bed.config.strategy.concurrentSessions = 3;
    for (uint32_t i = 0; i < 40; ++i)
    {
        bed.registry.Hear(DeviceId{i}, 0, {static_cast<GatewayId>(i % 8), 20, 5});
    }
    bed.Run();
    EXPECT_EQ(bed.service->Sessions().size(), 8U);
    EXPECT_EQ(MostAtOnce(bed.service->Sessions()), 3U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
}

TEST(ConcurrentSessions, LimitHoldsOverTwoDistributions)
{
    UpdateBed bed(40);
    bed.config.strategy.concurrentSessions = 1;
    auto second = bed.everybody;
    second.erase(second.begin(), second.begin() + 20);
    bed.everybody.resize(20);
    bed.Start();
    uint32_t done = 0;
    Simulator::Schedule(Seconds(11),
                        [&] { bed.service->Distribute(second, bed.target, [&] { ++done; }); });
    Simulator::Stop(Days(6));
    Simulator::Run();
    EXPECT_EQ(done, 1U);
    EXPECT_EQ(bed.finished, 1U);
    EXPECT_EQ(MostAtOnce(bed.service->Sessions()), 1U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U);
}

/// Frames leave every 2 s: after 20 s ten of them have gone, and the group is forgotten.
TEST(DeleteAfter, CutsTheQueueAndLosesTheDevices)
{
    UpdateBed bed(30);
    bed.config.strategy.deleteAfterS = 21;
    bed.config.repair.unicast = false;
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, 10U);
    EXPECT_EQ(session.believedCompleted, 0U);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED), 30U);
    EXPECT_EQ(bed.failures["fragments-missing"], 30U);
    EXPECT_EQ(bed.service->Totals().bytesMulticast, 10U * (112 + 3));
    // Nobody told the devices: they listened to the end of the session, 2^n s.
    const double listenedS = bed.network->listenedS[3];
    EXPECT_DOUBLE_EQ(std::log2(listenedS), std::round(std::log2(listenedS)));
}

TEST(DeleteAfter, DoesNothingToASessionThatIsDone)
{
    UpdateBed bed(30);
    bed.config.strategy.deleteAfterS = 3600;
    bed.Run();
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 30U);
}

/// Steps of a ladder: every member is served by one step alone.
TEST(Ladder, SendsTheFirstPassAtEveryDataRate)
{
    for (const char* code : {"ts004", "rlnc-256", "none"})
    {
        UpdateBed bed(40);
        bed.config.policy = "LADDER";
        bed.config.strategy.fec = code;
        SpreadDataRates(bed);
        for (uint32_t i = 0; i < 40; ++i)
        {
            bed.network->fastestHeard[i] = static_cast<uint8_t>(2 + i % 4);
        }
        bed.Run();
        ASSERT_EQ(bed.service->Sessions().size(), 1U);
        const auto& session = bed.service->Sessions()[0];
        EXPECT_EQ(session.dataRate, 2);
        EXPECT_EQ(session.firstPass % 4, 0U);
        EXPECT_EQ(session.fragmentsSent, session.firstPass) << code; // no repair
        EXPECT_EQ(session.believedCompleted, 40U) << code;
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 40U) << code;
        // A step has as many frames as the others: listening times are as 1 : 2 : 3 : 4.
        const double stepS = 2.0 * session.firstPass / 4;
        for (const uint32_t i : {3U, 2U, 1U, 0U})
        {
            const double steps = 3 - i % 4;
            EXPECT_GE(bed.network->listenedS[i], steps * stepS) << code;
            EXPECT_LE(bed.network->listenedS[i], (steps + 1) * stepS) << code;
        }
    }
}

TEST(Ladder, ShortStepsAddUp)
{
    UpdateBed bed(8);
    bed.config.policy = "LADDER";
    bed.config.strategy.fec = "ideal";
    bed.config.strategy.ladder.fastest = 5;
    bed.config.strategy.ladder.fragments = 10;
    for (uint32_t i = 0; i < 8; ++i)
    {
        bed.registry.Hear(DeviceId{i}, 0, {GatewayId{0}, 20, 0});
    }
    bed.Run();
    EXPECT_EQ(bed.service->Sessions().at(0).firstPass, 60U); // DR5 ... DR0
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 8U);
}

} // namespace
} // namespace ns3::iotfleet
