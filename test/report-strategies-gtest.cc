// SPDX-License-Identifier: GPL-2.0-only

// What the comparison of strategies is made of: bands over runs, estimates, the Pareto front.

#include "analysis/report/progress-lines.h"
#include "analysis/report/variants.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;

/// A run of 100 devices whose updated ones grow by `slope` a second from `startS` on.
ProgressRun
MakeRun(double startS, uint64_t slope, uint32_t rows)
{
    ProgressRun run;
    run.devices = 100;
    run.startS = startS;
    for (uint32_t i = 0; i < rows; ++i)
    {
        ProgressRow row;
        row.tS = startS + i;
        row.updated = slope * i;
        run.rows.push_back(row);
    }
    return run;
}

TEST(ProgressBands, GoFromTheSmallestToTheLargestOfFewRuns)
{
    const std::vector<ProgressRun> runs{MakeRun(0, 1, 11), MakeRun(50, 2, 11), MakeRun(7, 6, 6)};
    const auto instants = MakeInstants(runs, 11);
    ASSERT_EQ(instants.size(), 11U);
    EXPECT_EQ(instants.back(), 10) << "of the longest run, from its own start";
    const auto band = MakeBand(runs, GetProgressLine("updated"), instants);
    EXPECT_DOUBLE_EQ(*band[4].low, 0.04);
    EXPECT_DOUBLE_EQ(*band[4].median, 0.08);
    EXPECT_DOUBLE_EQ(*band[4].high, 0.24);
    EXPECT_DOUBLE_EQ(*band[10].high, 0.30) << "the run that ended at 5 s goes on at its last value";
    EXPECT_FALSE(MakeBand(runs, GetProgressLine("notified"), instants)[4].median)
        << "NULL in every run";
}

TEST(ProgressBands, AreQuantilesOfManyRuns)
{
    std::vector<ProgressRun> runs;
    for (uint64_t slope = 0; slope <= 20; ++slope)
    {
        runs.push_back(MakeRun(0, slope, 3));
    }
    const auto band = MakeBand(runs, GetProgressLine("updated"), std::vector<double>{2});
    // Shares 0, 0.02, ..., 0.40: type 7 quantiles of 21 values lie at values 2, 10 and 18.
    EXPECT_DOUBLE_EQ(*band[0].low, 0.04);
    EXPECT_DOUBLE_EQ(*band[0].median, 0.20);
    EXPECT_DOUBLE_EQ(*band[0].high, 0.36);
}

Variant
MakeVariant(const std::string& name, std::optional<double> timeS, double updated)
{
    Variant variant;
    variant.name = name;
    variant.runs.resize(2);
    variant.metrics["time_to_99_updated_s"] = {timeS, timeS ? std::optional(*timeS + 2) : timeS};
    variant.metrics["devices_updated"] = {updated, updated};
    return variant;
}

TEST(Strategies, FrontHoldsWhoIsNotBeatenInBoth)
{
    // A time is better when smaller, updated devices when more.
    const std::vector<Variant> variants{MakeVariant("fast", 10, 90),
                                        MakeVariant("thorough", 30, 100),
                                        MakeVariant("beaten", 30, 95),
                                        MakeVariant("middle", 20, 97),
                                        MakeVariant("never", std::nullopt, 100)};
    EXPECT_EQ(FindParetoFront(variants, "time_to_99_updated_s", "devices_updated"),
              (std::vector<std::string>{"fast", "thorough", "middle"}));
}

TEST(Strategies, EstimateNeedsEveryRun)
{
    Variant variant = MakeVariant("a", 10, 1);
    EXPECT_EQ(variant.Estimate("time_to_99_updated_s")->mean, 11);
    variant.metrics["time_to_99_updated_s"][1].reset();
    EXPECT_FALSE(variant.Estimate("time_to_99_updated_s"));
    EXPECT_EQ(variant.CountReached("time_to_99_updated_s"), 1U);
    EXPECT_FALSE(variant.Estimate("no_such_metric"));
}

} // namespace
