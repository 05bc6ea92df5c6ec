// SPDX-License-Identifier: GPL-2.0-only

// Clocks and what sets them (TS003, DeviceTimeReq) against closed forms.

#include "helper/fleet-simulation.h"
#include "helper/scenario-error.h"
#include "test/scenario-text.h"

#include "ns3/simulator.h"

#include <cmath>
#include <gtest/gtest.h>

namespace
{

using namespace ns3;
using namespace ns3::iotfleet;

constexpr uint32_t DEVICES = 40;

constexpr const char* CLOCKS = R"({
  "schema": 1,
  "name": "clocks",
  "seed": 4,
  "duration": "5 d",
  "fleet": { "groups": [
    { "name": "sensor", "count": 40, "activated": true, "data_rate": 5, "clock_drift": "20 ppm",
      "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "30 min", "size": "12 B" } } ] },
  "access": { "lorawan": { "region": "EU868", "adr": false, "backhaul_model": "delay",
    "clock_sync": { "method": "ts003", "period": "1 d" },
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } }
})";

/** What is left of a run. */
struct Outcome
{
    std::vector<double> errorS;
    std::vector<double> driftPpm;
    uint64_t txBytes{0};
    uint64_t requests{0};
    uint64_t answers{0};
    uint32_t timeAnswers{0};

    void OnDownlink(const DownlinkFrame& frame, const DownlinkOnAir&, bool)
    {
        if ((frame.options & DEVICE_TIME_ANS) != 0)
        {
            ++timeAnswers;
            EXPECT_EQ(frame.phyBytes, 12U + 6); // TS001-1.0.4 section 5.10
        }
    }
};

Outcome
RunClocks(const std::vector<std::string>& sets, double untilS = 5 * 86400)
{
    const auto scenario = test::ReadScenarioText(CLOCKS, sets);
    FleetSimulation simulation(scenario, 1);
    Outcome outcome;
    simulation.network->TraceConnectWithoutContext("DownlinkSent",
                                                   MakeCallback(&Outcome::OnDownlink, &outcome));
    Simulator::Stop(Seconds(untilS));
    Simulator::Run();
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        outcome.errorS.push_back(simulation.network->ClockErrorS(DeviceId{i}));
        outcome.driftPpm.push_back(simulation.network->Mac().ClockDriftPpm(DeviceId{i}));
        outcome.txBytes += simulation.fleet->TxBytes(DeviceId{i});
    }
    outcome.requests = simulation.clockAgent ? simulation.clockAgent->Requests() : 0;
    outcome.answers = simulation.clockService ? simulation.clockService->Answers() : 0;
    Simulator::Destroy();
    return outcome;
}

TEST(ClockSync, NoneDriftsFromTheStart)
{
    const auto outcome = RunClocks({"/access/lorawan/clock_sync/method=\"none\""});
    double squares = 0;
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        EXPECT_NEAR(outcome.errorS[i], outcome.driftPpm[i] * 1e-6 * 5 * 86400, 1e-6);
        squares += outcome.driftPpm[i] * outcome.driftPpm[i];
    }
    // The standard error of a standard deviation is sd / sqrt(2 n).
    EXPECT_NEAR(std::sqrt(squares / DEVICES), 20, 4 * 20 / std::sqrt(2.0 * DEVICES));
}

/**
 * A request that leaves at t with the clock x = t + e tells floor(x); it arrives A later and gets
 * floor(t + A) - floor(x). The error is then frac(x) + A - frac(t + A): within 1 s of A.
 */
void
ExpectErrorsWithin(const Outcome& outcome, double periodS)
{
    const double airtimeS = ToSeconds(GetRegion("EU868").AirtimeNs(5, 19, true));
    const double wayS = airtimeS + 0.05 + 0.2; // backhaul, and the wait for other copies
    double largest = 0;
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        const double drifted = std::abs(outcome.driftPpm[i]) * 1e-6 * (periodS + 120);
        EXPECT_LE(std::abs(outcome.errorS[i] - wayS), 1 + drifted) << i;
        largest = std::max(largest, std::abs(outcome.errorS[i]));
    }
    EXPECT_GT(largest, 0.2) << "whole seconds leave an error";
}

