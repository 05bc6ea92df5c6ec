// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_FLEET_COUNTER_RANDOM_H
#define IOTFLEET_FLEET_COUNTER_RANDOM_H

#include <Random123/philox.h>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace ns3::iotfleet
{

/// What a draw is for. Two draws of different purpose never share a counter. Never renumber.
enum class Purpose : uint32_t
{
    PLACEMENT = 1,
    SHADOWING = 2,
    BUILDING = 3,
    CLOCK = 4,
    POWER_ON = 5,
    JOIN_NONCE = 6,
    JOIN_CHANNEL = 7,
    JOIN_BACKOFF = 8,
    TELEMETRY_PHASE = 9,
    TELEMETRY_JITTER = 10,
    UPLINK_CHANNEL = 11,
    UPLINK_FADING = 12,
    DOWNLINK_FADING = 13,
    GROUP_FRAME = 14,
    BACKHAUL = 15,
    RETRANSMIT = 16,
    STATUS_DELAY = 17,
    REBOOT = 18,
    DEFECT = 19,
    POWER_LOSS = 20,
    THREAT = 21,
    ALARM = 22,
    WAVE_ORDER = 23,
    PACING = 24,
    BEACON = 25,
    SESSION_CLOCK = 26,
    TELEMETRY_FIRST = 27,
    JOIN_SERVER = 28,
    FEC_DECODE = 40,
    POLL_PHASE = 41,
    FAULT_OUTAGE = 60,
    FAULT_HIT = 61,
    FAULT_CLUSTER = 62,
    FAULT_TIME = 63,
    FAULT_REPORT = 64,
    CLASS_B = 70,
    CLOCK_SYNC = 71,
};

/**
 * Random numbers as a function of what they are for: seed, run, purpose and up to three counters
 * (Random123's Philox4x32-10). A result then depends on the scenario and the seed alone, not on the
 * order of events or on what is recorded. Not for anything an attacker must not guess.
 *
 * About 10 ns a call for four 32-bit words.
 */
class CounterRandom
{
  public:
    using Block = std::array<uint32_t, 4>;

    CounterRandom() = default;

    /**
     * @param seed of the scenario
     * @param run number of the run
     * @param stream tells fleets apart that share a program; 0 for one alone
     */
    CounterRandom(uint64_t seed, uint64_t run, uint64_t stream)
        : CounterRandom(seed, run)
    {
        // Mix of SplitMix64, which leaves 0 as it is: a fleet alone draws as it always did.
        stream = (stream ^ (stream >> 30)) * 0xBF58476D1CE4E5B9ULL;
        stream = (stream ^ (stream >> 27)) * 0x94D049BB133111EBULL;
        stream ^= stream >> 31;
        m_key[0] ^= static_cast<uint32_t>(stream);
        m_key[1] ^= static_cast<uint32_t>(stream >> 32);
    }

    CounterRandom(uint64_t seed, uint64_t run)
        : m_key{{static_cast<uint32_t>(seed ^ (seed >> 32) * 0x9E3779B9U),
                 static_cast<uint32_t>(run ^ (run >> 32) * 0x85EBCA6BU)}}
    {
    }

    /// How many counters WordsAlongB serves at once.
    static constexpr uint32_t LANES = 8;

    /// Word i of LANES blocks: [i][lane].
    using Lanes = std::array<std::array<uint32_t, LANES>, 4>;

    /**
     * Words(purpose, a, b + lane, c) for all lanes at once, in a form that compilers turn into
     * vector instructions: three times as fast. Equal to Random123's, which a test asserts.
     */
    void WordsAlongB(Purpose purpose, uint32_t a, uint32_t b, uint32_t c, Lanes& words) const;

    /// The same for Words(purpose, a, b, c[lane]).
    void WordsAcrossC(Purpose purpose,
                      uint32_t a,
                      uint32_t b,
                      const std::array<uint32_t, LANES>& c,
                      Lanes& words) const;

    /// Four independent uniform 32-bit words.
    Block Words(Purpose purpose, uint32_t a, uint32_t b = 0, uint32_t c = 0) const
    {
        const r123::Philox4x32::ctr_type counter{{a, b, c, static_cast<uint32_t>(purpose)}};
        const auto words = r123::Philox4x32{}(counter, m_key);
        return {words[0], words[1], words[2], words[3]};
    }

    /// Uniform in [0, 1), 53 bits.
    double Uniform(Purpose purpose, uint32_t a, uint32_t b = 0, uint32_t c = 0) const
    {
        return ToUnit(Words(purpose, a, b, c));
    }

    /// Standard normal (Box-Muller).
    double Normal(Purpose purpose, uint32_t a, uint32_t b = 0, uint32_t c = 0) const
    {
        return ToNormal(Words(purpose, a, b, c));
    }

    /// Uniform in 0..n-1 by multiplication; bias below n/2^32.
    uint32_t Below(uint32_t n, Purpose purpose, uint32_t a, uint32_t b = 0, uint32_t c = 0) const
    {
        return static_cast<uint32_t>((uint64_t{Words(purpose, a, b, c)[0]} * n) >> 32);
    }

    /// The first 53 bits of a block as a number in [0, 1).
    static double ToUnit(const Block& words)
    {
        const uint64_t bits = (uint64_t{words[0]} << 32 | words[1]) >> 11;
        return static_cast<double>(bits) * 0x1p-53;
    }

    /// The standard normal number that Normal() makes of a block.
    static double ToNormal(const Block& words)
    {
        const double u = (words[0] + 0.5) * 0x1p-32;
        const double v = words[1] * 0x1p-32;
        return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    }

  private:
    r123::Philox4x32::key_type m_key{{1, 1}};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_FLEET_COUNTER_RANDOM_H
