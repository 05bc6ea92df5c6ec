// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-writer.h"

#include "helper/scenario-fields.h"
#include "helper/scenario-json.h"

namespace ns3::iotfleet
{

namespace
{

/** Builds the JSON tree of a scenario; it changes nothing in the scenario. */
class ScenarioFieldWriter : public ScenarioVisitor
{
  public:
    /** @return the tree of what was visited */
    const ScenarioJson& GetTree() const
    {
        return m_open.front();
    }

    void Flag(const Field& field, bool& value) override
    {
        Put(field, value);
    }

    void PresenceFlag(const Field& field, bool& value) override
    {
        Put(field, value);
    }

    void Text(const Field& field, std::string& value, Choices /* choices */) override
    {
        Put(field, value);
    }

    void Text(const Field& field, std::optional<std::string>& value) override
    {
        Put(field, value ? ScenarioJson(*value) : ScenarioJson());
    }

    void Texts(const Field& field, std::vector<std::string>& values) override
    {
        Put(field, values);
    }

    void Path(const Field& field,
              std::optional<std::filesystem::path>& value,
              PathRole /* role */) override
    {
        Put(field, value ? ScenarioJson(value->string()) : ScenarioJson());
    }

    void Json(const Field& field, ScenarioJson& value, const JsonForm& /* form */) override
    {
        Put(field, value);
    }

    void Gateways(const Field& field, std::vector<GatewaySpec>& gateways) override
    {
        Array(field, gateways, VisitGateway);
    }

    void SizesByDataRate(const Field& field,
                         std::optional<uint8_t>& one,
                         std::map<uint8_t, uint8_t>& byDataRate) override
    {
        ScenarioJson value;
        if (one)
        {
            value = FormatQuantity(UnitKind::SIZE, *one);
        }
        for (const auto& [dataRate, bytes] : byDataRate)
        {
            value[std::to_string(dataRate)] = FormatQuantity(UnitKind::SIZE, bytes);
        }
        Put(field, value);
    }

  protected:
    std::optional<double> DoQuantity(const Field& field,
                                     UnitKind kind,
                                     std::optional<double> value,
                                     bool /* nullable */,
                                     const Bounds& /* bounds */) override
    {
        Put(field, value ? ScenarioJson(FormatQuantity(kind, *value)) : ScenarioJson());
        return value;
    }

    std::optional<double> DoShare(const Field& field,
                                  std::optional<double> value,
                                  bool /* nullable */,
                                  const Bounds& /* bounds */) override
    {
        Put(field, value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    std::optional<double> DoNumber(const Field& field,
                                   std::optional<double> value,
                                   bool /* nullable */,
                                   const Bounds& /* bounds */) override
    {
        Put(field, value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    std::optional<uint64_t> DoInteger(const Field& field,
                                      std::optional<uint64_t> value,
                                      bool /* nullable */,
                                      uint64_t /* min */,
                                      uint64_t /* max */) override
    {
        Put(field, value ? ScenarioJson(*value) : ScenarioJson());
        return value;
    }

    bool BeginObject(const Field& field) override
    {
        Open(field.key, ScenarioJson::object());
        return true;
    }

    void EndObject() override
    {
        Close();
    }

    std::optional<std::size_t> BeginArray(const Field& field, std::size_t size) override
    {
        Open(field.key, ScenarioJson::array());
        return size;
    }

    bool BeginItem(std::size_t /* index */) override
    {
        Open("", ScenarioJson::object());
        return true;
    }

    void EndArray() override
    {
        Close();
    }

    bool BeginMap(const Field& field, std::vector<std::string>& /* names */) override
    {
        return BeginObject(field);
    }

    bool BeginEntry(const std::string& name) override
    {
        Open(name, ScenarioJson::object());
        return true;
    }

    void EndMap() override
    {
        Close();
    }

  private:
    void Put(const Field& field, ScenarioJson value)
    {
        m_open.back()[field.key] = std::move(value);
    }

    void Open(const std::string& key, ScenarioJson empty)
    {
        m_keys.push_back(key);
        m_open.push_back(std::move(empty));
    }

    /** Hands the innermost object or array to the one around it. */
    void Close()
    {
        ScenarioJson value = std::move(m_open.back());
        m_open.pop_back();
        if (m_open.back().is_array())
        {
            m_open.back().push_back(std::move(value));
        }
        else
        {
            m_open.back()[m_keys.back()] = std::move(value);
        }
        m_keys.pop_back();
    }

    std::vector<ScenarioJson> m_open{ScenarioJson::object()}; //!< from the root to the innermost
    std::vector<std::string> m_keys;                          //!< of all but the root
};

} // namespace

std::string
EffectiveScenario(const Scenario& scenario)
{
    Scenario copy = scenario; // visitors may change what they visit; this one does not
    ScenarioFieldWriter writer;
    VisitScenario(writer, copy);
    return writer.GetTree().dump(2, ' ', false, ScenarioJson::error_handler_t::replace) + "\n";
}

} // namespace ns3::iotfleet
