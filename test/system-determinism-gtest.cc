// SPDX-License-Identifier: GPL-2.0-only

// Same scenario, same seed, same database: whatever ran before, whatever is recorded besides, and
// whichever build of the program ran it.

#include "test/test-support-run.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

/** Joins, telemetry, fading, waves, repair, a defect, quarantine: a bit of all that draws. */
constexpr const char* SOME_OF_ALL = R"({
  "schema": 1,
  "name": "some-of-all",
  "seed": 7,
  "duration": "3 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 90, "placement": { "kind": "disc", "radius": "2 km" },
      "indoor_share": 0.2, "power_on_spread": "1 h",
      "telemetry": { "period": "1 h", "size": "20 B" } },
    { "name": "valve", "count": 10, "profile": "nrf52840", "class": "C",
      "telemetry": { "period": "2 h", "size": "12 B", "confirmed": true } } ] },
  "access": { "lorawan": { "region": "EU868",
    "gateways": [ { "name": "a", "x": "0 m", "y": "300 m", "z": "30 m" },
                  { "name": "b", "x": "900 m", "y": "-400 m", "z": "25 m" } ],
    "propagation": { "shadowing": "4 dB", "fading": "rayleigh", "frame_loss": 0.01 } } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "4 kB", "sequence": 2,
    "defect": { "probability": 0.03, "effect": "crash" } } ] },
  "distribution": { "class": "C", "redundancy": 0.2 },
  "rollout": { "start": "12 h", "waves": [ { "count": 10, "soak": "1 h", "error_threshold": 0.9,
      "success_threshold": 0.1 }, { "share": 1, "error_threshold": 0.9,
      "success_threshold": 0.1 } ] },
  "threats": [ { "at": "3 h", "share": 0.05 } ],
  "quarantine": { "detector": { "window": "1 h", "true_positive_rate": 0.5,
      "false_positive_rate": 0.002, "k": 1, "n": 1 }, "level": "restricted", "probation": "3 h" },
  "record": { "transitions": false }
})";

TEST(Determinism, EqualRunsGiveEqualDatabases)
{
    const auto first = WholeRun::OfText(SOME_OF_ALL);
    // Another run in between leaves nothing behind in the process.
    const auto other = WholeRun::OfText(SOME_OF_ALL, {"/seed=8"});
    const auto second = WholeRun::OfText(SOME_OF_ALL);
    EXPECT_EQ(first.Hash(), second.Hash());
    EXPECT_NE(first.Hash(HashScope::WITHOUT_TRANSITIONS),
              other.Hash(HashScope::WITHOUT_TRANSITIONS));
    // Not equal because nothing happened.
    EXPECT_GT(first.Metric("devices_updated"), 50);
    EXPECT_GT(first.Metric("quarantined_total"), 0);
    ExpectBooksBalance(first);
    ExpectAirWithinLaw(first);
}

TEST(Determinism, RecordingTransitionsChangesNothingElse)
{
    const auto without = WholeRun::OfText(SOME_OF_ALL);
    const auto with = WholeRun::OfText(SOME_OF_ALL, {"/record/transitions=true"});
    EXPECT_EQ(without.Number("SELECT count(*) FROM transition"), 0);
    EXPECT_GT(with.Number("SELECT count(*) FROM transition"), 100);
    EXPECT_EQ(without.Hash(HashScope::WITHOUT_TRANSITIONS),
              with.Hash(HashScope::WITHOUT_TRANSITIONS));
    EXPECT_NE(without.Hash(), with.Hash());
}

TEST(Determinism, AnotherRunNumberIsAnotherRun)
{
    const auto first = WholeRun::OfText(SOME_OF_ALL, {}, 1);
    const auto second = WholeRun::OfText(SOME_OF_ALL, {}, 2);
    EXPECT_NE(first.Hash(), second.Hash());
    EXPECT_NE(first.Metric("events"), second.Metric("events"));
}

TEST(Determinism, ShippedScenarios)
{
    for (const auto* name : {"testbed-single", "testbed-four-devices"})
    {
        const auto path = SourcePath(std::string("scenarios/") + name + ".json");
        EXPECT_EQ(WholeRun(path).Hash(), WholeRun(path).Hash()) << name;
    }
}

/** Set IOTFLEET_OTHER_PROGRAM to the iot-fleet of another build, as .ci/run does with Debug. */
TEST(Determinism, BuildsAgree)
{
    const char* program = std::getenv("IOTFLEET_OTHER_PROGRAM");
    if (program == nullptr)
    {
        GTEST_SKIP() << "IOTFLEET_OTHER_PROGRAM names no program to compare with";
    }
    const auto here = WholeRun::OfText(SOME_OF_ALL);
    const auto theirs = here.Folder() / "theirs.db";
    const auto command = "'" + std::string(program) + "' run '" +
                         (here.Folder() / "scenario.json").string() + "' -o '" + theirs.string() +
                         "' > /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    EXPECT_EQ(here.Hash(), ContentSha256(theirs));
}

} // namespace
