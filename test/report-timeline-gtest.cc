// SPDX-License-Identifier: GPL-2.0-only

// The story of a device through time: which instants a run keeps, and that replaying them ends
// where the table of devices says the devices are.

#include "analysis/report/device-replay.h"
#include "analysis/report/hexagon-timeline.h"
#include "helper/device-story.h"
#include "helper/scenario.h"
#include "test/test-support-run.h"

#include <gtest/gtest.h>
#include <numeric>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;

/// Joins, a defect that bricks, roll-backs, compromise, quarantine with release: every kind of
/// story.
constexpr const char* EVERY_STORY = R"({
  "schema": 1,
  "name": "every-story",
  "seed": 11,
  "duration": "3 d",
  "fleet": { "groups": [
    { "name": "meter", "count": 120, "placement": { "kind": "disc", "radius": "2 km" },
      "power_on_spread": "1 h", "telemetry": { "period": "1 h", "size": "20 B" } } ] },
  "access": { "lorawan": { "region": "EU868",
    "gateways": [ { "name": "a", "x": "0 m", "y": "300 m", "z": "30 m" } ],
    "propagation": { "shadowing": "4 dB" } } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "3 kB", "sequence": 2,
    "defect": { "probability": 0.1, "effect": "crash" } } ] },
  "distribution": { "class": "C", "redundancy": 0.2 },
  "rollout": { "start": "12 h", "waves": [ { "share": 1, "error_threshold": 0.9,
      "success_threshold": 0.1 } ] },
  "threats": [ { "at": "3 h", "share": 0.1 } ],
  "quarantine": { "detector": { "window": "1 h", "true_positive_rate": 0.5,
      "false_positive_rate": 0.01, "k": 1, "n": 1 }, "level": "restricted", "probation": "3 h",
      "release_after": "6 h" },
  "record": { "events": "all" }
})";

TEST(DeviceStory, EndsWhereTheDeviceTableEnds)
{
    const auto run = WholeRun::OfText(EVERY_STORY);
    const ResultsReader reader(run.Folder() / "run.db");
    DeviceReplay replay(120);
    for (const auto& [tS, device, event] : ReadDeviceEvents(reader, 1, 120))
    {
        replay.Apply(device, event);
    }
    std::map<ReportState, int> seen;
    reader.ForEachDevice(1, [&](const DeviceRow& device) {
        const ReportState state = GetReportState(device, "1.1.0");
        EXPECT_EQ(replay.GetState(device.deviceId), state) << device.name;
        ++seen[state];
    });
    EXPECT_GE(seen.size(), 3U) << "a run in which all devices end alike shows little";
    EXPECT_GT(run.Number("SELECT count(*) FROM device_event WHERE event = 'rolled-back'"), 0);
    EXPECT_GT(run.Number("SELECT count(*) FROM device_event WHERE event = 'released'"), 0);
}

TEST(DeviceStory, CountsAsProgressCounts)
{
    const auto run = WholeRun::OfText(EVERY_STORY);
    // The progress table counts states by the fleet's own counters, another way to the same
    // numbers.
    for (const char* event : {"enrolled", "compromised"})
    {
        const std::string name = event;
        const std::string undone = name == "enrolled" ? "unenrolled" : "recovered";
        EXPECT_EQ(run.Number("SELECT count(*) FROM progress p WHERE p." + name +
                             " != (SELECT sum(CASE event WHEN '" + name + "' THEN 1 WHEN '" +
                             undone +
                             "' THEN -1 ELSE 0 END) FROM device_event e WHERE e.t_s <= p.t_s) AND "
                             "p.t_s > 0"),
                  0)
            << name;
    }
    EXPECT_EQ(run.Number("SELECT count(*) FROM quarantine"),
              run.Number("SELECT count(*) FROM device_event WHERE event = 'quarantined'"));
}

TEST(DeviceStory, ChangesNothingElse)
{
    const auto with = WholeRun::OfText(EVERY_STORY);
    const auto without = WholeRun::OfText(EVERY_STORY, {"/record/events=none"});
    EXPECT_GT(with.Number("SELECT count(*) FROM device_event"), 500);
    EXPECT_EQ(without.Number("SELECT count(*) FROM device_event"), 0);
    EXPECT_EQ(
        with.Column("SELECT value FROM metric WHERE value NOT NULL AND name NOT IN ('wall_s', "
                    "'peak_rss_bytes') "
                    "ORDER BY name"),
        without.Column("SELECT value FROM metric WHERE value NOT NULL AND name NOT IN ('wall_s', "
                       "'peak_rss_bytes') ORDER BY name"));
}

TEST(DeviceStory, IsKeptBySizeOfTheFleet)
{
    Scenario scenario;
    EXPECT_TRUE(KeepsDeviceEvents(scenario, 200000));
    EXPECT_FALSE(KeepsDeviceEvents(scenario, 200001));
    scenario.record.events = "all";
    EXPECT_TRUE(KeepsDeviceEvents(scenario, 1000000));
    scenario.record.events = "none";
    EXPECT_FALSE(KeepsDeviceEvents(scenario, 1));
}

