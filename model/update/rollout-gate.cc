// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout-gate.h"

#include <cstdio>

namespace ns3::iotfleet
{

namespace
{

/// Shares such as 0.1 are not exact in binary; a count on the threshold must not miss it by that.
constexpr double ROUNDING = 1e-9;

/// What the counts mean under a policy for silent devices.
struct Tally
{
    double base; ///< devices that count
    double successes;
    double failures;
};

Tally
MakeTally(const WaveCounts& counts, UnreportedPolicy policy)
{
    Tally tally{static_cast<double>(counts.targeted),
                static_cast<double>(counts.succeeded),
                static_cast<double>(counts.failed)};
    switch (policy)
    {
    case UnreportedPolicy::FAILURE:
        tally.failures += counts.unreported;
        break;
    case UnreportedPolicy::SUCCESS:
        tally.successes += counts.unreported;
        break;
    case UnreportedPolicy::IGNORE:
        tally.base -= counts.unreported;
        break;
    case UnreportedPolicy::PENDING:
        break;
    }
    return tally;
}

/// Whether the successes are enough to go on.
bool
Suffices(const WaveConfig& wave, const Tally& tally)
{
    if (wave.successCount)
    {
        return tally.successes >= *wave.successCount;
    }
    // Nobody who counts is no evidence, so that a wave of only silent devices lets nothing go on.
    return tally.base > 0 ? tally.successes >= wave.successThreshold * tally.base - ROUNDING
                          : wave.successThreshold <= 0;
}

/// A threshold as the user wrote it: "10 %" or "10".
std::string
Limit(const std::optional<uint32_t>& count, double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g %%", 100 * share);
    return count ? std::to_string(*count) : text;
}

/// "3 of 10 devices failed (30 %), more than 10 %", and the like.
std::string
Sentence(double part,
         double base,
         const char* verb,
         const char* relation,
         const std::string& threshold)
{
    char text[160];
    std::snprintf(text,
                  sizeof text,
                  "%.0f of %.0f devices %s (%.3g %%), %s ",
                  part,
                  base,
                  verb,
                  base > 0 ? 100 * part / base : 0,
                  relation);
    return text + threshold;
}

/// What was done with silent devices, if there were any.
std::string
AboutSilent(const WaveCounts& counts, UnreportedPolicy policy)
{
    if (counts.unreported == 0)
    {
        return {};
    }
    const auto silent = std::to_string(counts.unreported) + " unreported ";
    switch (policy)
    {
    case UnreportedPolicy::FAILURE:
        return "; " + silent + "counted as failure";
    case UnreportedPolicy::SUCCESS:
        return "; " + silent + "counted as success";
    case UnreportedPolicy::IGNORE:
        return "; " + silent + "ignored";
    case UnreportedPolicy::PENDING:
        break;
    }
    return "; " + silent + "still pending";
}

} // namespace

ThresholdGate::ThresholdGate(UnreportedPolicy unreported)
    : m_unreported(unreported)
{
}

GateVerdict
ThresholdGate::Judge(const WaveConfig& wave, const WaveCounts& counts, bool complete) const
{
    const auto tally = MakeTally(counts, m_unreported);
    const auto silent = AboutSilent(counts, m_unreported);
    const auto& [base, successes, failures] = tally;
    if (wave.errorCount ? failures > *wave.errorCount
                        : failures > wave.errorThreshold * base + ROUNDING)
    {
        const auto limit = Limit(wave.errorCount, wave.errorThreshold);
        return {false, Sentence(failures, base, "failed", "more than", limit) + silent};
    }
    if (!complete)
    {
        return {};
    }
    const bool enough = Suffices(wave, tally);
    const auto relation = enough ? "at least" : "less than";
    const auto limit = Limit(wave.successCount, wave.successThreshold);
    return {enough, Sentence(successes, base, "succeeded", relation, limit) + silent};
}

} // namespace ns3::iotfleet
