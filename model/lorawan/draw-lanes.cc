// SPDX-License-Identifier: GPL-2.0-only
#include "model/lorawan/draw-lanes.h"

#include "model/fleet/wide-vectors.h"

namespace ns3::iotfleet
{

IOTFLEET_WIDE void
CompareLanes(const CounterRandom::Lanes& words,
             std::span<const uint16_t, 8> thresholds,
             LaneOutcome& outcome)
{
    outcome = {};
    for (uint32_t word = 0; word < words.size(); ++word)
    {
        const uint32_t even = thresholds[2 * word];
        const uint32_t odd = thresholds[2 * word + 1];
        for (uint32_t lane = 0; lane < CounterRandom::LANES; ++lane)
        {
            const uint32_t low = words[word][lane] & 0xFFFF;
            const uint32_t high = words[word][lane] >> 16;
            outcome.below[lane] |= uint32_t{low < even} << 2 * word;
            outcome.below[lane] |= uint32_t{high < odd} << (2 * word + 1);
            outcome.equal[lane] |= uint32_t{low == even} << 2 * word;
            outcome.equal[lane] |= uint32_t{high == odd} << (2 * word + 1);
        }
    }
}

} // namespace ns3::iotfleet