/// The state after some events on a device that has joined.
ReportState
StateAfter(std::initializer_list<DeviceEvent> events)
{
    DeviceReplay replay(1);
    replay.Apply(0, DeviceEvent::ENROLLED);
    for (const DeviceEvent event : events)
    {
        replay.Apply(0, event);
    }
    return replay.GetState(0);
}

TEST(DeviceReplay, ShowsTheGravestState)
{
    using E = DeviceEvent;
    using S = ReportState;
    EXPECT_EQ(DeviceReplay(1).GetState(0), S::NOT_ENROLLED);
    EXPECT_EQ(StateAfter({}), S::WAITING);
    EXPECT_EQ(StateAfter({E::NOTIFIED, E::RECEIVED}), S::IN_PROGRESS);
    EXPECT_EQ(StateAfter({E::NOTIFIED, E::WITHDRAWN}), S::WAITING);
    EXPECT_EQ(StateAfter({E::NOTIFIED, E::FAILED}), S::FAILED);
    EXPECT_EQ(StateAfter({E::NOTIFIED, E::FAILED, E::NOTIFIED}), S::IN_PROGRESS);
    EXPECT_EQ(StateAfter({E::NOTIFIED, E::UPDATED}), S::UPDATED);
    EXPECT_EQ(StateAfter({E::UPDATED, E::NOTIFIED, E::REVERTED}), S::WAITING);
    EXPECT_EQ(StateAfter({E::UPDATED, E::QUARANTINED}), S::QUARANTINED);
    EXPECT_EQ(StateAfter({E::UPDATED, E::QUARANTINED, E::RELEASED}), S::UPDATED);
    EXPECT_EQ(StateAfter({E::QUARANTINED, E::COMPROMISED}), S::COMPROMISED_HELD);
    EXPECT_EQ(StateAfter({E::COMPROMISED, E::QUARANTINED, E::RELEASED}), S::COMPROMISED);
    EXPECT_EQ(StateAfter({E::COMPROMISED, E::BRICKED}), S::BRICKED);
    EXPECT_EQ(StateAfter({E::COMPROMISED, E::FAULTY, E::RECOVERED}), S::WAITING);
    EXPECT_EQ(StateAfter({E::UPDATED, E::UNENROLLED}), S::NOT_ENROLLED);
}

TEST(MapFrames, FollowTheEventsAndEndAtTheEnd)
{
    // A thousand events within one hour of ten days.
    std::vector<TimedEvent> events;
    for (uint32_t i = 0; i < 1000; ++i)
    {
        events.push_back({500000 + 3.6 * i, i, DeviceEvent::ENROLLED});
    }
    const auto frames = MakeFrames(events, 864000);
    EXPECT_EQ(frames.front(), 0);
    EXPECT_EQ(frames.back(), 864000);
    EXPECT_TRUE(std::ranges::is_sorted(frames));
    EXPECT_LE(frames.size(), 182U);
    const auto inTheHour = std::ranges::count_if(frames, [](double frame) {
        return frame >= 500000 && frame <= 503600;
    });
    EXPECT_GE(inTheHour, 8) << "evenly spaced frames alone would be four hours apart";
    EXPECT_EQ(MakeFrames({}, 0), std::vector<double>{0});
}

TEST(HexagonTimeline, CountsEveryDeviceInEveryFrame)
{
    std::vector<DevicePoint> points;
    std::vector<TimedEvent> events;
    for (uint32_t i = 0; i < 300; ++i)
    {
        points.push_back(
            {static_cast<float>(37 * (i % 20)), static_cast<float>(53 * (i / 20)), {}});
        events.push_back({1.0 + i, i, DeviceEvent::ENROLLED});
    }
    for (uint32_t i = 0; i < 300; ++i)
    {
        events.push_back({400.0 + i, i, DeviceEvent::UPDATED});
    }
    const std::vector<double> frames{0, 100, 300, 450, 1000};
    HexagonTimeline timeline(60, points);
    timeline.Replay(events, frames);
    std::array<std::array<uint32_t, REPORT_STATES>, 5> sums{};
    for (const auto& cell : timeline.GetCells())
    {
        for (size_t state = 0; state < REPORT_STATES; ++state)
        {
            for (uint32_t frame = 0; frame < frames.size(); ++frame)
            {
                uint32_t count = 0;
                for (const auto& change : cell.states[state])
                {
                    count = change.frame <= frame ? change.count : count;
                }
                sums[frame][state] += count;
            }
        }
    }
    const auto at = [&](size_t frame, ReportState state) {
        return sums[frame][static_cast<size_t>(state)];
    };
    EXPECT_EQ(at(0, ReportState::NOT_ENROLLED), 300U);
    EXPECT_EQ(at(1, ReportState::WAITING), 100U) << "times 1 to 100";
    EXPECT_EQ(at(1, ReportState::NOT_ENROLLED), 200U);
    EXPECT_EQ(at(3, ReportState::UPDATED), 51U) << "times 400 to 450";
    EXPECT_EQ(at(4, ReportState::UPDATED), 300U);
    for (const auto& states : sums)
    {
        EXPECT_EQ(std::accumulate(states.begin(), states.end(), 0U), 300U);
    }
}

} // namespace
