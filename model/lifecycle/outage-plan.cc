// SPDX-License-Identifier: GPL-2.0-only
#include "model/lifecycle/outage-plan.h"

#include <algorithm>
#include <cmath>

namespace ns3::iotfleet
{

std::vector<TimeSpan>
PlanOutages(const OutageConfig& config,
            double runEndS,
            const CounterRandom& random,
            uint32_t fault,
            uint32_t unit)
{
    const double endS = std::min(config.endS.value_or(runEndS), runEndS);
    if (!config.mtbfS)
    {
        // Not cut at the run's end: a run that is made longer has the same outage.
        const double last = config.endS.value_or(runEndS);
        return {{ToTicks(config.startS), ToTicks(last)}};
    }
    std::vector<TimeSpan> spans;
    double atS = config.startS;
    for (uint32_t i = 0;; i += 2)
    {
        const auto wait = [&](uint32_t draw, double meanS) {
            const double u = random.Uniform(Purpose::FAULT_OUTAGE, fault, unit, draw);
            return -meanS * std::log1p(-u);
        };
        atS += wait(i, *config.mtbfS);
        if (atS >= endS)
        {
            return spans;
        }
        const double repairedS = std::min(atS + wait(i + 1, config.mttrS), endS);
        spans.push_back({ToTicks(atS), ToTicks(repairedS)});
        atS = repairedS;
    }
}

} // namespace ns3::iotfleet
