// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-schema.h"

#include "helper/campaign-fields.h"
#include "helper/scenario-fields.h"
#include "helper/scenario-json.h"
#include "model/record/metric-dictionary.h"
#include "model/record/results-schema.h"

#include <cmath>

namespace ns3::iotfleet
{

namespace
{

/** A regular expression for a number with one of the kind's symbols. */
std::string
QuantityPattern(UnitKind kind, const Bounds& bounds)
{
    std::string symbols;
    for (const Unit& unit : UnitsOf(kind))
    {
        symbols.append(symbols.empty() ? "" : "|").append(unit.symbol);
    }
    const std::string sign = bounds.min < 0 ? "-?" : "";
    return "^" + sign + "([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)? *(" + symbols + ")$";
}

std::string
UnitList(UnitKind kind)
{
    std::vector<std::string> symbols;
    for (const Unit& unit : UnitsOf(kind))
    {
        symbols.emplace_back(unit.symbol);
    }
    return JoinWords(symbols);
}

/** Describes every field as a JSON Schema; takes defaults from a fresh Scenario. */
class ScenarioSchemaWriter : public ScenarioVisitor
{
  public:
    /** @return the schema of what was visited, as an object */
    const ScenarioJson& GetSchema() const
    {
        return m_open.front();
    }

    void Flag(const Field& field, bool& value) override
    {
        Put(field, {{"type", "boolean"}}, value);
    }

    void PresenceFlag(const Field& field, bool& /* value */) override
    {
        Put(field, {{"type", "boolean"}}, true);
    }

    void Text(const Field& field, std::string& value, Choices choices) override
    {
        ScenarioJson schema = {{"type", "string"}};
        if (choices.size() > 0)
        {
            schema["enum"] = std::vector<std::string>(choices.begin(), choices.end());
        }
        Put(field, std::move(schema), value.empty() ? ScenarioJson() : ScenarioJson(value));
    }

    void Text(const Field& field, std::optional<std::string>& /* value */) override
    {
        Put(field, Typed("string", true), {});
    }

    void Texts(const Field& field, std::vector<std::string>& /* values */) override
    {
        Put(field, {{"type", "array"}, {"items", {{"type", "string"}}}}, ScenarioJson::array());
    }

    void Path(const Field& field,
              std::optional<std::filesystem::path>& /* value */,
              PathRole /* role */) override
    {
        ScenarioJson schema = Typed("string", true);
        schema["minLength"] = 1;
        Put(field, std::move(schema), {});
    }

    void Json(const Field& field, ScenarioJson& /* value */, const JsonForm& form) override
    {
        Put(field, ScenarioJson::parse(form.schema), {});
    }

    void Gateways(const Field& field, std::vector<GatewaySpec>& /* gateways */) override
    {
        ScenarioSchemaWriter one;
        GatewaySpec gateway;
        VisitGateway(one, gateway);
        ScenarioSchemaWriter plan;
        GatewayPlan plannedGateways;
        VisitGatewayPlan(plan, plannedGateways);
        ScenarioSchemaWriter file;
        std::optional<std::filesystem::path> csv;
        file.Path({"csv", "CSV file of gateways.", true}, csv, PathRole::INPUT);
        const ScenarioJson list = {{"type", "array"}, {"minItems", 1}, {"items", one.GetSchema()}};
        ScenarioJson schema;
        schema["anyOf"] = {list, file.GetSchema(), plan.GetSchema()};
        Put(field, std::move(schema), {});
    }

    void SizesByDataRate(const Field& field,
                         std::optional<uint8_t>& /* one */,
                         std::map<uint8_t, uint8_t>& /* byDataRate */) override
    {
        const ScenarioJson size = {{"type", "string"},
                                   {"pattern", QuantityPattern(UnitKind::SIZE, NOT_NEGATIVE)}};
        ScenarioJson table = {{"type", "object"}};
        table["patternProperties"]["^([0-9]|1[0-5])$"] = size;
        table["additionalProperties"] = false;
        ScenarioJson schema;
        schema["anyOf"] = {size, table, {{"type", "null"}}};
        Put(field, std::move(schema), {});
    }

  protected:
    std::optional<double> DoQuantity(const Field& field,
                                     UnitKind kind,
                                     std::optional<double> value,
                                     bool nullable,
                                     const Bounds& bounds) override
    {
        ScenarioJson schema = Typed("string", nullable);
        schema["pattern"] = QuantityPattern(kind, bounds);
        const std::string units = std::string(" Units: ") + UnitList(kind) + ".";
        Put({field.key, (field.description + units).c_str(), field.required},
            std::move(schema),
            value ? ScenarioJson(FormatQuantity(kind, *value)) : ScenarioJson());
        return value;
    }

