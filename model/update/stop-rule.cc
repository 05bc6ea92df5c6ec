// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/stop-rule.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace ns3::iotfleet
{

namespace
{

constexpr double ROUNDING = 1e-9;

} // namespace

StopRule::StopRule(const StopRuleConfig& config)
    : m_config(config),
      m_action(
          FromName<ErrorAction>(ERROR_ACTION_NAMES, config.action).value_or(ErrorAction::ABORT))
{
}

uint32_t
StopRule::BadEnds(const WaveCounts& counts) const
{
    if (m_config.countOf == "rejected")
    {
        return counts.rejected;
    }
    if (m_config.countOf == "rolled-back")
    {
        return counts.rolledBack;
    }
    if (m_config.countOf == "timed-out")
    {
        return counts.unreported;
    }
    return m_config.countOf == "all" ? counts.failed + counts.unreported : counts.failed;
}

/// Bad ends of the last `withinS` seconds, given how many there have been in all.
uint32_t
StopRule::Recent(Tick now, uint32_t total)
{
    if (total > m_seenTotal)
    {
        m_seen.push_back({now, total - m_seenTotal});
    }
    m_seenTotal = total; // may shrink: a late report mends a silent device
    const Tick oldest = now - ToTicks(m_config.withinS);
    while (!m_seen.empty() && m_seen.front().when < oldest)
    {
        m_seen.pop_front();
    }
    return std::accumulate(m_seen.begin(), m_seen.end(), 0U, [](uint32_t sum, const Seen& seen) {
        return sum + seen.count;
    });
}

std::string
StopRule::Judge(Tick now, const WaveCounts& wave, const WaveCounts& all)
{
    const bool overAll = m_config.over != "wave";
    const auto& counts = overAll ? all : wave;
    const auto since = [overAll](uint32_t count, uint32_t before) {
        return overAll ? count - std::min(count, before) : count;
    };
    const auto total = since(BadEnds(counts), m_badBefore);
    const auto bad = m_config.withinS > 0 ? Recent(now, total) : total;
    const auto finished = since(counts.Finished(), m_finishedBefore);
    if (bad == 0 || finished < m_config.minimum || counts.offered < m_config.minimumOffered)
    {
        return {};
    }
    const bool tooMany = m_config.count && bad >= *m_config.count;
    const bool tooLarge = m_config.share && bad >= *m_config.share * finished - ROUNDING;
    return tooMany || tooLarge ? Reason(bad, finished) : std::string();
}

void
StopRule::StartAnew(const WaveCounts& all)
{
    m_badBefore = BadEnds(all);
    m_finishedBefore = all.Finished();
    m_seen.clear();
    m_seenTotal = 0;
}

std::string
StopRule::Reason(uint32_t bad, uint32_t finished) const
{
    const std::string what =
        m_config.countOf == "all" ? "failed or timed out"
        : m_config.countOf == "timed-out"
            ? "timed out"
            : (m_config.countOf == "rolled-back" ? "rolled back" : m_config.countOf);
    std::string text = "stop rule: " + std::to_string(bad) + " of " + std::to_string(finished) +
                       " finished devices " + what;
    char part[64];
    if (m_config.withinS > 0)
    {
        std::snprintf(part, sizeof part, " within %.4g s", m_config.withinS);
        text += part;
    }
    if (m_config.share)
    {
        std::snprintf(part, sizeof part, ", the limit is %.3g %%", 100 * *m_config.share);
        text += part;
    }
    if (m_config.count)
    {
        text += ", the limit is " + std::to_string(*m_config.count) + " devices";
    }
    return text;
}

} // namespace ns3::iotfleet