TEST(ClockSync, Ts003LeavesTheErrorOfWholeSeconds)
{
    const auto outcome = RunClocks({});
    ExpectErrorsWithin(outcome, 86400);
    EXPECT_NEAR(static_cast<double>(outcome.requests), 5.0 * DEVICES, DEVICES);
    EXPECT_GT(outcome.answers, 0U);
    EXPECT_LT(outcome.answers, outcome.requests) << "a right clock needs no answer";
}

TEST(ClockSync, Ts003PaysForItsMessages)
{
    // Without jitter, so that both have the same telemetry.
    const std::string regular = "/fleet/groups/0/telemetry/jitter=0";
    const auto with = RunClocks({regular});
    const auto without = RunClocks({regular, "/access/lorawan/clock_sync/method=\"none\""});
    // AppTimeReq is 6 bytes in a frame of 13.
    EXPECT_EQ(with.txBytes - without.txBytes, with.requests * 19);
    EXPECT_EQ(without.requests, 0U);
    const auto always = RunClocks({"/access/lorawan/clock_sync/answer_required=true"});
    EXPECT_NEAR(static_cast<double>(always.answers), static_cast<double>(always.requests), 1);
}

TEST(ClockSync, TheOperatorSetsThePeriod)
{
    const auto outcome = RunClocks({"/access/lorawan/clock_sync/periodicity=6"}); // 8192 s
    // Each device is told after its first request, half a day from the start in the mean, by its
    // next uplink; the first period is a random part of one.
    const double expected = DEVICES * (4.5 * 86400 / 8192 + 1);
    EXPECT_NEAR(static_cast<double>(outcome.requests), expected, 0.06 * expected);
    ExpectErrorsWithin(outcome, 8192);
}

TEST(ClockSync, AnOrderMakesEverybodyAsk)
{
    const std::vector<std::string> seldom{"/access/lorawan/clock_sync/period=\"1000 d\""};
    auto ordered = seldom;
    ordered.emplace_back("/access/lorawan/clock_sync/resync_at=\"4 d\"");
    ordered.emplace_back("/access/lorawan/clock_sync/resync_transmissions=3");
    EXPECT_LE(RunClocks(seldom).requests, 2U);
    const auto outcome = RunClocks(ordered, 4.1 * 86400);
    // One each, and up to two more until the answer comes.
    EXPECT_GE(outcome.requests, DEVICES);
    EXPECT_LE(outcome.requests, 3U * DEVICES + 2);
    ExpectErrorsWithin(outcome, 0.1 * 86400);
}

TEST(ClockSync, DeviceTimeRidesOnTelemetry)
{
    const auto outcome = RunClocks({"/access/lorawan/clock_sync/method=\"device-time\""});
    // 4 or 5 in five days: the phase is random, and an uplink comes up to half an hour later.
    EXPECT_GE(outcome.timeAnswers, 4 * DEVICES);
    EXPECT_LE(outcome.timeAnswers, 5 * DEVICES);
    for (uint32_t i = 0; i < DEVICES; ++i)
    {
        const double most = std::abs(outcome.driftPpm[i]) * 1e-6 * (86400 + 1.05 * 1800 + 10);
        EXPECT_LE(std::abs(outcome.errorS[i]), most + 1e-6) << i;
    }
    EXPECT_EQ(RunClocks({"/access/lorawan/clock_sync/method=\"device-time\"",
                         "/fleet/groups/0/clock_drift=\"0 ppm\""})
                  .timeAnswers,
              0U);
}

TEST(ClockSync, DeviceTimeWorksWithoutTelemetry)
{
    const auto outcome = RunClocks({"/access/lorawan/clock_sync/method=\"device-time\"",
                                    "/fleet/groups/0/telemetry/period=\"0 s\""});
    EXPECT_NEAR(outcome.timeAnswers, 5.0 * DEVICES, 5);
}

TEST(ClockSync, RefusesKeysOfAnotherMethod)
{
    try
    {
        test::ReadScenarioText(CLOCKS,
                               {"/access/lorawan/clock_sync/method=\"none\"",
                                "/access/lorawan/clock_sync/periodicity=3"});
        FAIL();
    }
    catch (const ScenarioError& error)
    {
        const std::string text = error.what();
        EXPECT_NE(text.find("/access/lorawan/clock_sync/periodicity"), std::string::npos) << text;
        EXPECT_NE(text.find("ts003"), std::string::npos) << text;
    }
}

} // namespace
