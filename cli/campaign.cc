// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/format.h"
#include "analysis/statistics.h"
#include "cli/campaign-ranks.h"
#include "cli/campaign-session.h"
#include "cli/command.h"
#include "helper/campaign-reader.h"
#include "helper/output-files.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace ns3::iotfleet
{

namespace
{

/** Arguments of `campaign`. */
struct CampaignArguments
{
    std::filesystem::path campaign;
    std::filesystem::path database;
    std::optional<std::size_t> jobs;
    bool resume{false};
    bool restart{false};
    bool force{false};
    bool dryRun{false};
    bool quiet{false};
};

std::optional<IntervalOfMean>
IntervalByStudent(std::span<const double> values, double confidence)
{
    const auto found = analysis::ComputeMeanInterval(values, confidence);
    return found ? std::optional(IntervalOfMean{found->mean, found->low, found->high})
                 : std::nullopt;
}

/** Says what would be run. */
int
PrintPlan(const CampaignPlan& plan, const RepetitionSpec& runs)
{
    const uint64_t count = runs.count.value_or(1);
    for (const CampaignCell& cell : plan.cells)
    {
        std::cout << cell.label << ": " << cell.scenario << ", " << cell.devices << " devices\n";
    }
    std::cout << plan.cells.size() << " variants, " << (runs.until.empty() ? "" : "at most ")
              << count << " repetitions of each, " << (runs.until.empty() ? "" : "at most ")
              << plan.cells.size() * count << " runs\n";
    return EXIT_OK;
}

void
PrintSummary(const CampaignPlan& plan,
             const CampaignOutcome& outcome,
             const CampaignArguments& arguments,
             double wallS)
{
    const auto failed = std::count_if(outcome.results.begin(),
                                      outcome.results.end(),
                                      [](const RunResult& result) { return !result.isOk; });
    std::cout << "campaign  " << plan.name << ": " << plan.cells.size()
              << (plan.cells.size() == 1 ? " variant, " : " variants, ") << outcome.repetitions
              << " repetitions of each (" << outcome.stopReason << ")\n"
              << "runs      " << outcome.results.size() << ", " << failed << " failed, in "
              << analysis::FormatDuration(wallS) << '\n'
              << "results: " << arguments.database.string() << '\n';
}

int
Execute(const CampaignPlan& plan,
        const RepetitionSpec& rule,
        const CampaignArguments& arguments,
        CampaignRanks& ranks)
{
    CampaignSession session(plan,
                            arguments.database,
                            ChooseStart(arguments.resume, arguments.restart),
                            ranks.MakeBackend(),
                            arguments.quiet);
    const CampaignOutcome outcome = RunCampaign(rule, session.GetExecutor(), IntervalByStudent);
    if (!arguments.quiet)
    {
        PrintSummary(plan, outcome, arguments, session.WallS());
    }
    return ReportFailedRuns(plan, outcome.results, arguments.database) == 0 ? EXIT_OK
                                                                            : EXIT_ENVIRONMENT;
}

/** Looks at the database that is to be made; its own, of a start before, may be replaced. */
void
RequireReplaceable(const CampaignPlan& plan, const CampaignArguments& arguments)
{
    ReplaceRule rule{arguments.force, {}, {}};
    if (arguments.resume || arguments.restart)
    {
        rule.plan = plan.Sha256();
    }
    OutputFiles outputs;
    outputs.AddInput(arguments.campaign);
    outputs.AddDatabase("-o", arguments.database, rule);
}

/** An earlier start may have been killed when the database stood and its runs were being deleted.
 */
void
RemoveLeftovers(const CampaignPlan& plan, const std::filesystem::path& database)
try
{
    if (std::filesystem::exists(CampaignFolder::PathFor(database)))
    {
        CampaignFolder(database, plan, CampaignStart::RESUME).Remove();
    }
}

catch (const CampaignError&)
{
    // It belongs to another campaign or is in use.
}

int
RunCampaignCommand(CampaignArguments& arguments)
{
    if (arguments.database.empty())
    {
        arguments.database = arguments.campaign.stem().string() + ".db";
    }
    CampaignRanks ranks(arguments.jobs);
    if (ranks.IsWorker())
    {
        ranks.Work();
        return EXIT_OK;
    }
    const Campaign campaign = ReadCampaign(arguments.campaign);
    const CampaignPlan plan = MakeCampaignPlan(campaign);
    if (arguments.dryRun)
    {
        return PrintPlan(plan, campaign.runs);
    }
    RequireReplaceable(plan, arguments);
    if (arguments.resume && IsCampaignFinished(arguments.database, plan))
    {
        RemoveLeftovers(plan, arguments.database);
        if (!arguments.quiet)
        {
            std::cout << "finished before\nresults: " << arguments.database.string() << '\n';
        }
        return EXIT_OK;
    }
    return Execute(plan, campaign.runs, arguments, ranks);
}

void
AddCampaignOptions(CLI::App& command, CampaignArguments& arguments)
{
    constexpr std::size_t MOST_JOBS = 4096;
    command.add_option("CAMPAIGN", arguments.campaign, "Campaign file (JSON).")->required();
    command.add_option("-o,--output",
                       arguments.database,
                       "Results database (SQLite); CAMPAIGN's name with .db when left out.");
    command
        .add_option(
            "-j,--jobs",
            arguments.jobs,
            "Runs at a time; the number of processors when left out. Under mpirun, each rank "
            "but the first makes one run at a time.")
        ->check(CLI::Range(std::size_t{1}, MOST_JOBS));
    CLI::Option* resume =
        command.add_flag("--resume",
                         arguments.resume,
                         "Goes on where an earlier start of the same campaign was stopped, or "
                         "starts; does nothing where it is finished.");
    command
        .add_flag("--restart", arguments.restart, "Discards the runs of an earlier, stopped start.")
        ->excludes(resume);
    command.add_flag("--force",
                     arguments.force,
                     "Replaces a database that holds another campaign or several runs.");
    command.add_flag("-n,--dry-run",
                     arguments.dryRun,
                     "Checks the campaign and its scenarios and says what would be run.");
    command.add_flag("-q,--quiet", arguments.quiet, "No progress and no summary.");
}

} // namespace

void
AddCampaignCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<CampaignArguments>();
    CLI::App* command =
        app.add_subcommand("campaign",
                           "Runs strategies x parameters x seeds into one results database.");
    AddCampaignOptions(*command, *arguments);
    command->footer("Examples:\n"
                    "  iot-fleet campaign classes.json --dry-run\n"
                    "  iot-fleet campaign classes.json -o classes.db --jobs 2\n"
                    "  iot-fleet campaign classes.json -o classes.db --resume\n"
                    "  mpirun -n 33 iot-fleet campaign classes.json -o classes.db --resume");
    command->callback(
        [&action, arguments] { action = [arguments] { return RunCampaignCommand(*arguments); }; });
}

} // namespace ns3::iotfleet
