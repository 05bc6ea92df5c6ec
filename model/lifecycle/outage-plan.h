// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LIFECYCLE_OUTAGE_PLAN_H
#define IOTFLEET_LIFECYCLE_OUTAGE_PLAN_H

#include "model/fleet/counter-random.h"
#include "model/fleet/types.h"

#include <optional>
#include <vector>

namespace ns3::iotfleet
{

/// When something is out of order: once, or again and again at random.
struct OutageConfig
{
    double startS{0};              ///< of the outage; with `mtbfS`: from when on it may fail
    std::optional<double> endS;    ///< its end, or until when it may fail; empty = never
    std::optional<double> mtbfS{}; ///< mean time from a repair to the next failure, > 0
    double mttrS{0};               ///< mean time from a failure to its repair, > 0 with `mtbfS`
};

/**
 * The outages of one unit, settled before the run. Without `mtbfS` one span; with it an alternating
 * renewal process that is in order at `startS`: times up and times down are exponential with means
 * `mtbfS` and `mttrS`, so that in the long run the unit is down mttr / (mtbf + mttr) of the time.
 *
 * @param config when
 * @param runEndS no span begins later, seconds
 * @param random source of the draws (Purpose::FAULT_OUTAGE)
 * @param fault number of the fault in the scenario: faults do not disturb each other's draws
 * @param unit which of the things that the fault hits, e.g. a gateway's number
 * @return spans in order of time that do not overlap
 */
std::vector<TimeSpan> PlanOutages(const OutageConfig& config,
                                  double runEndS,
                                  const CounterRandom& random,
                                  uint32_t fault,
                                  uint32_t unit);

} // namespace ns3::iotfleet

#endif // IOTFLEET_LIFECYCLE_OUTAGE_PLAN_H
