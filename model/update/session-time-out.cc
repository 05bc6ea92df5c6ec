// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/session-time-out.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

uint32_t
TimeOutExponent(double units)
{
    return static_cast<uint32_t>(std::ceil(std::log2(std::max(units, 1.0))));
}

double
ChirpstackClassBPeriods(uint32_t frames, uint8_t pingPeriodicity)
{
    const uint32_t slots = 1U << (7U - pingPeriodicity); // of one beacon period
    return (frames + slots - 1) / slots + 1;             // whole periods
}

double
ChirpstackClassCSeconds(uint32_t frames, double spacingS)
{
    return spacingS * (frames + 1.0);
}

} // namespace ns3::iotfleet
