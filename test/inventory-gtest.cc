// SPDX-License-Identifier: GPL-2.0-only

#include "helper/csv.h"
#include "helper/inventory.h"
#include "test/test-support.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace
{

using namespace ns3::iotfleet;
using Cells = std::vector<std::string>;

TEST(Csv, ReadsQuotesAndLineEnds)
{
    // RFC 4180 section 2: rules 5 to 7.
    const auto records = ParseCsv("a,\"b,c\",\"d\"\"e\"\r\n\"two\nlines\",,\n\n# note\nlast");
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].fields, (Cells{"a", "b,c", "d\"e"}));
    EXPECT_EQ(records[1].fields, (Cells{"two\nlines", "", ""}));
    EXPECT_EQ(records[2].fields, (Cells{"last"}));
    EXPECT_EQ(records[0].line, 1U);
    EXPECT_EQ(records[1].line, 2U);
    EXPECT_EQ(records[2].line, 6U);
}

TEST(Csv, ToleratesByteOrderMarkAndBlanks)
{
    const auto records = ParseCsv("\xEF\xBB\xBFid , x\n 1 ,\t2 \n");
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].fields, (Cells{"id", "x"}));
    EXPECT_EQ(records[1].fields, (Cells{"1", "2"}));
}

TEST(Csv, NoticesOpenQuotes)
{
    const auto records = ParseCsv("a,b\n\"open,1\n2,3");
    ASSERT_EQ(records.size(), 2U);
    EXPECT_FALSE(records[0].openQuote);
    EXPECT_TRUE(records[1].openQuote);
    EXPECT_TRUE(ParseCsv("").empty());
}

class InventoryTest : public testing::Test
{
  protected:
    InventoryTest()
    {
        m_groups.at(0).name = "meter";
        m_groups.at(0).site = "town";
        m_groups.at(0).batteryLevel = 0.5;
        m_groups.at(1).name = "lamp";
        m_groups.at(1).profile = "mains";
        m_groups.at(1).site = "street";
        m_devices = ReadDeviceInventory(SourcePath("test/data/scenarios/devices.csv"),
                                        m_groups,
                                        PROFILES,
                                        m_problems);
    }

    /// Reads devices of the second group from a text.
    void ReadText(const std::string& csv)
    {
        const auto path = std::filesystem::path(testing::TempDir()) /
                          ("iot-fleet-inventory-" + std::to_string(getpid()) + ".csv");
        std::ofstream(path) << csv;
        m_devices = ReadDeviceInventory(path, m_groups, PROFILES, m_problems);
        std::filesystem::remove(path);
    }

    const std::vector<std::string> PROFILES{"stm32wl55", "nrf52840", "mains"};

    std::vector<FleetGroupSpec> m_groups{2};
    std::vector<ScenarioProblem> m_problems;
    std::vector<DeviceSpec> m_devices;
};

TEST_F(InventoryTest, EmptyCellsTakeTheGroupsValues)
{
    ASSERT_EQ(m_devices.size(), 3U);
    EXPECT_TRUE(m_problems.empty());
    const DeviceSpec& device = m_devices[0];
    EXPECT_EQ(device.name, "m-1");
    EXPECT_EQ(device.group, 0U);
    EXPECT_EQ(device.position.x, 100);
    EXPECT_EQ(device.position.y, -50.5);
    EXPECT_EQ(device.position.z, 1.5);
    EXPECT_EQ(device.profile, "stm32wl55");
    EXPECT_EQ(device.firmware, "1.0.0");
    EXPECT_EQ(device.batteryLevel, 0.5);
    EXPECT_EQ(device.site, "town");
    EXPECT_TRUE(device.indoor);
    EXPECT_FALSE(device.dataRate);
}

