// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-validator.h"
#include "model/record/metric-dictionary.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

std::vector<std::string>
MetricNames()
{
    std::vector<std::string> names;
    for (const MetricDefinition& metric : METRICS)
    {
        names.emplace_back(metric.name);
    }
    return names;
}

/** What is wrong with the name of a metric; empty for a known one. */
std::string
RefuseMetric(const std::string& name)
{
    if (FindMetric(name))
    {
        return "";
    }
    const auto names = MetricNames();
    const std::string near = SuggestWord(name, names);
    return "found \"" + name + "\", expected a metric: " + JoinWords(names) +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

} // namespace

void
ValidateExpectations(const Scenario& scenario,
                     const std::string& file,
                     std::vector<ScenarioProblem>& problems)
{
    for (std::size_t i = 0; i < scenario.expect.size(); ++i)
    {
        const ExpectSpec& expect = scenario.expect[i];
        const auto refuse = [&](const char* key, const std::string& message) {
            problems.push_back({file, "/expect/" + std::to_string(i) + key, message});
        };
        if (const std::string message = RefuseMetric(expect.metric); !message.empty())
        {
            refuse("/metric", message);
        }
        if (!expect.min && !expect.max && !expect.baseline)
        {
            refuse("", "found none of min, max and baseline, expected at least one");
        }
        if (expect.min && expect.max && *expect.max < *expect.min)
        {
            refuse("/max", "found less than min, expected at least min");
        }
        if (expect.quantile && !expect.min && !expect.max)
        {
            refuse("/quantile", "found without min and max, expected at least one of them");
        }
        if (expect.tolerance && !expect.baseline)
        {
            refuse("/tolerance", "found without baseline, expected the file that it refers to");
        }
    }
}

void
ValidateCosts(const Scenario& scenario,
              const std::string& file,
              std::vector<ScenarioProblem>& problems)
{
    const CostSpec& costs = scenario.costs;
    if (costs.battery && costs.batteryYear)
    {
        problems.push_back({file,
                            "/costs/battery",
                            "found beside battery_year, expected one of them: they price the same "
                            "energy"});
    }
    if (costs.operatorHour && !costs.operatorPerWaveS && !costs.operatorPerFailureS)
    {
        problems.push_back({file,
                            "/costs/operator_hour",
                            "found without operator_per_wave and operator_per_failure, expected at "
                            "least one of them: no hours are counted otherwise"});
    }
    if (costs.currency.empty())
    {
        problems.push_back({file, "/costs/currency", "found an empty text, expected a label"});
    }
}

} // namespace ns3::iotfleet
