// SPDX-License-Identifier: GPL-2.0-only

#include "cli/command.h"
#include "helper/placement.h"
#include "helper/rollout-validator.h"
#include "helper/scenario-reader.h"
#include "helper/scenario-writer.h"

#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `validate`. */
struct ValidateArguments
{
    std::vector<std::string> scenarios;
    std::vector<std::string> sets;
    bool effective{false};
};

/** Validates one file; says so on success, and throws all that is wrong otherwise. */
void
ValidateOne(const std::string& path, const ValidateArguments& arguments)
{
    const Scenario scenario = ReadScenario(path, arguments.sets);
    if (arguments.effective)
    {
        std::cout << EffectiveScenario(scenario);
        return;
    }
    const uint64_t devices = CountDevices(scenario);
    const std::size_t gateways = scenario.lorawan.gateways.size();
    std::cout << path << ": valid, " << devices << (devices == 1 ? " device, " : " devices, ")
              << gateways << (gateways == 1 ? " gateway" : " gateways");
    if (const uint64_t upToDate = CountUpToDate(scenario); upToDate > 0)
    {
        std::cout << "; " << upToDate << (upToDate == 1 ? " device runs " : " devices run ")
                  << scenario.firmware.target << " already, which the rollout passes over";
    }
    std::cout << '\n';
}

int
Validate(const ValidateArguments& arguments)
{
    std::vector<ScenarioProblem> problems;
    for (const std::string& path : arguments.scenarios)
    {
        try
        {
            ValidateOne(path, arguments);
        }
        catch (const ScenarioError& error)
        {
            const auto& found = error.GetProblems();
            problems.insert(problems.end(), found.begin(), found.end());
        }
    }
    if (!problems.empty())
    {
        throw ScenarioError(problems);
    }
    return EXIT_OK;
}

} // namespace

void
AddValidateCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<ValidateArguments>();
    CLI::App* command =
        app.add_subcommand("validate", "Checks scenario files and reports every error in them.");
    command->add_option("SCENARIO", arguments->scenarios, "Scenario files (JSON).")->required();
    command
        ->add_option("--set",
                     arguments->sets,
                     "POINTER=VALUE, applied before the check; may be given several times.")
        ->expected(1)
        ->take_all();
    command->add_flag("--effective",
                      arguments->effective,
                      "Prints the scenario with all defaults filled in.");
    command->footer("Examples:\n"
                    "  iot-fleet validate scenarios/*.json\n"
                    "  iot-fleet validate --effective quickstart.json > full.json\n"
                    "  iot-fleet validate quickstart.json --set /fleet/groups/0/count=500");
    command->callback(
        [&action, arguments] { action = [arguments] { return Validate(*arguments); }; });
}

} // namespace ns3::iotfleet
