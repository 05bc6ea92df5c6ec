// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-field-reader.h"

#include "helper/inventory.h"
#include "helper/placement.h"
#include "helper/scenario-fields.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace ns3::iotfleet
{

namespace
{

std::string
DescribeBounds(const Bounds& bounds, const std::function<std::string(double)>& format)
{
    const bool bounded = std::isfinite(bounds.max);
    if (bounds.minExcluded)
    {
        return "more than " + format(bounds.min) +
               (bounded ? " and at most " + format(bounds.max) : "");
    }
    if (std::isfinite(bounds.min))
    {
        return bounded ? "from " + format(bounds.min) + " to " + format(bounds.max)
                       : "at least " + format(bounds.min);
    }
    return "at most " + format(bounds.max);
}

bool
IsWithin(double value, const Bounds& bounds)
{
    return value <= bounds.max && (bounds.minExcluded ? value > bounds.min : value >= bounds.min);
}

} // namespace

ScenarioFieldReader::ScenarioFieldReader(std::string file,
                                         std::filesystem::path folder,
                                         const ScenarioJson& tree)
    : m_file(std::move(file)),
      m_folder(std::move(folder)),
      m_tree(tree)
{
}

const std::vector<ScenarioProblem>&
ScenarioFieldReader::GetProblems() const
{
    return m_problems;
}

const std::vector<std::filesystem::path>&
ScenarioFieldReader::GetGatewayFiles() const
{
    return m_gatewayFiles;
}

void
ScenarioFieldReader::Refuse(const std::string& pointer, const std::string& message)
{
    m_problems.push_back({m_file, pointer, message});
}

void
ScenarioFieldReader::RefuseFound(const std::string& pointer,
                                 const ScenarioJson& found,
                                 const std::string& expected)
{
    Refuse(pointer, "found " + DescribeFound(found) + ", expected " + expected);
}

std::string
ScenarioFieldReader::PointerOf(const Field& field) const
{
    return AppendPointer(m_levels.back().pointer, field.key);
}

const ScenarioJson*
ScenarioFieldReader::Find(const Field& field, bool nullable)
{
    Level& level = m_levels.back();
    level.known.emplace_back(field.key);
    const auto at = level.node->find(field.key);
    if (at == level.node->end())
    {
        if (field.required)
        {
            Refuse(level.pointer,
                   "found no key \"" + std::string(field.key) +
                       "\", expected it: " + field.description);
        }
        return nullptr;
    }
    return nullable && at->is_null() ? nullptr : &*at;
}

/// `null` empties a value; who leaves the key out leaves the value to the attributes.
bool
ScenarioFieldReader::IsLeftOut(const Field& field) const
{
    return !m_levels.back().node->contains(field.key);
}

bool
ScenarioFieldReader::Enter(const ScenarioJson& node, const std::string& pointer)
{
    if (!node.is_object())
    {
        RefuseFound(pointer, node, "an object");
        return false;
    }
    m_levels.push_back({&node, pointer, {}});
    return true;
}

void
ScenarioFieldReader::Flag(const Field& field, bool& value)
{
    if (const ScenarioJson* node = Find(field))
    {
        if (node->is_boolean())
        {
            value = node->get<bool>();
        }
        else
        {
            RefuseFound(PointerOf(field), *node, "true or false");
        }
    }
}

void
ScenarioFieldReader::PresenceFlag(const Field& field, bool& value)
{
    value = true;
    Flag(field, value);
}

void
ScenarioFieldReader::Text(const Field& field, std::string& value, Choices choices)
{
    const ScenarioJson* node = Find(field);
    if (!node)
    {
        return;
    }
    const std::vector<std::string> words(choices.begin(), choices.end());
    const std::string expected = words.empty() ? "a text" : "one of " + JoinWords(words);
    if (!node->is_string())
    {
        // On a command line --set KEY=1.1 is a number, and 1.1 what it took for a text.
        const std::string quoted = ScenarioJson(node->dump()).dump();
        const std::string hint =
            " in quotes: " + quoted + ", and on a command line '" + quoted + "'";
        RefuseFound(PointerOf(field), *node, expected + (node->is_number() ? hint : ""));
        return;
    }
    const auto text = node->get<std::string>();
    if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end())
    {
        const std::string near = SuggestWord(text, words);
        RefuseFound(PointerOf(field),
                    *node,
                    expected + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
        return;
    }
    value = text;
}

void
ScenarioFieldReader::Text(const Field& field, std::optional<std::string>& value)
{
    if (!IsLeftOut(field))
    {
        value.reset();
    }
    if (const ScenarioJson* node = Find(field, true))
    {
        if (node->is_string())
        {
            value = node->get<std::string>();
        }
        else
        {
            RefuseFound(PointerOf(field), *node, "a text or null");
        }
    }
}

void
ScenarioFieldReader::Texts(const Field& field, std::vector<std::string>& values)
{
    const ScenarioJson* node = Find(field);
    if (!node)
    {
        return;
    }
    if (!node->is_array())
    {
        RefuseFound(PointerOf(field), *node, "a list of texts");
        return;
    }
    values.clear();
    for (const ScenarioJson& item : *node)
    {
        if (item.is_string())
        {
            values.push_back(item.get<std::string>());
        }
        else
        {
            const auto index = static_cast<std::size_t>(&item - &node->front());
            RefuseFound(AppendPointer(PointerOf(field), std::to_string(index)), item, "a text");
        }
    }
}

void
ScenarioFieldReader::Path(const Field& field,
                          std::optional<std::filesystem::path>& value,
                          PathRole role)
{
    value.reset();
    const ScenarioJson* node = Find(field, true);
    if (!node)
    {
        return;
    }
    if (!node->is_string() || node->get_ref<const std::string&>().empty())
    {
        RefuseFound(PointerOf(field), *node, "the path of a file or null");
        return;
    }
    const std::filesystem::path path = node->get<std::string>();
    value = role == PathRole::INPUT ? (m_folder / path).lexically_normal() : path;
}

void
ScenarioFieldReader::Json(const Field& field, ScenarioJson& value, const JsonForm& form)
{
    const ScenarioJson* node = Find(field);
    if (!node)
    {
        return;
    }
    value = *node;
    for (const ScenarioProblem& problem : form.check(value))
    {
        Refuse(PointerOf(field) + problem.where, problem.message);
    }
}

std::optional<double>
ScenarioFieldReader::TakeQuantity(const ScenarioJson& node,
                                  const std::string& pointer,
                                  UnitKind kind,
                                  const Bounds& bounds)
{
    const auto value =
        node.is_string() ? ParseQuantity(kind, node.get_ref<const std::string&>()) : std::nullopt;
    if (!value)
    {
        RefuseFound(pointer, node, std::string(UnitDescription(kind)));
        return std::nullopt;
    }
    const bool whole = kind != UnitKind::SIZE || *value == std::floor(*value);
    if (!whole || !IsWithin(*value, bounds))
    {
        const auto format = [&](double limit) { return "\"" + FormatQuantity(kind, limit) + "\""; };
        RefuseFound(pointer,
                    node,
                    whole ? std::string(UnitNoun(kind)) + " " + DescribeBounds(bounds, format)
                          : "a whole number of bytes");
        return std::nullopt;
    }
    return value;
}

std::optional<double>
ScenarioFieldReader::DoQuantity(const Field& field,
                                UnitKind kind,
                                std::optional<double> value,
                                bool nullable,
                                const Bounds& bounds)
{
    const ScenarioJson* node = Find(field, nullable);
    if (!node)
    {
        return IsLeftOut(field) ? value : std::nullopt;
    }
    return TakeQuantity(*node, PointerOf(field), kind, bounds);
}

std::optional<double>
ScenarioFieldReader::DoShare(const Field& field,
                             std::optional<double> value,
                             bool nullable,
                             const Bounds& bounds)
{
    const ScenarioJson* node = Find(field, nullable);
    if (!node)
    {
        return IsLeftOut(field) ? value : std::nullopt;
    }
    std::optional<double> share;
    if (node->is_number())
    {
        share = node->get<double>();
    }
    else if (node->is_string())
    {
        share = ParsePercentage(node->get_ref<const std::string&>());
    }
    if (!share || !IsWithin(*share, bounds))
    {
        RefuseFound(PointerOf(field),
                    *node,
                    "a share " + DescribeBounds(bounds, FormatNumber) +
                        ", or a percentage such as \"10 %\"");
        return std::nullopt;
    }
    return share;
}

std::optional<double>
ScenarioFieldReader::DoNumber(const Field& field,
                              std::optional<double> value,
                              bool nullable,
                              const Bounds& bounds)
{
    const ScenarioJson* node = Find(field, nullable);
    if (!node)
    {
        return IsLeftOut(field) ? value : std::nullopt;
    }
    if (!node->is_number() || !IsWithin(node->get<double>(), bounds))
    {
        const bool bounded = std::isfinite(bounds.min) || std::isfinite(bounds.max);
        RefuseFound(PointerOf(field),
                    *node,
                    "a number" + (bounded ? " " + DescribeBounds(bounds, FormatNumber) : ""));
        return std::nullopt;
    }
    return node->get<double>();
}

std::optional<uint64_t>
ScenarioFieldReader::DoInteger(const Field& field,
                               std::optional<uint64_t> value,
                               bool nullable,
                               uint64_t min,
                               uint64_t max)
{
    const ScenarioJson* node = Find(field, nullable);
    if (!node)
    {
        return IsLeftOut(field) ? value : std::nullopt;
    }
    if (!node->is_number_unsigned() || node->get<uint64_t>() < min || node->get<uint64_t>() > max)
    {
        RefuseFound(PointerOf(field),
                    *node,
                    min == max ? std::to_string(min)
                               : "a whole number from " + std::to_string(min) + " to " +
                                     std::to_string(max));
        return std::nullopt;
    }
    return node->get<uint64_t>();
}

bool
ScenarioFieldReader::BeginObject(const Field& field)
{
    const ScenarioJson* node = Find(field);
    return node && Enter(*node, PointerOf(field));
}

void
ScenarioFieldReader::EndObject()
{
    const Level level = m_levels.back();
    m_levels.pop_back();
    for (const auto& [key, value] : level.node->items())
    {
        const bool isForEditors = key == "$schema" && level.pointer.empty();
        const bool isKnown =
            std::find(level.known.begin(), level.known.end(), key) != level.known.end();
        if (!isKnown && !isForEditors)
        {
            const std::string near = SuggestWord(key, level.known);
            Refuse(AppendPointer(level.pointer, key),
                   "found unknown key \"" + key + "\"" +
                       (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                       " (accepted: " + JoinWords(level.known) + ")");
        }
    }
}

std::optional<std::size_t>
ScenarioFieldReader::BeginArray(const Field& field, std::size_t /* size */)
{
    const ScenarioJson* node = Find(field);
    if (!node)
    {
        return std::nullopt;
    }
    if (!node->is_array())
    {
        RefuseFound(PointerOf(field), *node, "an array");
        return std::nullopt;
    }
    m_levels.push_back({node, PointerOf(field), {}});
    return node->size();
}

bool
ScenarioFieldReader::BeginItem(std::size_t index)
{
    const Level& level = m_levels.back();
    return Enter((*level.node)[index], AppendPointer(level.pointer, std::to_string(index)));
}

void
ScenarioFieldReader::EndArray()
{
    m_levels.pop_back();
}

bool
ScenarioFieldReader::BeginMap(const Field& field, std::vector<std::string>& names)
{
    const ScenarioJson* node = Find(field);
    if (!node || !Enter(*node, PointerOf(field)))
    {
        return false;
    }
    names.clear();
    for (const auto& [name, value] : node->items())
    {
        names.push_back(name);
    }
    return true;
}

bool
ScenarioFieldReader::BeginEntry(const std::string& name)
{
    const Level& level = m_levels.back();
    return Enter((*level.node)[name], AppendPointer(level.pointer, name));
}

void
ScenarioFieldReader::EndMap()
{
    m_levels.pop_back();
}

void
ScenarioFieldReader::Gateways(const Field& field, std::vector<GatewaySpec>& gateways)
{
    const auto at = m_levels.back().node->find(field.key);
    if (at != m_levels.back().node->end() && at->is_object())
    {
        ReadGatewayObject(*Find(field), PointerOf(field), gateways);
    }
    else
    {
        Array(field, gateways, VisitGateway);
    }
    for (std::size_t i = 0; i < gateways.size(); ++i)
    {
        if (gateways[i].name.empty())
        {
            gateways[i].name = "gw-" + std::to_string(i + 1);
        }
    }
}

void
ScenarioFieldReader::ReadGatewayObject(const ScenarioJson& node,
                                       const std::string& pointer,
                                       std::vector<GatewaySpec>& gateways)
{
    if (!node.contains("csv"))
    {
        GatewayPlan plan;
        Enter(node, pointer);
        VisitGatewayPlan(*this, plan);
        EndObject();
        gateways = PlaceGateways(plan);
        return;
    }
    Enter(node, pointer);
    std::optional<std::filesystem::path> path;
    Path({"csv", "CSV file of gateways."}, path, PathRole::INPUT);
    EndObject();
    if (path)
    {
        gateways = ReadGatewayInventory(*path, m_problems);
        m_gatewayFiles.push_back(*path);
    }
}

void
ScenarioFieldReader::SizesByDataRate(const Field& field,
                                     std::optional<uint8_t>& one,
                                     std::map<uint8_t, uint8_t>& byDataRate)
{
    one.reset();
    byDataRate.clear();
    const ScenarioJson* node = Find(field, true);
    if (node && node->is_object())
    {
        ReadSizeTable(*node, PointerOf(field), byDataRate);
    }
    else if (node)
    {
        if (const auto size = TakeQuantity(*node, PointerOf(field), UnitKind::SIZE, {1, 242}))
        {
            one = static_cast<uint8_t>(*size);
        }
    }
}

void
ScenarioFieldReader::ReadSizeTable(const ScenarioJson& node,
                                   const std::string& pointer,
                                   std::map<uint8_t, uint8_t>& byDataRate)
{
    constexpr double LARGEST = 15;
    for (const auto& [key, value] : node.items())
    {
        const auto dataRate = ParseNumber(key);
        const std::string place = AppendPointer(pointer, key);
        if (!dataRate || *dataRate < 0 || *dataRate > LARGEST || *dataRate != std::floor(*dataRate))
        {
            Refuse(place, "found key \"" + key + "\", expected a data rate from 0 to 15");
        }
        else if (const auto size = TakeQuantity(value, place, UnitKind::SIZE, {1, 242}))
        {
            byDataRate[static_cast<uint8_t>(*dataRate)] = static_cast<uint8_t>(*size);
        }
    }
}

} // namespace ns3::iotfleet
