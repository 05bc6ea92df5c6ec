// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_VECTOR_FIELDS_H
#define IOTFLEET_TEST_VECTOR_FIELDS_H

#include "test/vector-files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

/**
 * @file
 * The fields of a test vector, by name. The projects that vectors come from write the same field in
 * several ways (NbFrag, nb_frag, nbFrag), so names are compared in lower case and without
 * underscores; a field that goes by another word altogether is asked for by all its names.
 */
namespace ns3::iotfleet::test
{

using nlohmann::json;

/** @return a name in lower case and without underscores. */
inline std::string
PlainName(const std::string& name)
{
    std::string plain;
    for (const char c : name)
    {
        if (c != '_')
        {
            plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return plain;
}

/** The fields of a vector and which of them were asked for. It does not know what they mean. */
class VectorFields
{
  public:
    /// Names of a field, the first that is there counts.
    using Names = std::initializer_list<const char*>;

    /**
     * @param fields an object; members of objects inside it count as its own
     * @param bytes the encoding that is expected, empty when an error is
     */
    explicit VectorFields(const json& fields, std::vector<uint8_t> bytes = {})
        : m_bytes(std::move(bytes))
    {
        Add(fields);
    }

    /** @return the field under one of the names, nullptr if absent or null. */
    const json* Find(Names names) const
    {
        for (const auto* name : names)
        {
            const auto field = m_fields.find(PlainName(name));
            if (field != m_fields.end())
            {
                m_asked.insert(field->first);
                return field->second.is_null() ? nullptr : &field->second;
            }
        }
        return nullptr;
    }

    /** @return the value under one of the names, or a default. */
    template <class T = uint32_t>
    T Get(Names names, T otherwise = {}) const
    {
        const auto* field = Find(names);
        return field == nullptr ? otherwise : field->template get<T>();
    }

    /** A truth value, which one source writes as 0 or 1. */
    bool Flag(Names names) const
    {
        const auto* field = Find(names);
        return field != nullptr &&
               (field->is_boolean() ? field->get<bool>() : field->get<int>() != 0);
    }

    uint8_t Byte(Names names) const
    {
        return Get<uint8_t>(names, 0);
    }

    /** Bytes written in hexadecimal digits; none if absent. */
    std::vector<uint8_t> Octets(Names names) const
    {
        return FromHex(Get<std::string>(names));
    }

    /** The same with a length; zero bytes if absent. */
    template <std::size_t N>
    std::array<uint8_t, N> Array(Names names) const
    {
        std::array<uint8_t, N> octets{};
        const auto bytes = Octets(names);
        if (!bytes.empty() && bytes.size() != N)
        {
            throw std::runtime_error(std::string(*names.begin()) + " has " +
                                     std::to_string(bytes.size()) + " bytes, not " +
                                     std::to_string(N));
        }
        std::ranges::copy(bytes, octets.begin());
        return octets;
    }

    /** A number, or one written in hexadecimal digits. */
    uint64_t Number(Names names) const
    {
        const auto* field = Find(names);
        if (field == nullptr)
        {
            throw std::runtime_error(std::string("there is no ") + *names.begin());
        }
        return field->is_string() ? std::stoull(field->get<std::string>(), nullptr, 16)
                                  : field->get<uint64_t>();
    }

    /** Bit i is set when element i is true; or the mask itself as a number. */
    uint8_t Mask(Names names) const
    {
        const auto* field = Find(names);
        if (field == nullptr || !field->is_array())
        {
            return field == nullptr ? uint8_t{0} : field->get<uint8_t>();
        }
        uint8_t mask = 0;
        for (std::size_t i = 0; i < field->size(); i++)
        {
            mask = static_cast<uint8_t>(mask | (field->at(i).get<bool>() ? 1U << i : 0U));
        }
        return mask;
    }

    /** A number under one of the names, if there is one. */
    std::optional<uint32_t> Maybe(Names names) const
    {
        const auto* field = Find(names);
        return field == nullptr ? std::nullopt : std::optional(field->get<uint32_t>());
    }

    /** Expected bytes; empty when an error is expected. */
    const std::vector<uint8_t>& Bytes() const
    {
        return m_bytes;
    }

    /** @return fields with a value that nobody asked for, by their plain names. */
    std::string NotAskedFor() const
    {
        std::string names;
        for (const auto& [name, value] : m_fields)
        {
            if (!value.is_null() && !m_asked.contains(name))
            {
                names += (names.empty() ? "" : ", ") + name;
            }
        }
        return names;
    }

  private:
    void Add(const json& fields)
    {
        for (const auto& [name, value] : fields.items())
        {
            if (value.is_object() && !value.contains("_list"))
            {
                Add(value);
            }
            else
            {
                m_fields[PlainName(name)] = value.is_object() ? value.at("_list") : value;
            }
        }
    }

    std::map<std::string, json> m_fields;
    mutable std::set<std::string> m_asked;
    std::vector<uint8_t> m_bytes;
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_VECTOR_FIELDS_H
