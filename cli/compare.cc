// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/compare/comparison-output.h"
#include "cli/command.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

using analysis::CompareVerdict;
using analysis::Comparison;

/** Arguments of `compare`. */
struct CompareArguments
{
    std::filesystem::path database;
    analysis::CompareOptions options;
    std::string expect;
    bool json{false};
};

/** Whether one row is as the user claims. */
bool
IsAsExpected(const analysis::ComparedMetric& row, const std::string& expect)
{
    return expect == "better" ? row.verdict == CompareVerdict::BETTER : IsShownNoWorse(row);
}

/** Judges the user's claim about every variant and metric. */
int
JudgeClaim(const Comparison& comparison, const std::string& expect)
{
    if (expect.empty())
    {
        return EXIT_OK;
    }
    int status = comparison.rows.empty() ? EXIT_NEGATIVE : EXIT_OK;
    for (const auto& row : comparison.rows)
    {
        if (!IsAsExpected(row, expect))
        {
            std::cerr << "--expect: found " << CompareVerdictName(row.verdict) << ", expected "
                      << expect << ": " << row.sentence << '\n';
            status = EXIT_NEGATIVE;
        }
    }
    return status;
}

int
CompareDatabase(const CompareArguments& arguments)
{
    const analysis::ResultsReader reader(arguments.database);
    const Comparison comparison = analysis::Compare(reader, arguments.options);
    std::cout << (arguments.json ? ComparisonJson(comparison) : ComparisonText(comparison));
    return JudgeClaim(comparison, arguments.expect);
}

void
AddCompareOptions(CLI::App& command, CompareArguments& arguments)
{
    analysis::CompareOptions& options = arguments.options;
    command.add_option("FILE.db", arguments.database, "Results database of several runs.")
        ->required();
    command.add_option("--by",
                       options.by,
                       "JSON pointer into the scenario whose value makes the groups; the variant "
                       "when left out.");
    command.add_option("--baseline",
                       options.baseline,
                       "Variant, or POINTER=VALUE, to compare with; the first in the database when "
                       "left out.");
    CLI::Option* metric =
        command
            .add_option("--metric",
                        options.metrics,
                        "Metric to compare; may be given several times. Times to 95 and 99 % "
                        "updated, harm, air, energy, telemetry and cost when left out.")
            ->expected(1)
            ->take_all();
    command
        .add_option("--worth",
                    options.worth,
                    "Difference that would matter, as a share of the baseline's mean: what \"the "
                    "same\" and \"more pairs\" refer to.")
        ->check(CLI::Range(1e-6, 1e6))
        ->capture_default_str();
    command
        .add_option(
            "--level",
            options.level,
            "Accepted probability of any false alarm among all tests; intervals have 1 minus it.")
        ->check(CLI::Range(1e-9, 0.5))
        ->capture_default_str();
    command
        .add_option("--expect",
                    arguments.expect,
                    "Exit status 1 unless by every --metric every variant is shown better "
                    "(\"better\"), or shown not to be worse by --worth or more: verdict better, "
                    "same or identical, or the bad end of the interval is below --worth and "
                    "every run has what its partner in the baseline has (\"no-worse\"). What is "
                    "unclear is not shown.")
        ->check(CLI::IsMember({"better", "no-worse"}))
        ->needs(metric);
    command.add_flag("--json", arguments.json, "Prints JSON for scripts.");
}

} // namespace

void
AddCompareCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<CompareArguments>();
    CLI::App* command =
        app.add_subcommand("compare",
                           "Compares variants of a campaign, pair by pair of equal seeds.");
    AddCompareOptions(*command, *arguments);
    command->footer(
        "Examples:\n"
        "  iot-fleet compare classes.db\n"
        "  iot-fleet compare grid.db --by /distribution/redundancy --metric repair_share\n"
        "  iot-fleet compare new.db --metric time_to_99_updated_s --expect no-worse");
    command->callback(
        [&action, arguments] { action = [arguments] { return CompareDatabase(*arguments); }; });
}

} // namespace ns3::iotfleet
