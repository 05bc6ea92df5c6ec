// SPDX-License-Identifier: GPL-2.0-only

#include "helper/strategy-validator.h"

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
