// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_FIELD_READER_H
#define IOTFLEET_HELPER_SCENARIO_FIELD_READER_H

#include "helper/scenario-json.h"
#include "helper/scenario-visitor.h"

namespace ns3::iotfleet
{

/**
 * Takes the values of a JSON tree into a Scenario and collects every problem on the way: wrong
 * types, units and ranges, unknown and missing keys. It does not look at what values mean together;
 * that is the validator's task.
 */
class ScenarioFieldReader : public ScenarioVisitor
{
  public:
    /**
     * @param file name for messages
     * @param folder where relative paths start
     * @param tree the scenario; must outlive the reader
     */
    ScenarioFieldReader(std::string file, std::filesystem::path folder, const ScenarioJson& tree);

    /**
     * @param value gets what the tree says; what it does not say stays
     * @param visit the list of the file's keys, such as VisitScenario
     */
    template <typename T>
    void Read(T& value, void (*visit)(ScenarioVisitor&, T&))
    {
        if (Enter(m_tree, ""))
        {
            visit(*this, value);
            EndObject();
        }
    }

    /** @return all problems so far, in the order of the visit */
    const std::vector<ScenarioProblem>& GetProblems() const;

    /** @return CSV files of gateways that were read, for the digest */
    const std::vector<std::filesystem::path>& GetGatewayFiles() const;

    void Flag(const Field& field, bool& value) override;
    void PresenceFlag(const Field& field, bool& value) override;
    void Text(const Field& field, std::string& value, Choices choices) override;
    void Text(const Field& field, std::optional<std::string>& value) override;
    void Texts(const Field& field, std::vector<std::string>& values) override;
    void Path(const Field& field,
              std::optional<std::filesystem::path>& value,
              PathRole role) override;
    void Json(const Field& field, ScenarioJson& value, const JsonForm& form) override;
    void Gateways(const Field& field, std::vector<GatewaySpec>& gateways) override;
    void SizesByDataRate(const Field& field,
                         std::optional<uint8_t>& one,
                         std::map<uint8_t, uint8_t>& byDataRate) override;

  protected:
    std::optional<double> DoQuantity(const Field& field,
                                     UnitKind kind,
                                     std::optional<double> value,
                                     bool nullable,
                                     const Bounds& bounds) override;
    std::optional<double> DoShare(const Field& field,
                                  std::optional<double> value,
                                  bool nullable,
                                  const Bounds& bounds) override;
    std::optional<double> DoNumber(const Field& field,
                                   std::optional<double> value,
                                   bool nullable,
                                   const Bounds& bounds) override;
    std::optional<uint64_t> DoInteger(const Field& field,
                                      std::optional<uint64_t> value,
                                      bool nullable,
                                      uint64_t min,
                                      uint64_t max) override;
    bool BeginObject(const Field& field) override;
    void EndObject() override;
    std::optional<std::size_t> BeginArray(const Field& field, std::size_t size) override;
    bool BeginItem(std::size_t index) override;
    void EndArray() override;
    bool BeginMap(const Field& field, std::vector<std::string>& names) override;
    bool BeginEntry(const std::string& name) override;
    void EndMap() override;

  private:
    /** An object or array being visited. */
    struct Level
    {
        const ScenarioJson* node;       //!< its value
        std::string pointer;            //!< where it stands
        std::vector<std::string> known; //!< keys asked for so far
    };

    /** @return the field's value; null when absent or, if nullable, `null` */
    const ScenarioJson* Find(const Field& field, bool nullable = false);
    /** @return whether the object that is read has no such key */
    bool IsLeftOut(const Field& field) const;
    /** @return whether the node is an object; says so otherwise */
    bool Enter(const ScenarioJson& node, const std::string& pointer);
    std::string PointerOf(const Field& field) const;
    void Refuse(const std::string& pointer, const std::string& message);
    void RefuseFound(const std::string& pointer,
                     const ScenarioJson& found,
                     const std::string& expected);
    /** @return the quantity of a node, or empty after a complaint */
    std::optional<double> TakeQuantity(const ScenarioJson& node,
                                       const std::string& pointer,
                                       UnitKind kind,
                                       const Bounds& bounds);
    void ReadGatewayObject(const ScenarioJson& node,
                           const std::string& pointer,
                           std::vector<GatewaySpec>& gateways);
    void ReadSizeTable(const ScenarioJson& node,
                       const std::string& pointer,
                       std::map<uint8_t, uint8_t>& byDataRate);

    std::string m_file;                                //!< name for messages
    std::filesystem::path m_folder;                    //!< where relative paths start
    const ScenarioJson& m_tree;                        //!< the whole file
    std::vector<Level> m_levels;                       //!< from the root to the innermost
    std::vector<ScenarioProblem> m_problems;           //!< found so far
    std::vector<std::filesystem::path> m_gatewayFiles; //!< CSV files read
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_FIELD_READER_H
