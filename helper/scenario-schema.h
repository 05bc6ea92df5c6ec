// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_SCHEMA_H
#define IOTFLEET_HELPER_SCENARIO_SCHEMA_H

#include <string>

namespace ns3::iotfleet
{

/**
 * The JSON Schema (draft-07) of scenario files, made from the same list of keys that the reader
 * uses. `scenarios/scenario.schema.json` is this text; a test compares them.
 *
 * @return JSON text with a line break at its end
 */
std::string ScenarioSchemaText();

/**
 * @param what "scenario", "results" or "metrics"
 * @return the scenario schema, the database schema, or the dictionary of metrics
 */
std::string SchemaText(const std::string& what);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_SCHEMA_H
