// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/check/run-check.h"
#include "analysis/input-error.h"
#include "analysis/whole-file.h"
#include "cli/campaign-session.h"
#include "cli/command.h"
#include "cli/output-file.h"
#include "cli/temporary-folder.h"
#include "helper/text-file.h"

#include <array>
#include <fstream>
#include <iostream>
#include <memory>

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
    uint64_t runs{1};
    std::size_t jobs{0};
    bool quiet{false};
};

/** Whether a file is a database; anything else is taken as a scenario. */
bool
IsSqlite(const fs::path& file)
{
    std::array<char, 15> head{};
    std::ifstream(file, std::ios::binary).read(head.data(), head.size());
    return std::string_view(head.data(), head.size()) == "SQLite format 3";
}

/** Runs the scenario into a database. */
void
RunScenarioToCheck(const CheckArguments& arguments, const fs::path& database)
{
    CampaignPlan plan;
    plan.name = "check";
    plan.text = "{}";
    plan.cells.push_back(
        MakeCampaignCell("", arguments.subject, ReadTextFile(arguments.subject).value_or("")));
    std::vector<RunRequest> requests;
    for (uint64_t i = 0; i < arguments.runs; ++i)
    {
        requests.push_back({0, i});
    }
    CampaignSession session(plan,
                            database,
                            {CampaignStart::RESTART, arguments.jobs, arguments.quiet});
    session.GetExecutor().SetExpected(requests.size());
    session.GetExecutor().Run(requests);
    session.GetExecutor().Finish("all runs made");
}

int
Report(const CheckArguments& arguments, const fs::path& database, const fs::path& baselines)
{
    const analysis::ResultsReader reader(database);
    const auto suites = CheckRuns(reader, {baselines, arguments.writeBaseline});
    if (!arguments.junit.empty())
    {
        analysis::WriteWholeFile(arguments.junit, JunitXml(suites));
    }
    if (!arguments.quiet)
    {
        std::cout << CheckText(suites);
    }
    return HasPassed(suites) ? EXIT_OK : EXIT_NEGATIVE;
}

int
Check(const CheckArguments& arguments)
{
    RequireFolder("--junit", arguments.junit);
    RequireFolder("--write-baseline", arguments.writeBaseline);
    RequireFolder("-o", arguments.database);
    const fs::path folder =
        arguments.baselines.empty() ? arguments.subject.parent_path() : arguments.baselines;
    if (IsSqlite(arguments.subject))
    {
        if (!arguments.database.empty())
        {
            throw analysis::InputError("-o: found beside a results database, expected a scenario, "
                                       "whose runs it keeps");
        }
        return Report(arguments, arguments.subject, folder);
    }
    if (!arguments.database.empty())
    {
        RunScenarioToCheck(arguments, arguments.database);
        return Report(arguments, arguments.database, folder);
    }
    const TemporaryFolder temporary;
    const fs::path database = temporary.GetPath() / "check.db";
    RunScenarioToCheck(arguments, database);
    return Report(arguments, database, folder);
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
                    "Runs of the scenario, numbers 1 to N of its seed; for a scenario only.")
        ->check(CLI::Range(uint64_t{1}, uint64_t{1000000}))
        ->capture_default_str();
    command
        .add_option("-j,--jobs",
                    arguments.jobs,
                    "Runs at a time; the number of processors when left out.")
        ->check(CLI::Range(std::size_t{1}, std::size_t{4096}));
    command.add_option("-o,--output",
                       arguments.database,
                       "Keeps the results database of the scenario's runs.");
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
