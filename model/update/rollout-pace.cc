// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/rollout-pace.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3::iotfleet
{

namespace
{

/// Credits such as 3 times a third are not exact in binary.
constexpr double ROUNDING = 1e-9;

/// Rates beyond this are "all at once"; keeps powers finite.
constexpr double LARGEST_RATE = 1e9;

} // namespace

RolloutPace::RolloutPace(const PaceConfig& config)
    : m_config(config)
{
}

double
RolloutPace::RateAt(uint64_t progress) const
{
    double rate = m_config.rate;
    if (m_config.increaseEvery > 0)
    {
        const auto times = static_cast<double>(progress / m_config.increaseEvery);
        rate = std::min(rate * std::pow(m_config.factor, times), LARGEST_RATE);
    }
    return m_config.maximum > 0 ? std::min(rate, m_config.maximum) : rate;
}

uint32_t
RolloutPace::Allowance(Tick now, uint64_t progress)
{
    if (!IsLimited())
    {
        return std::numeric_limits<uint32_t>::max();
    }
    const Tick interval = std::max<Tick>(ToTicks(m_config.intervalS), 1);
    for (m_next = m_next.value_or(now); *m_next <= now; *m_next += interval)
    {
        // Whole devices that a step left over are lost, or a pause would end in a flood.
        const double left = m_credit + ROUNDING - std::floor(m_credit + ROUNDING);
        m_credit = (left < 2 * ROUNDING ? 0 : left) + RateAt(progress);
    }
    return static_cast<uint32_t>(std::floor(m_credit + ROUNDING));
}

void
RolloutPace::Spend(uint32_t devices)
{
    m_credit = std::max(0.0, m_credit - devices);
}

std::optional<Tick>
RolloutPace::NextStep() const
{
    return IsLimited() ? m_next : std::nullopt;
}

} // namespace ns3::iotfleet
