// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_ROLLOUT_GATE_H
#define IOTFLEET_UPDATE_ROLLOUT_GATE_H

#include "model/update/rollout-config.h"
#include "model/update/wave-counts.h"

#include <string>

namespace ns3::iotfleet
{

/// What a gate says of a wave.
struct GateVerdict
{
    bool good{true};
    std::string reason; ///< plain words with numbers; empty while a wave goes well
};

/**
 * Decides from a wave's counts whether the rollout goes on: a policy. What then happens (pause,
 * abort, the next wave) is the Rollout's part.
 */
class RolloutGate
{
  public:
    virtual ~RolloutGate() = default;

    /**
     * @param wave the wave's thresholds
     * @param counts its results so far
     * @param complete whether its reports are in and its soak is over. Before, a gate is asked when
     *        failures have come in, and only a verdict that stops the wave has an effect
     */
    virtual GateVerdict Judge(const WaveConfig& wave,
                              const WaveCounts& counts,
                              bool complete) const = 0;
};

/**
 * Success and error thresholds as shares of the wave's targets or as counts. Unlike hawkBit's error
 * condition, which counts reported errors only, silent devices count as the policy says.
 */
class ThresholdGate : public RolloutGate
{
  public:
    explicit ThresholdGate(UnreportedPolicy unreported);

    GateVerdict Judge(const WaveConfig& wave,
                      const WaveCounts& counts,
                      bool complete) const override;

  private:
    UnreportedPolicy m_unreported;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_ROLLOUT_GATE_H
