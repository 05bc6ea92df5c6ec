// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/fec-code.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

constexpr double FIELD = 256;

/// 256^-7 is below the resolution of a draw (2^-53).
constexpr uint32_t MOST_EXTRA = 7;

} // namespace

FecCode
FecCodeOf(std::string_view name)
{
    const auto found = std::ranges::find(FEC_CODE_NAMES, name);
    return found == FEC_CODE_NAMES.end() ? FecCode::TS004
                                         : static_cast<FecCode>(found - FEC_CODE_NAMES.begin());
}

uint8_t
FragAlgoOf(FecCode code)
{
    switch (code)
    {
    case FecCode::RLNC_256:
        return 1;
    case FecCode::RAPTORQ:
        return 2;
    case FecCode::IDEAL:
        return 3;
    case FecCode::NONE:
    case FecCode::TS004:
        break;
    }
    return 0;
}

double
FecFailureProbability(FecCode code, uint32_t lost, uint32_t extra)
{
    if (lost == 0 || code == FecCode::IDEAL)
    {
        return 0;
    }
    if (code == FecCode::RAPTORQ)
    {
        return std::pow(FIELD, -1.0 - extra);
    }
    double success = 1; // terms beyond the eighth do not change a double
    for (uint32_t j = extra + 1; j <= extra + std::min<uint32_t>(lost, 8); ++j)
    {
        success *= 1 - std::pow(FIELD, -static_cast<double>(j));
    }
    return 1 - success;
}

uint32_t
FecExtraNeeded(FecCode code, uint32_t lost, double draw)
{
    uint32_t extra = 0;
    while (extra < MOST_EXTRA && draw < FecFailureProbability(code, lost, extra))
    {
        ++extra;
    }
    return extra;
}

uint32_t
FecUsualExtra(FecCode code)
{
    switch (code)
    {
    case FecCode::TS004:
        return 2; // half-density GF(2) matrices: about 1.6 in the mean
    case FecCode::RLNC_256:
    case FecCode::RAPTORQ:
        return 1;
    case FecCode::NONE:
    case FecCode::IDEAL:
        break;
    }
    return 0;
}

} // namespace ns3::iotfleet
