// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/counter-random.h"

#include "model/fleet/wide-vectors.h"

namespace ns3::iotfleet
{

namespace
{

// Philox4x32 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11).
constexpr uint32_t MULTIPLIER_0 = 0xD2511F53;
constexpr uint32_t MULTIPLIER_1 = 0xCD9E8D57;
constexpr uint32_t WEYL_0 = 0x9E3779B9;
constexpr uint32_t WEYL_1 = 0xBB67AE85;
constexpr int ROUNDS = 10;

IOTFLEET_WIDE void
PhiloxLanes(CounterRandom::Lanes& x, uint32_t key0, uint32_t key1)
{
    for (int round = 0; round < ROUNDS; ++round)
    {
        for (uint32_t i = 0; i < CounterRandom::LANES; ++i)
        {
            const uint64_t product0 = uint64_t{MULTIPLIER_0} * x[0][i];
            const uint64_t product1 = uint64_t{MULTIPLIER_1} * x[2][i];
            x[0][i] = static_cast<uint32_t>(product1 >> 32) ^ x[1][i] ^ key0;
            x[1][i] = static_cast<uint32_t>(product1);
            x[2][i] = static_cast<uint32_t>(product0 >> 32) ^ x[3][i] ^ key1;
            x[3][i] = static_cast<uint32_t>(product0);
        }
        key0 += WEYL_0;
        key1 += WEYL_1;
    }
}

} // namespace

void
CounterRandom::WordsAlongB(Purpose purpose, uint32_t a, uint32_t b, uint32_t c, Lanes& words) const
{
    for (uint32_t lane = 0; lane < LANES; ++lane)
    {
        words[0][lane] = a;
        words[1][lane] = b + lane;
        words[2][lane] = c;
        words[3][lane] = static_cast<uint32_t>(purpose);
    }
    PhiloxLanes(words, m_key[0], m_key[1]);
}

void
CounterRandom::WordsAcrossC(Purpose purpose,
                            uint32_t a,
                            uint32_t b,
                            const std::array<uint32_t, LANES>& c,
                            Lanes& words) const
{
    words[0].fill(a);
    words[1].fill(b);
    words[2] = c;
    words[3].fill(static_cast<uint32_t>(purpose));
    PhiloxLanes(words, m_key[0], m_key[1]);
}

} // namespace ns3::iotfleet
