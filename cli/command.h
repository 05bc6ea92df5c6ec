// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_COMMAND_H
#define IOTFLEET_CLI_COMMAND_H

#include <CLI/CLI.hpp>
#include <functional>

/**
 * @file
 * @ingroup iotfleet-cli
 * The commands of the program. Each adds its options to the parser and leaves what it does as an
 * action; nothing runs before all arguments are known to be good.
 */

namespace ns3::iotfleet
{

/** How the program ended, for scripts. */
enum ExitStatus : int
{
    EXIT_OK = 0,         //!< success
    EXIT_NEGATIVE = 1,   //!< the work ran and its verdict is negative
    EXIT_BAD_INPUT = 2,  //!< unusable input or arguments
    EXIT_ENVIRONMENT = 3 //!< internal or environment failure
};

/** What the chosen command does; returns an ExitStatus and may throw. */
using Action = std::function<int()>;

/** Adds `run`. */
void AddRunCommand(CLI::App& app, Action& action);

/** Adds `validate`. */
void AddValidateCommand(CLI::App& app, Action& action);

/** Adds `schema`. */
void AddSchemaCommand(CLI::App& app, Action& action);

/** Adds `report`. */
void AddReportCommand(CLI::App& app, Action& action);

/** Adds `plot`. */
void AddPlotCommand(CLI::App& app, Action& action);

/** Adds `compare`. */
void AddCompareCommand(CLI::App& app, Action& action);

/** Adds `check`. */
void AddCheckCommand(CLI::App& app, Action& action);

/** Adds `plan`. */
void AddPlanCommand(CLI::App& app, Action& action);

/** Adds `export`. */
void AddExportCommand(CLI::App& app, Action& action);

/** Adds `campaign`. */
void AddCampaignCommand(CLI::App& app, Action& action);

/** Adds `import`. */
void AddImportCommand(CLI::App& app, Action& action);

/**
 * Runs an action and turns what it throws into one message on standard error and an exit status.
 *
 * @param action what to do
 * @return an ExitStatus
 */
int RunGuarded(const Action& action);

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_COMMAND_H
