// SPDX-License-Identifier: GPL-2.0-only

// Rollout policies on the whole simulator: canary arithmetic, and going back.

#include "test/test-support-run.h"

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using boost::math::binomial;

/// Two-sided probability with which a statistical check of a right program fails.
constexpr double ERROR_PROBABILITY = 1e-6;

/** Forty devices beside a gateway, and an image that a third of them cannot run. */
constexpr const char* BAD_IMAGE = R"({
  "schema": 1,
  "duration": "4 d",
  "stop": { "when": "rollout-finished", "linger": "12 h" },
  "fleet": { "groups": [ { "name": "lamp", "count": 40, "class": "C", "activated": true,
    "placement": { "radius": "300 m" }, "telemetry": { "period": "30 min" } } ] },
  "access": { "lorawan": { "gateways": [ { "name": "mast", "z": "20 m" } ],
    "backhaul_model": "delay" } },
  "firmware": { "target": "1.1.0", "images": [
    { "version": "1.0.0", "size": "400 B", "sequence": 1, "fixes": false },
    { "version": "1.1.0", "size": "400 B", "sequence": 2,
      "defect": { "probability": 0.3, "effect": "crash" } } ] },
  "rollout": { "start": "2 h",
    "waves": [ { "count": 10, "error_count": 2, "success_threshold": 0 },
               { "share": 1, "error_threshold": 1, "success_threshold": 0 } ] }
})";

/**
 * The canary is offered the image as a whole: of its devices that install it the harmed ones are
 * binomial, and the rollout is aborted where three or more are. (Now and then a device is not set
 * up in time; it reports its old version, a failure without harm.)
 */
TEST(SystemRollout, TheCanarysHarmIsBinomial)
{
    constexpr uint32_t RUNS = 12;
    constexpr uint32_t CANARY = 10;
    constexpr double FAILURE = 0.3;
    uint32_t harmedInCanaries = 0;
    uint32_t triedInCanaries = 0;
    uint32_t aborts = 0;
    for (uint32_t run = 1; run <= RUNS; ++run)
    {
        const auto result = WholeRun::OfText(BAD_IMAGE, {}, run);
        const double harmed = result.Metric("harmed_before_abort");
        const double updated = result.Metric("devices_updated");
        const double inCanary = result.Number(
            "SELECT count(*) FROM device WHERE wave = 1 AND update_state = 'rolled-back'");
        const double updatedInCanary = result.Number(
            "SELECT count(*) FROM device WHERE wave = 1 AND update_state = 'confirmed'");
        const bool aborted = result.Text("SELECT decision FROM wave WHERE wave = 1") == "abort";
        if (aborted)
        {
            EXPECT_EQ(
                harmed,
                result.Number(
                    "SELECT count(DISTINCT device_id) FROM device_event WHERE "
                    "event = 'rolled-back' AND t_s <= (SELECT ended_s FROM wave WHERE wave = 1)"))
                << "before the abort, run " << run;
            EXPECT_LE(harmed, inCanary) << "nobody else was offered the image, run " << run;
            EXPECT_EQ(updated, updatedInCanary);
        }
        else
        {
            EXPECT_LT(inCanary, 3) << "run " << run;
            EXPECT_GT(updated + harmed, CANARY);
        }
        harmedInCanaries += static_cast<uint32_t>(inCanary);
        triedInCanaries += static_cast<uint32_t>(inCanary + updatedInCanary);
        aborts += aborted ? 1 : 0;
    }
    EXPECT_GT(triedInCanaries, 0.9 * RUNS * CANARY);
    const binomial harm(triedInCanaries, FAILURE);
    EXPECT_GE(harmedInCanaries, quantile(harm, ERROR_PROBABILITY / 2));
    EXPECT_LE(harmedInCanaries, quantile(complement(harm, ERROR_PROBABILITY / 2)));
    const binomial abort(RUNS, cdf(complement(binomial(CANARY, FAILURE), 2)));
    EXPECT_GE(aborts, quantile(abort, ERROR_PROBABILITY / 2));
    EXPECT_LE(aborts, quantile(complement(abort, ERROR_PROBABILITY / 2)));
}

