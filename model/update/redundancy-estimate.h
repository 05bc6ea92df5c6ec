// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_UPDATE_REDUNDANCY_ESTIMATE_H
#define IOTFLEET_UPDATE_REDUNDANCY_ESTIMATE_H

#include <cstdint>
#include <map>
#include <vector>

namespace ns3::iotfleet
{

/**
 * How many coded fragments a session should send at a data rate, learned from what members of
 * earlier sessions at that rate answered. Who is complete does not answer or does not say what it
 * lost; so the estimate knows the losses of those that missed something and takes the others as
 * better than all of these. It knows answers only, never the truth.
 */
class RedundancyEstimate
{
  public:
    /// @param quantile share of the members that the first pass is to serve, 0..1
    explicit RedundancyEstimate(double quantile = 0.9)
        : m_quantile(quantile)
    {
    }

    /**
     * The first status round of a session is over.
     * @param dataRate its data rate
     * @param members of the session
     * @param losses of those that answered with something missing: lost of sent frames, 0..1
     */
    void Learn(uint8_t dataRate, uint32_t members, std::vector<double> losses);

    /**
     * Coded per uncoded fragment.
     * @param dataRate of the session to come
     * @param fragments uncoded ones
     * @param extra fragments beyond the block's that the code needs
     * @param initial what to do as long as nothing was learned
     */
    double Redundancy(uint8_t dataRate, uint32_t fragments, uint32_t extra, double initial) const;

  private:
    double m_quantile;
    std::map<uint8_t, double> m_loss; ///< at the quantile, by data rate
};

/**
 * Frames to send so that a receiver which loses each with probability `loss` gets `needed` of them
 * but in one case of 44 (two standard deviations): the n that solves
 * (1 - loss) n - 2 sqrt(n loss (1 - loss)) = needed.
 */
double FramesForLoss(double needed, double loss);

} // namespace ns3::iotfleet

#endif // IOTFLEET_UPDATE_REDUNDANCY_ESTIMATE_H
