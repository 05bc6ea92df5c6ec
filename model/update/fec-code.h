// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_FEC_CODE_H
#define IOTFLEET_UPDATE_FEC_CODE_H

#include <array>
#include <cstdint>
#include <string_view>

namespace ns3::iotfleet
{

/**
 * What the fragments beyond the uncoded ones are, and so when a receiver can decode. All codes are
 * systematic: the first fragments are those of the block itself.
 */
enum class FecCode : uint8_t
{
    NONE,     ///< no coded fragments: uncoded ones come again
    TS004,    ///< parity matrix of TS004 over GF(2); rank is worked out exactly
    RLNC_256, ///< random linear combinations over GF(256)
    RAPTORQ,  ///< RFC 6330
    IDEAL,    ///< maximum distance separable: as many fragments as the block has, whichever
};

/// Names in a scenario, in the order of FecCode.
inline constexpr std::array<std::string_view, 5> FEC_CODE_NAMES{"none",
                                                                "ts004",
                                                                "rlnc-256",
                                                                "raptorq",
                                                                "ideal"};

/// The code of that name; TS004 for a name that is none of FEC_CODE_NAMES.
FecCode FecCodeOf(std::string_view name);

/// Whether the code's decoding is a matter of how many fragments are there, not of which.
constexpr bool
IsCounted(FecCode code)
{
    return code == FecCode::RLNC_256 || code == FecCode::RAPTORQ || code == FecCode::IDEAL;
}

/// FragAlgo of the set-up message: 0 is TS004's own (section 3.2); the others are not assigned.
uint8_t FragAlgoOf(FecCode code);

/**
 * Probability that a receiver cannot decode from `lost + extra` coded fragments.
 *
 * RLNC_256: a random matrix of lost + extra rows over GF(256) lacks rank `lost` with probability
 * 1 - prod (1 - 256^-j), j = extra + 1 ... extra + lost. RAPTORQ: 256^-(extra + 1), the failure
 * probability that RFC 6330's code is held to have. IDEAL: 0.
 *
 * @param code one that IsCounted
 * @param lost uncoded fragments that the receiver lacks; with 0 of them nothing has to be decoded
 * @param extra coded fragments beyond that number
 */
double FecFailureProbability(FecCode code, uint32_t lost, uint32_t extra);

/**
 * Coded fragments beyond `lost` that a receiver needs whose luck is `draw`. It never grows when
 * `lost` becomes smaller, so that a receiver which keeps its draw never forgets what it knew.
 * @param draw uniform in [0, 1), one for each receiver and block
 */
uint32_t FecExtraNeeded(FecCode code, uint32_t lost, double draw);

/// Coded fragments beyond the missing ones that a sender adds so that most receivers succeed.
uint32_t FecUsualExtra(FecCode code);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_FEC_CODE_H
