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
    }
    return tally;
}

/// "3 of 10 devices failed (30 %), more than 10 %", and the like.
std::string
Sentence(double part, double base, const char* verb, const char* relation, double threshold)
{
    char text[160];
    std::snprintf(text,
                  sizeof text,
                  "%.0f of %.0f devices %s (%.3g %%), %s %.3g %%",
                  part,
                  base,
                  verb,
                  base > 0 ? 100 * part / base : 0,
                  relation,
                  100 * threshold);
    return text;
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
        break;
    }
    return "; " + silent + "ignored";
}

} // namespace

ThresholdGate::ThresholdGate(UnreportedPolicy unreported)
    : m_unreported(unreported)
{
}

GateVerdict
ThresholdGate::Judge(const WaveConfig& wave, const WaveCounts& counts, bool complete) const
{
    const auto [base, successes, failures] = MakeTally(counts, m_unreported);
    const auto silent = AboutSilent(counts, m_unreported);
    if (failures > wave.errorThreshold * base + ROUNDING)
    {
        return {false,
                Sentence(failures, base, "failed", "more than", wave.errorThreshold) + silent};
    }
    if (!complete)
    {
        return {};
    }
    // Nobody who counts is no evidence, so that a wave of only silent devices lets nothing go on.
    const bool enough = base > 0 ? successes >= wave.successThreshold * base - ROUNDING
                                 : wave.successThreshold <= 0;
    const auto relation = enough ? "at least" : "less than";
    return {enough,
            Sentence(successes, base, "succeeded", relation, wave.successThreshold) + silent};
}

} // namespace ns3::iotfleet
