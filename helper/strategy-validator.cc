// SPDX-License-Identifier: GPL-2.0-only

#include "helper/strategy-validator.h"

#include "helper/units.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// The checks, one function for each concern.
class StrategyChecker
{
  public:
    StrategyChecker(const Scenario& scenario, std::string file)
        : m_scenario(scenario),
          m_distribution(scenario.distribution),
          m_strategy(scenario.distribution.strategy),
          m_file(std::move(file))
    {
    }

    std::vector<ScenarioProblem> Run()
    {
        CheckParity();
        CheckGateways();
        CheckPolicy();
        CheckTimeOut();
        CheckCarousel();
        CheckCapture();
        return std::move(m_problems);
    }

  private:
    void Refuse(const std::string& key, const std::string& message)
    {
        m_problems.push_back({m_file, "/distribution/" + key, message});
    }

    void CheckParity()
    {
        if (m_strategy.parityGroups > 1 && !m_distribution.statusRequest)
        {
            Refuse("parity_groups",
                   "found " + std::to_string(m_strategy.parityGroups) +
                       ", expected 1: status_request is false, so nobody says what is missing");
        }
    }

    void CheckGateways()
    {
        const auto& mode = m_distribution.gatewayMode;
        if ((mode == "list") == m_strategy.gatewayNames.empty())
        {
            Refuse("gateway_names",
                   mode == "list" ? "found no gateway, expected names for gateways \"list\""
                                  : "found names, expected none: gateways is \"" + mode + "\"");
        }
        std::vector<std::string> known;
        for (const auto& gateway : m_scenario.lorawan.gateways)
        {
            known.push_back(gateway.name);
        }
        for (const auto& name : m_strategy.gatewayNames)
        {
            if (std::ranges::find(known, name) == known.end())
            {
                m_problems.push_back({m_file,
                                      "/distribution/gateway_names",
                                      ExpectOneOf(name, known, "a gateway"),
                                      "/access/lorawan/gateways"});
            }
        }
        if (m_strategy.gatewayCover > 1 && mode != "set-cover")
        {
            Refuse("gateway_cover",
                   "found " + std::to_string(m_strategy.gatewayCover) +
                       ", expected 1: gateways is \"" + mode + "\"");
        }
        if (m_distribution.policy == "PER-GATEWAY" && mode != "simulcast" && mode != "staggered")
        {
            Refuse("gateways",
                   "found \"" + mode +
                       "\", expected simulcast: policy PER-GATEWAY names the gateway itself");
        }
    }

    void CheckPolicy()
    {
        const auto& policy = m_distribution.policy;
        if (policy == "LADDER" && m_distribution.sessionClass == "B")
        {
            Refuse("class", "found \"B\", expected C: ping slots have one data rate, LADDER many");
        }
        const bool isPlain = policy != "LADDER" && policy != "CAROUSEL";
        if (!isPlain && m_strategy.parityGroups > 1)
        {
            Refuse("parity_groups",
                   "found " + std::to_string(m_strategy.parityGroups) + ", expected 1: policy " +
                       policy + " orders its fragments itself");
        }
        if (policy == "CAROUSEL" && m_strategy.deleteAfterS)
        {
            Refuse("delete_after", "found a duration, expected null: CAROUSEL keeps its group");
        }
        if (m_strategy.redundancyFrom == "answers" && !m_distribution.statusRequest)
        {
            Refuse("redundancy_from", "found \"answers\", expected fixed: status_request is false");
        }
    }

    void CheckTimeOut()
    {
        const auto& policy = m_distribution.policy;
        if (policy == "CAROUSEL" && m_distribution.timeOut)
        {
            Refuse("session_timeout_exponent",
                   "found " + std::to_string(*m_distribution.timeOut) +
                       ", expected null: carousel/window says how long members listen");
        }
        if (m_distribution.timeOutRule == "chirpstack" &&
            (policy == "LADDER" || policy == "CAROUSEL"))
        {
            Refuse("session_timeout",
                   "found \"chirpstack\", expected predicted: ChirpStack has no policy " + policy);
        }
    }

    void CheckCarousel()
    {
        const auto& carousel = m_strategy.carousel;
        if (carousel.windowS > carousel.periodS)
        {
            Refuse("carousel/window",
                   "found \"" + FormatQuantity(UnitKind::DURATION, carousel.windowS) +
                       "\", expected at most period, \"" +
                       FormatQuantity(UnitKind::DURATION, carousel.periodS) + "\"");
        }
        // A session of class C lasts 2^15 s at most (TS005 section 3.5).
        constexpr double LONGEST_WINDOW_S = 27000;
        if (carousel.windowS > LONGEST_WINDOW_S && m_distribution.sessionClass == "C")
        {
            Refuse("carousel/window",
                   "found \"" + FormatQuantity(UnitKind::DURATION, carousel.windowS) +
                       "\", expected at most \"7.5 h\": class C sessions are no longer");
        }
    }

    void CheckCapture()
    {
        const bool hasBytes = m_strategy.fec == "ts004" || m_strategy.fec == "none";
        if (m_scenario.record.pcapFile && !hasBytes)
        {
            Refuse("fec",
                   "found \"" + m_strategy.fec +
                       "\", expected ts004 or none with /record/pcap: the bytes of its coded "
                       "fragments are not computed");
        }
    }

    const Scenario& m_scenario;
    const DistributionSpec& m_distribution;
    const StrategyConfig& m_strategy;
    std::string m_file;
    std::vector<ScenarioProblem> m_problems;
};

} // namespace

std::vector<ScenarioProblem>
ValidateStrategy(const Scenario& scenario, const std::string& file)
{
    return StrategyChecker(scenario, file).Run();
}

} // namespace ns3::iotfleet
