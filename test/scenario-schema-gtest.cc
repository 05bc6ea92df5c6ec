// SPDX-License-Identifier: GPL-2.0-only

// The published JSON Schema, judged by an independent validator.

#include "helper/scenario-reader.h"
#include "helper/scenario-schema.h"
#include "helper/scenario-writer.h"
#include "model/fleet/device-profile.h"
#include "model/lorawan/region.h"
#include "test/test-support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace
{

using namespace ns3::iotfleet;
using nlohmann::json;

/** Asks valijson whether a document obeys our schema. */
class SchemaJudge
{
  public:
    SchemaJudge()
        : m_text(json::parse(ScenarioSchemaText()))
    {
        valijson::SchemaParser parser;
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(m_text), m_schema);
    }

    bool Accepts(const json& document)
    {
        valijson::Validator validator;
        return validator.validate(m_schema,
                                  valijson::adapters::NlohmannJsonAdapter(document),
                                  nullptr);
    }

  private:
    json m_text;               //!< our schema
    valijson::Schema m_schema; //!< as valijson understands it
};

const std::string MINIMAL = "test/data/scenarios/minimal.json";

TEST(ScenarioSchema, PublishedFileIsWhatTheProgramPrints)
{
    EXPECT_TRUE(ReadText(SourcePath("scenarios/scenario.schema.json")) == ScenarioSchemaText())
        << "refresh it: iot-fleet schema scenario > scenarios/scenario.schema.json";
}

TEST(ScenarioSchema, AcceptsWhatTheReaderAccepts)
{
    SchemaJudge judge;
    for (const char* path :
         {"test/data/scenarios/minimal.json", "test/data/scenarios/inventory.json"})
    {
        EXPECT_TRUE(judge.Accepts(json::parse(ReadText(SourcePath(path))))) << path;
        const std::string effective = EffectiveScenario(ReadScenario(SourcePath(path)));
        EXPECT_TRUE(judge.Accepts(json::parse(effective))) << effective;
    }
    for (const auto& entry : std::filesystem::directory_iterator(SourcePath("scenarios")))
    {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() == ".json" && name != "scenario.schema.json")
        {
            EXPECT_TRUE(judge.Accepts(json::parse(ReadText(entry.path())))) << name;
        }
    }
}

TEST(ScenarioSchema, RefusesWhatTheReaderRefuses)
{
    const std::vector<std::pair<std::string, json>> changes{
        {"/rollout/waves/1/soak", 3600},
        {"/rollout/waves/1/soak", "1 hour"},
        {"/rollout/waves/1/soak", "-1 h"},
        {"/rollout/waves/0/share", 1.5},
        {"/rollout/waves/0/share", "ten %"},
        {"/rollout/order", "radom"},
        {"/rolout", json::object()},
        {"/seed", 0},
        {"/seed", 1.5},
        {"/schema", 2},
        {"/fleet/groups/0/name", 7},
        {"/fleet/groups/0/count", -1},
        {"/access/lorawan/gateways", json{{"count", 3}, {"heigth", "3 m"}}},
        {"/access/lorawan/gateways", json{{"placement", json::object()}}},
        {"/distribution", json{{"fragment_size", json{{"16", "51 B"}}}}},
        {"/distribution", json{{"fragment_size", 51}}},
        {"/fleet/profiles", json{{"x", json{{"rx_current", 0.005}}}}},
    };
    SchemaJudge judge;
    const json valid = json::parse(ReadText(SourcePath(MINIMAL)));
    for (const auto& [pointer, value] : changes)
    {
        json changed = valid;
        changed[json::json_pointer(pointer)] = value;
        EXPECT_FALSE(judge.Accepts(changed)) << pointer << " " << value;
        EXPECT_THROW(ReadScenario(SourcePath(MINIMAL), {pointer + "=" + value.dump()}),
                     ScenarioError)
            << pointer << " " << value;
    }
}

/** Visits all properties of a schema. */
void
ExpectDescriptions(const json& schema, const std::string& where)
{
    if (schema.contains("properties"))
    {
        for (const auto& [key, property] : schema["properties"].items())
        {
            EXPECT_FALSE(property.value("description", "").empty()) << where << "/" << key;
            ExpectDescriptions(property, where + "/" + key);
        }
    }
    for (const char* inner : {"items", "additionalProperties"})
    {
        if (schema.contains(inner) && schema[inner].is_object())
        {
            ExpectDescriptions(schema[inner], where);
        }
    }
}

TEST(ScenarioSchema, EverythingHasADescription)
{
    ExpectDescriptions(json::parse(ScenarioSchemaText()), "");
}

TEST(ScenarioSchema, HasEveryRegion)
{
    const json schema = json::parse(ScenarioSchemaText());
    EXPECT_EQ(
        schema["properties"]["access"]["properties"]["lorawan"]["properties"]["region"]["enum"],
        json(RegionNames()));
}

TEST(ScenarioSchema, HasEveryMemberOfADeviceProfile)
{
    const json schema = json::parse(ScenarioSchemaText());
    const json& keys = schema["properties"]["fleet"]["properties"]["profiles"]
                             ["additionalProperties"]["properties"];
    for (const std::string_view member : ProfileMemberNames())
    {
        EXPECT_TRUE(keys.contains(std::string(member))) << member;
    }
    EXPECT_EQ(keys.size(), ProfileMemberNames().size() + 2) << "all of them, base, tx_currents";
}

} // namespace
