// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/lora-airtime.h"

#include <algorithm>

namespace ns3::iotfleet::wire
{

namespace
{

constexpr int64_t NS_PER_S = 1'000'000'000;
constexpr int64_t LDRO_LIMIT_MS = 16;

/** @return count * 2^SF / (divisor * BW) in ns, rounded to the nearest. */
int64_t
ChipsToNs(const LoraModulation& modulation, int64_t count, int64_t divisor)
{
    const int64_t numerator = (count << modulation.spreadingFactor) * NS_PER_S;
    const int64_t denominator = divisor * static_cast<int64_t>(modulation.bandwidthHz);
    return (numerator + denominator / 2) / denominator;
}

} // namespace

int64_t
LoraSymbolNs(const LoraModulation& modulation)
{
    return ChipsToNs(modulation, 1, 1);
}

bool
LoraLowDataRateOptimize(const LoraModulation& modulation)
{
    const bool isSlow = (int64_t{1} << modulation.spreadingFactor) * 1000 >
                        LDRO_LIMIT_MS * static_cast<int64_t>(modulation.bandwidthHz);
    return modulation.lowDataRateOptimize.value_or(isSlow);
}

uint32_t
LoraPreambleQuarterSymbols(const LoraModulation& modulation)
{
    return 4U * modulation.preambleSymbols + 17U;
}

int64_t
LoraPreambleNs(const LoraModulation& modulation)
{
    return ChipsToNs(modulation, LoraPreambleQuarterSymbols(modulation), 4);
}

uint32_t
LoraPayloadSymbols(const LoraModulation& modulation, uint32_t phyBytes)
{
    const int64_t spreadingFactor = modulation.spreadingFactor;
    const int64_t bits = 8 * static_cast<int64_t>(phyBytes) - 4 * spreadingFactor + 28 +
                         (modulation.crc ? 16 : 0) - (modulation.explicitHeader ? 0 : 20);
    const int64_t bitsPerBlock =
        4 * (spreadingFactor - (LoraLowDataRateOptimize(modulation) ? 2 : 0));
    const int64_t blocks = std::max<int64_t>(0, (bits + bitsPerBlock - 1) / bitsPerBlock);
    return static_cast<uint32_t>(8 + blocks * (modulation.codingRate + 4));
}

int64_t
LoraAirtimeNs(const LoraModulation& modulation, uint32_t phyBytes)
{
    const int64_t quarters = LoraPreambleQuarterSymbols(modulation) +
                             4 * static_cast<int64_t>(LoraPayloadSymbols(modulation, phyBytes));
    return ChipsToNs(modulation, quarters, 4);
}

int64_t
FskAirtimeNs(const FskModulation& modulation, uint32_t phyBytes)
{
    const int64_t bytes = int64_t{modulation.preambleBytes} + modulation.syncWordBytes + 1 +
                          phyBytes + (modulation.crc ? 2 : 0);
    const int64_t rate = modulation.bitRateBps;
    return (8 * bytes * NS_PER_S + rate / 2) / rate;
}

} // namespace ns3::iotfleet::wire
