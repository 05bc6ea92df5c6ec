// SPDX-License-Identifier: GPL-2.0-only

// The functions marked IOTFLEET_WIDE once more, without their wide clones and in a namespace of
// their own: what a machine without AVX2 runs.

#define IOTFLEET_PLAIN_VECTORS
#define iotfleet plain

#include "model/fleet/counter-random.cc"
#include "model/lorawan/draw-lanes.cc"
#include "model/update/binary-kernel.cc"
#include "test/kernel-outputs.h"

#undef iotfleet

namespace ns3::plain
{

std::vector<uint64_t> RunPlainKernels();

std::vector<uint64_t>
RunPlainKernels()
{
    return RunKernels();
}

} // namespace ns3::plain
