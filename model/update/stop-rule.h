// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_STOP_RULE_H
#define IOTFLEET_UPDATE_STOP_RULE_H

#include "model/update/rollout-config.h"
#include "model/update/wave-counts.h"

#include <deque>
#include <string>

namespace ns3::iotfleet
{

/**
 * One abort criterion beside a wave's thresholds: so many devices, or such a share of those that
 * finished, came to a certain bad end. Like the abort configuration of AWS IoT Jobs (share, minimum
 * executed) and NervesHub's failure rate (count within a time). It judges; it does not stop.
 */
class StopRule
{
  public:
    explicit StopRule(const StopRuleConfig& config);

    /**
     * Looks at the counts; to be asked at each look, in order of time.
     * @param now the present instant
     * @param wave counts of the current wave
     * @param all counts of all waves so far
     * @return why to stop, in plain words; empty: no reason
     */
    std::string Judge(Tick now, const WaveCounts& wave, const WaveCounts& all);

    /// It has fired and the rollout may go on: only what comes after `all` counts from now on.
    void StartAnew(const WaveCounts& all);

    ErrorAction Action() const
    {
        return m_action;
    }

  private:
    /// Bad ends that were seen at one look.
    struct Seen
    {
        Tick when;
        uint32_t count;
    };

    uint32_t BadEnds(const WaveCounts& counts) const;
    uint32_t Recent(Tick now, uint32_t total);
    std::string Reason(uint32_t bad, uint32_t finished) const;

    StopRuleConfig m_config;
    ErrorAction m_action;
    std::deque<Seen> m_seen;
    uint32_t m_seenTotal{0};
    uint32_t m_badBefore{0}; ///< when it fired last
    uint32_t m_finishedBefore{0};
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_STOP_RULE_H
