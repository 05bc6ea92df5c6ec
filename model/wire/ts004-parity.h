// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_TS004_PARITY_H
#define IOTFLEET_WIRE_TS004_PARITY_H

#include "model/wire/app-payload.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ns3::iotfleet::wire
{

/// The two code generators differ: version 1 draws positions with repetition, version 2 without.
using Ts004Version = PackageVersion;

/// Largest fragment number N that DataFragment can carry (14 bits).
inline constexpr uint16_t TS004_MAX_FRAGMENT_NUMBER = 16383;

/**
 * The 23-bit pseudo-random generator of TS004 (appendix "Parity matrix").
 *
 * The feedback is added, not or-ed: seeds of lines from 8380 on have more than 23 bits.
 */
constexpr uint32_t
Ts004Prbs23(uint32_t x)
{
    const uint32_t feedback = (x ^ (x >> 5)) & 1U;
    return (x >> 1) + (feedback << 22);
}

/**
 * The parity matrix of a fragmentation session, generated line by line and not stored.
 *
 * Coded fragment N = M + n (n from 1) is the XOR of the uncoded fragments whose bits are set in
 * line n. A line costs about M/2 pseudo-random draws (version 2: about 0.7 M). With M = 1 every
 * line is empty, as in the standard. The object holds three numbers and can be copied.
 */
class ParityMatrix
{
  public:
    /**
     * @param nbFrag M, number of uncoded fragments, 1 to 16383
     * @param version which of the two generators
     */
    ParityMatrix(uint16_t nbFrag, Ts004Version version);

    /** @return M. */
    uint16_t NbFrag() const;

    /** @return 64-bit words that one line needs. */
    std::size_t WordsPerRow() const;

    /**
     * Writes line n.
     * @param n coded line, from 1 (fragment number N is then M + n)
     * @param bits at least WordsPerRow() words; overwritten. Bit i is uncoded fragment i + 1.
     */
    void Row(uint32_t n, std::span<uint64_t> bits) const;

  private:
    uint16_t m_nbFrag;
    uint32_t m_modulus; ///< M, or M + 1 when M is a power of two
    Ts004Version m_version;
};

/**
 * Cuts a data block into fragments and appends coded ones.
 * @param data the block; the last fragment is padded with zero bytes
 * @param fragSize bytes per fragment, at least 1
 * @param redundancy number of coded fragments to add
 * @param version generator
 * @return fragments N = 1 ... M + redundancy in order
 * @throws std::invalid_argument when data is empty, fragSize is 0 or N would exceed 16383
 */
std::vector<std::vector<uint8_t>> EncodeFragments(std::span<const uint8_t> data,
                                                  std::size_t fragSize,
                                                  uint32_t redundancy,
                                                  Ts004Version version);

/**
 * A byte-exact receiver of one fragmentation session: stores uncoded fragments, reduces coded ones
 * and solves for the lost ones over GF(2).
 *
 * It accepts fragments in any order and more than once, and gives up only when more uncoded
 * fragments are missing, at the first coded one, than its matrix memory can hold
 * (TS004 section "memory requirement": L(L+1)/2 bits for L lost fragments).
 * It is a reference for tests and small runs, not the model of a device in a large fleet, which
 * needs the rank only and no bytes.
 */
class FragDecoder
{
  public:
    /** What a fragment did to the session. */
    enum class Outcome : uint8_t
    {
        ACCEPTED,        ///< carried new information
        REDUNDANT,       ///< known already or linearly dependent
        COMPLETE,        ///< this one completed the block (or it was complete before)
        MEMORY_EXCEEDED, ///< more lost fragments than the matrix memory holds; session aborted
        INVALID,         ///< N is 0 or the size is wrong
    };

    /**
     * @param nbFrag M, 1 to 16383
     * @param fragSize bytes per fragment
     * @param maxLost largest number of lost uncoded fragments the matrix memory can hold
     * @param version generator
     */
    FragDecoder(uint16_t nbFrag, std::size_t fragSize, std::size_t maxLost, Ts004Version version);

    /**
     * Feeds fragment N.
     * @param n fragment number from 1; above M it is coded
     * @param bytes the fragment, fragSize bytes
     * @return what it did
     */
    Outcome Feed(uint16_t n, std::span<const uint8_t> bytes);

    /** @return whether every uncoded fragment is known. */
    bool IsComplete() const;

    /** @return whether the session was aborted because of too little memory. */
    bool IsAborted() const;

    /** @return fragments received, coded, uncoded and repeated (NbFragReceived). */
    uint32_t Received() const;

    /** @return uncoded fragments known plus independent coded lines held. */
    uint32_t Rank() const;

    /** @return M - Rank(): independent fragments still needed; MissingFrag caps it at 255. */
    uint32_t Missing() const;

    /**
     * The block, once complete.
     * @param padding bytes to cut from its end (FragSessionSetupReq.Padding)
     * @return the data, or nothing while incomplete
     */
    std::optional<std::vector<uint8_t>> Data(std::size_t padding = 0) const;

  private:
    /** A received equation: which lost fragments it combines, and to what. */
    struct Line
    {
        std::vector<uint64_t> coefficients; ///< bit k: fragment m_lost[k]
        std::vector<uint8_t> bytes;         ///< empty: no line is held
    };

    bool Knows(std::size_t index) const;
    std::span<uint8_t> Fragment(std::size_t index);
    std::span<const uint8_t> Fragment(std::size_t index) const;
    void Store(std::size_t index, std::span<const uint8_t> bytes);
    Outcome FeedUncoded(uint16_t index, std::span<const uint8_t> bytes);
    void Freeze();
    Line Reduce(uint32_t codedLine, std::span<const uint8_t> bytes) const;
    Outcome Insert(Line line);
    void Solve();

    ParityMatrix m_matrix;
    std::size_t m_fragSize;
    std::size_t m_maxLost;
    std::vector<uint8_t> m_data;   ///< M * fragSize bytes
    std::vector<uint64_t> m_known; ///< bit i: uncoded fragment i + 1 is in m_data
    std::vector<uint16_t> m_lost;  ///< what was unknown when the first coded one came
    std::vector<Line> m_lines;     ///< triangular: line k has its first bit at k
    uint32_t m_received{0};
    uint32_t m_knownCount{0};
    uint32_t m_lineCount{0};
    bool m_isFrozen{false};
    bool m_isAborted{false};
};

/**
 * Matrix memory a receiver needs to survive a number of lost fragments
 * (TS004-2.0.0 page 29: L(L+1)/2 bits for the matrix and 2 bytes per lost index).
 * @param lost L
 * @return bytes
 */
constexpr std::size_t
Ts004MatrixMemoryBytes(std::size_t lost)
{
    return (lost * (lost + 1) / 2 + 7) / 8 + 2 * lost;
}

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_TS004_PARITY_H
