// SPDX-License-Identifier: GPL-2.0-only

// The pieces that the report is made of: numbers as text, escaping, statistics, bins.

#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/device-replay.h"
#include "analysis/report/heat-map.h"
#include "analysis/report/hexagons.h"
#include "analysis/report/histogram.h"
#include "analysis/report/quantile-tiles.h"
#include "analysis/report/report-context.h"
#include "analysis/statistics.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;

TEST(ReportFormat, GivesThreeSignificantDigits)
{
    EXPECT_EQ(FormatNumber(0), "0");
    EXPECT_EQ(FormatNumber(1.0), "1");
    EXPECT_EQ(FormatNumber(12345), "12,300");
    EXPECT_EQ(FormatNumber(0.0012349), "0.00123");
    EXPECT_EQ(FormatNumber(9.999), "10");
    EXPECT_EQ(FormatNumber(-1234567), "-1,230,000");
    EXPECT_EQ(FormatNumber(NAN), "undefined");
    EXPECT_EQ(FormatCount(0), "0");
    EXPECT_EQ(FormatCount(999), "999");
    EXPECT_EQ(FormatCount(1234567), "1,234,567");
}

TEST(ReportFormat, UsesSiPrefixes)
{
    EXPECT_EQ(FormatSi(4210, "J"), "4.21 kJ");
    EXPECT_EQ(FormatSi(0.0123, "J"), "12.3 mJ");
    EXPECT_EQ(FormatSi(999.9, "J"), "1 kJ");
    EXPECT_EQ(FormatSi(0, "J"), "0 J");
    EXPECT_EQ(FormatSi(0.5, "B"), "0.5 B");
    EXPECT_EQ(FormatSi(45678, "B"), "45.7 kB");
}

TEST(ReportTiles, TellTimesApart)
{
    const auto tell =
        [](std::optional<double> a, std::optional<double> b, std::optional<double> c) {
            return TellQuantiles({a, b, c}, "never reached");
        };
    constexpr double H = 3600;
    EXPECT_EQ(tell(20 * H, 27 * H, 31 * H),
              (TileTexts{{"until 50 % updated", "20 h"},
                         {"until 95 % updated", "27 h"},
                         {"until 99 % updated", "31 h"}}));
    EXPECT_EQ(tell(26 * H + 2160, 26 * H + 2220, 26 * H + 2280),
              (TileTexts{{"until 50 % updated", "26 h 36 min"},
                         {"until 95 % updated", "26 h 37 min"},
                         {"until 99 % updated", "26 h 38 min"}}));
    EXPECT_EQ(tell(27 * H, 27 * H + 1, 27 * H + 2),
              (TileTexts{{"until 50, 95 and 99 % updated", "27 h"}}));
    EXPECT_EQ(tell(27 * H, std::nullopt, std::nullopt),
              (TileTexts{{"until 50 % updated", "27 h"},
                         {"until 95 and 99 % updated", "never reached"}}));
}

TEST(ReportState, TellsWhatIsHeldFromWhatIsLoose)
{
    const auto stateOf = [](const char* health, const char* access) {
        DeviceRow device;
        device.health = health;
        device.access = access;
        device.enrolment = "enrolled";
        return GetReportState(device, "");
    };
    EXPECT_EQ(stateOf("compromised", "full"), ReportState::COMPROMISED);
    EXPECT_EQ(stateOf("compromised", "restricted"), ReportState::COMPROMISED_HELD);
    EXPECT_EQ(stateOf("compromised", "blocked"), ReportState::COMPROMISED_HELD);
    EXPECT_EQ(stateOf("healthy", "restricted"), ReportState::QUARANTINED);
    EXPECT_EQ(stateOf("bricked", "blocked"), ReportState::BRICKED);
    DeviceReplay replay(1);
    replay.Apply(0, DeviceEvent::ENROLLED);
    replay.Apply(0, DeviceEvent::COMPROMISED);
    EXPECT_EQ(replay.GetState(0), ReportState::COMPROMISED);
    replay.Apply(0, DeviceEvent::QUARANTINED);
    EXPECT_EQ(replay.GetState(0), ReportState::COMPROMISED_HELD);
    replay.Apply(0, DeviceEvent::RECOVERED);
    EXPECT_EQ(replay.GetState(0), ReportState::QUARANTINED);
}

TEST(ReportFormat, SaysDurationsAsPeopleDo)
{
    EXPECT_EQ(FormatDuration(0.25), "0.25 s");
    EXPECT_EQ(FormatDuration(59.99), "1 min");
    EXPECT_EQ(FormatDuration(312), "5 min 12 s");
    EXPECT_EQ(FormatDuration(3599.9), "1 h");
    EXPECT_EQ(FormatDuration(11100), "3 h 5 min");
    EXPECT_EQ(FormatDuration(31 * 3600), "31 h");
    EXPECT_EQ(FormatDuration(52 * 3600), "2 d 4 h");
    EXPECT_EQ(FormatDuration(35 * 86400.0), "35 d");
    EXPECT_EQ(FormatDurationFinely(26.6 * 3600), "26 h 36 min");
    EXPECT_EQ(FormatDurationFinely(59.99), "1 min");
    EXPECT_EQ(FormatDurationFinely(12 * 86400.0 + 10800), "12 d 3 h");
    EXPECT_EQ(FormatMetric("battery_years_lost", "a", 535), "535 years");
}

