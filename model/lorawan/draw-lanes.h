// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_DRAW_LANES_H
#define IOTFLEET_LORAWAN_DRAW_LANES_H

#include "model/fleet/counter-random.h"

#include <array>
#include <cstdint>
#include <span>

namespace ns3::iotfleet
{

/// Outcome of eight members' draws in each of CounterRandom::LANES frames: bit m, member m.
struct LaneOutcome
{
    std::array<uint32_t, CounterRandom::LANES> below; ///< the draw is below the threshold
    std::array<uint32_t, CounterRandom::LANES> equal; ///< it is the threshold
};

/**
 * Compares draws with thresholds, for eight members and as many frames as there are lanes: member
 * 2i takes the lower half of word i of a frame's block, member 2i+1 the upper half.
 *
 * Cost: about 1 ns a frame with AVX2.
 */
void CompareLanes(const CounterRandom::Lanes& words,
                  std::span<const uint16_t, 8> thresholds,
                  LaneOutcome& outcome);

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_DRAW_LANES_H
