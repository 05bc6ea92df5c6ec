// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/csv-export.h"
#include "analysis/format.h"
#include "cli/command.h"

#include <filesystem>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `export`. */
struct ExportArguments
{
    std::filesystem::path database;
    std::filesystem::path folder;
};

int
Export(const ExportArguments& arguments)
{
    for (const auto& table : analysis::ExportCsv(arguments.database, arguments.folder))
    {
        std::cout << (arguments.folder / (table.name + ".csv")).string() << ": "
                  << analysis::FormatCount(table.rows) << (table.rows == 1 ? " row\n" : " rows\n");
    }
    return EXIT_OK;
}

} // namespace

void
AddExportCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<ExportArguments>();
    CLI::App* command =
        app.add_subcommand("export", "Writes every table of a results database as CSV.");
    command->add_option("FILE.db", arguments->database, "Results database.")->required();
    command
        ->add_option("DIR",
                     arguments->folder,
                     "Folder for the files; absent, empty, or of an earlier export.")
        ->required();
    command->footer(
        "RFC 4180: comma, CRLF, a header line; NULL is an empty field, an empty text is "
        "\"\".\n"
        "Example:\n"
        "  iot-fleet export quickstart.db quickstart-csv");
    command->callback(
        [&action, arguments] { action = [arguments] { return Export(*arguments); }; });
}

} // namespace ns3::iotfleet
