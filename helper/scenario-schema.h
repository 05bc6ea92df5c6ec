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
 * The JSON Schema (draft-07) of campaign files; `campaigns/campaign.schema.json` is this text.
 *
 * @return JSON text with a line break at its end
 */
std::string CampaignSchemaText();

/**
 * @param what "scenario", "campaign", "results" or "metrics"
 * @return the schema of scenarios or campaigns, the database schema, or the dictionary of metrics
 */
std::string SchemaText(const std::string& what);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_SCHEMA_H
