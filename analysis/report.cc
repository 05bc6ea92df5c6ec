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
#include "embedded/progress-chart.js.h"
#include "embedded/strategies-charts.js.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unistd.h>

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
                                          embedded::strategies_charts_js})
    {
        scripts += script;
        scripts += '\n';
    }
    return scripts;
}

[[noreturn]] void
FailToWrite(const std::filesystem::path& file)
{
    throw std::runtime_error(file.string() + ": cannot write it: " + std::strerror(errno));
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
    const std::string page = MakeReport(database, variant);
    const std::filesystem::path partial = html.string() + ".partial-" + std::to_string(::getpid());
    errno = 0;
    std::ofstream out(partial, std::ios::binary);
    out.write(page.data(), static_cast<std::streamsize>(page.size()));
    out.close();
    if (!out)
    {
        const int reason = errno;
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        errno = reason;
        FailToWrite(html);
    }
    if (::rename(partial.c_str(), html.c_str()) != 0)
    {
        const int reason = errno;
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        errno = reason;
        FailToWrite(html);
    }
}

} // namespace ns3::iotfleet::analysis