TEST(ReportFormat, NeverRoundsAShareToEverything)
{
    EXPECT_EQ(FormatShare(1), "100 %");
    EXPECT_EQ(FormatShare(0.99999), "99.9 %");
    EXPECT_EQ(FormatShare(0.8312), "83.1 %");
    EXPECT_EQ(FormatShare(0), "0 %");
    EXPECT_EQ(FormatShare(1e-6), "< 0.01 %");
    EXPECT_EQ(FormatMetric("wall_s", "s", std::nullopt), "not applicable");
    EXPECT_EQ(FormatMetric("repair_share", "1", 0.25), "25 %");
    EXPECT_EQ(FormatMetric("devices_total", "1", 12000), "12,000");
}

TEST(ReportHtml, EscapesWhatHtmlGivesAMeaning)
{
    EXPECT_EQ(EscapeHtml("<a href=\"x\">'&'</a>"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(EscapeHtml("bad \xff byte, good \xc3\xa9"), "bad \xef\xbf\xbd byte, good \xc3\xa9");
    EXPECT_EQ(EscapeScriptJson(R"({"a":"</script><!--"})"), R"({"a":"\u003c/script>\u003c!--"})");
}

TEST(ReportHtml, FillsATemplateOnce)
{
    EXPECT_EQ(FillTemplate("a{{x}}b{{y}}c", {{"x", "{{y}}"}, {"y", "2"}}), "a{{y}}b2c");
}

TEST(ReportHtml, EscapesTables)
{
    HtmlTable table("a < b");
    table.AddColumn("<h>", HtmlTable::Align::LEFT);
    table.AddRow({"<c>"});
    EXPECT_EQ(table.ToHtml().find("<c>"), std::string::npos);
    EXPECT_EQ(table.ToHtml().find("<h>"), std::string::npos);
    EXPECT_NE(table.ToHtml().find("&lt;c&gt;"), std::string::npos);
}

TEST(ReportHtml, KeepsQuantitiesWhole)
{
    EXPECT_EQ(Unbroken("20 h 14 min"), "20\u00a0h\u00a014\u00a0min");
    HtmlTable table("t");
    table.AddColumn("a");
    table.AddColumn("b");
    table.AddRow({"x", "<1>\n2 to 3"});
    EXPECT_NE(
        table.ToHtml().find("<td><div>&lt;1&gt;<span class=\"more\">2 to 3</span></div></td>"),
        std::string::npos);
}

TEST(ReportStatistics, IntervalIsStudents)
{
    std::vector<double> values(10);
    std::iota(values.begin(), values.end(), 1.0);
    const auto interval = ComputeMeanInterval(values);
    ASSERT_TRUE(interval.has_value());
    // t(9 degrees of freedom, 97.5 %) = 2.2622 from the tables; s = 3.02765.
    const double half = 2.2622 * 3.02765 / std::sqrt(10.0);
    EXPECT_DOUBLE_EQ(interval->mean, 5.5);
    EXPECT_NEAR(interval->low, 5.5 - half, 1e-3);
    EXPECT_NEAR(interval->high, 5.5 + half, 1e-3);
    EXPECT_FALSE(ComputeMeanInterval(std::vector<double>{1.0}).has_value());
}

TEST(ReportStatistics, QuantileIsTheSeventhType)
{
    const std::vector<double> values{1, 2, 3, 4};
    EXPECT_DOUBLE_EQ(ComputeQuantile(values, 0), 1);
    EXPECT_DOUBLE_EQ(ComputeQuantile(values, 0.25), 1.75); // R: quantile(1:4, 0.25)
    EXPECT_DOUBLE_EQ(ComputeQuantile(values, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(ComputeQuantile(values, 1), 4);
}

TEST(ReportHistogram, CountsEveryValueOnce)
{
    std::vector<double> values;
    for (int i = 0; i <= 1000; ++i)
    {
        values.push_back(3.7 + 0.01 * i);
    }
    const Histogram histogram = MakeHistogram(values);
    EXPECT_EQ(std::accumulate(histogram.counts.begin(), histogram.counts.end(), uint64_t{0}),
              values.size());
    EXPECT_DOUBLE_EQ(histogram.width, 0.5); // 10 / 30, up to 1, 2 or 5 times a power of ten
    EXPECT_LE(histogram.start, values.front());
    EXPECT_EQ(MakeHistogram(std::vector<double>{0, 0}).counts, (std::vector<uint64_t>{2}));
    EXPECT_EQ(MakeHistogram(std::vector<double>{7, 7, 7}).counts.back(), 3U);
}

TEST(ReportHexagons, CellIsTheOneWithTheNearestCentre)
{
    const HexagonGrid grid(100);
    for (double x = -950; x < 950; x += 37.3)
    {
        for (double y = -950; y < 950; y += 41.7)
        {
            const auto cell = grid.FindCell(x, y);
            const auto distance = [&](const HexagonGrid::Cell& of) {
                const auto [cx, cy] = grid.GetCenter(of);
                return std::hypot(cx - x, cy - y);
            };
            const double own = distance(cell);
            EXPECT_LE(own, 100.0 + 1e-9);
            for (const auto& [dq, dr] : std::vector<std::pair<int, int>>{{1, 0},
                                                                         {-1, 0},
                                                                         {0, 1},
                                                                         {0, -1},
                                                                         {1, -1},
                                                                         {-1, 1}})
            {
                EXPECT_LE(own, distance({cell.first + dq, cell.second + dr}) + 1e-9);
            }
        }
    }
}

GatewayRow
MakeGateway(uint32_t id, double airtimeS, const std::string& name)
{
    GatewayRow row;
    row.gatewayId = id;
    row.downlinkAirtimeS = airtimeS;
    row.name = name;
    return row;
}

TEST(ReportHeatMap, ShowsTheWorstBandOfTheBusiestGateways)
{
    const std::vector<GatewayRow> gateways{MakeGateway(0, 5, "quiet"), MakeGateway(1, 50, "busy")};
    const std::vector<GatewayHourRow> hours{{1, 0, 10, "g1", 5, 36.0},
                                            {1, 1, 10, "g1", 18, 36.0},
                                            {1, 1, 10, "g3", 36, 360.0},
                                            {1, 1, 12, "g3", 0, 360.0}};
    const HeatMap map = MakeHeatMap(gateways, hours);
    EXPECT_TRUE(map.hasLimit);
    EXPECT_EQ(map.firstHour, 10U);
    EXPECT_EQ(map.columns, 3U);
    EXPECT_EQ(map.gateways, (std::vector<std::string>{"busy", "quiet"}));
    ASSERT_EQ(map.cells.size(), 2U);
    EXPECT_EQ(map.cells[0].row, 0U);
    EXPECT_DOUBLE_EQ(map.cells[0].share, 0.5);
    EXPECT_EQ(map.cells[0].band, "g1");
}

TEST(ReportHeatMap, GoesOnToTheEndOfTheRun)
{
    const std::vector<GatewayRow> gateways{MakeGateway(0, 5, "g")};
    const std::vector<GatewayHourRow> hours{{1, 0, 10, "g1", 5, 36.0}, {1, 0, 12, "g1", 5, 36.0}};
    EXPECT_EQ(MakeHeatMap(gateways, hours, 24 * 3600).columns, 14U) << "hours 10 to 23";
    EXPECT_EQ(MakeHeatMap(gateways, hours, 24 * 3600 + 1).columns, 15U) << "hour 24 has begun";
    EXPECT_EQ(MakeHeatMap(gateways, hours, 3600).columns, 3U) << "no hour with a row is left out";
}

TEST(ReportHeatMap, ShowsShareOfTheHourWhereNothingIsLimited)
{
    const std::vector<GatewayRow> gateways{MakeGateway(0, 360, "g")};
    const std::vector<GatewayHourRow> hours{{1, 0, 0, "all", 360, std::nullopt}};
    const HeatMap map = MakeHeatMap(gateways, hours);
    EXPECT_FALSE(map.hasLimit);
    ASSERT_EQ(map.cells.size(), 1U);
    EXPECT_DOUBLE_EQ(map.cells[0].share, 0.1);
}

TEST(ReportTrouble, TellsOfUpdatesThatTheOperatorGaveUp)
{
    DeviceRow device;
    device.enrolment = "enrolled";
    device.health = "healthy";
    device.access = "full";
    device.updateState = "confirmed";
    device.firmware = "1.1.0";
    device.updatedS = 5000;
    device.believedUpdate = "updated";
    EXPECT_FALSE(IsWronglyGivenUp(device, "1.1.0"));
    for (const char* belief : {"failed", "unreported"})
    {
        device.believedUpdate = belief;
        EXPECT_TRUE(IsWronglyGivenUp(device, "1.1.0")) << belief;
        EXPECT_FALSE(IsWronglyGivenUp(device, "1.2.0")) << belief;
    }
    device.updatedS.reset();
    EXPECT_FALSE(IsWronglyGivenUp(device, "1.1.0"));

    ReportContext context;
    nlohmann::json data;
    context.devices.all.devices = 40;
    const std::string heading = "Given up, and updated";
    EXPECT_EQ(MakeTroubleSection(context, data).find(heading), std::string::npos);
    context.devices.wronglyGivenUp = {8, 25};
    context.devices.names = {{8, "meter-9"}};
    const std::string html = MakeTroubleSection(context, data);
    EXPECT_NE(html.find(heading), std::string::npos);
    EXPECT_NE(html.find("2 devices run the new image"), std::string::npos);
    EXPECT_NE(html.find("meter-9, device 25"), std::string::npos);
}

} // namespace
