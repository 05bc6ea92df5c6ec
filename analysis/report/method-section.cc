// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/format.h"
#include "analysis/html.h"
#include "analysis/report/report-context.h"
#include "model/record/metric-dictionary.h"

#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

std::string
MakeRunTable(const ReportContext& context)
{
    const RunRow& run = context.run;
    HtmlTable table("The run");
    table.AddColumn("what", HtmlTable::Align::LEFT);
    table.AddColumn("value", HtmlTable::Align::LEFT);
    table.AddRow({"scenario", run.scenario});
    table.AddRow({"SHA-256 of the scenario and its files", run.scenarioSha256});
    table.AddRow(
        {"seed and run number", std::to_string(run.seed) + " and " + std::to_string(run.rngRun)});
    table.AddRow({"versions",
                  "iot-fleet " + run.toolVersion + ", ns-3 " + run.ns3Version +
                      (run.zstdVersion ? ", Zstandard " + *run.zstdVersion : "")});
    table.AddRow({"simulated time", FormatDuration(run.simS)});
    table.AddRow({"rollout started at",
                  run.rolloutStartS ? FormatDuration(*run.rolloutStartS) : "no rollout"});
    table.AddRow({"devices, gateways",
                  FormatCount(run.devices) + ", " + FormatCount(context.gateways.size())});
    table.AddRow({"run on", run.startedAt});
    table.AddRow({"real time, events, memory",
                  FormatDuration(run.wallS) + ", " + FormatCount(run.events) + ", " +
                      FormatSi(static_cast<double>(run.peakRssBytes), "B")});
    return table.ToHtml();
}

/// What the models leave out and this scenario would be touched by.
template <class Add>
void
AddScenarioLimits(const ReportContext& context, const Add& add)
{
    const auto scenario = nlohmann::json::parse(context.scenarioJson, nullptr, false, true);
    const auto has = [&](const char* pointer) {
        const nlohmann::json::json_pointer at(pointer);
        return scenario.is_object() && scenario.contains(at) && !scenario[at].empty();
    };
    if (has("/access/lorawan"))
    {
        add("Radio: devices do not move, and shadowing is independent from link to link, so that "
            "whole cellars do not fail together; interference comes from the simulated devices and "
            "gateways alone.");
        if (!has("/access/lorawan/propagation/fading"))
        {
            add("The scenario sets no fading: a link is all or nothing, above the floor always or "
                "never.");
        }
    }
    if (has("/quarantine"))
    {
        add("The detector is a model by its rates (true and false alarms), not an analysis of "
            "traffic; other rates give other false and missed quarantines.");
    }
    if (has("/threats"))
    {
        add("The threat is a model of what compromised devices do, not of one known malware; "
            "nothing spreads.");
    }
    if (!context.devices.batteryDays.empty())
    {
        add("Battery life is energy over daily use. Cells that discharge by themselves and wear "
            "out "
            "after ten to twenty years do not live for as long as these figures may say.");
    }
    const auto& progress = context.progress;
    if (progress.size() > 1)
    {
        add("Curves are counts at the instants that were recorded, " +
            FormatDuration(progress[1].tS - progress[0].tS) + " apart (/record/progress).");
    }
}

std::string
MakeLimits(const ReportContext& context)
{
    std::string html = "<h3>Limits of this result</h3><ul>";
    const auto add = [&](const std::string& text) { html += "<li>" + EscapeHtml(text) + "</li>"; };
    if (context.sameVariant.size() == 1)
    {
        add("This is one run with one seed. Another seed gives other numbers; without several runs "
            "no interval can be given.");
    }
    else
    {
        add("Intervals are 95 % intervals of the mean over " +
            std::to_string(context.sameVariant.size()) +
            " runs (Student's t); charts, map and tables show the first run.");
    }
    if (context.run.status != "ok")
    {
        add("The run did not reach its end; what depends on the end is missing or too small.");
    }
    AddScenarioLimits(context, add);
    add("Hours of the air chart are clock hours of the simulation; max_duty_cycle_used is the "
        "metric to hold against a limit.");
    add("Positions are metres on a plane. What the models leave out (weather, temperature, the "
        "batteries' own chemistry, other operators' traffic unless the scenario contains it) is "
        "listed in the manual (doc/scope.md).");
    return html + "</ul>\n";
}

/// A word that a shell takes as it is.
std::string
QuoteForShell(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string
MakeReproduction(const ReportContext& context)
{
    const RunRow& run = context.run;
    const std::string command = "iot-fleet run " + QuoteForShell(run.scenario + ".json") +
                                " --seed " + std::to_string(run.seed) + " --run " +
                                std::to_string(run.rngRun) + " -o " +
                                QuoteForShell(run.scenario + ".db");
    return "<h3>Reproduce it</h3>" +
           Paragraph("Save the scenario below beside the files that it names, and run:") + "<pre>" +
           EscapeHtml(command) + "</pre>\n";
}

std::string
MakeScenario(const ReportContext& context)
{
    return Folded("The scenario as it was run",
                  "<pre tabindex=\"0\">" + EscapeHtml(context.scenarioJson) + "</pre>");
}

std::string
MakeMetricTable(const ReportContext& context)
{
    HtmlTable table("Every metric of this run and what it means");
    table.AddColumn("metric", HtmlTable::Align::LEFT);
    table.AddColumn("value");
    table.AddColumn("meaning", HtmlTable::Align::LEFT);
    for (const MetricDefinition& metric : METRICS)
    {
        const std::string name(metric.name);
        if (context.metrics.contains(name))
        {
            table.AddRow({name,
                          FormatMetric(name, context.Own().UnitOf(name), context.Metric(name)),
                          std::string(metric.meaning)});
        }
    }
    return Folded("All metrics and their definitions", table.ToHtml());
}

} // namespace

std::string
MakeMethodSection(const ReportContext& context)
{
    return MakeRunTable(context) + MakeLimits(context) + MakeReproduction(context) +
           MakeScenario(context) + MakeMetricTable(context);
}

} // namespace ns3::iotfleet::analysis
