// SPDX-License-Identifier: GPL-2.0-only

#include "helper/strategy-space.h"

#include "helper/campaign-reader.h"
#include "helper/scenario-reader.h"
#include "helper/text-file.h"

namespace ns3::iotfleet
{

namespace
{

/** One choice of one knob: what it is called, and what it sets. */
struct Choice
{
    std::string label;
    std::vector<std::string> sets;
};

using Choices = std::vector<Choice>;

/** A strategy in the making. */
using Strategies = std::vector<Choice>;

Choices
SetEach(const std::string& pointer, const std::string& word, const std::vector<std::string>& values)
{
    Choices choices;
    for (const std::string& value : values)
    {
        choices.push_back({word + value, {pointer + "=" + value}});
    }
    return choices;
}

/** Every strategy with every choice of one more knob. */
Strategies
Multiply(const Strategies& strategies, const Choices& choices)
{
    Strategies result;
    for (const Choice& strategy : strategies)
    {
        for (const Choice& choice : choices)
        {
            Choice both = strategy;
            both.label += (both.label.empty() ? "" : ", ") + choice.label;
            both.sets.insert(both.sets.end(), choice.sets.begin(), choice.sets.end());
            result.push_back(both);
        }
    }
    return result;
}

Choices
WaveChoices(const Scenario& scenario)
{
    const Choice atOnce{"all at once", {R"(/rollout/waves=[{"share": 1}])"}};
    if (scenario.rollout.waves.size() > 1)
    {
        return {{"waves as written", {}}, atOnce};
    }
    return {
        atOnce,
        {"canary of 2 %", {R"(/rollout/waves=[{"share": 0.02, "soak": "4 h"}, {"share": 1}])"}}};
}

Strategies
ListStrategies(const Scenario& scenario)
{
    const bool hasSeveral = scenario.lorawan.gateways.size() > 1;
    std::vector<std::string> policies{"ALL", "FASTEST", "THRESHOLD", "BASELINE"};
    if (hasSeveral)
    {
        policies.emplace_back("PER-GATEWAY");
    }
    Strategies multicast = Multiply({{}}, SetEach("/distribution/policy", "", policies));
    multicast = Multiply(multicast, SetEach("/distribution/class", "class ", {"C", "B"}));
    multicast = Multiply(multicast,
                         SetEach("/distribution/redundancy", "redundancy ", {"0.1", "0.3", "0.6"}));
    if (hasSeveral)
    {
        multicast =
            Multiply(multicast, SetEach("/distribution/gateways", "", {"simulcast", "staggered"}));
    }
    Strategies all = Multiply(multicast, WaveChoices(scenario));
    const Strategies unicast =
        Multiply({{"UNICAST", {"/distribution/policy=UNICAST"}}}, WaveChoices(scenario));
    all.insert(all.end(), unicast.begin(), unicast.end());
    return all;
}

} // namespace

StrategySpace
MakeDefaultSpace(const std::filesystem::path& scenario)
{
    const Scenario base = ReadScenario(scenario);
    StrategySpace space;
    for (const Choice& strategy : ListStrategies(base))
    {
        ScenarioJson tree = ParseScenarioText(scenario.string(), base.text);
        ApplySettings(tree, strategy.sets);
        try
        {
            space.strategies.push_back(
                MakeCampaignCell(strategy.label, scenario, tree.dump(2) + "\n"));
        }
        catch (const ScenarioError&)
        {
            ++space.impossible; // such as class B where the region has no beacon
        }
    }
    return space;
}

StrategySpace
ReadSpace(const std::filesystem::path& scenario, const std::filesystem::path& file)
{
    Campaign campaign = ReadCampaign(file);
    campaign.scenarios = {std::filesystem::absolute(scenario).string()};
    return {MakeCampaignPlan(campaign).cells, 0};
}

} // namespace ns3::iotfleet
