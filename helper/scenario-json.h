// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_JSON_H
#define IOTFLEET_HELPER_SCENARIO_JSON_H

#include "helper/scenario-error.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-helper
 * JSON text of a scenario as a tree, before anyone asks what its keys mean.
 */

namespace ns3::iotfleet
{

/** A tree that keeps the order of keys. */
using ScenarioJson = nlohmann::ordered_json;

/**
 * Reads JSON and refuses what nlohmann's parser lets pass: an object with the same key twice.
 *
 * @param file name for messages
 * @param text the text
 * @return the tree
 * @throws ScenarioError with line and column of a syntax error, or the pointers of all double keys
 */
ScenarioJson ParseScenarioText(const std::string& file, std::string_view text);

/**
 * Applies `POINTER=VALUE` settings in order. A value that is not JSON is taken as a string. Blocks
 * that the scenario leaves out are made on the way; "-" appends to an array (RFC 6901 section 4).
 *
 * @param tree the scenario, changed
 * @param sets settings such as `/fleet/groups/0/count=500`
 * @throws ScenarioError with all unusable settings
 */
void ApplySettings(ScenarioJson& tree, const std::vector<std::string>& sets);

/**
 * Applies one setting under the same rules.
 *
 * @param tree the scenario, changed
 * @param pointer JSON pointer such as `/fleet/groups/0/count`
 * @param value what shall stand there
 * @return what is wrong with the setting; empty when it was applied
 */
std::string ApplySetting(ScenarioJson& tree, const std::string& pointer, const ScenarioJson& value);

/**
 * @param value a value of the file
 * @return it in a message's words, such as `3600 (number)`
 */
std::string DescribeFound(const ScenarioJson& value);

/**
 * @param pointer JSON pointer of an object or array
 * @param key key or index in it
 * @return the pointer of the member (RFC 6901)
 */
std::string AppendPointer(const std::string& pointer, std::string_view key);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_JSON_H
