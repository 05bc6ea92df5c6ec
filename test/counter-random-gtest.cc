// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/counter-random.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

TEST(CounterRandomTest, LanesEqualRandom123)
{
    const CounterRandom random(0x123456789ABCDEFULL, 42);
    CounterRandom::Lanes lanes;
    for (uint32_t a = 0; a < 50; ++a)
    {
        random.WordsAlongB(Purpose::GROUP_FRAME, a, 1000 * a, 7, lanes);
        for (uint32_t lane = 0; lane < CounterRandom::LANES; ++lane)
        {
            const auto words = random.Words(Purpose::GROUP_FRAME, a, 1000 * a + lane, 7);
            for (size_t i = 0; i < words.size(); ++i)
            {
                ASSERT_EQ(lanes[i][lane], words[i])
                    << "a " << a << " lane " << lane << " word " << i;
            }
        }
    }
}

TEST(CounterRandomTest, LanesOfAnyThirdCounterEqualRandom123)
{
    const CounterRandom random(0xFEDCBA987654321ULL, 43);
    const std::array<uint32_t, CounterRandom::LANES> c{3, 0, 0xFFFFFFFF, 17, 17, 400, 65535, 1};
    CounterRandom::Lanes lanes;
    random.WordsAcrossC(Purpose::UPLINK_FADING, 11, 12, c, lanes);
    for (uint32_t lane = 0; lane < CounterRandom::LANES; ++lane)
    {
        const auto words = random.Words(Purpose::UPLINK_FADING, 11, 12, c[lane]);
        for (size_t i = 0; i < words.size(); ++i)
        {
            EXPECT_EQ(lanes[i][lane], words[i]) << "lane " << lane << " word " << i;
        }
    }
}

TEST(CounterRandomTest, UniformHasMeanAndVarianceOfTheUniform)
{
    const CounterRandom random(1, 1);
    constexpr uint32_t N = 100000;
    double sum = 0;
    double squares = 0;
    for (uint32_t i = 0; i < N; ++i)
    {
        const double u = random.Uniform(Purpose::CLOCK, i);
        ASSERT_GE(u, 0);
        ASSERT_LT(u, 1);
        sum += u;
        squares += u * u;
    }
    // Five standard errors: error probability 6e-7 each.
    EXPECT_NEAR(sum / N, 0.5, 5 * 0.288675 / std::sqrt(N));
    EXPECT_NEAR(squares / N, 1.0 / 3, 5 * 0.298142 / std::sqrt(N));
}

TEST(CounterRandomTest, NormalHasUnitVariance)
{
    const CounterRandom random(1, 1);
    constexpr uint32_t N = 100000;
    double squares = 0;
    for (uint32_t i = 0; i < N; ++i)
    {
        const double z = random.Normal(Purpose::SHADOWING, i);
        squares += z * z;
    }
    EXPECT_NEAR(squares / N, 1, 5 * std::sqrt(2.0 / N)); // error probability 6e-7
}

TEST(CounterRandomTest, PurposesSeedsAndRunsDiffer)
{
    const CounterRandom random(1, 1);
    EXPECT_NE(random.Words(Purpose::CLOCK, 1), random.Words(Purpose::ALARM, 1));
    EXPECT_NE(random.Words(Purpose::CLOCK, 1), CounterRandom(2, 1).Words(Purpose::CLOCK, 1));
    EXPECT_NE(random.Words(Purpose::CLOCK, 1), CounterRandom(1, 2).Words(Purpose::CLOCK, 1));
}

} // namespace
