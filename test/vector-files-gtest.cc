// SPDX-License-Identifier: GPL-2.0-only

// The tests read whatever vectors they are given: no file may be left unread in silence.

#include "test/applayer-vectors.h"

#include <cstdlib>
#include <fstream>

namespace
{

using namespace ns3::iotfleet;
namespace fs = std::filesystem;

/** A folder of shared material for the time of a test. */
class OwnShared : public testing::Test
{
  protected:
    OwnShared()
    {
        const char* before = std::getenv("IOTFLEET_SHARED");
        m_before = before == nullptr ? "" : before;
        fs::remove_all(m_folder);
        fs::create_directories(m_folder / "vectors/ts005-keys/more");
        setenv("IOTFLEET_SHARED", m_folder.c_str(), 1);
    }

    ~OwnShared() override
    {
        m_before.empty() ? unsetenv("IOTFLEET_SHARED")
                         : setenv("IOTFLEET_SHARED", m_before.c_str(), 1);
        fs::remove_all(m_folder);
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / "vectors/ts005-keys" / name) << text;
    }

    fs::path m_folder =
        fs::path(testing::TempDir()) / ("iot-fleet-shared-" + std::to_string(getpid()));
    std::string m_before;
};

TEST_F(OwnShared, FilesOfBothPlacesAreGivenOnce)
{
    const auto own = SourcePath("test/data/ts005-keys/keys.json");
    const auto folder = m_folder / "vectors/ts005-keys";
    Write("keys.json", ReadText(own)); // a copy
    Write("other.json", "{}");
    Write("more/third.json", "[]");
    Write("text.txt", "no vectors");
    const std::vector<fs::path> expected{own, folder / "more/third.json", folder / "other.json"};
    EXPECT_EQ(VectorFiles("ts005-keys"), expected);
    Write("keys.json", "{ }"); // another file of the same name
    EXPECT_EQ(VectorFiles("ts005-keys/keys.json"),
              (std::vector<fs::path>{own, folder / "keys.json"}));
    EXPECT_TRUE(VectorFiles("no-such-folder").empty());
}

TEST(VectorFilesOf, EveryApplicationPackageIsRead)
{
    const std::vector<std::string>
        read{"TS003-1", "TS003-2", "TS004-1", "TS004-2", "TS005-1", "TS005-2", "TS006-1"};
    for (const auto& path : test::AppLayerFiles())
    {
        const auto document = test::json::parse(ReadText(path));
        const auto specification = document.value("spec", "none");
        EXPECT_TRUE(std::ranges::any_of(
            read,
            [&](const auto& known) { return specification.starts_with(known); }))
            << path << " is about " << specification << ", which no test reads";
    }
}

TEST(VectorFieldsOf, NamesAreComparedWithoutCaseAndUnderscores)
{
    const test::VectorFields fields(test::json::parse(
        R"({"frag_index": 1, "Status": {"NbFrag": 2}, "is_it": 1, "ids": {"_list": [7]}, "x": 3})"));
    EXPECT_EQ(fields.Byte({"FragIndex"}), 1);
    EXPECT_EQ(fields.Get({"NbFragments", "nb_frag"}), 2U);
    EXPECT_TRUE(fields.Flag({"IsIt"}));
    EXPECT_EQ(fields.Get<std::vector<int>>({"Ids"}), std::vector<int>{7});
    EXPECT_EQ(fields.NotAskedFor(), "x");
}

} // namespace
