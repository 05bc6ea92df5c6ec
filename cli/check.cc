// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/check/run-check.h"
#include "analysis/input-error.h"
#include "analysis/whole-file.h"
#include "cli/command.h"
#include "cli/temporary-folder.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-runner.h"

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
    RunOptions options;
    options.database = database;
    RunScenario(ReadScenario(arguments.subject), options);
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
    command.add_option("-o,--output",
                       arguments.database,
                       "Keeps the results database of the scenario's run.");
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
                    "  iot-fleet check quickstart.json\n"
                    "  iot-fleet check quickstart.db --junit checks.xml\n"
                    "  iot-fleet check quickstart.db --write-baseline quickstart.base");
    command->callback([&action, arguments] { action = [arguments] { return Check(*arguments); }; });
}

} // namespace ns3::iotfleet