    std::optional<double> DoShare(const Field& field,
                                  std::optional<double> value,
                                  bool nullable,
                                  const Bounds& bounds) override
    {
        ScenarioJson number = {{"type", "number"}};
        AddBounds(number, bounds);
        const ScenarioJson percentage = {{"type", "string"}, {"pattern", "^[0-9]+\\.?[0-9]* *%$"}};
        ScenarioJson schema;
        schema["anyOf"] = {number, percentage};
        if (nullable)
        {
            schema["anyOf"].push_back({{"type", "null"}});
        }
        Put(field, std::move(schema), value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    std::optional<double> DoNumber(const Field& field,
                                   std::optional<double> value,
                                   bool nullable,
                                   const Bounds& bounds) override
    {
        ScenarioJson schema = Typed("number", nullable);
        AddBounds(schema, bounds);
        Put(field, std::move(schema), value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    std::optional<uint64_t> DoInteger(const Field& field,
                                      std::optional<uint64_t> value,
                                      bool nullable,
                                      uint64_t min,
                                      uint64_t max) override
    {
        ScenarioJson schema = Typed("integer", nullable);
        schema["minimum"] = min;
        if (max <= std::numeric_limits<uint32_t>::max()) // larger ones are no limits in JSON
        {
            schema["maximum"] = max;
        }
        Put(field, std::move(schema), value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    bool BeginObject(const Field& field) override
    {
        m_fields.push_back(field);
        m_open.push_back(EmptyObject());
        return true;
    }

    void EndObject() override
    {
        const Field field = m_fields.back();
        m_fields.pop_back();
        ScenarioJson schema = std::move(m_open.back());
        m_open.pop_back();
        Put(field, std::move(schema), {});
    }

    std::optional<std::size_t> BeginArray(const Field& field, std::size_t /* size */) override
    {
        m_fields.push_back(field);
        m_open.push_back(EmptyObject());
        return 1;
    }

    bool BeginItem(std::size_t /* index */) override
    {
        return BeginObject({"items", ""});
    }

    void EndArray() override
    {
        ScenarioJson items = std::move(m_open.back()["properties"]["items"]);
        items.erase("description");
        m_open.back() = {{"type", "array"}, {"items", std::move(items)}};
        EndObject();
    }

    bool BeginMap(const Field& field, std::vector<std::string>& names) override
    {
        names = {"name"};
        return BeginObject(field);
    }

    bool BeginEntry(const std::string& /* name */) override
    {
        return BeginObject({"items", ""});
    }

    void EndMap() override
    {
        ScenarioJson items = std::move(m_open.back()["properties"]["items"]);
        items.erase("description");
        m_open.back() = {{"type", "object"}, {"additionalProperties", std::move(items)}};
        EndObject();
    }

  private:
    static ScenarioJson EmptyObject()
    {
        return {{"type", "object"},
                {"additionalProperties", false},
                {"properties", ScenarioJson::object()}};
    }

    static ScenarioJson Typed(const char* type, bool nullable)
    {
        ScenarioJson schema;
        schema["type"] = nullable ? ScenarioJson::array({type, "null"}) : ScenarioJson(type);
        return schema;
    }

    static void AddBounds(ScenarioJson& schema, const Bounds& bounds)
    {
        if (std::isfinite(bounds.min))
        {
            schema[bounds.minExcluded ? "exclusiveMinimum" : "minimum"] = bounds.min;
        }
        if (std::isfinite(bounds.max))
        {
            schema["maximum"] = bounds.max;
        }
    }

    /** Adds a property to the innermost object; a null default is not written. */
    void Put(const Field& field, ScenarioJson schema, const ScenarioJson& fallback)
    {
        schema["description"] = field.description;
        if (field.required)
        {
            m_open.back()["required"].push_back(field.key);
        }
        else if (!fallback.is_null())
        {
            schema["default"] = fallback;
        }
        m_open.back()["properties"][field.key] = std::move(schema);
    }

    std::vector<ScenarioJson> m_open{EmptyObject()}; //!< from the root to the innermost
    std::vector<Field> m_fields;                     //!< of all but the root
};

/** The schema of a whole file, whose root holds `$schema` besides what `visit` lists. */
template <typename T>
std::string
FileSchemaText(const char* title, const char* description, void (*visit)(ScenarioVisitor&, T&))
{
    T defaults;
    ScenarioSchemaWriter writer;
    visit(writer, defaults);
    ScenarioJson schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                           {"title", title},
                           {"description", description}};
    schema.update(writer.GetSchema());
    schema["properties"]["$schema"] = {{"type", "string"},
                                       {"description", "This schema, for editors; not used."}};
    return schema.dump(2) + "\n";
}

} // namespace

std::string
ScenarioSchemaText()
{
    return FileSchemaText("iot-fleet scenario",
                          "Durations, sizes, powers and rates are texts with a unit; paths "
                          "start at the folder of the scenario.",
                          VisitScenario);
}

std::string
CampaignSchemaText()
{
    return FileSchemaText("iot-fleet campaign",
                          "Many runs of scenarios; paths start at the folder of the campaign.",
                          VisitCampaign);
}

std::string
SchemaText(const std::string& what)
{
    if (what == "results")
    {
        return std::string(ResultsSchemaText());
    }
    if (what == "campaign")
    {
        return CampaignSchemaText();
    }
    return what == "metrics" ? MetricDictionaryText() : ScenarioSchemaText();
}

} // namespace ns3::iotfleet
