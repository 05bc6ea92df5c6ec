// SPDX-License-Identifier: GPL-2.0-only

// `/faults`: every kind with its own keys and no others, and what the program says otherwise.

#include "helper/scenario-reader.h"
#include "helper/scenario-writer.h"
#include "test/test-support.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using Lines = std::vector<std::string>;

Scenario
Read(const std::string& faults)
{
    return ReadScenario(SourcePath("test/data/scenarios/minimal.json"), {"/faults=" + faults});
}

/// The messages about the minimal scenario with these faults, without the file's name.
Lines
MessagesAbout(const std::string& faults)
{
    Lines lines;
    try
    {
        Read(faults);
    }
    catch (const ScenarioError& error)
    {
        for (const auto& problem : error.GetProblems())
        {
            lines.push_back(problem.where + ": " + problem.message);
        }
    }
    return lines;
}

/// One of each kind, with all of its keys.
const std::vector<std::string> ONE_OF_EACH{
    R"({"kind": "gateway-outage", "gateway": "*", "start": "1 h", "end": "2 h", "mtbf": "1 d", "mttr": "1 h"})",
    R"({"kind": "backhaul-outage", "gateway": "roof", "start": "1 h", "end": "2 h"})",
    R"({"kind": "join-server-outage", "start": "1 h", "end": "2 h"})",
    R"({"kind": "distribution-outage", "start": "1 h"})",
    R"({"kind": "distribution-overload", "start": "1 h", "end": "2 h", "rate": "2 /s"})",
    R"({"kind": "power-loss", "probability": 0.1, "brick_share": 0.2, "start": "1 h", "end": "2 h", "share": 0.5})",
    R"({"kind": "crash", "image": "1.1.0", "hardware": "a"})",
    R"({"kind": "silent-brick", "site": "main", "cluster": "site", "correlation": 0.1})",
    R"({"kind": "boot-loop", "resets": 5, "reset_time": "20 s", "reverts": false, "profile": "stm32wl55"})",
    R"({"kind": "cannot-join", "revert_after": "1 h", "within": {"x": "1 m", "y": "2 m", "radius": "3 m"}})",
    R"({"kind": "slow-leak", "mean": "1 d", "shape": 2, "then": "reset", "group": "meter"})",
    R"({"kind": "flaky-reporter", "lost": 0.1, "late": 0.1, "delay": "1 h", "wrong": 0.1, "start": "1 h"})",
    R"({"kind": "lying-reporter", "devices": ["meter-000001"], "start": "1 h"})",
    R"({"kind": "device-loss", "start": "1 h", "end": "2 h", "spread": "1 h"})",
    R"({"kind": "battery-empty", "empty_level": 0.1, "check": "1 min"})",
    R"({"kind": "clock-fault", "start": "1 h", "offset": "-3 s", "drift": "-50 ppm"})"};

TEST(ScenarioFaults, EveryKindIsReadAndWritten)
{
    EXPECT_EQ(ONE_OF_EACH.size(), FaultKinds().size());
    for (size_t i = 0; i < ONE_OF_EACH.size(); ++i)
    {
        const auto scenario = Read("[" + ONE_OF_EACH[i] + "]");
        ASSERT_EQ(scenario.faults.size(), 1U);
        EXPECT_EQ(scenario.faults[0].kind, FaultKinds()[i].name);
        // What --effective writes is read as the same, twice.
        const auto path = std::filesystem::path(testing::TempDir()) /
                          ("iot-fleet-fault-" + std::to_string(getpid()) + ".json");
        const auto text = EffectiveScenario(scenario);
        std::ofstream(path) << text;
        EXPECT_EQ(EffectiveScenario(ReadScenario(path)), text) << ONE_OF_EACH[i];
        std::filesystem::remove(path);
    }
}

TEST(ScenarioFaults, ValuesArriveInSiUnits)
{
    const auto boot = Read("[" + ONE_OF_EACH[8] + "]").faults[0];
    EXPECT_EQ(boot.resets, 5U);
    EXPECT_EQ(boot.resetTimeS, 20);
    EXPECT_FALSE(boot.reverts);
    const auto clock = Read("[" + ONE_OF_EACH[15] + "]").faults[0];
    EXPECT_EQ(clock.offsetS, -3);
    EXPECT_EQ(clock.driftPpm, -50);
    EXPECT_EQ(Read("[" + ONE_OF_EACH[4] + "]").faults[0].ratePerS, 2);
}

TEST(ScenarioFaults, KeysOfOtherKindsAreRefused)
{
    EXPECT_EQ(MessagesAbout(R"([{"kind": "join-server-outage", "gateway": "roof"}])"),
              Lines{"/faults/0/gateway: found unknown key \"gateway\" (accepted: kind, start, end, "
                    "mtbf, mttr)"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "gateway-outage", "gateway": "*", "share": 0.1}])"),
              Lines{"/faults/0/share: found unknown key \"share\" (accepted: kind, gateway, start, "
                    "end, mtbf, "
                    "mttr)"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "brick"}])").size(), 1U);
}

TEST(ScenarioFaults, ReferencesMustExist)
{
    EXPECT_EQ(MessagesAbout(R"([{"kind": "gateway-outage", "gateway": "rof"}])"),
              Lines{"/faults/0/gateway: found \"rof\", expected a gateway or \"*\": *, roof; did "
                    "you mean \"roof\"?"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "crash", "image": "9"}, {"kind": "crash", "site": "x"}])"),
              (Lines{"/faults/0/image: found \"9\", expected an image: 1.1.0",
                     "/faults/1/site: found \"x\", expected a site of the fleet: main"}));
    EXPECT_EQ(MessagesAbout(R"([{"kind": "crash", "devices": ["meter-1"]}])"),
              Lines{"/faults/0/devices/0: found \"meter-1\", expected the name of a device such as "
                    "\"GROUP-000001\""});
}

TEST(ScenarioFaults, ContradictionsAreRefused)
{
    EXPECT_EQ(MessagesAbout(R"([{"kind": "distribution-outage", "start": "2 h", "end": "1 h"}])"),
              Lines{"/faults/0/end: found \"1 h\", expected a duration longer than the start, "
                    "\"2 h\""});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "join-server-outage", "mtbf": "2 h"}])"),
              Lines{"/faults/0: found one of mtbf and mttr, expected both or none"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "crash", "correlation": 0.5}])"),
              Lines{"/faults/0/correlation: found a correlation without cluster, expected cluster "
                    "to be site, hardware or group"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "clock-fault"}, {"kind": "flaky-reporter"}])"),
              (Lines{"/faults/0: found neither offset nor drift, expected at least one",
                     "/faults/1: found none of lost, late and wrong, expected at least one"}));
    EXPECT_EQ(MessagesAbout(R"([{"kind": "power-loss"}])"),
              Lines{"/faults/0: found no probability, expected one more than 0"});
    EXPECT_EQ(MessagesAbout(R"([{"kind": "device-loss", "spread": "1 h", "mtbf": "1 d"}])"),
              Lines{"/faults/0: found both spread and mtbf, expected one of them"});
}

} // namespace
