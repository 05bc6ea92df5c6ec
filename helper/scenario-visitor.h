// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_VISITOR_H
#define IOTFLEET_HELPER_SCENARIO_VISITOR_H

#include "helper/scenario-json.h"
#include "helper/scenario.h"
#include "helper/units.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string_view>

/**
 * @file
 * @ingroup iotfleet-helper
 * The keys of a scenario file are listed once (scenario-fields.h); readers, writers and the JSON
 * Schema are visitors of that list.
 */

namespace ns3::iotfleet
{

/** A key of the file. */
struct Field
{
    const char* key;         //!< as written in the file
    const char* description; //!< one sentence for the JSON Schema and the manual
    bool required{false};    //!< whether the file must have it
};

/** Smallest and largest accepted value, in the unit inside. */
struct Bounds
{
    double min{-std::numeric_limits<double>::infinity()};
    double max{std::numeric_limits<double>::infinity()};
    bool minExcluded{false}; //!< values must exceed `min`
};

inline constexpr Bounds ANY_VALUE{};
inline constexpr Bounds NOT_NEGATIVE{0};
inline constexpr Bounds POSITIVE{0, std::numeric_limits<double>::infinity(), true};
inline constexpr Bounds SHARE{0, 1};

/** Whether a named file is read by the program or written by it. */
enum class PathRole
{
    INPUT, //!< taken from the scenario's folder when relative
    OUTPUT //!< left as written
};

/** A value that stays JSON inside, because only the user knows what it means. */
struct JsonForm
{
    /** JSON Schema of the value, as text. */
    const char* schema;
    /** Finds what is wrong with a value: pointers from the value on, and messages. */
    std::vector<ScenarioProblem> (*check)(const ScenarioJson& value);
};

/**
 * Walks over the fields of a scenario, in the order of the file. It is not a reader itself: a
 * subclass decides whether a value is taken, given away or described.
 */
class ScenarioVisitor
{
  public:
    /** An accepted form of a text. */
    using Choices = std::initializer_list<std::string_view>;

    virtual ~ScenarioVisitor() = default;

    /** A number with a unit. */
    void Quantity(const Field& field,
                  UnitKind kind,
                  double& value,
                  const Bounds& bounds = NOT_NEGATIVE)
    {
        value = DoQuantity(field, kind, value, false, bounds).value_or(value);
    }

    /** A number with a unit, or `null`. */
    void Quantity(const Field& field,
                  UnitKind kind,
                  std::optional<double>& value,
                  const Bounds& bounds = NOT_NEGATIVE)
    {
        value = DoQuantity(field, kind, value, true, bounds);
    }

    /** A whole number of bytes with a unit. */
    template <typename T>
    void Size(const Field& field, T& value, Bounds bounds = NOT_NEGATIVE)
    {
        bounds.max = std::min(bounds.max, static_cast<double>(std::numeric_limits<T>::max()));
        const auto now = static_cast<double>(value);
        value = static_cast<T>(DoQuantity(field, UnitKind::SIZE, now, false, bounds).value_or(now));
    }

    /** A share or probability: a bare number from 0 to 1, or a percentage. */
    void Share(const Field& field, double& value, const Bounds& bounds = SHARE)
    {
        value = DoShare(field, value, false, bounds).value_or(value);
    }

    /** A share or `null`. */
    void Share(const Field& field, std::optional<double>& value, const Bounds& bounds = SHARE)
    {
        value = DoShare(field, value, true, bounds);
    }

    /** A number that has no unit. */
    void Number(const Field& field, double& value, const Bounds& bounds)
    {
        value = DoNumber(field, value, false, bounds).value_or(value);
    }

    /** A number that has no unit, or `null`. */
    void Number(const Field& field, std::optional<double>& value, const Bounds& bounds)
    {
        value = DoNumber(field, value, true, bounds);
    }

    /** A whole number. */
    template <typename T>
    void Integer(const Field& field,
                 T& value,
                 uint64_t min = 0,
                 uint64_t max = std::numeric_limits<T>::max())
    {
        value = static_cast<T>(DoInteger(field, value, false, min, max).value_or(value));
    }

    /** A whole number or `null`. */
    template <typename T>
    void Integer(const Field& field,
                 std::optional<T>& value,
                 uint64_t min = 0,
                 uint64_t max = std::numeric_limits<T>::max())
    {
        const auto now = value ? std::optional<uint64_t>(*value) : std::nullopt;
        const auto read = DoInteger(field, now, true, min, max);
        value = read ? std::optional<T>(static_cast<T>(*read)) : std::nullopt;
    }

