// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_APPLAYER_VECTORS_H
#define IOTFLEET_TEST_APPLAYER_VECTORS_H

#include "model/wire/app-command.h"
#include "test/vector-fields.h"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>

/**
 * @file
 * Runs the byte vectors of an application package: decoding, re-encoding, encoding from the named
 * field values, and the errors that malformed messages must give.
 */
namespace ns3::iotfleet::test
{

using wire::AppPayload;
using wire::PackageVersion;

/// Encodes a command from the fields of a vector.
using Builder = std::function<AppPayload(const VectorFields&)>;

/** Builders by the name of the command, which sources write in several ways as well. */
class Builders
{
  public:
    Builder& operator[](const std::string& command)
    {
        return m_builders[PlainName(command)];
    }

    /** @return the builder, nullptr for a command that is not known. */
    const Builder* Find(const std::string& command) const
    {
        const auto builder = m_builders.find(PlainName(command));
        return builder == m_builders.end() ? nullptr : &builder->second;
    }

  private:
    std::map<std::string, Builder> m_builders;
};

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

/** Whether a vector is about bytes that cannot be read. */
inline bool
IsMalformed(const json& vector)
{
    const auto expect = vector.value("expect", "");
    return expect.empty() ? vector.contains("error") && !vector.at("error").is_null()
                          : expect == "decode_error";
}

/** A malformed message must say what it lacks, as far as the source says it. */
template <class Result>
void
ExpectRefused(const json& vector, const Result& result, std::size_t size)
{
    ASSERT_FALSE(result);
    const auto& error = vector.at("error");
    const auto text = error.is_string() ? error.template get<std::string>() : std::string();
    const auto first = text.find_first_of("0123456789");
    const auto expected = first == std::string::npos ? 0 : std::stoul(text.substr(first));
    // The source decodes one command and asks for nothing behind it; we read on and miss the next.
    if (expected != 0)
    {
        EXPECT_EQ(result.error->expected, expected);
        EXPECT_EQ(result.error->found, size - 1);
    }
}

/** A decoded message must encode to itself; a malformed one must say what it lacks. */
template <class Decode>
void
ExpectDecoded(const json& vector, PackageVersion version, Decode decode)
{
    const auto bytes = FromHex(vector.at("bytes").get<std::string>());
    const auto result = decode(version, std::span<const uint8_t>(bytes));
    if (IsMalformed(vector))
    {
        ExpectRefused(vector, result, bytes.size());
        return;
    }
    ASSERT_TRUE(result) << result.error->text;
    EXPECT_FALSE(result.commands.empty());
    EXPECT_EQ(ReEncoded(version, result.commands), ToHex(bytes));
}

/** The fields of a vector must encode to its bytes, or be refused where it has none. */
inline void
ExpectBuilt(const json& vector, const Builders& builders)
{
    const auto command = vector.at("cmd").get<std::string>();
    const auto* builder = builders.Find(command);
    if (builder == nullptr)
    {
        ADD_FAILURE() << "there is no builder for the command " << command;
        return;
    }
    const bool hasBytes = !vector.at("bytes").is_null();
    const auto bytes =
        hasBytes ? FromHex(vector.at("bytes").get<std::string>()) : std::vector<uint8_t>();
    const VectorFields fields(vector.at("fields"), bytes);
    if (!hasBytes)
    {
        EXPECT_THROW((*builder)(fields), std::logic_error);
        return;
    }
    EXPECT_EQ(ToHex((*builder)(fields).View()), ToHex(bytes));
    EXPECT_EQ(fields.NotAskedFor(), "") << "are fields that " << command << " does not know";
}

/** Runs one vector; what is wrong with it is a failure of the test and no reason to stop. */
template <class DecodeUp, class DecodeDown>
void
RunVector(const json& vector,
          PackageVersion version,
          DecodeUp decodeUplink,
          DecodeDown decodeDownlink,
          const Builders& builders)
{
    try
    {
        if (!vector.at("bytes").is_null())
        {
            vector.at("uplink").get<bool>() ? ExpectDecoded(vector, version, decodeUplink)
                                            : ExpectDecoded(vector, version, decodeDownlink);
        }
        if (!vector.at("cmd").is_null() && !IsMalformed(vector))
        {
            ExpectBuilt(vector, builders);
        }
    }
    catch (const std::exception& error)
    {
        ADD_FAILURE() << "this vector cannot be read: " << error.what();
    }
}

/** @return files of the vectors of all application packages. */
inline std::vector<std::filesystem::path>
AppLayerFiles()
{
    auto files = VectorFiles("lorawan-applayer-v1");
    const auto more = VectorFiles("lorawan-applayer-v2");
    files.insert(files.end(), more.begin(), more.end());
    return files;
}

/**
 * Runs the vectors of all files of a package.
 * @param specification how the member "spec" of the files begins, e.g. "TS004-1"
 */
template <class DecodeUp, class DecodeDown>
void
RunVectors(const std::string& specification,
           PackageVersion version,
           DecodeUp decodeUplink,
           DecodeDown decodeDownlink,
           const Builders& builders)
{
    int files = 0;
    for (const auto& path : AppLayerFiles())
    {
        const auto document = json::parse(ReadText(path));
        if (!document.at("spec").get<std::string>().starts_with(specification))
        {
            continue;
        }
        ++files;
        for (const auto& vector : document.at("vectors"))
        {
            SCOPED_TRACE(path.string() + ": " + vector.value("name", "a vector without a name"));
            RunVector(vector, version, decodeUplink, decodeDownlink, builders);
        }
    }
    EXPECT_GT(files, 0) << "there are no vectors of " << specification;
}

/** @return builders of the two commands that all packages share. */
inline Builders
CommonBuilders(PackageVersion version)
{
    Builders builders;
    builders["PackageVersionReq"] = [=](const VectorFields&) {
        return wire::MakePayload(1, version, wire::PackageVersionReq{});
    };
    builders["PackageVersionAns"] = [=](const VectorFields& f) {
        return wire::MakePayload(
            1,
            version,
            wire::PackageVersionAns{f.Byte({"PackageIdentifier"}), f.Byte({"PackageVersion"})});
    };
    return builders;
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
