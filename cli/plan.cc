// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/input-error.h"
#include "analysis/plan/plan-result.h"
#include "analysis/results-reader.h"
#include "cli/campaign-session.h"
#include "cli/command.h"
#include "helper/output-files.h"
#include "helper/scenario-reader.h"
#include "helper/strategy-space.h"
#include "helper/units.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace ns3::iotfleet
{

namespace
{

namespace fs = std::filesystem;

/** Arguments of `plan`. */
struct PlanArguments
{
    fs::path scenario;
    std::string goal;
    fs::path space;
    fs::path output;
    fs::path database;
    analysis::RaceOptions race;
    std::size_t jobs{0};
    bool resume{false};
    bool restart{false};
    bool force{false};
    bool json{false};
    bool quiet{false};
};

/** Reads "72 h" into a metric's unit. */
std::optional<double>
ParseForMetric(std::string_view unit, std::string_view text)
{
    const UnitKind kind = unit == "J"   ? UnitKind::ENERGY
                          : unit == "B" ? UnitKind::SIZE
                                        : UnitKind::DURATION;
    const double inside = unit == "h" ? 3600 : unit == "d" ? 86400 : 1;
    const auto value = ParseQuantity(kind, text);
    return value ? std::optional(*value / inside) : std::nullopt;
}

/** What the search depends on, kept in the results and compared by --resume. */
std::string
DescribeSearch(const PlanArguments& arguments)
{
    const ScenarioJson json{{"plan", arguments.scenario.filename().string()},
                            {"goal", arguments.goal},
                            {"repetitions", arguments.race.repetitions},
                            {"required", arguments.race.requiredShare}};
    return json.dump(2) + "\n";
}

/** A run that failed meets no goal, and misses it by more than any other. */
analysis::GoalScore
ScoreResult(const analysis::Goal& goal, const RunResult& result)
{
    if (result.isOk)
    {
        return ScoreRun(goal, result.metrics);
    }
    analysis::GoalScore score;
    score.violation = 10.0 * static_cast<double>(goal.constraints.size() + 1);
    return score;
}

/** Gives the scores of runs, in their order. */
using RunScorer =
    std::function<std::vector<analysis::GoalScore>(const std::vector<analysis::Race::Run>&)>;

/** Asks for runs until the race is over. */
void
RunRace(analysis::Race& race, const RunScorer& score)
{
    for (auto runs = race.NextRuns(); !runs.empty(); runs = race.NextRuns())
    {
        race.EndRound(score(runs));
    }
}

/** Makes the runs, and keeps their results in `made`. */
RunScorer
ScoreByRunning(CampaignExecutor& executor, const analysis::Goal& goal, std::vector<RunResult>& made)
{
    return [&executor, &goal, &made](const std::vector<analysis::Race::Run>& runs) {
        std::vector<RunRequest> requests;
        for (const auto& run : runs)
        {
            requests.push_back({run.strategy, run.repetition});
        }
        std::vector<analysis::GoalScore> scores;
        for (const RunResult& result : executor.Run(requests))
        {
            scores.push_back(ScoreResult(goal, result));
            made.push_back(result);
        }
        return scores;
    };
}

/** Takes the runs of a finished search from its database. */
RunScorer
ScoreByReading(const fs::path& database, const CampaignPlan& plan, const analysis::Goal& goal)
{
    auto metrics = std::make_shared<std::map<int64_t, analysis::MetricMap>>();
    const analysis::ResultsReader reader(database);
    for (const RunRow& run : reader.GetRuns())
    {
        for (const MetricRow& row : reader.ReadMetrics(run.runId))
        {
            (*metrics)[run.runId][row.name] = row.value;
        }
    }
    return [metrics, &plan, &goal](const std::vector<analysis::Race::Run>& runs) {
        std::vector<analysis::GoalScore> scores;
        for (const auto& run : runs)
        {
            scores.push_back(
                ScoreRun(goal, metrics->at(plan.RunId({run.strategy, run.repetition}))));
        }
        return scores;
    };
}

/**
 * Makes sure, before the search, that any of the strategies can be run from where the recommended
 * one will be written.
 */
void
RequireUsableThere(const CampaignPlan& plan, const fs::path& file)
{
    const auto folder = [](const fs::path& path) { return fs::absolute(path).parent_path(); };
    std::error_code ignored;
    for (const CampaignCell& cell : plan.cells)
    {
        if (file.empty() || fs::equivalent(folder(file), folder(cell.file), ignored))
        {
            continue; // from its own folder it has been read already
        }
        try
        {
            ReadScenarioText(file, cell.text);
        }
        catch (const ScenarioError&)
        {
            throw analysis::InputError("-o " + file.string() +
                                       ": found another folder than that of the scenario, which "
                                       "names files from its own, expected a place in " +
                                       folder(cell.file).string());
        }
    }
}

/** Looks at all files of the command before the search. */
void
LookAtFiles(const PlanArguments& arguments, const CampaignPlan& plan)
{
    ReplaceRule rule{arguments.force, {}, {}};
    if (arguments.resume || arguments.restart)
    {
        rule.plan = plan.Sha256();
    }
    OutputFiles outputs;
    outputs.AddInput(arguments.scenario);
    outputs.AddInput(arguments.space);
    outputs.AddFile("-o", arguments.output);
    outputs.AddDatabase("--db", arguments.database, rule);
    RequireUsableThere(plan, arguments.output);
}

CampaignPlan
MakePlan(const PlanArguments& arguments)
{
    StrategySpace space = arguments.space.empty() ? MakeDefaultSpace(arguments.scenario)
                                                  : ReadSpace(arguments.scenario, arguments.space);
    if (space.impossible > 0 && !arguments.quiet && !arguments.json)
    {
        std::cout << space.impossible << " strategies left out that the scenario does not allow\n";
    }
    return {"plan", DescribeSearch(arguments), std::move(space.strategies), {}};
}

/** Races the strategies by runs that are made now, or were by an earlier start; gives them. */
std::vector<RunResult>
Search(const PlanArguments& arguments,
       const analysis::Goal& goal,
       const CampaignPlan& plan,
       analysis::Race& race)
{
    CampaignSession session(
        plan,
        arguments.database,
        {ChooseStart(arguments.resume, arguments.restart), arguments.jobs, arguments.quiet});
    CampaignExecutor& executor = session.GetExecutor();
    executor.SetExpected(analysis::Race::MostRuns(plan.cells.size(), arguments.race));
    std::vector<RunResult> made;
    RunRace(race, ScoreByRunning(executor, goal, made));
    executor.Finish("the race has ended");
    return made;
}

/** The answer, and the runs that were made for it: none where it stood in the database. */
struct SearchOutcome
{
    analysis::PlanResult result;
    std::vector<RunResult> made;
};

SearchOutcome
FindBest(const PlanArguments& arguments, const analysis::Goal& goal, const CampaignPlan& plan)
{
    std::vector<RunResult> made;
    analysis::Race race(plan.cells.size(), arguments.race);
    if (arguments.resume && IsCampaignFinished(arguments.database, plan))
    {
        RunRace(race, ScoreByReading(arguments.database, plan, goal));
    }
    else
    {
        made = Search(arguments, goal, plan, race);
    }
    std::vector<std::string> labels;
    std::ranges::transform(plan.cells, std::back_inserter(labels), &CampaignCell::label);
    return {MakePlanResult(goal, race, arguments.race, labels), std::move(made)};
}

/** Refuses an objective of which no run has a value, such as money without prices. */
void
RequireObjective(const analysis::PlanResult& result)
{
    const bool isAnywhere = std::ranges::any_of(result.strategies, [](const auto& strategy) {
        return strategy.objective.has_value();
    });
    if (!isAnywhere && result.Best().meetsGoal)
    {
        throw analysis::InputError("--goal: found \"" + result.goal.objective.text +
                                   "\", expected an objective that runs have a value of: " +
                                   result.goal.objective.metric + " is NULL in all of them");
    }
}

int
Plan(PlanArguments& arguments)
{
    const analysis::Goal goal = analysis::ParseGoal(arguments.goal, ParseForMetric);
    arguments.race.isLeast = goal.objective.least;
    if (arguments.database.empty())
    {
        arguments.database = arguments.scenario.stem().string() + "-plan.db";
    }
    const CampaignPlan plan = MakePlan(arguments);
    LookAtFiles(arguments, plan);
    const SearchOutcome outcome = FindBest(arguments, goal, plan);
    const analysis::PlanResult& result = outcome.result;
    RequireObjective(result);
    std::cout << (arguments.json ? PlanJson(result) : PlanText(result));
    if (!arguments.output.empty())
    {
        OutputFiles::Write(arguments.output, plan.cells[result.Best().number].text);
        std::cerr << "scenario: " << arguments.output.string() << '\n';
    }
    // A crash says nothing about a strategy: the answer may be another once the runs are made.
    if (ReportFailedRuns(plan, outcome.made, arguments.database) > 0)
    {
        return EXIT_ENVIRONMENT;
    }
    return result.Best().meetsGoal ? EXIT_OK : EXIT_NEGATIVE;
}

void
AddSearchOptions(CLI::App& command, PlanArguments& arguments)
{
    constexpr std::size_t MOST = 4096;
    command
        .add_option("--repetitions",
                    arguments.race.repetitions,
                    "Runs of each finalist; the others get fewer.")
        ->check(CLI::Range(std::size_t{1}, MOST))
        ->capture_default_str();
    command
        .add_option("--required",
                    arguments.race.requiredShare,
                    "Share of a strategy's runs that must meet the goal.")
        ->check(CLI::Range(0.01, 1.0))
        ->capture_default_str();
    command
        .add_option("-j,--jobs",
                    arguments.jobs,
                    "Runs at a time; the number of processors when left out.")
        ->check(CLI::Range(std::size_t{1}, MOST));
    CLI::Option* resume = command.add_flag(
        "--resume",
        arguments.resume,
        "Goes on where an earlier start was stopped; tells the answer again where it "
        "was finished.");
    command.add_flag("--restart", arguments.restart, "Discards the runs of an earlier start.")
        ->excludes(resume);
    command.add_flag("--force",
                     arguments.force,
                     "Replaces a database that holds another campaign or several runs.");
}

void
AddPlanOptions(CLI::App& command, PlanArguments& arguments)
{
    command.add_option("SCENARIO", arguments.scenario, "Scenario file (JSON).")->required();
    command
        .add_option("--goal",
                    arguments.goal,
                    "Clauses separated by commas: \"99 % updated within 72 h\", \"NAME at most "
                    "VALUE\", \"NAME at least VALUE\", and one of \"fastest\", \"cheapest in "
                    "NAME\", \"least NAME\", \"most NAME\".")
        ->required();
    command.add_option(
        "--space",
        arguments.space,
        "Campaign file whose variants and grid are the strategies; session policies, "
        "classes, redundancy, waves and gateways when left out.");
    command.add_option("-o,--output",
                       arguments.output,
                       "Writes the recommended scenario to this file.");
    command.add_option(
        "--db",
        arguments.database,
        "Results database of all runs; SCENARIO's name with -plan.db when left out.");
    command.add_flag("--json", arguments.json, "Prints JSON for scripts.");
    command.add_flag("-q,--quiet", arguments.quiet, "No progress.");
    AddSearchOptions(command, arguments);
}

} // namespace

void
AddPlanCommand(CLI::App& app, Action& action)
{
    auto arguments = std::make_shared<PlanArguments>();
    CLI::App* command =
        app.add_subcommand("plan", "Searches the update strategy that meets a goal best.");
    AddPlanOptions(*command, *arguments);
    command->footer(
        "NAME: battery, energy, air, legal air, money, harmed, bricked, failed, updated, enrolled, "
        "exposure, telemetry, truck rolls, or a metric.\n"
        "Exit status 1 when no strategy meets the goal, 3 when a run failed: it counts as one that "
        "misses the goal, and --resume tries it again.\n"
        "Examples:\n"
        "  iot-fleet plan quickstart.json --goal \"99 % updated within 72 h, harmed at most 0.5 %, "
        "cheapest in battery\" -o best.json\n"
        "  iot-fleet plan quickstart.json --space grid.json --goal \"air at most 2 h, fastest\"");
    command->callback([&action, arguments] { action = [arguments] { return Plan(*arguments); }; });
}

} // namespace ns3::iotfleet
