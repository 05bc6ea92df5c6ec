// SPDX-License-Identifier: GPL-2.0-only

#include "cli/command.h"
#include "helper/scenario-error.h"

#include <algorithm>
#include <iostream>

namespace
{

using namespace ns3::iotfleet;

/** Says what is wrong with the arguments; the parser alone does not name an unknown command. */
int
RefuseArguments(const CLI::App& app, const CLI::ParseError& error, const std::string& first)
{
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands({}))
    {
        commands.push_back(command->get_name());
    }
    const bool isKnown = std::find(commands.begin(), commands.end(), first) != commands.end();
    if (isKnown || first.empty() || first.front() == '-')
    {
        return app.exit(error) == 0 ? EXIT_OK : EXIT_BAD_INPUT;
    }
    const std::string near = SuggestWord(first, commands);
    std::cerr << "iot-fleet: found unknown command \"" << first << '"'
              << (near.empty() ? "" : "; did you mean \"" + near + "\"?")
              << " (accepted: " << JoinWords(commands) << ")\n";
    return EXIT_BAD_INPUT;
}

} // namespace

int
main(int argc, char** argv)
{
    CLI::App app{"Simulates fleets of constrained IoT devices: joins, firmware rollouts by "
                 "multicast, quarantine."};
    app.name("iot-fleet");
    app.set_version_flag("--version", std::string("iot-fleet ") + IOTFLEET_VERSION);
    app.footer("Exit status: 0 success, 1 negative verdict, 2 unusable input or arguments, "
               "3 environment failure.\n"
               "`iot-fleet COMMAND --help` explains a command.");
    app.require_subcommand(1);
    Action action;
    AddRunCommand(app, action);
    AddValidateCommand(app, action);
    AddSchemaCommand(app, action);
    AddReportCommand(app, action);
    AddPlotCommand(app, action);
    AddCompareCommand(app, action);
    AddCheckCommand(app, action);
    AddPlanCommand(app, action);
    AddExportCommand(app, action);
    AddCampaignCommand(app, action);
    AddImportCommand(app, action);
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& error)
    {
        return RefuseArguments(app, error, argc > 1 ? argv[1] : "");
    }
    return RunGuarded(action);
}
