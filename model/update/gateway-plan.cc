// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/gateway-plan.h"

#include <algorithm>
#include <map>

namespace ns3::iotfleet
{

namespace
{

/// A gateway that may be chosen.
struct Choice
{
    std::vector<uint32_t> reaches; ///< members
    uint32_t gain{0};              ///< those of them that still need a gateway
    bool isTaken{false};
};

using Choices = std::map<GatewayId, Choice>;

Choices
ChoicesOf(const ReachLists& members)
{
    Choices choices;
    for (uint32_t m = 0; m < members.size(); ++m)
    {
        for (const GatewayId gateway : members[m])
        {
            auto& choice = choices[gateway];
            choice.reaches.push_back(m);
            ++choice.gain;
        }
    }
    return choices;
}

/// The first of those with the largest gain.
Choices::iterator
BestOf(Choices& choices)
{
    return std::ranges::max_element(choices, {}, [](const auto& item) { return item.second.gain; });
}

} // namespace

std::vector<GatewayId>
CoverGreedily(const ReachLists& members, uint32_t fold)
{
    auto choices = ChoicesOf(members);
    std::vector<uint32_t> need;
    for (const auto& list : members)
    {
        need.push_back(std::min(fold, static_cast<uint32_t>(list.size())));
    }
    for (auto best = BestOf(choices); best != choices.end() && best->second.gain > 0;
         best = BestOf(choices))
    {
        best->second.isTaken = true;
        best->second.gain = 0;
        for (const uint32_t member : best->second.reaches)
        {
            if (need[member] == 0 || --need[member] > 0)
            {
                continue;
            }
            for (const GatewayId other : members[member])
            {
                auto& choice = choices[other];
                choice.gain -= choice.isTaken ? 0 : 1;
            }
        }
    }
    std::vector<GatewayId> taken;
    for (const auto& [gateway, choice] : choices)
    {
        if (choice.isTaken)
        {
            taken.push_back(gateway);
        }
    }
    return taken;
}

std::vector<GatewayId>
BestSingleGateway(const ReachLists& members)
{
    auto choices = ChoicesOf(members);
    const auto best = BestOf(choices);
    return best == choices.end() ? std::vector<GatewayId>{} : std::vector<GatewayId>{best->first};
}

} // namespace ns3::iotfleet
