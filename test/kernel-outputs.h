// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_KERNEL_OUTPUTS_H
#define IOTFLEET_TEST_KERNEL_OUTPUTS_H

#include "model/fleet/counter-random.h"
#include "model/lorawan/draw-lanes.h"
#include "model/update/binary-kernel.h"

#include <cstdint>
#include <random>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-test
 * What the functions marked IOTFLEET_WIDE give for a few thousand inputs. The namespace is a macro
 * in test-support-plain-vectors.cc, so that the same text runs the plain functions.
 */
namespace ns3::iotfleet
{

/// Blocks of random words, and their comparisons with thresholds.
inline void
AddDraws(std::vector<uint64_t>& outputs)
{
    const CounterRandom random(17, 3);
    const std::array<uint16_t, 8> thresholds{0, 1, 700, 9000, 30000, 32768, 65000, 65535};
    for (uint32_t i = 0; i < 1000; ++i)
    {
        CounterRandom::Lanes words;
        random.WordsAlongB(Purpose::GROUP_FRAME, i, 8 * i, 7, words);
        words[i % 4][i % 8] = 0x7EE87EE8U + i % 2; // some that are equal to a threshold
        words[(i + 1) % 4][i % 8] = uint32_t{thresholds[2 * ((i + 1) % 4)]} |
                                    uint32_t{thresholds[2 * ((i + 1) % 4) + 1]} << 16;
        LaneOutcome outcome;
        CompareLanes(words, thresholds, outcome);
        for (uint32_t lane = 0; lane < CounterRandom::LANES; ++lane)
        {
            outputs.push_back(uint64_t{words[0][lane]} << 32 | words[1][lane]);
            outputs.push_back(uint64_t{words[2][lane]} << 32 | words[3][lane]);
            outputs.push_back(uint64_t{outcome.below[lane]} << 32 | outcome.equal[lane]);
        }
    }
}

/// Kernels of random matrices of 120 columns and 128 rows, of low rank and high.
inline void
AddKernels(std::vector<uint64_t>& outputs)
{
    std::mt19937_64 engine(5);
    BinaryKernel kernel;
    for (uint32_t trial = 0; trial < 50; ++trial)
    {
        kernel.Reset(120, 2);
        for (size_t column = 0; column < 120; ++column)
        {
            for (auto& word : kernel.Column(column))
            {
                word = engine() >> trial;
            }
        }
        const uint32_t dimension = kernel.Solve();
        outputs.push_back(dimension);
        for (uint32_t i = 0; i < dimension; ++i)
        {
            std::array<uint64_t, 2> vector{};
            kernel.Vector(i, vector);
            outputs.insert(outputs.end(), vector.begin(), vector.end());
        }
    }
}

/// All of them, in a fixed order.
inline std::vector<uint64_t>
RunKernels()
{
    std::vector<uint64_t> outputs;
    AddDraws(outputs);
    AddKernels(outputs);
    return outputs;
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_TEST_KERNEL_OUTPUTS_H