    /** True or false. */
    virtual void Flag(const Field& field, bool& value) = 0;

    /** True or false; true when the block is written in the file without this key. */
    virtual void PresenceFlag(const Field& field, bool& value) = 0;

    /** Any text; `choices`, when given, lists the accepted ones. */
    virtual void Text(const Field& field, std::string& value, Choices choices = {}) = 0;

    /** Any text, or `null`. */
    virtual void Text(const Field& field, std::optional<std::string>& value) = 0;

    /** A list of texts. */
    virtual void Texts(const Field& field, std::vector<std::string>& values) = 0;

    /** The path of a file, or `null`. */
    virtual void Path(const Field& field,
                      std::optional<std::filesystem::path>& value,
                      PathRole role) = 0;

    /** Any JSON of a form; `null` inside where the file does not have it. */
    virtual void Json(const Field& field, ScenarioJson& value, const JsonForm& form) = 0;

    /** The three ways to write gateways: a list, a CSV file, a plan. */
    virtual void Gateways(const Field& field, std::vector<GatewaySpec>& gateways) = 0;

    /** One size, or an object of sizes by data rate. */
    virtual void SizesByDataRate(const Field& field,
                                 std::optional<uint8_t>& one,
                                 std::map<uint8_t, uint8_t>& byDataRate) = 0;

    /** A nested object. */
    template <typename T>
    void Object(const Field& field, T& value, void (*visit)(ScenarioVisitor&, T&))
    {
        if (BeginObject(field))
        {
            visit(*this, value);
            EndObject();
        }
    }

    /** A list of objects. */
    template <typename T>
    void Array(const Field& field, std::vector<T>& items, void (*visit)(ScenarioVisitor&, T&))
    {
        const auto size = BeginArray(field, items.size());
        if (!size)
        {
            return;
        }
        items.resize(*size);
        for (std::size_t i = 0; i < *size; ++i)
        {
            if (BeginItem(i))
            {
                visit(*this, items[i]);
                EndObject();
            }
        }
        EndArray();
    }

    /** An object whose keys are names that the user chooses. */
    template <typename T>
    void Map(const Field& field,
             std::map<std::string, T>& items,
             void (*visit)(ScenarioVisitor&, T&))
    {
        std::vector<std::string> names;
        for (const auto& [name, item] : items)
        {
            names.push_back(name);
        }
        if (!BeginMap(field, names))
        {
            return;
        }
        for (const std::string& name : names)
        {
            if (BeginEntry(name))
            {
                visit(*this, items[name]);
                EndObject();
            }
        }
        EndMap();
    }

  protected:
    /** @return the value after the visit; empty when unset or not usable */
    virtual std::optional<double> DoQuantity(const Field& field,
                                             UnitKind kind,
                                             std::optional<double> value,
                                             bool nullable,
                                             const Bounds& bounds) = 0;
    /** @copydoc DoQuantity */
    virtual std::optional<double> DoShare(const Field& field,
                                          std::optional<double> value,
                                          bool nullable,
                                          const Bounds& bounds) = 0;
    /** @copydoc DoQuantity */
    virtual std::optional<double> DoNumber(const Field& field,
                                           std::optional<double> value,
                                           bool nullable,
                                           const Bounds& bounds) = 0;
    /** @copydoc DoQuantity */
    virtual std::optional<uint64_t> DoInteger(const Field& field,
                                              std::optional<uint64_t> value,
                                              bool nullable,
                                              uint64_t min,
                                              uint64_t max) = 0;

    /** @return whether to visit the object's fields and then call EndObject */
    virtual bool BeginObject(const Field& field) = 0;
    virtual void EndObject() = 0;

    /** @return the number of items to visit; empty when there is no list */
    virtual std::optional<std::size_t> BeginArray(const Field& field, std::size_t size) = 0;
    virtual bool BeginItem(std::size_t index) = 0;
    virtual void EndArray() = 0;

    /** @return whether there is a map; `names` then lists its keys */
    virtual bool BeginMap(const Field& field, std::vector<std::string>& names) = 0;
    virtual bool BeginEntry(const std::string& name) = 0;
    virtual void EndMap() = 0;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_VISITOR_H
