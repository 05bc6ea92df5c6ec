// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/lorawan-keys.h"
#include "model/wire/ts004-parity.h"
#include "test/vector-files.h"

#include <bit>
#include <gtest/gtest.h>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <regex>

namespace ns3::iotfleet::wire
{

namespace
{

using nlohmann::json;
using Outcome = FragDecoder::Outcome;

std::vector<uint64_t>
RowOf(uint16_t nbFrag, Ts004Version version, uint32_t n)
{
    const ParityMatrix matrix(nbFrag, version);
    std::vector<uint64_t> row(matrix.WordsPerRow());
    matrix.Row(n, row);
    return row;
}

std::vector<uint8_t>
Counting(std::size_t bytes)
{
    std::vector<uint8_t> data(bytes);
    std::iota(data.begin(), data.end(), uint8_t{0});
    return data;
}

/** A line as the vectors write it, a number in hexadecimal digits or a list of bits. */
std::vector<uint64_t>
LineOf(const json& value, std::size_t words)
{
    std::vector<uint64_t> line(words);
    if (value.is_array())
    {
        for (std::size_t i = 0; i < value.size(); i++)
        {
            line.at(i / 64) |= value[i].get<uint64_t>() << (i % 64);
        }
        return line;
    }
    const auto digits = value.get<std::string>().substr(2);
    for (std::size_t i = 0; i < digits.size(); i++)
    {
        const auto digit = std::stoull(digits.substr(digits.size() - 1 - i, 1), nullptr, 16);
        if (digit != 0)
        {
            line.at(i / 16) |= digit << (4 * (i % 16));
        }
    }
    return line;
}

Ts004Version
VersionOf(const std::string& number)
{
    return number == "2" ? Ts004Version::V2 : Ts004Version::V1;
}

void
CheckLine(uint16_t nbFrag, Ts004Version version, uint32_t n, const json& expected)
{
    const auto row = RowOf(nbFrag, version, n);
    EXPECT_EQ(row, LineOf(expected, row.size())) << "M = " << nbFrag << ", line " << n;
}

void
CheckSequence(uint32_t x, const json& numbers)
{
    for (const auto& expected : numbers)
    {
        x = Ts004Prbs23(x);
        EXPECT_EQ(x, std::stoul(expected.get<std::string>(), nullptr, 16));
    }
}

/**
 * Whatever a file of lines holds, by the names of its members: "n0_to_25" are lines of a matrix of
 * M = "M" fragments, "M16_n3_v2" is one line, "prbs23_from_1001" are successive random numbers.
 */
void
CheckMember(const json& document, const std::string& name, const json& value)
{
    static const std::regex LINES("(?:M(\\d+)_)?n(\\d+)_to_(\\d+)(?:_v([12]))?");
    static const std::regex LINE("M(\\d+)_n(\\d+)(?:_v([12]))?");
    static const std::regex SEQUENCE("prbs23_from_(\\d+)");
    std::smatch match;
    if (std::regex_match(name, match, LINES))
    {
        const auto nbFrag = match[1].matched ? static_cast<uint16_t>(std::stoul(match[1]))
                                             : document.at("M").get<uint16_t>();
        const auto first = static_cast<uint32_t>(std::stoul(match[2]));
        EXPECT_EQ(value.size(), std::stoul(match[3]) + 1 - first);
        for (uint32_t i = 0; i < value.size(); i++)
        {
            CheckLine(nbFrag, VersionOf(match[4]), first + i, value[i]);
        }
    }
    else if (std::regex_match(name, match, LINE))
    {
        CheckLine(static_cast<uint16_t>(std::stoul(match[1])),
                  VersionOf(match[3]),
                  static_cast<uint32_t>(std::stoul(match[2])),
                  value);
    }
    else if (std::regex_match(name, match, SEQUENCE))
    {
        CheckSequence(static_cast<uint32_t>(std::stoul(match[1])), value);
    }
    else
    {
        EXPECT_TRUE(name == "description" || name == "M" || name == "note" || name == "source")
            << "no test reads a member of this name";
    }
}

TEST(Ts004Parity, LinesAndRandomNumbers)
{
    int files = 0;
    for (const auto& path : VectorFiles("ts004-fec"))
    {
        if (!path.stem().string().starts_with("matrix_lines"))
        {
            continue;
        }
        ++files;
        const auto document = json::parse(ReadText(path));
        for (const auto& [name, value] : document.items())
        {
            SCOPED_TRACE(path.string() + ": " + name);
            EXPECT_NO_THROW(CheckMember(document, name, value));
        }
    }
    EXPECT_GT(files, 0);
}

void
CheckFragments(const json& row, Ts004Version version)
{
    const auto data = FromHex(row.at("data_hex").get<std::string>());
    const auto fragments = EncodeFragments(data,
                                           row.at("fragment_size").get<std::size_t>(),
                                           row.at("redundancy").get<uint32_t>(),
                                           version);
    const auto& expected = row.at("fragments");
    ASSERT_EQ(fragments.size(), expected.size());
    for (std::size_t i = 0; i < fragments.size(); i++)
    {
        EXPECT_EQ(ToHex(fragments[i]), expected[i].get<std::string>()) << i;
    }
}

TEST(Ts004Parity, EncodedFragments)
{
    int files = 0;
    for (const auto& path : VectorFiles("ts004-fec"))
    {
        if (!path.stem().string().starts_with("parity_fragments"))
        {
            continue;
        }
        ++files;
        const auto document = json::parse(ReadText(path));
        for (const auto& [name, cases] : document.items())
        {
            SCOPED_TRACE(path.string() + ": " + name);
            ASSERT_TRUE(name.starts_with("ts004_v1") || name.starts_with("ts004_v2"));
            for (const auto& row : cases)
            {
                EXPECT_NO_THROW(CheckFragments(row, VersionOf(name.substr(7, 1)))) << row;
            }
        }
    }
    EXPECT_GT(files, 0);
}

TEST(Ts004Parity, EveryFileOfVectorsIsRead)
{
    for (const auto& path : VectorFiles("ts004-fec"))
    {
        const auto stem = path.stem().string();
        EXPECT_TRUE(stem.starts_with("matrix_lines") || stem.starts_with("parity_fragments") ||
                    stem.starts_with("interop_file"))
            << "no test reads " << path;
    }
}

TEST(Ts004Parity, VersionTwoLinesHaveHalfTheFragments)
{
    for (const uint16_t nbFrag : std::initializer_list<uint16_t>{2, 3, 20, 64, 105, 1024, 2151})
    {
        for (uint32_t n = 1; n <= 20; n++)
        {
            const auto row = RowOf(nbFrag, Ts004Version::V2, n);
            const int ones = std::accumulate(row.begin(), row.end(), 0, [](int sum, uint64_t word) {
                return sum + std::popcount(word);
            });
            EXPECT_EQ(ones, nbFrag / 2) << nbFrag << " line " << n;
        }
    }
}

TEST(Ts004Parity, LosslessReceptionNeedsNoCodedFragment)
{
    const auto data = Counting(95);
    const auto fragments = EncodeFragments(data, 10, 0, Ts004Version::V1);
    FragDecoder decoder(10, 10, 0, Ts004Version::V1);
    for (uint16_t n = 1; n <= 10; n++)
    {
        EXPECT_FALSE(decoder.IsComplete());
        decoder.Feed(n, fragments[n - 1]);
    }
    EXPECT_EQ(decoder.Data(5), data);
    EXPECT_EQ(decoder.Received(), 10U);
}

TEST(Ts004Parity, DecodesLossesInAnyOrder)
{
    std::mt19937 random(7);
    for (const auto version : {Ts004Version::V1, Ts004Version::V2})
    {
        for (int trial = 0; trial < 50; trial++)
        {
            const auto data = Counting(2000);
            const auto fragments = EncodeFragments(data, 39, 40, version);
            std::vector<uint16_t> order(fragments.size());
            std::iota(order.begin(), order.end(), uint16_t{1});
            std::shuffle(order.begin(), order.end(), random);
            FragDecoder decoder(52, 39, 52, version);
            for (const auto n : order)
            {
                const auto before = decoder.Rank();
                const auto outcome = decoder.Feed(n, fragments[n - 1]);
                ASSERT_EQ(decoder.Rank(), before + (outcome == Outcome::REDUNDANT ? 0 : 1));
                if (decoder.IsComplete())
                {
                    break;
                }
            }
            ASSERT_EQ(decoder.Data(52 * 39 - 2000), data);
        }
    }
}

TEST(Ts004Parity, RepeatedFragmentsAreRedundantButCounted)
{
    const auto fragments = EncodeFragments(Counting(100), 10, 5, Ts004Version::V1);
    FragDecoder decoder(10, 10, 10, Ts004Version::V1);
    EXPECT_EQ(decoder.Feed(1, fragments[0]), Outcome::ACCEPTED);
    EXPECT_EQ(decoder.Feed(1, fragments[0]), Outcome::REDUNDANT);
    EXPECT_EQ(decoder.Feed(12, fragments[11]), Outcome::ACCEPTED);
    EXPECT_EQ(decoder.Feed(12, fragments[11]), Outcome::REDUNDANT);
    EXPECT_EQ(decoder.Received(), 4U);
    EXPECT_EQ(decoder.Rank(), 2U);
    EXPECT_EQ(decoder.Missing(), 8U);
    EXPECT_EQ(decoder.Feed(0, fragments[0]), Outcome::INVALID);
    EXPECT_EQ(decoder.Feed(2, std::span(fragments[1]).first(9)), Outcome::INVALID);
}

TEST(Ts004Parity, TooManyLossesExceedTheMemory)
{
    const auto fragments = EncodeFragments(Counting(100), 10, 5, Ts004Version::V1);
    FragDecoder decoder(10, 10, 2, Ts004Version::V1);
    for (uint16_t n = 4; n <= 10; n++)
    {
        decoder.Feed(n, fragments[n - 1]);
    }
    EXPECT_EQ(decoder.Feed(11, fragments[10]), Outcome::MEMORY_EXCEEDED);
    EXPECT_TRUE(decoder.IsAborted());
    EXPECT_EQ(decoder.Feed(1, fragments[0]), Outcome::MEMORY_EXCEEDED);
}

// TS004-2.0.0 page 29: matrix memory for 32, 40, 48, 56 and 64 lost fragments.
TEST(Ts004Parity, MatrixMemoryOfTheStandard)
{
    EXPECT_EQ(Ts004MatrixMemoryBytes(32), 130U);
    EXPECT_EQ(Ts004MatrixMemoryBytes(40), 183U);
    EXPECT_EQ(Ts004MatrixMemoryBytes(48), 243U);
    EXPECT_EQ(Ts004MatrixMemoryBytes(64), 388U);
}

// A random binary square matrix of many rows is regular with probability
// prod(1 - 2^-i) = 0.2888; the standard says "non-invertible 70 % of the time".
TEST(Ts004Parity, SquareSystemsAreRegularAsOftenAsRandomMatrices)
{
    constexpr int TRIALS = 2000;
    constexpr uint16_t NB_FRAG = 105;
    constexpr std::size_t LOST = 20;
    std::mt19937 random(11);
    int solved = 0;
    const std::vector<uint8_t> byte(1);
    for (int trial = 0; trial < TRIALS; trial++)
    {
        std::vector<uint16_t> numbers(NB_FRAG);
        std::iota(numbers.begin(), numbers.end(), uint16_t{1});
        std::shuffle(numbers.begin(), numbers.end(), random);
        FragDecoder decoder(NB_FRAG, 1, LOST, Ts004Version::V2);
        for (std::size_t i = LOST; i < numbers.size(); i++)
        {
            decoder.Feed(numbers[i], byte);
        }
        const auto first = static_cast<uint16_t>(NB_FRAG + 1 + random() % 2000);
        for (uint16_t i = 0; i < LOST; i++)
        {
            decoder.Feed(static_cast<uint16_t>(first + i), byte);
        }
        solved += decoder.IsComplete() ? 1 : 0;
    }
    // Standard error 0.010; the code is not quite a random one.
    EXPECT_NEAR(static_cast<double>(solved) / TRIALS, 0.2888, 0.04);
}

TEST(Ts004Parity, LimitsAreRefused)
{
    EXPECT_THROW(ParityMatrix(0, Ts004Version::V1), std::invalid_argument);
    EXPECT_THROW(ParityMatrix(16384, Ts004Version::V1), std::invalid_argument);
    EXPECT_THROW(EncodeFragments({}, 10, 1, Ts004Version::V1), std::invalid_argument);
    EXPECT_THROW(EncodeFragments(Counting(10), 0, 1, Ts004Version::V1), std::invalid_argument);
    EXPECT_THROW(EncodeFragments(Counting(100), 1, 16300, Ts004Version::V1), std::invalid_argument);
    EXPECT_THROW(FragDecoder(10, 0, 5, Ts004Version::V1), std::invalid_argument);
}

// Computed with python3-cryptography from TS004-2.0.0 section 3.3.
TEST(Ts004Parity, DataBlockMic)
{
    const auto root = FromHex("000102030405060708090a0b0c0d0e0f");
    Block128 key{};
    std::copy(root.begin(), root.end(), key.begin());
    const auto integrityKey = DeriveDataBlockIntKey(key);
    EXPECT_EQ(ToHex(integrityKey), "017a8bd9ecd102ba4bb7946d3d8707e0");
    EXPECT_EQ(ToHex(DataBlockMic(integrityKey, 0x1234, 2, {0x0a, 0x0b, 0x0c, 0x0d}, Counting(100))),
              "ad9f6f1e");
}

} // namespace

} // namespace ns3::iotfleet::wire
