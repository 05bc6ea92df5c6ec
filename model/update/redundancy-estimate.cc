// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/redundancy-estimate.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/// Whoever loses more has no use for the session; no redundancy is planned for it.
constexpr double WORST_LOSS = 0.9;

} // namespace

void
RedundancyEstimate::Learn(uint8_t dataRate, uint32_t members, std::vector<double> losses)
{
    const auto rank = static_cast<size_t>(std::max(std::ceil(m_quantile * members - 1e-9), 1.0));
    const size_t content = members - std::min<size_t>(members, losses.size());
    if (rank <= content || losses.empty())
    {
        return; // the redundancy that was sent sufficed
    }
    const auto place =
        losses.begin() + static_cast<std::ptrdiff_t>(std::min(rank - content, losses.size()) - 1);
    std::ranges::nth_element(losses, place);
    m_loss[dataRate] = std::clamp(*place, 0.0, WORST_LOSS);
}

double
RedundancyEstimate::Redundancy(uint8_t dataRate,
                               uint32_t fragments,
                               uint32_t extra,
                               double initial) const
{
    const auto known = m_loss.find(dataRate);
    if (known == m_loss.end())
    {
        return initial;
    }
    return FramesForLoss(fragments + extra, known->second) / fragments - 1;
}

double
FramesForLoss(double needed, double loss)
{
    // A quadratic equation in the root of n.
    const double received = 1 - loss;
    const double spread = std::sqrt(loss * received);
    const double root = (spread + std::sqrt(spread * spread + received * needed)) / received;
    return root * root;
}

} // namespace ns3::iotfleet
