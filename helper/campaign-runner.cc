// SPDX-License-Identifier: GPL-2.0-only

#include "helper/campaign-runner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ns3::iotfleet
{

namespace
{

std::string
ShortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

/** All runs up to a number of repetitions, in the order of their ids. */
std::vector<RunRequest>
RequestsUpTo(std::size_t cells, uint64_t repetitions)
{
    std::vector<RunRequest> requests;
    requests.reserve(cells * repetitions);
    for (uint64_t repetition = 0; repetition < repetitions; ++repetition)
    {
        for (std::size_t cell = 0; cell < cells; ++cell)
        {
            requests.push_back({cell, repetition});
        }
    }
    return requests;
}

/** Looks at intervals after a round. */
class NarrowRule
{
  public:
    NarrowRule(const RepetitionSpec& rule, const IntervalFunction& interval)
        : m_rule(rule),
          m_interval(interval)
    {
    }

    /** @return what is not narrow yet, the first of it; empty when all is */
    std::string FindWide(const CampaignPlan& plan, const std::vector<RunResult>& results) const
    {
        for (std::size_t cell = 0; cell < plan.cells.size(); ++cell)
        {
            for (const NarrowSpec& narrow : m_rule.until)
            {
                const std::string wide = Judge(narrow, cell, results);
                if (!wide.empty())
                {
                    return narrow.metric + " of \"" + plan.cells[cell].label + "\" " + wide;
                }
            }
        }
        return {};
    }

  private:
    std::string Judge(const NarrowSpec& narrow,
                      std::size_t cell,
                      const std::vector<RunResult>& results) const
    {
        std::vector<double> values;
        std::size_t runs = 0;
        for (const RunResult& result : results)
        {
            if (result.request.cell != cell)
            {
                continue;
            }
            ++runs;
            const auto found = result.metrics.find(narrow.metric);
            if (found != result.metrics.end() && found->second)
            {
                values.push_back(*found->second);
            }
        }
        // The mean of the lucky runs says nothing about all runs, however narrow it is.
        if (values.size() < runs)
        {
            return "has no value in " + std::to_string(runs - values.size()) + " of " +
                   std::to_string(runs) + " runs";
        }
        const auto found = m_interval(values, m_rule.confidence);
        if (!found)
        {
            return "has too few values";
        }
        const double width = found->high - found->low;
        const double limit =
            narrow.widthInUnit.value_or(narrow.relativeWidth.value_or(0) * std::abs(found->mean));
        return width <= limit
                   ? ""
                   : "has an interval " + ShortNumber(width) + " wide, not " + ShortNumber(limit);
    }

    const RepetitionSpec& m_rule;       //!< what narrow means
    const IntervalFunction& m_interval; //!< statistics
};

} // namespace

CampaignOutcome
RunCampaign(const RepetitionSpec& rule,
            CampaignExecutor& executor,
            const IntervalFunction& interval)
{
    const std::size_t cells = executor.GetPlan().cells.size();
    const uint64_t most = rule.count.value_or(1);
    executor.SetExpected(cells * most);
    const NarrowRule narrow(rule, interval);
    CampaignOutcome outcome;
    outcome.repetitions = rule.until.empty() ? most : std::min(most, rule.minimum);
    outcome.stopReason = "a fixed number of repetitions";
    while (true)
    {
        outcome.results = executor.Run(RequestsUpTo(cells, outcome.repetitions));
        if (rule.until.empty())
        {
            break;
        }
        const std::string wide = narrow.FindWide(executor.GetPlan(), outcome.results);
        if (wide.empty() || outcome.repetitions == most)
        {
            outcome.stopReason = wide.empty() ? "all intervals are narrow enough"
                                              : "the most repetitions were made, and " + wide;
            break;
        }
        outcome.repetitions = std::min(most, outcome.repetitions + rule.round);
    }
    executor.Finish(outcome.stopReason);
    return outcome;
}

} // namespace ns3::iotfleet
