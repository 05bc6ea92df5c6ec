// SPDX-License-Identifier: GPL-2.0-only
#include "test/update-bed.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

/// A bed whose session has N uncoded and N coded fragments, the coded ones in groups.
void
PlanParity(UpdateBed& bed, uint32_t groups)
{
    bed.config.strategy.fec = "ideal";
    bed.config.redundancy = 1;
    bed.config.strategy.parityGroups = groups;
    bed.config.repair.multicastRounds = 0;
    bed.config.repair.unicast = false;
    bed.config.blockAckDelay = 0;
}

uint32_t
Uncoded(const UpdateBed& bed)
{
    return static_cast<uint32_t>(
        std::ceil(double(bed.catalog.Get(bed.target).PayloadBytes()) / 112));
}

TEST(ParityGroups, EndWithTheFirstWhenNobodyMissesAnything)
{
    UpdateBed bed(60);
    PlanParity(bed, 7);
    bed.Run();
    const uint32_t uncoded = Uncoded(bed);
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, uncoded + (uncoded + 6) / 7);
    EXPECT_EQ(session.believedCompleted, 60U);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 60U);
}

/// Everybody loses the same eight fragments: the groups stop as soon as eight coded ones came.
TEST(ParityGroups, StopWhenTheWorstMemberIsServed)
{
    UpdateBed bed(60);
    PlanParity(bed, 7);
    bed.network->neverHeard = {1, 2, 3, 4, 5, 6, 7, 8};
    bed.Run();
    const uint32_t uncoded = Uncoded(bed);
    const uint32_t group = (uncoded + 6) / 7;
    const uint32_t groups = (8 + group - 1) / group;
    const auto& session = bed.service->Sessions().at(0);
    ASSERT_LT(groups, 7U);
    EXPECT_EQ(session.fragmentsSent, uncoded + groups * group);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 60U);
}

/// Nobody misses anything is what a request says that nobody hears: a second one asks everybody.
TEST(ParityGroups, SilenceIsAskedAbout)
{
    constexpr uint64_t FRAME_BYTES = 115;
    UpdateBed bed(60);
    PlanParity(bed, 7);
    bed.network->neverHeard = {0, 1, 2, 3, 4, 5, 6, 7, 8}; // 0: commands
    const std::function<void()> look = [&] {
        // What is no multiple of a frame is a command: the first one is lost, others are heard.
        const bool asked = bed.service->Totals().bytesMulticast % FRAME_BYTES != 0;
        Simulator::Schedule(Seconds(asked ? 10 : 1), [&, asked] {
            asked ? static_cast<void>(bed.network->neverHeard.erase(0)) : look();
        });
    };
    Simulator::Schedule(Seconds(1), look);
    bed.Run();
    const uint32_t uncoded = Uncoded(bed);
    const uint32_t group = (uncoded + 6) / 7;
    const uint32_t groups = (8 + group - 1) / group;
    EXPECT_EQ(bed.service->Sessions().at(0).fragmentsSent, uncoded + groups * group);
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 60U);
}

TEST(ParityGroups, SilentMembersAreNotComplete)
{
    UpdateBed bed(10);
    PlanParity(bed, 7);
    bed.config.closeWhenDone = false;
    bed.network->neverHeard = {0, 1, 2, 3, 4, 5, 6, 7, 8}; // 0: commands
    bed.Run();
    EXPECT_EQ(bed.service->Sessions().at(0).believedCompleted, 0U);
}

/// All groups together are no more than the redundancy.
TEST(ParityGroups, AreExhaustedWithTheRedundancy)
{
    UpdateBed bed(10);
    PlanParity(bed, 4);
    bed.config.redundancy = 0.3;
    for (uint16_t n = 1; n <= 16; ++n)
    {
        bed.network->neverHeard.insert(n);
    }
    bed.Run();
    const uint32_t uncoded = Uncoded(bed);
    EXPECT_EQ(bed.service->Sessions().at(0).fragmentsSent,
              uncoded + static_cast<uint32_t>(std::ceil(0.3 * uncoded)));
    EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 0U);
}

/// A round is as large as the chosen part of the answers says: here 3 of 4 miss one, one misses 9.
TEST(RepairRound, ServesTheChosenShareOfTheAnswers)
{
    for (const auto& [quantile, served] : {std::pair(0.75, 3U), std::pair(1.0, 4U)})
    {
        UpdateBed bed(4);
        bed.config.strategy.fec = "ideal";
        bed.config.redundancy = 0;
        bed.config.repair.redundancyStep = 1;
        bed.config.repair.multicastRounds = 1;
        bed.config.repair.successThreshold = 1;
        bed.config.repair.unicast = false;
        bed.config.repair.quantile = quantile;
        bed.network->neverHeard = {1};
        bed.network->deafTo[3] = {2, 3, 4, 5, 6, 7, 8, 9};
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), served);
    }
}

} // namespace
} // namespace ns3::iotfleet
