// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/report.h"
#include "cli/command.h"
#include "cli/progress-line.h"
#include "cli/run-summary.h"
#include "cli/signal-cleanup.h"
#include "helper/output-files.h"
#include "helper/rollout-validator.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-runner.h"

#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `run`. */
struct RunArguments
{
    std::filesystem::path scenario;
    std::filesystem::path database;
    std::filesystem::path report;
    std::optional<uint64_t> seed;
    uint64_t run{1};
    std::vector<std::string> sets;
    bool force{false};
    bool quiet{false};
};

RunSummary
RunWithProgress(const Scenario& scenario, const RunArguments& arguments)
{
    ProgressLine line;
    RunOptions options;
    options.database = arguments.database;
    options.run = arguments.run;
    if (!arguments.quiet && line.IsActive())
    {
        options.onProgress = [&line](const RunProgress& progress) { line.Show(progress); };
    }
    return RunScenario(scenario, options);
}

void
PrintSummary(const RunSummary& summary, const Scenario& scenario, const RunArguments& arguments)
{
    std::cout << RunSummaryText(summary, CountUpToDate(scenario))
              << "results: " << arguments.database.string() << '\n';
    if (!arguments.report.empty())
    {
        std::cout << "report: " << arguments.report.string() << '\n';
    }
}

/** Looks at all files of a run before it begins. */
OutputFiles
LookAtFiles(const Scenario& scenario, const RunArguments& arguments)
{
    OutputFiles outputs;
    outputs.AddInput(arguments.scenario);
    outputs.AddInput(scenario.fleet.inventory.value_or(""));
    for (const ImageSpec& image : scenario.firmware.images)
    {
        outputs.AddInput(image.file.value_or(""));
    }
    outputs.AddDatabase("-o", arguments.database, {arguments.force, {}, {}});
    outputs.AddFile("--report", arguments.report);
    outputs.AddFile(arguments.scenario.string() + ": /record/pcap/file",
                    scenario.record.pcapFile.value_or(""));
    return outputs;
}

int
Run(RunArguments& arguments)
{
    const Scenario scenario = ReadScenario(arguments.scenario, arguments.sets, arguments.seed);
    if (arguments.database.empty())
    {
        arguments.database = arguments.scenario.stem().string() + ".db";
    }
    const OutputFiles outputs = LookAtFiles(scenario, arguments);
    const SignalCleanup cleanup(outputs.GetPartialFiles());
    const RunSummary summary = RunWithProgress(scenario, arguments);
    if (!arguments.report.empty())
    {
        analysis::WriteReport(arguments.database, arguments.report);
    }
    if (!arguments.quiet)
    {
        PrintSummary(summary, scenario, arguments);
    }
    return EXIT_OK;
}

void
AddRunOptions(CLI::App& command, RunArguments& arguments)
{
    command.add_option("SCENARIO", arguments.scenario, "Scenario file (JSON).")->required();
    command.add_option("-o,--output",
                       arguments.database,
                       "Results database (SQLite); SCENARIO's name with .db when left out.");
    command.add_option("--report", arguments.report, "Also writes the report to this HTML file.");
    command
        .add_option("--seed",
                    arguments.seed,
                    "Seed of all random draws, 1 to 4294967294; replaces the scenario's.")
        ->check(CLI::Range(uint64_t{1}, uint64_t{4294967294}));
    command.add_option("--run", arguments.run, "Number of the run: another draw of the same seed.")
        ->check(CLI::Range(uint64_t{1}, uint64_t{4294967294}))
        ->capture_default_str();
    command
        .add_option("--set",
                    arguments.sets,
                    "POINTER=VALUE, changes the scenario; may be given several times.")
        ->expected(1)
        ->take_all();
    command.add_flag("--force",
                     arguments.force,
                     "Replaces a database that holds a campaign or several runs.");
    command.add_flag("-q,--quiet", arguments.quiet, "No progress and no summary.");
}

} // namespace

void
AddRunCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* command = app.add_subcommand("run", "Runs a scenario into a results database.");
    AddRunOptions(*command, *arguments);
    command->footer("Examples:\n"
                    "  iot-fleet run scenarios/quickstart.json\n"
                    "  iot-fleet run quickstart.json -o q.db --report q.html --seed 7\n"
                    "  iot-fleet run quickstart.json --set /fleet/groups/0/count=500 "
                    "--set '/duration=\"2 d\"'");
    command->callback([&action, arguments] { action = [arguments] { return Run(*arguments); }; });
}

} // namespace ns3::iotfleet
