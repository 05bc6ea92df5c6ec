// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_SCENARIO_RUNNER_H
#define IOTFLEET_HELPER_SCENARIO_RUNNER_H

#include "helper/scenario.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::iotfleet
{

/// How far a run is.
struct RunProgress
{
    double simS{0};      ///< simulated time
    double durationS{0}; ///< where it ends at the latest
    uint64_t devicesTotal{0};
    uint64_t devicesEnrolled{0};
    uint64_t devicesUpdated{0};
    double wallS{0};
    std::optional<double> etaS; ///< real time left, if it goes on like this
};

/// How to run a scenario.
struct RunOptions
{
    std::filesystem::path database;
    uint64_t run{1};
    std::function<void(const RunProgress&)> onProgress; ///< called about 500 times
    int64_t runId{1};                                   ///< the run's key in the database
    std::string variant;                                ///< label within a campaign
    /// What a campaign's grid set: JSON pointer and value, for table `run_parameter`.
    std::vector<std::pair<std::string, std::string>> parameters;
};

/// What a run gave, to be told at its end.
struct RunSummary
{
    /// As in table `metric`: empty where a metric does not apply or was not reached.
    std::map<std::string, std::optional<double>> metrics;
    double simS{0};  ///< simulated time
    double wallS{0}; ///< real time
};

/**
 * Runs a scenario in this process and writes its results database. The simulator's state is
 * destroyed afterwards, so that another scenario can be run.
 *
 * @throws DatabaseError where the database cannot be written; nothing whole-looking is left then
 */
RunSummary RunScenario(const Scenario& scenario, const RunOptions& options);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_RUNNER_H
