// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/check/run-check.h"
#include "analysis/input-error.h"
#include "cli/campaign-session.h"
#include "cli/command.h"
#include "helper/output-files.h"
#include "helper/scenario-error.h"
#include "helper/temporary-folder.h"
#include "helper/text-file.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

namespace fs = std::filesystem;

/** Arguments of `check`. */
struct CheckArguments
{
    fs::path subject;
    fs::path junit;
    fs::path baselines;
    fs::path writeBaseline;
    fs::path database;
    std::optional<uint64_t> runs;
    std::optional<std::size_t> jobs;
    bool force{false};
    bool quiet{false};
};

/** The plan of a check: the scenario as it is. */
CampaignPlan
MakePlan(const CheckArguments& arguments)
{
    const auto text = ReadTextFile(arguments.subject);
    if (!text)
    {
        throw ScenarioError({{arguments.subject.string(),
                              "",
                              "found no readable file, expected a scenario or a results "
                              "database"}});
    }
    CampaignPlan plan;
    plan.name = "check";
    plan.text = "{}";
    plan.cells.push_back(MakeCampaignCell("", arguments.subject, *text));
    return plan;
}

/** Runs the scenario into a database. */
void
RunScenarioToCheck(const CheckArguments& arguments, const CampaignPlan& plan, const fs::path& file)
try
{
    std::vector<RunRequest> requests;
    for (uint64_t i = 0; i < arguments.runs.value_or(1); ++i)
    {
        requests.push_back({0, i});
    }
    CampaignSession session(plan,
                            file,
                            {CampaignStart::FRESH, arguments.jobs.value_or(0), arguments.quiet});
    session.GetExecutor().SetExpected(requests.size());
    session.GetExecutor().Run(requests);
    session.GetExecutor().Finish("all runs made");
}

catch (const CampaignInterrupted&)
{
    throw std::runtime_error("check: interrupted; no runs are kept"); // nobody goes on with a check
}

int
Report(const CheckArguments& arguments, const fs::path& database)
{
    const fs::path baselines =
        arguments.baselines.empty() ? arguments.subject.parent_path() : arguments.baselines;
    const analysis::ResultsReader reader(database);
    const auto suites = CheckRuns(reader, {baselines, arguments.writeBaseline});
    if (!arguments.junit.empty())
    {
        OutputFiles::Write(arguments.junit, JunitXml(suites));
    }
    if (!arguments.quiet)
    {
        std::cout << CheckText(suites);
    }
    return HasPassed(suites) ? EXIT_OK : EXIT_NEGATIVE;
}

/** Judges a results database. */
int
CheckDatabase(const CheckArguments& arguments)
{
    for (const auto& [option, isGiven] : {std::pair("-o", !arguments.database.empty()),
                                          std::pair("--runs", arguments.runs.has_value()),
                                          std::pair("--jobs", arguments.jobs.has_value())})
    {
        if (isGiven)
        {
            throw analysis::InputError(std::string(option) +
                                       ": found beside a results database, expected a scenario, "
                                       "which is run");
        }
    }
    return Report(arguments, arguments.subject);
}

/** Runs a scenario and judges the runs; they appear under their name when all are made. */
int
CheckScenario(const CheckArguments& arguments, OutputFiles outputs)
{
    const CampaignPlan plan = MakePlan(arguments);
    outputs.AddDatabase("-o",
                        arguments.database,
                        {arguments.force, plan.Sha256(), arguments.runs.value_or(1)});
    const TemporaryFolder temporary(arguments.database);
    fs::path database = temporary.GetPath() / "check.db";
    RunScenarioToCheck(arguments, plan, database);
    if (!arguments.database.empty())
    {
        OutputFiles::Publish(database, arguments.database);
        database = arguments.database;
    }
    return Report(arguments, database);
}

int
Check(const CheckArguments& arguments)
{
    OutputFiles outputs;
    outputs.AddInput(arguments.subject);
    outputs.AddFile("--junit", arguments.junit);
    outputs.AddFile("--write-baseline", arguments.writeBaseline);
    return IsDatabase(arguments.subject) ? CheckDatabase(arguments)
                                         : CheckScenario(arguments, std::move(outputs));
}

void
AddCheckOptions(CLI::App& command, CheckArguments& arguments)
{
    command
        .add_option("SCENARIO_OR_DB",
                    arguments.subject,
                    "Scenario, which is run first, or a results database.")
        ->required();
    command.add_option("--junit", arguments.junit, "Writes JUnit XML for a CI server, too.");
    command
        .add_option("--runs",
                    arguments.runs,
                    "Runs of the scenario, numbers 1 to N of its seed, 1 when left out; for a "
                    "scenario only.")
        ->check(CLI::Range(uint64_t{1}, uint64_t{1000000}));
    command
        .add_option("-j,--jobs",
                    arguments.jobs,
                    "Runs at a time, the number of processors when left out; for a scenario only.")
        ->check(CLI::Range(std::size_t{1}, std::size_t{4096}));
    command.add_option("-o,--output",
                       arguments.database,
                       "Keeps the results database of the scenario's runs.");
    command.add_flag("--force",
                     arguments.force,
                     "Replaces a database that holds other runs than those of this check.");
    command.add_option("--baselines",
                       arguments.baselines,
                       "Folder where names of baselines start; the one of SCENARIO_OR_DB when left "
                       "out.");
    command.add_option("--write-baseline",
                       arguments.writeBaseline,
                       "Writes the means of all metrics as a baseline, before checking.");
    command.add_flag("-q,--quiet", arguments.quiet, "No progress and no list of checks.");
}

} // namespace

void
AddCheckCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* command =
        app.add_subcommand("check",
                           "Judges runs by the scenario's `expect` and by what must always hold.");
    AddCheckOptions(*command, *arguments);
    command->footer("Exit status 1 when a check fails.\n"
                    "Examples:\n"
                    "  iot-fleet check quickstart.json --runs 5\n"
                    "  iot-fleet check quickstart.db --junit checks.xml\n"
                    "  iot-fleet check quickstart.json --runs 10 --write-baseline quickstart.base");
    command->callback([&action, arguments] { action = [arguments] { return Check(*arguments); }; });
}

} // namespace ns3::iotfleet
