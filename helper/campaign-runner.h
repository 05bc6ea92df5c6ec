// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_CAMPAIGN_RUNNER_H
#define IOTFLEET_HELPER_CAMPAIGN_RUNNER_H

#include "helper/campaign-executor.h"

#include <span>

namespace ns3::iotfleet
{

/** A mean and the interval around it. */
struct IntervalOfMean
{
    double mean{0};
    double low{0};
    double high{0};
};

/**
 * Statistics for the stopping rule, which stand in a layer above: values and confidence in, the
 * interval of their mean out, or nothing where they are too few.
 */
using IntervalFunction =
    std::function<std::optional<IntervalOfMean>(std::span<const double> values, double confidence)>;

/** How a campaign ended. */
struct CampaignOutcome
{
    uint64_t repetitions{0}; //!< of each variant
    std::string stopReason;  //!< one sentence
    std::vector<RunResult> results;
};

/**
 * Runs a campaign to its end by its stopping rule and makes its database. Where the rule looks at
 * intervals, it does so after whole rounds, when every variant has the same number of repetitions:
 * the decision does not depend on which run ended first.
 *
 * @param rule how often to run
 * @param executor with the plan of the same campaign
 * @param interval statistics; used only where the rule has intervals
 * @return how it ended
 * @throws as CampaignExecutor
 */
CampaignOutcome RunCampaign(const RepetitionSpec& rule,
                            CampaignExecutor& executor,
                            const IntervalFunction& interval);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_CAMPAIGN_RUNNER_H
