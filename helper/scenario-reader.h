// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_READER_H
#define IOTFLEET_HELPER_SCENARIO_READER_H

#include "helper/scenario-error.h"
#include "helper/scenario.h"

/**
 * @file
 * @ingroup iotfleet-helper
 * From a scenario file to a checked Scenario.
 */

namespace ns3::iotfleet
{

/**
 * Reads a scenario, the files that it names and the settings of the command line, fills in all
 * defaults and checks everything.
 *
 * @param path the scenario file; relative paths in it start at its folder
 * @param sets `POINTER=VALUE` settings, applied in order before anything is checked
 * @param seed replaces the file's seed; not a part of Scenario::text
 * @return a scenario without known faults
 * @throws ScenarioError with all faults
 */
Scenario ReadScenario(const std::filesystem::path& path,
                      const std::vector<std::string>& sets = {},
                      std::optional<uint64_t> seed = std::nullopt);

/**
 * Reads a scenario that was changed after it was read from its file, as a campaign does.
 *
 * @param path the file that it comes from, for messages; relative paths in it start at its folder
 * @param text JSON of the scenario; becomes Scenario::text as it is
 * @param seed replaces the text's seed; not a part of Scenario::text
 * @return a scenario without known faults
 * @throws ScenarioError with all faults
 */
Scenario ReadScenarioText(const std::filesystem::path& path,
                          const std::string& text,
                          std::optional<uint64_t> seed = std::nullopt);

/**
 * Fills in what a scenario leaves to be said by its other parts: its name, the backhaul "default",
 * one wave of everybody, names of waves, the target.
 *
 * @param scenario as read, or as built by C++ code
 */
void FillDefaults(Scenario& scenario);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_READER_H
