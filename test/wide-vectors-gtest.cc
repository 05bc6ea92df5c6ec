// SPDX-License-Identifier: GPL-2.0-only

// A result does not depend on whether the processor has wide vectors.

#include "test/kernel-outputs.h"

#include <gtest/gtest.h>

namespace ns3::plain
{

std::vector<uint64_t> RunPlainKernels(); // test-support-plain-vectors.cc

} // namespace ns3::plain

namespace
{

TEST(WideVectors, GiveWhatPlainOnesGive)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (!__builtin_cpu_supports("avx2"))
    {
        GTEST_SKIP() << "this processor has no AVX2: both are the same code";
    }
#endif
    const auto wide = ns3::iotfleet::RunKernels();
    EXPECT_GT(wide.size(), 24'000U);
    EXPECT_EQ(wide, ns3::plain::RunPlainKernels());
}

} // namespace
