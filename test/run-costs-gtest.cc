// SPDX-License-Identifier: GPL-2.0-only

// Costs in operator units: quantities always, prices only where the scenario gives them.

#include "analysis/results-reader.h"
#include "helper/run-costs.h"
#include "helper/scenario-error.h"
#include "helper/scenario-reader.h"
#include "test/test-support-run.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

/// Ten devices beside a gateway, one of which is bricked by the image when `set` says so.
constexpr const char* TEN_DEVICES = R"({
  "schema": 1,
  "duration": "1 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [{ "name": "m", "count": 10, "activated": true,
    "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
    "telemetry": { "period": "10 min" } }] },
  "access": { "lorawan": { "gateways": [{ "name": "g" }], "backhaul_model": "delay" } },
  "firmware": { "images": [{ "version": "1.1.0", "size": "1 kB", "sequence": 2 }] },
  "rollout": { "start": "1 h", "waves": [{ "count": 2 }, { "share": 1 }] }
})";

TEST(RunCosts, QuantitiesAreCountedWithoutPrices)
{
    const auto run = WholeRun::OfText(TEN_DEVICES);
    const auto rows = analysis::ResultsReader(run.Folder() / "run.db").ReadCosts(1);
    ASSERT_EQ(rows.size(), 7U);
    EXPECT_EQ(rows[0].item, "air");
    EXPECT_DOUBLE_EQ(*rows[0].quantity, run.Metric("downlink_campaign_s") / 3600);
    EXPECT_EQ(rows[1].quantity, run.Metric("max_duty_cycle_used"));
    EXPECT_DOUBLE_EQ(*rows[2].quantity,
                     (run.Metric("bytes_sent_multicast") + run.Metric("bytes_sent_unicast")) / 1e6);
    EXPECT_EQ(rows[6].item, "operator");
    EXPECT_EQ(rows[6].quantity, std::nullopt) << "nobody said what time a person spends";
    for (const CostRow& row : rows)
    {
        EXPECT_EQ(row.cost, std::nullopt) << row.item;
        EXPECT_EQ(row.currency, std::nullopt) << row.item;
    }
    EXPECT_EQ(run.Number("SELECT count(*) FROM metric WHERE name LIKE 'cost_%' AND value NOTNULL"),
              0);
}

/// The price is the campaign's: acknowledgements that devices get anyway cost nothing.
TEST(RunCosts, AirOfTheCampaignIsItsOwn)
{
    const auto run = WholeRun::OfText(TEN_DEVICES, {"/fleet/groups/0/telemetry/confirmed=true"});
    const double campaignS = run.Metric("downlink_campaign_s");
    EXPECT_NEAR(run.Metric("downlink_set_up_s") + run.Metric("downlink_first_pass_s") +
                    run.Metric("downlink_repair_s") + run.Metric("downlink_reports_s"),
                campaignS,
                1e-9 * campaignS);
    EXPECT_NEAR(campaignS + run.Metric("downlink_own_s"), run.Metric("downlink_airtime_s"), 1e-6);
    EXPECT_GT(run.Metric("downlink_own_s"), 0) << "acknowledgements";
    EXPECT_NEAR(run.Metric("repair_share"), run.Metric("downlink_repair_s") / campaignS, 1e-9);
    // Table `session` has fragments and requests to groups, and no requests to single devices.
    const double sessionsS = run.Number("SELECT sum(airtime_s) FROM session");
    const double firstS = run.Metric("downlink_first_pass_s");
    EXPECT_LE(firstS, sessionsS + 1e-6);
    EXPECT_GE(firstS + run.Metric("downlink_repair_s"), sessionsS - 1e-6);
    EXPECT_GT(firstS, 0);
    EXPECT_GT(run.Metric("downlink_set_up_s"), 0);
}

