// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/counter-random.h"
#include "model/update/frag-tracker.h"
#include "model/wire/ts004-parity.h"
#include "test/csv-rows.h"
#include "test/test-support.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <string>

namespace ns3::iotfleet
{
namespace
{

using wire::PackageVersion;

/// A session on a made-up air: remembers every frame, so that it can be replayed.
class Air
{
  public:
    Air(uint16_t nbFrag, PackageVersion version, uint32_t members, uint32_t memory = 1000000)
        : m_members(members),
          tracker(
              std::make_shared<ParityColumns>(nbFrag, version),
              members,
              [this](uint32_t block, std::vector<uint8_t>& heard) {
                  heard.clear();
                  for (const auto& frame : m_frames)
                  {
                      heard.push_back(frame[block]);
                  }
              },
              [memory](uint32_t) { return memory; })
    {
        for (uint32_t m = 0; m < members; ++m)
        {
            tracker.Open(m);
        }
    }

    /// Sends frame `number`; `hears(member)` tells who gets it. Returns who became complete.
    template <class Hears>
    std::vector<uint32_t> Send(uint16_t number, Hears hears)
    {
        std::vector<uint8_t> heard((m_members + 7) / 8);
        for (uint32_t m = 0; m < m_members; ++m)
        {
            heard[m / 8] = static_cast<uint8_t>(heard[m / 8] | (hears(m) ? 1U << (m % 8) : 0U));
        }
        m_frames.push_back(heard);
        std::vector<uint32_t> completed;
        tracker.Hear(number, heard, completed);
        return completed;
    }

  private:
    uint32_t m_members;
    std::vector<std::vector<uint8_t>> m_frames;