/** A third of everybody fails; the others go back, in a manifest that they accept. */
TEST(SystemRollout, DevicesGoBackToTheOlderImage)
{
    const auto run = WholeRun::OfText(BAD_IMAGE,
                                      {R"(/rollout/waves=[{"share": 1, "success_threshold": 0}])",
                                       "/rollout/on_error=roll-back",
                                       "/rollout/roll_back/to=1.0.0"});
    EXPECT_EQ(run.Text("SELECT decision FROM wave WHERE wave = 1"), "roll-back");
    EXPECT_EQ(run.Text("SELECT name FROM wave WHERE wave = 2"), "roll-back");
    const double failed = run.Number("SELECT count(*) FROM device WHERE firmware = '1.0.0'");
    const double back =
        run.Number("SELECT count(*) FROM device WHERE firmware = '1.0.0+rollback' AND "
                   "believed_firmware = '1.0.0+rollback'");
    EXPECT_GT(failed, 2);
    EXPECT_EQ(failed + back, 40) << "nobody runs the bad image any more";
    EXPECT_EQ(run.Number("SELECT succeeded FROM wave WHERE wave = 2"), back);
    EXPECT_EQ(run.Metric("devices_updated"), 0);
    EXPECT_EQ(run.Metric("devices_believed_updated"), 0);
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE health = 'vulnerable'"), 40)
        << "the older image does not have the fix";
    ExpectBooksBalance(run);
}

/** The image that they go back to leaks: nobody is taken off the count of those updated twice. */
TEST(SystemRollout, WhoFailsAfterGoingBackIsNotUpdated)
{
    const auto run = WholeRun::OfText(
        BAD_IMAGE,
        {R"(/rollout/waves=[{"share": 1, "success_threshold": 0}])",
         "/rollout/on_error=roll-back",
         "/rollout/roll_back/to=1.0.0",
         R"(/faults=[{"kind": "slow-leak", "image": "1.0.0", "mean": "30 min", "then": "brick"}])"});
    EXPECT_GT(run.Number("SELECT count(*) FROM failure WHERE cause = 'slow-leak'"), 2)
        << "the fault comes with the copy of the image, too";
    EXPECT_EQ(run.Metric("devices_updated"), 0);
    EXPECT_LE(run.Number("SELECT max(updated) FROM progress"), 40);
}

/** Two at a time, a day's limit on silence, and every device still gets the image. */
TEST(SystemRollout, PaceAndRetriesReachEverybody)
{
    const auto run =
        WholeRun::OfText(BAD_IMAGE,
                         {R"(/firmware/images/1/defect={"probability": 0})",
                          R"(/rollout/waves=[{"share": 1}])",
                          R"(/rollout/pace={"rate": 15, "interval": "2 h", "concurrent": 20})",
                          "/rollout/in_progress_timeout=12 h",
                          R"(/rollout/retry={"limit": 2, "wait": "1 h"})"});
    EXPECT_EQ(run.Metric("devices_updated"), 40);
    EXPECT_EQ(run.Metric("devices_believed_updated"), 40);
    EXPECT_EQ(run.Number("SELECT count(*) FROM session"), 3) << "15, 15 and 10 devices";
    ExpectBooksBalance(run);
}

/** Two sites nine hours apart, and a window from ten in the evening to four: local time counts. */
TEST(SystemRollout, EachSiteIsOfferedTheImageInItsOwnNight)
{
    const auto run =
        WholeRun::OfText(BAD_IMAGE,
                         {R"(/firmware/images/1/defect={"probability": 0})",
                          R"(/rollout/waves=[{"share": 1}])",
                          R"(/rollout/windows=[{"start": "22 h", "end": "4 h"}])",
                          "/fleet/groups/0/site=lisbon",
                          R"(/fleet/groups/-={"name": "sign", "count": 10, "site": "osaka",
                             "class": "C", "activated": true, "placement": {"radius": "300 m"}})",
                          R"(/fleet/sites={"osaka": {"utc_offset": "9 h"}})"});
    const auto started = run.Column("SELECT started_s / 3600 FROM session ORDER BY started_s");
    ASSERT_EQ(started.size(), 2);
    EXPECT_GT(started[0], 2) << "at night in Lisbon, where the rollout starts at once";
    EXPECT_LT(started[0], 3);
    EXPECT_GT(started[1], 13) << "22 h in Osaka";
    EXPECT_LT(started[1], 14);
    EXPECT_EQ(run.Column("SELECT devices FROM session ORDER BY started_s"),
              (std::vector<double>{40, 10}));
    EXPECT_EQ(run.Metric("devices_updated"), 50);
}

} // namespace
