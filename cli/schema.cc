// SPDX-License-Identifier: GPL-2.0-only

#include "cli/command.h"
#include "helper/scenario-schema.h"

#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

void
AddSchemaCommand(CLI::App& app, Action& action)
{
    auto what = std::make_shared<std::string>("scenario");
    CLI::App* command =
        app.add_subcommand("schema",
                           "Prints the form of scenarios, campaigns, results, or the metrics.");
    command
        ->add_option(
            "WHAT",
            *what,
            "scenario: JSON Schema of scenario files; campaign: of campaign files; results: "
            "tables and columns of the database; metrics: names, units and meanings.")
        ->check(CLI::IsMember({"scenario", "campaign", "results", "metrics"}))
        ->capture_default_str();
    command->footer("Examples:\n"
                    "  iot-fleet schema > scenario.schema.json\n"
                    "  iot-fleet schema results | sqlite3 empty.db\n"
                    "  iot-fleet schema metrics");
    command->callback([&action, what] {
        action = [what] {
            std::cout << SchemaText(*what);
            return EXIT_OK;
        };
    });
}

} // namespace ns3::iotfleet
