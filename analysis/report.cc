// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/report.h"

#include "analysis/html.h"
#include "analysis/report/report-context.h"
#include "embedded/air-chart.js.h"
#include "embedded/core.js.h"
#include "embedded/echarts.min.js.h"
#include "embedded/energy-charts.js.h"
#include "embedded/map-chart.js.h"
#include "embedded/map-marks.js.h"
#include "embedded/map-shapes.js.h"
#include "embedded/map-time.js.h"
#include "embedded/page.css.h"
#include "embedded/page.html.h"
#include "embedded/pareto-chart.js.h"
#include "embedded/pareto-scale.js.h"
#include "embedded/progress-chart.js.h"
#include "embedded/strategies-charts.js.h"
#include "model/record/durable-file.h"

#include <nlohmann/json.hpp>

namespace ns3::iotfleet::analysis
{

namespace
{

/// The scenario's own words about itself; empty where it has none.
std::string
GetDescription(const std::string& scenarioJson)
{
    const auto scenario = nlohmann::json::parse(scenarioJson, nullptr, false, true);
    const bool has = scenario.is_object() && scenario.contains("description") &&
                     scenario["description"].is_string();
    return has ? scenario["description"].get<std::string>() : "";
}

std::string
JoinScripts()
{
    std::string scripts;
    for (const std::string_view script : {embedded::core_js,
                                          embedded::progress_chart_js,
                                          embedded::map_shapes_js,
                                          embedded::map_marks_js,
                                          embedded::map_time_js,
                                          embedded::map_chart_js,
                                          embedded::air_chart_js,
                                          embedded::energy_charts_js,
                                          embedded::strategies_charts_js,
                                          embedded::pareto_scale_js,
                                          embedded::pareto_chart_js})
    {
        scripts += script;
        scripts += '\n';
    }
    return scripts;
}

} // namespace

std::string
MakeReport(const std::filesystem::path& database, const std::string& variant)
{
    const ResultsReader reader(database);
    const ReportContext context = ReadReportContext(reader, variant);
    nlohmann::json data = nlohmann::json::object();
    std::map<std::string, std::string> parts{
        {"title", EscapeHtml(context.run.scenario)},
        {"description", EscapeHtml(GetDescription(context.scenarioJson))},
        {"answer", MakeAnswerSection(context)},
        {"strategies", MakeStrategiesSection(context, reader, data)},
        {"strategiesLink",
         context.variants.size() > 1 ? "<a href=\"#strategies\">Strategies</a>" : ""},
        {"progress", MakeProgressSection(context, data)},
        {"map", MakeMapSection(context, reader, data)},
        {"waves", MakeWavesSection(context)},
        {"cost", MakeCostSection(context, data)},
        {"trouble", MakeTroubleSection(context, data)},
        {"method", MakeMethodSection(context)},
        {"style", std::string(embedded::page_css)},
        {"echarts", std::string(embedded::echarts_min_js)},
        {"scripts", JoinScripts()},
    };
    parts["data"] =
        EscapeScriptJson(data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return FillTemplate(embedded::page_html, parts);
}

void
WriteReport(const std::filesystem::path& database,
            const std::filesystem::path& html,
            const std::string& variant)
{
    WriteDurably(html, MakeReport(database, variant));
}

} // namespace ns3::iotfleet::analysis
