// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_APPLAYER_VECTORS_H
#define IOTFLEET_TEST_APPLAYER_VECTORS_H

#include "model/wire/app-command.h"
#include "test/test-support.h"

#include <functional>
#include <gtest/gtest.h>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

/**
 * @file
 * Runs the byte vectors of an application package: decoding, re-encoding, encoding from the named
 * field values, and the errors that malformed messages must give.
 */
namespace ns3::iotfleet::test
{

using nlohmann::json;
using wire::AppPayload;
using wire::PackageVersion;

/** The fields of a vector; two source projects name them in two ways. */
class VectorFields
{
  public:
    VectorFields(const json& fields, std::vector<uint8_t> bytes)
        : m_fields(fields),
          m_bytes(std::move(bytes))
    {
    }

    /** @return the value under one of the names, or a default. */
    template <class T = uint32_t>
    T Get(std::initializer_list<const char*> names, T otherwise = {}) const
    {
        for (const auto* name : names)
        {
            if (m_fields.contains(name) && !m_fields.at(name).is_null())
            {
                return m_fields.at(name).get<T>();
            }
        }
        return otherwise;
    }

    bool Flag(std::initializer_list<const char*> names) const
    {
        return Get<bool>(names, false);
    }

    uint8_t Byte(std::initializer_list<const char*> names) const
    {
        return Get<uint8_t>(names, 0);
    }

    template <std::size_t N>
    std::array<uint8_t, N> Octets(const char* name) const
    {
        const auto bytes = FromHex(m_fields.at(name).get<std::string>());
        std::array<uint8_t, N> octets{};
        std::copy_n(bytes.begin(), N, octets.begin());
        return octets;
    }

    /** Bit i is set when element i is true. */
    uint8_t Mask(std::initializer_list<const char*> names) const
    {
        uint8_t mask = 0;
        const auto flags = Get<std::vector<bool>>(names, {});
        for (std::size_t i = 0; i < flags.size(); i++)
        {
            mask = static_cast<uint8_t>(mask | (flags[i] ? 1U << i : 0U));
        }
        return mask;
    }

    /** A number under one of the names, if there is one. */
    std::optional<uint32_t> Maybe(std::initializer_list<const char*> names) const
    {
        for (const auto* name : names)
        {
            if (m_fields.contains(name) && !m_fields.at(name).is_null())
            {
                return m_fields.at(name).get<uint32_t>();
            }
        }
        return std::nullopt;
    }

    const json& Raw() const
    {
        return m_fields;
    }

    /** Expected bytes; empty when an error is expected. */
    const std::vector<uint8_t>& Bytes() const
    {
        return m_bytes;
    }

  private:
    const json& m_fields;
    std::vector<uint8_t> m_bytes;
};

/// Encodes a command from the fields of a vector.
using Builder = std::function<AppPayload(const VectorFields&)>;
/// Builders by command name.
using Builders = std::map<std::string, Builder>;

/** Encodes the commands of a decoded message again. */
template <class Variant>
std::string
ReEncoded(PackageVersion version, const std::vector<Variant>& commands)
{
    auto payload = AppPayload::ForPort(1);
    for (const auto& command : commands)
    {
        std::visit(
            [&](const auto& concrete) {
                const auto before = payload.size;
                wire::Encode(concrete, version, payload);
                EXPECT_EQ(wire::EncodedSize(concrete, version), payload.size - before);
            },
            command);
    }
    return ToHex(payload.View());
}

/** A decoded message must encode to itself; a malformed one must say what it lacks. */
template <class Decode>
void
ExpectDecoded(const json& vector, PackageVersion version, Decode decode)
{
    const auto hex = vector.at("bytes").get<std::string>();
    const auto bytes = FromHex(hex);
    const auto result = decode(version, std::span<const uint8_t>(bytes));
    if (vector.value("expect", "") != "decode_error")
    {
        ASSERT_TRUE(result) << result.error->text;
        ASSERT_EQ(result.commands.size(), 1U);
        EXPECT_EQ(ReEncoded(version, result.commands), hex);
        return;
    }
    ASSERT_FALSE(result);
    const auto text = vector.at("error").template get<std::string>();
    const auto first = text.find_first_of("0123456789");
    ASSERT_NE(first, std::string::npos) << text;
    const auto expected = std::stoul(text.substr(first));
    // The source decodes one command and asks for nothing behind it; we read on and miss the next.
    if (expected != 0)
    {
        EXPECT_EQ(result.error->expected, expected);
        EXPECT_EQ(result.error->found, bytes.size() - 1);
    }
}

/** Runs one file of vectors. */
template <class DecodeUp, class DecodeDown>
void
RunVectors(const std::string& file,
           PackageVersion version,
           DecodeUp decodeUplink,
           DecodeDown decodeDownlink,
           const Builders& builders)
{
    const auto document = json::parse(ReadText(SourcePath("test/data/" + file)));
    for (const auto& vector : document.at("vectors"))
    {
        SCOPED_TRACE(file + ": " + vector.at("name").get<std::string>());
        const bool hasBytes = !vector.at("bytes").is_null();
        if (hasBytes && vector.at("uplink").get<bool>())
        {
            ExpectDecoded(vector, version, decodeUplink);
        }
        else if (hasBytes)
        {
            ExpectDecoded(vector, version, decodeDownlink);
        }
        if (vector.at("cmd").is_null())
        {
            continue;
        }
        const auto hex = hasBytes ? vector.at("bytes").get<std::string>() : std::string();
        const VectorFields fields(vector.at("fields"), FromHex(hex));
        const auto builder = builders.find(vector.at("cmd").get<std::string>());
        ASSERT_NE(builder, builders.end()) << vector.at("cmd");
        if (hasBytes)
        {
            EXPECT_EQ(ToHex(builder->second(fields).View()), hex);
        }
        else
        {
            EXPECT_THROW(builder->second(fields), std::invalid_argument);
        }
    }
}

/** @return builders of the two commands that all packages share. */
inline Builders
CommonBuilders(PackageVersion version)
{
    return {
        {"PackageVersionReq",
         [=](const VectorFields&) {
             return wire::MakePayload(1, version, wire::PackageVersionReq{});
         }},
        {"PackageVersionAns",
         [=](const VectorFields& f) {
             return wire::MakePayload(
                 1,
                 version,
                 wire::PackageVersionAns{f.Byte({"PackageIdentifier", "package_identifier"}),
                                         f.Byte({"PackageVersion", "package_version"})});
         }},
    };
}

/** Every command of a variant, as constructed, has the size it encodes to and decodes to itself. */
template <class Variant, class Decode, std::size_t I = 0>
void
ExpectSizesAgree(PackageVersion version, Decode decode)
{
    using Command = std::variant_alternative_t<I, Variant>;
    if (wire::ExistsIn<Command>(version))
    {
        auto payload = AppPayload::ForPort(1);
        Command command{};
        if constexpr (requires { command.status.timeToStart; })
        {
            command.status.timeToStart = 0;
        }
        wire::Encode(command, version, payload);
        EXPECT_EQ(wire::EncodedSize(command, version), payload.size) << Command::NAME;
        const auto result = decode(version, payload.View());
        ASSERT_TRUE(result) << result.error->text;
        ASSERT_EQ(result.commands.size(), 1U);
        EXPECT_EQ(result.commands[0].index(), I) << Command::NAME;
    }
    if constexpr (I + 1 < std::variant_size_v<Variant>)
    {
        ExpectSizesAgree<Variant, Decode, I + 1>(version, decode);
    }
}

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_APPLAYER_VECTORS_H
