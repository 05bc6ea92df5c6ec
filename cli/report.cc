// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/report.h"

#include "cli/command.h"
#include "helper/output-files.h"

#include <filesystem>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `report`. */
struct ReportArguments
{
    std::filesystem::path database;
    std::filesystem::path html;
    std::string variant;
};

int
Report(ReportArguments& arguments)
{
    if (arguments.html.empty())
    {
        arguments.html = arguments.database.stem().string() + ".html";
    }
    OutputFiles outputs;
    outputs.AddInput(arguments.database);
    outputs.AddFile("-o", arguments.html);
    analysis::WriteReport(arguments.database, arguments.html, arguments.variant);
    std::cout << "report: " << arguments.html.string() << '\n';
    return EXIT_OK;
}

} // namespace

void
AddReportCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<ReportArguments>();
    CLI::App* command = app.add_subcommand("report", "Makes one HTML file of a results database.");
    command->add_option("FILE.db", arguments->database, "Results database of `run`.")->required();
    command->add_option("-o,--output",
                        arguments->html,
                        "HTML file to write; the database's name with .html when left out.");
    command->add_option("--variant",
                        arguments->variant,
                        "Strategy whose first run the parts on one run tell of; the first when "
                        "left out.");
    command->footer("Example:\n"
                    "  iot-fleet report quickstart.db -o quickstart.html");
    command->callback(
        [&action, arguments] { action = [arguments] { return Report(*arguments); }; });
}

} // namespace ns3::iotfleet
