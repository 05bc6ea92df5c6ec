// SPDX-License-Identifier: GPL-2.0-only

// What the program says about a rollout that contradicts itself, word by word.

#include "helper/scenario-reader.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using Lines = std::vector<std::string>;

/** The messages about minimal.json after a change of `/rollout`, without the file's name. */
Lines
MessagesAfter(const Lines& sets)
{
    Lines lines;
    try
    {
        ReadScenario(SourcePath("test/data/scenarios/minimal.json"), sets);
    }
    catch (const ScenarioError& error)
    {
        for (const ScenarioProblem& problem : error.GetProblems())
        {
            lines.push_back(problem.where + ": " + problem.message);
        }
    }
    return lines;
}

/** The only message after one change. */
std::string
MessageAfter(const std::string& set)
{
    const auto lines = MessagesAfter({set});
    return lines.size() == 1 ? lines.front() : std::to_string(lines.size()) + " messages";
}

TEST(RolloutErrors, ReferencesMustLeadSomewhere)
{
    EXPECT_EQ(MessageAfter(R"(/rollout/waves/0/filter={"site": ["man"]})"),
              "/rollout/waves/0/filter/site/0: found \"man\", expected the site of some device: "
              "main; did you mean \"main\"?");
    EXPECT_EQ(MessageAfter(R"(/rollout/waves/0/filter={"gateway": ["cellar"]})"),
              "/rollout/waves/0/filter/gateway/0: found \"cellar\", expected a gateway or "
              "\"unknown\": roof, unknown");
    EXPECT_EQ(MessageAfter(R"(/rollout/waves/1/wait_for=[{"version": "3.0.0"}])"),
              "/rollout/waves/1/wait_for/0/version: found \"3.0.0\", expected a version that "
              "devices run or get: 1.0.0, 1.1.0; did you mean \"1.0.0\"?");
    EXPECT_EQ(MessageAfter(R"(/fleet/sites={"north": {"utc_offset": "2 h"}})"),
              "/fleet/sites/north: found \"north\", expected the site of some device: main");
}

TEST(RolloutErrors, AFilterLetsAWaveGoWithoutAShare)
{
    EXPECT_EQ(MessagesAfter({R"(/rollout/waves/0={"filter": {"group": ["meter"]}})"}), Lines{});
    EXPECT_EQ(MessageAfter(R"(/rollout/waves/0={})"),
              "/rollout/waves/0: found none of share and count, expected exactly one, or a filter "
              "or for_each");
}

TEST(RolloutErrors, WavesThatEndEarlyGoWithNoPolicyOfSingleDevices)
{
    const std::string early = R"(/rollout/waves/0/advance="successes")";
    EXPECT_EQ(MessagesAfter({early}), Lines{});
    EXPECT_EQ(MessagesAfter({early, R"(/rollout/retry={"limit": 1})"}),
              Lines{"/rollout/waves/0/advance: found \"successes\" together with /rollout/retry, "
                    "expected \"reports\" or none of pace, windows, in_progress_timeout, retry "
                    "and budget"});
}

TEST(RolloutErrors, PaceMustBeWhole)
{
    EXPECT_EQ(MessageAfter(R"(/rollout/pace={"rate": 10, "factor": 2})"),
              "/rollout/pace: found one of factor and increase_every, expected a factor above 1 "
              "and increase_every above 0, or none of them");
    EXPECT_EQ(MessageAfter(R"(/rollout/pace={"maximum": 10})"),
              "/rollout/pace/rate: found 0, expected a rate for factor, increase_every or maximum "
              "to work on");
    EXPECT_EQ(MessageAfter(R"(/rollout/pace={"rate": 10, "maximum": 5})"),
              "/rollout/pace/maximum: found less than rate, expected at least rate");
}

TEST(RolloutErrors, RulesAndBudgetsNeedALimit)
{
    EXPECT_EQ(MessageAfter(R"(/rollout/stop_when=[{"count_of": "all"}])"),
              "/rollout/stop_when/0: found none of share and count, expected at least one");
    EXPECT_EQ(MessageAfter(R"(/rollout/stop_when=[{"share": 0.1, "within": "1 h"}])"),
              "/rollout/stop_when/0/within: found \"1 h\", expected \"0 s\" with a share or over a "
              "wave: it goes with count over the rollout");
    EXPECT_EQ(MessageAfter(R"(/rollout/budget=[{"by": ["site"]}])"),
              "/rollout/budget/0: found no limit, expected at least one of max_unavailable, "
              "max_unavailable_share, min_available and min_available_share");
    EXPECT_EQ(MessageAfter(R"(/rollout/budget=[{"by": ["street"], "max_unavailable": 1}])"),
              "/rollout/budget/0/by/0: found \"street\", expected what makes a group: fleet, site, "
              "group, gateway, hardware, profile, firmware, data-rate");
    EXPECT_EQ(MessageAfter(R"(/rollout/penalty={"failures": 3})"),
              "/rollout/penalty/failures: found 3, expected 0 as long as /rollout/retry/limit is "
              "0: a device gets one try");
}

TEST(RolloutErrors, ABudgetMustSpareSomebody)
{
    const std::string site = R"(/rollout/budget=[{"by": ["site"], )";
    // minimal.json has 20 devices at one site: a twentieth of them is one device.
    EXPECT_EQ(MessagesAfter({site + R"("max_unavailable_share": 0.05}])"}), Lines{});
    EXPECT_EQ(MessagesAfter({site + R"("min_available": 19}])"}), Lines{});
    const std::string message = "/rollout/budget/0: found a budget that lets none of 20 devices be "
                                "unavailable, expected room for one in the largest group at least: "
                                "nobody would ever be offered the image";
    EXPECT_EQ(MessageAfter(site + R"("max_unavailable_share": 0.04}])"), message);
    EXPECT_EQ(MessageAfter(site + R"("min_available": 20}])"), message);
    EXPECT_EQ(MessageAfter(site + R"("min_available_share": 1}])"), message);
}

TEST(RolloutErrors, WindowsNeedDaysAndLength)
{
    EXPECT_EQ(
        MessageAfter(R"(/rollout/windows=[{"start": "1 h", "end": "3 h", "days": ["monday"]}])"),
        "/rollout/windows/0/days/0: found \"monday\", expected a day of the week: mon, tue, wed, "
        "thu, fri, sat, sun");
    EXPECT_EQ(MessageAfter(R"(/rollout/windows=[{"start": "1 h", "end": "1 h"}])"),
              "/rollout/windows/0/end: found the same time as start, expected another");
}

TEST(RolloutErrors, WhoRollsBackMustSayWhereTo)
{
    EXPECT_EQ(MessageAfter("/rollout/on_error=roll-back"),
              "/rollout/on_error: found \"roll-back\", expected /rollout/roll_back/to to name an "
              "image");
    EXPECT_EQ(MessageAfter(R"(/rollout/actions=[{"at": "2 d", "do": "roll-back"}])"),
              "/rollout/actions/0/do: found \"roll-back\", expected /rollout/roll_back/to to name "
              "an image");
    EXPECT_EQ(MessageAfter(R"(/rollout/roll_back={"to": "1.1.0"})"),
              "/rollout/roll_back/to: found \"1.1.0\", which is the target, expected another "
              "version");
}

} // namespace
