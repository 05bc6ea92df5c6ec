// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_WIRE_APP_COMMAND_H
#define IOTFLEET_WIRE_APP_COMMAND_H

#include "model/wire/app-payload.h"
#include "model/wire/bit-codec.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/**
 * @file
 * Commands of the LoRaWAN application packages TS003 to TS006.
 *
 * A command is a plain struct with `CID`, `NAME` and one static function `Fields(message, codec)`
 * that lists its fields from bit 0 of its first byte on. Size, encoding and decoding all follow
 * from that one list (see bit-codec.h), so they cannot disagree. Use them as
 *
 *     auto payload = MakePayload(ts003::FPORT, PackageVersion::V1, ts003::AppTimeReq{...});
 *     auto result = ts003::DecodeUplink(PackageVersion::V1, payload.View());
 */

namespace ns3::iotfleet::wire
{

/** Why a message could not be decoded; `text` is a sentence for the user. */
struct DecodeError
{
    std::string command;     ///< name of the command, or "unknown"
    std::size_t expected{0}; ///< bytes expected after the command identifier
    std::size_t found{0};    ///< bytes found there
    std::string text;        ///< the whole story
};

/** Commands of one message, or the reason why they could not all be read. */
template <class Command>
struct DecodeResult
{
    std::vector<Command> commands;    ///< those read before an error, in order
    std::optional<DecodeError> error; ///< set when the message is malformed

    explicit operator bool() const
    {
        return !error.has_value();
    }
};

/** Whether a command belongs to a version; a command newer than V1 says so by `SINCE`. */
template <class Command>
constexpr bool
ExistsIn([[maybe_unused]] PackageVersion version)
{
    if constexpr (requires { Command::SINCE; })
    {
        return version >= Command::SINCE;
    }
    else
    {
        return true;
    }
}

/** 0x00 PackageVersionReq, the same in every package: asks which package version is there. */
struct PackageVersionReq
{
    static constexpr uint8_t CID = 0x00;
    static constexpr std::string_view NAME = "PackageVersionReq";

    static void Fields(auto&, auto&)
    {
    }

    bool operator==(const PackageVersionReq&) const = default;
};

/** 0x00 PackageVersionAns: the package and version a device implements. */
struct PackageVersionAns
{
    static constexpr uint8_t CID = 0x00;
    static constexpr std::string_view NAME = "PackageVersionAns";

    uint8_t packageIdentifier{0}; ///< 1 TS003, 2 TS005, 3 TS004, 4 TS006
    uint8_t packageVersion{1};

    static void Fields(auto& m, auto& codec)
    {
        codec.Bits(m.packageIdentifier, 8);
        codec.Bits(m.packageVersion, 8);
    }

    bool operator==(const PackageVersionAns&) const = default;
};

/**
 * Size of a command on the air, with its identifier.
 * @throws std::invalid_argument when its fields contradict each other
 */
template <class Command>
std::size_t
EncodedSize(const Command& command, PackageVersion version)
{
    BitWriter counter(version, Command::NAME, nullptr);
    Command::Fields(command, counter);
    return 1 + counter.Bytes();
}

/**
 * Appends a command to a payload.
 * @throws std::invalid_argument when a value does not fit its field or fields contradict each
 *         other, std::length_error when the payload has no room; nothing is appended then
 */
template <class Command>
void
Encode(const Command& command, PackageVersion version, AppPayload& out)
{
    const auto before = out.size;
    const uint8_t identifier = Command::CID;
    try
    {
        out.Append({&identifier, 1});
        BitWriter encoder(version, Command::NAME, &out);
        Command::Fields(command, encoder);
    }
    catch (...)
    {
        out.size = before;
        throw;
    }
}

/** @return a payload for a port that holds the given commands in order; errors as Encode(). */
template <class... Commands>
AppPayload
MakePayload(uint8_t fPort, PackageVersion version, const Commands&... commands)
{
    auto payload = AppPayload::ForPort(fPort);
    (Encode(commands, version, payload), ...);
    return payload;
}

/** Builds the error of a command whose length is wrong. */
DecodeError LengthError(std::string_view name, std::size_t expected, std::size_t found);

/** Builds the error of a command identifier that the package does not have. */
DecodeError UnknownCommandError(uint8_t identifier, std::size_t found);

/**
 * Reads one command from the front of a message.
 * @param version package version
 * @param bytes starts with the command identifier; advanced past the command on success
 * @param error set when the bytes are too few
 * @return the command; views inside it (DataFragment) point into the message
 */
template <class Command>
std::optional<Command>
DecodeFront(PackageVersion version,
            std::span<const uint8_t>& bytes,
            std::optional<DecodeError>& error)
{
    const auto body = bytes.subspan(1);
    Command command{};
    BitReader decoder(version, body);
    Command::Fields(command, decoder);
    if (decoder.Bytes() > body.size())
    {
        error = LengthError(Command::NAME, decoder.Bytes(), body.size());
        return std::nullopt;
    }
    bytes = body.subspan(decoder.Bytes());
    return command;
}

/**
 * Reads a message that must hold exactly one command of a known type.
 * @return the command, or nothing when identifier or length do not match
 */
template <class Command>
std::optional<Command>
DecodeOne(PackageVersion version, std::span<const uint8_t> bytes)
{
    if (bytes.empty() || bytes[0] != Command::CID)
    {
        return std::nullopt;
    }
    std::optional<DecodeError> error;
    auto command = DecodeFront<Command>(version, bytes, error);
    return bytes.empty() ? command : std::nullopt;
}

/**
 * Reads all commands of a message of one direction of one package.
 * @tparam Variant a std::variant of the commands that direction has
 * @param version package version
 * @param bytes the application payload
 * @return the commands, or the error of the first that is malformed
 */
template <class Variant>
DecodeResult<Variant>
DecodeSequence(PackageVersion version, std::span<const uint8_t> bytes)
{
    DecodeResult<Variant> result;
    while (!bytes.empty() && !result.error)
    {
        const uint8_t identifier = bytes[0];
        bool known = false;
        auto tryOne = [&]<class Command>(std::in_place_type_t<Command>) {
            if (known || identifier != Command::CID || !ExistsIn<Command>(version))
            {
                return;
            }
            known = true;
            if (auto command = DecodeFront<Command>(version, bytes, result.error))
            {
                result.commands.emplace_back(*command);
            }
        };
        [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            (tryOne(std::in_place_type<std::variant_alternative_t<I, Variant>>), ...);
        }
        (std::make_index_sequence<std::variant_size_v<Variant>>{});
        if (!known)
        {
            result.error = UnknownCommandError(identifier, bytes.size() - 1);
        }
    }
    return result;
}

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_APP_COMMAND_H