  public:
    FragTracker tracker;
};

using test::ReadCsv;

PackageVersion
VersionOf(const test::CsvRow& row)
{
    return row.at("variant").starts_with("v1") ? PackageVersion::V1 : PackageVersion::V2;
}

/// Standard error of the difference of two estimated shares, with a pseudo-count against 0 and 1.
double
StandardError(double p, double n1, double n2)
{
    const double q = (p * n2 + 1) / (n2 + 2);
    return std::sqrt(q * (1 - q) * (1 / n1 + 1 / n2));
}

TEST(FragTracker, EverythingHeardCompletesWithTheLastUncodedFragment)
{
    Air air(50, PackageVersion::V2, 20);
    for (uint16_t n = 1; n < 50; ++n)
    {
        EXPECT_TRUE(air.Send(n, [](uint32_t) { return true; }).empty());
    }
    EXPECT_EQ(air.Send(50, [](uint32_t) { return true; }).size(), 20U);
    EXPECT_TRUE(air.tracker.ProgressOf(7).complete);
    EXPECT_EQ(air.tracker.ProgressOf(7).received, 50U);
}

TEST(FragTracker, OneLostFragmentWithoutRedundancyIsNeverComplete)
{
    Air air(52, PackageVersion::V1, 1);
    for (uint16_t n = 1; n <= 52; ++n)
    {
        EXPECT_TRUE(air.Send(n, [n](uint32_t) { return n != 30; }).empty());
    }
    const auto progress = air.tracker.ProgressOf(0);
    EXPECT_FALSE(progress.complete);
    EXPECT_EQ(progress.missing, 1U);
    EXPECT_EQ(progress.received, 51U);
    EXPECT_EQ(air.Send(30, [](uint32_t) { return true; }).size(), 1U);
}

/// Every member's state agrees with a byte decoder that is fed the same frames, frame by frame.
TEST(FragTracker, AgreesWithTheByteDecoder)
{
    const CounterRandom random(7, 1);
    for (const auto version : {PackageVersion::V1, PackageVersion::V2})
    {
        constexpr uint16_t M = 64;
        constexpr uint32_t MEMBERS = 40;
        Air air(M, version, MEMBERS);
        std::vector<uint8_t> data(M);
        for (size_t i = 0; i < data.size(); ++i)
        {
            data[i] = static_cast<uint8_t>(7 * i + 1);
        }
        const auto fragments = wire::EncodeFragments(data, 1, 40, version);
        std::vector<wire::FragDecoder> decoders(MEMBERS, {M, 1, 1000, version});
        for (uint16_t n = 1; n <= fragments.size(); ++n)
        {
            const auto hears = [&](uint32_t m) {
                return random.Uniform(Purpose::GROUP_FRAME, m, n) > 0.004 * m;
            };
            std::vector<uint32_t> expected;
            for (uint32_t m = 0; m < MEMBERS; ++m)
            {
                const bool was = decoders[m].IsComplete();
                if (hears(m))
                {
                    decoders[m].Feed(n, fragments[n - 1U]);
                }
                if (decoders[m].IsComplete() && !was)
                {
                    expected.push_back(m);
                }
            }
            EXPECT_EQ(air.Send(n, hears), expected) << "fragment " << n;
        }
        for (uint32_t m = 0; m < MEMBERS; ++m)
        {
            EXPECT_EQ(air.tracker.IsComplete(m), decoders[m].IsComplete());
            EXPECT_EQ(air.tracker.ProgressOf(m).missing, decoders[m].Missing());
            if (decoders[m].IsComplete())
            {
                EXPECT_EQ(decoders[m].Data(), data);
            }
        }
    }
}

/// Loss 0.1 over 1000 fragments: no fragment ever counts twice, however often it comes.
TEST(FragTracker, RepeatedFragmentsCarryNothingNew)
{
    Air air(20, PackageVersion::V2, 9);
    for (int pass = 0; pass < 5; ++pass)
    {
        for (uint16_t n = 1; n <= 19; ++n)
        {
            EXPECT_TRUE(air.Send(n, [](uint32_t) { return true; }).empty());
        }
    }
    EXPECT_EQ(air.tracker.ProgressOf(8).missing, 1U);
    EXPECT_EQ(air.tracker.ProgressOf(8).received, 95U);
    EXPECT_EQ(air.Send(20, [](uint32_t m) { return m == 8; }), std::vector<uint32_t>{8});
}

TEST(FragTracker, RedundancyMemoryBoundsCodedFragments)
{
    Air air(40, PackageVersion::V2, 1, 5);
    const auto hears = [](bool yes) { return [yes](uint32_t) { return yes; }; };
    for (uint16_t n = 1; n <= 40; ++n)
    {
        air.Send(n, hears(n > 10));
    }
    for (uint16_t n = 41; n <= 80; ++n)
    {
        EXPECT_TRUE(air.Send(n, hears(true)).empty());
    }
    EXPECT_TRUE(air.tracker.ProgressOf(0).memoryError);
    EXPECT_EQ(air.tracker.ProgressOf(0).missing, 10U);
    for (uint16_t n = 1; n <= 5; ++n)
    {
        air.Send(n, hears(true));
    }
    EXPECT_FALSE(air.tracker.ProgressOf(0).memoryError);
    EXPECT_EQ(air.tracker.ProgressOf(0).missing, 5U);
    size_t completed = 0;
    for (uint16_t n = 81; n <= 120; ++n)
    {
        completed += air.Send(n, hears(true)).size();
    }
    EXPECT_EQ(completed, 1U);
}

TEST(FragTracker, UnicastFragmentsFillWhatMulticastLeft)
{
    Air air(30, PackageVersion::V2, 3);
    for (uint16_t n = 1; n <= 30; ++n)
    {
        air.Send(n, [n](uint32_t m) { return n != 3 + m && n != 17; });
    }
    EXPECT_FALSE(air.tracker.HearUnicast(1, 17));
    EXPECT_EQ(air.tracker.ProgressOf(1).missing, 1U);
    EXPECT_TRUE(air.tracker.HearUnicast(1, 4));
    EXPECT_TRUE(air.tracker.ProgressOf(1).complete);
    EXPECT_FALSE(air.tracker.ProgressOf(0).complete);
}

TEST(FragTracker, LateListenerHasOnlyWhatFollows)
{
    Air air(10, PackageVersion::V2, 1);
    air.tracker.Close(0);
    air.Send(1, [](uint32_t) { return false; });
    air.tracker.Open(0);
    for (uint16_t n = 2; n <= 10; ++n)
    {
        EXPECT_TRUE(air.Send(n, [](uint32_t) { return true; }).empty());
    }
    EXPECT_EQ(air.Send(1, [](uint32_t) { return true; }).size(), 1U);
}

/// Draws `lost` of `nbFrag` fragments for a member.
std::vector<bool>
DrawLost(const CounterRandom& random, uint32_t member, uint32_t nbFrag, uint32_t lost)
{
    std::vector<bool> is(nbFrag);
    for (uint32_t k = 0, tries = 0; k < lost; ++tries)
    {
        const uint32_t j = random.Below(nbFrag, Purpose::GROUP_FRAME, member, tries, 99);
        if (!is[j])
        {
            is[j] = true;
            ++k;
        }
    }
    return is;
}

/**
 * Coded fragments needed beyond the number of lost ones against independent values. 4.5 standard
 * errors for each of the several hundred comparisons: a false alarm in less than 1 of 300 seeds.
 */
TEST(FragTracker, DecodeOverheadAsTabulated)
{
    const auto path = SharedPath("validation/ts004_decode_overhead.csv");
    if (!path)
    {
        GTEST_SKIP() << "no shared validation data";
    }
    const CounterRandom random(11, 1);
    for (const auto& row : ReadCsv(*path))
    {
        const auto nbFrag = static_cast<uint16_t>(std::stoul(row.at("M")));
        const auto lost = static_cast<uint32_t>(std::stoul(row.at("L_lost_uncoded")));
        if (row.at("trials").empty() || !row.at("variant").starts_with("v"))
        {
            continue; // theory alone
        }
        const uint32_t trials = nbFrag > 500 ? 100 : 800;
        Air air(nbFrag, VersionOf(row), trials);
        std::vector<std::vector<bool>> losses;
        for (uint32_t m = 0; m < trials; ++m)
        {
            losses.push_back(DrawLost(random, m, nbFrag, lost));
        }
        for (uint16_t n = 1; n <= nbFrag; ++n)
        {
            air.Send(n, [&](uint32_t m) { return !losses[m][n - 1U]; });
        }
        // Each member hears its own half of the coded fragments, so that trials are independent.
        std::vector<uint32_t> heard(trials);
        std::map<uint32_t, uint32_t> needed; // extra fragments -> members
        for (uint32_t line = 1; line <= 2 * lost + 120; ++line)
        {
            const auto n = static_cast<uint16_t>(nbFrag + line);
            const auto hears = [&](uint32_t m) {
                return random.Uniform(Purpose::GROUP_FRAME, m, n, 1) < 0.5;
            };
            for (uint32_t m = 0; m < trials; ++m)
            {
                heard[m] += hears(m) ? 1 : 0;
            }
            for (const uint32_t m : air.Send(n, hears))
            {
                ASSERT_GE(heard[m], lost);
                ++needed[heard[m] - lost];
            }
        }
        uint32_t done = 0;
        for (uint32_t extra = 0; extra <= 20; ++extra)
        {
            done += needed[extra];
            const auto cell = row.find("P_le_extra_" + std::to_string(extra));
            if (cell == row.end() || cell->second.empty())
            {
                continue;
            }
            const double expected = std::stod(cell->second);
            const double error = StandardError(expected, trials, std::stod(row.at("trials")));
            EXPECT_NEAR(double(done) / trials, expected, 4.5 * error)
                << row.at("variant") << " M " << nbFrag << " L " << lost << " extra " << extra;
        }
    }
}

/// Probability of decoding against loss and redundancy, same bound as above.
TEST(FragTracker, SuccessAgainstLossAsTabulated)
{
    const auto path = SharedPath("validation/ts004_success_vs_loss.csv");
    if (!path)
    {
        GTEST_SKIP() << "no shared validation data";
    }
    const CounterRandom random(12, 1);
    uint32_t rowNumber = 0;
    for (const auto& row : ReadCsv(*path))
    {
        const auto nbFrag = static_cast<uint16_t>(std::stoul(row.at("M")));
        const double redundancy = std::stod(row.at("redundancy_pct")) / 100;
        const double loss = std::stod(row.at("loss_pct")) / 100;
        const auto coded = static_cast<uint16_t>(std::ceil(nbFrag * redundancy - 1e-9));
        const uint32_t trials = 600;
        ++rowNumber;
        Air air(nbFrag, VersionOf(row), trials);
        uint32_t done = 0;
        for (uint16_t n = 1; n <= nbFrag + coded; ++n)
        {
            const auto hears = [&](uint32_t m) {
                return random.Uniform(Purpose::GROUP_FRAME, m, n, rowNumber) >= loss;
            };
            done += static_cast<uint32_t>(air.Send(n, hears).size());
        }
        const double expected = std::stod(row.at("P_success"));
        const double error = StandardError(expected, trials, std::stod(row.at("trials")));
        EXPECT_NEAR(double(done) / trials, expected, 4.5 * error)
            << row.at("variant") << " M " << nbFrag << " redundancy " << redundancy << " loss "
            << loss;
    }
}

} // namespace
} // namespace ns3::iotfleet