TEST_F(InventoryTest, CellsReplaceTheGroupsValues)
{
    ASSERT_EQ(m_devices.size(), 3U);
    const DeviceSpec& device = m_devices[1];
    EXPECT_EQ(device.position.x, 1200);
    EXPECT_EQ(device.position.z, 2);
    EXPECT_EQ(device.profile, "nrf52840");
    EXPECT_EQ(device.firmware, "0.9.0");
    EXPECT_EQ(device.batteryLevel, 0.8);
    EXPECT_EQ(device.site, "old town, east");
    EXPECT_FALSE(device.indoor);
    EXPECT_EQ(device.hardware, "b");
    EXPECT_EQ(device.dataRate, 3);
    EXPECT_EQ(m_devices[2].group, 1U);
    EXPECT_EQ(m_devices[2].profile, "mains");
    EXPECT_EQ(m_devices[2].dataRate, 5);
}

TEST_F(InventoryTest, SpreadsheetsWriteTrueInCapitals)
{
    ReadText("id,x,y,indoor\na,0,0,TRUE\nb,0,0,False\nc,0,0,Yes\nd,0,0,maybe\n");
    ASSERT_EQ(m_devices.size(), 4U);
    EXPECT_TRUE(m_devices[0].indoor);
    EXPECT_FALSE(m_devices[1].indoor);
    EXPECT_TRUE(m_devices[2].indoor);
    ASSERT_EQ(m_problems.size(), 1U);
    EXPECT_EQ(m_problems[0].where, "line 5, column indoor");
}

TEST_F(InventoryTest, ABadProfileHasItsLine)
{
    ReadText("id,x,y,profile\na,0,0,mains\nb,0,0,\nc,0,0,toaster\n");
    ASSERT_EQ(m_problems.size(), 1U);
    EXPECT_EQ(m_problems[0].where, "line 4, column profile");
    EXPECT_EQ(m_problems[0].message,
              "found \"toaster\", expected a device profile: stm32wl55, nrf52840, mains");
}

TEST_F(InventoryTest, TextOfAnotherEncodingIsRefused)
{
    ReadText("# caf\xE9\nid,x,y,site\na,0,0,caf\xC3\xA9\n");
    EXPECT_TRUE(m_problems.empty()) << "UTF-8 below a comment that is not";
    ReadText("id,x,y,site\na,0,0,town\nb,0,0,caf\xE9\n");
    ASSERT_EQ(m_problems.size(), 1U);
    EXPECT_EQ(m_problems[0].where, "line 3");
    EXPECT_TRUE(m_devices.empty());
}

TEST_F(InventoryTest, ManyBadRowsAreCounted)
{
    std::string csv = "id,x,y\n";
    for (int i = 0; i < 5000; ++i)
    {
        csv += "d" + std::to_string(i) + ",here" + std::to_string(i) + ",0\n";
    }
    ReadText(csv);
    EXPECT_EQ(m_problems.size(), 5000U);
    const std::string text = ScenarioError(m_problems).what();
    EXPECT_EQ(std::ranges::count(text, '\n'), 20);
    EXPECT_TRUE(text.ends_with(": and 4980 more")) << text;
}

TEST(Inventory, ReadsGateways)
{
    std::vector<ScenarioProblem> problems;
    const auto gateways =
        ReadGatewayInventory(SourcePath("test/data/scenarios/gateways.csv"), problems);
    EXPECT_TRUE(problems.empty());
    ASSERT_EQ(gateways.size(), 2U);
    EXPECT_EQ(gateways[0].name, "roof");
    EXPECT_EQ(gateways[0].position.z, 35);
    EXPECT_EQ(gateways[0].antennaGainDbi, 5.5);
    EXPECT_EQ(gateways[0].backhaul, "lte");
    EXPECT_EQ(gateways[1].position.x, 2000);
    EXPECT_EQ(gateways[1].position.y, -10);
    EXPECT_EQ(gateways[1].position.z, 30);
    EXPECT_EQ(gateways[1].backhaul, "default");
}

} // namespace
