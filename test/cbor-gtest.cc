// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/cbor.h"
#include "test/vector-files.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet::wire::cbor
{

namespace
{

using nlohmann::json;

Value
DecodeHex(std::string_view hex, const DecodeOptions& options = {})
{
    return Decode(FromHex(hex), options);
}

std::string
EncodeHex(const Value& value)
{
    return ToHex(Encode(value));
}

// Whether an item means what the vector file says in JSON.
bool
Means(const Value& value, const json& expected)
{
    switch (value.GetType())
    {
    case Type::ARRAY:
        if (!expected.is_array() || value.Size() != expected.size())
        {
            return false;
        }
        for (std::size_t i = 0; i < value.Size(); ++i)
        {
            if (!Means(value.At(i), expected.at(i)))
            {
                return false;
            }
        }
        return true;
    case Type::MAP:
        if (!expected.is_object() || value.Size() != expected.size())
        {
            return false;
        }
        for (std::size_t i = 0; i < value.Size(); ++i)
        {
            if (!Means(value.ValueAt(i), expected.at(value.KeyAt(i).GetText())))
            {
                return false;
            }
        }
        return true;
    case Type::FLOAT:
        return expected.is_number() && value.GetFloat() == expected.get<double>();
    default:
        return json::parse(ToDiagnostic(value)) == expected;
    }
}

struct NotWellFormed
{
    const char* hex;
    std::size_t offset;
};

// RFC 8949 appendix F.1 and the rules of sections 3.2.1 to 3.3.
const NotWellFormed BAD_ITEMS[] = {
    {"", 0},
    // end of input in a head
    {"18", 0},
    {"19", 0},
    {"1a", 0},
    {"1b", 0},
    {"1901", 0},
    {"1a0102", 0},
    {"1b01020304050607", 0},
    {"38", 0},
    {"58", 0},
    {"78", 0},
    {"98", 0},
    {"9a01ff00", 0},
    {"b8", 0},
    {"d8", 0},
    {"f8", 0},
    {"f900", 0},
    {"fa0000", 0},
    {"fb000000", 0},
    // strings with missing data
    {"41", 0},
    {"61", 0},
    {"5affffffff00", 0},
    {"5bffffffffffffffff010203", 0},
    {"7affffffff00", 0},
    {"7b7fffffffffffffff010203", 0},
    // arrays, maps and tags with missing items
    {"81", 0},
    {"818181818181818181", 8},
    {"8200", 0},
    {"a1", 0},
    {"a20102", 0},
    {"a100", 0},
    {"a2000000", 0},
    {"9bffffffffffffffff", 0},
    {"bbffffffffffffffff", 0},
    {"c0", 1},
    // indefinite lengths that are never closed
    {"5f4100", 3},
    {"7f6100", 3},
    {"9f", 1},
    {"9f0102", 3},
    {"bf", 1},
    {"bf01020102", 5},
    {"819f", 2},
    {"9f8000", 3},
    {"9f9f9f9f9fffffffff", 9},
    {"9f819f819f9fffffff", 9},
    // reserved additional information
    {"1c", 0},
    {"1d", 0},
    {"1e", 0},
    {"3c", 0},
    {"5d", 0},
    {"7e", 0},
    {"9c", 0},
    {"bd", 0},
    {"de", 0},
    {"fc", 0},
    {"fd", 0},
    {"fe", 0},
    // simple values below 32 in two bytes
    {"f800", 0},
    {"f801", 0},
    {"f818", 0},
    {"f81f", 0},
    // wrong chunks in indefinite-length strings
    {"5f00ff", 1},
    {"5f21ff", 1},
    {"5f6100ff", 1},
    {"5f80ff", 1},
    {"5fa0ff", 1},
    {"5fc000ff", 1},
    {"5fe0ff", 1},
    {"7f4100ff", 1},
    {"5f5f4100ffff", 1},
    {"7f7f6100ffff", 1},
    // break where none may stand
    {"ff", 0},
    {"81ff", 1},
    {"8200ff", 2},
    {"a1ff", 0},
    {"a1ff00", 1},
    {"a100ff", 2},
    {"a20000ff", 0},
    {"9f81ff", 2},
    {"9f829f819f9fffffffff", 9},
    {"c1ff", 1},
    // an odd number of items in a map
    {"bf00ff", 2},
    {"bf000000ff", 4},
    // major types 0, 1 and 6 of indefinite length
    {"1f", 0},
    {"3f", 0},
    {"df", 0},
    // more than one item
    {"0000", 1},
    {"f6ff", 1},
};

class CborNotWellFormed : public testing::TestWithParam<NotWellFormed>
{
};

TEST_P(CborNotWellFormed, IsRefusedAtTheRightPlace)
{
    try
    {
        const Value value = DecodeHex(GetParam().hex);
        FAIL() << GetParam().hex << " was read as " << ToDiagnostic(value);
    }
    catch (const Error& error)
    {
        EXPECT_EQ(error.GetOffset(), GetParam().offset) << GetParam().hex << ": " << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(Rfc8949AppendixF, CborNotWellFormed, testing::ValuesIn(BAD_ITEMS));

// One row of a file of the form of RFC 8949's appendix A.
void
CheckAppendixRow(const json& row)
{
    const auto hex = row.at("hex").get<std::string>();
    if (hex == "f818")
    {
        // The file is RFC 7049's; RFC 8949 dropped this case as no longer well-formed.
        EXPECT_THROW(DecodeHex(hex), Error);
        return;
    }
    const Value value = DecodeHex(hex);
    if (row.at("roundtrip").get<bool>())
    {
        EXPECT_EQ(EncodeHex(value), hex);
    }
    EXPECT_EQ(Decode(Encode(value)), value) << hex;
    // JSON has no integers past 64 bits; the bignums have a test of their own.
    if (row.contains("decoded") && !value.Is(Type::TAG) && hex != "3bffffffffffffffff")
    {
        EXPECT_TRUE(Means(value, row.at("decoded"))) << row;
    }
    if (row.contains("diagnostic") && hex != "5f42010243030405ff")
    {
        EXPECT_EQ(ToDiagnostic(value), row.at("diagnostic")) << hex;
    }
}

TEST(Cbor, ReadsAndWritesAppendixA)
{
    const auto files = VectorFiles("cbor-rfc8949");
    if (files.empty())
    {
        GTEST_SKIP() << "the vectors of appendix A are not here";
    }
    for (const auto& path : files)
    {
        for (const json& row : json::parse(ReadText(path)))
        {
            EXPECT_NO_THROW(CheckAppendixRow(row)) << path << ": " << row;
        }
    }
}

TEST(Cbor, IntegersAtTheEdges)
{
    EXPECT_EQ(DecodeHex("1bffffffffffffffff").GetUnsigned(), std::numeric_limits<uint64_t>::max());
    EXPECT_FALSE(DecodeHex("1bffffffffffffffff").TryInt());
    EXPECT_EQ(DecodeHex("3b7fffffffffffffff").GetInt(), std::numeric_limits<int64_t>::min());
    EXPECT_EQ(EncodeHex(Value::Int(std::numeric_limits<int64_t>::min())), "3b7fffffffffffffff");
    EXPECT_THROW(static_cast<void>(DecodeHex("3b8000000000000000").GetInt()), Error);
    EXPECT_EQ(ToDiagnostic(DecodeHex("3bffffffffffffffff")), "-18446744073709551616");
    EXPECT_EQ(ToDiagnostic(DecodeHex("3bfffffffffffffffe")), "-18446744073709551615");
    for (const auto& [number, hex] : std::initializer_list<std::pair<uint64_t, const char*>>{
             {23, "17"},
             {24, "1818"},
             {255, "18ff"},
             {256, "190100"},
             {65535, "19ffff"},
             {65536, "1a00010000"},
             {4294967295, "1affffffff"},
             {4294967296, "1b0000000100000000"}})
    {
        EXPECT_EQ(EncodeHex(Value::Unsigned(number)), hex);
    }
}

// RFC 8949 section 3.4.3: bignums are byte strings under tags 2 and 3.
TEST(Cbor, BignumsAreTaggedByteStrings)
{
    const Value big = DecodeHex("c249010000000000000000");
    EXPECT_EQ(big.GetTag(), 2U);
    EXPECT_EQ(ToHex(big.GetContent().GetBytes()), "010000000000000000");
    EXPECT_EQ(DecodeHex("c349010000000000000000").GetTag(), 3U);
}

// IEEE 754: the widest and narrowest numbers of each format, and their neighbours.
TEST(Cbor, FloatsAreAsShortAsExactnessAllows)
{
    for (const auto& [number, hex] : std::initializer_list<std::pair<double, const char*>>{
             {0.0, "f90000"},
             {-0.0, "f98000"},
             {65504.0, "f97bff"},
             {65505.0, "fa477fe100"},
             {65536.0, "fa47800000"},
             {0x1p-14, "f90400"},
             {0x1p-24, "f90001"},
             {0x1.8p-24, "fa33c00000"},
             {0x1p-25, "fa33000000"},
             {0x1.ff8p-15, "f903ff"},
             {0x1p-149, "fa00000001"},
             {0x1p-150, "fb3690000000000000"},
             {0x1.fffffep+127, "fa7f7fffff"},
             {0x1p+128, "fb47f0000000000000"},
             {0x1.0000001p+0, "fb3ff0000001000000"},
             {5e-324, "fb0000000000000001"},
             {1.1, "fb3ff199999999999a"}})
    {
        EXPECT_EQ(EncodeHex(Value::Float(number)), hex);
        EXPECT_EQ(DecodeHex(hex).GetFloat(), number) << hex;
        EXPECT_EQ(std::signbit(DecodeHex(hex).GetFloat()), std::signbit(number)) << hex;
    }
}

TEST(Cbor, NanKeepsItsPayload)
{
    EXPECT_EQ(EncodeHex(DecodeHex("fb7ff8000000000000")), "f97e00");
    EXPECT_EQ(EncodeHex(DecodeHex("fa7fc00000")), "f97e00");
    EXPECT_EQ(EncodeHex(DecodeHex("f97c01")), "f97c01");
    EXPECT_EQ(EncodeHex(DecodeHex("fa7f800001")), "fa7f800001");
    EXPECT_EQ(EncodeHex(DecodeHex("fbfff8000000000001")), "fbfff8000000000001");
}

TEST(Cbor, RefusesWhatIsWellFormedButInvalid)
{
    EXPECT_THROW(DecodeHex("a201020103"), Error);
    EXPECT_THROW(DecodeHex("a20102180103"), Error);
    EXPECT_EQ(DecodeHex("a201020103", {.allowDuplicateKeys = true}).Size(), 2U);
    // Equal as numbers is not equal as keys: 1, 1.0 and "1" are three.
    EXPECT_EQ(DecodeHex("a30101f93c0002613103").Size(), 3U);
}

TEST(Cbor, TextMustBeUtf8)
{
    // RFC 3629: stray and missing continuation, overlong forms, surrogates, past U+10FFFF.
    for (const char* hex : {"6180",
                            "61c3",
                            "62c328",
                            "62c080",
                            "63e08080",
                            "63eda080",
                            "64f0808080",
                            "64f4908080",
                            "61ff",
                            "7f61c361bcff"})
    {
        EXPECT_THROW(DecodeHex(hex), Error) << hex;
        EXPECT_NO_THROW(DecodeHex(hex, {.allowInvalidText = true})) << hex;
    }
    for (const char* hex : {"62c3bc", "63e6b0b4", "64f0908591", "64f48fbfbf", "63ed9fbf"})
    {
        EXPECT_NO_THROW(DecodeHex(hex)) << hex;
    }
}

TEST(Cbor, DepthIsLimited)
{
    const auto nested = [](std::size_t depth) {
        std::vector<uint8_t> bytes(depth, 0x81);
        bytes.push_back(0x00);
        return bytes;
    };
    EXPECT_NO_THROW(Decode(nested(64)));
    EXPECT_THROW(Decode(nested(65)), Error);
    EXPECT_THROW(Decode(nested(1000000)), Error);
    EXPECT_THROW(Decode(std::vector<uint8_t>(1000000, 0xc1)), Error);
    EXPECT_NO_THROW(Decode(nested(3), {.maxDepth = 3}));
}

TEST(Cbor, SequencesAreReadItemByItem)
{
    const auto bytes = FromHex("0142020363616263");
    std::span<const uint8_t> rest(bytes);
    EXPECT_EQ(DecodeFirst(rest).GetUnsigned(), 1U);
    EXPECT_EQ(ToHex(DecodeFirst(rest).GetBytes()), "0203");
    EXPECT_EQ(DecodeFirst(rest).GetText(), "abc");
    EXPECT_TRUE(rest.empty());
    EXPECT_THROW(DecodeFirst(rest), Error);
}

TEST(Cbor, MapsKeepOrderAndFindKeys)
{
    const Value map = DecodeHex("a4200105182a616101f60c");
    EXPECT_EQ(map.Find(-1)->GetUnsigned(), 1U);
    EXPECT_EQ(map.Find(5)->GetUnsigned(), 42U);
    EXPECT_EQ(map.Find("a")->GetUnsigned(), 1U);
    EXPECT_EQ(map.Find(Value::Null())->GetUnsigned(), 12U);
    EXPECT_EQ(map.Find(6), nullptr);
    EXPECT_EQ(EncodeHex(map), "a4200105182a616101f60c");
}

TEST(Cbor, GettersRefuseOtherKinds)
{
    const Value one = Value::Unsigned(1);
    EXPECT_THROW(static_cast<void>(one.GetBytes()), Error);
    EXPECT_THROW(static_cast<void>(one.GetText()), Error);
    EXPECT_THROW(static_cast<void>(one.GetBool()), Error);
    EXPECT_THROW(static_cast<void>(one.At(0)), Error);
    EXPECT_THROW(static_cast<void>(one.Find(0)), Error);
    EXPECT_THROW(static_cast<void>(one.GetContent()), Error);
    EXPECT_THROW(static_cast<void>(Value::Null().GetBool()), Error);
    EXPECT_THROW(static_cast<void>(Value::Array({}).At(0)), Error);
    EXPECT_THROW(static_cast<void>(Value::Simple(24)), Error);
}

// CBOR of RFC 9031 appendix A's kind, made by hand from RFC 8949 section 3.
TEST(Cbor, WriterStreams)
{
    Writer writer;
    writer.Map(3).Unsigned(1).Bytes(FromHex("cafe")).Int(-2).Array(4).Bool(false).Null().Float(1.5);
    writer.Simple(255).Text("k").Tag(24).Encoded(FromHex("4101")).Undefined();
    EXPECT_EQ(writer.Size(), 21U);
    EXPECT_EQ(ToHex(writer.Take()), "a30142cafe2184f4f6f93e00f8ff616bd8184101f7");
    EXPECT_EQ(writer.Size(), 0U);
}

} // namespace

} // namespace ns3::iotfleet::wire::cbor
