// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/lost-space.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace
{

using namespace ns3::iotfleet;

using Fragment = std::set<uint32_t>;

/// Rank over GF(2) of sets of lost fragments, by schoolbook elimination.
size_t
RankOf(std::vector<Fragment> rows)
{
    size_t rank = 0;
    while (!rows.empty())
    {
        const Fragment pivot = rows.back();
        rows.pop_back();
        if (pivot.empty())
        {
            continue;
        }
        ++rank;
        for (auto& row : rows)
        {
            if (row.contains(*pivot.begin()))
            {
                for (const uint32_t lost : pivot)
                {
                    if (!row.insert(lost).second)
                    {
                        row.erase(lost);
                    }
                }
            }
        }
    }
    return rank;
}

TEST(LostSpace, ShrinksByOneWithEveryFragmentThatSaysSomethingNew)
{
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round)
    {
        // Nothing is known of the lost fragments: the basis is each of them alone.
        std::vector<uint32_t> lost;
        for (uint32_t position = 0; lost.size() < 1 + round % 20U;)
        {
            position += 1 + static_cast<uint32_t>(random() % 900);
            lost.push_back(position);
        }
        std::vector<std::vector<uint64_t>> basis;
        for (size_t i = 0; i < lost.size(); ++i)
        {
            basis.push_back({uint64_t{1} << i});
        }
        LostSpace space(lost, basis);
        std::vector<Fragment> heard;
        bool isKnown = false;
        for (int step = 0; step < 60 && !isKnown; ++step)
        {
            Fragment fragment;
            for (const uint32_t position : lost)
            {
                if (random() % 2 == 0)
                {
                    fragment.insert(position);
                }
            }
            heard.push_back(fragment);
            isKnown = space.Reduce([&](uint32_t one) { return fragment.contains(one); });
            ASSERT_EQ(space.Dimension(), lost.size() - RankOf(heard)) << round << ' ' << step;
            ASSERT_EQ(isKnown, space.Dimension() == 0);
        }
        EXPECT_TRUE(isKnown); // 60 random fragments lack rank 20 once in 2^40
    }
}

TEST(LostSpace, KeepsOnlyFragmentsThatMatter)
{
    std::vector<uint32_t> lost(100);
    for (uint32_t i = 0; i < 100; ++i)
    {
        lost[i] = 7 * i;
    }
    // One vector, of lost fragments 3 and 80.
    LostSpace space(lost, {{uint64_t{1} << 3, uint64_t{1} << 16}});
    EXPECT_EQ(space.Dimension(), 1U);
    EXPECT_LE(space.MemoryBytes(), 8U);
    EXPECT_FALSE(space.Reduce([](uint32_t one) { return one == 21 || one == 560; })); // both: a 0
    EXPECT_FALSE(space.Reduce([](uint32_t one) { return one == 70; }));
    EXPECT_TRUE(space.Reduce([](uint32_t one) { return one == 560; }));
}

} // namespace
