// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/figures/figure.h"
#include "analysis/input-error.h"
#include "cli/command.h"
#include "helper/output-files.h"
#include "helper/units.h"

#include <iomanip>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `plot`. */
struct PlotArguments
{
    analysis::FigureRequest request;
    std::string at;
};

int
ListAll()
{
    for (const auto& figure : analysis::ListFigures())
    {
        std::cout << std::left << std::setw(12) << figure.name << figure.meaning << '\n';
    }
    return EXIT_OK;
}

int
Plot(PlotArguments& arguments)
{
    auto& request = arguments.request;
    if (request.figure == "list")
    {
        return ListAll();
    }
    if (request.database.empty())
    {
        throw analysis::InputError("FILE.db: found none, expected a results database");
    }
    if (request.output.empty())
    {
        throw analysis::InputError(
            "-o: found none, expected a file whose name ends in .pdf, .svg or .png");
    }
    OutputFiles outputs;
    outputs.AddInput(request.database);
    outputs.AddFile("-o", request.output);
    if (!arguments.at.empty())
    {
        request.atS = ParseQuantity(UnitKind::DURATION, arguments.at);
        if (!request.atS)
        {
            throw analysis::InputError("--at: found \"" + arguments.at + "\", expected " +
                                       std::string(UnitDescription(UnitKind::DURATION)));
        }
    }
    analysis::WriteFigure(request);
    std::cout << "figure: " << request.output.string() << '\n';
    return EXIT_OK;
}

} // namespace

void
AddPlotCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<PlotArguments>();
    auto& request = arguments->request;
    CLI::App* command =
        app.add_subcommand("plot", "Draws a figure of a results database through gnuplot.");
    command->add_option("FILE.db", request.database, "Results database.");
    command->add_option("--figure", request.figure, "What to draw; `list` tells what there is.")
        ->required();
    command->add_option("-o,--output", request.output, "File to write: .pdf, .svg or .png.");
    command->add_option("--variant",
                        request.variant,
                        "Strategy whose first run is drawn; the first when left out.");
    command->add_option("--line",
                        request.line,
                        "compare: line of the progress, such as \"believed updated\".");
    command->add_option("--x", request.x, "pareto: metric along the figure.");
    command->add_option("--y", request.y, "pareto: metric up the figure.");
    command->add_option("--at",
                        arguments->at,
                        "map: instant, such as \"30 h\"; the end if left out.");
    command->footer(
        "Needs gnuplot (Debian's gnuplot-nox). The colours are those of the report; equal "
        "results give equal files.\n"
        "Examples:\n"
        "  iot-fleet plot --figure list\n"
        "  iot-fleet plot quickstart.db --figure progress -o progress.pdf");
    command->callback([&action, arguments] { action = [arguments] { return Plot(*arguments); }; });
}

} // namespace ns3::iotfleet
