// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_BENCH_NANOSECONDS_H
#define IOTFLEET_BENCH_NANOSECONDS_H

#include <benchmark/benchmark.h>
#include <ctime>

namespace ns3::iotfleet
{

/// Processor time of this process between construction and Per(), as nanoseconds per item.
class Stopwatch
{
  public:
    double Per(double items) const
    {
        return static_cast<double>(std::clock() - m_begin) / CLOCKS_PER_SEC * 1e9 / items;
    }

  private:
    std::clock_t m_begin{std::clock()};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_BENCH_NANOSECONDS_H
