// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/counter-random.h"
#include "model/update/fec-code.h"
#include "model/update/frag-tracker.h"
#include "test/update-bed.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3::iotfleet
{
namespace
{

using test::UpdateBed;

const CounterRandom RANDOM(23, 1);

/// Product in GF(256) with the polynomial x^8 + x^4 + x^3 + x + 1.
uint8_t
Multiply(uint8_t a, uint8_t b)
{
    uint32_t product = 0;
    for (uint32_t shifted = a; b != 0; b = static_cast<uint8_t>(b >> 1))
    {
        product ^= (b & 1U) != 0 ? shifted : 0;
        shifted = shifted << 1 ^ ((shifted & 0x80U) != 0 ? 0x11BU : 0);
    }
    return static_cast<uint8_t>(product);
}

uint8_t
Inverse(uint8_t a)
{
    uint8_t power = 1; // a^254
    for (int i = 0; i < 254; ++i)
    {
        power = Multiply(power, a);
    }
    return power;
}

/// Rank of a random matrix over GF(256), by elimination.
uint32_t
RandomRank(uint32_t trial, uint32_t rows, uint32_t columns)
{
    std::vector<std::vector<uint8_t>> m(rows, std::vector<uint8_t>(columns));
    for (uint32_t r = 0; r < rows; ++r)
    {
        for (uint32_t c = 0; c < columns; ++c)
        {
            m[r][c] = static_cast<uint8_t>(RANDOM.Below(256, Purpose::PLACEMENT, trial, r, c));
        }
    }
    uint32_t rank = 0;
    for (uint32_t c = 0; c < columns; ++c)
    {
        uint32_t pivot = rank;
        while (pivot < rows && m[pivot][c] == 0)
        {
            ++pivot;
        }
        if (pivot == rows)
        {
            continue;
        }
        std::swap(m[rank], m[pivot]);
        const uint8_t scale = Inverse(m[rank][c]);
        for (uint32_t r = rank + 1; r < rows; ++r)
        {
            const uint8_t factor = Multiply(m[r][c], scale);
            for (uint32_t k = c; k < columns; ++k)
            {
                m[r][k] = static_cast<uint8_t>(m[r][k] ^ Multiply(factor, m[rank][k]));
            }
        }
        ++rank;
    }
    return rank;
}

/// The formula against matrices that are really reduced: 5 standard errors, fixed seed.
TEST(FecCode, RandomMatricesOverGf256LackRankAsOftenAsTheFormulaSays)
{
    constexpr uint32_t TRIALS = 30000;
    for (const uint32_t lost : {1U, 3U})
    {
        uint32_t failed = 0;
        for (uint32_t trial = 0; trial < TRIALS; ++trial)
        {
            failed += RandomRank(trial, lost, lost) < lost ? 1 : 0;
        }
        const double p = FecFailureProbability(FecCode::RLNC_256, lost, 0);
        EXPECT_NEAR(failed, TRIALS * p, 5 * std::sqrt(TRIALS * p)) << lost;
    }
}

TEST(FecCode, FailureProbabilities)
{
    // 1 - (1 - 1/256): one lost fragment and one combination, useless if its factor is 0.
    EXPECT_DOUBLE_EQ(FecFailureProbability(FecCode::RLNC_256, 1, 0), 1.0 / 256);
    // Many lost ones: 1/256 + 1/256^2 - ... = 1/255 to first order.
    EXPECT_NEAR(FecFailureProbability(FecCode::RLNC_256, 100, 0), 1.0 / 255, 1e-6);
    EXPECT_NEAR(FecFailureProbability(FecCode::RLNC_256, 100, 1), 1.0 / 255 / 256, 1e-9);
    // RFC 6330's code: 1 - 0.99, 0.9999, 0.999999 of that order with 0, 1, 2 symbols more.
    EXPECT_DOUBLE_EQ(FecFailureProbability(FecCode::RAPTORQ, 100, 0), 1.0 / 256);
    EXPECT_DOUBLE_EQ(FecFailureProbability(FecCode::RAPTORQ, 100, 2), std::pow(256, -3));
    EXPECT_EQ(FecFailureProbability(FecCode::IDEAL, 100, 0), 0);
    EXPECT_EQ(FecFailureProbability(FecCode::RLNC_256, 0, 0), 0);
}

TEST(FecCode, FewerLostNeverNeedMore)
{
    for (uint32_t i = 0; i < 20000; ++i)
    {
        const double draw = RANDOM.Uniform(Purpose::FEC_DECODE, i) / 200; // the unlucky ones
        for (const auto code : {FecCode::RLNC_256, FecCode::RAPTORQ})
        {
            uint32_t before = 0;
            for (uint32_t lost = 0; lost < 12; ++lost)
            {
                const uint32_t needed = lost + FecExtraNeeded(code, lost, draw);
                EXPECT_GE(needed, before);
                before = needed;
            }
        }
    }
}

/// Members that lose the same eight of 20 fragments and then hear every coded one.
uint32_t
CompleteAfter(FecCode code, uint32_t members, uint32_t extra)
{
    std::vector<std::vector<uint8_t>> frames;
    FragTracker tracker(
        std::make_shared<ParityColumns>(20, wire::PackageVersion::V2),
        members,
        [&](uint32_t block, std::vector<uint8_t>& heard) {
            heard.clear();
            for (const auto& frame : frames)
            {
                heard.push_back(frame[block]);
            }
        },
        [](uint32_t) { return 0U; },
        code,
        [](uint32_t member) { return RANDOM.Uniform(Purpose::FEC_DECODE, member, 7); });
    for (uint32_t m = 0; m < members; ++m)
    {
        tracker.Open(m);
    }
    std::vector<uint32_t> completed;
    for (uint16_t n = 1; n <= 28 + extra; ++n)
    {
        const bool isHeard = n <= 12 || n > 20;
        frames.emplace_back((members + 7) / 8, isHeard ? 0xFF : 0);
        tracker.Hear(n, frames.back(), completed);
    }
    return static_cast<uint32_t>(completed.size());
}

TEST(FecCode, ReceiversFailAsOftenAsTheFormulaSays)
{
    constexpr uint32_t MEMBERS = 200000;
    EXPECT_EQ(CompleteAfter(FecCode::IDEAL, 800, 0), 800U);
    for (const auto code : {FecCode::RLNC_256, FecCode::RAPTORQ})
    {
        for (const uint32_t extra : {0U, 1U})
        {
            // 200000 / 256 = 781, and 3 with one more; five standard deviations.
            const double failing = MEMBERS * FecFailureProbability(code, 8, extra);
            EXPECT_NEAR(MEMBERS - CompleteAfter(code, MEMBERS, extra),
                        failing,
                        5 * std::sqrt(failing));
        }
    }
}

/// Without a code each fragment has to be heard: a member is done when it heard all of them once.
TEST(FecCode, WithoutACodeEveryFragmentIsNeeded)
{
    UpdateBed bed(4000);
    bed.config.strategy.fec = "none";
    bed.config.redundancy = 1; // every fragment twice
    bed.config.statusRequest = false;
    bed.config.repair.unicast = false;
    bed.network->groupLoss = 0.1;
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    const double fragments = session.firstPass / 2.0;
    const double p = std::pow(1 - 0.1 * 0.1, fragments);
    EXPECT_NEAR(bed.Truth(UpdateState::CONFIRMED), 4000 * p, 5 * std::sqrt(4000 * p * (1 - p)));
    EXPECT_GT(bed.Truth(UpdateState::FAILED), 0U);
}

TEST(FecCode, RoundsWithoutACodeRepeatTheBlock)
{
    UpdateBed bed(100);
    bed.config.strategy.fec = "none";
    bed.config.redundancy = 0;
    bed.config.repair.successThreshold = 1;
    bed.config.repair.multicastRounds = 1;
    bed.config.repair.unicast = false;
    bed.network->neverHeard = {3};
    bed.Run();
    const auto& session = bed.service->Sessions().at(0);
    EXPECT_EQ(session.fragmentsSent, 2 * session.firstPass);
    EXPECT_EQ(bed.Truth(UpdateState::FAILED),
              100U); // fragment 3 is never heard, nothing replaces it
}

/// An ideal code needs as many coded fragments as were lost: with one less nobody is complete.
TEST(FecCode, IdealCodeNeedsExactlyWhatWasLost)
{
    for (const uint32_t coded : {3U, 4U})
    {
        UpdateBed bed(50);
        bed.config.strategy.fec = "ideal";
        bed.config.fragmentBytes = 100;
        const auto bytes = double(bed.catalog.Get(bed.target).PayloadBytes());
        bed.config.redundancy = coded / std::ceil(bytes / 100);
        bed.config.statusRequest = false;
        bed.config.repair.unicast = false;
        bed.network->neverHeard = {1, 2, 9, 10};
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), coded == 4 ? 50U : 0U);
    }
}

TEST(FecCode, EveryCodeBringsEverybodyThroughRepair)
{
    for (const auto code : FEC_CODE_NAMES)
    {
        UpdateBed bed(200);
        bed.config.strategy.fec = code;
        bed.config.redundancy = 0.1;
        bed.config.repair.successThreshold = 1;
        bed.config.repair.multicastRounds = 10;
        bed.network->groupLoss = 0.15;
        bed.Run();
        EXPECT_EQ(bed.Truth(UpdateState::CONFIRMED), 200U) << code;
        EXPECT_EQ(bed.Believed(UpdateBelief::UPDATED), 200U) << code;
    }
}

} // namespace
} // namespace ns3::iotfleet
