// SPDX-License-Identifier: GPL-2.0-only

// Files that other implementations of TS004 fragmented: "interop_file*.json" beside the vectors of
// the parity code.

#include "model/wire/crypto.h"
#include "model/wire/ts004-parity.h"
#include "test/vector-fields.h"

#include <gtest/gtest.h>

namespace ns3::iotfleet::wire
{

namespace
{

using test::json;
using Bytes = std::vector<uint8_t>;

/** A list of fragments, as hexadecimal digits or as objects that hold them. */
void
Append(const json& list, std::vector<Bytes>& fragments)
{
    for (const auto& item : list)
    {
        fragments.push_back(
            item.is_object() ? test::VectorFields(item).Octets({"hex", "data", "data_hex", "bytes"})
                             : FromHex(item.get<std::string>()));
    }
}

/** Whether these are whole DataFragment messages: identifier and number stand before the data. */
bool
AreMessages(const std::vector<Bytes>& fragments)
{
    for (std::size_t i = 0; i < fragments.size(); i++)
    {
        const auto& bytes = fragments[i];
        if (bytes.size() <= 3 || bytes[0] != 0x08 || bytes[1] + 256U * bytes[2] != i + 1)
        {
            return false;
        }
    }
    return true;
}

/** All fragments of a file, the uncoded ones first. */
std::vector<Bytes>
FragmentsOf(const json& document)
{
    std::vector<Bytes> fragments;
    for (const bool uncoded : {true, false})
    {
        for (const auto& [name, value] : document.items())
        {
            if (value.is_array() && name.starts_with("uncoded") == uncoded)
            {
                Append(value, fragments);
            }
        }
    }
    // The FragSessionSetupReq that may lead the list.
    std::erase_if(fragments,
                  [](const Bytes& bytes) { return bytes.size() == 11 && bytes[0] == 2; });
    if (AreMessages(fragments))
    {
        for (auto& bytes : fragments)
        {
            bytes.erase(bytes.begin(), bytes.begin() + 3);
        }
    }
    return fragments;
}

/** The block that the first fragments of a file carry, if the others are its parities. */
std::optional<Bytes>
BlockOf(const std::vector<Bytes>& fragments, std::size_t nbFrag, Ts004Version version)
{
    Bytes block;
    for (std::size_t i = 0; i < nbFrag; i++)
    {
        block.insert(block.end(), fragments[i].begin(), fragments[i].end());
    }
    const auto redundancy = static_cast<uint32_t>(fragments.size() - nbFrag);
    const auto ours = EncodeFragments(block, fragments.front().size(), redundancy, version);
    const bool same = std::ranges::equal(ours, fragments, [](const auto& a, const auto& b) {
        return std::ranges::equal(a, b);
    });
    return same ? std::optional(block) : std::nullopt;
}

/** Whether a hash is that of a block without some padding. */
bool
IsHashOf(const std::string& hash, std::span<const uint8_t> block, std::size_t fragmentSize)
{
    for (std::size_t padding = 0; padding < fragmentSize; padding++)
    {
        if (ToHex(Sha256(block.first(block.size() - padding))) == hash)
        {
            return true;
        }
    }
    return false;
}

void
CheckFile(const json& document, Ts004Version version)
{
    const auto fragments = FragmentsOf(document);
    ASSERT_GE(fragments.size(), 3U);
    // How many are uncoded shows itself: a second fit by chance has a probability below 1e-80.
    std::optional<Bytes> block;
    for (auto nbFrag = fragments.size() - 1; nbFrag > 0 && !block; nbFrag--)
    {
        block = BlockOf(fragments, nbFrag, version);
    }
    ASSERT_TRUE(block) << "the last fragments are no parities of the first";
    for (const auto& [name, value] : document.items())
    {
        if (name.find("sha256") != std::string::npos)
        {
            EXPECT_TRUE(IsHashOf(value.get<std::string>(), *block, fragments.front().size()))
                << name;
        }
    }
}

TEST(Ts004Interop, FilesFragmentedByOthers)
{
    int files = 0;
    for (const auto& path : VectorFiles("ts004-fec"))
    {
        const auto stem = path.stem().string();
        if (stem.starts_with("interop_file"))
        {
            ++files;
            SCOPED_TRACE(path.string());
            const auto version = stem.ends_with("v2") ? Ts004Version::V2 : Ts004Version::V1;
            EXPECT_NO_THROW(CheckFile(json::parse(ReadText(path)), version));
        }
    }
    if (files == 0)
    {
        GTEST_SKIP() << "no such file is here";
    }
}

} // namespace

} // namespace ns3::iotfleet::wire
