// SPDX-License-Identifier: GPL-2.0-only

#include "cli/command.h"
#include "helper/import/policy-import.h"
#include "helper/output-files.h"
#include "helper/scenario-reader.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `import`. */
struct ImportArguments
{
    std::string format;
    std::filesystem::path file;
    std::optional<std::filesystem::path> base;
    std::filesystem::path output;
};

/** One line a field, what is lost first. */
void
Explain(const ImportArguments& arguments, std::vector<ImportNote> notes)
{
    constexpr std::array<const char*, 3> FATES{"honoured", "differs ", "ignored "};
    std::ranges::stable_sort(notes, std::ranges::greater{}, &ImportNote::fate);
    std::size_t width = 0;
    for (const auto& note : notes)
    {
        width = std::max(width, note.field.size());
    }
    width = std::min<std::size_t>(width, 60);
    std::cerr << arguments.file.string() << ", as " << arguments.format << ":\n";
    for (const auto& note : notes)
    {
        const auto gap = width - std::min(width, note.field.size()) + 2;
        std::cerr << "  " << FATES[static_cast<std::size_t>(note.fate)] << "  " << note.field
                  << std::string(gap, ' ') << note.text << '\n';
    }
    if (!arguments.base)
    {
        std::cerr << "The fleet is an example; --base takes your own scenario.\n";
    }
}

int
Import(const ImportArguments& arguments)
{
    OutputFiles outputs;
    outputs.AddInput(arguments.file);
    outputs.AddInput(arguments.base.value_or(""));
    outputs.AddFile("-o", arguments.output);
    const auto imported = ImportPolicy(arguments.format, arguments.file, arguments.base);
    const std::string text = imported.scenario.dump(2) + "\n";
    if (arguments.output.empty())
    {
        std::cout << text;
    }
    else
    {
        ReadScenarioText(arguments.output, text); // says what is wrong with it, if anything
        OutputFiles::Write(arguments.output, text);
    }
    Explain(arguments, imported.notes);
    return EXIT_OK;
}

} // namespace

void
AddImportCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<ImportArguments>();
    CLI::App* command = app.add_subcommand(
        "import",
        "Turns the rollout configuration of another system into a scenario, and explains it.");
    std::vector<std::string> names;
    std::string formats = "Formats:\n";
    for (const auto& format : ImportFormats())
    {
        names.push_back(format.name);
        formats +=
            "  " + format.name + std::string(18 - format.name.size(), ' ') + format.accept + "\n";
    }
    command->add_option("FORMAT", arguments->format, "What the file is; see below.")
        ->required()
        ->check(CLI::IsMember(names));
    command->add_option("FILE", arguments->file, "The configuration.")->required();
    command->add_option("--base",
                        arguments->base,
                        "Scenario whose fleet, network and images are kept; an example fleet when "
                        "left out.");
    command->add_option("-o,--output",
                        arguments->output,
                        "Scenario file to write; standard output when left out.");
    command->footer(formats +
                    "What became of each field is told on standard error: honoured, differs, "
                    "ignored.\n"
                    "Example:\n"
                    "  iot-fleet import hawkbit rollout.json --base fleet.json -o what-if.json\n"
                    "  iot-fleet run what-if.json");
    command->callback(
        [&action, arguments] { action = [arguments] { return Import(*arguments); }; });
}

} // namespace ns3::iotfleet