TEST(RunCosts, BatteriesAgreeWithTheDevices)
{
    // stm32wl55 has a battery; the sum over device rows is made by SQL, not by the code under test.
    const auto run = WholeRun::OfText(TEN_DEVICES);
    EXPECT_NEAR(run.Metric("battery_years_lost"),
                run.Number("SELECT sum(campaign_energy_j / daily_energy_j) / 365.25 FROM device"),
                1e-6 * run.Metric("battery_years_lost"));
    EXPECT_NEAR(run.Metric("battery_years_lost") * 365.25 / 10,
                run.Metric("battery_days_lost_mean"),
                1e-9);
}

TEST(RunCosts, PricesMultiplyQuantities)
{
    const auto run = WholeRun::OfText(TEN_DEVICES,
                                      {R"(/costs={"currency": "CHF", "air_hour": 36, "data_mb": 2,
                             "battery": 5, "truck_roll": 80, "operator_hour": 60,
                             "operator_per_wave": "30 min", "operator_per_failure": "10 min"})",
                                       R"(/firmware/images/0/defect={"probability": 1,
                                                        "effect": "silent-brick"})",
                                       R"(/distribution={"report_timeout": "1 h"})"});
    EXPECT_EQ(run.Metric("devices_bricked"), 2) << "the first wave, and the rollout stops";
    EXPECT_EQ(run.Metric("truck_rolls"), 2);
    EXPECT_EQ(run.Metric("cost_truck_rolls"), 160);
    EXPECT_NEAR(run.Metric("cost_air"), run.Metric("downlink_campaign_s") * 0.01, 1e-9);
    EXPECT_NEAR(run.Metric("cost_battery"), run.Metric("batteries_used") * 5, 1e-9);
    // One wave has started (30 min), two devices are in trouble (20 min): 50 min at 60 an hour.
    EXPECT_NEAR(run.Metric("cost_operator"), 50, 1e-9);
    EXPECT_NEAR(run.Metric("cost_total"),
                run.Number("SELECT sum(cost) FROM cost"),
                1e-9 * run.Metric("cost_total"));
    EXPECT_EQ(run.Text("SELECT unit FROM metric WHERE name = 'cost_total'"), "CHF");
    EXPECT_EQ(run.Number("SELECT count(*) FROM cost WHERE currency = 'CHF'"), 7);
}

TEST(RunCosts, DoublePricingAndUncountedHoursAreRefused)
{
    const auto file = SourcePath("test/data/scenarios/minimal.json");
    const auto problems = [&](const std::string& costs) {
        try
        {
            ReadScenario(file, {"/costs=" + costs});
        }
        catch (const ScenarioError& error)
        {
            return error.GetProblems();
        }
        return std::vector<ScenarioProblem>{};
    };
    EXPECT_TRUE(problems(R"({"battery": 2})").empty());
    EXPECT_EQ(problems(R"({"battery": 2, "battery_year": 1})").at(0).where, "/costs/battery");
    EXPECT_EQ(problems(R"({"operator_hour": 2})").at(0).where, "/costs/operator_hour");
    EXPECT_EQ(problems(R"({"air_hour": -1})").at(0).where, "/costs/air_hour");
    EXPECT_EQ(problems(R"({"air_hour": "3 h"})").at(0).where, "/costs/air_hour");
}

TEST(RunCosts, ExpectationsWithoutMeaningAreRefused)
{
    const auto file = SourcePath("test/data/scenarios/minimal.json");
    for (const auto& [entry, where] : std::vector<std::pair<std::string, std::string>>{
             {R"({"metric": "devices_total"})", "/expect/0"},
             {R"({"metric": "devices_totla", "min": 1})", "/expect/0/metric"},
             {R"({"metric": "devices_total", "min": 1, "tolerance": 0.1})", "/expect/0/tolerance"},
             {R"({"metric": "devices_total", "baseline": "b.json", "quantile": 0.5})",
              "/expect/0/quantile"},
             {R"({"metric": "devices_total", "min": 1, "quantile": 1.5})", "/expect/0/quantile"}})
    {
        try
        {
            ReadScenario(file, {"/expect=[" + entry + "]"});
            ADD_FAILURE() << "was accepted: " << entry;
        }
        catch (const ScenarioError& error)
        {
            EXPECT_EQ(error.GetProblems().at(0).where, where) << entry;
        }
    }
}

} // namespace
