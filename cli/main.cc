// SPDX-License-Identifier: GPL-2.0-only

#include "cli/command.h"
#include "helper/scenario-error.h"

#include <iostream>

namespace
{

using namespace ns3::iotfleet;

/** Words for the end of a message: what was probably meant, and what there is. */
std::string
SuggestAndAccept(const std::string& found, const std::vector<std::string>& accepted)
{
    const std::string near = SuggestWord(found, accepted);
    return (near.empty() ? "" : "; did you mean \"" + near + "\"?") + std::string(" (accepted: ") +
           JoinWords(accepted) + ")";
}

std::vector<std::string>
CommandNames(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({}))
    {
        names.push_back(command->get_name());
    }
    return names;
}

/** The options as users write them, the long name where there is one. */
std::vector<std::string>
OptionNames(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
    {
        if (!option->get_lnames().empty())
        {
            names.push_back("--" + option->get_lnames().front());
        }
        else if (!option->get_snames().empty())
        {
            names.push_back("-" + option->get_snames().front());
        }
    }
    return names;
}

/** What is wrong with what the parser did not expect on the command line; empty: nothing is. */
std::string
DescribeUnexpected(const CLI::App& app)
{
    for (const std::string& word : app.remaining())
    {
        if (word.size() > 1 && word.front() == '-')
        {
            const std::string option = word.substr(0, word.find('='));
            return option + ": found unknown option" + SuggestAndAccept(option, OptionNames(app));
        }
    }
    const auto words = app.remaining();
    const bool isCommandKnown = !app.get_subcommands().empty() || app.get_parent() != nullptr;
    if (words.empty())
    {
        return {};
    }
    return isCommandKnown ? words.front() + ": found one argument too many for " + app.get_name()
                          : words.front() + ": found unknown command" +
                                SuggestAndAccept(words.front(), CommandNames(app));
}

/** Says what is wrong with the arguments; the parser alone suggests nothing. */
int
RefuseArguments(const CLI::App& app, const CLI::ParseError& error)
{
    if (error.get_exit_code() == 0) // help or version
    {
        return app.exit(error);
    }
    std::string unexpected = DescribeUnexpected(app);
    for (const CLI::App* command : app.get_subcommands())
    {
        unexpected = unexpected.empty() ? DescribeUnexpected(*command) : unexpected;
    }
    if (unexpected.empty())
    {
        app.exit(error);
        return EXIT_BAD_INPUT;
    }
    std::cerr << unexpected << '\n';
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
        return RefuseArguments(app, error);
    }
    return RunGuarded(action);
}
