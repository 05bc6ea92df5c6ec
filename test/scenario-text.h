// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_SCENARIO_TEXT_H
#define IOTFLEET_TEST_SCENARIO_TEXT_H

#include "helper/scenario-reader.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace ns3::iotfleet::test
{

/**
 * Reads a scenario that a test carries as text.
 * @param json the scenario
 * @param sets `POINTER=VALUE` as on the command line
 * @return the scenario, checked as one from a file is
 */
inline Scenario
ReadScenarioText(const std::string& json, const std::vector<std::string>& sets = {})
{
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("iot-fleet-scenario-" + std::to_string(getpid()) + ".json");
    std::ofstream(path) << json;
    auto scenario = ReadScenario(path, sets);
    std::filesystem::remove(path);
    return scenario;
}

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_SCENARIO_TEXT_H
