// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_SUPPORT_H
#define IOTFLEET_TEST_SUPPORT_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-test
 * What the tests of all layers share: places of files, and bytes as people write them.
 */
namespace ns3::iotfleet::test
{

/**
 * A file of this project.
 * @param relative path from the module's root, e.g. "test/data/lora-airtime/airtime.csv"
 * @return the absolute path, whether or not the file exists
 */
std::filesystem::path SourcePath(std::string_view relative);

/**
 * A file of the material that may not be copied into the project. It is looked for in the directory
 * that the environment variable IOTFLEET_SHARED names, or else in "../shared" beside the project.
 * @param relative path in that directory, e.g. "vectors/suit-manifest-spec"
 * @return the absolute path, or nothing where it is absent: the test is then skipped
 */
std::optional<std::filesystem::path> SharedPath(std::string_view relative);

/**
 * @param path a text file
 * @return its content
 * @throws std::runtime_error if it cannot be read
 */
std::string ReadText(const std::filesystem::path& path);

/**
 * @param path any file
 * @return its content
 * @throws std::runtime_error if it cannot be read
 */
std::vector<uint8_t> ReadBytes(const std::filesystem::path& path);

/**
 * @param text pairs of hexadecimal digits; white space between pairs is passed over
 * @return the bytes
 * @throws std::invalid_argument if anything else stands in the text
 */
std::vector<uint8_t> FromHex(std::string_view text);

/**
 * @param bytes any bytes
 * @return two lower-case hexadecimal digits for each, nothing between them
 */
std::string ToHex(std::span<const uint8_t> bytes);

} // namespace ns3::iotfleet::test

namespace ns3::iotfleet
{
using test::FromHex;
using test::ReadBytes;
using test::ReadText;
using test::SharedPath;
using test::SourcePath;
using test::ToHex;
} // namespace ns3::iotfleet

#endif // IOTFLEET_TEST_SUPPORT_H
